"""DialogView: what it shows, where it stays, what it says."""

from __future__ import annotations

import dataclasses
import random
import re
from datetime import UTC, datetime, timedelta

import pytest

from nova_tui.domain.outline import DialogOutline
from nova_tui.domain.row import EXCLUDE, Image, Role, Row
from nova_tui.tui.widgets.dialog_column import READING_WIDTH
from nova_tui.tui.widgets.dialog_rows import DialogRows
from nova_tui.tui.widgets.dialog_view import DialogView
from nova_tui.tui.widgets.row_renderer import label_words, row_blocks
from tests.tui.virtual_clock import settle, wait_until
from tests.tui.widgets.dialogs import START, mixed, painted, row, showing, simple
from tests.tui.widgets.texts import HOSTILE
from tests.tui.widgets.tiny_app import TinyApp, screen_text

# -- looks -----------------------------------------------------------------------------------------------------------


async def test_a_row_is_a_label_a_text_and_a_blank_line() -> None:
    rows = [
        row(0, "Be kind.", Role.SYSTEM),
        row(1, "I was *charged*", Role.USER),
        dataclasses.replace(row(2, "Sorry\n\n- a", Role.ASSISTANT), metadata={EXCLUDE: True}),
    ]
    async with showing(rows, size=(40, 12)) as (app, _view, pilot):
        await pilot.press("j")
        assert screen_text(app) == [
            " ┆ system" + " " * 16 + "22 Nov  09:12" if _other_day() else " ┆ system" + " " * 24 + "09:12",
            " ┆ Be kind.",
            "",
            " █ user" + " " * 26 + "09:12",
            " █ I was charged",
            "",
            " ┃ assistant · excluded" + " " * 10 + "09:12",
            " ┃ Sorry",
            " ┃",
            " ┃ • a",
            "",
            "",
        ]


def _other_day() -> bool:
    return datetime.now(UTC).date() != START.date()


async def test_a_new_day_is_named() -> None:
    rows = [row(0), dataclasses.replace(row(1), timestamp=START - timedelta(days=700))]
    async with showing(rows) as (_, view, _):
        assert view.paint_line(3).text.rstrip().endswith("2024-12-22  09:12")


async def test_hidden_rows_fold_and_unfold() -> None:
    rows = simple(30, hidden=(0, 1, 4))
    async with showing(rows) as (app, view, pilot):
        assert [line for line in painted(view) if line and "T" not in line and "09:" not in line] == [
            " 2 hidden rows ┄┄",
            " 1 hidden row ┄┄",
        ]
        assert view.hidden_count == 3
        assert view.current_row_id == "row2"
        await pilot.press("j", "j")
        assert view.current_row_id == "row5"
        y = view.row_region("row5").y
        await pilot.press("full_stop")
        assert view.show_hidden
        assert view.row_region("row5").y == y
        assert view.current_row_id == "row5"
        await pilot.press("k")
        assert view.current_row_id == "row4"
        assert "user · hidden" in "\n".join(screen_text(app))
        await pilot.press("full_stop")
        assert view.current_row_id == "row5"


async def test_only_hidden_rows() -> None:
    async with showing(simple(3, hidden=(0, 1, 2))) as (_, view, pilot):
        assert view.current_row_id is None
        await pilot.press("j", "k", "G", "g", "J", "K", "pagedown", "enter", "full_stop")
        assert view.current_row_id == "row0"


async def test_no_rows() -> None:
    async with showing([]) as (app, view, pilot):
        await pilot.press("j", "k", "G", "g", "J", "K", "pagedown", "pageup", "enter", "full_stop")
        assert view.current_row_id is None
        assert view.row_region("x") == view.text_region("x")
        assert "".join(screen_text(app)) == ""
        assert app.take(DialogView.EditRequested) == []


