"""Difference: what lies between two states of a session, row by row, and how to go from one to the other."""

from __future__ import annotations

import dataclasses
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from nova_tui.domain.row import Row
from nova_tui.domain.session import Session

FIELDS: Final = ("created_at", "updated_at", "app_data", "extra", "dialog_extra")
"""What a session has beside its rows, its id and its owner."""


@dataclass(frozen=True, slots=True)
class Difference:
    """What to do to one state of a session to get the other; positions count from 0 in the state they name."""

    removed: tuple[tuple[int, Row], ...] = ()
    """Rows that are gone, with their positions before."""
    inserted: tuple[tuple[int, Row], ...] = ()
    """Rows that are new, with their positions after."""
    changed: tuple[tuple[int, Row, Row], ...] = ()
    """Positions before, and rows before and after; their ids are the same."""
    moved: tuple[tuple[str, int, int], ...] = ()
    """Ids of rows that stand elsewhere among the rows that stayed, with their positions before and after."""
    fields: tuple[tuple[str, Any, Any], ...] = ()
    """Names out of FIELDS, with their values before and after."""

    def __bool__(self) -> bool:
        return bool(self.removed or self.inserted or self.changed or self.moved or self.fields)

    @property
    def touches_rows(self) -> bool:
        """Whether any row differs or stands elsewhere."""
        return bool(self.removed or self.inserted or self.changed or self.moved)

    @property
    def patch(self) -> Patch:
        """What it takes to go from the state before to the state after, and no more."""
        return Patch(
            tuple(row.id for _, row in self.removed),
            self.inserted,
            tuple(after for _, _, after in self.changed),
            tuple((row_id, position) for row_id, _, position in self.moved),
            tuple((name, after) for name, _, after in self.fields),
        )

    @property
    def back(self) -> Patch:
        """What it takes to go from the state after to the state before."""
        return Patch(
            tuple(row.id for _, row in self.inserted),
            self.removed,
            tuple(before for _, before, _ in self.changed),
            tuple((row_id, position) for row_id, position, _ in self.moved),
            tuple((name, before) for name, before, _ in self.fields),
        )


@dataclass(frozen=True, slots=True)
class Patch:
    """One direction of a difference: what turns one state of a session into the other."""

    drop: tuple[str, ...] = ()
    """Ids of rows to take out."""
    put: tuple[tuple[int, Row], ...] = ()
    """Rows to put in, with the positions where they stand at the end."""
    change: tuple[Row, ...] = ()
    """Rows to put in the place of those with the same ids."""
    move: tuple[tuple[str, int], ...] = ()
    """Ids of rows to move, with the positions where they stand at the end."""
    fields: tuple[tuple[str, Any], ...] = ()
    """Names out of FIELDS with their values."""

    def apply(self, session: Session) -> Session:
        """Return the other state; raise ValueError where the patch does not fit."""
        dialog = session.dialog
        if self.drop or self.put or self.change or self.move:
            dialog = dataclasses.replace(dialog, rows=self._applied(dialog.rows))
        fields = dict(self.fields)
        if "dialog_extra" in fields:
            dialog = dataclasses.replace(dialog, extra=fields.pop("dialog_extra"))
        return dataclasses.replace(session, dialog=dialog, **fields)

    def _applied(self, rows: tuple[Row, ...]) -> tuple[Row, ...]:
        """Return the rows after: change, take out what goes or moves, then fill in at the final positions."""
        changed = {row.id: row for row in self.change}
        moving = {row_id for row_id, _ in self.move}
        out = moving.union(self.drop)
        rows = tuple(changed.get(row.id, row) for row in rows) if changed else rows
        placed = dict(self.put)
        if moving:
            held = {row.id: row for row in rows if row.id in moving}
            placed |= {position: held[row_id] for row_id, position in self.move if row_id in held}
        kept = tuple(row for row in rows if row.id not in out) if out else rows
        total = len(kept) + len(placed)
        fits = len(placed) == len(self.put) + len(moving) and total == len(rows) - len(self.drop) + len(self.put)
        if not fits or any(not 0 <= position < total for position in placed):
            raise ValueError("a change does not fit the rows it is for")
        if not placed:
            return kept
        if len(placed) == 1:
            ((position, row),) = placed.items()
            return (*kept[:position], row, *kept[position:])
        rest = iter(kept)
        return tuple(placed[position] if position in placed else next(rest) for position in range(total))


def fields_of(session: Session) -> tuple[Any, ...]:
    """Return the values of FIELDS."""
    return (session.created_at, session.updated_at, session.app_data, session.extra, session.dialog.extra)


def compare(before: Session, after: Session) -> Difference:
    """Return what lies between two states of a session; false when they are equal."""
    fields = tuple(
        (name, old, new)
        for name, old, new in zip(FIELDS, fields_of(before), fields_of(after), strict=True)
        if old != new
    )
    if before.dialog.rows is after.dialog.rows:
        return Difference(fields=fields)
    return dataclasses.replace(compare_rows(before.dialog.rows, after.dialog.rows), fields=fields)


def compare_rows(before: tuple[Row, ...], after: tuple[Row, ...]) -> Difference:
    """Return what lies between two sequences of rows, each with ids of their own."""
    start = _common_prefix(before, after)
    end = _common_suffix(before[start:], after[start:])
    old, new = before[start : len(before) - end], after[start : len(after) - end]
    if not old and not new:
        return Difference()
    was = {row.id: position for position, row in enumerate(old, start)}
    remains = {row.id for row in new}
    shared = [(position, row) for position, row in enumerate(new, start) if row.id in was]
    staying = _rising([was[row.id] for _, row in shared])
    return Difference(
        tuple((position, row) for position, row in enumerate(old, start) if row.id not in remains),
        tuple((position, row) for position, row in enumerate(new, start) if row.id not in was),
        tuple((was[row.id], before[was[row.id]], row) for _, row in shared if before[was[row.id]] != row),
        tuple((row.id, was[row.id], position) for position, row in shared if was[row.id] not in staying),
    )


def _common_prefix(one: tuple[Row, ...], other: tuple[Row, ...]) -> int:
    """Return how many rows are equal from the start, by comparing whole slices: tuples compare fast."""
    low, high = 0, min(len(one), len(other))
    if one[:high] == other[:high]:
        return high
    while high - low > 1:
        middle = (low + high) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle
    return low


def _common_suffix(one: tuple[Row, ...], other: tuple[Row, ...]) -> int:
    """Return how many rows are equal from the end."""
    return _common_prefix(one[::-1], other[::-1])


def _rising(numbers: Sequence[int]) -> set[int]:
    """Return a longest rising subsequence of distinct numbers, by patience sorting."""
    tops: list[int] = []
    previous: dict[int, int | None] = {}
    for number in numbers:
        pile = bisect_left(tops, number)
        previous[number] = tops[pile - 1] if pile else None
        tops[pile : pile + 1] = [number]
    found: set[int] = set()
    last = tops[-1] if tops else None
    while last is not None:
        found.add(last)
        last = previous[last]
    return found
