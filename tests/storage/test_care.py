"""Drafts, changes, checks and backups of every store that has them."""

from __future__ import annotations

import stat
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from nova_tui import (
    Dialog,
    Session,
    SessionNotFound,
    SessionStorageProvider,
    StoreReadOnly,
    StoreUnavailable,
    StoreUnsupported,
    open_store,
)
from nova_tui.storage import sqlite_driver
from nova_tui.storage.sqlite import SqliteStore
from tests.storage.conftest import Place

START = datetime(2026, 1, 1, tzinfo=UTC)


def session_of(number: int = 1, user_id: str = "alice") -> Session:
    """Return a session of one row."""
    dialog = Dialog().add("user", f"text {number}", timestamp=START, id="00000000000000aa")
    return Session(f"{number:032x}", user_id, dialog, START, START)


def test_what_a_store_cannot_do_is_said(store: SessionStorageProvider, tmp_path: Path) -> None:
    calls = {
        "trash": lambda: store.trash("alice"),
        "drafts": lambda: store.drafts("alice"),
        "backup": lambda: store.backup(tmp_path / "copy"),
        "users": store.users,
    }
    for capability, call in calls.items():
        if capability in store.capabilities:
            call()
        else:
            with pytest.raises(StoreUnsupported):
                call()


# -- drafts ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def draft_place(place: Place) -> Place:
    """Pass over stores without drafts."""
    if "drafts" not in place.open().capabilities:
        pytest.skip("this store keeps no drafts")
    return place


def test_drafts_wait_beside_the_session(draft_place: Place) -> None:
    store = draft_place.open()
    saved, other = store.save(session_of(1)), store.save(session_of(2, "bob"))
    row_id = saved.dialog.rows[0].id
    store.put_draft(saved.id, row_id, "first")
    store.put_draft(saved.id, "", "a new row\n\x1b é")
    store.put_draft(saved.id, row_id, "second")
    store.put_draft(other.id, "", "bob's")
    again = draft_place.open()
    found = {(draft.session_id, draft.row_id): draft for draft in again.drafts("alice")}
    assert {key: draft.text for key, draft in found.items()} == {
        (saved.id, row_id): "second",
        (saved.id, ""): "a new row\n\x1b é",
    }
    assert all(draft.based_on == saved.revision for draft in found.values())
    assert again.load(saved.id) == saved
    assert len(again.history(saved.id)) == 1
    again.drop_draft(saved.id, row_id)
    again.drop_draft(saved.id, row_id)
    assert [draft.row_id for draft in store.drafts("alice")] == [""]


def test_drafts_go_and_come_back_with_their_session(draft_place: Place) -> None:
    store = draft_place.open()
    saved = store.save(session_of())
    store.put_draft(saved.id, "", "text")
    store.delete(saved.id)
    assert list(store.drafts("alice")) == []
    with pytest.raises(SessionNotFound):
        store.put_draft(saved.id, "", "more")
    store.restore(saved.id)
    assert [draft.text for draft in store.drafts("alice")] == ["text"]
    store.purge(saved.id)
    store.save(session_of())
    assert list(store.drafts("alice")) == []


def test_drafts_are_bound_and_read_only_too(draft_place: Place) -> None:
    store = draft_place.open()
    his = store.save(session_of(2, "bob"))
    store.put_draft(his.id, "", "bob's")
    bound = draft_place.open(user_id="alice")
    assert list(bound.drafts("bob")) == []
    with pytest.raises(SessionNotFound):
        bound.put_draft(his.id, "", "x")
    with pytest.raises(SessionNotFound):
        bound.drop_draft(his.id, "")
    with pytest.raises(SessionNotFound):
        store.put_draft("../x", "", "x")
    reader = draft_place.open(read_only=True)
    with pytest.raises(StoreReadOnly):
        reader.put_draft(his.id, "", "x")
    assert [draft.text for draft in reader.drafts("bob")] == ["bob's"]


# -- changes -----------------------------------------------------------------------------------------------------------


def test_changes_of_others_are_noticed(place: Place) -> None:
    writer = place.open()
    first = writer.save(session_of(1))
    writer.save(session_of(2, "bob"))
    watcher = place.open(user_id="alice")
    assert list(watcher.changes()) == []
    assert list(watcher.changes()) == []
    changed = writer.save(first.add_user("x"))
    new = writer.save(session_of(3))
    writer.save(session_of(4, "bob"))
    assert list(watcher.changes()) == [changed.id, new.id]
    assert list(watcher.changes()) == []
    writer.delete(new.id)
    assert list(watcher.changes()) == [new.id]


# -- checks and backups ------------------------------------------------------------------------------------------------


def test_a_sound_store_has_nothing_wrong(place: Place) -> None:
    store = place.open(user_id="alice")
    saved = store.save(store.save(session_of(1)).add_user("你好 ß"))
    store.save(saved.with_title("Named"))
    store.undo(saved.id)
    assert list(store.check()) == []
    assert list(place.open(user_id="alice").check()) == []


