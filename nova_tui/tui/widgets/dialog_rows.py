"""DialogRows: the rows of a dialog as far as they were read, and which of them are wanted next.

Nothing here touches the screen, so a thread can prepare it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import Final

from nova_tui.domain.outline import DialogOutline
from nova_tui.domain.row import Row
from nova_tui.services.excerpt import WINDOW, Span, spans_of
from nova_tui.tui.widgets.bounded_cache import BoundedCache

KEPT: Final = 512
"""Rows that are kept when they were read by windows."""
_STRANGERS: Final = 64
"""Rows that are not found before it is asked whether any of a dialog's rows is there."""


class DialogRows:
    """The outline of a dialog and some of its rows: all of them, or those that were read last."""

    __slots__ = ("_kept", "added", "outline")

    def __init__(self, outline: DialogOutline, rows: Iterable[Row] = (), *, keep: int = KEPT) -> None:
        self.outline = outline
        self.added: int | None = None
        """Where a row stands that is not stored yet."""
        self._kept: BoundedCache[str, Row] = BoundedCache(keep)
        self.put(rows)

    @classmethod
    def of(cls, rows: Sequence[Row]) -> DialogRows:
        """Return rows that are all there."""
        return cls(DialogOutline.of(rows), rows, keep=max(KEPT, len(rows)))

    def __len__(self) -> int:
        return len(self.outline)

    @property
    def ids(self) -> Sequence[str]:
        """The ids of all rows, in order."""
        return self.outline.ids

    def id(self, position: int) -> str:
        """Return the id of a row."""
        return self.outline.ids[position]

    def position(self, row_id: str) -> int | None:
        """Return where a row stands; None where it is not in the dialog."""
        return self.outline.positions.get(row_id)

    def row(self, position: int) -> Row | None:
        """Return a row; None where it was not read yet."""
        return self._kept.get(self.outline.ids[position])

    def put(self, rows: Iterable[Row]) -> None:
        """Take rows that were read; an equal one that is there already stays."""
        for row in rows:
            if row.id in self.outline.positions and self._kept.get(row.id) != row:
                self._kept.put(row.id, row)

    def adopt(self, older: DialogRows) -> set[str]:
        """Go on with those rows of an older state that are still the same; return their ids."""
        same = {row.id: row for row in older._kept.values() if self._kept.get(row.id) == row}
        for row_id, row in same.items():
            self._kept.put(row_id, row)
        return set(same)

    def after(self, outline: DialogOutline, changed: Mapping[str, Row]) -> DialogRows:
        """Return the rows after a change, of which all that differ are given."""
        left = DialogRows(outline, keep=max(self._kept.size, len(outline) if self.is_whole else 0))
        left.put(row for row in self._kept.values() if row.id not in changed)
        left.put(changed.values())
        return left

    def with_row(self, position: int, row: Row) -> DialogRows:
        """Return the rows with one more that is not stored yet."""
        more = DialogRows(self.outline.with_row(position, row), keep=self._kept.size + 1)
        more.put(self._kept.values())
        more.put((row,))
        more.added = position
        return more

    def stored(self, span: Span) -> Span:
        """Return a span of positions as the store counts them."""
        if self.added is None:
            return span
        start, stop = span
        return start - (start > self.added), stop - (stop > self.added)

    @property
    def is_whole(self) -> bool:
        """Whether all rows are there."""
        return len(self._kept) >= len(self.outline)

    def survivor(self, old_ids: Sequence[str], position: int) -> tuple[int, int] | None:
        """Return where the nearest row of an older state that is still there is now and was; None where none is."""
        for tried, old in enumerate(chain(range(position, len(old_ids)), range(position - 1, -1, -1))):
            new = self.position(old_ids[old])
            if new is not None:
                return new, old
            if tried == _STRANGERS and self.outline.positions.keys().isdisjoint(old_ids):
                return None
        return None

    def successor(self, old_ids: Sequence[str], position: int) -> int:
        """Return where a row of an older state is now, or the row that took its place."""
        for old in range(position, len(old_ids)):
            new = self.position(old_ids[old])
            if new is not None:
                return new
        return len(self) - 1

    def lacking(self, positions: Iterable[int]) -> list[int]:
        """Return those positions whose rows were not read yet."""
        return [position for position in positions if self.row(position) is None]

    def windows(self, lacking: Iterable[int]) -> list[Span]:
        """Return what to read so that rows at these positions, in rising order, are there."""
        return [self._widened(span) for span in spans_of(self.outline, lacking)]

    def _widened(self, span: Span) -> Span:
        """Return a span with as many rows more as a window holds, where they were not read yet."""
        start, stop = span
        room = max(0, WINDOW - (stop - start))
        below = above = room // 2
        if start and self.row(start - 1) is not None:
            below, above = room, 0
        elif stop < len(self) and self.row(stop) is not None:
            below, above = 0, room
        wide = spans_of(self.outline, range(max(0, start - above), min(len(self), stop + below)))
        return next((one for one in wide if one[0] <= start and stop <= one[1]), span)
