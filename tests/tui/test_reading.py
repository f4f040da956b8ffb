"""Reading a dialog in the program: folding, copying, links, times, outline."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import pytest

from nova_tui import Dialog, Session
from nova_tui.tui.widgets.outline_list import OutlineList
from nova_tui.tui.widgets.stable_strip import StableStrip
from nova_tui.tui.widgets.text_box import TextBox
from tests.tui.nova_app import Stage, stage, titled
from tests.tui.test_dialog_windows import many, reading

LONG_TEXT = "\n".join(f"Line {number}" for number in range(1, 41))


def shown(on: Stage) -> list[str]:
    """Return the lines of the dialog, without bars and times."""
    view = on.main.bench.dialog.view
    return [view.paint_line(y).text[3:].strip() for y in range(view.window.height)]


def tools(title: str = "Tools") -> Session:
    """Return a session of a long row and two tool calls."""
    session = titled(title, ("user", "Hello"), ("assistant", LONG_TEXT))
    for number in (1, 2):
        call = {"function_name": "find", "parameters": {"order": number}, "result": ["a", "b"]}
        session = session.add_message("assistant", "", {"function_calls": [call]})
    return session.add_message("user", "Thank you")


async def test_rows_are_folded_and_unfolded_by_keys() -> None:
    async with stage([tools()], size=(120, 60)) as on:
        await on.press("enter", "j")
        assert "Line 40" in shown(on)
        await on.press("z")
        assert "… 32 more lines" in shown(on)
        await on.press("z")
        assert "Line 40" in shown(on)
        await on.press("Z")
        lines = shown(on)
        assert "… 32 more lines" in lines
        assert any("→ find(order: 1) · result 2 items" in line for line in lines)
        assert "Thank you" in lines
        await on.press("Z")
        assert "Line 40" in shown(on)


async def test_folds_outlive_a_change_and_end_with_the_session() -> None:
    async with stage([tools(), titled("Other", ("user", LONG_TEXT))], size=(120, 60)) as on:
        await on.main.bench.open(on.store.summaries("alice")[-1].id).wait()
        sessions = {summary.title: summary.id for summary in on.store.summaries("alice")}
        await on.main.bench.open(sessions["Tools"]).wait()
        await on.press("j", "Z", "H")
        assert "excluded" in " ".join(shown(on))
        assert "… 32 more lines" in shown(on)
        await on.press("u")
        assert "… 32 more lines" in shown(on)
        await on.main.bench.open(sessions["Other"]).wait()
        await on.settle()
        assert "Line 40" in shown(on)


CODE = "Look:\n\n```python\nprint(1)\n\tx = 2\n```\n\nand\n\n- item\n\n  ```\n  plain\n  ```\n"
LINKS = (
    "See [the docs](https://example.org/docs), https://example.org/b and [bad](javascript:alert(1)).\n\n"
    "| a |\n|---|\n| [t](https://example.org/t) |"
)


async def test_code_is_copied_as_it_was_written() -> None:
    async with stage([titled("Code", ("user", "`no`"), ("assistant", "```\nonly\n```"), ("assistant", CODE))]) as on:
        await on.press("enter", "b")
        assert on.toasts()[-1] == "There is no block of code in this row."
        await on.press("j", "b")
        assert on.app.clipboard == "only"
        assert on.toasts()[-1] == "Code copied: 1 line."
        await on.press("j", "b")
        assert "Copy which code?" in on.screen_text()
        assert "python · 2 lines" in on.screen_text()
        await on.press("enter")
        assert on.app.clipboard == "print(1)\n\tx = 2"
        assert on.toasts()[-1] == "Code copied: python · 2 lines."
        await on.press("b", "j", "enter")
        assert on.app.clipboard == "plain"
        await on.press("b", "escape", "j", "k")
        assert on.main.bench.dialog.view.has_focus


async def test_links_are_followed_by_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    async with stage([titled("Links", ("user", "none"), ("assistant", LINKS))]) as on:
        monkeypatch.setattr(type(on.app), "open_url", lambda _app, url, **_: opened.append(url))
        await on.press("enter", "l")
        assert on.toasts()[-1] == "There is no link in this row."
        await on.press("j", "l")
        for address in ("https://example.org/docs", "https://example.org/b", "https://example.org/t"):
            assert address in on.screen_text()
        assert "javascript" not in on.screen_text().partition("Follow which link?")[2]
        await on.press("j", "enter")
        assert "Open this address in the browser?" in on.screen_text()
        assert opened == []
        await on.press("enter")
        assert opened == ["https://example.org/b"]
        await on.press("l", "escape")
        assert opened == ["https://example.org/b"]


async def test_times_are_told_in_three_ways_and_remembered(tmp_path: Path) -> None:
    session, states, place = titled("Times", ("user", "Hello")), tmp_path / "states", str(tmp_path / "nova.db")
    async with stage([session], place=place, states=states) as on:
        await on.press("enter")
        assert re.search(r"\d\d:\d\d$", label(on))
        await on.press("t")
        assert re.search(r"\d", label(on))
        assert not re.search(r"\d\d:\d\d$", label(on))
        await on.press("t")
        assert label(on).strip() == "user"
        await on.press("t", "t")
    async with stage(place=place, states=states) as on:
        await on.press("enter")
        assert on.main.bench.dialog.view.renderer.times == "relative"
    (states / "reading.json").write_text('{"times": ["x"]}')
    async with stage(place=place, states=states) as on:
        assert on.main.bench.dialog.view.renderer.times == "absolute"


def label(on: Stage) -> str:
    """Return the first label."""
    return on.main.bench.dialog.view.paint_line(0).text[3:].rstrip()


async def test_the_outline_lists_what_the_user_said_and_chapters_and_goes_there(tmp_path: Path) -> None:
    place = str(tmp_path / "nova.db")
    session = titled("Long", *(("user" if n % 2 == 0 else "assistant", f"# Row {n}\nmore") for n in range(400)))
    dialog = session.dialog
    rows = list(dialog.rows)
    rows[100] = dataclasses.replace(rows[100], metadata={"demo": {"chapter": "The \x1b[2Jmiddle"}})
    rows[2] = dataclasses.replace(rows[2], metadata={"hide_row": True})
    session = session.with_dialog(Dialog(tuple(rows)))
    async with stage([session], place=place, size=(200, 40)) as on:
        await on.press("enter", "C")
        text = on.screen_text()
        assert "199 rows of the user" in text
        assert "Row 0" in text
        assert "Row 2 " not in text.replace("│", " ")
        await on.press("escape")
        view = on.main.bench.dialog.view
        assert view.has_focus
        await on.press("C", "pagedown", "pagedown")
        assert "The ␛[2Jmiddle" in on.screen_text()
        await on.press("g", "j", "enter")
        assert view.has_focus
        assert view.current_row_id == rows[4].id
        assert "Row 4" in shown(on)
        await on.press("C", "G", "enter")
        assert view.current_row_id == rows[398].id
        await on.press("C")
        assert "Row 398" in on.screen_text()


async def test_an_outline_without_rows_of_the_user() -> None:
    async with stage([titled("Alone", ("assistant", "Hello"))]) as on:
        await on.press("enter", "C", "j", "k", "G", "enter")
        assert "0 rows of the user" in on.screen_text()
        await on.press("escape")
        assert on.main.bench.dialog.view.has_focus


async def test_the_outline_of_many_rows_is_read_in_windows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = str(tmp_path / "nova.db")
    async with stage([many("Large", 3000, 0)], place=place) as on:
        await on.press("enter", "G")
        painted: list[int] = []
        real = OutlineList.paint_line

        def counted(self: OutlineList, y: int) -> StableStrip:
            painted.append(y)
            return real(self, y)

        monkeypatch.setattr(OutlineList, "paint_line", counted)
        with reading(monkeypatch) as seen:
            await on.press("C")
        assert seen.rows == 3000
        assert max(painted) < 30
        assert "Row number 2998" in on.screen_text()
        await on.press("g")
        assert "Row number 0" in on.screen_text()


async def test_hidden_rows_of_one_kind_are_named(tmp_path: Path) -> None:
    def hidden(kind: str | None, **more: object) -> dict[str, object]:
        return {"hide_row": True, **({"kind": kind} if kind else {}), **more}

    session = titled("Hidden", ("user", "Hello"))
    groups = [
        [hidden("tool_call"), hidden("tool_result"), hidden(None, function_calls=[{"function_name": "f"}])],
        [hidden("thinking")],
        [hidden("thinking"), hidden("event")],
        [hidden("event"), hidden("event")],
        [hidden(None)],
        [hidden("kind\x1b[2J")],
    ]
    for group in groups:
        for metadata in group:
            session = session.add_message("system", "…", metadata)
        session = session.add_message("user", "And")
    lines = ["3 tool rows", "1 thinking row", "2 hidden rows", "2 event rows", "1 hidden row", "1 hidden row"]
    for place in ("memory:", str(tmp_path / "nova.db"), tmp_path.as_uri()):
        async with stage([session], place=place, size=(100, 60)) as on:
            await on.press("enter")
            assert [line.strip("┄ ") for line in shown(on) if "┄" in line] == lines


@pytest.mark.parametrize("text", ["word " * 1_000_000, "A line of a log\n" * 300_000, "x" * 100_001])
async def test_a_huge_row_is_for_the_own_editor(text: str) -> None:
    async with stage([titled("Huge", ("user", text), ("user", "small"))]) as on:
        await on.press("enter", "g", "e")
        pane = on.main.bench.dialog
        assert not list(pane.query(TextBox))
        assert f"This row has {len(text):,} characters, too many to type here." in on.toasts()[-1]
        await on.press("j", "e")
        assert list(pane.query(TextBox))
