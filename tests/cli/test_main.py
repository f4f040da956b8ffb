"""The program as a whole: options, exit statuses, failures, streams."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from nova_tui import __version__
from nova_tui.cli.group import adopted
from nova_tui.cli.main import HOMES, cli
from nova_tui.domain.errors import SessionNotFound
from tests.cli.conftest import Nova

MISSING = "f" * 32


# -- help and version ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("arguments", [["--version"], ["list", "--version"]])
def test_version(nova: Nova, arguments: list[str]) -> None:
    assert nova.ok(*arguments) == f"nova-tui {__version__}\n"


def test_help_lists_every_command(nova: Nova) -> None:
    text = nova.ok("--help")
    for name, (_home, short) in HOMES.items():
        assert f"  {name} " in text
        assert short in text
    assert "NOVA_TUI_STORE" in text


@pytest.mark.parametrize("name", HOMES)
def test_every_command_has_help_and_takes_the_global_options(nova: Nova, name: str) -> None:
    text = nova.ok(name, "--help")
    assert f"Usage: nova-tui {name}" in text
    assert "global options" in text
    command = cli.get_command(click.Context(cli), name)
    assert command is not None
    assert {"--store", "--user", "--config", "--read-only", "--theme"} <= {
        option for param in command.params for option in param.opts
    }


@pytest.mark.parametrize("name", HOMES)
def test_the_short_help_says_what_the_command_says(name: str) -> None:
    command = cli.get_command(click.Context(cli), name)
    assert command is not None
    said = (command.help or "").split("\n")[0].split("(")[0]
    assert set(HOMES[name][1].lower().split()[:1]) <= set(said.lower().replace(",", " ").split())


def test_a_misspelt_command_is_wrong_usage_with_a_guess(nova: Nova) -> None:
    result = nova.run("lst")
    assert result.exit_code == 2
    assert result.stderr.startswith("nova-tui: No such command 'lst'. Did you mean 'list'?")


def test_an_option_of_a_command_wins_over_a_global_one() -> None:
    @click.command("record")
    @click.option("--theme")
    def record(theme: str | None) -> None:
        """Say the theme."""
        click.echo(theme)

    assert CliRunner().invoke(adopted(record), ["--theme", "paper"]).output == "paper\n"


def test_a_group_below_hands_the_options_on() -> None:
    @click.group("rows")
    def rows() -> None:
        """Hold rows."""

    @rows.command("list")
    def rows_list() -> None:
        """List rows."""

    adopted(rows)
    assert "--store" in {option for param in rows_list.params for option in param.opts}


# -- global options -----------------------------------------------------------------------------------------------


def test_global_options_before_and_after_the_command(nova: Nova) -> None:
    other = str(nova.folder / "other.db")
    nova.ok("--store", other, "--user", "bob", "new", "--title", "Bob's")
    for arguments in (
        ["--store", other, "--user", "bob", "list"],
        ["list", "--store", other, "--user", "bob"],
        ["--store", other, "list", "--user", "bob"],
        ["--user", "carol", "--store", "/nowhere.db", "list", "--store", other, "--user", "bob"],
    ):
        assert "Bob's" in nova.ok(*arguments)
    assert nova.made().ok("list") == ""
    assert nova.ok("--store", other, "list") == ""


def test_an_empty_option_is_wrong_usage(nova: Nova) -> None:
    assert nova.run("list", "--user", "").exit_code == 2


def test_read_only_before_and_after(nova: Nova) -> None:
    nova.ok("new")
    for arguments in (["--read-only", "new"], ["new", "--read-only"]):
        result = nova.run(*arguments)
        assert result.exit_code == 1
        assert "reading only" in result.stderr
    assert len(nova.json("list", "--json", "--read-only")) == 1


def test_the_default_store_is_made_private(nova: Nova) -> None:
    nova.ok("new", "--title", "Here", NOVA_TUI_STORE="")
    file = nova.folder / "data" / "nova-tui" / "nova.db"
    assert file.is_file()
    assert file.parent.stat().st_mode & 0o777 == 0o700
    file.parent.chmod(0o755)
    assert "Here" in nova.ok("list", NOVA_TUI_STORE="")
    assert file.parent.stat().st_mode & 0o777 == 0o700


def test_a_mistake_in_the_configuration_is_a_warning(nova: Nova) -> None:
    path = nova.folder / "config" / "nova-tui" / "config.yaml"
    path.parent.mkdir(parents=True)
    path.write_text("stor: x.db\n")
    result = nova.made().run("list")
    assert result.exit_code == 0
    assert f"nova-tui: {path}: stor: there is no such setting" in result.stderr
    missing = nova.run("list", "--config", "/nowhere.yaml")
    assert missing.exit_code == 1
    assert missing.stderr == "nova-tui: /nowhere.yaml: file: it is not there\n"


# -- failures -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("raised", "status", "said"),
    [
        (SessionNotFound("abcd"), 1, "nova-tui: There is no session abcd in this store.\n"),
        (FileNotFoundError(2, "No such file or directory", "x.png"), 1, "nova-tui: x.png: No such file or directory\n"),
        (OSError(28, "No space left on device"), 1, "nova-tui: reading or writing failed: No space left on device\n"),
        (KeyboardInterrupt(), 130, ""),
        (BrokenPipeError(32, "Broken pipe"), 141, ""),
        (KeyError("secret"), 1, "nova-tui: a fault of nova-tui: KeyError: 'secret' (NOVA_TUI_DEBUG=1 shows where)\n"),
        (ValueError("\x1b[2J\n\u202ex"), 1, None),
        (RecursionError("deep"), 1, None),
        (MemoryError(), 1, None),
    ],
)
def test_a_failure_is_one_line_and_a_status(
    nova: Nova, monkeypatch: pytest.MonkeyPatch, raised: BaseException, status: int, said: str | None
) -> None:
    def fail(*_arguments: object, **_keywords: object) -> None:
        raise raised

    monkeypatch.setattr("nova_tui.services.library.Library.summaries", fail)
    result = nova.made().run("list")
    assert result.exit_code == status
    assert result.stdout == ""
    assert said is None or result.stderr == said
    assert result.stderr.count("\n") <= 1
    assert "\x1b" not in result.stderr
    assert "Traceback" not in result.stderr


def test_a_traceback_only_for_those_who_ask(nova: Nova, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_arguments: object, **_keywords: object) -> None:
        raise KeyError("\x1b[2J")

    monkeypatch.setattr("nova_tui.services.library.Library.summaries", fail)
    result = nova.run("list", NOVA_TUI_DEBUG="1")
    assert result.exit_code == 1
    assert "Traceback" in result.stderr
    assert "\x1b" not in result.stderr


def test_hostile_arguments_are_said_safely(nova: Nova) -> None:
    for arguments in (
        ["\x1b]0;x\x07"],
        ["list", "--\x1b[2J"],
        ["show", "\x1b[2J\u202e"],
        ["list", "--store", "\x1b[2J"],
    ):
        result = nova.run(*arguments)
        assert result.exit_code in (1, 2)
        assert "\x1b" not in result.output
        assert "\u202e" not in result.output


# -- the screen ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("arguments", [[], ["demo"], ["--theme", "paper"]])
def test_no_terminal_no_screen(nova: Nova, arguments: list[str]) -> None:
    result = nova.process(*arguments)
    assert result.returncode == 2
    assert result.stdout == b""
    assert result.stderr.decode().startswith("nova-tui: The screen needs a terminal")
    assert result.stderr.count(b"\n") == 1
    assert list(nova.folder.iterdir()) == []


@pytest.mark.parametrize("term", ["dumb", "", "unknown"])
def test_a_terminal_without_a_name_is_none(
    monkeypatch: pytest.MonkeyPatch, term: str, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TERM", term)
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    with pytest.raises(SystemExit) as ended:
        cli.main(["demo"])
    assert ended.value.code == 2
    assert "TERM" in capsys.readouterr().err


# -- real processes -----------------------------------------------------------------------------------------------


def test_an_odd_locale_changes_nothing(nova: Nova) -> None:
    nova.ok("new", "--title", "東京 🎉 é")
    for variables in (
        {"LANG": "C", "LC_ALL": "C"},
        {"LC_ALL": "POSIX", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        {"PYTHONIOENCODING": "ascii"},
    ):
        result = nova.process("list", variables=variables)
        assert result.returncode == 0
        assert "東京 🎉 é" in result.stdout.decode()


def test_a_title_that_is_not_utf8_is_refused_in_one_line(nova: Nova) -> None:
    result = nova.process(command=[sys.executable, "-m", "nova_tui", "new", "--title", b"\xff\xfe"])
    assert result.returncode == 1
    assert result.stderr.count(b"\n") == 1
    assert b"Traceback" not in result.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="shell redirections of POSIX")
def test_closed_and_full_outputs(nova: Nova) -> None:
    nova.ok("new", "--title", "One")

    def shell(command: str) -> tuple[int, bytes]:
        line = f"{sys.executable} -m nova_tui {command}"
        result = nova.process(command=["bash", "-c", line])
        return result.returncode, result.stderr

    assert shell("list >&-") == (1, b"nova-tui: reading or writing failed: Bad file descriptor\n")
    assert shell("list <&- >/dev/null") == (0, b"")
    assert shell("list 2>&-") == (0, b"")
    assert shell("show ffffffff 2>&-") == (1, b"")
    if Path("/dev/full").exists():
        assert shell("list >/dev/full") == (1, b"nova-tui: reading or writing failed: No space left on device\n")
    status, said = shell("list | true; exit ${PIPESTATUS[0]}")
    assert status in (0, 141)
    assert said == b""


def test_a_closed_pipe_ends_quietly(nova: Nova) -> None:
    id = nova.id("new")
    nova.ok("add", id, "user", "-", stdin="line\n" * 200_000)
    line = f"{sys.executable} -m nova_tui show {id} | head -1 >/dev/null; exit ${{PIPESTATUS[0]}}"
    result = nova.process(command=["bash", "-c", line])
    assert result.returncode == 141
    assert result.stderr == b""


def test_a_closed_stream_is_not_taken_by_the_store(nova: Nova) -> None:
    """A store that got the number of a closed stream would be written to by every message."""
    nova.ok("new")
    line = f"{sys.executable} -m nova_tui delete ffffffff >&- 2>&-; {sys.executable} -m nova_tui list --json"
    result = nova.process(command=["bash", "-c", line])
    assert result.returncode == 0
    assert (nova.folder / "sessions.db").read_bytes().startswith(b"SQLite format 3")


def test_nothing_is_imported_from_the_working_directory(nova: Nova, tmp_path: Path) -> None:
    (tmp_path / "yaml.py").write_text("raise SystemExit('taken')")
    (tmp_path / "click.py").write_text("raise SystemExit('taken')")
    script = Path(sys.executable).with_name("nova-tui")
    if not script.exists():
        pytest.skip("the entry point is not installed beside this Python")
    result = nova.made().process(command=[os.fspath(script), "list"], cwd=tmp_path)
    assert result.returncode == 0


def test_ctrl_c_while_the_program_loads_ends_it_without_a_word(nova: Nova) -> None:
    (nova.folder / "click.py").write_text("raise KeyboardInterrupt")
    command = [sys.executable, "-m", "nova_tui", "--version"]
    result = nova.process(command=command, variables={"PYTHONPATH": str(nova.folder)})
    assert (result.returncode, result.stdout, result.stderr) == (130, b"", b"")
