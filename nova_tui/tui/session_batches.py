"""SessionBatches: changes many sessions at once, a few at a time, as one step of undo; it can be stopped."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from time import monotonic

from nova_tui.domain.errors import (
    InvalidSession,
    SessionConflict,
    StorageError,
    StoreReadOnly,
    StoreUnavailable,
    StoreUnsupported,
)
from nova_tui.domain.session import Session
from nova_tui.domain.summary import SessionSummary
from nova_tui.services.editing import Change, make_again, take_back
from nova_tui.services.library import Library, made_of
from nova_tui.storage.provider import SessionStorageProvider
from nova_tui.tui.session_changes import SessionChanges, Verb
from nova_tui.tui.storage_worker import StorageWorker

SLICE = 0.05
"""Seconds after which the writing thread may do something else before the batch goes on."""
TOGETHER = 64
"""Sessions that one transaction writes at most; a batch that is stopped stops behind them."""
Piece = Callable[[Library, str], tuple[Change, Session | None]]
"""Changes one session; returns what undo needs to know and what became of the session, None where it is gone."""
Portion = Callable[[Library, int, float], int]
"""Changes sessions from a position on, no more of them once a time is over; returns the position behind them."""
NOTED = 256
"""Sessions of which an outcome says what became of them."""
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
    summaries: dict[str, SessionSummary | None] = field(default_factory=dict)
    """What became of the first of them, None for those that are gone."""

    def note(self, change: Change, session: Session | None) -> None:
        """Take note of a change."""
        self.changes.append(change)
        if len(self.summaries) < NOTED:
            self.summaries[change.session_id] = SessionSummary.of(session) if session is not None else None

    @contextmanager
    def keeping_failures(self) -> Iterator[None]:
        """Go on where one session cannot be changed; raise what every other would meet, too."""
        try:
            yield
        except (StoreReadOnly, StoreUnavailable, StoreUnsupported):
            raise
        except StorageError as error:
            self.failures.append(str(error))

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
        outcome, mark = self._begin(verb, session_ids)

        def portion(library: Library, start: int, until: float) -> int:
            made: list[Session] = []
            position = start
            for position in range(start, min(start + TOGETHER, len(session_ids))):
                with outcome.keeping_failures():
                    before = library.store.load(session_ids[position])
                    after = change(before)
                    if after is not before:
                        made.append(after)
                if monotonic() > until:
                    break
            for saved in _saved_together(library.store, made, change, verb, outcome):
                outcome.note(Change(saved.id, batch=mark), saved)
            return position + 1

        return await self._carry_out(outcome, len(session_ids), portion, progress)

    async def copy(
        self, session_ids: Sequence[str], verb: str, copy: Callable[[Session], Session], progress: Progress
    ) -> BatchOutcome:
        """Store a copy of each session; the changes name the copies."""

        def piece(library: Library, session_id: str) -> tuple[Change, Session | None]:
            session = library.store.load(session_id)
            saved = library.store.save(copy(session), made_of(verb, session.title))
            return Change(saved.id, created=True), saved

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

    def _begin(self, verb: str, session_ids: Sequence[str]) -> tuple[BatchOutcome, str]:
        """Return an outcome without changes yet, and the mark of those that will be made."""
        return BatchOutcome(verb), self._changes.log.new_batch(verb) if len(session_ids) > 1 else ""

    async def _run(
        self, verb: str, session_ids: Sequence[str], piece: Piece, progress: Progress, *, lasting: bool = True
    ) -> BatchOutcome:
        """Change sessions one after the other and note the whole as one step."""
        outcome, mark = self._begin(verb, session_ids)

        def portion(library: Library, start: int, _until: float) -> int:
            with outcome.keeping_failures():
                change, session = piece(library, session_ids[start])
                outcome.note(replace(change, batch=mark), session)
            return start + 1

        return await self._carry_out(outcome, len(session_ids), portion, progress, lasting=lasting)

    async def _carry_out(
        self, outcome: BatchOutcome, total: int, portion: Portion, progress: Progress, *, lasting: bool = True
    ) -> BatchOutcome:
        """Change sessions and note what was done as one step."""
        async with self._changes.turn:
            try:
                await self._each(total, portion, outcome, progress)
            finally:
                if lasting:
                    self._changes.log.record(*outcome.changes)
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

        def portion(library: Library, start: int, _until: float) -> int:
            done.append(changes[start])  # one that cannot be walked does not stand in the way of the next undo
            with outcome.keeping_failures():
                outcome.note(changes[start], walk(library.store, changes[start]))
            return start + 1

        async with self._changes.turn:
            try:
                await self._each(len(changes), portion, outcome, progress)
            finally:
                walked(*done)
        return outcome

    async def _each(self, total: int, portion: Portion, outcome: BatchOutcome, progress: Progress) -> None:
        """Do portions of work on the writing thread, a slice of time at once."""

        def slice_from(start: int, library: Library) -> int:
            began, position = monotonic(), start
            while position < total:
                position = portion(library, position, began + SLICE / 2)
                if self._stop or monotonic() - began > SLICE:
                    break
            return position

        self._stop, self.running, done = False, True, 0
        try:
            while done < total and not self._stop:
                done = await self._storage.write(partial(slice_from, done))
                progress(done, total)
        finally:
            self.running = False
            self._changes.forget_latest()
        outcome.stopped = done < total


def _saved_together(
    store: SessionStorageProvider, sessions: Sequence[Session], change: Verb, note: str, outcome: BatchOutcome
) -> Iterable[Session]:
    """Store sessions, many in one transaction, and yield them; where somebody was faster, one by one."""
    try:
        yield from store.save_many(sessions, note)
        return
    except (SessionConflict, InvalidSession):
        pass
    for session in sessions:  # those that are stored already are recognised
        with outcome.keeping_failures():
            try:
                saved: Session | None = store.save(session, note)
            except SessionConflict:
                saved = _saved_anew(store, session.id, change, note)
            if saved is not None:
                yield saved


def _saved_anew(store: SessionStorageProvider, session_id: str, change: Verb, note: str) -> Session | None:
    """Change a session as it is now, and store it; None where the change leaves it as it is."""
    before = store.load(session_id)
    after = change(before)
    return None if after is before else store.save(after, note)


def _delete(library: Library, session_id: str) -> tuple[Change, Session | None]:
    """Move a session to the trash."""
    library.store.delete(session_id)
    return Change(session_id), None


def _restore(library: Library, session_id: str) -> tuple[Change, Session | None]:
    """Take a session out of the trash."""
    return Change(session_id), library.store.restore(session_id)


def _purge(library: Library, session_id: str) -> tuple[Change, Session | None]:
    """Take a session out for ever."""
    library.store.purge(session_id)
    return Change(session_id), None
