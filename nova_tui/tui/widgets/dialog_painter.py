"""DialogPainter: lines of laid-out rows to strips of the window's width, with the bar of the role before them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.selection import Selection
from textual.strip import Strip

from nova_tui.domain.row import Role, Row
from nova_tui.services.reading_state import RELATIVE
from nova_tui.tui.widgets.bounded_cache import BoundedCache
from nova_tui.tui.widgets.cells import fit
from nova_tui.tui.widgets.row_renderer import RowRenderer
from nova_tui.tui.widgets.stable_strip import StableStrip
from nova_tui.tui.widgets.text_selection import key_of, span_in, with_offsets, with_selected
from nova_tui.tui.widgets.text_wrap import cropped

GUTTER: Final = 3
"""Cells before the text: a blank, the bar of the role, a blank."""
BARS: Final = {Role.USER: "▌", Role.ASSISTANT: "┃", Role.SYSTEM: "┆"}
KIND_WORDS: Final = {"t": "tool", "k": "thinking", "e": "event", "s": "summary"}
"""What hidden rows are called where all of them are of one kind."""
CURSOR_BAR: Final = "█"
"""The bar of the row under the cursor, as long as the view has the focus."""


class DialogPainter:
    """Makes strips and keeps them as long as nothing about them changed."""

    def __init__(self, renderer: RowRenderer) -> None:
        self._renderer = renderer
        self._strips: BoundedCache[tuple[object, ...], StableStrip] = BoundedCache(256)

    def forget(self) -> None:
        """Drop labels, folds and blank lines (texts belong to the laid-out rows)."""
        self._strips.clear()

    forget_labels = forget

    def blank(self, width: int) -> StableStrip:
        """Return an empty line."""
        return self._kept(("blank", width), lambda: self._strip([], width))

    def fold(self, count: int, kinds: str, line: int, width: int) -> StableStrip:
        """Return a line of a fold: the thin line, or the blank one after it; `kinds` are those of its rows."""
        if line:
            return self.blank(width)
        kind = KIND_WORDS.get(kinds[:1], "hidden") if kinds[:1] * len(kinds) == kinds else "hidden"
        words = f"{count:,} {kind} row" + ("" if count == 1 else "s")
        text = fit(f" ┄┄ {words} ┄┄", min(width, GUTTER + self._renderer.width))
        style = self._renderer.palette.style("fold")
        return self._kept(("fold", words, width), lambda: self._strip([Segment(text, style)], width))

    def label(self, row: Row, before: Row | None, width: int, state: str, *, marked: bool) -> StableStrip:
        """Return the label line of a row; `state` is "", "cursor" or "current" (the cursor where the focus is)."""
        when = self._renderer.when(row, before) if self._renderer.times == RELATIVE else ""
        key = ("label", row.id, id(row), id(before), state, marked, width, when)

        def paint() -> StableStrip:
            gutter = self._gutter(row, cursor=state == "current", state=state)
            if marked:
                sign = Segment("●", self._renderer.palette.style("mark", *([state] if state else [])))
                segments = [sign, Segment(gutter.text[1:], gutter.style)]
            else:
                segments = [gutter]
            return self._strip([*segments, *self._renderer.label(row, before, state)], width)

        return self._kept(key, paint)

    def bar(self, role: Role, width: int, *, hidden: bool, last: bool, cursor: bool) -> StableStrip:
        """Return a line with the bar alone: an editor lies over it, or the row was not read yet."""
        if last:
            return self.blank(width)
        key = ("bar", role, hidden, cursor, width)
        return self._kept(key, lambda: self._strip([self._bar(role, hidden=hidden, cursor=cursor)], width))

    def text(self, row: Row, line: int, width: int, *, cursor: bool) -> StableStrip:
        """Return a line of a row's text (1 is the first), or the blank one after it."""
        laid = self._renderer.render(row)
        if line > len(laid.lines):
            return self.blank(width)
        strip = laid.strips.get((line, cursor))
        if strip is None or strip.cell_length != width:
            segments = [self._gutter(row, cursor=cursor), *laid.lines[line - 1].segments]
            strip = laid.strips[line, cursor] = self._strip(segments, width)
        return strip

    def selected(
        self, row: Row, position: int, line: int, width: int, selection: Selection, style: Style, *, cursor: bool
    ) -> StableStrip | None:
        """Return a line with its selected part, None when nothing of it is selected."""
        lines = self._renderer.render(row).lines
        if line > len(lines):
            return None
        laid = lines[line - 1]
        span = span_in(selection, position, line, len(laid.text.rstrip()))
        if span is None or span[0] >= span[1]:
            return None
        return self._strip([self._gutter(row, cursor=cursor), *with_selected(laid, span, style)], width)

    def placed_text(self, row: Row, position: int, line: int, width: int) -> Strip | None:
        """Return a line of text whose segments know their place; None for the blank one after it."""
        lines = self._renderer.render(row).lines
        if line > len(lines):
            return None
        start = [Segment(" ", Style.from_meta({"offset": (0, key_of(position, line))}))] * GUTTER
        return Strip([*start, *with_offsets(lines[line - 1], position, line)], width)

    def placed(self, width: int, position: int, line: int) -> Strip:
        """Return a line that is no text, with one place for all of it."""
        place = Style.from_meta({"offset": (0, key_of(position, line))})
        return Strip([Segment(" ", place)] * width, width)

    def _kept(self, key: tuple[object, ...], paint: Callable[[], StableStrip]) -> StableStrip:
        """Return a strip from the cache, or paint it."""
        strip = self._strips.get(key)
        return self._strips.put(key, paint()) if strip is None else strip

    def _gutter(self, row: Row, *, cursor: bool, state: str = "") -> Segment:
        """Return what stands before a line of a row."""
        return self._bar(row.role, hidden=row.hidden, cursor=cursor, state=state)

    def _bar(self, role: Role, *, hidden: bool, cursor: bool, state: str = "") -> Segment:
        """Return the bar of a role, a heavy one in the cursor's row."""
        name = "role-hidden" if hidden else f"role-{role}"
        style = self._renderer.palette.style(name, *([state] if state else []))
        return Segment(f" {CURSOR_BAR if cursor else BARS[role]} ", style)

    def _strip(self, segments: list[Segment], width: int) -> StableStrip:
        """Return segments in exactly so many cells."""
        cells = sum(cell_len(segment.text) for segment in segments)
        if cells > width:
            return StableStrip(cropped(segments, width), width)
        if cells < width:
            segments = [*segments, Segment(" " * (width - cells), self._renderer.palette.style("text"))]
        return StableStrip(segments, width)
