"""Rows and sessions in the person's own editor, from the screen."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from nova_tui.tui.app import NovaApp
from nova_tui.tui.screens.apply_screen import ApplyScreen, MistakeScreen
from nova_tui.tui.screens.conflict_screen import ConflictScreen
from tests.tui.nova_app import Stage, stage, titled

ONE = titled("One", ("user", "frist"), ("assistant", "answer [b]\x1b[31m"), ("user", "third"))


@contextmanager
def no_terminal(_app: NovaApp) -> Iterator[None]:
    """Lend the terminal, which a test has none of."""
    yield


@pytest.fixture(autouse=True)
def lend(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Let the app lend its terminal; texts go to a folder of the test."""
    monkeypatch.setattr(NovaApp, "suspend", no_terminal)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.delenv("VISUAL", raising=False)


def editor(monkeypatch: pytest.MonkeyPatch, folder: Path, program: str) -> None:
    """Make a program the person's editor: it gets the text as `text` and leaves another in it."""
    path = folder / "editor.py"
    path.write_text(
        "import sys, pathlib, time\nfile = pathlib.Path(sys.argv[1])\ntext = file.read_text()\n"
        f"{program}\nfile.write_text(text)\n"
    )
    monkeypatch.setenv("EDITOR", f"{sys.executable} {path}")


def kept(folder: Path) -> list[Path]:
    """Return the texts that were kept."""
    return [*folder.glob("nova-tui-*/*.yaml")]


async def test_a_row_is_edited_and_applied_as_one_step(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    editor(monkeypatch, tmp_path, 'assert "third" not in text\ntext = text.replace("frist", "first")')
    async with stage([ONE]) as on:
        await on.press("enter", "E")
        assert isinstance(on.app.screen, ApplyScreen)
        assert "- frist" in on.screen_text()
        assert "+ first" in on.screen_text()
        assert on.texts("One")[0][1] == "frist", "nothing is stored before Enter"
        await on.press("enter")
        assert on.texts("One")[0][1] == "first"
        assert "first" in on.screen_text()
        assert not kept(tmp_path)
        await on.press("u")
        assert on.texts("One")[0][1] == "frist"


async def test_marked_rows_only(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    editor(
        monkeypatch, tmp_path, 'assert "answer" not in text\ntext = text.replace("frist", "1").replace("third", "3")'
    )
    async with stage([ONE]) as on:
        await on.press("enter", "space", "G", "space", "E", "enter")
        assert [text for _, text, _ in on.texts("One")] == ["1", "answer [b]\x1b[31m", "3"]


async def test_the_whole_session_from_the_list_is_discarded_and_kept(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    editor(monkeypatch, tmp_path, 'text = text.replace("title: One", "title: Other")')
    async with stage([ONE]) as on:
        await on.press("E")
        assert isinstance(on.app.screen, ApplyScreen)
        await on.press("escape")
        assert on.titles() == ["One"]
        (path,) = kept(tmp_path)
        assert "title: Other" in path.read_text()
        assert any(str(path) in toast for toast in on.toasts())


async def test_a_mistake_is_shown_with_its_line_and_opened_again(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    program = (
        'text = text.replace("role: robot", "role: assistant") if "robot" in text else text.replace("role: user", '
        '"role: robot", 1)'
    )
    editor(monkeypatch, tmp_path, program)
    async with stage([ONE]) as on:
        await on.press("E")
        assert isinstance(on.app.screen, MistakeScreen)
        text = on.screen_text()
        assert "robot" in text
        assert "line " in text
        assert "   role: robot" in text, "blanks matter in YAML"
        await on.press("e")
        assert isinstance(on.app.screen, ApplyScreen)
        await on.press("enter")
        assert on.texts("One")[0][0] == "assistant"


async def test_leaving_a_mistake_keeps_the_text(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    editor(monkeypatch, tmp_path, 'text = "rows: ["')
    async with stage([ONE]) as on:
        await on.press("E", "escape")
        (path,) = kept(tmp_path)
        assert path.read_text() == "rows: ["
        assert on.texts("One")[0][1] == "frist"
        await on.press("j")
        assert on.app.screen is on.main


async def test_nothing_changed_leaves_nothing_behind(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    editor(monkeypatch, tmp_path, "time.sleep(0.6)")
    async with stage([ONE]) as on:
        await on.press("E")
        assert on.app.screen is on.main
        assert not kept(tmp_path)
        assert any("Nothing changed" in toast for toast in on.toasts())


async def test_an_editor_that_is_back_at_once_is_waited_for(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    editor(monkeypatch, tmp_path, "pass")
    async with stage([ONE]) as on:
        await on.press("E")
        assert "came back at once" in " ".join(on.screen_text().split())
        (path,) = kept(tmp_path)
        path.write_text(path.read_text().replace("frist", "from a window"))
        await on.press("enter", "enter")
        assert on.texts("One")[0][1] == "from a window"


@pytest.mark.parametrize("command", ["/nowhere/editor", "false", "'"])
async def test_a_missing_or_failing_editor_is_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, command: str
) -> None:
    monkeypatch.setenv("EDITOR", command)
    async with stage([ONE]) as on:
        await on.press("E")
        assert on.app.screen is on.main
        assert any("editor" in toast for toast in on.toasts())
        assert not kept(tmp_path)


async def test_an_editor_that_fails_after_saving_loses_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    editor(monkeypatch, tmp_path, 'file.write_text(text.replace("frist", "first"))\nraise SystemExit(3)')
    async with stage([ONE]) as on:
        await on.press("E")
        assert isinstance(on.app.screen, MistakeScreen)
        assert "failed with status 3" in on.screen_text()
        await on.press("enter")
        assert isinstance(on.app.screen, ApplyScreen)
        await on.press("enter")
        assert on.texts("One")[0][1] == "first"


async def change_behind(on: Stage, position: int, text: str) -> None:
    """Change a row as another program would."""
    session = on.store.load(ONE.id)
    row = session.dialog.rows[position]
    on.store.save(session.with_dialog(session.dialog.replace_text(row.id, text)))


async def test_what_was_done_meanwhile_is_merged_or_asked_about(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    editor(monkeypatch, tmp_path, 'text = text.replace("frist", "mine")')
    async with stage([ONE]) as on:
        await on.press("E")
        await change_behind(on, 2, "theirs")
        await on.press("enter")
        assert [text for _, text, _ in on.texts("One")][::2] == ["mine", "theirs"]
        await on.press("u")
        assert [text for _, text, _ in on.texts("One")][::2] == ["frist", "theirs"]
        await on.press("E")
        await change_behind(on, 0, "theirs too")
        await on.press("enter")
        assert isinstance(on.app.screen, ConflictScreen)
        assert kept(tmp_path), "the text is there until the conflict is solved"
        await on.press("t")
        assert on.texts("One")[0][1] == "theirs too"


async def test_nothing_is_offered_where_nothing_may_be_changed(tmp_path: Path) -> None:
    place = str(tmp_path / "s.db")
    async with stage([ONE], place=place) as on:
        assert on.titles() == ["One"]
    async with stage([], place=place, read_only=True) as on:
        await on.press("E")
        assert on.app.screen is on.main
