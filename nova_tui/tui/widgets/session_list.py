"""SessionList: any number of sessions to choose from, by keyboard and mouse."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo
from typing import ClassVar, Final

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.reactive import reactive

from nova_tui.services.day_groups import DayGroups
from nova_tui.tui.type_ahead import hold_keys
from nova_tui.tui.widgets.list_lines import HEADING
from nova_tui.tui.widgets.session_column import SESSION_COMPONENTS, SESSION_CSS, SessionColumn

NO_GROUPS: Final = DayGroups()


class SessionList(SessionColumn, can_focus=True, inherit_bindings=False):
    """Shows sessions by id, asks for the summaries it is about to show, and says what was chosen."""

    ALLOW_SELECT: ClassVar[bool] = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,j", "move(1)", "Down", show=False, id="list.down"),
        Binding("up,k", "move(-1)", "Up", show=False, id="list.up"),
        Binding("pagedown", "page(1)", "Page down", show=False, id="list.page_down"),
        Binding("pageup", "page(-1)", "Page up", show=False, id="list.page_up"),
        Binding("ctrl+d", "page(0.5)", "Half a page down", show=False, id="list.half_page_down"),
        Binding("ctrl+u", "page(-0.5)", "Half a page up", show=False, id="list.half_page_up"),
        Binding("home,g", "first", "First", show=False, id="list.first"),
        Binding("end,G", "last", "Last", show=False, id="list.last"),
        Binding("enter", "open", "Open", show=False, id="list.open"),
        Binding("space", "mark", "Mark", show=False, id="list.mark"),
        Binding("v", "mark_range", "Mark a range", show=False, id="list.mark_range"),
        Binding("ctrl+a", "mark_all", "Mark all", show=False, id="list.mark_all"),
        Binding("escape", "clear_marks", "Clear marks", show=False, id="list.clear_marks"),
    ]
    COMPONENT_CLASSES: ClassVar[set[str]] = set(SESSION_COMPONENTS)
    DEFAULT_CSS = SESSION_CSS

    cursor: reactive[int] = reactive(0, repaint=False)
    """The position under the cursor, from 0."""
    hover: reactive[int | None] = reactive(None, repaint=False)
    """The position under the mouse."""

    class _About(Message):
        """Base of the messages of a list."""

        def __init__(self, session_list: SessionList) -> None:
            super().__init__()
            self.session_list = session_list

        @property
        def control(self) -> SessionList:
            """The list that speaks."""
            return self.session_list

    class Highlighted(_About):
        """The cursor is on another session now; None when there are none."""

        def __init__(self, session_list: SessionList, session_id: str | None) -> None:
            super().__init__(session_list)
            self.session_id = session_id

    class Opened(_About):
        """A session was chosen, by Enter or a double click."""

        def __init__(self, session_list: SessionList, session_id: str) -> None:
            super().__init__(session_list)
            self.session_id = session_id

    class SummariesWanted(_About):
        """The list is about to show these sessions.

        Answer with `put_summaries`; `forget_summaries` makes it ask again.
        """

        def __init__(self, session_list: SessionList, session_ids: Sequence[str]) -> None:
            super().__init__(session_list)
            self.session_ids = session_ids

    class MarksChanged(_About):
        """Other sessions are marked now."""

        def __init__(self, session_list: SessionList, count: int) -> None:
            super().__init__(session_list)
            self.count = count

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

    # -- what is shown -----------------------------------------------------------------------------------------------

    @property
    def current_id(self) -> str | None:
        """The session under the cursor."""
        return self._ids[self.cursor] if self.cursor < len(self._ids) else None

    @property
    def ids(self) -> Sequence[str]:
        """All that are listed, in order."""
        return self._ids

    @property
    def marked(self) -> frozenset[str]:
        """The marked sessions, in the list or filtered out of it."""
        return frozenset(self._marks.ids)

    @property
    def mark_count(self) -> int:
        """How many sessions are marked."""
        return len(self._marks)

    @property
    def has_chosen(self) -> bool:
        """Whether a session is marked or under the cursor."""
        return bool(self._marks.ids) or self.current_id is not None

    @property
    def chosen(self) -> list[str]:
        """The marked sessions, those of the list first and in its order; without marks the one under the cursor."""
        marks = self._marks.ids
        if not marks:
            return [] if self.current_id is None else [self.current_id]
        listed = [id for id in self._ids if id in marks]
        return listed + sorted(marks.difference(listed))

    @property
    def cursor_index(self) -> int:
        """The position under the cursor."""
        return self.cursor

    @property
    def hover_index(self) -> int | None:
        """The position under the mouse."""
        return self.hover

    def set_sessions(self, ids: Sequence[str], *, keep: str | None = None, groups: DayGroups = NO_GROUPS) -> None:
        """Show these sessions, with headings; the cursor stays on `keep` where it is on the screen.

        Where `keep` is gone the cursor keeps its position; without it the cursor goes to the first.
        """
        line, index = self.cursor_line, 0
        if keep is not None:
            try:
                index = ids.index(keep)
            except ValueError:
                index = min(self.cursor, max(0, len(ids) - 1))
        self._ids, self._groups = ids, groups
        self._asked.clear()
        self._painted.clear()
        self.set_reactive(SessionList.cursor, index)
        self.set_reactive(SessionList.hover, None)
        self._resize_content()
        if keep is None:
            self.jump(0)
        else:
            self.put_cursor_on_line(line)
        self._ask_for_summaries()
        self._tell_current()

    def select(self, session_id: str) -> bool:
        """Move the cursor to a session; False when it is not in the list."""
        try:
            self.cursor = self._ids.index(session_id)
        except ValueError:
            return False
        return True

    def clear_marks(self) -> None:
        """Take all marks away."""
        self._marks.clear()
        self._marks_changed()

    def want_summaries(self, ids: Sequence[str]) -> None:
        """Ask for summaries."""
        self.post_message(self.SummariesWanted(self, ids))

    # -- reactions ---------------------------------------------------------------------------------------------------

    def validate_cursor(self, cursor: int) -> int:
        """Stay among the sessions."""
        return max(0, min(cursor, len(self._ids) - 1))

    def watch_cursor(self, old: int, new: int) -> None:
        """Repaint two sessions, scroll if needed, and tell."""
        self.refresh_index(old)
        self.refresh_index(new)
        self.scroll_to_cursor()
        if self._marks.stretch(self._ids, new):
            self._marks_changed()
        self._tell_current()

    def watch_hover(self, old: int | None, new: int | None) -> None:
        """Repaint what the mouse left and what it reached."""
        self.refresh_index(old)
        self.refresh_index(new)

    def scrolled(self, old_value: float, new_value: float) -> None:
        """Forget what was under the mouse, and ask for what comes into sight."""
        self.hover = None
        super().scrolled(old_value, new_value)

    def _tell_current(self) -> None:
        """Say that another session is under the cursor."""
        if self.current_id != self._current:
            self._current = self.current_id
            self.post_message(self.Highlighted(self, self._current))

    def _marks_changed(self) -> None:
        """Repaint and tell."""
        self.refresh()
        self.post_message(self.MarksChanged(self, len(self._marks)))

    def _on_mouse_move(self, event: events.MouseMove) -> None:
        """Show what is under the mouse."""
        self.hover = self.index_at(event)

    def _on_leave(self, event: events.Leave) -> None:
        """Show that nothing is under the mouse."""
        if event.node is self:
            self.hover = None

    async def _on_click(self, event: events.Click) -> None:
        """Move the cursor; a second click opens, one with ctrl marks."""
        event.prevent_default()
        index = self.index_at(event)
        if index is None:
            return
        if event.ctrl:
            self._marks.end_range()
            self._marks.toggle(self._ids[index])
            self._marks_changed()
            return
        self.cursor = index
        if event.chain == 2:
            self.action_open()

    # -- actions -----------------------------------------------------------------------------------------------------

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """Escape is for the pane when nothing is marked."""
        return bool(self._marks.ids) or self._marks.ranging if action == "clear_marks" else True

    def action_move(self, by: int) -> None:
        """Move the cursor by so many sessions."""
        self.cursor += by

    def action_page(self, pages: float) -> None:
        """Move the cursor by pages, which hold fewer sessions where there are headings."""
        rows = max(1, round(abs(pages) * (self.window.height // self.row_height)))
        lines = self._lines.line_of(self.cursor) + (rows if pages > 0 else -rows) * self.row_height
        index, line = self._lines.locate(max(0, lines))
        if pages > 0:
            self.cursor = max(self.cursor + 1, index - (line == HEADING))
        else:
            self.cursor = min(self.cursor - 1, index + (self._lines.line_of(index) < lines))

    def action_first(self) -> None:
        """Go to the first session."""
        self.cursor = 0

    def action_last(self) -> None:
        """Go to the last session."""
        self.cursor = len(self._ids) - 1

    def action_open(self) -> None:
        """Say that the session under the cursor was chosen."""
        if self.current_id is not None:
            hold_keys(self)  # until the session that was chosen is there
            self.post_message(self.Opened(self, self.current_id))

    def action_mark(self) -> None:
        """Mark the session or take its mark away, and go on to the next."""
        if self.current_id is not None:
            self._marks.end_range()
            self._marks.toggle(self.current_id)
            self._marks_changed()
            self.cursor += 1

    def action_mark_range(self) -> None:
        """Start a range that follows the cursor, or end it."""
        if self._marks.ranging:
            self._marks.end_range()
        elif self.current_id is not None:
            self._marks.begin_range(self.current_id)
            self._marks_changed()

    def action_mark_all(self) -> None:
        """Mark all sessions of the list, or none of them."""
        self._marks.toggle_all(self._ids)
        self._marks_changed()

    def action_clear_marks(self) -> None:
        """Take all marks away."""
        self.clear_marks()