async def test_text_is_not_wider_than_one_can_read() -> None:
    async with showing([row(0, "word " * 90)], size=(200, 20)) as (_, view, _):
        assert view.text_width == READING_WIDTH
        assert max(len(line) for line in painted(view)) <= READING_WIDTH


def test_labels_say_what_is_special() -> None:
    hidden = dataclasses.replace(row(0, hidden=True), metadata={"hide_row": True, "kind": "tool_call"})
    assert label_words(hidden) == ["hidden", "tool call"]
    assert label_words(dataclasses.replace(row(0), metadata={"kind": "x\x1b[2Jy"})) == ["x␛[2Jy"]
    calls = [{"function_name": "f"}]
    assert label_words(dataclasses.replace(row(0), metadata={"function_calls": calls})) == ["tool call"]


def test_images_and_calls_are_listed() -> None:
    calls = [
        {"function_name": "get", "parameters": {"id": 1}, "result": "fine", "completion_id": 1, "finish_reason": 2}
    ]
    full = dataclasses.replace(
        row(0, " "),
        metadata={"function_calls": calls},
        images=(
            Image("image/png", name="photo.png", width=640, height=480),
            Image(path="/a/b/c.gif", alt="a cat"),
            Image(url="http://e.com/d.jpg?x=1"),
            Image("image/webp", b"x"),
            Image(url="data:image/png;base64,AAAA"),
        ),
    )
    assert [block.text for block in row_blocks(full)] == [
        "▣ image photo.png 640×480",
        "▣ image c.gif “a cat”",
        "▣ image d.jpg",
        "▣ image image/webp · 1 B",
        "▣ image",
        "▸ get",
        '{"id": 1}',
        "result",
        "fine",
    ]
    assert [block.text for block in row_blocks(Row(""))] == ["empty"]


# -- cursor ----------------------------------------------------------------------------------------------------------


async def test_keys_move_the_cursor() -> None:
    async with showing(simple(40)) as (app, view, pilot):
        assert [each.row_id for each in app.take(DialogView.CursorMoved)] == ["row0"]
        for key, number in [("j", 1), ("down", 2), ("k", 1), ("J", 2), ("J", 4), ("K", 2), ("G", 39), ("g", 0)]:
            await pilot.press(key)
            assert view.current_row_id == f"row{number}", key
            region = view.row_region(view.current_row_id)
            assert region.y >= 0
            assert region.bottom <= view.window.height
        await pilot.press("enter", "e")
        await settle(pilot)
        assert [each.row_id for each in app.take(DialogView.EditRequested)] == ["row0", "row0"]
        assert [each.row_id for each in app.take(DialogView.CursorMoved)][-1] == "row0"


async def test_pages() -> None:
    async with showing(simple(40)) as (_, view, pilot):
        await pilot.press("pagedown")
        assert view.top_line == view.window.height - 2
        assert view.row_region(view.current_row_id or "").y >= 0
        await pilot.press(*["pagedown"] * 9)
        assert view.current_row_id == "row39"
        assert view.top_line == view.max_scroll_y
        await pilot.press("ctrl+u")
        assert view.top_line == view.max_scroll_y - 11
        await pilot.press(*["pageup"] * 9)
        assert view.current_row_id == "row0"
        assert view.top_line == 0


async def test_a_row_higher_than_the_window_is_paged_through() -> None:
    rows = [row(0), row(1, "\n".join(f"line {number}" for number in range(60))), row(2)]
    async with showing(rows) as (_, view, pilot):
        seen: set[str] = set()
        await pilot.press("j")
        for _ in range(5):
            seen |= {line for line in painted(view) if line.startswith("line")}
            if view.current_row_id != "row1":
                break
            await pilot.press("j")
        assert view.current_row_id == "row2"
        assert len(seen) == 60
        back: set[str] = set()
        for _ in range(6):
            await pilot.press("k")
            back |= {line for line in painted(view) if line.startswith("line")}
        assert len(back) == 60
        assert view.current_row_id == "row0"


