"""Marks: the set of things that the next verb acts on, and ranges of them."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence


class Marks:
    """Marked ids; they outlive filters and other orders. While a range runs, it follows the cursor."""

    def __init__(self) -> None:
        self.ids: set[str] = set()
        """What is marked."""
        self._anchor: str | None = None
        self._before: set[str] = set()

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def ranging(self) -> bool:
        """Whether a range runs."""
        return self._anchor is not None

    def toggle(self, id: str) -> None:
        """Mark one, or take its mark away."""
        self.ids ^= {id}

    def begin_range(self, id: str) -> None:
        """Start a range at this one."""
        self._anchor = id
        self._before = set(self.ids)
        self.ids = self._before | {id}

    def end_range(self) -> None:
        """Keep what the range marked."""
        self._anchor = None
        self._before = set()

    def stretch(self, ids: Sequence[str], cursor: int) -> bool:
        """Let the range reach from its start to the cursor in `ids`; False when its start is not among them."""
        if self._anchor is None:
            return False
        try:
            start = ids.index(self._anchor)
        except ValueError:
            self.end_range()
            return False
        low, high = sorted((start, cursor))
        self.ids = self._before | set(ids[low : high + 1])
        return True

    def toggle_all(self, ids: Iterable[str]) -> None:
        """Mark all, or none when all are marked already."""
        self.end_range()
        every = set(ids)
        self.ids = self.ids - every if every <= self.ids else self.ids | every

    def keep(self, ids: Container[str]) -> None:
        """Take the marks of all others away."""
        self.ids = {id for id in self.ids if id in ids}
        self._before = {id for id in self._before if id in ids}

    def clear(self) -> None:
        """Take all marks away."""
        self.end_range()
        self.ids = set()
