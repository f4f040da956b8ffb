"""Editing: what can be taken back while the program runs."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

from nova_tui.domain.errors import SessionConflict, SessionNotFound
from nova_tui.domain.session import Session
from nova_tui.storage.provider import SessionStorageProvider


@dataclass(frozen=True, slots=True)
class Change:
    """One change of one session: None before it was made, None after it was deleted."""

    label: str
    before: Session | None
    after: Session | None

    @property
    def reversed(self) -> Change:
        """The change that takes this one back."""
        return Change(self.label, self.after, self.before)


class UndoLog:
    """The changes made so far, and those taken back that can be made again."""

    def __init__(self) -> None:
        self._done: list[Change] = []
        self._undone: list[Change] = []

    def record(self, change: Change) -> None:
        """Take a change that was just made; what was taken back before it cannot be made again."""
        self._done.append(change)
        self._undone.clear()

    @property
    def next_undo(self) -> Change | None:
        """The change that undo would take back."""
        return self._done[-1] if self._done else None

    @property
    def next_redo(self) -> Change | None:
        """The change that redo would make again."""
        return self._undone[-1] if self._undone else None

    def undone(self) -> None:
        """Take note that the last change was taken back."""
        self._undone.append(self._done.pop())

    def redone(self) -> None:
        """Take note that the last undone change was made again."""
        self._done.append(self._undone.pop())


def apply_change(store: SessionStorageProvider, change: Change) -> Session | None:
    """Bring a session from `change.before` to `change.after`; raise SessionConflict when it is not as it was before."""
    known = change.before or change.after
    if known is None:
        return None
    current = _stored(store, known.id)
    if current != change.before:
        raise SessionConflict(known.id, current.revision if current else None, known.revision)
    if change.after is None:
        store.delete(known.id)
        return None
    return store.save(dataclasses.replace(change.after, revision=current.revision if current else None))


def _stored(store: SessionStorageProvider, session_id: str) -> Session | None:
    """Return the stored session, None where there is none."""
    try:
        return store.load(session_id)
    except SessionNotFound:
        return None
