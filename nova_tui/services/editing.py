"""Editing: in which order sessions were changed, so that undo and redo know where to go.

The store itself keeps what was changed: every save is a revision, and `undo` and `redo` walk them.
"""

from __future__ import annotations

from dataclasses import dataclass

from nova_tui.domain.errors import SessionNotFound
from nova_tui.domain.session import Session
from nova_tui.storage.provider import SessionStorageProvider


@dataclass(frozen=True, slots=True)
class Change:
    """One change of a session in this run; `created` where it made the session."""

    session_id: str
    created: bool = False


class UndoLog:
    """The changes of this run, newest last, and those that were taken back."""

    def __init__(self) -> None:
        self._done: list[Change] = []
        self._undone: list[Change] = []

    def record(self, change: Change) -> None:
        """Take a change that was just made; what was taken back before it cannot be made again."""
        self._done.append(change)
        self._undone.clear()

    def to_undo(self, session_id: str | None = None) -> Change | None:
        """Return the last change, or the last of a session, which may have been made before this run."""
        return _last(self._done, session_id)

    def to_redo(self, session_id: str | None = None) -> Change | None:
        """Return the change that was taken back last, in general or of a session."""
        return _last(self._undone, session_id)

    def undone(self, change: Change) -> None:
        """Take note that a change was taken back."""
        _move(change, self._done, self._undone)

    def redone(self, change: Change) -> None:
        """Take note that a change was made again."""
        _move(change, self._undone, self._done)


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


def _move(change: Change, source: list[Change], target: list[Change]) -> None:
    """Move the newest such change from one list to the other."""
    for index in range(len(source) - 1, -1, -1):
        if source[index] == change:
            del source[index]
            break
    target.append(change)


def _stored(store: SessionStorageProvider, session_id: str) -> Session | None:
    """Return the stored session, None where it is in the trash."""
    try:
        return store.load(session_id)
    except SessionNotFound:
        return None
