"""The edit command, with real small editors: scripts that change the file, fail, are missing, or come back at once."""

from __future__ import annotations

import re
import shlex
import sys
from pathlib import Path

import pytest
from click.testing import Result

from nova_tui.storage.url import open_store
from tests.cli.conftest import Nova


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let temporary files be in a folder of the test's own."""
    folder = tmp_path / "temporary files"
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    return folder


class Editors:
    """Makes editors: Python scripts that get `text` and may set another."""

    def __init__(self, nova: Nova) -> None:
        self.nova = nova
        self.made = 0

    def made_of(self, *steps: str) -> str:
        """Return the command of an editor that does one step each time it is run."""
        self.made += 1
        script = self.nova.folder / f"my editor {self.made}.py"
        count = self.nova.folder / f"count {self.made}"
        script.write_text(
            "import pathlib, sys\n"
            f"count = pathlib.Path({str(count)!r})\n"
            "turn = int(count.read_text()) if count.exists() else 0\n"
            "count.write_text(str(turn + 1))\n"
            "path = pathlib.Path(sys.argv[-1])\n"
            "text = path.read_text(encoding='utf-8')\n"
            f"exec({list(steps)!r}[min(turn, {len(steps) - 1})])\n"
            "path.write_text(text, encoding='utf-8')\n"
        )
        return f"{shlex.quote(sys.executable)} {shlex.quote(str(script))} --wait"

    def run(self, id: str, *arguments: str, steps: list[str], stdin: str = "y\n") -> Result:
        """Run edit with an editor of these steps."""
        return self.nova.run("edit", id, *arguments, stdin=stdin, VISUAL=self.made_of(*steps), EDITOR="false")


@pytest.fixture
def editors(nova: Nova) -> Editors:
    return Editors(nova)


def made(nova: Nova) -> str:
    """Make a session of two rows."""
    id = nova.id("new", "--title", "Refund flow", "--system", "Be kind.")
    nova.ok("add", id, "user", "Hello\nthere")
    return id


def texts(nova: Nova, id: str) -> list[str]:
    return [row["text"] for row in nova.json("rows", "list", id, "--json")]


def kept_file(result: Result) -> Path:
    """Return the file that a message names."""
    found = re.search(r"kept in (.*)$", result.stderr, re.MULTILINE)
    assert found, result.stderr
    return Path(found[1])


def test_changes_are_shown_asked_for_and_applied(nova: Nova, editors: Editors, temporary: Path) -> None:
    id = made(nova)
    ids = [row["id"] for row in nova.json("rows", "list", id, "--json")]
    result = editors.run(id[:6], steps=["text = text.replace('there', 'you') + '- role: assistant\\n  text: Hi\\n'"])
    assert result.exit_code == 0, result.output
    assert result.stdout.splitlines() == [
        "~ row 2  user", "    Hello", "  - there", "  + you", "+ row 3  assistant", "  + Hi",
    ]  # fmt: skip
    assert result.stderr.startswith("Apply these changes? [y/N]")
    assert texts(nova, id) == ["Be kind.", "Hello\nyou", "Hi"]
    assert [row["id"] for row in nova.json("rows", "list", id, "--json")][:2] == ids
    assert not list(temporary.iterdir()), "an applied text leaves no file"
    nova.ok("undo", id)
    assert texts(nova, id) == ["Be kind.", "Hello\nthere"]


def test_yes_asks_nothing(nova: Nova, editors: Editors) -> None:
    id = made(nova)
    result = editors.run(id, "--yes", steps=["text = text.replace('there', 'you')"], stdin="")
    assert (result.exit_code, result.stderr) == (0, "")
    assert texts(nova, id)[1] == "Hello\nyou"


