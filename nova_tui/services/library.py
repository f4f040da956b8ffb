"""Library: the use cases over a store, for one user; the screen and the command line both speak to it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

from nova_tui.domain.dialog import Dialog
from nova_tui.domain.errors import RowNotFound, SessionAmbiguous, SessionNotFound
from nova_tui.domain.ids import is_session_id
from nova_tui.domain.row import HIDE, Image, Role, Row
from nova_tui.domain.session import Session
from nova_tui.domain.summary import SessionSummary
from nova_tui.storage.provider import SessionStorageProvider

_PREFIX: Final = re.compile(r"[0-9a-f]{4,32}")


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
        found = [
            summary
            for summary in self.store.summaries(self.user_id, filter=filter, sort=sort, limit=None)
            if summary.archived == archived and (tag is None or tag in summary.tags)
        ]
        return found[:limit]

    def resolve(self, prefix: str) -> str:
        """Return the id of the one session that begins with `prefix` (4 digits at least).

        Raises SessionNotFound or SessionAmbiguous.
        """
        if is_session_id(prefix):
            return prefix
        if not _PREFIX.fullmatch(prefix):
            raise SessionNotFound(prefix)
        found = self.store.session_ids_like(self.user_id, prefix, limit=10)
        if not found:
            raise SessionNotFound(prefix)
        if len(found) > 1:
            raise SessionAmbiguous(prefix, len(found))
        return found[0]

    def load(self, prefix: str) -> Session:
        """Return the session of that id or unique prefix."""
        return self.store.load(self.resolve(prefix))

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

    def change(self, prefix: str, verb: Callable[[Session], Session]) -> Session:
        """Load a session, apply a verb of the model and save the outcome."""
        return self.store.save(verb(self.load(prefix)))


def resolve_row(dialog: Dialog, prefix: str) -> str:
    """Return the id of the one row that begins with `prefix` (4 digits at least); raise RowNotFound."""
    ids = [row.id for row in dialog.rows]
    if prefix in ids:
        return prefix
    found = [row_id for row_id in ids if row_id.startswith(prefix)] if len(prefix) >= 4 else []
    if len(found) != 1:
        raise RowNotFound(prefix)
    return found[0]
