"""The session-storage contract: four callbacks every provider implements, and what follows from them.

A provider is synchronous and belongs to the thread that made it. Acknowledged is durable: once `save` returns, killing
the process loses nothing, and a save is whole or not at all.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from inspect import unwrap
from pathlib import Path
from typing import Any, Self

from nova_tui.domain.changes import moves_time
from nova_tui.domain.draft import Draft
from nova_tui.domain.errors import (
    INTERRUPTED,
    SessionDamaged,
    SessionNotFound,
    StorageError,
    StoreUnavailable,
    StoreUnsupported,
)
from nova_tui.domain.outline import RowWindow, SessionOutline
from nova_tui.domain.query import parse_query
from nova_tui.domain.revision import Revision
from nova_tui.domain.row import Row
from nova_tui.domain.search import COUNTED, SearchHit, SessionHits
from nova_tui.domain.session import UNTITLED, Session
from nova_tui.domain.summary import SessionSummary, TimedOrder
from nova_tui.domain.times import from_microseconds, later
from nova_tui.storage.history import Record
from nova_tui.storage.journal import Journal, keep_journal
from nova_tui.storage.ordering import page
from nova_tui.storage.searching import count_hits, find_hits, find_sessions, hits_in


class SessionStorageProvider(ABC):
    """One place that holds sessions. Bound to a user, it answers SessionNotFound for anybody else's session."""

    place: str = ""
    """Where the sessions are, for a person to read."""
    user_id: str | None = None
    """The user the provider is bound to; None where it is bound to nobody."""
    read_only: bool = False
    """Whether every change raises StoreReadOnly."""
    capabilities: frozenset[str] = frozenset()
    """What this provider can do beyond the callbacks: users, trash, drafts, revisions, backup."""
    _interrupts: int = 0
    """How often another thread stopped what is read here."""

    def __init_subclass__(cls, **options: Any) -> None:
        """Let a provider that keeps no revisions note them."""
        super().__init_subclass__(**options)
        if cls.history is SessionStorageProvider.history:
            keep_journal(cls)

    # -- the four callbacks ------------------------------------------------------------------------------------------

    @abstractmethod
    def save(self, session: Session, note: str | None = None) -> Session:
        """Store the session and return it with its new revision; an equal stored session is left as it is.

        `note` says in the history what was done; without one the difference tells. Raises SessionConflict when
        `session.revision` is not the stored one, InvalidSession for a session that belongs to another user,
        StoreReadOnly, StoreUnavailable.
        """

    @abstractmethod
    def load(self, session_id: str, revision: int | None = None) -> Session:
        """Return the session, now or as of a revision; raise SessionNotFound, RevisionNotFound or SessionDamaged."""

    @abstractmethod
    def list(self, user_id: str) -> Sequence[Session]:
        """Return that user's sessions, newest change first."""

    @abstractmethod
    def delete(self, session_id: str) -> None:
        """Take the session out of the list; raise SessionNotFound."""

    # -- what the callbacks give -------------------------------------------------------------------------------------

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
        """Return a page of what a list shows, behind the session `after`; `limit` None gives all, `reverse` turns it.

        `filter` keeps the titles that hold all its words, case and accents folded, and the sessions that meet its
        conditions (`tag:demo -is:archived updated:<7d`, see domain/session_filter.py); raises QueryError for what is no
        condition. Archived sessions are among them unless it says otherwise.
        """
        found = map(SessionSummary.of, self.list(user_id))
        return page(found, filter=filter, sort=sort, reverse=reverse, after=after, limit=limit)

    def session_ids(self, user_id: str, *, filter: str | None = None, sort: str = "updated") -> Sequence[str]:
        """Return the ids of all sessions that `summaries` would page through, in its order."""
        return [summary.id for summary in self.summaries(user_id, filter=filter, sort=sort, limit=None)]

    def timed_order(self, user_id: str, *, filter: str | None = None, sort: str = "updated") -> TimedOrder:
        """Return the ids as `session_ids` does; with each the time of its making for `created`, else of its change."""
        return TimedOrder.of(self.summaries(user_id, filter=filter, sort=sort, limit=None), sort)

    def owner(self, session_id: str) -> str:
        """Return the user whom a session belongs to; raise SessionNotFound."""
        return self.load(session_id).user_id

    def summaries_of(self, session_ids: Iterable[str]) -> Sequence[SessionSummary]:
        """Return what a list shows of these sessions; those that are gone are left out, damaged ones say so."""
        found = []
        for session_id in session_ids:
            try:
                found.append(SessionSummary.of(self.load(session_id)))
            except SessionNotFound:
                continue
            except SessionDamaged as error:
                found.append(self._damaged_summary(error))
        return found

    def _damaged_summary(self, error: SessionDamaged) -> SessionSummary:
        """Return what a list shows of a session that cannot be read; without a user where its owner is unknown."""
        owner, epoch = "", from_microseconds(0)
        with suppress(StorageError):
            owner = self.owner(error.session_id)
        return SessionSummary(error.session_id, owner, UNTITLED, epoch, epoch, 0, 0, damaged=error.reason)

    def rows(self, session_id: str, start: int, stop: int) -> Sequence[Row]:
        """Return the rows from position `start` up to, not with, `stop`."""
        return self.window(session_id, start, stop).rows

    def window(self, session_id: str, start: int, stop: int) -> RowWindow:
        """Return the rows from `start` up to, not with, `stop`, and of whose session and which revision they are."""
        return RowWindow.of(self.load(session_id), start, stop)

    def outline(self, session_id: str) -> SessionOutline:
        """Return a session without its rows, but with their ids, sizes, roles and switches; raises as `load` does."""
        return SessionOutline.of(self.load(session_id))

    def search(
        self, user_id: str, query: str, *, limit: int = 50, newest: bool = True, typing: bool = False
    ) -> Sequence[SearchHit]:
        """Return the rows and titles that a query finds, newest or best first; raise QueryError.

        The best are looked for among the newest CANDIDATES hits, so there are never more. `typing` says that the query
        is still being typed: its last word is the beginning of one, and what is unfinished at its end is no error.
        """
        parsed = parse_query(query, typing=typing)
        return find_hits(self._searched(user_id), parsed, limit=limit, newest=newest)

    def search_sessions(
        self, user_id: str, query: str, *, limit: int = 50, typing: bool = False
    ) -> Sequence[SearchHit]:
        """Return one hit for each session that a query finds, a title's before a row's; raise QueryError.

        Sessions whose title is found come first, by their last change; then those with a row, by the newest of these.
        """
        return find_sessions(self._searched(user_id), parse_query(query, typing=typing), limit=limit)

    def hits_in(self, session_id: str, query: str, *, limit: int = COUNTED, typing: bool = False) -> SessionHits:
        """Return the rows of one session that a query finds, in their order; raise QueryError or SessionNotFound.

        What the query says of sessions is left aside, and one that says nothing else finds nothing.
        """
        parsed = parse_query(query, typing=typing)
        return hits_in(self.load(session_id), parsed, limit=limit)

    def count(self, user_id: str, query: str, *, limit: int = COUNTED, typing: bool = False) -> int:
        """Return how many rows and titles a query finds, `limit` where there are more; raise QueryError."""
        return count_hits(self._searched(user_id), parse_query(query, typing=typing), limit=limit)

    def _searched(self, user_id: str) -> Iterator[Session]:
        """Yield that user's sessions until another thread interrupts; then raise StoreUnavailable."""
        begun = self._interrupts
        for session in self.list(user_id):
            if self._interrupts != begun:
                raise StoreUnavailable(self.place, INTERRUPTED)
            yield session

    def save_many(self, sessions: Iterable[Session], note: str | None = None) -> Sequence[Session]:
        """Save several sessions; where one is refused, those before it stay saved."""
        return [self.save(session, note) for session in sessions]

    def session_ids_like(self, user_id: str, prefix: str, limit: int = 2) -> Sequence[str]:
        """Return up to `limit` ids of that user's sessions that begin with `prefix`, in order."""
        return sorted(found for found in self.session_ids(user_id) if found.startswith(prefix))[:limit]

    def tags(self, user_id: str) -> Sequence[str]:
        """Return the tags of that user's sessions, the most used first."""
        counts = Counter(tag for summary in self.summaries(user_id, limit=None) for tag in summary.tags)
        return sorted(counts, key=lambda tag: (-counts[tag], tag))

    # -- revisions, here for as long as the process lives --------------------------------------------------------------

    def history(self, session_id: str) -> Sequence[Revision]:
        """Return the session's revisions, newest first; raise SessionNotFound."""
        try:
            session = self.load(session_id)
        except SessionNotFound:
            session = None
        return self.journal.history(session, session_id)

    def undo(self, session_id: str) -> Session:
        """Take the session's last change back, a deletion too, and return the outcome; raise NothingToUndo."""
        return self.journal.undo(session_id, *self._plain_callbacks())

    def redo(self, session_id: str) -> Session:
        """Make the change again that was taken back last, and return the outcome; raise NothingToUndo."""
        return self.journal.redo(session_id, *self._plain_callbacks())

    def restore(self, session_id: str, revision: int | None = None) -> Session:
        """Bring back a deleted session, or a revision of one, and return it; raise RevisionNotFound."""
        content, deleted = self.journal.last(session_id)
        if revision is None:
            return self.undo(session_id) if deleted else content
        wanted = self.journal.session_at(content, revision)
        at = later(content.updated_at) if moves_time(content, wanted) else content.updated_at
        wanted = replace(wanted, updated_at=at, revision=None if deleted else content.revision)
        return self.save(wanted, f"restore revision {revision}")

    @property
    def journal(self) -> Journal:
        """What this provider noted of its sessions."""
        journal: Journal = self.__dict__.setdefault("_journal", Journal())
        return journal

    def _plain_callbacks(self) -> tuple[Callable[[Session], Session], Callable[[str], None]]:
        """Return save and delete as the provider wrote them, which note nothing."""
        return partial(unwrap(type(self).save), self), partial(unwrap(type(self).delete), self)

    def changes(self) -> Sequence[str]:
        """Return the ids of sessions that anybody changed since the last call; the first call begins to watch."""
        users = [self.user_id] if self.user_id is not None else self.users()
        found = {session.id: session for user_id in users for session in self.list(user_id)}
        seen: dict[str, Session] | None = self.__dict__.get("_seen")
        self.__dict__["_seen"] = found
        if seen is None:
            return []
        return sorted(one for one in found.keys() | seen.keys() if found.get(one) != seen.get(one))

    def check(self, *, repair: bool = False) -> Sequence[str]:
        """Return what is wrong with the store, a sentence each; `repair` mends what can be mended without a loss."""
        wrong = []
        for user_id in [self.user_id] if self.user_id is not None else self.users():
            for session_id in self.session_ids(user_id):
                try:
                    self.load(session_id)
                except SessionDamaged as error:
                    wrong.append(str(error))
                except SessionNotFound:
                    continue
        return wrong

    # -- what they cannot give ---------------------------------------------------------------------------------------

    def users(self) -> Sequence[str]:
        """Return the users who own sessions here, in the trash too; raise StoreUnsupported where it cannot tell."""
        raise StoreUnsupported("list of users")

    def bound_to(self, user_id: str) -> SessionStorageProvider:
        """Return the same store bound to another user; both share what they have open."""
        raise StoreUnsupported("switching of users")

    def trash(self, user_id: str, *, limit: int | None = None) -> Sequence[SessionSummary]:
        """Return what is in that user's trash, newest change first."""
        raise StoreUnsupported("trash")

    def load_trashed(self, session_id: str) -> Session:
        """Return a session that is in the trash, as it was deleted; raise SessionNotFound or SessionDamaged."""
        raise StoreUnsupported("trash")

    def purge(self, session_id: str) -> None:
        """Take the session and its history out for ever; raise SessionNotFound."""
        raise StoreUnsupported("trash")

    def past(self, session_id: str) -> Sequence[tuple[Record, Session]]:
        """Return every revision of a session, one in the trash too, with what it held; the oldest first."""
        raise StoreUnsupported("lasting revisions")

    def take_over(self, pasts: Iterable[Sequence[tuple[Record, Session]]]) -> Sequence[int | StorageError]:
        """Store sessions with the revisions that another store's `past` gave, all or none of them.

        Returns for each how many revisions were not there yet, or why it is left as it is: SessionConflict where the
        session went another way here, InvalidSession where another user's session has its id.
        """
        raise StoreUnsupported("lasting revisions")

    def put_draft(self, session_id: str, row_id: str, text: str) -> None:
        """Keep unsaved text of a row, or of a new one under an empty row id; it is no revision.

        Raises SessionNotFound.
        """
        raise StoreUnsupported("drafts")

    def drafts(self, user_id: str) -> Sequence[Draft]:
        """Return the drafts for that user's sessions, newest first."""
        raise StoreUnsupported("drafts")

    def drop_draft(self, session_id: str, row_id: str) -> None:
        """Forget a draft; one that is not there is no error."""
        raise StoreUnsupported("drafts")

    def keeps(self, path: Path) -> bool:
        """Tell whether a path is one of the store's own files, there already or not."""
        return False

    def backup(self, path: Path) -> None:
        """Write a consistent copy to a new file while the store is in use; raise StoreUnavailable."""
        raise StoreUnsupported("backup")

    # -- life --------------------------------------------------------------------------------------------------------

    def interrupt(self) -> None:
        """Stop what another thread searches or reads here; that raises StoreUnavailable."""
        self._interrupts += 1

    def reader(self) -> SessionStorageProvider | None:
        """Return a provider of the same sessions for another thread, None where one thread must do all."""
        return None

    def close(self) -> None:  # noqa: B027  a provider without files has nothing to let go of
        """Let go of files and connections; a closed provider is not used again."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()