async def test_to_a_row_by_id() -> None:
    async with showing(simple(99, hidden=(50,))) as (_, view, _):
        assert view.move_cursor_to("row70")
        assert view.current_row_id == "row70"
        assert view.row_region("row70").bottom <= view.window.height
        assert not view.move_cursor_to("row50")
        assert not view.move_cursor_to("nobody")
        view.scroll_row_visible("row10")
        assert view.row_region("row10").y == 0
        assert view.current_row_id == "row70"


async def test_the_mouse_moves_the_cursor_and_edits() -> None:
    async with showing(simple(9)) as (app, view, pilot):
        await pilot.click(view, offset=(8, 7))
        assert view.current_row_id == "row2"
        await pilot.click(view, offset=(8, 10), times=2)
        await settle(pilot)
        assert [each.row_id for each in app.take(DialogView.EditRequested)] == ["row3"]
        assert app.screen.selections == {}


async def test_a_link_says_where_it_leads() -> None:
    async with showing([row(0, "see [this](http://e.com/a)")]) as (app, view, pilot):
        await pilot.hover(view, offset=(8, 1))
        assert str(view.tooltip) == "http://e.com/a"
        await pilot.click(view, offset=(8, 1))
        await settle(pilot)
        assert [each.url for each in app.take(DialogView.LinkClicked)] == ["http://e.com/a"]
        await pilot.hover(view, offset=(4, 1))
        assert view.tooltip is None


async def test_marks() -> None:
    async with showing(simple(9)) as (app, view, pilot):
        await pilot.press("space", "j", "v", "j", "j")
        assert list(view.marked) == ["row0", "row2", "row3", "row4"]
        await pilot.press("k", "v", "j")
        assert list(view.marked) == ["row0", "row2", "row3"]
        assert view.paint_line(0).text.startswith("●▌ user")
        await settle(pilot)
        assert app.take(DialogView.MarksChanged)[-1].count == 3
        await pilot.click(view, offset=(8, 0), control=True)
        assert list(view.marked) == ["row2", "row3"]
        view.show(simple(3))
        assert list(view.marked) == ["row2"]
        await pilot.press("ctrl+a")
        assert len(view.marked) == 3
        await pilot.press("escape")
        assert list(view.marked) == []


async def test_rows_can_be_given_before_there_is_a_screen() -> None:
    view = DialogView(zone=UTC)
    view.show(simple(30), keep="row20")
    app = TinyApp(view)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        assert view.current_row_id == "row20"
        await pilot.press("j")
        assert view.current_row_id == "row21"
        assert any(line.startswith(" █ ") for line in screen_text(app))


async def test_rows_can_be_given_while_the_view_is_not_displayed() -> None:
    async with showing(simple(60)) as (_, view, pilot):
        view.display = False
        await settle(pilot)
        view.show([row(number) for number in range(100, 160)], at_end=True)
        await settle(pilot)
        view.display = True
        await settle(pilot)
        assert view.current_row_id == "row159"
        assert view.top_line == view.max_scroll_y > 0
        view.display = False
        await settle(pilot)
        view.show(simple(60), keep="row30")
        view.display = True
        await settle(pilot)
        assert view.window.height > view.row_region("row30").y >= 0


async def test_the_end_of_rows_that_were_given_before() -> None:
    view = DialogView(zone=UTC)
    view.show(mixed(40), at_end=True)
    async with TinyApp(view).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        assert view.current_row_id == "row39"
        assert view.top_line == view.max_scroll_y > 0


# -- nothing jumps ---------------------------------------------------------------------------------------------------


async def test_scrolling_never_jumps() -> None:
    source = random.Random(3)
    async with showing(mixed(600), size=(90, 30)) as (_, view, _):
        window = view.window.height
        for _ in range(40):
            view.jump(source.randrange(view.heights.total))
            before = painted(view)
            for _ in range(25):
                step = source.choice((-3, -1, -1, 1, 2, 5, -7))
                at_end = view.top_line + step + window >= view.heights.total - 40 or view.top_line + step <= 0
                view.scroll_lines(step)
                after = painted(view)
                if not at_end:
                    assert after[-step:] == before[:step] if step < 0 else after[:-step] == before[step:]
                before = after


