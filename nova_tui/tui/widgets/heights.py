"""Heights: the lines that each of many items takes, with fast sums."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Iterable
from itertools import accumulate
from typing import Final

_BITS: Final = 7
_BLOCK: Final = 1 << _BITS
"""Items whose sum is kept: summing up is left to loops of C, which makes building cheap for any number of items."""


class Heights:
    """Heights of items: changing one, summing up to one and finding one by line cost next to nothing."""

    __slots__ = ("_heights", "_starts", "_sums", "total")

    def __init__(self, heights: Iterable[int] = ()) -> None:
        self._heights = array("q", heights)
        self._sums = [sum(self._heights[start : start + _BLOCK]) for start in range(0, len(self._heights), _BLOCK)]
        self._starts: list[int] | None = None
        self.total: int = sum(self._sums)
        """The lines of all items."""

    def __len__(self) -> int:
        return len(self._heights)

    def __getitem__(self, index: int) -> int:
        return self._heights[index]

    def set(self, index: int, height: int) -> int:
        """Change one height; return by how much it grew."""
        change = height - self._heights[index]
        if change:
            self._heights[index] = height
            self._sums[index >> _BITS] += change
            self.total += change
            self._starts = None
        return change

    def before(self, index: int) -> int:
        """Return the lines of all items before this one: where it starts."""
        block = index >> _BITS
        return self._block_starts()[block] + sum(self._heights[block << _BITS : index])

    def locate(self, line: int) -> tuple[int, int]:
        """Return the item that covers a line and the line within it; the number of items when it is past the end."""
        if line >= self.total:
            return len(self._heights), line - self.total
        starts = self._block_starts()
        block = bisect_right(starts, line) - 1
        index, line = block << _BITS, line - starts[block]
        while line >= self._heights[index]:
            line -= self._heights[index]
            index += 1
        return index, line

    def _block_starts(self) -> list[int]:
        """Return the line that each block of items starts with, and the end."""
        if self._starts is None:
            self._starts = [0, *accumulate(self._sums)]
        return self._starts
