"""SessionList: any number of sessions in two lines each, of which only the visible ones are ever looked at."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, tzinfo
from typing import ClassVar

from rich.segment import Segment
from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.reactive import reactive

from nova_tui.domain.summary import SessionSummary
from nova_tui.domain.times import now as time_now
from nova_tui.tui.widgets.bounded_cache import BoundedCache
from nova_tui.tui.widgets.cells import fit, shown_line
from nova_tui.tui.widgets.fast_scroll_view import FastScrollView
from nova_tui.tui.widgets.marks import Marks
from nova_tui.tui.widgets.session_row import Run, detail_runs, matched, matcher, title_runs
from nova_tui.tui.widgets.stable_strip import StableStrip

PAGE = 64
"""Summaries are asked for in pages of so many."""
GUTTER = 3
"""Cells before the text: the cursor's bar, a sign (mark or star), a blank."""
COMPACT_BELOW = 9
"""A window of fewer lines shows sessions without a blank line between them."""


class SessionList(FastScrollView, can_focus=True, inherit_bindings=False):
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
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"session-list--{name}"
        for name in (
            "title",
            "detail",
            "match",
            "star",
            "mark",
            "warning",
            "pending",
            "bar",
            "hover",
            "cursor",
            "strong",
        )
    }
    DEFAULT_CSS = """
    SessionList {
        background: $background;
        color: $foreground;
        scrollbar-color: $foreground 15%;
        scrollbar-color-hover: $foreground 30%;
        scrollbar-color-active: $foreground 40%;
        scrollbar-background: $background;
        scrollbar-background-hover: $background;
        scrollbar-background-active: $background;

        & > .session-list--title { color: $foreground; }
        & > .session-list--detail { color: $row-muted; }
        & > .session-list--pending { color: $row-muted; text-style: dim; }
        & > .session-list--match { text-style: bold underline; }
        & > .session-list--star { color: $warning; }
        & > .session-list--mark { color: $accent; text-style: bold; }
        & > .session-list--warning { color: $text-error; }
        & > .session-list--strong { text-style: bold; }
        & > .session-list--hover { background: $boost; }
        & > .session-list--bar { color: $row-muted; }
        & > .session-list--cursor { background: $foreground 6%; }
        &:focus > .session-list--bar { color: $accent; }
        &:focus > .session-list--cursor { background: $accent 16%; text-style: bold; }
        &:ansi {
            scrollbar-color: ansi_bright_black;
            scrollbar-color-hover: ansi_white;
            scrollbar-color-active: ansi_white;
        }
        &:ansi > .session-list--cursor { background: ansi_default; text-style: bold; }
        &:ansi > .session-list--hover { background: ansi_default; text-style: underline; }
    }
    """

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
        super().__init__(name=name, id=id, classes=classes)
        self._ids: Sequence[str] = ()
        self._summaries: BoundedCache[str, SessionSummary] = BoundedCache(1024)
        self._snippets: Mapping[str, str] | None = None
        self._asked: set[str] = set()
        self._marks = Marks()
        self._words: re.Pattern[str] | None = None
        self._painted: BoundedCache[tuple[object, ...], list[StableStrip]] = BoundedCache(256)
        self._zone = zone
        self._current: str | None = None

    # -- what is shown -----------------------------------------------------------------------------------------------

    @property
    def count(self) -> int:
        """How many sessions the list holds."""
        return len(self._ids)

    @property
    def current_id(self) -> str | None:
        """The session under the cursor."""
        return self._ids[self.cursor] if self._ids and self.cursor < len(self._ids) else None

    @property
    def marked(self) -> frozenset[str]:
        """The marked sessions, in the list or filtered out of it."""
        return frozenset(self._marks.ids)

    def set_sessions(self, ids: Sequence[str], *, keep: str | None = None) -> None:
        """Show these sessions; the cursor stays on `keep` where it is on the screen.

        Where `keep` is gone the cursor keeps its position; without it the cursor goes to the first.
        """
        offset = self.cursor * self._row_height - self.top_line
        index = 0
        if keep is not None:
            try:
                index = ids.index(keep)
            except ValueError:
                index = min(self.cursor, max(0, len(ids) - 1))
        self._ids = ids
        self._asked.clear()
        self._painted.clear()
        self.set_reactive(SessionList.cursor, index)
        self.set_reactive(SessionList.hover, None)
        self._resize_content()
        self.jump(index * self._row_height - offset if keep is not None else 0)
        self._scroll_to_cursor()
        self._ask_for_summaries()
        self.refresh()
        self._tell_current()

    def put_summaries(self, summaries: Iterable[SessionSummary]) -> None:
        """Keep these summaries and paint them where they are visible."""
        for summary in summaries:
            self._asked.discard(summary.id)
            self._summaries.put(summary.id, summary)
        self._painted.clear()
        self.refresh()

    def forget_summaries(self, ids: Iterable[str]) -> None:
        """Drop summaries that are out of date; visible ones are asked for again."""
        for session_id in ids:
            self._asked.discard(session_id)
            self._summaries.drop(session_id)
        self._painted.clear()
        self._ask_for_summaries()
        self.refresh()

    def put_snippets(self, snippets: Mapping[str, str] | None) -> None:
        """Show a third line with what was found in each session; None goes back to two lines."""
        if snippets is None and self._snippets is None:
            return
        offset = self.cursor * self._row_height - self.top_line
        self._snippets = snippets
        self._painted.clear()
        self._resize_content()
        self.jump(self.cursor * self._row_height - offset)
        self._scroll_to_cursor()
        self.refresh()

    def select(self, session_id: str) -> bool:
        """Move the cursor to a session; False when it is not in the list."""
        try:
            self.cursor = self._ids.index(session_id)
        except ValueError:
            return False
        return True

    def set_filter_words(self, words: Iterable[str]) -> None:
        """Underline these words in the titles."""
        self._words = matcher(words)
        self._painted.clear()
        self.refresh()

    def clear_marks(self) -> None:
        """Take all marks away."""
        self._marks.clear()
        self._marks_changed()

    # -- geometry ----------------------------------------------------------------------------------------------------

    @property
    def _row_height(self) -> int:
        """Lines from one session to the next."""
        lines = 2 if self._snippets is None else 3
        return lines if 0 < self.window.height < COMPACT_BELOW else lines + 1

    def _resize_content(self) -> None:
        """Tell the scrollbar how many lines there are."""
        self.set_content_height(len(self._ids) * self._row_height)

    def _on_resize(self, event: events.Resize) -> None:  # noqa: ARG002 - the event's own signature
        """Keep the session at the top of the window where it is."""
        self._painted.clear()
        old = self.virtual_size.height // len(self._ids) if self._ids else 0
        self._resize_content()
        if old and old != self._row_height:
            self.jump(self.top_line // old * self._row_height)
        self._scroll_to_cursor()
        self._ask_for_summaries()

    def _scroll_to_cursor(self) -> None:
        """Scroll as little as needed to show the session under the cursor."""
        height = self._row_height
        top, window = self.cursor * height, self.window.height
        if not window:
            return
        # the blank line below the last visible session may be cut off
        bottom = top + min(height, 2 if self._snippets is None else 3)
        if top < self.top_line:
            self.jump(top)
        elif bottom > self.top_line + window:
            self.jump(bottom - window)

    def _index_at(self, event: events.MouseEvent) -> int | None:
        """Return the position under the mouse."""
        offset = event.get_content_offset(self)
        if offset is None:
            return None
        index = (offset.y + self.top_line) // self._row_height
        return index if index < len(self._ids) else None

    # -- summaries ---------------------------------------------------------------------------------------------------

    def _ask_for_summaries(self) -> None:
        """Ask for what the window and a window before and after it lack, whole pages at a time."""
        if not self._ids or not self.window.height:
            return
        height, lines = self._row_height, self.window.height
        first = max(0, (self.top_line - lines) // height) // PAGE * PAGE
        last = min(len(self._ids), -(-((self.top_line + 2 * lines) // height + 1) // PAGE) * PAGE)
        summaries, asked = self._summaries, self._asked
        wanted = [id for id in self._ids[first:last] if id not in summaries and id not in asked]
        if wanted:
            asked.update(wanted)
            self.post_message(self.SummariesWanted(self, wanted))

    # -- painting ----------------------------------------------------------------------------------------------------

    def forget_painted(self) -> None:
        """Drop the strips."""
        self._painted.clear()

    def paint_line(self, y: int) -> StableStrip:
        """Return one line of the window."""
        index, line = divmod(y + self.top_line, self._row_height)
        width = self.window.width
        if index >= len(self._ids):
            return self._strips(("", width), lambda: [self._strip([], "title", width)])[0]
        session_id = self._ids[index]
        now = time_now()
        cursor, hover, marked = index == self.cursor, index == self.hover, session_id in self._marks.ids
        key = (session_id, cursor, hover, marked, width, self._row_height, int(now.timestamp()) // 60)
        return self._strips(key, lambda: self._paint_row(session_id, cursor, hover, marked, width, now))[line]

    def _strips(self, key: tuple[object, ...], paint: Callable[[], list[StableStrip]]) -> list[StableStrip]:
        """Return strips from the cache, or paint them."""
        strips = self._painted.get(key)
        return self._painted.put(key, paint()) if strips is None else strips

    def _paint_row(
        self, session_id: str, cursor: bool, hover: bool, marked: bool, width: int, now: datetime
    ) -> list[StableStrip]:
        """Return the lines of one session."""
        summary = self._summaries.get(session_id)
        text_width = max(0, width - GUTTER - 1)
        starred = summary is not None and summary.starred
        signs = (
            (("●", "mark"), ("★", "star") if starred else None)
            if marked
            else (("★", "star") if starred else None, None)
        )
        if summary is None:
            lines: list[list[Run]] = [[(fit("…", text_width), "pending")], [(" " * text_width, "pending")]]
        else:
            lines = [title_runs(summary, text_width, self._words), detail_runs(summary, text_width, now, self._zone)]
        if self._snippets is not None:
            snippet = fit(shown_line(self._snippets.get(session_id, "")), text_width)
            lines.append(matched(snippet, self._words, "detail"))
        states = ["cursor"] if cursor else ["hover"] if hover else []
        strips = []
        for number, runs in enumerate(lines):
            sign = signs[number] if number < 2 else None
            gutter: list[Run] = [("▌" if cursor else " ", "bar"), sign or (" ", "title"), (" ", "title")]
            strong = ["strong"] if number == 0 and (cursor or marked) else []
            strips.append(self._strip([*gutter, *runs], "title", width, *states, *strong))
        if len(strips) < self._row_height:
            strips.append(self._strip([], "title", width))
        return strips

    def _strip(self, runs: list[Run], fill: str, width: int, *states: str) -> StableStrip:
        """Return runs as a strip of the window's width."""
        over = [f"session-list--{state}" for state in states]
        segments = [Segment(text, self.component_style(f"session-list--{name}", *over)) for text, name in runs if text]
        rest = width - sum(segment.cell_length for segment in segments)
        if rest > 0:
            segments.append(Segment(" " * rest, self.component_style(f"session-list--{fill}", *over)))
        return StableStrip(segments, width)

    def _refresh_index(self, index: int | None) -> None:
        """Repaint one session."""
        if index is not None:
            self.refresh_lines(index * self._row_height, self._row_height)

    # -- reactions ---------------------------------------------------------------------------------------------------

    def validate_cursor(self, cursor: int) -> int:
        """Stay among the sessions."""
        return max(0, min(cursor, len(self._ids) - 1))

    def watch_cursor(self, old: int, new: int) -> None:
        """Repaint two sessions, scroll if needed, and tell."""
        self._refresh_index(old)
        self._refresh_index(new)
        self._scroll_to_cursor()
        if self._marks.stretch(self._ids, new):
            self._marks_changed()
        self._tell_current()

    def watch_hover(self, old: int | None, new: int | None) -> None:
        """Repaint what the mouse left and what it reached."""
        self._refresh_index(old)
        self._refresh_index(new)

    def scrolled(self, old_value: float, new_value: float) -> None:  # noqa: ARG002 - the base's signature
        """Ask for what comes into sight."""
        self.hover = None
        self._ask_for_summaries()

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
        self.hover = self._index_at(event)

    def _on_leave(self, event: events.Leave) -> None:
        if event.node is self:
            self.hover = None

    async def _on_click(self, event: events.Click) -> None:
        """Move the cursor; a second click opens, one with ctrl marks."""
        event.prevent_default()
        index = self._index_at(event)
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
        """Move the cursor by pages."""
        rows = max(1, round(abs(pages) * (self.window.height // self._row_height)))
        self.cursor += rows if pages > 0 else -rows

    def action_first(self) -> None:
        """Go to the first session."""
        self.cursor = 0

    def action_last(self) -> None:
        """Go to the last session."""
        self.cursor = len(self._ids) - 1

    def action_open(self) -> None:
        """Say that the session under the cursor was chosen."""
        if self.current_id is not None:
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
