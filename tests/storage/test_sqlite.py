"""What is special about SQLite: what a save writes, who may read the file, and what happens to files that are none."""

from __future__ import annotations

import dataclasses
import os
import stat
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlite_utils

from nova_tui import (
    Dialog,
    Row,
    Session,
    SessionDamaged,
    StoreReadOnly,
    StoreUnavailable,
    open_store,
)
from nova_tui.domain.outline import SessionOutline
from nova_tui.storage import sqlite_driver
from nova_tui.storage.sqlite import SqliteStore
from nova_tui.storage.sqlite_driver import wal_is_safe
from nova_tui.storage.sqlite_layout import APPLICATION_ID, VERSION

sqlite3: Any = vars(sqlite_driver)["sqlite3"]
START = datetime(2026, 1, 1, tzinfo=UTC)


def dialog_of(count: int) -> Dialog:
    """Return a dialog of so many rows, a second apart."""
    return Dialog(tuple(Row(f"row {n}", timestamp=START + timedelta(seconds=n), id=f"{n:016x}") for n in range(count)))


def session_of(count: int, number: int = 1) -> Session:
    """Return a session of so many rows."""
    return Session(f"{number:032x}", "alice", dialog_of(count), START, START)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return where a database may be made."""
    return tmp_path / "nova.db"


@contextmanager
def statements(store: SqliteStore) -> Iterator[list[str]]:
    """Yield the statements that run meanwhile."""
    seen: list[str] = []
    store.connection.raw.set_trace_callback(seen.append)
    yield seen
    store.connection.raw.set_trace_callback(None)


def writes_of(store: SqliteStore, session: Session) -> tuple[int, int]:
    """Save, and return how many statements that ran and how many rows of tables it wrote."""
    before = store.connection.raw.total_changes
    with statements(store) as seen:
        store.save(session)
    return len([text for text in seen if not text.startswith("--")]), store.connection.raw.total_changes - before


@pytest.mark.parametrize("reopened", [False, True])
@pytest.mark.parametrize("edit", ["append", "insert", "text", "remove", "move", "hide", "title"])
def test_a_change_costs_what_changed_not_the_session(path: Path, edit: str, reopened: bool) -> None:
    edits: dict[str, Callable[[Dialog], Dialog]] = {
        "append": lambda dialog: dialog.add("user", "new", timestamp=START + timedelta(days=len(dialog))),
        "insert": lambda dialog: dialog.insert(5, Row("new", timestamp=START + timedelta(days=len(dialog)))),
        "text": lambda dialog: dialog.replace_text(dialog.rows[5].id, "new"),
        "remove": lambda dialog: dialog.remove(dialog.rows[5].id),
        "move": lambda dialog: dialog.move(dialog.rows[2].id, 7),
        "hide": lambda dialog: dialog.set_hidden(dialog.rows[5].id),
        "title": lambda dialog: dialog,
    }
    costs = []
    for number, count in enumerate((10, 2_000), 1):
        store = SqliteStore(path)
        saved = store.save(session_of(count, number))
        if reopened:
            store.close()
            store = SqliteStore(path)
            saved = store.load(saved.id)
        changed = saved.with_title("New") if edit == "title" else saved.with_dialog(edits[edit](saved.dialog))
        costs.append(writes_of(store, changed))
        store.close()
        with open_store(path) as again:
            assert again.load(saved.id) == changed
    (few, written), (many, written_in_large) = costs
    assert few == many
    # the search index writes lines of its own, some versions of SQLite one or two more than others
    assert few <= 16
    assert written == written_in_large
    assert written <= 12


def test_loading_again_reads_no_rows_while_nothing_changed(path: Path) -> None:
    store = SqliteStore(path)
    saved = store.save(session_of(50))
    with statements(store) as seen:
        assert store.load(saved.id) is store.load(saved.id)
        assert store.rows(saved.id, 3, 9) == saved.dialog.rows[3:9]
    assert not any("FROM rows" in text for text in seen)
    with open_store(path) as other:
        other.save(other.load(saved.id).add_user("from elsewhere"))
    assert len(store.load(saved.id).dialog.rows) == 51
    store.close()


def test_a_gap_that_is_used_up_is_made_anew(path: Path) -> None:
    store = SqliteStore(path)
    current = store.save(session_of(2))
    for number in range(60):
        current = store.save(current.with_dialog(current.dialog.insert(1 + number % 2, Row(str(number)))))
    store.close()
    with open_store(path) as again:
        assert again.load(current.id) == current


def test_a_window_far_down_reads_only_its_rows(path: Path) -> None:
    store = SqliteStore(path)
    saved = store.save(session_of(3000))
    store.close()
    store = SqliteStore(path)
    assert store.rows(saved.id, 2990, 2995) == saved.dialog.rows[2990:2995]
    assert store.rows(saved.id, 10, 12) == saved.dialog.rows[10:12]
    store.close()


def test_an_outline_reads_no_texts(path: Path) -> None:
    store = SqliteStore(path)
    small, large = store.save(session_of(2)), store.save(session_of(3000, 2))
    store.close()
    store = SqliteStore(path)
    counts = []
    for saved in (small, large):
        with statements(store) as seen:
            assert store.outline(saved.id) == SessionOutline.of(saved)
        counts.append(len(seen))
        assert not any("text" in text for text in seen)
    assert counts[0] == counts[1] <= 4
    store.close()


@pytest.mark.parametrize(
    "damage",
    [
        "DELETE FROM rows WHERE role = 'user'",
        "UPDATE rows SET role = 'x'",
        "UPDATE rows SET hidden = 2",
        "UPDATE sessions SET app_data = '{'",
        "UPDATE sessions SET app_data = '7'",
        "UPDATE sessions SET created_at = 9223372036854775807",
    ],
)
def test_an_outline_of_what_is_damaged_says_so(path: Path, damage: str) -> None:
    with open_store(path) as store:
        saved = store.save(session_of(4))
    with closing(sqlite3.connect(path)) as raw, raw:
        raw.execute(damage)
    with open_store(path) as store, pytest.raises(SessionDamaged):
        store.outline(saved.id)


# -- the file ----------------------------------------------------------------------------------------------------------


def test_only_the_owner_may_read_the_files(tmp_path: Path) -> None:
    old = os.umask(0)
    try:
        store = open_store(tmp_path / "new" / "folder" / "nova.db")
        store.save(session_of(3))
        modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in (tmp_path / "new").rglob("*")}
        store.close()
    finally:
        os.umask(old)
    assert modes.pop("folder") == 0o700
    assert set(modes.values()) == {0o600}


def test_both_drivers_are_one(path: Path) -> None:
    assert sqlite_utils.utils.sqlite3.connect is sqlite3.connect  # type: ignore[attr-defined]
    with open_store(path):
        pass
    db = sqlite_utils.Database(str(path))
    try:
        assert db.execute("PRAGMA application_id").fetchone()[0] == APPLICATION_ID
        assert db.execute("PRAGMA user_version").fetchone()[0] == VERSION
        assert all(db.table(name).strict for name in ("sessions", "rows", "revisions"))
        assert not list(db.query("PRAGMA foreign_key_check"))
    finally:
        db.close()


@pytest.mark.parametrize(
    ("version", "safe"),
    [
        ("3.40.1", False), ("3.44.5", False), ("3.44.6", True), ("3.45.0", False), ("3.50.6", False),
        ("3.50.7", True), ("3.51.2", False), ("3.51.3", True), ("3.53.4", True), ("4.0.0", True),
    ],
)  # fmt: skip
def test_wal_is_used_only_where_it_is_safe(version: str, safe: bool) -> None:
    assert wal_is_safe(version) is safe


def test_an_unsafe_library_keeps_to_a_rollback_journal(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = SqliteStore(path)
    saved = store.save(session_of(3))
    store.close()
    monkeypatch.setattr("nova_tui.storage.sqlite_layout.wal_is_safe", lambda: False)
    store = SqliteStore(path)
    assert store.connection.value("PRAGMA journal_mode") == "truncate"
    assert store.connection.value("PRAGMA synchronous") == 2
    assert store.load(saved.id) == saved
    store.save(saved.add_user("x"))
    with SqliteStore(path) as other:
        assert len(other.load(saved.id).dialog.rows) == 4
    store.close()


def test_a_file_that_is_no_database_is_refused_and_left_alone(path: Path) -> None:
    path.write_bytes(b"These are my notes.\n" * 100)
    for read_only in (False, True):
        with pytest.raises(StoreUnavailable, match="not a SQLite database"):
            open_store(path, read_only=read_only)
    assert path.read_bytes() == b"These are my notes.\n" * 100
    assert [file.name for file in path.parent.iterdir()] == ["nova.db"]


@pytest.mark.parametrize("wal", [False, True])
def test_another_programs_database_is_refused_and_left_alone(path: Path, wal: bool) -> None:
    db = sqlite3.connect(path)
    if wal:
        db.execute("PRAGMA journal_mode=WAL")
    db.execute("CREATE TABLE notes(text)")
    db.commit()
    db.close()
    before = path.read_bytes()
    with pytest.raises(StoreUnavailable, match="another program's database"):
        open_store(path)
    assert path.read_bytes() == before


def test_a_newer_schema_is_refused_and_left_alone(path: Path) -> None:
    open_store(path).close()
    db = sqlite3.connect(path)
    db.execute(f"PRAGMA user_version={VERSION + 1}")
    db.close()
    before = path.read_bytes()
    with pytest.raises(StoreUnavailable, match="newer nova-tui"):
        open_store(path)
    assert path.read_bytes() == before


def test_a_truncated_database_is_refused_in_a_sentence(path: Path) -> None:
    with open_store(path) as store:
        store.save_many(session_of(200, number) for number in range(1, 20))
    content = path.read_bytes()
    for length in (10, 100, 4096, 5000, len(content) // 2, len(content) - 8192):
        path.write_bytes(content[:length])
        try:
            with open_store(path) as store:
                for number in range(1, 20):
                    store.load(f"{number:032x}")
            pytest.fail("nothing was noticed")
        except (StoreUnavailable, SessionDamaged) as error:
            assert str(error).count("\n") == 0


def test_a_folder_or_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable, match="no such file"):
        open_store(tmp_path / "none.db", read_only=True)
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "folder").mkdir()
    with pytest.raises(StoreUnavailable, match="not a file"):
        open_store(f"sqlite://{tmp_path / 'folder'}")


def test_reading_only_writes_nothing(path: Path) -> None:
    with open_store(path) as store:
        saved = store.save(session_of(20))
    before = {file.name: (file.read_bytes(), file.stat().st_mtime_ns) for file in path.parent.iterdir()}
    with open_store(path, read_only=True) as store:
        assert store.load(saved.id) == saved
        assert len(store.summaries("alice")) == 1
        assert len(store.history(saved.id)) == 1
        with pytest.raises(StoreReadOnly):
            store.undo(saved.id)
    assert {file.name: (file.read_bytes(), file.stat().st_mtime_ns) for file in path.parent.iterdir()} == before


def test_a_read_only_store_sees_what_others_write(path: Path) -> None:
    with open_store(path) as writer:
        saved = writer.save(session_of(2))
    with open_store(path, read_only=True) as reader:
        assert reader.load(saved.id) == saved
        with open_store(path) as writer:
            more = writer.save(saved.add_user("more"))
            assert reader.load(saved.id) == more
        again = reader.load(saved.id)
        assert again == more


# -- damage ------------------------------------------------------------------------------------------------------------


def spoil(path: Path, sql: str, *values: object) -> None:
    """Change a database behind the store's back."""
    db = sqlite3.connect(path)
    db.execute(sql, values)
    db.commit()
    db.close()


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE rows SET text = 'changed' WHERE id = '0000000000000003'",
        "UPDATE rows SET metadata = '{' WHERE id = '0000000000000003'",
        "UPDATE rows SET role = 'robot' WHERE id = '0000000000000003'",
        "UPDATE rows SET at = at + 1 WHERE id = '0000000000000003'",
        "UPDATE rows SET text = CAST(x'ff' AS TEXT) WHERE id = '0000000000000003'",
        "DELETE FROM rows WHERE id = '0000000000000003'",
        "UPDATE sessions SET app_data = '[' WHERE seq = 1",
        "UPDATE sessions SET created_at = 9000000000000000000 WHERE seq = 1",
    ],
)
def test_one_damaged_session_hurts_no_other(path: Path, sql: str) -> None:
    with open_store(path) as store:
        damaged, sound = store.save(session_of(5, 1)), store.save(session_of(5, 2))
    spoil(path, sql.replace("WHERE id", "WHERE session = 1 AND id"))
    with open_store(path) as store:
        with pytest.raises(SessionDamaged, match=damaged.id):
            store.load(damaged.id)
        with pytest.raises(SessionDamaged):
            store.save(dataclasses.replace(damaged.add_user("x")))
        assert store.load(sound.id) == sound
        assert list(store.list("alice")) == [sound]
        assert {summary.id for summary in store.summaries("alice")} == {damaged.id, sound.id}
        assert store.save(sound.add_user("x")).dialog.last_text() == "x"


