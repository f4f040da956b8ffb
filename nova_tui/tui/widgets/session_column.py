"""SessionColumn: sessions by id, of which only the visible ones are looked at; geometry, summaries, painting."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, tzinfo
from typing import Final

from rich.segment import Segment
from textual import events

from nova_tui.domain.summary import SessionSummary
from nova_tui.domain.times import now as time_now
from nova_tui.services.day_groups import DayGroups
from nova_tui.tui.widgets.bounded_cache import BoundedCache
from nova_tui.tui.widgets.cells import fit
from nova_tui.tui.widgets.fast_scroll_view import FastScrollView
from nova_tui.tui.widgets.list_lines import HEADING, ListLines
from nova_tui.tui.widgets.markdown_layout import Find
from nova_tui.tui.widgets.marks import Marks
from nova_tui.tui.widgets.relative_time import local_day, period_name
from nova_tui.tui.widgets.session_row import Run, detail_runs, snippet_runs, title_runs
from nova_tui.tui.widgets.stable_strip import StableStrip
from nova_tui.tui.widgets.text_wrap import cropped

PAGE: Final = 64
"""Summaries are asked for in pages of so many."""
KEPT_SUMMARIES: Final = 1024
"""Summaries that are kept."""
GUTTER: Final = 3
"""Cells before the text: the cursor's bar, a sign (mark or star), a blank."""
COMPACT_BELOW: Final = 9
"""A window of fewer lines shows sessions without a blank line between them."""
PREFIX: Final = "session-list--"

_RULES: Final = {
    "title": "color: $foreground;",
    "detail": "color: $row-muted;",
    "heading": "color: $row-muted; text-style: bold;",
    "rule": "color: $row-muted; text-style: dim;",
    "pending": "color: $row-muted; text-style: dim;",
    "match": "text-style: bold underline;",
    "star": "color: $warning;",
    "mark": "color: $accent; text-style: bold;",
    "warning": "color: $text-error;",
    "strong": "text-style: bold;",
    "hover": "background: $boost;",
    "bar": "color: $row-muted;",
    "cursor": "background: $foreground 6%;",
}
SESSION_COMPONENTS: Final = frozenset(PREFIX + name for name in _RULES)
SESSION_CSS: Final = f"""
SessionList {{
    background: $background;
    color: $foreground;
    scrollbar-color: $foreground 15%;
    scrollbar-color-hover: $foreground 30%;
    scrollbar-color-active: $foreground 40%;
    scrollbar-background: $background;
    scrollbar-background-hover: $background;
    scrollbar-background-active: $background;
    {"".join(f"& > .{PREFIX}{name} {{ {rule} }}" for name, rule in _RULES.items())}
    &:focus > .{PREFIX}bar {{ color: $accent; }}
    &:focus > .{PREFIX}cursor {{ background: $accent 16%; }}
    &:ansi {{
        scrollbar-color: ansi_bright_black;
        scrollbar-color-hover: ansi_white;
        scrollbar-color-active: ansi_white;
    }}
    &:ansi > .{PREFIX}cursor {{ background: ansi_default; }}
    &:ansi > .{PREFIX}hover {{ background: ansi_default; text-style: underline; }}
}}
"""


