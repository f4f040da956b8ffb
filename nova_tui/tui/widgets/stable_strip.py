"""StableStrip: a Strip that is cheap to keep for many frames."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter
from textual.strip import Strip

from nova_tui.tui.widgets.textual_private import allow_dividing, init_strip, segments_of


class StableStrip(Strip):
    """A line that is painted again and again; it has no caches and no reference to itself, so it dies at once."""

    __slots__ = ("_filtered",)

    def __init__(self, segments: list[Segment], cell_length: int) -> None:
        init_strip(self, segments, cell_length)
        self._filtered: tuple[object, Strip] | None = None

    def divide(self, cuts: Iterable[int]) -> Sequence[Strip]:
        """Cut the line; one that stays whole is not remembered in itself."""
        inside = [cut for cut in cuts if cut <= self.cell_length]
        if inside == [self.cell_length]:
            return [self]
        allow_dividing(self)
        return super().divide(inside)

    def filtered(self, filters: Sequence[LineFilter], key: object, background: Color) -> Strip:
        """Return the line as the app's filters change it, made once for a `key` (the filters and the background)."""
        if not filters:
            return self
        if self._filtered is None or self._filtered[0] != key:
            segments = own = segments_of(self)
            for line_filter in filters:
                segments = line_filter.apply(segments, background)
            same = segments is own or segments == own
            # an unchanged line is marked by None: a strip that refers to itself would wait for the garbage collector
            self._filtered = (key, _UNCHANGED if same else StableStrip(list(segments), self.cell_length))
        line = self._filtered[1]
        return self if line is _UNCHANGED else line


_UNCHANGED = Strip([], 0)
