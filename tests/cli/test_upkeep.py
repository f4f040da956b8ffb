"""The commands check and backup."""

from __future__ import annotations

import sqlite3
import zipfile
from pathlib import Path

import pytest

from nova_tui.cli.context import Context
from nova_tui.domain.session import Session
from nova_tui.storage.provider import SessionStorageProvider
from tests.cli.conftest import Nova
from tests.cli.test_history import StoreNova, lasting
from tests.storage.minimal import MinimalStore

__all__ = ["lasting"]


def damage_row(nova: Nova) -> None:
    """Change the text of a row behind the store's back."""
    with sqlite3.connect(nova.environment["NOVA_TUI_STORE"]) as connection:
        for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute("UPDATE rows SET text = 'changed'")
    connection.close()


# -- check --------------------------------------------------------------------------------------------------------


def test_a_sound_store_is_said_to_be(lasting: Nova) -> None:
    id = lasting.id("new", "--title", "One")
    lasting.ok("add", id, "user", "Hello")
    lasting.ok("delete", lasting.id("new"))
    lasting.ok("new", "--user", "bob")
    for options in ([], ["--repair"], ["--read-only"]):
        result = lasting.run("check", *options)
        assert (result.exit_code, result.stderr) == (0, "")
        assert result.stdout == f"{lasting.environment['NOVA_TUI_STORE']}: nothing is wrong.\n"


def test_a_damaged_row_is_named(nova: Nova) -> None:
    id = nova.id("new")
    nova.ok("add", id, "user", "Hello")
    damage_row(nova)
    for options in ([], ["--repair"], ["--read-only"]):
        result = nova.run("check", *options)
        assert result.exit_code == 1
        assert id in result.stdout
        assert result.stderr.endswith("wrong.\n")
        assert ("still wrong" in result.stderr) == ("--repair" in options)


def test_a_damaged_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    nova = StoreNova(tmp_path, "folder")
    id = nova.id("new")
    (tmp_path / "folder" / f"{id}.yaml").write_text("nonsense: \x1b[2J [")
    result = nova.run("check")
    assert result.exit_code == 1
    assert id in result.stdout
    assert "\x1b" not in result.output
    assert result.stderr == f"{tmp_path / 'folder'}: 1 thing is wrong.\n"


