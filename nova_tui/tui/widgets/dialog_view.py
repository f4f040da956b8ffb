"""DialogView: a dialog of any length, read like a page; only the rows in sight are ever parsed and laid out."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable, Sequence
from datetime import tzinfo
from typing import Any, ClassVar, Final

from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Region
from textual.message import Message
from textual.reactive import reactive
from textual.selection import Selection
from textual.strip import Strip

from nova_tui.domain.row import Row
from nova_tui.tui.widgets import code_spans
from nova_tui.tui.widgets.anchored_view import AnchoredView
from nova_tui.tui.widgets.dialog_painter import GUTTER, DialogPainter
from nova_tui.tui.widgets.dialog_source import FOLD_HEIGHT, DialogItems, DialogOutline
from nova_tui.tui.widgets.dialog_styles import COMPONENTS, DIALOG_CSS, PREFIX
from nova_tui.tui.widgets.palette import LINK
from nova_tui.tui.widgets.row_renderer import RowRenderer
from nova_tui.tui.widgets.stable_strip import StableStrip
from nova_tui.tui.widgets.text_selection import LINES, selected_text

READING_WIDTH: Final = 100
"""Cells that text takes at most, however wide the window is."""
MARGIN: Final = 1
"""Blank cells after the text."""


class DialogView(AnchoredView, can_focus=True, inherit_bindings=False):
    """Shows the rows of a dialog with a cursor on one of them, and says what is asked of it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,j", "move(1)", "Down", show=False, id="dialog.down"),
        Binding("up,k", "move(-1)", "Up", show=False, id="dialog.up"),
        Binding("pagedown", "page(1)", "Page down", show=False, id="dialog.page_down"),
        Binding("pageup", "page(-1)", "Page up", show=False, id="dialog.page_up"),
        Binding("ctrl+d", "page(0.5)", "Half a page down", show=False, id="dialog.half_page_down"),
        Binding("ctrl+u", "page(-0.5)", "Half a page up", show=False, id="dialog.half_page_up"),
        Binding("home,g", "first", "First row", show=False, id="dialog.first"),
        Binding("end,G", "last", "Last row", show=False, id="dialog.last"),
        Binding("J", "user_row(1)", "Next user row", show=False, id="dialog.next_user"),
        Binding("K", "user_row(-1)", "Previous user row", show=False, id="dialog.previous_user"),
        Binding("full_stop", "toggle_hidden", "Hidden rows", show=False, id="dialog.hidden_rows"),
        Binding("enter,e", "request_edit", "Edit", show=False, id="dialog.request_edit"),
    ]
    COMPONENT_CLASSES: ClassVar[set[str]] = {PREFIX + name for name in COMPONENTS}
    DEFAULT_CSS = DIALOG_CSS

    show_hidden: reactive[bool] = reactive(False, repaint=False, init=False)
    """Whether hidden rows are shown in full; else those in succession fold to one thin line."""

    class _About(Message):
        """Base of the messages of a dialog."""

        def __init__(self, view: DialogView) -> None:
            super().__init__()
            self.view = view

        @property
        def control(self) -> DialogView:
            """The view that speaks."""
            return self.view

    class CursorMoved(_About):
        """The cursor is on another row now; None when there are none."""

        def __init__(self, view: DialogView, row_id: str | None) -> None:
            super().__init__(view)
            self.row_id = row_id

    class EditRequested(_About):
        """A row is to be edited: Enter, `e` or a double click."""

        def __init__(self, view: DialogView, row_id: str) -> None:
            super().__init__(view)
            self.row_id = row_id

    class LinkClicked(_About):
        """A link was clicked; its address is a plain web or mail address, and nothing was opened yet."""

        def __init__(self, view: DialogView, url: str) -> None:
            super().__init__(view)
            self.url = url

    def __init__(
        self,
        *,
        name: str | None = None,
        id: str | None = None,
        classes: str | None = None,
        zone: tzinfo | None = None,
    ) -> None:
        super().__init__(name=name, id=id, classes=classes)
        self._rows: Sequence[Row] = ()
        self._outline = DialogOutline.of(())
        self._items = DialogItems()
        self._positions: dict[str, int] = {}
        self._cursor = 0
        self._current: str | None = None
        self._width = 0
        self._measured: dict[str, tuple[Row, int]] = {}
        self._reserved: dict[str, int] = {}
        self._loading: set[str] = set()
        self._link: str | None = None
        self._stale_styles = False
        self.renderer = RowRenderer(self._resolve, zone)
        self._painter = DialogPainter(self.renderer)

    # -- what is shown -----------------------------------------------------------------------------------------------

    @property
    def current_row_id(self) -> str | None:
        """The row under the cursor."""
        return self._rows[self._cursor].id if self._rows and not self._items.is_fold(self._cursor_item) else None

    @property
    def hidden_count(self) -> int:
        """How many rows are hidden, whether they are shown now or not."""
        return self._outline.hidden.count(1)

    @property
    def text_width(self) -> int:
        """Cells that text takes."""
        return max(1, min(READING_WIDTH, self.window.width - GUTTER - MARGIN))

    def show(
        self,
        rows: Sequence[Row],
        *,
        keep: str | None = None,
        at_end: bool = False,
        outline: DialogOutline | None = None,
    ) -> None:
        """Show these rows: a whole dialog. Where some were shown before, cursor and place stay with them.

        `keep` is the row that the cursor goes to, `at_end` goes to the last row; `outline` is `DialogOutline.of(rows)`
        where a thread made it already.
        """
        anchor = self._anchor()
        old_rows, old_cursor, old_id = self._rows, self._cursor, self.current_row_id
        self._rows = rows
        self._outline = outline if outline is not None else DialogOutline.of(rows)
        self._positions = {row.id: position for position, row in enumerate(rows)}
        self._measured = {id: known for id, known in self._measured.items() if self._is_shown(id, known[0])}
        self._reserved = {id: height for id, height in self._reserved.items() if id in self._positions}
        self._rebuild()
        self._painter.forget()
        if self.is_attached and self.text_selection is not None:
            self.screen.clear_selection()
        place = self._surviving(anchor, old_rows)
        cursor = self._positions.get(keep) if keep is not None else None
        if cursor is None:
            cursor = self._surviving_cursor(old_rows, old_cursor) if place is not None else 0
        self._cursor = self._stop_near(cursor)
        if at_end:
            self._cursor = self._stop_near(len(rows) - 1)
            self.go_to_end()
        elif place is not None:
            self.put_item(self._items.item_of(place[0]), place[1])
            if self.current_row_id != old_id:
                self._show_item(self._cursor_item)
        else:
            self.put_item(0, 0)
            if keep is not None:
                self._show_item(self._cursor_item)
        self.refresh()
        self._tell_cursor()

    def _is_shown(self, row_id: str, row: Row) -> bool:
        """Return whether this very row is one of the dialog's."""
        position = self._positions.get(row_id)
        return position is not None and self._rows[position] is row

    def _anchor(self) -> tuple[int, int]:
        """Return the position of the row at the top of the window and the line of the window it starts on."""
        if not len(self._items):
            return 0, 0
        item, offset = self.top_item()
        return self._items.row_at(item), -offset

    def _surviving(self, anchor: tuple[int, int], old_rows: Sequence[Row]) -> tuple[int, int] | None:
        """Return where the anchor, or the nearest row to it that is still there, is now; None for another dialog."""
        position, y = anchor
        for old in (*range(position, len(old_rows)), *range(position - 1, -1, -1)):
            new = self._positions.get(old_rows[old].id)
            if new is not None:
                return new, y if old == position else 0
        return None

    def _surviving_cursor(self, old_rows: Sequence[Row], old_cursor: int) -> int:
        """Return where the cursor's row is now, or the row that took its place."""
        for old in range(old_cursor, len(old_rows)):
            new = self._positions.get(old_rows[old].id)
            if new is not None:
                return new
        return len(self._rows) - 1

    def _rebuild(self) -> None:
        """Fold and measure anew, from what is known."""
        self._items = DialogItems(self._outline.hidden, show_hidden=self.show_hidden)
        estimates = self._outline.estimates(self.text_width)
        for row_id, (_, height) in self._measured.items():
            estimates[self._positions[row_id]] = height
        for row_id, height in self._reserved.items():
            estimates[self._positions[row_id]] = height
        self.set_heights(self._items.heights(estimates))

    def find(self, pattern: re.Pattern[str] | None) -> None:
        """Mark what the pattern matches in the texts."""
        self.renderer.find = pattern
        self.renderer.forget_laid()
        self.refresh()

    # -- rows and places ---------------------------------------------------------------------------------------------

    @property
    def _cursor_item(self) -> int:
        """The item of the row under the cursor."""
        return self._items.item_of(self._cursor)

    def _stop_near(self, row: int) -> int:
        """Return the nearest row, from this one on, that the cursor may stand on."""
        if not len(self._items):
            return 0
        item = self._items.item_of(max(0, min(row, len(self._rows) - 1)))
        stop = self._items.next_row(item, 1)
        stop = self._items.next_row(item, -1) if stop is None else stop
        return self._items.row_at(item if stop is None else stop)

    def _item_of_id(self, row_id: str) -> int | None:
        """Return the item that shows a row; None when the row is folded away or not in the dialog."""
        position = self._positions.get(row_id)
        if position is None:
            return None
        item = self._items.item_of(position)
        return None if self._items.is_fold(item) else item

    def row_region(self, row_id: str) -> Region:
        """Return the lines of a row in the window, label included; it may lie outside. Empty when it is not shown."""
        item = self._item_of_id(row_id)
        if item is None:
            return Region()
        return Region(0, self.item_y(item), self.window.width, max(0, self.heights[item] - 1))

    def text_region(self, row_id: str) -> Region:
        """Return the place of a row's text in the window, where an editor may lie over it."""
        region = self.row_region(row_id)
        return Region(GUTTER, region.y + 1, self.text_width, region.height - 1) if region.height > 1 else Region()

    def reserve(self, row_id: str, height: int | None) -> None:
        """Give a row so many lines (label and the blank line after it included) for an editor over it; None ends it."""
        if height is None:
            self._reserved.pop(row_id, None)
        else:
            self._reserved[row_id] = max(3, height)
        item = self._item_of_id(row_id)
        if item is not None:
            self.put_item(*self._top_place(item))

    def _top_place(self, changed: int) -> tuple[int, int]:
        """Return what stays in place when an item changes: the item at the top, or the changed one when it is cut."""
        item, offset = self.top_item()
        self._correct(changed)
        return (item, -offset) if offset < self.heights[item] else (item, 1 - self.heights[item])

    def move_cursor_to(self, row_id: str) -> bool:
        """Move the cursor to a row and show it; False when it is folded away or not in the dialog."""
        item = self._item_of_id(row_id)
        if item is None:
            return False
        self._set_cursor(item)
        self._show_item(item)
        return True

    def scroll_row_visible(self, row_id: str) -> None:
        """Scroll as little as needed to show a row, its start when it is higher than the window."""
        item = self._item_of_id(row_id)
        if item is not None:
            self._show_item(item)

    # -- geometry ----------------------------------------------------------------------------------------------------

    def measure(self, item: int) -> int:
        """Return the exact height of a row or a fold."""
        if self._items.is_fold(item):
            return FOLD_HEIGHT
        row = self._rows[self._items.row_at(item)]
        if (reserved := self._reserved.get(row.id)) is not None:
            return reserved
        known = self._measured.get(row.id)
        if known is not None and known[0] is row:
            return known[1]
        self._check_styles()
        laid = self.renderer.render(row)
        self._load_languages(laid.languages)
        self._measured[row.id] = (row, laid.height)
        return laid.height

    def _on_resize(self, event: events.Resize) -> None:  # noqa: ARG002 - the event's own signature
        """Lay out for another width; what is at the top stays at the top."""
        self._fit_width()
        self._painter.forget()
        self.settle()

    def _fit_width(self) -> None:
        """Measure anew when the width is another."""
        if self.text_width == self._width or not self.window.width:
            return
        item, offset = self.top_item() if len(self.heights) else (0, 0)
        share = offset / max(1, self.heights[item]) if len(self.heights) else 0.0
        self._width = self.renderer.width = self.text_width
        self.renderer.forget_laid()
        self._measured.clear()
        self._painter.forget()
        self._rebuild()
        if len(self.heights):
            self._correct(item)
            self.put_item(item, -int(share * self.heights[item]))
        self.refresh()

    def _show_item(self, item: int) -> None:
        """Scroll as little as needed to show an item; the fold above the first row comes with it."""
        if not self.window.height:
            return
        self._correct(item)
        y, height = self.item_y(item), self.heights[item] - 1
        if self._items.next_row(item - 1, -1) is None and self.heights.before(item) + height <= self.window.height:
            self.put_item(0, 0)
        elif y < 0 or height >= self.window.height:
            if y != 0:
                self.put_item(item, 0)
        elif y + height > self.window.height:
            self.put_item(item, self.window.height - height)

    # -- painting ----------------------------------------------------------------------------------------------------

    def render_lines(self, crop: Region) -> list[Strip]:
        """Return the lines of the window; the first may be wanted before the widget heard of its size."""
        self._fit_width()
        return super().render_lines(crop)

    def _resolve(self, names: tuple[str, ...]) -> Style:
        """Return the style of component classes, by their short names."""
        return self.component_style(*(PREFIX + name for name in names))

    def forget_painted(self) -> None:
        """Look at the styles again before the next line is painted."""
        self._stale_styles = True

    def _check_styles(self) -> None:
        """Drop what is painted in other colours than the theme's."""
        if self._stale_styles:
            self._stale_styles = False
            if self.renderer.check_styles():
                self._painter.forget()

    def _line_at(self, y: int) -> tuple[int, int] | None:
        """Return the item and its line on a line of the window."""
        item, line = self.heights.locate(self.top_line + y)
        return (item, line) if item < len(self.heights) else None

    def paint_line(self, y: int) -> StableStrip:
        """Return one line of the window."""
        self._check_styles()
        at = self._line_at(y)
        width = self.window.width
        if at is None:
            return self._painter.blank(width)
        item, line = at
        position = self._items.row_at(item)
        if self._items.is_fold(item):
            return self._painter.fold(self._items.rows_in(item), line, width)
        row = self._rows[position]
        cursor = position == self._cursor
        if line == 0:
            before = self._rows[position - 1] if position else None
            return self._painter.label(row, before, width, cursor=cursor, focus=self.has_focus)
        if row.id in self._reserved:
            return self._painter.reserved(row, width, last=line == self.heights[item] - 1, cursor=cursor)
        selection = self.text_selection
        if selection is not None:
            style = self.screen.get_component_rich_style("screen--selection")
            if strip := self._painter.selected(row, position, line, width, selection, style, cursor=cursor):
                return strip
        return self._painter.text(row, line, width, cursor=cursor)

    def render_line(self, y: int) -> Strip:
        """Return one line with the places of its characters, for Textual to find what the mouse selects."""
        at = self._line_at(y)
        if at is None:
            return self._painter.placed(self.paint_line(y), len(self._rows), 0)
        item, line = at
        position = self._items.row_at(item)
        row = self._rows[position]
        plain = line == 0 or self._items.is_fold(item) or row.id in self._reserved
        if not plain and (strip := self._painter.placed_text(row, position, line, self.window.width)):
            return strip
        return self._painter.placed(self.paint_line(y), position, line)

    def _load_languages(self, languages: Iterable[str]) -> None:
        """Load what colours code in these languages, in a thread; it is painted in colour when that is done."""
        for language in languages:
            if language not in self._loading:
                self._loading.add(language)
                self.run_worker(self._load(language), group="languages", exit_on_error=False)

    async def _load(self, language: str) -> None:
        """Load a language and paint its code again."""
        await asyncio.get_running_loop().run_in_executor(None, code_spans.load, language)
        self._loading.discard(language)
        if self.renderer.forget_rows_with(language):
            self.refresh()

    # -- selection ---------------------------------------------------------------------------------------------------

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """Return the selected text of the rows; labels and bars are not part of it."""
        if not self._rows:
            return None
        start, end = selection
        first = start.y // LINES if start is not None else 0
        last = min(end.y // LINES if end is not None else len(self._rows), len(self._rows) - 1)
        items = range(self._items.item_of(first), self._items.item_of(last) + 1)
        rows = (self._items.row_at(item) for item in items if not self._items.is_fold(item))
        return selected_text(((row, self.renderer.render(self._rows[row]).lines) for row in rows), selection), "\n"

    def selection_updated(self, selection: Selection | None) -> None:  # noqa: ARG002 - Textual's own signature
        """Paint the selection."""
        self.refresh()

    # -- mouse -------------------------------------------------------------------------------------------------------

    async def _on_click(self, event: events.Click) -> None:
        """Open a link, or move the cursor; a second click edits. (Textual's own would select all rows.)"""
        event.prevent_default()
        if self.text_selection is not None:
            return
        url = event.style.meta.get(LINK)
        if url and event.chain == 1:
            self.post_message(self.LinkClicked(self, str(url)))
            return
        offset = event.get_content_offset(self)
        item = self.item_at(offset.y) if offset is not None else None
        if item is None or self._items.is_fold(item):
            return
        self._set_cursor(item)
        if event.chain == 2:
            self.action_request_edit()

    def _on_mouse_move(self, event: events.MouseMove) -> None:
        """Show where the link under the mouse leads."""
        url: Any = event.style.meta.get(LINK)
        if url != self._link:
            self._link = url
            self.tooltip = Content(str(url)) if url else None

    def _on_focus(self, event: events.Focus) -> None:  # noqa: ARG002 - the event's own signature
        self._painter.forget()

    def _on_blur(self, event: events.Blur) -> None:  # noqa: ARG002 - the event's own signature
        self._painter.forget()

    # -- cursor ------------------------------------------------------------------------------------------------------

    def _set_cursor(self, item: int) -> None:
        """Put the cursor on an item that is a row, and repaint both rows."""
        old, self._cursor = self._cursor, self._items.row_at(item)
        if old != self._cursor:
            self._refresh_row(old)
            self._refresh_row(self._cursor)
            self._tell_cursor()

    def _refresh_row(self, position: int) -> None:
        """Repaint one row, as far as it is in sight."""
        if position >= len(self._rows):
            return
        item = self._items.item_of(position)
        y = self.item_y(item)
        region = Region(0, y, self.size.width, self.heights[item]).intersection(self.size.region)
        if region:
            self.refresh(region)

    def _tell_cursor(self) -> None:
        """Say that another row is under the cursor."""
        if self.current_row_id != self._current:
            self._current = self.current_row_id
            self.post_message(self.CursorMoved(self, self._current))

    def watch_show_hidden(self) -> None:
        """Fold or unfold hidden rows; the row under the cursor stays where it is."""
        y = self.item_y(self._cursor_item) if self._rows else 0
        self._rebuild()
        self._cursor = self._stop_near(self._cursor)
        if self._rows:
            self.put_item(self._cursor_item, y)
            if not 0 <= self.item_y(self._cursor_item) < self.window.height:
                self._show_item(self._cursor_item)
        self._tell_cursor()
        self.refresh()

    # -- actions -----------------------------------------------------------------------------------------------------

    def action_move(self, by: int) -> None:
        """Go to the next or previous row; a row higher than the window is paged through first."""
        if not self._rows:
            return
        item, window = self._cursor_item, self.window.height
        top, bottom = self.item_y(item), self.item_y(item) + self.heights[item] - 1
        page = max(1, window - 2)
        if by > 0 and top <= 0 and bottom > window:
            self.scroll_lines(min(page, bottom - window))
            return
        if by < 0 and top < 0 and bottom >= 0:
            self.scroll_lines(max(-page, top))
            return
        target = self._items.next_row(item + by, by)
        if target is None:
            self.jump(0 if by < 0 else self.heights.total)
            return
        self._set_cursor(target)
        self._correct(target)
        if by < 0 and self.heights[target] - 1 > window and self.item_y(target) < 0:
            self.put_item(target, window - self.heights[target] + 1)
        else:
            self._show_item(target)

    def action_page(self, pages: float) -> None:
        """Scroll by pages; the cursor comes along."""
        if not self._rows:
            return
        lines = max(1, int((self.window.height - 2) * abs(pages)))
        moved = self.scroll_lines(lines if pages > 0 else -lines)
        if moved:
            self._cursor_into_view()
        else:
            self._cursor_to_end(1 if pages > 0 else -1)

    def _cursor_into_view(self) -> None:
        """Put the cursor on the first row that begins in sight, or the one that fills the window."""
        item, offset = self.top_item()
        following = self._items.next_row(item + (1 if offset else 0), 1)
        if following is None or self.item_y(following) >= self.window.height:
            following = self._items.next_row(item, 1)
        if following is not None:
            self._set_cursor(following)

    def _cursor_to_end(self, step: int) -> None:
        """Put the cursor on the first or last row."""
        end = self._items.next_row(0 if step < 0 else len(self._items) - 1, -step)
        if end is not None:
            self._set_cursor(end)

    def action_first(self) -> None:
        """Go to the first row."""
        if self._rows:
            self.put_item(0, 0)
            self._cursor_to_end(-1)

    def action_last(self) -> None:
        """Go to the last row."""
        if self._rows:
            self.go_to_end()
            self._cursor_to_end(1)

    def action_user_row(self, by: int) -> None:
        """Go to the next or previous row of the user."""
        users, position = self._outline.users, self._cursor
        while True:
            position = users.find(1, position + 1) if by > 0 else users.rfind(1, 0, position)
            if position < 0:
                return
            item = self._items.item_of(position)
            if not self._items.is_fold(item):
                self._set_cursor(item)
                self._show_item(item)
                return

    def action_toggle_hidden(self) -> None:
        """Show hidden rows in full, or fold them."""
        self.show_hidden = not self.show_hidden

    def action_request_edit(self) -> None:
        """Ask for the row under the cursor to be edited."""
        if self.current_row_id is not None:
            self.post_message(self.EditRequested(self, self.current_row_id))
