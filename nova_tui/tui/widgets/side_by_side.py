"""SideBySide: two dialogs row beside row; equal rows are one line each, words that differ are coloured."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from difflib import SequenceMatcher
from itertools import pairwise
from typing import ClassVar, Final

from rich._wrap import divide_line
from rich.segment import Segment
from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message

from nova_tui.domain.row import Row
from nova_tui.services.alignment import Pair
from nova_tui.services.reading import row_lines
from nova_tui.tui.widgets.bounded_cache import BoundedCache
from nova_tui.tui.widgets.cells import fit, shown_line
from nova_tui.tui.widgets.fast_scroll_view import FastScrollView
from nova_tui.tui.widgets.heights import Heights
from nova_tui.tui.widgets.stable_strip import StableStrip
from nova_tui.tui.widgets.text_wrap import cropped

LONGEST: Final = 20_000
"""Characters of a row that are shown."""
MOST_WORDS: Final = 3_000
"""Words of a row up to which changed ones are looked for; longer rows are coloured as a whole."""
GUTTER: Final = 2
"""Cells before each side: the cursor's bar, or a mark."""
PREFIX: Final = "side-by-side--"
_WORD: Final = re.compile(r"\w+|\s+|[^\w\s]")
_RULES: Final = {
    "text": "color: $foreground;",
    "same": "color: $row-muted;",
    "head": "color: $row-muted;",
    "gone": "color: $text-error;",
    "come": "color: $text-success;",
    "none": "color: $row-muted;",
    "role-user": "color: $role-user; text-style: bold;",
    "role-assistant": "color: $role-assistant; text-style: bold;",
    "role-system": "color: $role-system; text-style: bold;",
    "bar": "color: $accent;",
    "cursor": "background: $accent 12%;",
}
_CSS: Final = f"""
SideBySide {{
    background: $background; color: $foreground; height: 1fr;
    scrollbar-color: $foreground 15%; scrollbar-color-hover: $foreground 30%; scrollbar-color-active: $foreground 40%;
    scrollbar-background: $background; scrollbar-background-hover: $background;
    scrollbar-background-active: $background;
    {"".join(f"& > .{PREFIX}{name} {{ {rule} }}" for name, rule in _RULES.items())}
    &:ansi {{
        scrollbar-color: ansi_bright_black; scrollbar-color-hover: ansi_white; scrollbar-color-active: ansi_white;
    }}
    &:ansi > .{PREFIX}cursor {{ background: ansi_default; }}
    &:ansi > .{PREFIX}gone {{ text-style: underline; }}
    &:ansi > .{PREFIX}come {{ text-style: underline; }}
}}
"""
Span = tuple[int, int]