def test_what_can_be_mended_is(nova: Nova, monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken(MinimalStore):
        """A store with something that can be mended, and something that cannot."""

        place = "broken \x1b[2J"
        wrong: tuple[str, ...] = ("An index does not fit \x1b[2J.", "A row is gone.")

        def check(self, *, repair: bool = False) -> list[str]:
            found = list(self.wrong)
            self.wrong = self.wrong[1:] if repair else self.wrong
            return found

    store = Broken()

    def open_provider(_context: Context, *, create: bool, trial: bool) -> SessionStorageProvider:
        return store

    monkeypatch.setattr(Context, "open_provider", open_provider)
    assert nova.run("check").exit_code == 1
    result = nova.run("check", "--repair")
    assert (result.exit_code, result.stderr) == (1, "broken ␛[2J: 1 thing is still wrong.\n")
    assert result.stdout == "An index does not fit ␛[2J.\nA row is gone.\n"
    mended = nova.run("check", "--repair")
    assert (mended.exit_code, mended.stdout) == (0, "A row is gone.\nbroken ␛[2J: all of it is mended.\n")
    store.read_only = True
    assert "reading only" in nova.run("check", "--repair").stderr


def test_a_store_of_callbacks_only_is_checked_too(nova: Nova, monkeypatch: pytest.MonkeyPatch) -> None:
    store = MinimalStore()
    store.user_id = "alice"
    store.save(Session.new("alice"))

    def open_provider(_context: Context, *, create: bool, trial: bool) -> SessionStorageProvider:
        return store

    monkeypatch.setattr(Context, "open_provider", open_provider)
    assert nova.ok("check") == "minimal: nothing is wrong.\n"
    result = nova.run("backup", str(nova.folder / "b"))
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == "nova-tui: This kind of store has no backup.\n"


# -- backup -------------------------------------------------------------------------------------------------------


def test_a_backup_of_sqlite_is_a_store(nova: Nova) -> None:
    id = nova.id("new", "--title", "One")
    nova.ok("rename", id, "Two")
    nova.ok("delete", nova.id("new", "--title", "Gone"))
    nova.ok("new", "--user", "bob", "--title", "Bob's")
    file = nova.folder / "copy.db"
    said = nova.ok("backup", str(file))
    assert said == f"{file}: {file.stat().st_size:,} bytes, a copy of {nova.environment['NOVA_TUI_STORE']}\n"
    assert file.stat().st_mode & 0o077 == 0
    for options in ([], ["--trash"], ["--user", "bob"]):
        assert nova.json("list", "--json", *options) == nova.json("list", "--json", *options, "--store", str(file))
    assert "undone: rename" in nova.ok("undo", id, "--store", str(file))
    assert nova.ok("check", "--store", str(file)).endswith("nothing is wrong.\n")
    assert nova.ok("show", id).startswith("Two\n")


def test_a_backup_of_a_folder_is_a_zip(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    nova = StoreNova(tmp_path, "folder")
    id = nova.id("new", "--title", "One")
    gone = nova.id("new", "--title", "Gone")
    nova.ok("delete", gone)
    nova.ok("backup", str(tmp_path / "copy.zip"))
    with zipfile.ZipFile(tmp_path / "copy.zip") as found:
        names = found.namelist()
        assert f"{id}.yaml" in names
        assert any(gone in name for name in names)
        found.extractall(tmp_path / "again")
    assert nova.json("history", id, "--json", "--store", str(tmp_path / "again")) == nova.json("history", id, "--json")


def test_a_backup_overwrites_nothing(lasting: Nova) -> None:
    lasting.ok("new")
    there = lasting.folder / "there"
    there.write_text("mine")
    for file in (there, lasting.folder, lasting.folder / "missing" / "x\x1b", Path("/dev/null")):
        result = lasting.run("backup", str(file))
        assert (result.exit_code, result.stdout) == (1, "")
        assert result.stderr.count("\n") == 1
        assert "\x1b" not in result.stderr
    assert there.read_text() == "mine"
    assert lasting.run("backup").exit_code == 2
    assert lasting.run("backup", str(lasting.folder / "fine"), "--read-only").exit_code == 0


def test_a_backup_by_a_process_of_its_own(nova: Nova) -> None:
    id = nova.id("new")
    nova.ok("add", id, "user", stdin="x" * 1_000_000)
    result = nova.process("backup", str(nova.folder / "copy.db"))
    assert (result.returncode, result.stderr) == (0, b"")
    assert nova.ok("show", id, "--store", str(nova.folder / "copy.db")) == nova.ok("show", id)


@pytest.mark.parametrize("name", [".", "..", "folder", "link.db"])
def test_a_backup_takes_the_place_of_nothing(nova: Nova, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    nova.made()
    (nova.folder / "folder").mkdir()
    (nova.folder / "link.db").symlink_to("nowhere")
    monkeypatch.chdir(nova.folder / "folder")
    result = nova.run("backup", name if name.startswith(".") else str(nova.folder / name))
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.endswith("there is something of that name already\n")
    assert (nova.folder / "link.db").is_symlink()


def test_a_backup_does_not_go_to_standard_output(nova: Nova) -> None:
    result = nova.made().run("backup", "-")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "cannot go to standard output" in result.stderr


def test_check_of_a_file_that_is_cut_short_does_not_advise_a_check(nova: Nova) -> None:
    for number in range(30):
        nova.ok("add", nova.id("new"), "user", f"Hello {number} " * 300)
    path = Path(nova.environment["NOVA_TUI_STORE"])
    content = path.read_bytes()
    for part in (0.3, 0.6, 0.9):
        path.write_bytes(content[: int(len(content) * part)])
        for beside in path.parent.glob("sessions.db-*"):
            beside.unlink()
        result = nova.run("check")
        assert result.exit_code == 1
        assert "restore a backup" in result.output
        assert "run check" not in result.output
        assert "\n" not in result.stderr.strip()


def test_a_damaged_session_is_deleted_restored_and_purged(nova: Nova) -> None:
    id = nova.id("new", "--title", "One")
    nova.ok("add", id, "user", "Hello")
    damage_row(nova)
    assert nova.run("show", id).exit_code == 1
    assert nova.ok("show", id, "--revision", "1", "--format", "json")
    nova.ok("delete", id)
    nova.ok("restore", id)
    nova.ok("restore", id, "--revision", "1")
    assert "was damaged" in nova.ok("history", id) or "damaged" in nova.ok("history", id)
    assert nova.ok("show", id)
    nova.ok("purge", id, "--yes")
