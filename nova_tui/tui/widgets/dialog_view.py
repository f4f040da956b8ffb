"""DialogView: a dialog of any length, read like a page, with a cursor on one of its rows."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import tzinfo
from typing import Any, ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.reactive import reactive
from textual.selection import Selection

from nova_tui.domain.outline import ROLE_CODES
from nova_tui.domain.row import Role, Row
from nova_tui.services.excerpt import Span
from nova_tui.tui.widgets.dialog_messages import DialogMessages
from nova_tui.tui.widgets.dialog_rows import DialogRows
from nova_tui.tui.widgets.dialog_styles import COMPONENTS, DIALOG_CSS, PREFIX
from nova_tui.tui.widgets.folding_column import FoldingColumn
from nova_tui.tui.widgets.palette import LINK

RIGHT = 3
"""The number of the right mouse button."""


class DialogView(FoldingColumn, DialogMessages, can_focus=True, inherit_bindings=False):
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
        Binding("space", "mark", "Mark", show=False, id="dialog.mark"),
        Binding("v", "mark_range", "Mark a range", show=False, id="dialog.mark_range"),
        Binding("ctrl+a", "mark_all", "Mark all", show=False, id="dialog.mark_all"),
        Binding("escape", "clear_marks", "Clear marks", show=False, id="dialog.clear_marks"),
    ]
    COMPONENT_CLASSES: ClassVar[set[str]] = {PREFIX + name for name in COMPONENTS}
    DEFAULT_CSS = DIALOG_CSS

    show_hidden: reactive[bool] = reactive(False, repaint=False, init=False)
    """Whether hidden rows are shown in full; else those in succession fold to one thin line."""

    def __init__(
        self,
        *,
        name: str | None = None,
        id: str | None = None,
        classes: str | None = None,
        zone: tzinfo | None = None,
    ) -> None:
        super().__init__(name=name, id=id, classes=classes, zone=zone)
        self._current: str | None = None
        self._link: str | None = None
        self.reads_selection = False
        """Whether the text that was selected last is still to be read."""

    # -- what is shown -----------------------------------------------------------------------------------------------

    @property
    def current_row_id(self) -> str | None:
        """The row under the cursor."""
        return self._rows.id(self._cursor) if self._rows and not self._items.is_fold(self._cursor_item) else None

    @property
    def current_row(self) -> Row | None:
        """The row under the cursor; None too for the moment until it is read."""
        return self._rows.row(self._cursor) if self.current_row_id is not None else None

    @property
    def rows(self) -> DialogRows:
        """The rows of the dialog, as far as they were read."""
        return self._rows

    @property
    def marked(self) -> tuple[str, ...]:
        """The marked rows, in the dialog's order."""
        place = self._rows.outline.positions
        return tuple(sorted((id for id in self._marks.ids if id in place), key=place.__getitem__))

    @property
    def place(self) -> str | None:
        """The row at the middle of the window, around which the others in sight stand."""
        seen = self.rows_in_sight()
        return self._rows.id(seen[len(seen) // 2]) if seen else None

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """Return the selected text, as far as its rows are there; the rest is asked for."""
        positions = self.selected_positions(selection) if self._rows else []
        self.reads_selection = bool(self._rows.lacking(positions))
        if self.reads_selection:
            self.post_message(self.SelectionWanted(self, positions, selection))
        return super().get_selection(selection)

    def want_rows(self, spans: Sequence[Span]) -> None:
        """Ask for rows."""
        self.post_message(self.RowsWanted(self, spans))

    def show(
        self,
        rows: Sequence[Row] | DialogRows,
        *,
        keep: str | None = None,
        at_end: bool = False,
        changed: Collection[str] | None = None,
    ) -> None:
        """Show these rows: a whole dialog. Where some were shown before, cursor and place stay with them.

        `keep` is the row that the cursor goes to, `at_end` goes to the last row; `changed` are the rows that are new or
        different, where that is known.
        """
        old_ids, old_cursor, old_id = self._rows.ids, self._cursor, self.current_row_id
        item, offset = self.top_item()
        top = self._items.row_at(item) if len(self._items) else 0
        rows = rows if isinstance(rows, DialogRows) else DialogRows.of(rows)
        self.take_rows(rows, changed, show_hidden=self.show_hidden)
        place = rows.survivor(old_ids, top)
        self._marks.keep(rows.outline.positions)
        cursor = rows.position(keep) if keep is not None else None
        if cursor is None:
            cursor = rows.successor(old_ids, old_cursor) if place is not None else 0
        self._cursor = self._stop_near(len(rows) - 1 if at_end else cursor)
        if at_end:
            self.go_to_end()
        elif place is not None:
            new, old = place
            self.put_item(self._items.item_of(new), -offset if old == top else 0)
            if self.current_row_id != old_id:
                self.show_item(self._cursor_item)
        else:
            self.put_item(0, 0)
            if keep is not None and len(self._items):
                self.show_item(self._cursor_item)
        self.refresh()
        self._tell_cursor()

    def clear_marks(self) -> None:
        """Take all marks away."""
        self._marks.clear()
        self._marks_changed()

    def end_range(self) -> None:
        """Let a range that runs follow the cursor no longer; what it marked stays marked."""
        self._marks.end_range()

    def _marks_changed(self) -> None:
        """Repaint and tell."""
        self.refresh()
        self.post_message(self.MarksChanged(self, len(self._marks)))

    # -- cursor ------------------------------------------------------------------------------------------------------

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

    def move_cursor_to(self, row_id: str, *, top: bool = False) -> bool:
        """Move the cursor to a row and show it, at the top if wanted; False when it is folded away or not there."""
        item = self.item_of_id(row_id)
        if item is None:
            return False
        self._set_cursor(item)
        if top:
            self.put_item(item, 0)
        self.show_item(item)
        return True

    def move_cursor_near(self, row_id: str) -> None:
        """Move the cursor to a row, or next to the fold that holds it, and show that."""
        position = self._rows.position(row_id)
        if position is not None:
            self._set_cursor(self._items.item_of(self._stop_near(position)))
            self.show_item(self._items.item_of(position))

    def _set_cursor(self, item: int) -> None:
        """Put the cursor on an item that is a row, and repaint both rows."""
        old, self._cursor = self._cursor, self._items.row_at(item)
        if old == self._cursor:
            return
        self.refresh_row(old)
        self.refresh_row(self._cursor)
        if self._marks.ranging and self._marks.stretch(self._rows.ids, self._cursor):
            self._marks_changed()
        self._tell_cursor()

    def _tell_cursor(self) -> None:
        """Say that another row is under the cursor."""
        if self.current_row_id != self._current:
            self._current = self.current_row_id
            self.post_message(self.CursorMoved(self, self._current))

    def watch_show_hidden(self) -> None:
        """Fold or unfold hidden rows; the row under the cursor stays where it is."""
        y = self.item_y(self._cursor_item) if self._rows else 0
        self.fold_rows(show_hidden=self.show_hidden)
        self._cursor = self._stop_near(self._cursor)
        if self._rows:
            self.put_item(self._cursor_item, y)
            if not 0 <= self.item_y(self._cursor_item) < self.window.height:
                self.show_item(self._cursor_item)
        self._tell_cursor()
        self.refresh()

    # -- mouse -------------------------------------------------------------------------------------------------------

    async def _on_click(self, event: events.Click) -> None:
        """Open a link, or move the cursor; a second click edits. (Textual's own would select all rows.)"""
        event.prevent_default()
        if self.text_selection is not None or event.button == RIGHT:
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
        if event.ctrl:
            self._marks.end_range()
            self._marks.toggle(self._rows.id(self._cursor))
            self._marks_changed()
        elif self.leaves_out(item, offset.y if offset is not None else 0):
            self.fold_row(self._rows.id(self._cursor), folded=False)
        elif event.chain == 2:
            self.action_request_edit()

    async def _on_mouse_down(self, event: events.MouseDown) -> None:
        """Copy what is selected by the right button."""
        if event.button == RIGHT and self.text_selection is not None:
            event.stop()
            self.call_next(self.run_action, "screen.copy_text")

    def _on_mouse_move(self, event: events.MouseMove) -> None:
        """Show where the link under the mouse leads."""
        url: Any = event.style.meta.get(LINK)
        if url != self._link:
            self._link = url
            self.tooltip = Content(str(url)) if url else None

    # -- actions -----------------------------------------------------------------------------------------------------

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """Escape is for the pane when nothing is marked."""
        return bool(self._marks.ids) or self._marks.ranging if action == "clear_marks" else True

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
        self.correct(target)
        if by < 0 and self.heights[target] - 1 > window and self.item_y(target) < 0:
            self.put_item(target, window - self.heights[target] + 1)
        else:
            self.show_item(target)

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
        roles, user, position = self._rows.outline.roles, ROLE_CODES[Role.USER], self._cursor
        while True:
            position = roles.find(user, position + 1) if by > 0 else roles.rfind(user, 0, position)
            if position < 0:
                return
            item = self._items.item_of(position)
            if not self._items.is_fold(item):
                self._set_cursor(item)
                self.show_item(item)
                return

    def action_toggle_hidden(self) -> None:
        """Show hidden rows in full, or fold them."""
        self.show_hidden = not self.show_hidden

    def action_request_edit(self) -> None:
        """Ask for the row under the cursor to be edited."""
        if self.current_row_id is not None:
            self.post_message(self.EditRequested(self, self.current_row_id))

    def action_mark(self) -> None:
        """Mark the row or take its mark away, and go on to the next."""
        if self.current_row_id is not None:
            self._marks.end_range()
            self._marks.toggle(self.current_row_id)
            self._marks_changed()
            following = self._items.next_row(self._cursor_item + 1, 1)
            if following is not None:
                self._set_cursor(following)
                self.show_item(following)

    def action_mark_range(self) -> None:
        """Start a range that follows the cursor, or end it."""
        if self._marks.ranging:
            self._marks.end_range()
        elif self.current_row_id is not None:
            self._marks.begin_range(self.current_row_id)
            self._marks_changed()

    def action_mark_all(self) -> None:
        """Mark all rows that are shown, or none of them."""
        items = (item for item in range(len(self._items)) if not self._items.is_fold(item))
        self._marks.toggle_all(self._rows.id(self._items.row_at(item)) for item in items)
        self._marks_changed()

    def action_clear_marks(self) -> None:
        """Take all marks away."""
        self.clear_marks()