def test_a_check_names_the_damaged_session_and_mends_the_index(tmp_path: Path) -> None:
    path = tmp_path / "nova.db"
    with open_store(path) as store:
        store.save_many(session_of(number) for number in (1, 2))
    db = vars(sqlite_driver)["sqlite3"].connect(path)
    db.execute("UPDATE rows SET lines = 9, crc = 1 WHERE session = 1")
    db.execute("INSERT INTO row_text(row_text, rowid, text) VALUES ('delete', 0, 'text')")
    db.execute("INSERT INTO row_text(rowid, text) VALUES (77, 'stray')")
    db.commit()
    db.close()
    with open_store(path) as store:
        wrong = store.check(repair=True)
        assert any(session_of(1).id in sentence for sentence in wrong)
        assert not any(session_of(2).id in sentence for sentence in wrong)
        assert any("row_text" in sentence for sentence in wrong)
        assert not any("row_text" in sentence for sentence in store.check())
        assert [hit.session_id for hit in store.search("alice", "text 2")] == [session_of(2).id]


def test_an_index_that_disagrees_is_made_anew_and_a_copy_kept_before(tmp_path: Path) -> None:
    path = tmp_path / "nova.db"
    with open_store(path) as store:
        store.save(session_of(1))
    db = vars(sqlite_driver)["sqlite3"].connect(path, isolation_level=None)
    db.execute("PRAGMA writable_schema=ON")
    entry = db.execute("SELECT type, name, tbl_name, rootpage, sql FROM sqlite_schema WHERE name = 'rows_by_place'")
    kept = entry.fetchone()
    db.execute("DELETE FROM sqlite_schema WHERE name = 'rows_by_place'")
    db.close()
    with open_store(path) as store:  # nobody tells the index of this one
        store.save(session_of(2))
    db = vars(sqlite_driver)["sqlite3"].connect(path, isolation_level=None)
    db.execute("PRAGMA writable_schema=ON")
    db.execute("INSERT INTO sqlite_schema VALUES (?, ?, ?, ?, ?)", kept)
    db.close()
    with open_store(path) as store:
        wrong = store.check()
        assert any("rows_by_place" in sentence for sentence in wrong)
        assert [file.name for file in tmp_path.glob("*.db")] == ["nova.db"]
        copy = tmp_path / "nova.before-repair-1.db"
        assert f"As it was it is kept in {copy}." in store.check(repair=True)
        assert list(store.check(repair=True)) == []
        assert {session.id for session in store.list("alice")} == {session_of(1).id, session_of(2).id}
    assert sorted(file.name for file in tmp_path.glob("*.db")) == [copy.name, "nova.db"]
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    with open_store(copy) as before:
        assert list(before.check()) == wrong


def test_nothing_is_repaired_without_a_copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "nova.db"
    with open_store(path) as store:
        store.save(session_of(1))
        assert isinstance(store, SqliteStore)
        store.connection.execute("INSERT INTO row_text(rowid, text) VALUES (77, 'stray')")

        def full(*_arguments: object, **_options: object) -> None:
            raise StoreUnavailable(store.place, "the disk is full")

        with monkeypatch.context() as patch:
            patch.setattr(sqlite_driver.Connection, "copy_to", full)
            with pytest.raises(StoreUnavailable, match="disk is full"):
                store.check(repair=True)
        assert any("row_text" in sentence for sentence in store.check())
        store.check(repair=True)
        assert list(store.check()) == []


def test_a_backup_is_a_whole_copy_made_while_in_use(place: Place, tmp_path: Path) -> None:
    store = place.open()
    if "backup" not in store.capabilities:
        pytest.skip("this store makes no backups")
    saved = store.save(store.save(session_of(1)).add_user("two"))
    gone = store.save(session_of(2))
    store.delete(gone.id)
    copy = tmp_path / "copy.db"
    store.backup(copy)
    store.save(saved.add_user("later"))
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    with pytest.raises(StoreUnavailable, match="already"):
        store.backup(copy)
    with pytest.raises(StoreUnavailable):
        store.backup(tmp_path / "nowhere" / "copy")
    assert [path.name for path in tmp_path.iterdir() if path.name.endswith(".tmp")] == []
    if isinstance(store, SqliteStore):
        restored = open_store(copy)
    else:
        with zipfile.ZipFile(copy) as archive:
            assert archive.testzip() is None
            archive.extractall(tmp_path / "restored")
        restored = open_store(tmp_path / "restored")
    with restored:
        assert restored.load(saved.id) == saved
        if place.lasting:
            assert restored.undo(saved.id).dialog == session_of(1).dialog
            assert [summary.id for summary in restored.trash("alice")] == [gone.id]
        assert list(restored.check()) == []
