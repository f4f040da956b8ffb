"""Hidden rows: folded to a thin line, or in full; the row under the cursor stays where it is."""

from __future__ import annotations

import random

import pytest

from tests.tui.widgets.dialogs import mixed, row, showing


@pytest.mark.parametrize("seed", range(6))
async def test_the_toggle_keeps_the_row_under_the_cursor_in_place(seed: int) -> None:
    source = random.Random(seed)
    rows = [row(number, each.text, hidden=source.random() < 0.4) for number, each in enumerate(mixed(200, seed))]
    async with showing(rows, size=(80, source.choice([12, 24, 50]))) as (_, view, pilot):
        kept = 0
        for _ in range(25):
            view.move_cursor_to(source.choice([each.id for each in rows if not each.hidden]))
            view.scroll_lines(source.randint(-8, 8))
            await pilot.pause()
            cursor = view.current_row_id
            assert cursor is not None
            y = view.row_region(cursor).y
            for _ in range(2):
                await pilot.press("full_stop")
                assert view.current_row_id == cursor
                if 0 < view.top_line < view.max_scroll_y and 0 <= y < view.window.height:
                    assert view.row_region(cursor).y == y
                    kept += 1
                else:  # the dialog begins or ends here
                    break
            view.show_hidden = False
            await pilot.pause()
        assert kept > 15


async def test_the_toggle_at_a_hidden_row_goes_to_the_next_one_shown() -> None:
    rows = [row(number, hidden=number % 3 != 0) for number in range(90)]
    async with showing(rows) as (_, view, pilot):
        await pilot.press("full_stop")
        view.move_cursor_to("row40")
        await pilot.press("full_stop")
        assert view.current_row_id == "row42"
        assert 0 <= view.row_region("row42").y < view.window.height


WIDE = [
    "مرحبا بالعالم، هذا نص عربي طويل بما يكفي ليلتف على عدة أسطر في النافذة الضيقة",
    "שלום עולם, זה טקסט ארוך מספיק כדי לעבור לשורה הבאה בחלון הצר הזה",
    "สวัสดีชาวโลก นี่คือข้อความยาวพอที่จะขึ้นบรรทัดใหม่ในหน้าต่างแคบ กำลังทดสอบ",
    "👨‍👩‍👧‍👦 family 👩🏽‍💻 coder 🏳️‍🌈 flag 🇩🇪🇯🇵 ❤️ heart 👍🏿 " * 3,
    "退款政策全角文字混排mixed半角カナと絵文字🙂が続く長い行です" * 3,
    "a" + "退" * 60,
    "| 退款 | مرحبا |\n|---|---|\n| 👨‍👩‍👧 | สวัสดี |\n| ab | c\u0301de\u0301 |",
    "```python\nx = '退款退款退款退款退款退款退款' # 👩🏽‍💻 שלום\n```",
]


@pytest.mark.parametrize("width", [7, 12, 20, 21, 33, 80, 200])
@pytest.mark.parametrize("folded", [False, True])
async def test_bars_and_labels_stay_in_their_columns(width: int, folded: bool) -> None:
    rows = [row(number, text) for number, text in enumerate(WIDE)]
    async with showing(rows, size=(width, 60)) as (app, view, pilot):
        view.fold_every_row(folded or None)
        for _ in range(6):
            for strip in app.screen._compositor.render_strips(app.size):
                assert strip.cell_length == width
                assert sum(segment.cell_length for segment in strip) == width
            for y in range(view.window.height):
                line = view.paint_line(y)
                assert line.text[0] == " "
                assert line.text[1] in " ▌┃█"
                assert all(
                    cut.cell_length == size
                    for cut, size in zip(line.divide([3, width - 1]), (3, width - 4), strict=False)
                )
            await pilot.press("pagedown")
