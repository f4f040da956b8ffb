"""Undo and redo over numbered revisions.

A session's revisions are numbered from 1 without a gap. Undo and redo make new revisions whose content is that of an
earlier one, their `state`; `tip` is the state that redo leads towards. Before the state s lies the state of revision
s - 1, because revision s was made on it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from nova_tui.domain.errors import NothingToUndo


@dataclass(frozen=True, slots=True)
class Record:
    """One revision as a store keeps it, less the way back."""

    number: int
    at: datetime
    note: str
    state: int
    """The earlier revision that has the same content, or this one."""
    tip: int
    """The state that redo leads towards; `state` where there is nothing to redo."""
    deleted: bool = False
    """Whether the session was in the trash."""


Recall = Callable[[int], Record]
"""Returns the record of a revision."""


def undone_by(session_id: str, current: Record, recall: Recall) -> Record:
    """Return the revision that undo takes back: going back over it leads to the state before; raise NothingToUndo."""
    if current.state == 1:
        raise NothingToUndo("undo", session_id)
    return recall(current.state)


def redone_by(session_id: str, current: Record, recall: Recall) -> tuple[Record, int]:
    """Return the state that redo leads to, and the nearest revision that has its content; raise NothingToUndo."""
    if current.state == current.tip:
        raise NothingToUndo("redo", session_id)
    redone = recall(current.tip)
    while (before := recall(redone.number - 1).state) != current.state:
        redone = recall(before)
    nearest = current.number - 1
    while recall(nearest).state != redone.number:
        nearest -= 1
    return redone, nearest
