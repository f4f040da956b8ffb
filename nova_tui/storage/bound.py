"""A store seen by one user: the one place that keeps everybody else's sessions out of sight."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from nova_tui.domain.draft import Draft
from nova_tui.domain.errors import InvalidSession, SessionNotFound, StorageError
from nova_tui.domain.outline import RowWindow, SessionOutline
from nova_tui.domain.query import parse_query
from nova_tui.domain.revision import Revision
from nova_tui.domain.search import COUNTED, SearchHit, SessionHits
from nova_tui.domain.session import Session
from nova_tui.domain.summary import SessionSummary, TimedOrder
from nova_tui.storage.history import Record
from nova_tui.storage.provider import SessionStorageProvider


class BoundStore(SessionStorageProvider):
    """Another provider, less the sessions of other users."""

    def __init__(self, store: SessionStorageProvider, user_id: str) -> None:
        self._store = store
        self.user_id = user_id
        self.place = store.place
        self.read_only = store.read_only
        self.capabilities = store.capabilities

    def save(self, session: Session, note: str | None = None) -> Session:
        """Store the session of the bound user."""
        return self._store.save(self._own(session), note)

    def save_many(self, sessions: Iterable[Session], note: str | None = None) -> Sequence[Session]:
        """Store several sessions of the bound user."""
        return self._store.save_many(map(self._own, sessions), note)

    def load(self, session_id: str, revision: int | None = None) -> Session:
        """Return the session when it is the bound user's."""
        session = self._store.load(session_id, revision)
        if session.user_id != self.user_id:
            raise SessionNotFound(session_id)
        return session

    def list(self, user_id: str) -> Sequence[Session]:
        """Return the bound user's sessions; another user has none here."""
        return self._store.list(user_id) if user_id == self.user_id else ()

    def delete(self, session_id: str) -> None:
        """Delete the session when it is the bound user's."""
        self._store.delete(self._owned(session_id))

    def owner(self, session_id: str) -> str:
        """Return the bound user, for what is damaged and names nobody too; raise SessionNotFound otherwise."""
        if self._store.owner(session_id) not in (self.user_id, ""):
            raise SessionNotFound(session_id)
        return str(self.user_id)

    def summaries(
        self,
        user_id: str,
        *,
        filter: str | None = None,
        sort: str = "updated",
        reverse: bool = False,
        after: str | None = None,
        limit: int | None = 50,
    ) -> Sequence[SessionSummary]:
        """Return a page of what a list shows."""
        if user_id != self.user_id:
            return ()
        return self._store.summaries(user_id, filter=filter, sort=sort, reverse=reverse, after=after, limit=limit)

    def session_ids(self, user_id: str, *, filter: str | None = None, sort: str = "updated") -> Sequence[str]:
        """Return the ids of the bound user's sessions in the order of a list."""
        return self._store.session_ids(user_id, filter=filter, sort=sort) if user_id == self.user_id else ()

    def timed_order(self, user_id: str, *, filter: str | None = None, sort: str = "updated") -> TimedOrder:
        """Return the ids of the bound user's sessions in an order of time, with the times."""
        if user_id != self.user_id:
            return TimedOrder((), ())
        return self._store.timed_order(user_id, filter=filter, sort=sort)

    def summaries_of(self, session_ids: Iterable[str]) -> Sequence[SessionSummary]:
        """Return what a list shows of those sessions that are the bound user's, or damaged and nobody's."""
        found = [
            replace(one, user_id=str(self.user_id)) if one.damaged is not None and not one.user_id else one
            for one in self._store.summaries_of(session_ids)
        ]
        return [one for one in found if one.user_id == self.user_id]

    def window(self, session_id: str, start: int, stop: int) -> RowWindow:
        """Return a window of rows of one of the bound user's sessions."""
        found = self._store.window(session_id, start, stop)
        if found.user_id != self.user_id:
            raise SessionNotFound(session_id)
        return found

    def outline(self, session_id: str) -> SessionOutline:
        """Return the outline of one of the bound user's sessions."""
        found = self._store.outline(session_id)
        if found.user_id != self.user_id:
            raise SessionNotFound(session_id)
        return found

    def session_ids_like(self, user_id: str, prefix: str, limit: int = 2) -> Sequence[str]:
        """Return ids of the bound user's sessions that begin with `prefix`."""
        return self._store.session_ids_like(user_id, prefix, limit) if user_id == self.user_id else ()

    def tags(self, user_id: str) -> Sequence[str]:
        """Return the tags of the bound user's sessions."""
        return self._store.tags(user_id) if user_id == self.user_id else ()

    def search(
        self, user_id: str, query: str, *, limit: int = 50, newest: bool = True, typing: bool = False
    ) -> Sequence[SearchHit]:
        """Search the bound user's sessions."""
        if user_id != self.user_id:
            parse_query(query, typing=typing)
            return ()
        return self._store.search(user_id, query, limit=limit, newest=newest, typing=typing)

    def search_sessions(
        self, user_id: str, query: str, *, limit: int = 50, typing: bool = False
    ) -> Sequence[SearchHit]:
        """Return one hit for each of the bound user's sessions that a query finds."""
        if user_id != self.user_id:
            parse_query(query, typing=typing)
            return ()
        return self._store.search_sessions(user_id, query, limit=limit, typing=typing)

    def hits_in(self, session_id: str, query: str, *, limit: int = COUNTED, typing: bool = False) -> SessionHits:
        """Return the rows that a query finds in one of the bound user's sessions."""
        return self._store.hits_in(self._owned(session_id), query, limit=limit, typing=typing)

    def count(self, user_id: str, query: str, *, limit: int = COUNTED, typing: bool = False) -> int:
        """Count the hits among the bound user's sessions."""
        if user_id != self.user_id:
            parse_query(query, typing=typing)
            return 0
        return self._store.count(user_id, query, limit=limit, typing=typing)

    def users(self) -> Sequence[str]:
        """Return the names of all who own sessions here, so that a person can switch between them."""
        return self._store.users()

    def bound_to(self, user_id: str) -> SessionStorageProvider:
        """Return the same store bound to another user."""
        return BoundStore(self._store, user_id)

    def trash(self, user_id: str, *, limit: int | None = None) -> Sequence[SessionSummary]:
        """Return what is in the bound user's trash."""
        return self._store.trash(user_id, limit=limit) if user_id == self.user_id else ()

    def load_trashed(self, session_id: str) -> Session:
        """Return what was deleted when it is the bound user's."""
        session = self._store.load_trashed(session_id)
        if session.user_id != self.user_id:
            raise SessionNotFound(session_id)
        return session

    def purge(self, session_id: str) -> None:
        """Take one of the bound user's sessions out for ever."""
        self._store.purge(self._owned(session_id))

    def history(self, session_id: str) -> Sequence[Revision]:
        """Return the revisions of one of the bound user's sessions."""
        return self._store.history(self._owned(session_id))

    def undo(self, session_id: str) -> Session:
        """Take back the last change of one of the bound user's sessions."""
        return self._store.undo(self._owned(session_id))

    def redo(self, session_id: str) -> Session:
        """Make again what was taken back last in one of the bound user's sessions."""
        return self._store.redo(self._owned(session_id))

    def restore(self, session_id: str, revision: int | None = None) -> Session:
        """Restore one of the bound user's sessions."""
        return self._store.restore(self._owned(session_id), revision)

    def past(self, session_id: str) -> Sequence[tuple[Record, Session]]:
        """Return every revision of one of the bound user's sessions."""
        return self._store.past(self._owned(session_id))

    def take_over(self, pasts: Iterable[Sequence[tuple[Record, Session]]]) -> Sequence[int | StorageError]:
        """Store sessions of the bound user with their revisions."""
        return self._store.take_over([[(record, self._own(session)) for record, session in past] for past in pasts])

    def put_draft(self, session_id: str, row_id: str, text: str) -> None:
        """Keep unsaved text for one of the bound user's sessions."""
        self._store.put_draft(self._owned(session_id), row_id, text)

    def drafts(self, user_id: str) -> Sequence[Draft]:
        """Return the bound user's drafts."""
        return self._store.drafts(user_id) if user_id == self.user_id else ()

    def drop_draft(self, session_id: str, row_id: str) -> None:
        """Forget one of the bound user's drafts."""
        self._store.drop_draft(self._owned(session_id), row_id)

    def changes(self) -> Sequence[str]:
        """Return the ids of the bound user's sessions that anybody changed since the last call."""
        if "users" not in self._store.capabilities:
            return super().changes()
        return [session_id for session_id in self._store.changes() if self._may_be_own(session_id)]

    def _may_be_own(self, session_id: str) -> bool:
        """Tell whether a session is the bound user's, or gone."""
        try:
            return self._store.owner(session_id) == self.user_id
        except SessionNotFound:
            return True

    def check(self, *, repair: bool = False) -> Sequence[str]:
        """Return what is wrong with the store; where it cannot tell its users, with the bound user's sessions."""
        return self._store.check(repair=repair) if "users" in self._store.capabilities else super().check()

    def keeps(self, path: Path) -> bool:
        """Tell whether a path is one of the store's own files."""
        return self._store.keeps(path)

    def backup(self, path: Path) -> None:
        """Write a copy of the whole store, other users' sessions too: a backup is for who owns the file."""
        self._store.backup(path)

    def interrupt(self) -> None:
        """Stop what another thread reads."""
        self._store.interrupt()

    def reader(self) -> SessionStorageProvider | None:
        """Return the same view for another thread."""
        reader = self._store.reader()
        return None if reader is None else BoundStore(reader, str(self.user_id))

    def close(self) -> None:
        """Close the provider."""
        self._store.close()

    def _own(self, session: Session) -> Session:
        """Return the session when it is the bound user's; raise InvalidSession otherwise."""
        if session.user_id != self.user_id:
            raise InvalidSession(f"it belongs to {session.user_id}, not to {self.user_id}")
        return session

    def _owned(self, session_id: str) -> str:
        """Return the id of one of the bound user's sessions; raise SessionNotFound otherwise."""
        self.owner(session_id)
        return session_id
