"""What a machine can do to a store: a refused save is a sentence, changes nothing, and ends with its cause."""

from __future__ import annotations

import os
import random
import resource
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest

from nova_tui import Dialog, Session, StorageError, StoreReadOnly, StoreUnavailable, open_store
from nova_tui.storage.provider import SessionStorageProvider
from tests.storage.hardship import KINDS, alone, locked_by_another, remount, small_disk, url_of

START = datetime(2026, 1, 1, tzinfo=UTC)
Step = Callable[[], object]


def session_of(number: int) -> Session:
    """Return a session of one row."""
    return Session(f"{number:032x}", "alice", Dialog().add("user", "hello", timestamp=START, id="1"), START, START)


def assert_sentence(error: StorageError) -> None:
    """Check that an error can be shown to a person."""
    text = str(error)
    assert text == text.strip()
    assert len(text) > 20
    assert "\n" not in text
    assert "Traceback" not in text
    assert "None" not in text


def assert_holds(store: SessionStorageProvider, wanted: dict[str, Session]) -> None:
    """Check that a store has these sessions, in all their revisions, and no others."""
    assert {session.id: session for session in store.list("alice")} == wanted
    for session_id, session in wanted.items():
        assert store.load(session_id).revision == session.revision == len(store.history(session_id))


def suffer(url: str, begin: Step, end: Step, saves: int) -> set[str]:
    """Save while a fault begins and until it has ended; return what was said, once all that was acknowledged is found.

    Runs in a process of its own. Anything but a StorageError ends it.
    """
    chance = random.Random(1)
    said: set[str] = set()
    with open_store(url) as store:
        held = {session.id: store.save(session) for session in map(session_of, range(3))}
        for number in range(saves):
            if number == 3:
                begin()
            session_id = chance.choice(list(held))
            try:
                held[session_id] = store.save(held[session_id].add_user(chance.randbytes(4000).hex()))
            except StorageError as error:
                assert_sentence(error)
                said.add(error.reason if isinstance(error, StoreUnavailable) else str(error))
        end()
        assert_holds(store, held)
        held = {session_id: store.save(session.add_user("again")) for session_id, session in held.items()}
    with open_store(url) as store:
        assert_holds(store, held)
    return said


# -- no room -----------------------------------------------------------------------------------------------------------