def test_a_filter_by_title_looks_at_no_sessions_line(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "nova.db")
    where, values, order = store._listed("alice", "refund -is:archived", "updated")
    plan = store.connection.query(f"EXPLAIN QUERY PLAN SELECT id, updated_at FROM sessions {where} {order}", values)
    assert "COVERING INDEX sessions_by_updated" in plan[0][3]
    store.close()


def test_waiting_for_a_lock_ends_in_a_sentence(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite_driver, "PATIENCE", 0.2)
    monkeypatch.setattr(sqlite_driver, "SHORT_WAIT", 0.05)
    with open_store(path) as store, open_store(path) as other:
        saved = store.save(session_of(1))
        assert isinstance(other, SqliteStore)
        with other.connection.writing(), pytest.raises(StoreUnavailable, match="locked"):
            store.save(saved.add_user("x"))
        assert store.save(saved.add_user("x")).revision == 2


@pytest.mark.parametrize("filter", [None, "-is:archived", "is:starred -is:archived", "is:archived"])
@pytest.mark.parametrize("sort", ["updated", "created", "title", "rows"])
def test_the_order_of_a_list_comes_from_indexes(tmp_path: Path, filter: str | None, sort: str) -> None:
    store = SqliteStore(tmp_path / "nova.db")
    where, values, order = store._listed("alice", filter, sort)
    plan = [
        step[3]
        for step in store.connection.query(f"EXPLAIN QUERY PLAN SELECT id FROM sessions {where} {order}", values)
    ]
    assert ("sessions_archived" in " ".join(plan)) == (filter is not None), plan
    if filter in (None, "-is:archived"):
        assert f"sessions_by_{sort}" in plan[0]
        assert "TEMP B-TREE" not in " ".join(plan)
    store.close()