@pytest.mark.parametrize("answer", ["n\n", "\n", "", "what\n"])
def test_what_is_not_applied_is_kept_and_can_go_on(nova: Nova, editors: Editors, answer: str) -> None:
    id = made(nova)
    result = editors.run(id, steps=["text = text.replace('there', 'you')"], stdin=answer)
    assert result.exit_code == 1
    assert texts(nova, id)[1] == "Hello\nthere"
    file = kept_file(result)
    assert "Hello\n    you" in file.read_text()
    assert file.stat().st_mode & 0o077 == 0
    assert file.parent.stat().st_mode & 0o077 == 0
    result = editors.run(id, "--from", str(file), steps=["pass"])
    assert result.exit_code == 0, result.output
    assert texts(nova, id)[1] == "Hello\nyou"


def test_a_mistake_is_shown_with_its_line_and_the_text_opens_again(nova: Nova, editors: Editors) -> None:
    id = made(nova)
    steps = [
        "text = text.replace('role: user', 'role: robot')",
        "text = text.replace('role: robot', 'role: assistant')",
    ]
    result = editors.run(id, steps=steps, stdin="y\ny\n")
    assert result.exit_code == 0, result.output
    assert re.match(r"nova-tui: line \d+: 'robot' is not a role; use user, assistant or system\n", result.stderr)
    assert "Open the text again? [y/N]" in result.stderr
    assert nova.json("rows", "list", id, "--json")[1]["role"] == "assistant"


def test_a_mistake_that_is_given_up_loses_nothing(nova: Nova, editors: Editors) -> None:
    id = made(nova)
    result = editors.run(id, steps=["text = 'rows: [' + text"], stdin="n\n")
    assert result.exit_code == 1
    assert "not YAML" in result.stderr
    assert kept_file(result).read_text().startswith("rows: [")
    assert texts(nova, id)[1] == "Hello\nthere"


def test_a_missing_editor_is_said_before_anything_else(nova: Nova, temporary: Path) -> None:
    id = made(nova)
    result = nova.run("edit", id, VISUAL="/nowhere/ed --flag")
    assert result.exit_code == 1
    assert result.stderr == "nova-tui: The editor /nowhere/ed cannot be started: No such file or directory.\n"
    result = nova.run("edit", id, VISUAL="'", EDITOR="")
    assert "VISUAL has a quote that is not closed" in result.stderr
    result = nova.run("edit", id, VISUAL="", EDITOR=" ", PATH="")
    assert "set VISUAL or EDITOR" in result.stderr
    assert not list(temporary.iterdir())


def test_an_editor_that_fails_keeps_what_it_wrote(nova: Nova, editors: Editors, temporary: Path) -> None:
    id = made(nova)
    result = nova.run("edit", id, VISUAL="false", stdin="y\n")
    assert (result.exit_code, result.stderr) == (1, "nova-tui: The editor false failed with status 1.\n")
    assert not list(temporary.iterdir())
    result = editors.run(id, steps=["path.write_text(text.replace('there', 'you')); sys.exit(3)"])
    assert result.exit_code == 1
    assert "failed with status 3" in result.stderr
    assert "you" in kept_file(result).read_text()
    assert texts(nova, id)[1] == "Hello\nthere"


def test_nothing_changed_is_said(nova: Nova, editors: Editors, temporary: Path) -> None:
    id = made(nova)
    result = editors.run(id, steps=["import time; time.sleep(0.6)"])
    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "Nothing changed.\n")
    result = editors.run(id, steps=["text = '# more words\\n' + text"])
    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "Nothing changed.\n")
    assert not list(temporary.iterdir())
    assert len(nova.json("history", id, "--json")) == 2


def test_an_editor_that_is_back_at_once_may_have_opened_a_window(nova: Nova, temporary: Path) -> None:
    id = made(nova)
    result = nova.run("edit", id, VISUAL="true")
    assert result.exit_code == 0
    assert "came back at once" in result.stderr
    (folder,) = temporary.iterdir()
    assert str(folder) in result.stderr
    assert list(folder.iterdir())


