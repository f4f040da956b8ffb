"""LineList: any number of things, each some lines high, of which only those in sight are ever laid out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar, Final

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message

from nova_tui.tui.widgets.fast_scroll_view import FastScrollView
from nova_tui.tui.widgets.stable_strip import StableStrip
from nova_tui.tui.widgets.text_wrap import cropped

Part = tuple[str, str]
"""A text, safe to show, and the name of its style."""
Lay = Callable[[int, int], Sequence[Sequence[Part]]]
"""Returns the lines of the thing at a position, for a width."""

PREFIX: Final = "line-list--"
_RULES: Final = {
    "text": "color: $foreground;",
    "quiet": "color: $row-muted;",
    "strong": "color: $foreground; text-style: bold;",
    "accent": "color: $accent; text-style: bold;",
    "good": "color: $text-success;",
    "bad": "color: $text-error;",
    "warn": "color: $text-warning;",
    "gone": "color: $text-error; text-style: strike;",
    "bar": "color: $row-muted;",
    "cursor": "background: $foreground 6%;",
}
LINE_LIST_CSS: Final = f"""
LineList {{
    background: $background; color: $foreground; height: 1fr;
    scrollbar-color: $foreground 15%; scrollbar-color-hover: $foreground 30%; scrollbar-color-active: $foreground 40%;
    scrollbar-background: $background; scrollbar-background-hover: $background;
    scrollbar-background-active: $background;
    {"".join(f"& > .{PREFIX}{name} {{ {rule} }}" for name, rule in _RULES.items())}
    &:focus > .{PREFIX}bar {{ color: $accent; }}
    &:focus > .{PREFIX}cursor {{ background: $accent 16%; }}
    &:ansi {{
        scrollbar-color: ansi_bright_black; scrollbar-color-hover: ansi_white; scrollbar-color-active: ansi_white;
    }}
    &:ansi > .{PREFIX}cursor {{ background: ansi_default; text-style: bold; }}
}}
"""


class LineList(FastScrollView, can_focus=True, inherit_bindings=False):
    """Shows things by position, with a cursor on one of them."""

    ALLOW_SELECT: ClassVar[bool] = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,j", "move(1)", "Down", show=False, id="lines.down"),
        Binding("up,k", "move(-1)", "Up", show=False, id="lines.up"),
        Binding("pagedown", "page(1)", "Page down", show=False, id="lines.page_down"),
        Binding("pageup", "page(-1)", "Page up", show=False, id="lines.page_up"),
        Binding("ctrl+d", "page(0.5)", "Half a page down", show=False, id="lines.half_page_down"),
        Binding("ctrl+u", "page(-0.5)", "Half a page up", show=False, id="lines.half_page_up"),
        Binding("home,g", "go(0)", "First", show=False, id="lines.first"),
        Binding("end,G", "go(-1)", "Last", show=False, id="lines.last"),
    ]
    COMPONENT_CLASSES: ClassVar[set[str]] = {PREFIX + name for name in _RULES}
    DEFAULT_CSS = LINE_LIST_CSS

    class Moved(Message):
        """The cursor is on another thing, or on the first of new ones."""

        def __init__(self, index: int) -> None:
            super().__init__()
            self.index = index

    class Chosen(Message):
        """A thing was chosen with a double click; Enter is for the screen around the list to bind."""

        def __init__(self, index: int) -> None:
            super().__init__()
            self.index = index

    def __init__(self, *, each: int = 1, id: str | None = None) -> None:
        """Show things that are each `each` lines high."""
        super().__init__(id=id)
        self._each = each
        self._count = 0
        self._lay: Lay = _nothing
        self._strips: dict[tuple[int, bool], list[StableStrip]] = {}
        self.cursor = 0
        """The position under the cursor."""

    @property
    def count(self) -> int:
        """How many things there are."""
        return self._count

    def show(self, count: int, lay: Lay, cursor: int = 0) -> None:
        """Show so many things, with the cursor on one of them."""
        self._count, self._lay = count, lay
        self.cursor = max(0, min(cursor, count - 1))
        self._strips.clear()
        self.set_content_height(count * self._each)
        self._into_view()
        self.refresh()
        if count:
            self.post_message(self.Moved(self.cursor))

    def lay_anew(self) -> None:
        """Paint all again: what the things say is another."""
        self._strips.clear()
        self.refresh()

    # -- painting ----------------------------------------------------------------------------------------------------

    def forget_painted(self) -> None:
        """Drop the strips."""
        self._strips.clear()

    def paint_line(self, y: int) -> StableStrip:
        """Return one line of the window."""
        index, line = divmod(y + self.top_line, self._each)
        width = self.window.width
        if index >= self._count:
            return StableStrip([Segment(" " * width, self.component_style(PREFIX + "text"))], width)
        key = (index, index == self.cursor)
        if key not in self._strips:
            if len(self._strips) > 1000:
                self._strips.clear()
            self._strips[key] = self._paint(index, width)
        return self._strips[key][line]

    def _paint(self, index: int, width: int) -> list[StableStrip]:
        """Return the lines of one thing."""
        at = index == self.cursor
        over = (PREFIX + "cursor",) if at else ()
        lines = [*self._lay(index, max(1, width - 2)), *([()] * self._each)][: self._each]
        strips = []
        for parts in lines:
            gutter = Segment("▌ " if at else "  ", self.component_style(PREFIX + "bar", *over))
            segments = [gutter, *(Segment(text, self.component_style(PREFIX + name, *over)) for text, name in parts)]
            rest = width - sum(cell_len(segment.text) for segment in segments)
            if rest > 0:
                segments.append(Segment(set_cell_size("", rest), self.component_style(PREFIX + "text", *over)))
            strips.append(StableStrip(segments if rest >= 0 else cropped(segments, width), width))
        return strips

    def _on_resize(self, event: events.Resize) -> None:  # noqa: ARG002 - the event's own signature
        """Lay out for the new width."""
        self._strips.clear()
        self.set_content_height(self._count * self._each)
        self._into_view()

    # -- moving ------------------------------------------------------------------------------------------------------

    def move_to(self, index: int) -> None:
        """Put the cursor on a thing."""
        index = max(0, min(index, self._count - 1))
        if index != self.cursor and self._count:
            self.cursor = index
            self._into_view()
            self.refresh()
            self.post_message(self.Moved(index))

    def _into_view(self) -> None:
        """Scroll as little as needed to show the cursor."""
        top, height = self.cursor * self._each, self.window.height
        if height and top < self.top_line:
            self.jump(top)
        elif height and top + self._each > self.top_line + height:
            self.jump(top + self._each - height)

    def action_move(self, by: int) -> None:
        """Go up or down."""
        self.move_to(self.cursor + by)

    def action_page(self, pages: float) -> None:
        """Go a page up or down."""
        self.move_to(self.cursor + round(max(1, self.window.height // self._each - 1) * pages))

    def action_go(self, index: int) -> None:
        """Go to the first or the last."""
        self.move_to(index if index >= 0 else self._count - 1)

    async def _on_click(self, event: events.Click) -> None:
        """Move the cursor; a second click chooses."""
        event.prevent_default()
        offset = event.get_content_offset(self)
        index = (offset.y + self.top_line) // self._each if offset is not None else self._count
        if index < self._count:
            self.move_to(index)
            if event.chain == 2:
                self.post_message(self.Chosen(index))


def _nothing(_index: int, _width: int) -> Sequence[Sequence[Part]]:
    """Lay out nothing."""
    return ()
