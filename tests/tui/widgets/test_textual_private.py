"""The private parts of Textual that the widgets lean on are still what they were."""

from __future__ import annotations

import gc
import inspect
import weakref

import textual._time
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.app import App
from textual.color import Color
from textual.filter import Monochrome
from textual.pilot import Pilot
from textual.screen import Screen
from textual.scroll_view import ScrollView
from textual.selection import SelectState
from textual.strip import Strip
from textual.widget import Widget

from nova_tui.tui.widgets.fast_scroll_view import FastScrollBar
from nova_tui.tui.widgets.stable_strip import StableStrip
from nova_tui.tui.widgets.textual_private import STRIP_CACHES
from tests.tui.virtual_clock import settle
from tests.tui.widgets.dialogs import showing, simple

BLACK = Color(0, 0, 0)


def strip(text: str = "hello") -> StableStrip:
    return StableStrip([Segment(text)], len(text))


def test_a_strip_has_the_slots_that_are_filled() -> None:
    others = ("_segments", "_cell_length", "_render_cache", "_link_ids", "_cell_count")
    assert set(Strip.__slots__) == {*STRIP_CACHES, *others}
    assert {type(getattr(Strip([]), name)).__name__ for name in STRIP_CACHES} == {"FIFOCache"}


def test_a_stable_strip_does_what_a_strip_does() -> None:
    stock, stable = Strip([Segment("hello")], 5), strip()
    assert stable == stock
    assert stable.cell_length == 5
    assert stable.crop(1, 3) == stock.crop(1, 3)
    assert [part.text for part in stable.divide([2, 5])] == ["he", "llo"]
    assert [part.text for part in stable.divide([2, 5])] == ["he", "llo"]
    assert stable.text == stock.text
    assert stable.adjust_cell_length(7).cell_length == 7
    assert stable.apply_offsets(0, 1).text == "hello"
    assert stable.link_ids == stock.link_ids
    assert list(stable.simplify()) == [Segment("hello")]


def test_a_stable_strip_dies_at_once() -> None:
    class Watched(StableStrip):
        __slots__ = ("__weakref__",)

    gc.disable()
    try:
        watched = Watched([Segment("hello", Style(bold=True))], 5)
        assert watched.divide([5])[0] is watched
        watched.filtered([Monochrome()], "key", BLACK)
        death = weakref.ref(watched)
        del watched
        assert death() is None
    finally:
        gc.enable()


def test_filters_are_applied_once() -> None:
    calls: list[int] = []

    class Counting(Monochrome):
        def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
            calls.append(1)
            return [Segment("HELLO")]

    line, filters = strip(), [Counting()]
    assert line.filtered([], "key", BLACK) is line
    first = line.filtered(filters, "key", BLACK)
    assert first.text == "HELLO"
    assert line.filtered(filters, "key", BLACK) is first
    assert len(calls) == 1
    line.filtered(filters, "other", BLACK)
    assert len(calls) == 2


def test_the_private_names_are_there() -> None:
    assert "animate" in inspect.signature(ScrollView._scroll_to).parameters
    assert list(inspect.signature(App._start_widget).parameters) == ["self", "parent", "widget"]
    assert hasattr(Screen, "_selecting")
    assert hasattr(Screen, "_select_state")
    assert SelectState._fields == ("screen_offset", "start", "end")
    assert callable(textual._time.get_time)
    assert callable(Pilot._wait_for_screen)
    assert "_vertical_scrollbar" in inspect.getsource(Widget.__init__)
    assert "render_line(y)" in inspect.getsource(type(Screen()._compositor).get_widget_and_offset_at)


async def test_the_scrollbar_shows_the_place_and_can_be_dragged() -> None:
    async with showing(simple(100)) as (_, view, pilot):
        bar = view.vertical_scrollbar
        assert isinstance(bar, FastScrollBar)
        view.jump(0)
        await settle(pilot)
        assert bar.size.height == 24
        assert bar.render_lines(bar.size.region)[0] is bar._thumb
        assert bar.render_lines(bar.size.region)[-1] is bar._below
        await pilot.mouse_down(view, offset=(79, 0))
        await pilot.hover(view, offset=(79, 23))
        await pilot.mouse_up(view, offset=(79, 23))
        await settle(pilot)
        assert view.top_line == view.max_scroll_y
        assert bar.render_lines(bar.size.region)[0] is bar._above
        await pilot.click(view, offset=(79, 2))
        await settle(pilot)
        assert view.max_scroll_y - 24 <= view.top_line < view.max_scroll_y


async def test_the_wheel_scrolls_at_once() -> None:
    async with showing(simple(100)) as (app, view, pilot):
        await pilot.hover(view, offset=(5, 5))
        await settle(pilot)
        before = app.frames
        await pilot._post_mouse_events([events.MouseScrollDown], view, offset=(5, 5))
        await settle(pilot)
        assert view.top_line == 2
        assert app.frames == before + 1
