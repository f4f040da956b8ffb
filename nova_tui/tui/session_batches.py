"""SessionBatches: changes many sessions at once, a few at a time, as one step of undo; it can be stopped."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from time import monotonic
from typing import TypeVar

from nova_tui.domain.errors import (
    SessionConflict,
    StorageError,
    StoreReadOnly,
    StoreUnavailable,
    StoreUnsupported,
)
from nova_tui.domain.session import Session
from nova_tui.services.editing import Change, make_again, take_back
from nova_tui.services.library import Library
from nova_tui.storage.provider import SessionStorageProvider
from nova_tui.tui.session_changes import SessionChanges, Verb
from nova_tui.tui.storage_worker import StorageWorker

Item = TypeVar("Item")
SLICE = 0.05
"""Seconds after which the writing thread may do something else before the batch goes on."""
Piece = Callable[[Library, str], Change | None]
"""Changes one session; returns what undo needs to know, None where there was nothing to change."""
Progress = Callable[[int, int], None]
"""Takes how many sessions are done, and of how many."""


@dataclass(slots=True)
class BatchOutcome:
    """What a batch did."""

    verb: str
    changes: list[Change] = field(default_factory=list)
    """One for every session that is another now."""
    failures: list[str] = field(default_factory=list)
    """Why sessions were left as they are."""
    stopped: bool = False

    @property
    def session_ids(self) -> list[str]:
        """The sessions that are others now."""
        return [change.session_id for change in self.changes]


class SessionBatches:
    """One batch at a time, in turn with the changes of single sessions."""

    def __init__(self, storage: StorageWorker, changes: SessionChanges) -> None:
        self._storage = storage
        self._changes = changes
        self._stop = False
        self.running = False

    def stop(self) -> None:
        """Stop after the session that is being changed; what was done stays done, and is one step of undo."""
        self._stop = True

    async def change(self, session_ids: Sequence[str], verb: str, change: Verb, progress: Progress) -> BatchOutcome:
        """Apply a verb of the model to sessions; `verb` names it in the history."""

        def piece(library: Library, session_id: str) -> Change | None:
            return Change(session_id) if _changed(library, session_id, change, verb) else None

        return await self._run(verb, session_ids, piece, progress)

    async def copy(
        self, session_ids: Sequence[str], verb: str, copy: Callable[[Session], Session], progress: Progress
    ) -> BatchOutcome:
        """Store a copy of each session; the changes name the copies."""

        def piece(library: Library, session_id: str) -> Change | None:
            saved = library.store.save(copy(library.store.load(session_id)), f"{verb} of {session_id}")
            return Change(saved.id, created=True)

        return await self._run(verb, session_ids, piece, progress)

    async def delete(self, session_ids: Sequence[str], progress: Progress) -> BatchOutcome:
        """Move sessions to the trash."""
        return await self._run("delete", session_ids, _delete, progress)

    async def restore(self, session_ids: Sequence[str], progress: Progress) -> BatchOutcome:
        """Take sessions out of the trash."""
        return await self._run("restore", session_ids, _restore, progress)

    async def purge(self, session_ids: Sequence[str], progress: Progress) -> BatchOutcome:
        """Take sessions out for ever; there is nothing to undo."""
        return await self._run("purge", session_ids, _purge, progress, lasting=False)

    async def undo(self, progress: Progress) -> BatchOutcome | None:
        """Take back the last step when it was a batch, all of it; None when it was none."""
        changes = self._changes.log.batch_to_undo()
        if not changes:
            return None
        return await self._walk("undo", changes, take_back, self._changes.log.undone, progress)

    async def redo(self, progress: Progress) -> BatchOutcome | None:
        """Make the batch again that was taken back last; None when that was none."""
        changes = self._changes.log.batch_to_redo()
        if not changes:
            return None
        return await self._walk("redo", changes, make_again, self._changes.log.redone, progress)

    async def _run(
        self, verb: str, session_ids: Sequence[str], piece: Piece, progress: Progress, *, lasting: bool = True
    ) -> BatchOutcome:
        """Change sessions one after the other and note the whole as one step."""
        outcome = BatchOutcome(verb)
        log = self._changes.log
        mark = log.new_batch(verb) if len(session_ids) > 1 else ""

        def work(library: Library, session_id: str) -> None:
            change = piece(library, session_id)
            if change is not None:
                outcome.changes.append(replace(change, batch=mark))

        async with self._changes.turn:
            try:
                await self._each(session_ids, work, outcome, progress)
            finally:
                if lasting:
                    log.record(*outcome.changes)
        return outcome

    async def _walk(
        self,
        verb: str,
        changes: Sequence[Change],
        walk: Callable[[SessionStorageProvider, Change], Session | None],
        walked: Callable[..., None],
        progress: Progress,
    ) -> BatchOutcome:
        """Walk one step through the history of every session of a batch."""
        outcome = BatchOutcome(f"{verb} {changes[0].batch.partition(' #')[0]}")
        done: list[Change] = []

        def work(library: Library, change: Change) -> None:
            done.append(change)  # one that cannot be walked does not stand in the way of the next undo
            walk(library.store, change)
            outcome.changes.append(change)

        async with self._changes.turn:
            try:
                await self._each(changes, work, outcome, progress)
            finally:
                walked(*done)
        return outcome

    async def _each(
        self, items: Sequence[Item], work: Callable[[Library, Item], None], outcome: BatchOutcome, progress: Progress
    ) -> None:
        """Do a piece of work for every item on the writing thread, a slice of time at once."""

        def slice_from(start: int, library: Library) -> int:
            began = monotonic()
            for position in range(start, len(items)):
                try:
                    work(library, items[position])
                except (StoreReadOnly, StoreUnavailable, StoreUnsupported):
                    raise  # the next session would fare no better
                except StorageError as error:
                    outcome.failures.append(str(error))
                if self._stop or monotonic() - began > SLICE:
                    return position + 1
            return len(items)

        self._stop, self.running, done = False, True, 0
        try:
            while done < len(items) and not self._stop:
                done = await self._storage.write(partial(slice_from, done))
                progress(done, len(items))
        finally:
            self.running = False
            self._changes.forget_latest()
        outcome.stopped = done < len(items)


def _changed(library: Library, session_id: str, change: Verb, note: str) -> bool:
    """Change a session and store it; False where the change leaves it as it is."""
    for last in (False, True):
        before = library.store.load(session_id)
        after = change(before)
        if after is before:
            return False
        try:
            library.store.save(after, note)
        except SessionConflict:  # somebody was faster: once more on what there is now
            if last:
                raise
        else:
            break
    return True


def _delete(library: Library, session_id: str) -> Change:
    """Move a session to the trash."""
    library.store.delete(session_id)
    return Change(session_id)


def _restore(library: Library, session_id: str) -> Change:
    """Take a session out of the trash."""
    library.store.restore(session_id)
    return Change(session_id)


def _purge(library: Library, session_id: str) -> Change:
    """Take a session out for ever."""
    library.store.purge(session_id)
    return Change(session_id)
