"""What is special about files: people edit them by hand, and anything may lie in the folder."""

from __future__ import annotations

import os
import stat
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from nova_tui import (
    Dialog,
    InvalidSession,
    Session,
    SessionConflict,
    SessionDamaged,
    SessionNotFound,
    StoreUnavailable,
    open_store,
)
from nova_tui.domain.native import session_to_mapping
from nova_tui.storage.folder import Folder, Signature
from nova_tui.yamlio import read_yaml, write_yaml

START = datetime(2026, 1, 1, tzinfo=UTC)


def session_of(number: int = 1, text: str = "hello") -> Session:
    """Return a session of one row."""
    return Session(
        f"{number:032x}", "alice", Dialog().add("user", text, timestamp=START, id="00000000000000aa"), START, START
    )


def file_of(folder: Path, session: Session) -> Path:
    """Return a session's file."""
    return folder / f"{session.id}.yaml"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder of sessions."""
    made = tmp_path / "sessions"
    made.mkdir()
    return made


def test_a_file_is_the_native_format(folder: Path) -> None:
    with open_store(folder) as store:
        saved = store.save(session_of(text="one\ntwo é\n"))
    text = file_of(folder, saved).read_text()
    assert read_yaml(text) == session_to_mapping(saved)
    assert "text: |" in text
    assert text.startswith("nova_tui: 1\nid: ")


def test_an_edit_by_hand_is_a_revision_of_its_own(folder: Path) -> None:
    with open_store(folder) as store:
        saved = store.save(session_of())
        file = file_of(folder, saved)
        file.write_text(file.read_text().replace("hello", "by hand"))
        with pytest.raises(SessionConflict):
            store.save(saved.with_dialog(saved.dialog.replace_text(saved.dialog.rows[0].id, "stale")))
        found = store.load(saved.id)
        assert found.dialog.last_text() == "by hand"
        assert found.revision == 2
        assert [revision.note for revision in store.history(saved.id)] == ["edit outside", "create"]
        assert store.summaries("alice")[0].title == "by hand"
        assert store.undo(saved.id).dialog == saved.dialog
        assert "hello" in file.read_text()


def test_quick_edits_by_hand_of_the_same_length_are_noticed(folder: Path) -> None:
    with open_store(folder) as store:
        file = file_of(folder, store.save(session_of()))
        for word in ("jello", "cello", "hallo"):
            moment = file.stat().st_mtime_ns
            with file.open("r+b") as opened:
                text = opened.read()
                position = text.index(b"llo") - 2
                opened.seek(position)
                opened.write(word.encode())
            os.utime(file, ns=(moment, moment))
            assert store.load(session_of().id).dialog.last_text() == word
            assert store.summaries("alice")[0].title == word


def test_another_layout_of_the_same_content_is_no_revision(folder: Path) -> None:
    with open_store(folder) as store:
        saved = store.save(session_of())
        file = file_of(folder, saved)
        file.write_text("# a comment\n" + file.read_text())
        found = store.load(saved.id)
        assert (found, found.revision) == (saved, 1)
        assert store.save(found.add_user("more")).revision == 2
        assert len(store.history(saved.id)) == 2


def test_a_file_that_was_put_there_is_found(folder: Path) -> None:
    made = session_of()
    mapping = session_to_mapping(made)
    del mapping["id"], mapping["updated_at"], mapping["dialog"]["rows"][0]["id"]
    file_of(folder, made).write_text(write_yaml(mapping))
    with open_store(folder) as store:
        found = store.load(made.id)
        assert (found.id, found.revision, found.dialog.last_text()) == (made.id, 1, "hello")
        assert store.save(found.add_user("x")).revision == 2
        assert store.undo(made.id).dialog == found.dialog


def test_a_file_that_was_taken_away_waits_in_the_trash(folder: Path) -> None:
    with open_store(folder) as store:
        saved = store.save(session_of())
        file_of(folder, saved).unlink()
        assert list(store.list("alice")) == []
        assert [summary.id for summary in store.trash("alice")] == [saved.id]
        assert store.restore(saved.id) == saved
        assert file_of(folder, saved).exists()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "not a mapping"),
        (b"\xff\xfe", "not UTF-8"),
        (b"nova_tui: 1\nuser_id: alice\ndialog: [\n", "line"),
        (b"nova_tui: 99\nuser_id: alice\ndialog: {rows: []}\n", "version 99"),
        (
            b"nova_tui: 1\nid: 00000000000000000000000000000009\nuser_id: alice\ndialog: {rows: []}\n",
            "not its file's name",
        ),
        (b"nova_tui: 1\nuser_id: alice\ndialog: {rows: [{text: x, role: robot}]}\n", "robot"),
        (b"[" * 100_000, "nested"),
    ],
)
def test_a_damaged_file_hurts_no_other(folder: Path, content: bytes, reason: str) -> None:
    with open_store(folder, user_id="alice") as store:
        sound = store.save(session_of(1))
        spoilt = store.save(session_of(2))
        file_of(folder, spoilt).write_bytes(content)
        with pytest.raises(SessionDamaged, match=reason):
            store.load(spoilt.id)
        with pytest.raises(SessionDamaged):
            store.save(spoilt.add_user("x"))
        assert list(store.list("alice")) == [sound]
        damage = {summary.id: summary.damaged for summary in store.summaries("alice")}
        assert damage[sound.id] is None
        assert reason in str(damage[spoilt.id])
        assert file_of(folder, spoilt).read_bytes() == content
        assert store.restore(spoilt.id, 1) == spoilt


def test_what_a_person_wrote_is_kept_when_a_damaged_file_is_written_anew(folder: Path) -> None:
    with open_store(folder, user_id="alice") as store:
        saved = store.save(session_of())
        broken = file_of(folder, saved).read_bytes().replace(b"hello", b"an hour of work\n  : [")
        file_of(folder, saved).write_bytes(broken)
        assert store.restore(saved.id, 1) == saved
        (kept,) = folder.glob(f"{saved.id}.unreadable-*")
        assert kept.read_bytes() == broken
        assert [summary.damaged for summary in store.summaries("alice")] == [None]
        store.purge(saved.id)
        assert [path.name for path in folder.iterdir()] == [".nova-tui"]


@pytest.mark.parametrize("content", [b"user_id: alice\ndialog: [\n", b"\xff\xfe"])
def test_a_damaged_file_is_told_among_others(folder: Path, content: bytes) -> None:
    with open_store(folder, user_id="alice") as store:
        ids = [store.save(session_of(number)).id for number in (1, 2, 3)]
        (folder / f"{ids[1]}.yaml").write_bytes(content)
        for opened in (store, store.reader()):
            assert opened is not None
            found = opened.summaries_of([*ids, "f" * 32])
            assert [summary.id for summary in found] == ids
            assert [summary.damaged is None for summary in found] == [True, False, True]
            assert found[1] == next(one for one in opened.summaries("alice") if one.id == ids[1])
        with open_store(folder, user_id="bob") as others:
            assert others.summaries_of(ids[:1]) == []


def test_links_devices_and_folders_are_refused(folder: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret.yaml"
    secret.write_text(write_yaml(session_to_mapping(session_of(1))))
    (folder / f"{1:032x}.yaml").symlink_to(secret)
    os.mkfifo(folder / f"{2:032x}.yaml")
    (folder / f"{3:032x}.yaml").mkdir()
    (folder / f"{4:032x}.yaml").symlink_to("/dev/zero")
    (folder / "notes.yaml").write_text("mine")
    with open_store(folder) as store:
        for number in range(1, 5):
            with pytest.raises(SessionDamaged, match="plain file"):
                store.load(f"{number:032x}")
        assert len(store.summaries("alice")) == 4
        assert all(summary.damaged for summary in store.summaries("alice"))
        with pytest.raises(SessionDamaged):
            store.save(session_of(1, "over it"))
    assert "hello" in secret.read_text()
    assert (folder / "notes.yaml").read_text() == "mine"


def test_only_the_owner_may_read_the_files(tmp_path: Path) -> None:
    old = os.umask(0)
    try:
        with open_store(f"file://{tmp_path / 'new' / 'folder'}") as store:
            saved = store.save(store.save(session_of()).add_user("x"))
            store.delete(store.save(session_of(2)).id)
            store.load(saved.id)
    finally:
        os.umask(old)
    for path in (tmp_path / "new" / "folder").rglob("*"):
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path


def test_what_a_killed_program_left_over_is_swept(folder: Path) -> None:
    left = folder / f".{1:032x}.yaml.abcd.tmp"
    left.write_text("half")
    with open_store(folder) as store:
        assert not left.exists()
        assert list(store.list("alice")) == []


def test_a_log_that_was_cut_short_is_continued(folder: Path) -> None:
    with open_store(folder) as store:
        saved = store.save(store.save(session_of()).add_user("two"))
    log = folder / ".nova-tui" / "history" / f"{saved.id}.jsonl"
    log.write_bytes(log.read_bytes() + b'{"revision": 3, "at"')
    with open_store(folder) as store:
        assert store.load(saved.id).revision == 2
        assert store.save(saved.add_user("three")).revision == 3
        assert store.load(saved.id, 1).dialog == session_of().dialog
    log.write_bytes(b"nonsense\n")
    with open_store(folder) as store:
        found = store.load(saved.id)
        assert len(found.dialog.rows) == 3
        assert store.save(found.add_user("four")).dialog.last_text() == "four"


def test_a_listing_reads_only_what_changed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    plain = Folder.read

    def noting(self: Folder, name: str) -> tuple[bytes, Signature] | None:
        read.append(name)
        return plain(self, name)

    monkeypatch.setattr(Folder, "read", noting)
    with open_store(folder) as store:
        store.save_many(session_of(number) for number in range(1, 20))
        moment = time.time_ns() + 60 * 10**9
        monkeypatch.setattr("nova_tui.storage.file_reading.time.time_ns", lambda: moment)
        first = store.summaries("alice")
        read.clear()
        assert store.summaries("alice") == first
        assert read == []
        file_of(folder, session_of(7)).touch()
        assert store.summaries("alice") == first
        assert read == [f"{7:032x}.yaml"]


def test_a_missing_folder_is_made_only_for_writing(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable):
        open_store(f"file://{tmp_path / 'none'}", read_only=True)
    assert not (tmp_path / "none").exists()
    (tmp_path / "plain").write_text("x")
    with pytest.raises(StoreUnavailable):
        open_store(f"file://{tmp_path / 'plain'}")


def test_reading_only_writes_nothing(folder: Path) -> None:
    file_of(folder, session_of()).write_text(write_yaml(session_to_mapping(session_of())))
    with open_store(folder, read_only=True) as store:
        assert store.load(session_of().id) == session_of()
        assert len(store.summaries("alice")) == 1
        assert len(store.history(session_of().id)) <= 1
    assert [path.name for path in folder.iterdir()] == [f"{1:032x}.yaml"]


def test_a_full_disk_changes_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with open_store(folder) as store:
        saved = store.save(session_of())
        before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
        calls = 0
        sync = os.fsync

        def failing(descriptor: int) -> None:
            nonlocal calls
            calls += 1
            if calls == wanted:
                raise OSError(28, "No space left on device")
            sync(descriptor)

        monkeypatch.setattr(os, "fsync", failing)
        for wanted in (1, 2):  # noqa: B007  `failing` uses it
            calls = 0
            with pytest.raises(StoreUnavailable, match="disk is full"):
                store.save(saved.add_user("x"))
            assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before
        monkeypatch.undo()
        assert store.save(saved.add_user("x")).revision == 2


def test_an_id_that_is_none_never_becomes_a_name(folder: Path) -> None:
    with open_store(folder) as store:
        saved = store.save(session_of())
        object.__setattr__(saved, "id", "../../escape")
        with pytest.raises(InvalidSession):
            store.save(saved)
    assert sorted(path.name for path in folder.parent.iterdir()) == ["sessions"]


def test_a_new_session_whose_program_was_killed_between_file_and_log_is_there(folder: Path) -> None:
    with open_store(folder) as store:
        saved = store.save(session_of())
    (folder / ".nova-tui" / "history" / f"{saved.id}.jsonl").unlink()
    with open_store(folder) as store:
        again = store.save(session_of())
        assert (again, again.revision) == (saved, 1)
        assert store.save(again.add_user("x")).revision == 2


# -- getting rid of what is damaged ------------------------------------------------------------------------------------


@pytest.mark.parametrize("logged", [True, False])
def test_a_damaged_file_goes_to_the_trash_as_it_is_and_back(folder: Path, logged: bool) -> None:
    wanted = session_of()
    path = file_of(folder, wanted)
    with open_store(folder, user_id="alice") as store:
        if logged:
            store.save(wanted)
        path.write_bytes(b"\x00 no session")
        assert [one.id for one in store.summaries("alice") if one.damaged] == [wanted.id]
        store.delete(wanted.id)
        assert not path.exists()
        assert (folder / ".nova-tui" / "trash" / path.name).read_bytes() == b"\x00 no session"
        assert [one.id for one in store.trash("alice")] == [wanted.id]
        assert list(store.summaries("alice")) == []
    with open_store(folder, user_id="alice") as store:
        if logged:
            assert store.restore(wanted.id) == wanted
            assert store.load(wanted.id) == wanted
            (aside,) = folder.glob(f"{wanted.id}.unreadable-*")
            assert aside.read_bytes() == b"\x00 no session"
        else:
            with pytest.raises(SessionDamaged):
                store.restore(wanted.id)
            assert path.read_bytes() == b"\x00 no session"
        store.delete(wanted.id)
        store.purge(wanted.id)
        assert [found.name for found in folder.rglob(f"{wanted.id}*")] == []
        assert list(store.trash("alice")) == []


def test_a_damaged_file_that_names_another_owner_is_hers(folder: Path) -> None:
    wanted = session_of()
    file_of(folder, wanted).write_text("user_id: bob\nrows: [")
    with open_store(folder, user_id="alice") as store:
        for verb in (store.delete, store.purge):
            with pytest.raises(SessionNotFound):
                verb(wanted.id)
    assert file_of(folder, wanted).exists()


def test_a_damaged_file_can_be_purged_at_once(folder: Path) -> None:
    wanted = session_of()
    file_of(folder, wanted).write_bytes(b"\x00")
    with open_store(folder, user_id="alice") as store:
        store.purge(wanted.id)
        assert list(store.summaries("alice")) == []
    assert not file_of(folder, wanted).exists()


def test_a_file_renamed_by_hand_is_told_with_the_mend(folder: Path) -> None:
    wanted = session_of()
    with open_store(folder, user_id="alice") as store:
        store.save(wanted)
        file_of(folder, wanted).rename(folder / "refund.yaml")
        (folder / "notes.yaml").write_text("buy: milk\n")
        (sentence,) = store.check()
        assert "refund.yaml" in sentence
        assert f"{wanted.id}.yaml" in sentence
        assert "notes" not in sentence
        file_of(folder, wanted).write_bytes((folder / "refund.yaml").read_bytes())
        (sentence,) = store.check()
        assert "import" in sentence
        (folder / "refund.yaml").unlink()
        assert list(store.check()) == []
