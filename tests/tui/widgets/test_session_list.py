"""SessionList: what it shows, what it asks for, what it says."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, timedelta
from functools import partial

import pytest
from textual.app import ComposeResult
from textual.pilot import Pilot

from nova_tui.domain.marking import substrings_of
from nova_tui.domain.summary import SessionSummary
from nova_tui.domain.times import now
from nova_tui.services.day_groups import DayGroups, Period
from nova_tui.tui.widgets.session_column import PAGE
from nova_tui.tui.widgets.session_list import SessionList
from tests.tui.virtual_clock import settle
from tests.tui.widgets.texts import HOSTILE
from tests.tui.widgets.tiny_app import TinyApp, screen_text


def summary(session_id: str, title: str | None = None, **facts: object) -> SessionSummary:
    number = int(session_id, 16)
    at = now() - timedelta(minutes=2)
    values: dict[str, object] = {
        "id": session_id,
        "user_id": "alice",
        "title": f"Session {number}" if title is None else title,
        "created_at": at,
        "updated_at": at,
        "rows": 14,
        "hidden_rows": 1,
    }
    return SessionSummary(**{**values, **facts})  # type: ignore[arg-type]


class ListApp(TinyApp):
    """Answers what the list asks for, unless told not to."""

    widget: SessionList

    def __init__(self, width: int = 34, answer: bool = True) -> None:
        super().__init__(SessionList(zone=UTC))
        self.answer = answer
        self.asked: list[Sequence[str]] = []
        self.special: dict[str, SessionSummary] = {}
        self._list_width = width

    def compose(self) -> ComposeResult:
        self.widget.styles.width = self._list_width
        yield self.widget

    def on_session_list_summaries_wanted(self, event: SessionList.SummariesWanted) -> None:
        self.asked.append(event.session_ids)
        if self.answer:
            self.widget.put_summaries([self.special.get(id) or summary(id) for id in event.session_ids])


def ids(count: int, start: int = 0) -> list[str]:
    return [f"{number:032x}" for number in range(start, start + count)]


@asynccontextmanager
async def running(
    sessions: Sequence[str] = (), *, height: int = 24, special: Iterable[SessionSummary] = (), answer: bool = True
) -> AsyncIterator[tuple[ListApp, SessionList, Pilot[None]]]:
    app = ListApp(answer=answer)
    app.special = {each.id: each for each in special}
    async with app.run_test(size=(60, height), message_hook=app.see) as pilot:
        app.widget.set_sessions(sessions)
        await settle(pilot)
        yield app, app.widget, pilot


async def test_two_lines_a_session_and_a_blank_one() -> None:
    a, b, c = ids(3)
    special = [
        summary(a, "Refund flow", starred=True, tags=("demo",)),
        summary(b, "Old", archived=True, source="chatgpt", rows=1),
        summary(c, "Broken", damaged="no text"),
    ]
    async with running([a, b, c], special=special) as (app, _, _):
        lines = [line[:33].rstrip() for line in screen_text(app)][:9]
        assert lines == [
            "▌★ Refund flow",
            "▌  14 rows · 2 min ago · demo",
            "",
            "   Old",
            "   archived · 1 row · 2 min ago",
            "",
            "   Broken",
            "   damaged · no text",
            "",
        ]


async def test_a_low_window_has_no_blank_lines() -> None:
    async with running(ids(20), height=8) as (app, _, _):
        assert [line[3:13].strip() for line in screen_text(app)[:4:2]] == ["Session 0", "Session 1"]


TODAY = now().date()
THREE_DAYS = DayGroups((0, 2, 5), tuple(Period(TODAY - timedelta(days=ago)) for ago in range(3)))


async def test_headings_stand_between_sessions_and_nothing_else_stops_at_them() -> None:
    async with running(height=12) as (app, widget, pilot):
        widget.set_sessions(ids(9), groups=THREE_DAYS)
        await settle(pilot)
        words = [line.strip().partition(" ")[0] for line in screen_text(app)[:8]]
        assert words == ["Today", "▌", "▌", "", "Session", "14", "", "Yesterday"]
        await pilot.press("j", "j")
        assert (widget.cursor, widget.cursor_line) == (2, 8)
        await pilot.press("v", "j", "j", "j")
        assert sorted(widget.marked) == ids(4, 2), "a range passes over the headings"
        await pilot.press("escape", "G", "g")
        assert (widget.cursor, widget.cursor_line) == (0, 1), "the heading above the first session is shown"
        await pilot.click(widget, offset=(5, 7))
        assert widget.cursor == 0, "a click on a heading does nothing"
        await pilot.hover(widget, offset=(5, 7))
        assert widget.hover is None
        await pilot.click(widget, offset=(5, 8))
        assert widget.cursor == 2
        await pilot.press("escape", "G", "k", "k", "k")
        assert (widget.cursor, widget.cursor_line) == (5, 1), "going up brings the heading into sight too"


async def test_a_page_never_jumps_over_sessions_that_were_not_shown() -> None:
    groups = DayGroups(tuple(range(0, 60, 2)), tuple(Period(TODAY - timedelta(days=ago)) for ago in range(30)))
    async with running(height=20) as (_, widget, pilot):
        widget.set_sessions(ids(60), groups=groups)
        await settle(pilot)
        seen: set[int] = set()
        for key in ["pagedown"] * 15 + ["pageup"] * 15:
            before = widget.cursor
            seen.update(widget._lines.locate(widget.top_line + y)[0] for y in range(widget.window.height))
            await pilot.press(key)
            assert widget.cursor != before or before in (0, 59)
        assert widget.cursor == 0
        assert seen >= set(range(60))


async def test_headings_come_and_go_without_moving_the_cursor() -> None:
    async with running(ids(40), height=20) as (_, widget, pilot):
        await pilot.press(*["j"] * 9)
        line = widget.cursor_line
        widget.set_sessions(ids(40), keep=widget.current_id, groups=THREE_DAYS)
        assert (widget.cursor, widget.cursor_line) == (9, line)
        await pilot.resize_terminal(60, 8)
        await settle(pilot)
        assert widget.row_height == 2
        assert 0 <= widget.cursor_line <= 6
        widget.set_sessions(ids(40), keep=widget.current_id)
        assert widget.virtual_size.height == 80


async def test_with_a_hundred_thousand_sessions_a_key_looks_at_the_visible_ones_only() -> None:
    class Counted(list[str]):
        looked = 0

        def __getitem__(self, index: object) -> object:  # type: ignore[override]
            found = super().__getitem__(index)  # type: ignore[call-overload]
            self.looked += len(found) if isinstance(index, slice) else 1
            return found

        def __iter__(self) -> Iterator[str]:
            raise AssertionError("all of them are looked at")

    many = Counted(ids(100_000))
    starts = tuple(range(0, 100_000, 270))
    groups = DayGroups(starts, tuple(Period(TODAY - timedelta(days=number)) for number in range(len(starts))))
    spent: list[int] = []
    async with running(height=40) as (app, widget, pilot):
        for days in (DayGroups(), groups):
            widget.set_sessions(many, groups=days)
            await settle(pilot)
            frames = app.frames
            many.looked = 0
            for key in ("j", "pagedown", "j", "k", "pageup", "G", "pageup", "g"):
                await pilot.press(key)
                await settle(pilot)
            spent.append(many.looked)
            assert app.frames - frames <= 2 * 8
        assert spent[1] < spent[0] * 1.2 + 100


async def test_keys_move_the_cursor_and_say_so() -> None:
    sessions = ids(100)
    async with running(sessions) as (app, widget, pilot):
        assert [each.session_id for each in app.take(SessionList.Highlighted)] == [sessions[0]]
        for key, index in [("j", 1), ("down", 2), ("k", 1), ("G", 99), ("g", 0), ("end", 99), ("home", 0)]:
            await pilot.press(key)
            assert widget.current_id == sessions[index]
        for key, index in [("pagedown", 8), ("ctrl+d", 12), ("pageup", 4), ("ctrl+u", 0)]:
            await pilot.press(key)
            assert widget.current_id == sessions[index], key
        await pilot.press("enter")
        await settle(pilot)
        assert [each.session_id for each in app.take(SessionList.Opened)] == [sessions[0]]
        told = [each.session_id for each in app.take(SessionList.Highlighted)]
        assert told[:3] == [sessions[1], sessions[2], sessions[1]]
        assert app.take(SessionList.Opened) == []


async def test_the_cursor_is_always_in_sight() -> None:
    async with running(ids(50), height=10) as (app, widget, pilot):
        for key in ("G", "g", *["j"] * 9, *["k"] * 5, "pagedown", "pageup"):
            await pilot.press(key)
            assert any(line.startswith("▌") for line in screen_text(app)), key
            assert any(f"Session {widget.cursor}" in line for line in screen_text(app))


async def test_only_what_is_near_is_asked_for_and_once() -> None:
    async with running(ids(100_000)) as (app, widget, pilot):
        assert [len(each) for each in app.asked] == [PAGE]
        await pilot.press(*["j"] * 20)
        assert len(app.asked) == 1
        await pilot.press("G")
        await settle(pilot)
        assert sum(len(each) for each in app.asked) <= 4 * PAGE
        assert not any("…" in line for line in screen_text(app))
        widget.forget_summaries([widget.current_id or ""])
        await settle(pilot)
        assert list(app.asked[-1]) == [widget.current_id]


async def test_moving_normally_never_shows_placeholders() -> None:
    async with running(ids(1_000)) as (app, _, pilot):
        for _ in range(40):
            await pilot.press("pagedown")
            assert not any(line[3:].startswith("…") for line in screen_text(app))


async def test_placeholders_until_the_answer_comes() -> None:
    sessions = ids(10)
    async with running(sessions, answer=False) as (app, widget, pilot):
        assert screen_text(app)[0].startswith("▌  …")
        widget.put_summaries(summary(id) for id in sessions)
        await settle(pilot)
        assert screen_text(app)[0].startswith("▌  Session 0")
        assert len(app.asked) == 1


async def test_other_sessions_keep_the_cursor_on_its_session() -> None:
    sessions = ids(100)
    async with running(sessions) as (app, widget, pilot):
        widget.select(sessions[50])
        await settle(pilot)
        line = next(number for number, text in enumerate(screen_text(app)) if text.startswith("▌"))
        app.take(SessionList.Highlighted)
        widget.set_sessions(["f" * 32, *sessions], keep=sessions[50])
        await settle(pilot)
        assert widget.current_id == sessions[50]
        assert screen_text(app)[line].startswith("▌  Session 50")
        assert app.take(SessionList.Highlighted) == []
        widget.set_sessions(sessions[:50] + sessions[51:], keep=sessions[50])
        assert widget.current_id == sessions[52 - 1 + 1]
        widget.set_sessions(sessions[:3], keep=sessions[50])
        assert widget.current_id == sessions[2]
        widget.set_sessions([])
        await settle(pilot)
        assert widget.current_id is None
        assert app.take(SessionList.Highlighted)[-1].session_id is None
        assert not widget.select(sessions[0])
        await pilot.press("j", "G", "enter", "space", "v")
        assert app.take(SessionList.Opened) == []


async def test_marks_outlive_filters() -> None:
    sessions = ids(30)
    async with running(sessions) as (app, widget, pilot):
        await pilot.press("space", "space")
        assert widget.marked == set(sessions[:2])
        assert widget.cursor == 2
        assert [each.count for each in app.take(SessionList.MarksChanged)] == [1, 2]
        await pilot.press("j", "v", "j", "j", "v", "j")
        assert widget.marked == {*sessions[:2], *sessions[3:6]}
        assert screen_text(app)[0].startswith(" ●")
        widget.set_sessions(sessions[20:])
        assert len(widget.marked) == 5
        await pilot.press("ctrl+a")
        assert len(widget.marked) == 15
        await pilot.press("escape")
        await settle(pilot)
        assert widget.marked == frozenset()
        assert app.take(SessionList.MarksChanged)[-1].count == 0


async def test_a_starred_session_that_is_marked_shows_both() -> None:
    (a,) = ids(1)
    async with running([a], special=[summary(a, starred=True)]) as (app, _, pilot):
        await pilot.press("space")
        assert [line[1] for line in screen_text(app)[:2]] == ["●", "★"]


async def test_the_mouse_moves_opens_and_marks() -> None:
    sessions = ids(30)
    async with running(sessions) as (app, widget, pilot):
        await pilot.click(widget, offset=(5, 4))
        assert widget.current_id == sessions[1]
        await pilot.click(widget, offset=(5, 10), control=True)
        assert widget.marked == {sessions[3]}
        assert widget.current_id == sessions[1]
        await pilot.click(widget, offset=(5, 7), times=2)
        await settle(pilot)
        assert [each.session_id for each in app.take(SessionList.Opened)] == [sessions[2]]
        await pilot.hover(widget, offset=(5, 13))
        assert widget.hover == 4


async def test_filter_words_are_marked_without_case_and_accents() -> None:
    (a,) = ids(1)
    async with running([a], special=[summary(a, "Ein Café am Markt")]) as (app, widget, pilot):
        widget.mark_found(partial(substrings_of, ("cafe",)), None)
        await settle(pilot)
        underlined = [
            segment.text
            for strip in app.screen._compositor.render_strips(app.size)
            for segment in strip
            if segment.style and segment.style.underline
        ]
        assert underlined == ["Café"]


async def test_snippets_are_a_third_line() -> None:
    sessions = ids(3)
    async with running(sessions) as (app, widget, pilot):
        widget.put_snippets({sessions[1]: "…the refund window…"})
        await settle(pilot)
        assert screen_text(app)[6][:24].strip() == "…the refund window…"
        widget.put_snippets(None)
        await settle(pilot)
        assert "refund" not in "".join(screen_text(app))


async def test_one_key_is_one_frame_and_idle_is_none() -> None:
    async with running(ids(1_000)) as (app, _, pilot):
        for key in ("j", "k", "pagedown", "pageup", "space", "v"):
            await settle(pilot)
            before = app.frames
            await pilot.press(key)
            await settle(pilot)
            assert app.frames == before + 1, key
        before = app.frames
        for _ in range(50):
            await settle(pilot)
        assert app.frames == before


async def test_the_same_strips_are_painted_again() -> None:
    async with running(ids(100)) as (_, widget, pilot):
        lines = [widget.paint_line(y) for y in range(20)]
        await pilot.press("j", "k")
        assert all(widget.paint_line(y) is line for y, line in enumerate(lines))


@pytest.mark.parametrize("text", [HOSTILE, HOSTILE[::-1]])
async def test_hostile_titles_are_text(text: str) -> None:
    a, b = ids(2)
    special = [
        summary(a, text, tags=(text,), source=text),
        summary(b, "[/] [red]x[/red] [@click=app.quit]y[/]", damaged=text),
    ]
    async with running([a, b], special=special) as (app, _, pilot):
        app.widget.put_snippets({a: text})
        await settle(pilot)
        screen = "\n".join(screen_text(app))
        assert "[/] [red]x[/red] [@click=app…" in screen
        assert not any((ord(c) < 32 and c != "\n") or 127 <= ord(c) < 160 for c in screen)
        assert all(len(line) <= 60 for line in screen.split("\n"))
