"""Flipped bits in a SQLite store: the list says which session is damaged, and every other one opens."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from nova_tui import Dialog, Row, Session, SessionDamaged, StorageError, open_store
from nova_tui.storage import sqlite_driver
from nova_tui.storage.sqlite import SqliteStore
from nova_tui.storage.sqlite_rows import LINE_COLUMNS

START = datetime(2026, 1, 1, tzinfo=UTC)
CONNECT = vars(sqlite_driver)["sqlite3"].connect


def session_of(number: int) -> Session:
    """Return a session that has something in every column of its own line."""
    rows = tuple(
        Row(f"text {number} {n}", timestamp=START + timedelta(seconds=n), metadata={"n": n}, id=f"{number:012x}{n:04x}")
        for n in range(3)
    )
    session = Session(f"{number:032x}", "alice", Dialog(rows, extra={"dialog": "more"}), START, START, {"app": "data"})
    session = replace(session, updated_at=START + timedelta(days=number), extra={"unknown": number})
    own = {**session.app_data, "nova_tui": {"title": f"Täglich {number}", "import": {"format": "openai"}}}
    return replace(session, app_data=own).with_tags([f"tag {number}", "all"])


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a sound store of 20 sessions."""
    path = tmp_path_factory.mktemp("whole") / "nova.db"
    with open_store(path) as store:
        store.save_many(map(session_of, range(1, 21)))
    return path


@pytest.fixture
def path(whole: Path, tmp_path: Path) -> Path:
    """Return a copy of it."""
    return Path(shutil.copy(whole, tmp_path / "nova.db"))


def spoil(path: Path, sql: str, *values: object) -> None:
    """Change a database behind the store's back."""
    db = CONNECT(path)
    db.execute(sql, values)
    db.commit()
    db.close()


