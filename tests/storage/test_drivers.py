"""The SQLite store works with the SQLite that comes with Python too, not only with the newer one."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from unittest.mock import patch

import pytest

from tests.storage.hardship import alone


def live_without_pysqlite(path: str) -> str:
    """Use a store with Python's own SQLite; return the journal mode. Runs in a process of its own."""
    for name in [name for name in sys.modules if name.startswith(("nova_tui.storage.sqlite", "sqlite_utils"))]:
        del sys.modules[name]
    with patch.dict(sys.modules, {"pysqlite3": None}):
        from nova_tui import Dialog, Session, SessionNotFound, open_store
        from nova_tui.storage.sqlite import SqliteStore

        at = datetime(2026, 1, 1, tzinfo=UTC)
        with open_store(path) as store:
            assert isinstance(store, SqliteStore)
            mode = str(store.connection.value("PRAGMA journal_mode"))
            saved = store.save(Session("0" * 32, "alice", Dialog().add("user", "first", timestamp=at), at, at))
            saved = store.save(saved.add_user("second").with_title("A title"))
            assert store.undo(saved.id).dialog.last_text() == "first"
            store.delete(saved.id)
            restored = store.restore(saved.id)
        with open_store(path, read_only=True) as store:
            assert store.load(saved.id) == restored
        with open_store(path) as store:
            store.purge(saved.id)
            with pytest.raises(SessionNotFound):
                store.load(saved.id)
    return mode


def test_pythons_own_sqlite_is_enough(tmp_path: Path) -> None:
    assert alone(live_without_pysqlite, str(tmp_path / "nova.db")) in ("truncate", "wal")
