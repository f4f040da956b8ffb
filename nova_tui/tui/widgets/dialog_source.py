"""What follows from a dialog's outline before any row is laid out: how high its rows are, and how they fold.

Nothing here touches the screen, so a thread can prepare it.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Collection, Iterable, Sequence
from itertools import repeat
from operator import add, floordiv

from nova_tui.domain.outline import DialogOutline
from nova_tui.tui.widgets.markdown_blocks import MAX_CHARACTERS, MAX_LINES
from nova_tui.tui.widgets.row_folds import FOLDED_HEIGHT, folded_from

FOLD_HEIGHT = 2
"""Lines of a fold: the thin line that stands for hidden rows, and a blank one."""


def estimates(
    outline: DialogOutline, width: int, start: int = 0, stop: int | None = None, *, folded: int | None = None
) -> array[int]:
    """Return about how many lines each row takes in so many cells: label and blank line, its own, those of wrapping.

    Rows of `folded` lines and more are folded.
    """
    cells = max(8, int(width * 0.93))
    chars, lines = outline.chars[start:stop], outline.lines[start:stop]
    if chars and max(chars) > MAX_CHARACTERS:
        chars = array("q", [min(count, MAX_CHARACTERS) for count in chars])
    if lines and max(lines) > MAX_LINES:
        lines = array("q", [min(count, MAX_LINES) for count in lines])
    high = array("q", map(add, map(add, lines, repeat(2)), map(floordiv, chars, repeat(cells))))
    if folded is not None and (long := folded_from(outline, start, stop, folded)):
        high = array(
            "q", [min(each, FOLDED_HEIGHT) if is_long else each for each, is_long in zip(high, long, strict=True)]
        )
    return high


class RowHeights:
    """How many lines each row takes, by position: exact where it was laid out, else estimated."""

    __slots__ = ("_exact", "lines")

    def __init__(self, lines: array[int], exact: bytearray | None = None) -> None:
        self.lines = lines
        self._exact = bytearray(len(lines)) if exact is None else exact

    def exact(self, position: int) -> int | None:
        """Return the lines of a row that was laid out, None for any other."""
        return self.lines[position] if self._exact[position] else None

    def set(self, position: int, lines: int) -> int:
        """Take the lines of a row that was laid out, and return them."""
        self.lines[position], self._exact[position] = lines, 1
        return lines

    def forget(self, position: int, lines: int) -> None:
        """Take an estimate for a row that is to be laid out anew."""
        self.lines[position], self._exact[position] = lines, 0

    def carried(
        self,
        old: Sequence[str],
        outline: DialogOutline,
        width: int,
        changed: Collection[str],
        folded: int | None = None,
    ) -> RowHeights:
        """Return the heights for other rows of the same dialog, where these ones changed."""
        new = outline.ids
        first = _common(old, new)
        last = _common(old[: first - 1 if first else None : -1], new[: first - 1 if first else None : -1])
        stop_old, stop_new = len(old) - last, len(new) - last
        estimated = estimates(outline, width, first, stop_new, folded=folded)
        lines = self.lines[:first] + estimated + self.lines[stop_old:]
        exact = self._exact[:first] + bytearray(stop_new - first) + self._exact[stop_old:]
        for row_id in changed:
            at = outline.positions.get(row_id)
            if at is not None and exact[at]:
                lines[at], exact[at] = estimates(outline, width, at, at + 1, folded=folded)[0], 0
        return RowHeights(lines, exact)

    def only(self, positions: Iterable[int]) -> RowHeights:
        """Return these heights with those of all other rows no better than estimates."""
        exact = bytearray(len(self.lines))
        for position in positions:
            exact[position] = self._exact[position]
        return RowHeights(self.lines, exact)


def _common(one: Sequence[str], other: Sequence[str]) -> int:
    """Return how many ids two sequences begin with alike, by comparing halves of them."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


class DialogItems:
    """What a dialog shows from top to bottom: rows, and folds that each stand for hidden rows in succession."""

    __slots__ = ("_hidden", "_rows", "_starts")

    def __init__(self, hidden: bytes = b"", *, show_hidden: bool = True) -> None:
        self._rows = len(hidden)
        folds = not show_hidden and 1 in hidden
        self._hidden = hidden if folds else b""
        self._starts: Sequence[int] = range(self._rows)
        if folds:
            self._starts = array(
                "q",
                [index for index, is_hidden in enumerate(hidden) if not (is_hidden and index and hidden[index - 1])],
            )

    def __len__(self) -> int:
        return len(self._starts)

    def is_fold(self, item: int) -> bool:
        """Return whether the item stands for hidden rows."""
        return bool(self._hidden) and self._hidden[self._starts[item]] == 1

    def row_at(self, item: int) -> int:
        """Return the position of the item's row, the first one for a fold."""
        return self._starts[item]

    def rows_in(self, item: int) -> int:
        """Return how many rows the item stands for."""
        after = self._starts[item + 1] if item + 1 < len(self._starts) else self._rows
        return after - self._starts[item]

    def item_of(self, row: int) -> int:
        """Return the item that shows a row, or stands for it."""
        return max(0, bisect_right(self._starts, row) - 1)

    def heights(self, lines: Sequence[int]) -> Sequence[int]:
        """Return the lines of all items, where those of all rows are given."""
        if not self._hidden:
            return lines
        hidden = self._hidden
        return [FOLD_HEIGHT if hidden[row] else lines[row] for row in self._starts]

    def next_row(self, item: int, step: int) -> int | None:
        """Return the nearest item from `item` on, in steps of 1 or -1, that is a row; None when there is none."""
        while 0 <= item < len(self):
            if not self.is_fold(item):
                return item
            item += step
        return None