def flips_of(value: object) -> Iterator[object]:
    """Yield what one flipped bit makes of a stored value, as bytes for text."""
    if isinstance(value, str):
        content = value.encode()
        for bit in range(8 * len(content)):
            flipped = bytearray(content)
            flipped[bit // 8] ^= 1 << bit % 8
            yield bytes(flipped)
    elif isinstance(value, int):
        yield from (value ^ 1 << bit for bit in range(63))


def stored(path: Path, column: str) -> object:
    """Return a column of the fifth session."""
    db = CONNECT(path)
    value: object = db.execute(f"SELECT {column} FROM sessions WHERE seq = 5").fetchone()[0]
    db.close()
    return value


@pytest.mark.parametrize("column", [name for name in LINE_COLUMNS if name not in ("id", "user_id", "deleted_at")])
def test_a_flipped_bit_of_a_sessions_own_line_is_listed(column: str, path: Path) -> None:
    damaged, sound = session_of(5), [session_of(number) for number in range(1, 21) if number != 5]
    original = stored(path, column)
    flips = list(flips_of(original))
    assert flips
    for flip in flips[:: max(1, len(flips) // 24)]:
        spoil(
            path,
            f"UPDATE sessions SET {column} = CAST(? AS {type(original).__name__[:3]}) WHERE seq = 5".replace(
                "AS str", "AS TEXT"
            ),
            flip,
        )
        with open_store(path, user_id="alice", read_only=True) as store:
            for sort in ("updated", "created", "title", "rows"):
                found = {one.id: one for one in store.summaries("alice", sort=sort)}
                assert {one for one in found if found[one].damaged} == {damaged.id}, flip
                assert len(found) == 20
            (summary,) = store.summaries_of([damaged.id])
            assert summary.damaged
            assert summary.user_id == "alice"
            assert [one.damaged for one in store.summaries_of([one.id for one in sound])] == [None] * 19
            with pytest.raises(SessionDamaged, match=damaged.id):
                store.load(damaged.id)
        spoil(path, f"UPDATE sessions SET {column} = ? WHERE seq = 5", original)
    with open_store(path, user_id="alice") as store:
        assert [one.id for one in store.summaries("alice") if one.damaged] == []
        assert store.load(damaged.id).dialog == damaged.dialog


def record_of(content: bytes, number: int) -> range:
    """Return where the line of a session stands in the file: the header of its record and what follows."""
    marker = f"{number:032x}alice".encode()
    # in an index the user stands first, so that only the table has them in this order
    start = content.index(marker)
    assert content.find(marker, start + 1) == -1
    # the tags as they are compared are followed by the checksum alone
    tags = f'["tag {number}","all"]'.encode()
    return range(start - 21, content.rindex(tags, start, start + 1000) + len(tags) + 4)


@pytest.mark.parametrize("part", range(4))
def test_no_flipped_bit_of_a_sessions_line_hides_another_session(part: int, path: Path) -> None:
    content = path.read_bytes()
    sound = [session_of(number) for number in range(1, 21) if number != 5]
    told = 0
    places = record_of(content, 5)
    for step, place in enumerate(places[part :: 4 * 3]):
        flipped = bytearray(content)
        flipped[place] ^= 1 << step % 8
        path.write_bytes(flipped)
        with open_store(path, user_id="alice", read_only=True) as store:
            found = {one.id: one for one in store.summaries("alice")}
            assert len(found) == 20
            told += sum(one.damaged is not None for one in found.values())
            for session in sound:
                assert found[session.id].damaged is None
                assert found[session.id].title == session.title
            again = store.summaries_of(store.session_ids("alice"))
            assert len(again) == 20
            assert not any(one.damaged and one.id in {session.id for session in sound} for one in again)
            for session in sound[::5]:
                assert store.load(session.id).dialog == session.dialog
            try:
                assert store.load(session_of(5).id) == replace(session_of(5), revision=1)
            except StorageError as error:
                assert "\n" not in str(error)
    assert told > len(places) // 24


def test_999_of_1000_sessions_open(tmp_path: Path) -> None:
    path = tmp_path / "nova.db"
    with open_store(path) as store:
        saved = store.save_many(Session.new("alice").add_user(f"text {n}") for n in range(1000))
    content = path.read_bytes()
    marker = saved[500].dialog.rows[0].id.encode() + b"user"
    assert content.count(marker) == 1
    place = content.index(b"text 500", content.index(marker))
    path.write_bytes(content[:place] + b"u" + content[place + 1 :])
    opened, damaged = 0, []
    with open_store(path) as store:
        for session in saved:
            try:
                opened += store.load(session.id) == session
            except SessionDamaged as error:
                damaged.append(error.session_id)
        assert [one.id for one in store.summaries("alice", limit=None) if one.damaged] == damaged
    assert opened == 999
    assert damaged == [saved[500].id]


def test_a_damaged_row_is_listed_once_it_was_met(path: Path) -> None:
    damaged, sound = session_of(5).id, session_of(6).id
    spoil(path, "UPDATE rows SET text = 'changed' WHERE session = 5 AND id LIKE '%2'")
    with open_store(path) as store:
        reader = store.reader()
        assert reader is not None
        for one in (store, reader):
            assert all(summary.damaged is None for summary in one.summaries_of([damaged, sound]))
            with pytest.raises(SessionDamaged):
                one.load(damaged)
            first, second = one.summaries_of([damaged, sound])
            assert "checksum" in str(first.damaged)
            assert first.title == session_of(5).title
            assert second.damaged is None
            assert [summary.id for summary in one.summaries("alice") if summary.damaged] == [damaged]
        reader.close()


def test_what_a_check_finds_is_listed_by_every_program_until_it_is_sound_again(path: Path) -> None:
    damaged = session_of(5).id
    original = stored(path, "(SELECT text FROM rows WHERE session = 5 AND id LIKE '%2')")
    spoil(path, "UPDATE rows SET text = 'changed' WHERE session = 5 AND id LIKE '%2'")
    with open_store(path) as store:
        assert any(damaged in sentence for sentence in store.check())
    for read_only in (False, True):
        with open_store(path, read_only=read_only) as store:
            assert [summary.id for summary in store.summaries("alice") if summary.damaged] == [damaged]
    spoil(path, "UPDATE rows SET text = ? WHERE session = 5 AND id LIKE '%2'", original)
    with open_store(path) as store:
        assert list(store.check()) == []
        assert not any(summary.damaged for summary in store.summaries("alice"))


def test_reading_that_is_stopped_says_nothing_of_damage(path: Path) -> None:
    store = SqliteStore(path)
    store.connection.raw.set_progress_handler(lambda: 1, 1)
    with pytest.raises(StorageError) as caught:
        store.load(session_of(5).id)
    assert not isinstance(caught.value, SessionDamaged)
    store.connection.raw.set_progress_handler(None, 1)
    assert not any(summary.damaged for summary in store.summaries("alice"))
    store.close()


def test_a_damaged_session_can_be_purged(path: Path) -> None:
    spoil(path, "UPDATE sessions SET title = 'changed' WHERE seq = 5")
    with open_store(path) as store:
        store.purge(session_of(5).id)
        assert len(store.session_ids("alice")) == 19
        assert list(store.check()) == []


def revised(path: Path) -> Session:
    """Give the fifth session a row that is new, and one that is another, in two revisions."""
    with open_store(path) as store:
        saved = store.save(store.load(session_of(5).id).add_user("added later"))
        rows = saved.dialog.rows
        return store.save(saved.with_dialog(saved.dialog.replace_text(rows[0].id, "edited later")))


def flip_in(path: Path, text: bytes) -> None:
    """Flip one bit of a stored text, so that it is none any more."""
    content = path.read_bytes()
    assert content.count(text) >= 1
    path.write_bytes(content.replace(text, bytes([text[0] | 0x80]) + text[1:]))


@pytest.mark.parametrize("damage", ["row", "line"])
def test_a_damaged_session_goes_to_the_trash_and_back_and_away(damage: str, path: Path) -> None:
    damaged = revised(path).id
    if damage == "row":
        flip_in(path, b"text 5 1")
    else:
        spoil(path, "UPDATE sessions SET title = 'changed' WHERE seq = 5")
    with open_store(path, user_id="alice") as store:
        with pytest.raises(SessionDamaged):
            store.load(damaged)
        store.delete(damaged)
        assert damaged not in store.session_ids("alice")
        (thrown,) = store.trash("alice")
        assert (thrown.id, bool(thrown.damaged)) == (damaged, True)
        for back in (store.undo, store.restore):
            try:
                assert back(damaged).id == damaged
            except SessionDamaged:
                assert damage == "line"
            assert damaged in store.session_ids("alice")
            with pytest.raises(SessionDamaged):
                store.load(damaged)
            assert [one.id for one in store.summaries("alice") if one.damaged] == [damaged]
            store.delete(damaged)
        assert [entry.note for entry in store.history(damaged)][:3] == ["delete", "restore from the trash", "delete"]
    with open_store(path) as store:  # what another program sees
        assert [one.id for one in store.trash("alice") if one.damaged] == [damaged]
        store.purge(damaged)
        assert list(store.trash("alice")) == []
        assert list(store.check()) == []
    assert b"5 1" not in path.read_bytes().replace(b"15 1", b"")


def test_what_is_older_than_the_damage_can_be_read_and_gone_back_to(path: Path) -> None:
    newest = revised(path)
    flip_in(path, b"added later")
    with open_store(path, user_id="alice") as store:
        assert store.load(newest.id, 1) == replace(session_of(5), revision=1)
        for number in (2, 3):
            with pytest.raises(SessionDamaged, match=newest.dialog.rows[3].id):
                store.load(newest.id, number)
            with pytest.raises(SessionDamaged, match=newest.dialog.rows[3].id):
                store.restore(newest.id, number)
        back = store.restore(newest.id, 1)
        assert back.dialog == session_of(5).dialog
        assert store.load(newest.id) == back
        note = store.history(newest.id)[0].note
        assert newest.dialog.rows[3].id in note
        assert "revision 3" in note
        kept = store.load(newest.id, 3).dialog.rows
        assert kept[3].text == "\\xe1dded later"
        assert kept[:3] == newest.dialog.rows[:3]
        assert not any(one.damaged for one in store.summaries("alice"))
    with open_store(path) as store:
        found = list(store.check())
        assert not found or found == ["The search index row_text does not fit the texts."]
        store.check(repair=True)
        assert list(store.check()) == []


def test_a_row_that_was_changed_since_does_not_stand_in_the_way(path: Path) -> None:
    newest = revised(path)
    flip_in(path, b"edited later")
    with open_store(path) as store:
        before = store.load(newest.id, 2)
        assert [row.text for row in before.dialog.rows] == ["text 5 0", "text 5 1", "text 5 2", "added later"]
        store.delete(newest.id)
        assert store.restore(newest.id, 2).dialog == before.dialog
        assert store.load(newest.id).dialog == before.dialog


@pytest.mark.parametrize("column", ["id", "role", "at", "text", "metadata", "processed", "crc", "place"])
def test_any_damaged_column_of_a_row_is_outlived_or_named(column: str, path: Path) -> None:
    newest = revised(path)
    row = "session = 5 AND id = ?"
    spoiled = {"id": "'zz'", "role": "'robot'", "at": "1 << 62", "metadata": "'{{'", "text": "CAST(x'ff00' AS TEXT)"}
    spoil(
        path, f"UPDATE rows SET {column} = {spoiled.get(column, f'{column} + 1')} WHERE {row}", newest.dialog.rows[3].id
    )
    with open_store(path) as store:
        try:
            found = store.load(newest.id, 1)
        except SessionDamaged as error:
            assert "zz" in str(error)  # which row it was is not known any more
            assert column == "id"
        else:
            assert found.dialog == session_of(5).dialog
            assert store.restore(newest.id, 1).dialog == session_of(5).dialog
        store.delete(newest.id)
        store.purge(newest.id)
        assert newest.id not in store.session_ids("alice")
