"""A store that is not there: what reads says so and makes nothing, what writes makes it."""

from __future__ import annotations

from pathlib import Path

import pytest

from nova_tui.domain.ids import new_session_id
from tests.cli.conftest import Nova

ID = "0" * 32
READING = (
    ("list",),
    ("list", "--trash", "--json"),
    ("show", ID),
    ("search", "word"),
    ("history", ID),
    ("tag", ID),
    ("rows", "list", ID),
    ("export", "--all", "--format", "nova-json"),
    ("check",),
    ("backup", "copy.db"),
    ("undo", ID),
    ("rename", ID, "title"),
    ("delete", ID),
    ("purge", "--yes", ID),
)


@pytest.mark.parametrize("command", READING, ids=lambda command: " ".join(command[:2]))
def test_a_mistyped_store_is_told_and_not_made(nova: Nova, command: tuple[str, ...]) -> None:
    for url in ("nosuch.db", "nosuch.sqlite"):
        place = str(nova.folder / url)
        result = nova.run("--store", place, *command)
        assert (result.exit_code, result.stdout) == (1, "")
        assert result.stderr == f"nova-tui: {place} cannot be used: there is no such store; new or import makes one\n"
    for scheme in ("sqlite", "file"):
        result = nova.run(*command, NOVA_TUI_STORE=f"{scheme}://{nova.folder}/nosuch")
        assert result.exit_code == 1
        assert "there is no such store" in result.stderr
    assert list(nova.folder.iterdir()) == []


def test_what_writes_makes_the_store(nova: Nova) -> None:
    chat = nova.folder / "chat.json"
    chat.write_text('{"messages": [{"role": "user", "content": "Good morning"}]}')
    for number, command in enumerate((("new",), ("import", str(chat)))):
        for url in (str(nova.folder / f"{number}.db"), f"file://{nova.folder}/folder {number}"):
            nova.ok("--store", url, *command)
            assert nova.ok("--store", url, "list")
    nova.ok("copy", "--from", str(nova.folder / "0.db"), "--to", str(nova.folder / "copy.db"))
    assert nova.ok("--store", str(nova.folder / "copy.db"), "list")
    result = nova.run("copy", "--from", str(nova.folder / "none.db"), "--to", str(nova.folder / "other.db"))
    assert result.exit_code == 1
    assert not (nova.folder / "other.db").exists()


def test_the_default_store_is_empty_at_first(nova: Nova) -> None:
    result = nova.run("list", NOVA_TUI_STORE=None)
    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "No sessions.\n")


def test_a_store_in_memory_is_always_there(nova: Nova) -> None:
    assert nova.run("--store", "memory:", "list").stderr == "No sessions.\n"


def test_a_relative_place_behind_a_scheme_is_explained(nova: Nova, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(nova.folder)
    for url, bare in (("sqlite://rel.db", "rel.db"), ("file://some/folder", "some/folder")):
        for command in ("list", "new"):
            result = nova.run("--store", url, command)
            assert result.exit_code == 1
            assert result.stderr.count("\n") == 1
            assert result.stderr.endswith(f"a relative one is written without it: {bare}\n")
    assert list(Path.cwd().iterdir()) == []
    nova.ok("--store", "rel.db", "new")
    assert nova.ok("--store", "rel.db", "list")


def test_a_filter_that_matches_nothing_says_so(nova: Nova) -> None:
    nova.ok("new", "--title", "Alpha")
    assert nova.run("list", "--filter", "zzz").stderr == "No session matches.\n"
    assert nova.run("list", "--tag", new_session_id()).stderr == "No session matches.\n"
    assert nova.run("list", "--trash").stderr == "No sessions.\n"


def test_the_formats_are_listed_once_for_all_files(nova: Nova) -> None:
    folder = nova.folder / "chats"
    folder.mkdir()
    for number in range(3):
        (folder / f"{number}.json").write_text('{"some": "thing"}')
    result = nova.run("import", str(folder))
    assert result.exit_code == 1
    assert result.stdout.count("it is none of the formats that can be read\n") == 3
    assert result.stdout.count("Formats that can be read: ") == 1
