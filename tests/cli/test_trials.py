"""What only shows what would be done writes not a byte, whatever the store is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Nova

CHAT = {"messages": [{"role": "user", "content": "Good morning"}]}


def contents(folder: Path) -> dict[str, bytes | None]:
    """Return every file and folder, and what the files hold."""
    return {str(path.relative_to(folder)): path.read_bytes() if path.is_file() else None for path in folder.rglob("*")}


@pytest.mark.parametrize("store", [None, "{}/other.db", "file://{}/folder"])
def test_a_trial_of_an_import_makes_no_store(nova: Nova, store: str | None) -> None:
    chat = nova.folder / "chat.json"
    chat.write_text(json.dumps(CHAT))
    before = contents(nova.folder)
    url = None if store is None else store.format(nova.folder)
    result = nova.run("import", str(chat), "--dry-run", NOVA_TUI_STORE=url)
    assert result.exit_code == 0
    assert "1 new" in result.stdout
    assert contents(nova.folder) == before


@pytest.mark.parametrize("place", ["sessions.db", "folder"])
def test_a_trial_writes_nothing_into_a_store(nova: Nova, place: str) -> None:
    (nova.folder / "folder").mkdir()
    store = str(nova.folder / place)
    session = nova.id("--store", store, "new", "--title", "Tea")
    row = nova.id("--store", store, "add", session, "user", "hello")
    chat = nova.folder / "chat.json"
    chat.write_text(json.dumps(CHAT))
    file = nova.folder / "folder" / f"{session}.yaml"
    if file.exists():
        file.write_text(file.read_text().replace("hello", "hello by hand"))
    before = contents(nova.folder)
    for command in (
        ("rows", "edit", session, row, "bye", "--dry-run"),
        ("replace", "hello", "bye", "--dry-run"),
        ("import", str(chat), "--dry-run"),
    ):
        nova.ok("--store", store, *command)
        assert contents(nova.folder) == before, command


def test_a_trial_on_a_mistyped_store_says_that_it_is_not_there(nova: Nova) -> None:
    result = nova.run("replace", "a", "b", "--dry-run", NOVA_TUI_STORE=str(nova.folder / "nosuch.db"))
    assert (result.exit_code, result.stdout) == (1, "")
    assert "there is no such store" in result.stderr
    assert list(nova.folder.iterdir()) == []
