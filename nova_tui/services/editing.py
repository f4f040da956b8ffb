"""Editing: in which order sessions were changed, so that undo and redo know where to go.

The store itself keeps what was changed: every save is a revision, and `undo` and `redo` walk them.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from nova_tui.domain.errors import SessionNotFound
from nova_tui.domain.session import Session
from nova_tui.storage.provider import SessionStorageProvider


@dataclass(frozen=True, slots=True)
class Change:
    """One change of a session in this run; `created` where it made the session."""

    session_id: str
    created: bool = False
    batch: str = ""
    """What was done to many sessions at once, and which time: `star #3`; changes that share it are one step."""


class UndoLog:
    """The changes of this run, newest last, and those that were taken back."""

    def __init__(self) -> None:
        self._done: list[Change] = []
        self._undone: list[Change] = []
        self._batches = 0

    def new_batch(self, verb: str) -> str:
        """Return the mark of a change of many sessions that is about to begin."""
        self._batches += 1
        return f"{verb} #{self._batches}"

    def record(self, *changes: Change) -> None:
        """Take changes that were just made; what was taken back before them cannot be made again."""
        if changes:
            self._done += changes
            self._undone.clear()

    def to_undo(self, session_id: str | None = None) -> Change | None:
        """Return the last change, or the last of a session, which may have been made before this run."""
        return _last(self._done, session_id)

    def to_redo(self, session_id: str | None = None) -> Change | None:
        """Return the change that was taken back last, in general or of a session."""
        return _last(self._undone, session_id)

    def batch_to_undo(self) -> tuple[Change, ...]:
        """Return the changes of the last step when that was one of many sessions, the newest first."""
        return _batch(self._done)

    def batch_to_redo(self) -> tuple[Change, ...]:
        """Return the changes that were taken back last when they were of many sessions, in the order to make them."""
        return _batch(self._undone)

    def undone(self, *changes: Change) -> None:
        """Take note that changes were taken back."""
        _move(changes, self._done, self._undone)

    def redone(self, *changes: Change) -> None:
        """Take note that changes were made again."""
        _move(changes, self._undone, self._done)

    def clear(self) -> None:
        """Forget everything: the sessions are another user's now."""
        self._done.clear()
        self._undone.clear()


def take_back(store: SessionStorageProvider, change: Change) -> Session | None:
    """Undo a change; None where the session is not there any more. Raises NothingToUndo."""
    if change.created:
        store.delete(change.session_id)
        return None
    store.undo(change.session_id)
    return _stored(store, change.session_id)


def make_again(store: SessionStorageProvider, change: Change) -> Session | None:
    """Redo a change; None where the session is not there any more. Raises NothingToUndo."""
    if change.created:
        return store.restore(change.session_id)
    store.redo(change.session_id)
    return _stored(store, change.session_id)


def _last(changes: list[Change], session_id: str | None) -> Change | None:
    """Return the newest change, of one session where that is asked for."""
    for change in reversed(changes):
        if session_id is None or change.session_id == session_id:
            return change
    return Change(session_id) if session_id is not None else None


def _batch(changes: list[Change]) -> tuple[Change, ...]:
    """Return all that share the newest one's batch, the newest first; nothing where that one stands alone."""
    mark = changes[-1].batch if changes else ""
    return tuple(change for change in reversed(changes) if change.batch == mark) if mark else ()


def _move(moved: tuple[Change, ...], source: list[Change], target: list[Change]) -> None:
    """Move changes, each the newest of its like, from one list to the other, whose newest is then the last of them."""
    wanted = Counter(moved)
    kept: list[Change] = []
    for change in reversed(source):
        if wanted[change] > 0:
            wanted[change] -= 1
        else:
            kept.append(change)
    source[:] = reversed(kept)
    target += moved


def _stored(store: SessionStorageProvider, session_id: str) -> Session | None:
    """Return the stored session, None where it is in the trash."""
    try:
        return store.load(session_id)
    except SessionNotFound:
        return None
