"""Library: the use cases over a store, for one user; the screen and the command line both speak to it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Any, Final

from nova_tui.domain.dialog import Dialog
from nova_tui.domain.errors import (
    PrefixTooShort,
    RowAmbiguous,
    RowNotFound,
    SessionAmbiguous,
    SessionInTrash,
    SessionNotFound,
    StorageError,
)
from nova_tui.domain.ids import is_session_id
from nova_tui.domain.revision import Revision
from nova_tui.domain.row import HIDE, Image, Role, Row
from nova_tui.domain.safe_text import clean_line
from nova_tui.domain.search import SearchHit
from nova_tui.domain.session import Session
from nova_tui.domain.summary import SessionSummary
from nova_tui.storage.provider import SessionStorageProvider

LONGEST_NOTE: Final = 200
"""Characters of a note in the history that a person's own words make."""
_PREFIX: Final = re.compile(r"[0-9a-f]{4,32}")
SHORT_HINT: Final = "; the beginning of an id needs at least 4 digits"
_SHORT: Final = re.compile(r"[0-9a-f]{1,3}")


def made_of(verb: str, title: str) -> str:
    """Return what the history says of a session that was made of another: that one's title, which a person knows."""
    return f"{verb} of “{clean_line(title, 60)}”"


class Library:
    """A user's sessions in a store."""

    def __init__(self, store: SessionStorageProvider, user_id: str) -> None:
        self.store = store
        self.user_id = user_id

    # -- looking -----------------------------------------------------------------------------------------------------

    def summaries(
        self,
        *,
        filter: str | None = None,
        tag: str | None = None,
        archived: bool = False,
        sort: str = "updated",
        limit: int | None = None,
    ) -> Sequence[SessionSummary]:
        """Return what a list shows: all sessions that are not archived, or only those that are."""
        found: list[SessionSummary] = []
        size = None if limit is None else max(50, 2 * limit)
        after = None
        while True:
            page = self.store.summaries(self.user_id, filter=filter, sort=sort, after=after, limit=size)
            found += [one for one in page if one.archived == archived and (tag is None or tag in one.tags)]
            if size is None or len(page) < size or len(found) >= (limit or 0):
                return found[:limit]
            after = page[-1].id

    def resolve(self, prefix: str, *, trashed: bool = False) -> str:
        """Return the id of the one session that begins with `prefix` (4 digits at least), in the trash too if asked.

        Raises PrefixTooShort, SessionNotFound or SessionAmbiguous.
        """
        if is_session_id(prefix):
            return prefix
        if _SHORT.fullmatch(prefix):
            raise PrefixTooShort(prefix)
        if not _PREFIX.fullmatch(prefix):
            raise SessionNotFound(prefix)
        found = [*self.store.session_ids_like(self.user_id, prefix, limit=10)]
        if trashed and "trash" in self.store.capabilities:
            found += [summary.id for summary in self.store.trash(self.user_id) if summary.id.startswith(prefix)]
        if not found:
            raise SessionNotFound(prefix)
        if len(found) > 1:
            raise SessionAmbiguous(prefix, len(found))
        return found[0]

    def load(self, prefix: str) -> Session:
        """Return the session of that id or unique prefix."""
        return self.store.load(self.resolve(prefix))

    def search(self, query: str, *, limit: int = 50, newest: bool = True) -> Sequence[SearchHit]:
        """Return the rows and titles that a query finds, the newest or the best first; raise QueryError."""
        return self.store.search(self.user_id, query, limit=limit, newest=newest)

    # -- changing ----------------------------------------------------------------------------------------------------

    def new(self, title: str | None = None, system: str | None = None, hidden: bool = False) -> Session:
        """Make and save a session, with a title and a system row where they are given."""
        dialog = Dialog() if system is None else Dialog().add_system(system, hidden)
        session = Session.new(self.user_id)
        session = session.with_dialog(dialog, at=session.created_at).with_title(title, at=session.created_at)
        return self.store.save(session)

    def add_missing(self, sessions: Iterable[Session]) -> int:
        """Save those sessions that the store does not have; return how many they were."""
        missing = [session for session in sessions if not self.store.session_ids_like(self.user_id, session.id)]
        return len(self.store.save_many(missing))

    def add(
        self,
        prefix: str,
        role: Role | str,
        text: str,
        *,
        hidden: bool = False,
        metadata: Mapping[str, Any] | None = None,
        images: Iterable[Image] | None = None,
    ) -> Row:
        """Append a row to a session and save it; return the row."""
        metadata = {**(metadata or {}), HIDE: True} if hidden else metadata
        saved = self.change(prefix, lambda session: session.add_message(role, text, metadata, images))
        return saved.dialog.rows[-1]

    def rename(self, prefix: str, title: str | None) -> Session:
        """Give a session a title; a blank one goes back to the derived title."""
        return self.change(prefix, lambda session: session.with_title(title))

    def delete(self, prefix: str) -> Session:
        """Delete a session and return what it was."""
        session = self.load(prefix)
        self.store.delete(session.id)
        return session

    def change(self, prefix: str, verb: Callable[[Session], Session], note: str | None = None) -> Session:
        """Load a session, apply a verb of the model and save the outcome; `note` says in the history what was done."""
        return self.store.save(verb(self.load(prefix)), note)

    def tag(self, prefix: str, add: Iterable[str] = (), remove: Iterable[str] = ()) -> Session:
        """Add tags to a session and take others off it."""
        added, removed = list(dict.fromkeys(add)), list(dict.fromkeys(remove))
        note = " ".join(["tag", *(f"+{tag}" for tag in added), *(f"-{tag}" for tag in removed)])

        def verb(session: Session) -> Session:
            tags = [tag for tag in session.tags if tag not in removed]
            tags += [tag for tag in added if tag not in tags]
            return session if tuple(tags) == session.tags else session.with_tags(tags)

        return self.change(prefix, verb, note[:LONGEST_NOTE])

    def fork(self, prefix: str, at_row: str | None = None) -> Session:
        """Save a copy of a session, of its rows up to and with one where that is given, and return the copy."""
        session = self.load(prefix)
        row_id = None if at_row is None else resolve_row(session.dialog, at_row)
        return self.store.save(session.fork(row_id), made_of("fork", session.title))

    # -- walking the revisions; a session in the trash is found too --------------------------------------------------

    def history(self, prefix: str) -> Sequence[Revision]:
        """Return the revisions of a session, newest first."""
        return self.store.history(self.resolve(prefix, trashed=True))

    def undo(self, prefix: str) -> tuple[Session, Revision]:
        """Take back the last change of a session, its deletion too; return the outcome and the revision that made it.

        Raises NothingToUndo.
        """
        return self._stepped(self.store.undo(self.resolve(prefix, trashed=True)))

    def redo(self, prefix: str) -> tuple[Session, Revision]:
        """Make the change again that was taken back last; return the outcome and its revision; raise NothingToUndo."""
        return self._stepped(self.store.redo(self.resolve(prefix, trashed=True)))

    def _stepped(self, session: Session) -> tuple[Session, Revision]:
        """Return a session with the revision that it is."""
        revisions = self.store.history(session.id)
        return session, next((found for found in revisions if found.number == session.revision), revisions[0])

    def revisions(self, prefix: str, *numbers: int) -> list[Session]:
        """Return a session as of several revisions; raise RevisionNotFound, SessionInTrash for a deleted one."""
        session_id = self.resolve(prefix, trashed=True)
        if not self.is_listed(session_id) and self.store.history(session_id):
            raise SessionInTrash(session_id)
        return [self.store.load(session_id, number) for number in numbers]

    def explained(self, error: SessionNotFound) -> StorageError:
        """Return why a session was not found: SessionInTrash where it is there, else the error itself."""
        prefix = error.session_id
        if isinstance(error, PrefixTooShort) or not _PREFIX.fullmatch(prefix) or "trash" not in self.store.capabilities:
            return error
        with suppress(StorageError):
            found = [one.id for one in self.store.trash(self.user_id) if one.id.startswith(prefix)]
            if len(found) == 1:
                return SessionInTrash(found[0])
        return error

    def is_listed(self, session_id: str) -> bool:
        """Tell whether a session is there, and not in the trash."""
        return bool(self.store.session_ids_like(self.user_id, session_id, limit=1))


def resolve_row(dialog: Dialog, prefix: str) -> str:
    """Return the id of the one row that begins with `prefix` (4 digits at least); raise RowNotFound, RowAmbiguous."""
    ids = [row.id for row in dialog.rows]
    if prefix in ids:
        return prefix
    found = [row_id for row_id in ids if row_id.startswith(prefix)] if len(prefix) >= 4 else []
    if not found:
        raise RowNotFound(prefix, SHORT_HINT if _SHORT.fullmatch(prefix) else "")
    if len(found) > 1:
        raise RowAmbiguous(prefix)
    return found[0]
