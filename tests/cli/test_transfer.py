"""The commands import, export and formats, as a person runs them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from nova_tui.cli.main import cli
from tests.cli.conftest import Nova
from tests.formats.examples import CHATGPT, CLAUDE_CODE, NOVA, OPENAI, as_bytes, as_lines


@pytest.fixture
def run(tmp_path: Path) -> Any:
    """Give a function that runs the program on a store of its own."""

    def run(*arguments: str, input: bytes | None = None) -> Result:
        environment = {"NOVA_TUI_CONFIG": str(tmp_path / "config.yaml"), "NOVA_TUI_STORE": str(tmp_path / "nova.db")}
        (tmp_path / "config.yaml").touch()
        return CliRunner().invoke(cli, [*arguments, "--user", "alice"], input=input, env=environment)

    return run


@pytest.fixture
def file(tmp_path: Path) -> str:
    """Give a file with one conversation."""
    path = tmp_path / "conversations.json"
    path.write_bytes(as_bytes([CHATGPT]))
    return str(path)


def test_import_prints_a_receipt(run: Any, file: str) -> None:
    first, again = run("import", file), run("import", file)
    assert (first.exit_code, again.exit_code) == (0, 0)
    assert "chatgpt, 1 conversation (1 new)" in first.stdout
    assert "A talk  (1 user, 1 assistant)" in first.stdout
    assert again.stdout.endswith("1 conversation: 0 new, 0 updated, 1 unchanged\n")
    assert first.stderr == again.stderr == ""


def test_import_prints_json(run: Any, file: str) -> None:
    told = json.loads(run("import", file, "--json", "--dry-run").stdout)
    assert told["dry_run"] is True
    assert told["files"][0]["conversations"][0]["status"] == "new"
    assert run("list", "--json").exit_code == 1, "not even a store was made"


def test_import_reads_standard_input(run: Any) -> None:
    assert "openai, 1 conversation (1 new)" in run("import", "-", input=as_bytes(OPENAI)).stdout


def test_import_of_what_cannot_be_read_fails_and_keeps_the_rest(run: Any, file: str, tmp_path: Path) -> None:
    (tmp_path / "bad.json").write_bytes(b"{broken")
    result = run("import", str(tmp_path / "bad.json"), str(tmp_path / "gone.json"), file)
    assert result.exit_code == 1
    assert "bad.json: line 1, column 2: it is not JSON" in result.stdout
    assert "gone.json: it cannot be opened: No such file or directory" in result.stdout
    assert "1 new" in result.stdout
    assert "2 files could not be read" in result.stdout


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (("import",), 2),
        (("import", "x", "--on-conflict", "maybe"), 2),
        (("import", "--from", "nowhere"), 2),
        (("import", "x", "--format", "nothing"), 2),
        (("import", ""), 2),
        (("export", "--format", "nova-json"), 2),
        (("export", "--all", "0123", "--format", "nova-json"), 2),
        (("export", "--all", "--format", "nothing"), 2),
        (("export", "--all", "--format", "text", "-o", ""), 2),
        (("export", "abcd", "--format", "nova-json"), 1),
    ],
)
def test_wrong_usage_is_told_from_failure(run: Any, arguments: tuple[str, ...], status: int) -> None:
    result = run(*arguments)
    assert result.exit_code == status or (status == 1 and isinstance(result.exception, Exception))
    assert result.stdout == ""


def test_export_writes_to_standard_output_and_its_receipt_beside(run: Any, tmp_path: Path) -> None:
    (tmp_path / "n.json").write_bytes(as_bytes(NOVA))
    run("import", str(tmp_path / "n.json"))
    result = run("export", "0123", "--format", "nova-json")
    assert json.loads(result.stdout) == NOVA
    assert result.stderr == "nova-json: 1 session, 2 rows; left out: 0 hidden rows, 0 excluded rows\n"
    receipt = json.loads(run("export", "--all", "--format", "markdown", "--json").stderr)
    assert receipt["sessions"][0]["rows"] == 2


def test_export_writes_files_and_folders(run: Any, file: str, tmp_path: Path) -> None:
    run("import", file)
    assert run("export", "--filter", "talk", "--format", "nova-yaml", "-o", str(tmp_path / "a.yaml")).exit_code == 0
    assert (tmp_path / "a.yaml").read_text().startswith("nova_tui: 1\n")
    run("export", "--all", "--format", "markdown", "-o", f"{tmp_path / 'out'}/")
    (written,) = (tmp_path / "out").iterdir()
    assert written.name.startswith("a-talk-")
    assert "## user" in written.read_text()


def test_what_a_terminal_would_obey_is_made_harmless(run: Any, tmp_path: Path) -> None:
    evil = {**CHATGPT, "title": "\x1b]0;owned\x07 \u202e"}
    (tmp_path / "\x1b[2J.json").write_bytes(as_bytes([evil]))
    result = run("import", str(tmp_path / "\x1b[2J.json"))
    assert not set(result.stdout) & set("\x1b\x07\u202e")
    for name in ("nova-json", "nova-yaml", "nova-jsonl", "markdown"):
        assert not set(run("export", "--all", "--format", name).stdout) & set("\x1b\x07\u202e")


def test_from_imports_what_a_program_keeps(run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "claude" / "projects" / "-home-someone-shop"
    folder.mkdir(parents=True)
    (folder / "s1.jsonl").write_bytes(as_lines(*CLAUDE_CODE))
    monkeypatch.setenv("CLAUDE_CONFIG_DIR", str(tmp_path / "claude"))
    monkeypatch.setenv("CODEX_HOME", str(tmp_path / "nothing"))
    assert "claude-code, 1 conversation (1 new)" in run("import", "--from", "claude-code").stdout
    nothing = run("import", "--from", "codex")
    assert nothing.exit_code == 0
    assert "codex keeps nothing on this machine" in nothing.stderr


def test_watch_goes_on_importing_what_changes(
    run: Any, file: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "watched"
    folder.mkdir()
    naps = iter(range(10))

    def nap(_seconds: float) -> None:
        match next(naps):
            case 0:
                (folder / "new.jsonl").write_bytes(as_lines(*CLAUDE_CODE))
            case 2:
                raise KeyboardInterrupt

    monkeypatch.setattr("nova_tui.cli.transfer.time.sleep", nap)
    (folder / "conversations.json").write_bytes(Path(file).read_bytes())
    result = run("import", str(folder), "--watch")
    assert result.exit_code == 130
    assert "chatgpt, 1 conversation (1 new)" in result.stdout
    assert "claude-code, 1 conversation (1 new)" in result.stdout
    assert "Watching" in result.stderr


def test_formats_lists_what_can_be_read_and_written(run: Any) -> None:
    assert "chatgpt        ChatGPT data export (.zip, .json)" in run("formats").stdout
    told = json.loads(run("formats", "--json").stdout)
    assert {"nova", "chatgpt", "openai"} <= {entry["name"] for entry in told["import"]}
    assert {"nova-json", "nova-jsonl", "nova-yaml", "markdown"} <= {entry["name"] for entry in told["export"]}


@pytest.mark.parametrize("rows", [10, 6000])
def test_an_interrupted_import_says_what_is_saved(rows: int, nova: Nova, tmp_path: Path) -> None:
    # so many rows are saved before standard input, which never ends, is waited for
    turns = [{"role": "user", "content": f"Hello {number}"} for number in range(rows)]
    (tmp_path / "talk.json").write_text(json.dumps({"messages": turns}))
    command = [sys.executable, "-m", "nova_tui", "import", str(tmp_path / "talk.json"), "-"]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    environment = {**os.environ, **nova.environment}
    with subprocess.Popen(command, env=environment, text=True, **pipes) as process:  # type: ignore[call-overload]
        assert process.stdin is not None
        process.stdin.write("## User\n\n" + "more " * 60_000)  # more than a pipe holds, so it is being read
        process.stdin.flush()
        process.send_signal(signal.SIGINT)
        said, failed = process.communicate(timeout=60)
    assert (process.returncode, said) == (130, "")
    told = "1 session was" if rows > 5000 else "nothing was"
    assert failed == f"nova-tui: stopped; {told} saved, and importing the same again goes on from there.\n"
    assert len(nova.json("list", "--json")) == (rows > 5000)
