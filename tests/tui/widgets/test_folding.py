"""Folded rows: what is left of them, where they stay, and what they cost."""

from __future__ import annotations

import dataclasses

import pytest
from textual.geometry import Offset
from textual.selection import Selection

from nova_tui.domain.row import FunctionCall, Role, Row
from nova_tui.tui.widgets.dialog_view import DialogView
from nova_tui.tui.widgets.row_folds import HEAD, HUGE, LONG, head_of, summary
from nova_tui.tui.widgets.text_selection import key_of
from tests.tui.widgets.dialogs import painted, row, showing, simple

MEGABYTE = 1_000_000


def called(number: int, text: str = "", **call: object) -> Row:
    """Return a row with a tool call."""
    return dataclasses.replace(row(number, text or " "), metadata={"function_calls": [call]})


def long_row(number: int, lines: int) -> Row:
    """Return a row of so many lines."""
    return row(number, "\n".join(f"Line {line}" for line in range(1, lines + 1)))


# -- what is left ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "head", "more"),
    [
        ("a\nb", "a\nb", ""),
        ("a\n" * 3, "a\na\na\n", ""),
        ("a\n" * 12, "a\n" * 8, "… 4 more lines"),
        ("a\n" * 9, "a\n" * 8, "… 1 more line"),
        ("x" * 1000, "x" * 160, "… 840 more characters"),
        ("x" * 1000 + "\nand\nmore", "x" * 160, "… 2 more lines"),
        ("\n" * 40, "\n" * 40, ""),
    ],
)
def test_the_head_of_a_text(text: str, head: str, more: str) -> None:
    kept, said = head_of(text, 20)
    assert kept.rstrip("\n") == head.rstrip("\n")
    assert said == more


def test_a_tool_row_is_told_in_one_line() -> None:
    found = called(0, function_name="find_payments", parameters={"order": 1881}, result=[{"id": 1}, {"id": 2}])
    assert summary(found) == "→ find_payments(order: 1881) · result 2 items"
    assert summary(called(0, function_name="now")) == "→ now()"
    assert summary(called(0, function_name="f", parameters="x", result="ok")) == "→ f(x) · result ok"
    deep = called(0, function_name="f", parameters={"a": {"b": 1}, "c": [1, 2]}, result={"k": 1})
    assert summary(deep) == "→ f(a: {…}, c: [2]) · result 1 field"
    assert summary(called(0, function_name="f", result="a\nb\nc")) == "→ f() · result 3 lines"
    two = dataclasses.replace(row(0), metadata={"function_calls": [{"function_name": "f"}, {"function_name": "g"}]})
    assert summary(two) == "→ f() · 1 more"
    thought = dataclasses.replace(row(0, "First this.\nThen that."), metadata={"kind": "thinking"})
    assert summary(thought) == "First this. · 2 lines"
    answer = dataclasses.replace(row(0, '{"ok": true}'), metadata={"kind": "tool_result"})
    assert summary(answer) == '← {"ok": true}'
    assert summary(called(0, function_name="\x1b[2Jf\n[/]", parameters={"a\u202e": "\x07"})).isprintable()


def test_any_value_of_a_call_can_be_told() -> None:
    for value in (None, 1, 1.5, True, "", [], {}, [None], {"a": None}):
        call = FunctionCall("f", {"a": value}, value)
        assert "f(" in summary(dataclasses.replace(row(0, " "), metadata={"function_calls": [call.to_mapping()]}))


# -- folding -----------------------------------------------------------------------------------------------------------


async def test_a_long_row_folds_to_its_first_lines_and_back() -> None:
    async with showing([row(0), long_row(1, 30), row(2)], size=(60, 50)) as (_, view, pilot):
        await pilot.press("j")
        before = painted(view)
        assert "Line 30" in before
        view.fold_row("row1", folded=True)
        await pilot.pause()
        folded = painted(view)
        assert folded[:5] == before[:5]
        assert f"Line {HEAD}" in folded
        assert f"Line {HEAD + 1}" not in folded
        assert f"… {30 - HEAD} more lines" in folded
        assert "Text 2" in folded
        view.fold_row("row1", folded=False)
        await pilot.pause()
        assert painted(view) == before


async def test_tool_rows_fold_to_one_line() -> None:
    rows = [
        row(0),
        called(1, function_name="find_payments", parameters={"order": 1881}, result=[1, 2]),
        called(2, "Let me look.", function_name="now", result="12:00"),
        row(3),
    ]
    async with showing(rows, size=(90, 30)) as (_, view, pilot):
        view.fold_every_row(True)
        await pilot.pause()
        lines = painted(view)
        assert lines[3].startswith("assistant · → find_payments(order: 1881) · result 2 items  ")
        assert lines[4] == ""
        assert lines[5].startswith("user · tool call")
        assert lines[6:9] == ["Let me look.", "", "→ now() · result 12:00"]
        view.fold_every_row(False)
        await pilot.pause()
        assert "▸ find_payments" in painted(view)


@pytest.mark.parametrize("presses", [0, 3, 7, 15, 29])
@pytest.mark.parametrize("scrolled", [0, 4, -4])
async def test_folding_all_keeps_the_cursor_row_in_place(presses: int, scrolled: int) -> None:
    rows = [
        long_row(number, 40) if number % 3 == 1 else called(number, function_name="f", parameters={"n": number})
        for number in range(60)
    ]
    async with showing(rows, size=(70, 25)) as (_, view, pilot):
        for _ in range(presses):
            view.move_cursor_to(f"row{presses}")
        view.scroll_lines(scrolled)
        await pilot.pause()
        cursor = view.current_row_id
        assert cursor is not None
        for folded in (True, False, True):
            before, top = view.row_region(cursor).y, view.top_line
            view.fold_every_row(folded)
            await pilot.pause()
            after = view.row_region(cursor).y
            at_an_end = view.top_line in (0, view.max_scroll_y) or top == 0
            if 0 <= before < 25 and not at_an_end:
                assert after == before
            assert -1 < after < 25 or not 0 <= before < 25
            assert view.current_row_id == cursor


