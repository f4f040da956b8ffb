"""SessionChanges: carries out what a person asks for, one change after the other, and remembers how to take it back."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from nova_tui.domain.errors import SessionConflict
from nova_tui.domain.session import Session
from nova_tui.services.editing import Change, UndoLog, apply_change
from nova_tui.services.library import Library
from nova_tui.tui.storage_worker import StorageWorker

Verb = Callable[[Session], Session]
"""A change of a session, made of the model's verbs."""


class SessionChanges:
    """The person's changes, in the order they were asked for; each is stored before the next begins."""

    def __init__(self, storage: StorageWorker) -> None:
        self._storage = storage
        self._turn = asyncio.Lock()
        self._latest: Session | None = None
        self._log = UndoLog()

    async def create(self) -> Session:
        """Make an empty session."""
        async with self._turn:
            session = await self._storage.write(lambda library: library.new())
            self._log.record(Change("new session", None, session))
            return session

    async def change(self, shown: Session, label: str, verb: Verb, *, anew: bool = False) -> Session:
        """Change the session that is shown (or what this object made of it meanwhile) and store it.

        Raises SessionConflict when the store holds a later revision; with `anew` the verb is then applied to that one,
        which is right for verbs that overwrite nothing.
        """
        async with self._turn:
            before = self._latest if self._latest is not None and self._latest.id == shown.id else shown
            if shown.revision is not None and (before.revision or 0) < shown.revision:
                before = shown
            after = verb(before)
            if after is before:
                return before
            try:
                saved = await self._storage.write(lambda library: library.store.save(after))
            except SessionConflict:
                self._latest = None
                if not anew:
                    raise
                before, saved = await self._storage.write(lambda library: _change_stored(library, shown.id, verb))
            self._latest = saved
            self._log.record(Change(label, before, saved))
            return saved

    async def delete(self, session_id: str) -> Session:
        """Delete a session and return what it was."""
        async with self._turn:
            session = await self._storage.write(lambda library: library.delete(session_id))
            self._log.record(Change("delete session", session, None))
            return session

    async def undo(self) -> tuple[str, Session | None, str] | None:
        """Take the last change back: what it was called, the session as it is now, its id; None when there is none."""
        async with self._turn:
            change = self._log.next_undo
            if change is None:
                return None
            outcome = await self._apply(change.reversed)
            self._log.undone()
            return outcome

    async def redo(self) -> tuple[str, Session | None, str] | None:
        """Make the last undone change again."""
        async with self._turn:
            change = self._log.next_redo
            if change is None:
                return None
            outcome = await self._apply(change)
            self._log.redone()
            return outcome

    async def _apply(self, change: Change) -> tuple[str, Session | None, str]:
        """Apply a change to the stored session."""
        self._latest = None
        session = await self._storage.write(lambda library: apply_change(library.store, change))
        known = change.after or change.before
        return change.label, session, known.id if known else ""


def _change_stored(library: Library, session_id: str, verb: Verb) -> tuple[Session, Session]:
    """Apply a verb to what is stored now; return it before and after."""
    before = library.store.load(session_id)
    return before, library.store.save(verb(before))
