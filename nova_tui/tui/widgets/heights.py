"""Heights: the lines that each of many items takes, with fast sums (a Fenwick tree)."""

from __future__ import annotations

from array import array
from collections.abc import Iterable


class Heights:
    """Heights of items; changing one, summing up to one and finding one by line cost O(log n), building costs O(n)."""

    __slots__ = ("_heights", "_step", "_tree", "total")

    def __init__(self, heights: Iterable[int] = ()) -> None:
        self._heights = array("q", heights)
        count = len(self._heights)
        tree = array("q", [0])
        tree.extend(self._heights)
        for index in range(1, count + 1):
            parent = index + (index & -index)
            if parent <= count:
                tree[parent] += tree[index]
        self._tree = tree
        self._step = 1 << max(0, count.bit_length() - 1)
        self.total: int = sum(self._heights)
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
            self.total += change
            index += 1
            tree, count = self._tree, len(self._heights)
            while index <= count:
                tree[index] += change
                index += index & -index
        return change

    def before(self, index: int) -> int:
        """Return the lines of all items before this one: where it starts."""
        lines, tree = 0, self._tree
        while index:
            lines += tree[index]
            index &= index - 1
        return lines

    def locate(self, line: int) -> tuple[int, int]:
        """Return the item that covers a line and the line within it; the number of items when it is past the end."""
        index, step, tree, count = 0, self._step, self._tree, len(self._heights)
        while step:
            following = index + step
            if following <= count and tree[following] <= line:
                index = following
                line -= tree[following]
            step >>= 1
        return index, line
