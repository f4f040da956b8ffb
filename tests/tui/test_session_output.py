"""Sessions to files and to the clipboard."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from nova_tui.tui.screens import session_output
from nova_tui.tui.screens.choice_screen import ChoiceScreen
from nova_tui.tui.screens.prompt_screen import PromptScreen
from tests.tui.nova_app import Stage, stage, titled

ONE = titled("One: a/b", ("user", "first"), ("assistant", "answer"), hour=2)
TWO = titled("Two", ("user", "second"), hour=1)


async def choose(on: Stage, name: str) -> None:
    """Choose from a menu by what is answered."""
    menu = on.app.screen
    assert isinstance(menu, ChoiceScreen)
    menu.dismiss(name)
    await on.settle()


async def test_a_session_is_written_and_a_file_that_is_there_is_not_replaced_unasked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    async with stage([ONE, TWO]) as on:
        await on.press("x")
        await choose(on, "markdown")
        assert isinstance(on.app.screen, PromptScreen)
        await on.press("enter")
        path = tmp_path / "one-a-b.md"
        assert "first" in path.read_text()
        assert any("Wrote 1 session, 2 rows" in toast for toast in on.toasts())
        path.write_text("mine")
        await on.press("x")
        await choose(on, "markdown")
        await on.press("enter")
        await on.press("enter")
        assert path.read_text() == "mine", "the first answer is another path"
        assert isinstance(on.app.screen, PromptScreen)
        await on.press("enter", "j", "enter")
        assert "first" in path.read_text()


async def test_marked_sessions_go_to_one_file_or_one_each(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    async with stage([ONE, TWO]) as on:
        await on.press("ctrl+a", "x")
        await choose(on, "nova-json")
        await on.press("enter")
        assert [entry["id"] for entry in json.loads((tmp_path / "sessions.json").read_text())] == [ONE.id, TWO.id]
        await on.press("x")
        await choose(on, "nova-yaml")
        await on.press("ctrl+u", *"each", "enter")
        assert sorted(path.suffix for path in (tmp_path / "each").iterdir()) == [".yaml", ".yaml"]


async def test_a_path_that_cannot_be_written_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    async with stage([ONE]) as on:
        await on.press("x")
        await choose(on, "text")
        await on.press("ctrl+u", *"none", "slash", *"x", "enter")
        assert any("cannot be written" in toast for toast in on.toasts())
        assert not on.main.desk.busy


async def test_copy_as_markdown_and_in_other_formats() -> None:
    async with stage([ONE, TWO]) as on:
        await on.press("y")
        assert "first" in on.app.clipboard
        assert "answer" in on.app.clipboard
        await on.press("j", "Y")
        await choose(on, "openai-json")
        assert json.loads(on.app.clipboard)
        await on.press("ctrl+a", "Y")
        await choose(on, "ids")
        assert on.app.clipboard == f"{ONE.id}\n{TWO.id}"


async def test_more_than_a_clipboard_takes_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session_output, "CLIPBOARD", 10)
    async with stage([ONE]) as on:
        await on.press("y")
        assert on.app.clipboard == ""
        assert any("too much for a clipboard" in toast for toast in on.toasts())
