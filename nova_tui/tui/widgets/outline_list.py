"""OutlineList: the user's rows of a dialog and its chapters, a line each, however many there are."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message

from nova_tui.domain.outline import ROLE_CODES, DialogOutline
from nova_tui.domain.row import Role
from nova_tui.tui.widgets.cells import fit
from nova_tui.tui.widgets.fast_scroll_view import FastScrollView
from nova_tui.tui.widgets.stable_strip import StableStrip

_PREFIX = "outline-list--"


class OutlineList(FastScrollView, can_focus=True, inherit_bindings=False):
    """Shows rows by their first lines; what they say comes in later, and moves nothing under the cursor."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,j,J", "move(1)", "Down", show=False, id="outline.down"),
        Binding("up,k,K", "move(-1)", "Up", show=False, id="outline.up"),
        Binding("pagedown,ctrl+d", "page(1)", "Page down", show=False, id="outline.page_down"),
        Binding("pageup,ctrl+u", "page(-1)", "Page up", show=False, id="outline.page_up"),
        Binding("home,g", "end(-1)", "First", show=False, id="outline.first"),
        Binding("end,G", "end(1)", "Last", show=False, id="outline.last"),
        Binding("enter", "choose", "Go there", show=False, id="outline.choose"),
    ]
    COMPONENT_CLASSES: ClassVar[set[str]] = {_PREFIX + name for name in ("text", "number", "chapter", "cursor")}
    DEFAULT_CSS = """
    OutlineList {
        height: 1fr; background: $background; color: $foreground;
        scrollbar-color: $foreground 15%; scrollbar-background: $background;
        & > .outline-list--text { color: $foreground; }
        & > .outline-list--number { color: $row-muted; }
        & > .outline-list--chapter { color: $accent; text-style: bold; }
        & > .outline-list--cursor { background: $accent 16%; }
        &:ansi > .outline-list--cursor { background: ansi_default; text-style: bold underline; }
    }
    """

    class Chosen(Message):
        """The person wants to go to a row."""

        def __init__(self, position: int) -> None:
            super().__init__()
            self.position = position

    def __init__(self, outline: DialogOutline, current: int, *, show_hidden: bool = False) -> None:
        super().__init__()
        user, self._digits = ROLE_CODES[Role.USER], len(f"{len(outline):,}")
        roles, hidden = outline.roles, outline.hidden
        self._rows = [at for at in range(len(outline)) if roles[at] == user and (show_hidden or not hidden[at])]
        self._texts: dict[int, str] = {}
        self._chapters: dict[int, str] = {}
        self._lines = [(at, False) for at in self._rows]
        self.cursor = max(0, bisect_right(self._rows, current) - 1)
        """The line under the cursor."""

    def __len__(self) -> int:
        return len(self._lines)

    @property
    def users(self) -> list[int]:
        """Where the rows stand that are listed, chapters aside."""
        return self._rows

    def put(self, texts: Mapping[int, str], chapters: Mapping[int, str]) -> None:
        """Take the first lines of rows, and the chapters that begin with rows, by position."""
        self._texts.update(texts)
        if chapters:
            line = self._lines[self.cursor] if self._lines else None
            y = self.cursor - self.top_line
            self._chapters.update(chapters)
            self._lines = sorted(
                [*((at, False) for at in self._rows), *((at, True) for at in self._chapters)], key=_order
            )
            self.cursor = self._lines.index(line) if line is not None else 0
            self.set_content_height(len(self._lines))
            self.jump(max(0, self.cursor - y))
        self.refresh()

    def lacking(self, positions: Iterable[int]) -> list[int]:
        """Return those of the rows whose first line is not there yet."""
        return [at for at in positions if at not in self._texts]

    def in_sight(self) -> list[int]:
        """Return where the rows stand whose lines are in sight."""
        return [at for at, _ in self._lines[self.top_line : self.top_line + max(1, self.window.height)]]

    def on_resize(self) -> None:
        """Keep the cursor in sight."""
        self.set_content_height(len(self._lines))
        self._show(self.cursor, middle=True)

    # -- painting ------------------------------------------------------------------------------------------------------

    def paint_line(self, y: int) -> StableStrip:
        """Return a line: the number of a row and how it begins, or the name of a chapter."""
        width, index = self.window.width, self.top_line + y
        over = [_PREFIX + "cursor"] if index == self.cursor else []
        style = self.component_style
        if index >= len(self._lines):
            return StableStrip([Segment(" " * width, style(_PREFIX + "text"))], width)
        position, chapter = self._lines[index]
        number = f" {'' if chapter else f'{position + 1:,}':>{self._digits}} "
        text = self._chapters[position] if chapter else self._texts.get(position, "…")
        name = "chapter" if chapter else "text"
        left = fit(number, min(width, cell_len(number)))
        right = fit(" " + text, width - cell_len(left))
        segments = [
            Segment(left, style(_PREFIX + "number", *over)),
            Segment(right, style(_PREFIX + name, *over)),
        ]
        return StableStrip(segments, width)

    # -- moving --------------------------------------------------------------------------------------------------------

    def _show(self, line: int, *, middle: bool = False) -> None:
        """Scroll as little as needed to show a line."""
        height = max(1, self.window.height)
        if not self.top_line <= line < self.top_line + height:
            self.jump(line - height // 2 if middle else line if line < self.top_line else line - height + 1)
        self.refresh()

    def _go(self, line: int) -> None:
        """Put the cursor on a line."""
        if self._lines:
            self.cursor = max(0, min(line, len(self._lines) - 1))
            self._show(self.cursor)

    def action_move(self, by: int) -> None:
        """Go to the next or previous line."""
        self._go(self.cursor + by)

    def action_page(self, pages: int) -> None:
        """Go a page on or back."""
        self._go(self.cursor + pages * max(1, self.window.height - 1))

    def action_end(self, step: int) -> None:
        """Go to the first or the last line."""
        self._go(0 if step < 0 else len(self._lines) - 1)

    def action_choose(self) -> None:
        """Go to the row."""
        if self._lines:
            self.post_message(self.Chosen(self._lines[self.cursor][0]))

    def on_click(self, event: events.Click) -> None:
        """Go to the row that was clicked."""
        offset = event.get_content_offset(self)
        if offset is not None and 0 <= (line := self.top_line + offset.y) < len(self._lines):
            self._go(line)
            self.action_choose()


def _order(line: tuple[int, bool]) -> tuple[int, bool]:
    """Put a chapter before the row that it begins with."""
    position, chapter = line
    return position, not chapter