def limit_files(size: int) -> None:
    """Let this process make no file longer than so many bytes."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


def suffer_limit(url: str, size: int) -> set[str]:
    """Save with a limit to the length of files."""
    return suffer(url, lambda: limit_files(size), lambda: limit_files(resource.RLIM_INFINITY), 25)


@pytest.mark.parametrize(("kind", "size"), [("sqlite", 130_000), ("sqlite", 60_000), ("file", 30_000), ("file", 0)])
def test_a_file_that_may_not_grow_changes_nothing(kind: str, size: int, tmp_path: Path) -> None:
    assert alone(suffer_limit, url_of(kind, tmp_path), size)
    assert not list(tmp_path.rglob("*.tmp"))


def suffer_full_disk(url: str, disk: str) -> set[str]:
    """Save to a disk that somebody else fills but for a little."""
    ballast = Path(disk, "ballast")

    def fill() -> None:
        with ballast.open("wb", buffering=0) as file, suppress(OSError):
            while True:
                file.write(bytes(4096))
        os.truncate(ballast, ballast.stat().st_size - 100_000)

    return suffer(url, fill, ballast.unlink, 40)


@pytest.mark.parametrize("kind", KINDS)
def test_a_full_disk_changes_nothing_and_its_end_is_noticed(kind: str, tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk") as disk:
        said = alone(suffer_full_disk, url_of(kind, disk), str(disk))
        assert not list(disk.rglob("*.tmp"))
    assert any("disk is full; nothing was changed" in reason for reason in said)


# -- no leave ----------------------------------------------------------------------------------------------------------


def contents(folder: Path) -> dict[str, bytes]:
    """Return all files in a folder."""
    return {str(file.relative_to(folder)): file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file()}


def read_only_life(url: str, place: Path) -> None:
    """Open a store that cannot be written, in both ways, and try to change it."""
    saved = session_of(1)
    before = contents(place)
    with open_store(url, read_only=True) as store:
        assert store.load(saved.id) == saved
        assert [summary.id for summary in store.summaries("alice")] == [saved.id]
        assert len(store.history(saved.id)) == 1
        with pytest.raises(StoreReadOnly):
            store.save(saved.add_user("x"))
    try:
        with open_store(url) as store:
            assert store.load(saved.id) == saved
            with pytest.raises(StorageError) as caught:
                store.save(saved.add_user("x"))
            assert_sentence(caught.value)
            with pytest.raises(StorageError):
                store.delete(saved.id)
            assert store.load(saved.id) == saved
    except StorageError as error:
        assert_sentence(error)
    assert contents(place) == before


@pytest.mark.parametrize("kind", KINDS)
def test_a_read_only_disk_is_read_and_left_alone(kind: str, tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk") as disk:
        url = url_of(kind, disk)
        with open_store(url) as store:
            saved = store.save(session_of(1))
        remount(disk, "ro")
        read_only_life(url, disk)
        remount(disk, "rw")
        with open_store(url) as store:
            assert store.save(saved.add_user("x")).revision == 2


@pytest.mark.parametrize("kind", KINDS)
def test_files_without_leave_to_write_are_read_and_left_alone(kind: str, tmp_path: Path) -> None:
    place = tmp_path / "place"
    place.mkdir()
    with open_store(url_of(kind, place)) as store:
        saved = store.save(session_of(1))
    modes = {path: path.stat().st_mode for path in (place, *place.rglob("*"))}
    for path in sorted(modes, reverse=True):
        path.chmod(0o500 if path.is_dir() else 0o400)
    try:
        if os.access(place, os.W_OK):
            pytest.skip("root may write everywhere")
        read_only_life(url_of(kind, place), place)
    finally:
        for path in sorted(modes):
            path.chmod(modes[path])
    with open_store(url_of(kind, place)) as store:
        assert store.save(saved.add_user("x")).revision == 2


# -- somebody else -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_a_save_waits_while_another_program_has_the_lock(kind: str, tmp_path: Path) -> None:
    with open_store(url_of(kind, tmp_path)) as store:
        saved = store.save(session_of(1))
        with locked_by_another(kind, tmp_path, 2):
            assert store.load(saved.id) == saved
            begun = time.monotonic()
            saved = store.save(saved.add_user("x"))
            assert time.monotonic() - begun > 1
        assert_holds(store, {saved.id: saved})


# -- nothing left to open ----------------------------------------------------------------------------------------------


def descriptors() -> int:
    """Return how many files this process has open."""
    return len(list(Path("/proc/self/fd").iterdir()))


def suffer_without_descriptors(url: str) -> list[str]:
    """Use a store, and open it again, while every file descriptor is in use; return what was said."""
    said = []
    taken: list[int] = []

    def attempt(step: Callable[[], object]) -> None:
        try:
            step()
        except StorageError as error:
            assert_sentence(error)
            said.append(str(error))

    with open_store(url) as store:
        saved = store.save(session_of(1))
        limit = descriptors() + 20
        resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit))
        with suppress(OSError):
            while True:
                taken.append(os.open(os.devnull, os.O_RDONLY))
        spared = [taken.pop() for _ in range(6)]
        for descriptor in [None, *spared]:
            if descriptor is not None:
                os.close(descriptor)
            attempt(lambda: store.load(saved.id))
            attempt(lambda: store.summaries("alice"))
            attempt(lambda: store.save(store.load(saved.id).add_user("x")))
            attempt(lambda: open_store(url).close())
            attempt(lambda: open_store(url, read_only=True).close())
        for descriptor in taken:
            os.close(descriptor)
        last = store.load(saved.id)
        assert_holds(store, {last.id: store.save(last.add_user("again"))})
    return said


@pytest.mark.parametrize("kind", KINDS)
def test_when_all_descriptors_are_in_use_a_store_says_so_and_works_again(kind: str, tmp_path: Path) -> None:
    assert alone(suffer_without_descriptors, url_of(kind, tmp_path))


@pytest.mark.parametrize("kind", ["sqlite", "file"])
def test_a_store_that_cannot_be_opened_keeps_nothing_open(kind: str, tmp_path: Path) -> None:
    place = tmp_path / "sessions" / ".nova-tui" if kind == "file" else tmp_path / "nova.db"
    place.parent.mkdir(exist_ok=True)
    place.write_bytes(b"my notes\n" * 1000)
    before = descriptors()
    for _ in range(5):
        with pytest.raises(StorageError):
            open_store(url_of(kind, tmp_path))
    assert place.read_bytes() == b"my notes\n" * 1000
    assert descriptors() == before