def test_some_rows_are_edited(nova: Nova, editors: Editors) -> None:
    id = made(nova)
    row = nova.json("rows", "list", id, "--json")[1]["id"]
    result = editors.run(
        id, row[:6], "--yes", steps=["assert 'Be kind' not in text; text = text.replace('there', 'x')"]
    )
    assert result.exit_code == 0, result.output
    assert texts(nova, id) == ["Be kind.", "Hello\nx"]


def other_change(nova: Nova, id: str, row: int, text: str) -> str:
    """Return a step in which another program changes a row while the editor is open."""
    store = nova.environment["NOVA_TUI_STORE"]
    return (
        "from nova_tui import open_store\n"
        f"store = open_store({store!r}, user_id='alice')\n"
        f"session = store.load({id!r})\n"
        f"row = session.dialog.rows[{row}]\n"
        f"store.save(session.with_dialog(session.dialog.replace_text(row.id, {text!r})))\n"
        "store.close()\n"
    )


def test_a_change_of_another_row_meanwhile_is_merged(nova: Nova, editors: Editors) -> None:
    id = made(nova)
    step = other_change(nova, id, 0, "Be quick.") + "text = text.replace('there', 'you')"
    assert editors.run(id, "--yes", steps=[step]).exit_code == 0
    assert texts(nova, id) == ["Be quick.", "Hello\nyou"]


def test_a_change_of_the_same_row_meanwhile_keeps_both(nova: Nova, editors: Editors) -> None:
    id = made(nova)
    step = other_change(nova, id, 1, "theirs") + "text = text.replace('there', 'mine')"
    result = editors.run(id, "--yes", steps=[step])
    assert result.exit_code == 1
    assert "was changed meanwhile" in result.stderr
    assert "mine" in kept_file(result).read_text()
    assert texts(nova, id)[1] == "theirs"
    result = editors.run(id, "--from", str(kept_file(result)), steps=["pass"])
    assert "- theirs" in result.stdout
    assert texts(nova, id)[1] == "Hello\nmine"


def test_a_store_for_reading_only_opens_no_editor(nova: Nova) -> None:
    id = made(nova)
    result = nova.run("edit", id, "--read-only", VISUAL="/nowhere/ed")
    assert result.exit_code == 1
    assert "for reading only" in result.stderr


def test_the_editor_gets_no_answer_that_is_meant_for_us(nova: Nova, editors: Editors) -> None:
    id = made(nova)
    command = editors.made_of("text = text.replace('there', repr(sys.stdin.read())); print('noise')")
    done = nova.process("edit", id, variables={"VISUAL": command}, stdin=None, input=b"y\n", start_new_session=True)
    assert done.returncode == 0, done.stderr
    assert b"noise" not in done.stdout
    assert texts(nova, id)[1] == "Hello\n''"


def test_unknown_metadata_and_pictures_survive(nova: Nova, editors: Editors) -> None:
    id = made(nova)
    with open_store(nova.environment["NOVA_TUI_STORE"], user_id="alice") as store:
        from nova_tui import Image

        session = store.load(id)
        picture = Image("image/png", b"1" * 9000)
        before = store.save(session.add_message("user", "look", {"raw": ["x" * 999], "n": 1.0}, [picture]))
    assert editors.run(id, "--yes", steps=["text = text.replace('look', 'see')"]).exit_code == 0
    with open_store(nova.environment["NOVA_TUI_STORE"], user_id="alice") as store:
        assert store.load(id).dialog.rows[2] == before.dialog.rows[2].with_text("see")


def test_without_a_terminal_an_editor_must_be_named(nova: Nova) -> None:
    id = nova.id("new", "--title", "Tea")
    result = nova.process("edit", id, variables={"VISUAL": "", "EDITOR": ""}, start_new_session=True)
    assert (result.returncode, result.stdout) == (1, b"")
    assert b"there is no terminal to open one on; set VISUAL or EDITOR" in result.stderr