class SessionColumn(FastScrollView):
    """Paints sessions; a subclass moves the cursor and says what it wants."""

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
        self._groups = DayGroups()
        self._lines = ListLines()
        self._summaries: BoundedCache[str, SessionSummary] = BoundedCache(KEPT_SUMMARIES)
        self._snippets: Mapping[str, str] | None = None
        self._asked: set[str] = set()
        self._marks = Marks()
        self._find_title: Find | None = None
        self._find_text: Find | None = None
        self._painted: BoundedCache[tuple[object, ...], list[StableStrip]] = BoundedCache(256)
        self._zone = zone

    # -- what a subclass gives ---------------------------------------------------------------------------------------

    @property
    def cursor_index(self) -> int:
        """The position under the cursor."""
        raise NotImplementedError

    @property
    def hover_index(self) -> int | None:
        """The position under the mouse."""
        raise NotImplementedError

    def want_summaries(self, ids: Sequence[str]) -> None:
        """Ask for summaries."""
        raise NotImplementedError

    # -- summaries ---------------------------------------------------------------------------------------------------

    @property
    def count(self) -> int:
        """How many sessions the list holds."""
        return len(self._ids)

    @property
    def groups(self) -> DayGroups:
        """The days that have headings."""
        return self._groups

    def put_summaries(self, summaries: Iterable[SessionSummary]) -> None:
        """Keep these summaries and paint them where they are visible."""
        for summary in summaries:
            self._asked.discard(summary.id)
            self._summaries.put(summary.id, summary)
        self._painted.clear()
        self.refresh()

    def has_summary(self, session_id: str) -> bool:
        """Tell whether a summary is kept, so that an outdated one has to be replaced."""
        return session_id in self._summaries

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
        line = self.cursor_line
        self._snippets = snippets
        self._painted.clear()
        self._resize_content()
        self.put_cursor_on_line(line)

    def mark_found(self, in_titles: Find | None, in_snippets: Find | None) -> None:
        """Underline what is found in the titles and in the snippets; None underlines nothing."""
        self._find_title, self._find_text = in_titles, in_snippets
        self._painted.clear()
        self.refresh()

    def _ask_for_summaries(self) -> None:
        """Ask for what the window and a window before and after it lack, whole pages at a time."""
        if not self._ids or not self.window.height:
            return
        lines = self.window.height
        first = self._lines.locate(max(0, self.top_line - lines))[0] // PAGE * PAGE
        last = min(len(self._ids), -(-(self._lines.locate(self.top_line + 2 * lines)[0] + 1) // PAGE) * PAGE)
        summaries, asked = self._summaries, self._asked
        wanted = [id for id in self._ids[first:last] if id not in summaries and id not in asked]
        if wanted:
            asked.update(wanted)
            self.want_summaries(wanted)

    def scrolled(self, old_value: float, new_value: float) -> None:  # noqa: ARG002 - the base's signature
        """Ask for what comes into sight."""
        self._ask_for_summaries()

    # -- geometry ----------------------------------------------------------------------------------------------------

    @property
    def row_height(self) -> int:
        """Lines from one session to the next."""
        return self._text_lines if 0 < self.window.height < COMPACT_BELOW else self._text_lines + 1

    @property
    def _text_lines(self) -> int:
        """Lines of one session."""
        return 2 if self._snippets is None else 3

    def _resize_content(self) -> None:
        """Find out where everything stands, and tell the scrollbar how many lines there are."""
        self._lines = ListLines(len(self._ids), self.row_height, self._groups.starts)
        self.set_content_height(self._lines.total)

    def _on_resize(self, event: events.Resize) -> None:  # noqa: ARG002 - the event's own signature
        """Keep the session at the top of the window where it is."""
        self._painted.clear()
        old = self._lines
        self._resize_content()
        if old.count and old.height != self.row_height:
            self.jump(self._lines.line_of(old.locate(self.top_line)[0]))
        self.scroll_to_cursor()
        self._ask_for_summaries()

    def scroll_to_cursor(self) -> None:
        """Scroll as little as needed to show the session under the cursor, with the heading right above it."""
        top, window = self._lines.line_of(self.cursor_index), self.window.height
        if not window:
            return
        # the blank line below the last visible session may be cut off
        bottom = top + self._text_lines
        if self._lines.is_headed(self.cursor_index) and self._text_lines < window:
            top -= 1
        if top < self.top_line or self._text_lines > window:
            self.jump(top)
        elif bottom > self.top_line + window:
            self.jump(bottom - window)

    @property
    def cursor_line(self) -> int:
        """The line of the window on which the session under the cursor begins."""
        return self._lines.line_of(self.cursor_index) - self.top_line

    def put_cursor_on_line(self, line: int) -> None:
        """Scroll so that the session under the cursor begins on that line of the window, as far as that can be."""
        self.jump(self._lines.line_of(self.cursor_index) - line)
        self.scroll_to_cursor()

    def index_at(self, event: events.MouseEvent) -> int | None:
        """Return the position under the mouse; a heading has none."""
        offset = event.get_content_offset(self)
        if offset is None:
            return None
        index, line = self._lines.locate(offset.y + self.top_line)
        return index if line != HEADING and index < len(self._ids) else None

    def refresh_index(self, index: int | None) -> None:
        """Repaint one session."""
        if index is not None:
            self.refresh_lines(self._lines.line_of(index), self._lines.height)

    # -- painting ----------------------------------------------------------------------------------------------------

    def forget_painted(self) -> None:
        """Drop the strips."""
        self._painted.clear()

    def paint_line(self, y: int) -> StableStrip:
        """Return one line of the window."""
        index, line = self._lines.locate(y + self.top_line)
        width = self.window.width
        if index >= len(self._ids):
            return self._strips(("", width), lambda: [self._strip([], width)])[0]
        session_id, now = self._ids[index], time_now()
        if line == HEADING:
            period = self._groups.periods[self._lines.heading_of(index)]
            name = period_name(period, local_day(now, self._zone))
            return self._strips((HEADING, name, width), lambda: [self._heading(name, width)])[0]
        cursor, hover = index == self.cursor_index, index == self.hover_index
        marked = session_id in self._marks.ids
        key = (session_id, cursor, hover, marked, width, self._lines.height, int(now.timestamp()) // 60)
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
        if summary is None:
            lines: list[list[Run]] = [[(fit("…", text_width), "pending")], [(" " * text_width, "pending")]]
        else:
            lines = [
                title_runs(summary, text_width, self._find_title),
                detail_runs(summary, text_width, now, self._zone),
            ]
        if self._snippets is not None:
            lines.append(snippet_runs(self._snippets.get(session_id, ""), text_width, self._find_text))
        signs = [("●", "mark")] * marked + [("★", "star")] * (summary is not None and summary.starred)
        states = ["cursor"] if cursor else ["hover"] if hover else []
        strips = []
        for number, runs in enumerate(lines):
            sign = signs[number] if number < len(signs) else (" ", "title")
            strong = ["strong"] if number == 0 and (cursor or marked) else []
            gutter: list[Run] = [("▌" if cursor else " ", "bar"), sign, (" ", "title")]
            strips.append(self._strip([*gutter, *runs], width, *states, *strong))
        if len(strips) < self._lines.height:
            strips.append(self._strip([], width))
        return strips

    def _heading(self, name: str, width: int) -> StableStrip:
        """Return the line over the sessions of a day."""
        rule = "─" * max(0, width - GUTTER - len(name) - 2)
        return self._strip([(" " * GUTTER, "title"), (name, "heading"), (" ", "title"), (rule, "rule")], width)

    def _strip(self, runs: list[Run], width: int, *states: str) -> StableStrip:
        """Return runs as a strip of the window's width."""
        over = [PREFIX + state for state in states]
        segments = [Segment(text, self.component_style(PREFIX + name, *over)) for text, name in runs if text]
        rest = width - sum(segment.cell_length for segment in segments)
        if rest > 0:
            segments.append(Segment(" " * rest, self.component_style(PREFIX + "title", *over)))
        return StableStrip(segments if rest >= 0 else cropped(segments, width), width)
