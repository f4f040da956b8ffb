"""The saved index of a folder: it spares the parsing of files that did not change, and never tells anything else."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nova_tui import Dialog, Session, SessionSummary, StorageError
from nova_tui.storage import file_index, file_reading
from nova_tui.storage.file import FileStore
from nova_tui.storage.ordering import page
from nova_tui.yamlio import read_yaml

START = datetime(2026, 1, 1, tzinfo=UTC)
MOMENT = 0.03
"""Seconds after which a file here counts as old; real clocks of file systems tick in less."""
Parsed = Callable[[], int]


def session_of(number: int, text: str = "hello") -> Session:
    """Return a session of one row."""
    rows = Dialog().add("user", text, timestamp=START, id="00000000000000aa")
    return Session(f"{number:032x}", "alice", rows, START, START).with_tags(["é", "b"]).with_star()


def file_of(folder: Path, number: int) -> Path:
    """Return a session's file."""
    return folder / f"{number:032x}.yaml"


def index_of(folder: Path) -> Path:
    """Return the index."""
    return folder / ".nova-tui" / "index.json"


def signature_of(found: os.stat_result) -> tuple[int, int, int]:
    """Return the times and the size of a file."""
    return found.st_mtime_ns, found.st_ctime_ns, found.st_size


def summed(body: bytes) -> bytes:
    """Return an index with a checksum that is right."""
    return hashlib.sha256(body).hexdigest().encode() + b"\n" + body


