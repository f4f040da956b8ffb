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
    changed: tuple[tuple[Row, Row], ...] = ()
    """Rows before and after; the id is the same."""
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
    def inverse(self) -> Difference:
        """The way back."""
        return Difference(
            self.inserted,
            self.removed,
            tuple((after, before) for before, after in self.changed),
            tuple((row_id, after, before) for row_id, before, after in self.moved),
            tuple((name, after, before) for name, before, after in self.fields),
        )

    def apply(self, session: Session) -> Session:
        """Return the state after, from the state before."""
        dialog = session.dialog
        if self.touches_rows:
            dialog = dataclasses.replace(dialog, rows=self._applied(dialog.rows))
        fields = {name: after for name, _, after in self.fields}
        if "dialog_extra" in fields:
            dialog = dataclasses.replace(dialog, extra=fields.pop("dialog_extra"))
        return dataclasses.replace(session, dialog=dialog, **fields)

    def _applied(self, rows: Sequence[Row]) -> tuple[Row, ...]:
        """Return the rows after: take out what goes or moves, change, then fill in by rising position."""
        changed = {after.id: after for _, after in self.changed}
        out = {row.id for _, row in self.removed}
        moving = {row_id for row_id, _, _ in self.moved}
        if not out and not moving:
            kept = [changed.get(row.id, row) for row in rows] if changed else list(rows)
        else:
            kept = [changed.get(row.id, row) for row in rows if row.id not in out and row.id not in moving]
        held = {row.id: changed.get(row.id, row) for row in rows if row.id in moving} if moving else {}
        placed = dict(self.inserted) | {after: held[row_id] for row_id, _, after in self.moved}
        if not placed:
            return tuple(kept)
        rest = iter(kept)
        return tuple(
            placed[position] if position in placed else next(rest) for position in range(len(kept) + len(placed))
        )


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
        tuple((before[was[row.id]], row) for _, row in shared if before[was[row.id]] != row),
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