async def test_the_end_is_the_end_and_the_start_the_start() -> None:
    async with showing(mixed(300), size=(90, 30)) as (_, view, pilot):
        await pilot.press("G")
        assert view.item_y(len(view.heights) - 1) + view.heights[len(view.heights) - 1] == view.window.height
        assert view.top_line == view.max_scroll_y
        for _ in range(60):
            await pilot.press("pageup")
        view.jump(0)
        assert view.top_item() == (0, 0)


async def test_another_width_keeps_the_row_at_the_top() -> None:
    async with showing(mixed(300), size=(90, 30)) as (_, view, pilot):
        view.put_item(150, 0)
        for width in (60, 120, 40, 90):
            await pilot.resize_terminal(width, 30)
            await settle(pilot)
            assert view.top_item()[0] == 150


async def test_changed_rows_keep_their_place() -> None:
    rows = mixed(200)
    async with showing(rows, size=(90, 30)) as (app, view, pilot):
        assert view.move_cursor_to("row100")
        view.put_item(100, 4)
        await settle(pilot)
        before = painted(view)
        laid = view.renderer.laid
        app.take(DialogView.CursorMoved)
        longer = [*rows[:10], row(900, "new " * 300), *rows[10:50], *rows[52:]]
        view.show(longer, keep="row100")
        await settle(pilot)
        assert painted(view) == before
        assert view.current_row_id == "row100"
        assert app.take(DialogView.CursorMoved) == []
        assert view.renderer.laid == laid
        edited = [dataclasses.replace(each, text="short") if each.id == "row100" else each for each in longer]
        view.show(edited, keep="row100")
        assert painted(view)[4:6] == [before[4], "short"]
        view.show([each for each in edited if each.id != "row100"], keep="row100")
        assert view.current_row_id == "row101"
        view.show(simple(3))
        assert view.current_row_id == "row2"
        view.show([row(5000), row(5001)])
        assert (view.current_row_id, view.top_line) == ("row5000", 0)


async def test_at_the_end() -> None:
    rows = mixed(50)
    async with showing(rows) as (_, view, _):
        view.show([*rows, row(50, "the last word")], at_end=True)
        assert view.current_row_id == "row50"
        assert "the last word" in painted(view)


async def test_an_outline_can_be_made_beforehand() -> None:
    rows = mixed(50)
    outline = DialogOutline.of(rows)
    assert len(outline) == 50
    async with showing(rows) as (_, view, _):
        view.show(DialogRows(outline, rows))
        assert len(view.heights) == 50


async def test_room_for_an_editor() -> None:
    async with showing(simple(30)) as (_, view, _):
        assert view.text_region("row2") == (3, 7, view.text_width, 1)
        view.reserve("row2", 12)
        assert view.text_region("row2") == (3, 7, view.text_width, 10)
        assert view.row_region("row3").y == 18
        assert painted(view)[6].startswith("user")
        assert set(painted(view)[7:17]) == {""}
        view.scroll_row_visible("row2")
        view.reserve("row2", None)
        assert view.row_region("row3").y == 9
        view.put_item(10, 0)
        view.reserve("row2", 12)
        assert view.row_region("row10").y == 0


# -- cost ------------------------------------------------------------------------------------------------------------


async def test_one_key_is_one_frame_and_idle_is_none() -> None:
    async with showing(mixed(500)) as (app, _view, pilot):
        for key in ("j", "k", "pagedown", "ctrl+d", "pageup", "G", "g", "J", "K", "pagedown"):
            await settle(pilot)
            before = app.frames
            await pilot.press(key)
            await settle(pilot)
            assert app.frames == before + 1, key
        before = app.frames
        for _ in range(50):
            await settle(pilot)
        assert app.frames == before