async def test_folded_rows_stay_folded_when_others_change() -> None:
    rows = [row(0), long_row(1, 30), row(2), called(3, function_name="f")]
    async with showing(rows, size=(60, 40)) as (_, view, pilot):
        view.fold_row("row1", folded=True)
        view.fold_row("row3", folded=True)
        view.show([dataclasses.replace(rows[0], text="Other"), rows[1], row(9), rows[3]], changed={"row0", "row9"})
        await pilot.pause()
        assert view.is_folded("row1")
        assert view.is_folded("row3")
        assert "… 22 more lines" in painted(view)
        view.show([rows[0], dataclasses.replace(rows[1], text=rows[1].text + "\nLine 31"), rows[3]])
        await pilot.pause()
        assert "… 23 more lines" in painted(view)


async def test_nothing_to_fold() -> None:
    async with showing(simple(4), size=(60, 20)) as (_, view, _pilot):
        before = painted(view)
        view.fold_every_row(True)
        assert painted(view) == before
        assert not view.can_fold("row1")
    async with showing([]) as (_, view, _pilot):
        view.fold_every_row(True)
        view.fold_row("x", folded=True)


# -- huge rows ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x" * (5 * MEGABYTE), "more characters"),
        ("A line of a log\n" * (5 * MEGABYTE // 16), "312,492 more lines"),
        ("退款🙂" * (5 * MEGABYTE // 3), "more characters"),
        ("[" * (5 * MEGABYTE), "more characters"),
        ("* a\n" * (5 * MEGABYTE // 4), "more lines"),
    ],
)
async def test_a_row_of_five_megabytes_opens_folded(text: str, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    laid: list[int] = []
    real = DialogView.measure

    def measured(self: DialogView, item: int) -> int:
        height = real(self, item)
        laid.append(height)
        return height

    monkeypatch.setattr(DialogView, "measure", measured)
    async with showing([row(0), row(1, text, Role.USER), row(2)], size=(80, 24)) as (_, view, pilot):
        assert any(said in line for line in painted(view))
        assert "Text 2" in painted(view)
        await pilot.press("j", "j", "k")
        assert view.current_row_id == "row1"
        assert max(laid) <= 3 * HEAD + 4


async def test_a_row_that_is_only_long_opens_as_it_is() -> None:
    async with showing([long_row(0, LONG + 5)], size=(60, 60)) as (_, view, _pilot):
        assert f"Line {LONG + 5}" in painted(view)
    async with showing([long_row(0, HUGE)], size=(60, 60)) as (_, view, _pilot):
        assert f"… {HUGE - HEAD} more lines" in painted(view)


async def test_the_first_lines_of_wide_characters_fill_as_many_lines() -> None:
    head, more = head_of("退款" * 500, 20)
    assert head == "退款" * 40
    assert more == "… 920 more characters"


# -- copying -----------------------------------------------------------------------------------------------------------


async def test_a_folded_row_that_is_selected_whole_is_copied_whole() -> None:
    rows = [row(0), long_row(1, 30), called(2, function_name="f", parameters={"a": 1}, result="ok"), row(3)]
    async with showing(rows, size=(60, 60)) as (_, view, _pilot):
        view.fold_every_row(True)
        over_all = Selection(Offset(0, key_of(0, 1)), Offset(4, key_of(3, 1)))
        copied = view.get_selection(over_all)
        assert copied is not None
        assert copied[0].startswith("Text 0\n\nLine 1\nLine 2")
        assert "Line 30\n\n▸ f" in copied[0]
        assert copied[0].endswith("ok\n\nText")
        a_part = Selection(Offset(0, key_of(0, 1)), Offset(4, key_of(1, 3)))
        assert view.get_selection(a_part) == ("Text 0\n\nLine 1\nLine 2\nLine", "\n")


async def test_a_huge_row_that_is_selected_whole_is_copied_whole() -> None:
    text = "word and more\n" * 100_000
    async with showing([row(0), row(1, text), row(2)]) as (_, view, _pilot):
        copied = view.get_selection(Selection(None, None))
        assert copied is not None
        assert copied[0] == f"Text 0\n\n{text.strip()}\n\nText 2"


async def test_the_right_button_copies_what_is_selected(monkeypatch: pytest.MonkeyPatch) -> None:
    async with showing(simple(9)) as (app, view, pilot):
        await pilot.mouse_down(view, offset=(5, 1))
        await pilot.hover(view, offset=(6, 4))
        await pilot.mouse_up(view, offset=(6, 4))
        await pilot.pause()
        selected = app.screen.get_selected_text()
        assert selected
        await pilot.mouse_down(view, offset=(20, 10), button=3)
        await pilot.pause()
        assert app.clipboard == selected


async def test_a_click_on_what_is_left_out_unfolds() -> None:
    async with showing([long_row(0, 30), called(1, function_name="f")], size=(60, 50)) as (_, view, pilot):
        view.fold_every_row(True)
        await pilot.pause()
        assert painted(view)[HEAD + 1] == "… 22 more lines"
        await pilot.click(view, offset=(5, 3))
        assert view.is_folded("row0")
        await pilot.click(view, offset=(5, HEAD + 3))
        assert not view.is_folded("row1")
        assert view.is_folded("row0")
        await pilot.click(view, offset=(5, HEAD + 1))
        await pilot.pause()
        assert "Line 30" in painted(view)
