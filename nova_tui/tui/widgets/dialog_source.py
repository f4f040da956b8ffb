"""What is known of a dialog before any row is laid out: how long its rows are, which are hidden, how they fold.

Nothing here touches the screen, so a thread can prepare it.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from nova_tui.domain.row import Role, Row
from nova_tui.tui.widgets.markdown_blocks import MAX_CHARACTERS, MAX_LINES

FOLD_HEIGHT = 2
"""Lines of a fold: the thin line that stands for hidden rows, and a blank one."""


@dataclass(frozen=True, slots=True)
class DialogOutline:
    """Sizes and switches of all rows, by position."""

    chars: array[int]
    """Characters of each text, as far as they are shown."""
    lines: array[int]
    """Lines besides those that long lines wrap into: label, newlines, images, calls, the blank line after the row."""
    hidden: bytes
    """1 for a hidden row."""
    users: bytes
    """1 for a row of the user."""

    @classmethod
    def of(cls, rows: Sequence[Row]) -> DialogOutline:
        """Measure the texts of rows; costs about a microsecond a row."""
        user = Role.USER
        return cls(
            array("q", [min(len(row.text), MAX_CHARACTERS) for row in rows]),
            array("q", [_lines(row) for row in rows]),
            bytes([row.hidden for row in rows]),
            bytes([row.role is user for row in rows]),
        )

    def __len__(self) -> int:
        return len(self.hidden)

    def estimates(self, width: int) -> list[int]:
        """Return about how many lines each row takes in so many cells."""
        cells = max(8, width) * 0.93
        return [lines + int(chars / cells) for lines, chars in zip(self.lines, self.chars, strict=True)]


def _lines(row: Row) -> int:
    """Return the lines of a row that wrapping does not make."""
    lines = 3 + min(row.text.count("\n"), MAX_LINES)
    if row.images:
        lines += len(row.images) + 1
    if row.metadata:
        lines += 4 * len(row.function_calls)
    return lines


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

    def heights(self, estimates: Sequence[int]) -> list[int]:
        """Return the estimated lines of all items."""
        if not self._hidden:
            return list(estimates)
        hidden = self._hidden
        return [FOLD_HEIGHT if hidden[row] else estimates[row] for row in self._starts]

    def next_row(self, item: int, step: int) -> int | None:
        """Return the nearest item from `item` on, in steps of 1 or -1, that is a row; None when there is none."""
        while 0 <= item < len(self):
            if not self.is_fold(item):
                return item
            item += step
        return None
