"""A store of the version before: it is copied, then upgraded, and finds and holds what it did."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from nova_tui import Dialog, Row, Session, StoreUnavailable, open_store
from nova_tui.domain.query import tokens
from nova_tui.storage import sqlite_driver, sqlite_layout
from nova_tui.storage.sqlite import SqliteStore
from nova_tui.storage.sqlite_schema import migrate

sqlite3: Any = vars(sqlite_driver)["sqlite3"]
START = datetime(2026, 1, 1, tzinfo=UTC)
TEXTS = ("plain words", "Größe 東京都 und café", "ﬁ " * 100, "nul ß nul", "")


def session_of(number: int) -> Session:
    """Return a session with texts that are indexed in each way."""
    rows = tuple(
        Row(text, timestamp=START + timedelta(hours=number, seconds=place), id=f"{place:016x}")
        for place, text in enumerate(TEXTS)
    )
    return Session(f"{number:032x}", "alice", Dialog(rows), START, START).with_title(f"Titel ß {number}", at=START)


def make_version_5(path: Path) -> list[Session]:
    """Make a store as version 5 of the tables had it: whole folded texts, column sizes in the indexes."""
    with SqliteStore(path) as store:
        sessions = store.save_many([session_of(1), session_of(2)])
        store.delete(store.save(session_of(3)).id)
    db = sqlite3.connect(path, isolation_level=None)
    for index in ("row_text", "title_text"):
        for trigger in ("added", "dropped", "changed"):
            db.execute(f"DROP TRIGGER {index}_{trigger}")
        db.execute(f"DROP VIEW {index}_source")
        db.execute(f"DROP TABLE {index}")
    for index in ("sessions_archived", "sessions_tagged"):
        db.execute(f"DROP INDEX {index}")
    for key, text in db.execute("SELECT key, text FROM rows WHERE folded IS NOT NULL").fetchall():
        db.execute("UPDATE rows SET folded = ? WHERE key = ?", (" ".join(tokens(text)), key))
    for index, table, key, old in (
        ("row_text", "rows", "key", "coalesce({}.folded, {}.text)"),
        ("title_text", "sessions", "seq", "{}.named"),
    ):
        text, gone = old.replace("{}", "new"), old.replace("{}", "old")
        db.execute(f"CREATE VIEW {index}_source AS SELECT {key}, {old.replace('{}', table)} AS text FROM {table}")
        db.execute(
            f"CREATE VIRTUAL TABLE {index} USING fts5(text, content='{index}_source', content_rowid='{key}', "
            "tokenize='unicode61 remove_diacritics 2')"
        )
        db.execute(f"INSERT INTO {index}({index}) VALUES ('rebuild')")
        add = f"INSERT INTO {index}(rowid, text) VALUES (new.{key}, {text});"
        drop = f"INSERT INTO {index}({index}, rowid, text) VALUES ('delete', old.{key}, {gone});"
        db.execute(f"CREATE TRIGGER {index}_added AFTER INSERT ON {table} BEGIN {add} END")
        db.execute(f"CREATE TRIGGER {index}_dropped AFTER DELETE ON {table} BEGIN {drop} END")
        db.execute(f"CREATE TRIGGER {index}_changed AFTER UPDATE ON {table} BEGIN {drop} {add} END")
    db.execute("DELETE FROM _sqlite_migrations WHERE name = 'm006_smaller_index'")
    db.execute("PRAGMA user_version=5")
    db.close()
    return list(sessions)


def test_a_store_of_version_5_is_copied_and_upgraded(tmp_path: Path) -> None:
    path = tmp_path / "nova.db"
    sessions = make_version_5(path)
    with pytest.raises(StoreUnavailable, match="upgraded"):
        open_store(path, read_only=True)
    with SqliteStore(path) as store:
        assert store.connection.value("PRAGMA user_version") == sqlite_layout.VERSION
        assert list(store.check()) == []
        assert [store.load(session.id) for session in sessions] == sessions
        assert [len(store.trash("alice")), store.count("alice", "grosse"), store.count("alice", "京都")] == [1, 2, 2]
        assert store.count("alice", "fi") == store.count("alice", "nul") == store.count("alice", "plain") == 2
        assert store.count("alice", '"titel ss"') == 2
        kept = store.connection.value("SELECT folded FROM rows WHERE text LIKE 'Größe%'")
        assert kept == '["grosse",[6,1],"東 京 都",[10,9]]'
        row = sessions[0].dialog.rows[1]
        store.save(sessions[0].with_dialog(sessions[0].dialog.replace_text(row.id, "Straße")))
        assert [store.count("alice", word) for word in ("grosse", "strasse")] == [1, 1]
        store.restore(store.trash("alice")[0].id)
        assert store.count("alice", "grosse") == 2
        assert list(store.check()) == []
    assert sorted(found.name for found in tmp_path.glob("*.db")) == ["nova.db", "nova.version-5.db"]


def test_many_sessions_are_written_by_time_and_returned_as_they_came(tmp_path: Path) -> None:
    sizes = []
    for backwards in (False, True):
        path = tmp_path / f"{backwards}.db"
        made = [
            dataclasses.replace(
                session_of(number),
                dialog=Dialog(
                    tuple(
                        Row("word " * 200, timestamp=START + timedelta(hours=number, seconds=n), id=f"{n:x}")
                        for n in range(10)
                    )
                ),
            )
            for number in range(400)
        ]
        if backwards:
            made.reverse()
        with SqliteStore(path) as store:
            for first in range(0, 400, 50):
                saved = store.save_many(made[first : first + 50])
                assert [one.id for one in saved] == [one.id for one in made[first : first + 50]]
            twice = made[0].add_user("more")
            new = dataclasses.replace(session_of(999), dialog=made[1].dialog)
            both = store.save_many([new, dataclasses.replace(twice, revision=1), new])
            assert [one.revision for one in both] == [1, 2, 1]
            assert list(store.check()) == []
        sizes.append(path.stat().st_size)
    assert sizes[1] < sizes[0] * 1.1


def test_an_upgrade_keeps_no_second_way_back_in_memory(tmp_path: Path) -> None:
    path = tmp_path / "nova.db"
    make_version_5(path)
    connection = sqlite_driver.Connection(path, mode="rw", place=str(path))
    statements: list[str] = []
    connection.raw.set_trace_callback(statements.append)
    migrate(connection, path)
    connection.raw.set_trace_callback(None)
    connection.close()
    depth = touched = 0
    for statement in statements:
        depth += statement.startswith("SAVEPOINT") - statement.startswith("RELEASE")
        if "row_text" in statement:
            touched += 1
            assert not depth, statement
    assert touched > 5