async def test_only_what_comes_into_sight_is_laid_out() -> None:
    async with showing(simple(10_000), size=(80, 24)) as (_, view, pilot):
        assert view.renderer.laid <= 9
        before = view.renderer.laid
        await pilot.press("pagedown")
        assert view.renderer.laid - before <= 9
        await pilot.press("G")
        assert view.renderer.laid - before <= 26
        before = view.renderer.laid
        await pilot.press("full_stop", "k")
        assert view.renderer.laid == before


async def test_a_focus_does_not_lay_out_again() -> None:
    async with showing(mixed(50)) as (app, view, pilot):
        before = view.renderer.laid
        app.set_focus(None)
        await settle(pilot)
        assert "█" not in "".join(screen_text(app))
        view.focus()
        await settle(pilot)
        assert screen_text(app)[0].startswith(" █ user")
        assert view.renderer.laid == before
        app.theme = "textual-light"
        await settle(pilot)
        assert view.renderer.laid > before


async def test_code_is_coloured_when_its_language_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    async with showing([row(0, "```ruby\ndef x; 'y'; end\n```")]) as (_, view, pilot):

        def colours() -> int:
            return len({segment.style for segment in view.paint_line(2)})

        await wait_until(pilot, lambda: not view._loading)
        await settle(pilot)
        assert colours() >= 4


async def test_found_words_are_marked() -> None:
    async with showing([row(0, "one two one")]) as (_, view, _pilot):
        view.find(lambda text: [match.span() for match in re.finditer("one", text)])
        bold = [segment.text for segment in view.paint_line(1) if segment.style and segment.style.bold]
        assert bold == ["one", "one"]
        view.find(None)
        assert not [segment.text for segment in view.paint_line(1) if segment.style and segment.style.bold]


# -- any text --------------------------------------------------------------------------------------------------------


async def test_hostile_texts_are_text() -> None:
    hostile = (
        dataclasses.replace(
            row(0, HOSTILE),
            metadata={"kind": HOSTILE[:60], "function_calls": [{"function_name": HOSTILE, "parameters": {HOSTILE: 1}}]},
            images=(Image(HOSTILE.replace("\0", ""), name=HOSTILE.replace("\0", ""), alt=HOSTILE.replace("\0", "")),),
        )
        if "\0" not in HOSTILE
        else row(0, HOSTILE.replace("\0", ""))
    )
    async with showing([hostile, row(1)], size=(100, 300)) as (app, view, _):
        screen = "\n".join(screen_text(app))
        assert "[red]x[/red]" in screen
        assert "[@click=app.quit]press[/]" in screen
        assert not any((ord(c) < 32 and c != "\n") or 127 <= ord(c) < 160 or c == "\u202e" for c in screen)
        assert {view.paint_line(y).cell_length for y in range(300)} == {99}


async def test_a_row_of_five_megabytes_is_usable() -> None:
    rows = [row(0), row(1, "word and more\n" * 400_000), row(2)]
    async with showing(rows) as (_, view, pilot):
        await pilot.press("j", "G")
        assert view.current_row_id == "row2"
        await pilot.press("k")
        assert "… 399,992 more lines" in painted(view)
        view.fold_row("row1", folded=False)
        await pilot.press("pagedown", *["j"] * 200)
        assert any("more characters" in line for line in painted(view))


@pytest.mark.parametrize("size", [(1, 1), (3, 2), (8, 3), (14, 5)])
async def test_windows_that_are_too_small(size: tuple[int, int]) -> None:
    async with showing(mixed(9), size=size) as (app, _view, pilot):
        await pilot.press("j", "j", "G", "pageup", "g", "pagedown", "full_stop")
        assert all(strip.cell_length == size[0] for strip in app.screen._compositor.render_strips(app.size))
