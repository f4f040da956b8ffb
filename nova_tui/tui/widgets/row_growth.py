"""RowGrowth: lays out a text that grows at its end, again and again; only what may still change is read anew.

Text before the last block of a Markdown document does not change any more when more text follows, so its lines stay.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from nova_tui.tui.widgets import code_spans
from nova_tui.tui.widgets.markdown_blocks import Block, last_block_start, parse, shortened
from nova_tui.tui.widgets.markdown_inline import Span
from nova_tui.tui.widgets.markdown_layout import CodeSpans, Find, Line, blank_line, layout
from nova_tui.tui.widgets.palette import Palette

COLOURED: Final = 2_000
"""Characters of code that is coloured while it grows; longer code gets its colours when it is complete."""


class RowGrowth:
    """The lines of one growing text."""

    def __init__(self) -> None:
        self._way: tuple[object, ...] = ()
        self._settled = ""
        self._lines: list[Line] = []
        self.read = 0
        """Characters that were read so far: what tests count."""

    def lines(self, text: str, width: int, palette: Palette, color: CodeSpans, find: Find | None = None) -> list[Line]:
        """Return the lines of the text; fast when the text before began it and nothing else changed."""
        way = (width, palette, find)
        if way != self._way or not text.startswith(self._settled):
            self._way, self._settled, self._lines = way, "", []
        head, note = shortened(text)
        tail = head[len(self._settled) :]
        if start := last_block_start(tail):
            self._lines += self._laid(tail[:start], width, palette, color, find)
            self._settled += tail[:start]
            tail = tail[start:]
        lines = [*self._lines, *self._laid(tail, width, palette, _growing_colors, find)]
        if note:
            lines += [blank_line(width, palette), *layout([Block("note", note)], width, palette, color, find)]
        return lines

    def _laid(self, text: str, width: int, palette: Palette, color: CodeSpans, find: Find | None) -> list[Line]:
        """Return the lines of a piece, and the blank one that parts it from what is above."""
        self.read += len(text)
        lines = layout(parse(text), width, palette, color, find)
        return [blank_line(width, palette), *lines] if lines and self._lines else lines


def _growing_colors(code: str, language: str) -> Sequence[Span]:
    """Return the colours of code that is not complete, without keeping them."""
    if len(code) > COLOURED or not code_spans.is_ready(language):
        return ()
    return code_spans.code_spans(code, language)
