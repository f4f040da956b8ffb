"""A rollback journal that waits: a commit that was cut off between two sectors is undone when the store is opened."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from nova_tui import Dialog, Session, open_store
from nova_tui.storage import sqlite_driver
from nova_tui.storage.sqlite import SqliteStore

sqlite3: Any = vars(sqlite_driver)["sqlite3"]
PAGE = 4096


def torn_commit(path: Path) -> None:
    """Leave a database of which only the first page was written by a commit, and the journal that undoes that."""
    journal = path.with_name(path.name + "-journal")
    before = path.read_bytes()
    reader = sqlite3.connect(path, isolation_level=None)
    writer = sqlite3.connect(path, isolation_level=None, timeout=0)
    writer.execute("PRAGMA synchronous=OFF")
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM sessions").fetchall()
    writer.execute("BEGIN IMMEDIATE")
    writer.execute("UPDATE sessions SET extra = ?", ("x" * 50 * PAGE,))
    with pytest.raises(sqlite3.OperationalError):
        writer.execute("COMMIT")
    undo = journal.read_bytes()
    reader.execute("COMMIT")
    writer.execute("COMMIT")
    after = path.read_bytes()
    reader.close()
    writer.close()
    assert len(after) > len(before)
    path.write_bytes(after[:PAGE] + before[PAGE:])
    journal.write_bytes(undo)


def test_a_commit_that_was_cut_off_is_undone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nova_tui.storage.sqlite_layout.wal_is_safe", lambda: False)
    path = tmp_path / "nova.db"
    with open_store(path) as store:
        assert isinstance(store, SqliteStore)
        assert store.connection.value("PRAGMA journal_mode") == "truncate"
        saved = store.save(Session.new("alice").with_dialog(Dialog().add_user("kept")))
    torn_commit(path)
    with open_store(path) as store:
        assert store.load(saved.id) == saved
        assert store.save(saved.add_user("more")).revision == 2