class SideBySide(FastScrollView, can_focus=True, inherit_bindings=False):
    """Shows pairs of rows, with a cursor on one of them."""

    ALLOW_SELECT: ClassVar[bool] = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,j", "move(1)", "Down", show=False, id="compare.down"),
        Binding("up,k", "move(-1)", "Up", show=False, id="compare.up"),
        Binding("pagedown,ctrl+d", "page(1)", "Page down", show=False, id="compare.page_down"),
        Binding("pageup,ctrl+u", "page(-1)", "Page up", show=False, id="compare.page_up"),
        Binding("home,g", "go(0)", "First", show=False, id="compare.first"),
        Binding("end,G", "go(-1)", "Last", show=False, id="compare.last"),
    ]
    COMPONENT_CLASSES: ClassVar[set[str]] = {PREFIX + name for name in _RULES}
    DEFAULT_CSS = _CSS

    class Moved(Message):
        """The cursor is on another pair."""

    class Widened(Message):
        """Other heights are wanted, for another width."""

    def __init__(self) -> None:
        super().__init__()
        self.pairs: Sequence[Pair] = ()
        """What is shown."""
        self.marked: Collection[int] = ()
        """Positions of marked pairs."""
        self.cursor = 0
        """The position of the pair under the cursor."""
        self._heights = Heights()
        self._numbers: Sequence[tuple[int, int]] = ()
        self._laid: BoundedCache[int, list[StableStrip]] = BoundedCache(200)
        self.laid = 0
        """How many pairs were laid out so far: what tests count."""

    @property
    def side(self) -> int:
        """Cells of one side."""
        return max(1, (self.window.width - 1) // 2 - GUTTER)

    def show(self, pairs: Sequence[Pair], heights: Heights, numbers: Sequence[tuple[int, int]], cursor: int) -> None:
        """Show pairs that a thread measured for `side`, with the numbers of their rows."""
        self.pairs, self._heights, self._numbers = pairs, heights, numbers
        self.cursor = max(0, min(cursor, len(pairs) - 1))
        self._laid.clear()
        self.set_content_height(heights.total)
        self._into_view()
        self.refresh()
        self.post_message(self.Moved())

    def lay_anew(self) -> None:
        """Paint all again."""
        self._laid.clear()
        self.refresh()

    def forget_painted(self) -> None:
        """Drop the strips."""
        self._laid.clear()

    def _on_resize(self, event: events.Resize) -> None:  # noqa: ARG002 - the event's own signature
        """Ask for other heights."""
        self._laid.clear()
        self.post_message(self.Widened())

    # -- painting ----------------------------------------------------------------------------------------------------

    def paint_line(self, y: int) -> StableStrip:
        """Return one line of the window."""
        width = self.window.width
        if self._heights.total and y + self.top_line < self._heights.total:
            index, line = self._heights.locate(y + self.top_line)
            strips = self._laid.get(index)
            if strips is None:
                strips = self._laid.put(index, self._paint(index, width))
            if line < len(strips):
                return strips[line]
        return StableStrip([Segment(" " * width, self.component_style(PREFIX + "text"))], width)

    def _paint(self, index: int, width: int) -> list[StableStrip]:
        """Return the lines of a pair."""
        self.laid += 1
        pair, side = self.pairs[index], self.side
        over = [PREFIX + "cursor"] if index == self.cursor else []
        texts = [_text(row) for row in (pair.left, pair.right)]
        if pair.same:
            both = zip((pair.left, pair.right), self._numbers[index], strict=True)
            columns = [self._same(row, number, side) for row, number in both]
        else:
            changed = _changed(*texts) if pair.left is not None and pair.right is not None else None
            columns = []
            for at, row in enumerate((pair.left, pair.right)):
                spans = [(0, len(texts[at]))] if changed is None else changed[at]
                columns.append(self._different(row, texts[at], spans, self._numbers[index][at], side, at))
        strips = []
        bar = "▌" if index == self.cursor else " "
        for number in range(self._heights[index]):
            segments: list[Segment] = []
            for at, column in enumerate(columns):
                mark = "●" if index in self.marked and number == 0 else " "
                segments.append(Segment(bar + mark, self.component_style(PREFIX + "bar", *over)))
                parts = column[number] if number < len(column) else []
                line = [Segment(text, self.component_style(PREFIX + name, *over)) for text, name in parts]
                line.append(Segment(" ", self.component_style(PREFIX + "text", *over)))
                segments += _exactly(line, side)
                if not at:
                    segments.append(Segment("│", self.component_style(PREFIX + "none", *over)))
            strips.append(StableStrip(cropped(segments, width), width))
        return strips

    def _same(self, row: Row | None, number: int, side: int) -> list[list[tuple[str, str]]]:
        """Return the one line of a row that both sides have."""
        first = shown_line(row.text, 400) if row is not None else ""
        head = f"{number:>4} {row.role.value if row is not None else ''} "
        return [[(fit(f"{head:<16}{first}", side), "same")]]

    def _different(
        self, row: Row | None, text: str, spans: Sequence[Span], number: int, side: int, at: int
    ) -> list[list[tuple[str, str]]]:
        """Return the lines of a row that the other side has not, or not so."""
        if row is None:
            return [[("     ┄", "none")]]
        facts = " ".join(word for word, on in (("hidden", row.hidden), ("excluded", row.excluded)) if on)
        head = [(f"{number:>4} ", "head"), (row.role.value, f"role-{row.role.value}"), (f"  {facts}", "head")]
        style = "come" if at else "gone"
        lines = [head]
        for start, end in _pieces(text, side):
            lines.append(_coloured(text, start, end, spans, style))
        return lines

    # -- moving ------------------------------------------------------------------------------------------------------

    def move_to(self, index: int) -> None:
        """Put the cursor on a pair."""
        index = max(0, min(index, len(self.pairs) - 1))
        if self.pairs and index != self.cursor:
            self._laid.drop(self.cursor)
            self._laid.drop(index)
            self.cursor = index
            self._into_view()
            self.refresh()
            self.post_message(self.Moved())

    def _into_view(self) -> None:
        """Scroll as little as needed to show the pair, its beginning at least."""
        if not self.pairs or not self.window.height:
            return
        top, height = self._heights.before(self.cursor), self._heights[self.cursor]
        if top < self.top_line or height >= self.window.height:
            self.jump(top)
        elif top + height > self.top_line + self.window.height:
            self.jump(top + height - self.window.height)

    def action_move(self, by: int) -> None:
        """Go up or down; a pair that is higher than the window is scrolled through first."""
        if self.pairs:
            top, height = self._heights.before(self.cursor), self._heights[self.cursor]
            below = top + height - self.top_line - self.window.height
            if by > 0 and below > 0:
                self.jump(self.top_line + min(below, max(1, self.window.height // 2)))
                return
            if by < 0 and self.top_line > top:
                self.jump(max(top, self.top_line - max(1, self.window.height // 2)))
                return
        self.move_to(self.cursor + by)

    def action_page(self, pages: int) -> None:
        """Go a page up or down."""
        line = self.top_line + pages * max(1, self.window.height - 2)
        self.jump(line)
        if self.pairs:
            index, _ = self._heights.locate(max(0, min(self.top_line, self._heights.total - 1)))
            at_end = self.top_line + self.window.height >= self._heights.total
            self._laid.clear()
            self.cursor = len(self.pairs) - 1 if pages > 0 and at_end else index
            self.refresh()
            self.post_message(self.Moved())

    def action_go(self, index: int) -> None:
        """Go to the first or the last."""
        self.move_to(index if index >= 0 else len(self.pairs) - 1)

    def to_difference(self, step: int) -> None:
        """Go to the next pair that is not equal, or the one before."""
        ways = range(self.cursor + step, len(self.pairs) if step > 0 else -1, step)
        found = next((at for at in ways if not self.pairs[at].same), None)
        if found is not None:
            self.move_to(found)

    async def _on_click(self, event: events.Click) -> None:
        """Move the cursor."""
        event.prevent_default()
        offset = event.get_content_offset(self)
        if offset is not None and offset.y + self.top_line < self._heights.total:
            self.move_to(self._heights.locate(offset.y + self.top_line)[0])


# -- laying out, also on a thread ---------------------------------------------------------------------------------


def measured(pairs: Sequence[Pair], side: int) -> Heights:
    """Return how many lines each pair takes."""
    return Heights(1 if pair.same else _height(pair, side) for pair in pairs)


def numbered(pairs: Sequence[Pair]) -> list[tuple[int, int]]:
    """Return the numbers of the rows on both sides, from 1; 0 where there is none."""
    left = right = 0
    numbers = []
    for pair in pairs:
        left += pair.left is not None
        right += pair.right is not None
        numbers.append((left if pair.left is not None else 0, right if pair.right is not None else 0))
    return numbers


def _height(pair: Pair, side: int) -> int:
    """Return the lines of two rows that differ: a head, the longer text, a blank line."""
    lengths = [len(_pieces(_text(row), side)) for row in (pair.left, pair.right) if row is not None]
    return 2 + max(lengths, default=0)


def _text(row: Row | None) -> str:
    """Return what is shown of a row, safe to show."""
    if row is None:
        return ""
    text = "\n".join(row_lines(row))
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def _pieces(text: str, width: int) -> list[Span]:
    """Return the lines of a text in so many cells, as places in it."""
    pieces: list[Span] = []
    start = 0
    for line in text.split("\n"):
        cuts = [] if len(line) <= width and line.isascii() else divide_line(line, width)
        edges = [0, *cuts, len(line)]
        pieces += [(start + low, start + high) for low, high in pairwise(edges)]
        start += len(line) + 1
    return pieces


def _changed(left: str, right: str) -> tuple[list[Span], list[Span]]:
    """Return which words of two texts differ, as places in each."""
    one, other = _WORD.findall(left), _WORD.findall(right)
    if len(one) > MOST_WORDS or len(other) > MOST_WORDS:
        return [(0, len(left))], [(0, len(right))]
    spans: tuple[list[Span], list[Span]] = ([], [])
    places = [_places(one), _places(other)]
    for verb, low, high, new_low, new_high in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        if verb != "equal":
            spans[0].append((places[0][low], places[0][high]))
            spans[1].append((places[1][new_low], places[1][new_high]))
    return spans


def _places(words: Sequence[str]) -> list[int]:
    """Return where each word begins, and where the last one ends."""
    places = [0]
    for word in words:
        places.append(places[-1] + len(word))
    return places


def _coloured(text: str, start: int, end: int, spans: Sequence[Span], style: str) -> list[tuple[str, str]]:
    """Return a piece of a text, what lies in the spans in a style of its own."""
    parts: list[tuple[str, str]] = []
    at = start
    for low, high in spans:
        if high <= at or low >= end:
            continue
        if low > at:
            parts.append((text[at:low], "text"))
        parts.append((text[max(at, low) : min(high, end)], style))
        at = min(high, end)
    if at < end:
        parts.append((text[at:end], "text"))
    return parts


def _exactly(line: list[Segment], width: int) -> list[Segment]:
    """Return a line in exactly so many cells."""
    rest = width - sum(segment.cell_length for segment in line)
    if rest > 0:
        return [*line, Segment(" " * rest, line[-1].style)]
    return cropped(line, width)
