"""Selecting text with the mouse."""

from __future__ import annotations

import dataclasses

from textual import events
from textual.geometry import Offset
from textual.pilot import Pilot
from textual.selection import Selection

from nova_tui.tui.widgets.dialog_view import DialogView
from nova_tui.tui.widgets.text_selection import key_of, span_in
from tests.tui.virtual_clock import settle, wait_until
from tests.tui.widgets.dialogs import row, showing, simple


def moved(x: int, y: int) -> events.MouseMove:
    """Return a movement downwards, by which Textual begins to scroll at the edge."""
    return events.MouseMove(None, x, y, 0, 1, 1, shift=False, meta=False, ctrl=False, screen_x=x, screen_y=y)


async def drag(pilot: Pilot[None], view: DialogView, start: tuple[int, int], *stops: tuple[int, int]) -> None:
    await pilot.mouse_down(view, offset=start)
    for stop in stops:
        await pilot.hover(view, offset=stop)
    await pilot.mouse_up(view, offset=stops[-1])
    await settle(pilot)


async def test_a_selection_goes_over_rows_and_copies_text_only() -> None:
    async with showing(simple(9)) as (app, view, pilot):
        await drag(pilot, view, (5, 1), (6, 3), (6, 4), (6, 7))
        assert app.screen.get_selected_text() == "xt 0\n\nText 1\n\nText"
        assert view.current_row_id == "row0"
        await pilot.click(view, offset=(20, 2))
        await settle(pilot)
        assert app.screen.get_selected_text() is None


async def test_wrapped_lines_are_joined_and_bars_left_out() -> None:
    text = "one two three four five six\n\n> quoted words go on and on\n\n```py\nx = 1\n\ny = 2\n```\n\n- a\n- b"
    async with showing([row(0, text)], size=(24, 30)) as (app, view, pilot):
        await drag(pilot, view, (3, 1), (10, 5), (20, 28))
        assert app.screen.get_selected_text() == (
            "one two three four five six\n\nquoted words go on and on\n\nx = 1\n\ny = 2\n\n• a\n• b"
        ) or app.screen.get_selected_text() == (
            "one two three four five six\n\nquoted words go on and on\n\n\nx = 1\n\ny = 2\n\n• a\n• b"
        )


async def test_a_selection_stays_on_its_text_when_rows_above_are_measured() -> None:
    rows = [row(number, "word " * (number % 7) * 20 or "x") for number in range(60)]
    async with showing(rows) as (app, view, pilot):
        await pilot.press("G")
        await settle(pilot)
        await drag(pilot, view, (3, 5), (9, 12))
        selected = app.screen.get_selected_text()
        assert selected
        for _ in range(8):
            view.scroll_lines(-7)
        await settle(pilot)
        assert app.screen.get_selected_text() == selected


async def test_a_selection_grows_while_the_view_scrolls_by_itself() -> None:
    async with showing(simple(200)) as (app, view, pilot):
        await pilot.mouse_down(view, offset=(3, 4))
        for y in (10, 20, 22, 23):
            app.screen._forward_event(moved(6, y))
            await settle(pilot)
        await wait_until(pilot, lambda: view.top_line > 60)
        await pilot.mouse_up(view, offset=(6, 23))
        await settle(pilot)
        selected = app.screen.get_selected_text() or ""
        assert selected.startswith("Text 1\n\nText 2\n\n")
        assert selected.count("Text") > 24


async def test_the_selected_part_is_painted() -> None:
    async with showing(simple(9)) as (app, view, pilot):
        await drag(pilot, view, (5, 1), (6, 4))
        style = app.screen.get_component_rich_style("screen--selection")
        assert [
            segment.text for segment in view.paint_line(1) if segment.style and segment.style.bgcolor == style.bgcolor
        ] == ["xt 0"]


async def test_another_dialog_ends_the_selection() -> None:
    rows = simple(9)
    async with showing(rows) as (app, view, pilot):
        await drag(pilot, view, (5, 1), (6, 4))
        view.show([dataclasses.replace(each, text="other") for each in rows])
        await settle(pilot)
        assert app.screen.get_selected_text() is None


async def test_everything_can_be_selected() -> None:
    async with showing(simple(3, hidden=(1,))) as (_, view, _):
        assert view.get_selection(Selection(None, None)) == ("Text 0\n\nText 2", "\n")


def test_spans_are_those_of_the_line() -> None:
    selection = Selection(Offset(2, key_of(1, 1)), Offset(4, key_of(2, 3)))
    assert span_in(selection, 0, 5, 9) is None
    assert span_in(selection, 1, 1, 9) == (2, 9)
    assert span_in(selection, 1, 7, 9) == (0, 9)
    assert span_in(selection, 2, 3, 9) == (0, 4)
    assert span_in(selection, 2, 3, 3) == (0, 3)
    assert span_in(selection, 2, 4, 3) is None
    assert span_in(None, 2, 4, 3) is None