@pytest.fixture(autouse=True)
def _short_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file_reading, "RACY", int(MOMENT * 1e9))


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> Parsed:
    """Return what tells how many files were parsed since it was asked last."""
    counted = 0
    plain = read_yaml

    def counting(text: str) -> object:
        nonlocal counted
        counted += 1
        return plain(text)

    def since() -> int:
        nonlocal counted
        found, counted = counted, 0
        return found

    monkeypatch.setattr(file_reading, "read_yaml", counting)
    return since


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder of twenty sessions with an index, as an earlier process left it."""
    made = tmp_path / "sessions"
    with FileStore(made) as store:
        store.save_many(session_of(number) for number in range(1, 21))
    time.sleep(2 * MOMENT)
    listed(made)
    return made


def listed(folder: Path, *, read_only: bool = False) -> Sequence[SessionSummary]:
    """Return the first list of a process."""
    with FileStore(folder, read_only=read_only) as store:
        return store.summaries("alice", limit=None)


def fresh(folder: Path) -> Sequence[SessionSummary]:
    """Return the list as every file parsed tells it."""
    with FileStore(folder, read_only=True) as store:
        store._index = None
        return page(store._summaries("alice"))


def test_the_first_list_of_a_process_parses_nothing(folder: Path, parsed: Parsed) -> None:
    whole = fresh(folder)
    assert parsed() == 20
    assert listed(folder) == whole
    assert listed(folder, read_only=True) == whole
    assert parsed() == 0


def test_only_what_changed_is_parsed(folder: Path, parsed: Parsed) -> None:
    file_of(folder, 3).write_text(file_of(folder, 3).read_text().replace("hello", "by hand"))
    file_of(folder, 4).unlink()
    found = listed(folder)
    assert parsed() == 1
    assert len(found) == 19
    assert "by hand" in {summary.title for summary in found}
    time.sleep(2 * MOMENT)
    assert listed(folder) == found
    assert parsed() == 0, "what is read at the end of one process need not be parsed in the next"


def test_an_edit_of_the_same_length_with_its_time_put_back_is_noticed(folder: Path) -> None:
    for word in ("jello", "cello"):
        file = file_of(folder, 5)
        before = file.stat()
        with file.open("r+b") as opened:
            position = opened.read().index(b"llo") - 2
            opened.seek(position)
            opened.write(word.encode())
        os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
        after = file.stat()
        assert (before.st_mtime_ns, before.st_size, before.st_ino) == (after.st_mtime_ns, after.st_size, after.st_ino)
        assert word in {summary.title for summary in listed(folder)}


def test_a_file_as_new_as_the_index_is_not_believed(tmp_path: Path, parsed: Parsed) -> None:
    folder = tmp_path / "sessions"
    with FileStore(folder) as store:
        store.save(session_of(1))
        store.summaries("alice")
    assert index_of(folder).exists()
    content = index_of(folder).read_bytes()
    before, file = file_of(folder, 1).stat(), file_of(folder, 1)
    file.write_bytes(file.read_bytes().replace(b"hello", b"jello"))
    after = file.stat()
    # as a file system with coarse times would have it: the very same signature
    body = content.partition(b"\n")[2]
    for old, new in zip(signature_of(before), signature_of(after), strict=True):
        body = body.replace(str(old).encode(), str(new).encode())
    assert body != content.partition(b"\n")[2]
    index_of(folder).write_bytes(summed(body))
    parsed()
    assert [summary.title for summary in listed(folder, read_only=True)] == ["jello"]
    assert parsed() == 1
    index_of(folder).write_bytes(summed(body.replace(b"false", b"true", 1)))
    assert [summary.title for summary in listed(folder, read_only=True)] == ["hello"], "an old file would be believed"


def test_a_touched_file_that_names_no_times_is_read_again(folder: Path) -> None:
    file = file_of(folder, 6)
    lines = [line for line in file.read_text().splitlines() if not line.startswith(("created_at", "updated_at"))]
    file.write_text("\n".join(lines))
    time.sleep(2 * MOMENT)
    listed(folder)
    os.utime(file, (1_600_000_000, 1_600_000_000))
    assert listed(folder) == fresh(folder)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda _content: b"",
        lambda content: content[: len(content) // 2],
        lambda content: content.replace(b"hello", b"wrong"),
        lambda _content: b"[" * 100_000,
        lambda _content: b"\xff\xfe\n{}",
        lambda _content: summed(b"[]"),
        lambda _content: summed(b'{"version":1}'),
        lambda content: summed(content.partition(b"\n")[2].replace(b'"version":1', b'"version":2')),
        None,
    ],
)
def test_a_damaged_or_missing_index_is_made_anew(
    folder: Path, spoil: Callable[[bytes], bytes] | None, parsed: Parsed
) -> None:
    good = index_of(folder).read_bytes()
    whole = fresh(folder)
    if spoil is None:
        index_of(folder).unlink()
    else:
        index_of(folder).write_bytes(spoil(good))
    parsed()
    assert listed(folder) == whole
    assert parsed() == 20
    assert listed(folder) == whole
    assert parsed() == 0


def test_something_else_under_its_name_hurts_nobody(folder: Path, tmp_path: Path) -> None:
    index_of(folder).unlink()
    index_of(folder).mkdir()
    assert listed(folder) == fresh(folder)
    index_of(folder).rmdir()
    (tmp_path / "elsewhere").write_text("mine")
    index_of(folder).symlink_to(tmp_path / "elsewhere")
    assert listed(folder) == fresh(folder)
    assert (tmp_path / "elsewhere").read_text() == "mine"


def test_the_index_of_another_folder_is_not_believed(folder: Path, tmp_path: Path, parsed: Parsed) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(folder, copy)
    file_of(copy, 7).write_text(file_of(copy, 7).read_text().replace("hello", "in the copy"))
    found = listed(copy)
    assert parsed() == 20
    assert "in the copy" in {summary.title for summary in found}
    assert "in the copy" not in {summary.title for summary in listed(folder)}


def test_another_commit_checked_out_is_noticed(tmp_path: Path) -> None:
    folder = tmp_path / "sessions"

    def git(*arguments: str) -> None:
        options = ["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]
        subprocess.run(["git", *options, *arguments], cwd=folder, check=True, capture_output=True, timeout=60)

    with FileStore(folder) as store:
        first = store.save_many(session_of(number) for number in range(1, 6))
        git("init", "-b", "main")
        git("add", "-A")
        git("commit", "-m", "first")
        store.save(first[0].with_title("later"))
        git("commit", "-am", "second")
    time.sleep(2 * MOMENT)
    assert "later" in {summary.title for summary in listed(folder)}
    git("checkout", "HEAD~1")
    assert "later" not in {summary.title for summary in listed(folder)}
    git("checkout", "main")
    assert "later" in {summary.title for summary in listed(folder)}


def test_reading_only_writes_no_byte(folder: Path) -> None:
    index_of(folder).unlink()
    before = {path: (path.stat().st_mtime_ns, path.is_dir() or path.read_bytes()) for path in folder.rglob("*")}
    for _ in range(2):
        assert listed(folder, read_only=True)
    assert {path: (path.stat().st_mtime_ns, path.is_dir() or path.read_bytes()) for path in folder.rglob("*")} == before


def test_two_programs_write_it_without_harm(folder: Path, parsed: Parsed) -> None:
    one, other = FileStore(folder), FileStore(folder)
    assert one.summaries("alice", limit=None) == other.summaries("alice", limit=None)
    one.save(one.load(f"{1:032x}").with_title("by one"))
    other.save(other.load(f"{2:032x}").with_title("by the other"))
    one.summaries("alice")
    other.close()
    one.close()
    time.sleep(2 * MOMENT)
    assert listed(folder) == fresh(folder)
    assert {"by one", "by the other"} < {summary.title for summary in listed(folder)}


def test_a_save_does_not_write_the_index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "sessions"
    written: list[int] = []
    plain = file_index.FileIndex._write

    def noting(self: file_index.FileIndex, readings: Mapping[str, file_reading.Reading]) -> None:
        written.append(len(readings))
        plain(self, readings)

    monkeypatch.setattr(file_index.FileIndex, "_write", noting)
    with FileStore(folder) as store:
        store.save_many(session_of(number) for number in range(1, 201))
        with monkeypatch.context() as patch:
            patch.setattr(file_reading, "RACY", 10**15)
            for _ in range(2):
                store.summaries("alice")
        assert written == [200]
        time.sleep(2 * MOMENT)
        store.summaries("alice")
        assert written == [200, 200], "once more when they are old enough to be believed"
        for number in range(1, 11):
            store.save(store.load(f"{number:032x}").with_title("x"))
            store.summaries("alice")
        assert written == [200, 200]
    assert written == [200, 200, 200]
    time.sleep(2 * MOMENT)
    listed(folder)
    with FileStore(folder) as store:
        store.summaries("alice")
        written.clear()
        store.save(store.load(f"{1:032x}").with_title("y"))
        store.summaries("alice")
    assert written == [], "one file of two hundred is parsed sooner than the index is written"


def test_a_full_disk_spoils_no_list(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    index_of(folder).unlink()

    def full(*_arguments: object, **_options: object) -> None:
        raise OSError(28, "No space left on device")

    whole = fresh(folder)
    monkeypatch.setattr(os, "rename", full)
    assert listed(folder) == whole
    assert [path.name for path in (folder / ".nova-tui").iterdir() if path.name.endswith(".tmp")] == []


ACTIONS = st.lists(
    st.tuples(
        st.sampled_from(
            ["save", "delete", "restore", "hand", "back", "touch", "spoil", "take", "swap", "list", "wait", "reopen"]
        ),
        st.integers(1, 4),
        st.integers(0, 9),
    ),
    max_size=25,
)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(ACTIONS)
def test_a_list_is_what_a_fresh_parse_tells(
    tmp_path_factory: pytest.TempPathFactory, actions: list[tuple[str, int, int]]
) -> None:
    folder = tmp_path_factory.mktemp("sessions")
    store = FileStore(folder)
    try:
        for action, number, word in actions:
            store = act(store, folder, action, number, f"word{word}")
        assert store.summaries("alice", limit=None) == fresh(folder)
        store.close()
        assert listed(folder) == fresh(folder)
        assert listed(folder, read_only=True) == fresh(folder)
    finally:
        store.close()


def act(store: FileStore, folder: Path, action: str, number: int, word: str) -> FileStore:
    """Do one thing to the folder, through the store or behind its back."""
    if action == "list":
        store.summaries("alice")
    elif action == "wait":
        time.sleep(1.5 * MOMENT)
    elif action == "reopen":
        store.close()
        return FileStore(folder)
    elif action in ("save", "delete", "restore"):
        with suppress(StorageError):
            use(store, action, session_of(number, word), present=file_of(folder, number).exists())
    elif file_of(folder, number).exists():
        meddle(action, file_of(folder, number), file_of(folder, number % 4 + 1), word)
    return store


def use(store: FileStore, action: str, session: Session, *, present: bool) -> None:
    """Do one thing through the store."""
    if action == "save":
        store.save((store.load(session.id) if present else session).with_dialog(session.dialog))
    elif action == "delete":
        store.delete(session.id)
    else:
        store.restore(session.id)


def meddle(action: str, file: Path, other: Path, word: str) -> None:
    """Do one thing to a file behind the store's back."""
    before, content = file.stat(), file.read_bytes()
    if action in ("hand", "back") and b"word" in content:
        with file.open("r+b") as opened:
            opened.seek(content.index(b"word"))
            opened.write(word.encode())
    if action == "back":
        os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    elif action == "touch":
        os.utime(file, (1_600_000_000, 1_600_000_000 + len(content)))
    elif action == "spoil":
        file.write_bytes(b"user_id: alice\ndialog: [" + word.encode())
    elif action == "take":
        file.unlink()
    elif action == "swap" and other.exists():
        file.with_suffix(".new").write_bytes(other.read_bytes().replace(other.stem.encode(), file.stem.encode()))
        file.with_suffix(".new").rename(file)
