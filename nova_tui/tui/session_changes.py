"""SessionChanges: carries out what a person asks for, one change after the other, and remembers how to take it back."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from nova_tui.domain.errors import SessionConflict
from nova_tui.domain.session import Session
from nova_tui.services.editing import Change, UndoLog, make_again, take_back
from nova_tui.services.library import Library
from nova_tui.storage.provider import SessionStorageProvider
from nova_tui.tui.storage_worker import StorageWorker

Verb = Callable[[Session], Session]
"""A change of a session, made of the model's verbs."""


@dataclass(frozen=True, slots=True)
class Step:
    """What undo or redo did: its name in the history, the session as it is now (None in the trash), and its id."""

    note: str
    session: Session | None
    session_id: str


class SessionChanges:
    """The person's changes, in the order they were asked for; each is stored before the next begins."""

    def __init__(self, storage: StorageWorker) -> None:
        self._storage = storage
        self._turn = asyncio.Lock()
        self._latest: Session | None = None
        self._log = UndoLog()

    async def create(self) -> Session:
        """Make an empty session."""
        return await self.add(Session.new(self._storage.user_id))

    async def add(self, session: Session) -> Session:
        """Store a session that is not there yet."""
        async with self._turn:
            saved = await self._storage.write(lambda library: library.store.save(session))
            self._log.record(Change(saved.id, created=True))
            return saved

    async def change(self, shown: Session, verb: Verb, *, anew: bool = False) -> Session:
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
            except SessionConflict as error:
                self._latest = None
                if not anew:
                    error.mine = error.mine or after
                    raise
                saved = await self._storage.write(lambda library: library.change(shown.id, verb))
            self._latest = saved
            self._log.record(Change(saved.id))
            return saved

    async def delete(self, session_id: str) -> Session:
        """Delete a session and return what it was."""
        async with self._turn:
            session = await self._storage.write(lambda library: library.delete(session_id))
            self._log.record(Change(session.id))
            return session

    async def undo(self, session_id: str | None) -> Step | None:
        """Take back the last change of a session, or the last of all; None when there is none."""
        async with self._turn:
            change = self._log.to_undo(session_id)
            return None if change is None else await self._walk(change, take_back, self._log.undone)

    async def redo(self, session_id: str | None) -> Step | None:
        """Make the change again that was taken back last."""
        async with self._turn:
            change = self._log.to_redo(session_id)
            return None if change is None else await self._walk(change, make_again, self._log.redone)

    async def _walk(
        self,
        change: Change,
        walk: Callable[[SessionStorageProvider, Change], Session | None],
        walked: Callable[[Change], None],
    ) -> Step:
        """Walk one step through the history of a session."""

        def work(library: Library) -> Step:
            session = walk(library.store, change)
            return Step(library.store.history(change.session_id)[0].note, session, change.session_id)

        self._latest = None
        step = await self._storage.write(work)
        walked(change)
        return step
