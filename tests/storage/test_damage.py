"""Damaged stores: what is read is right or refused in a sentence, and what is no store stays as it is."""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from nova_tui import Dialog, Row, Session, StorageError, open_store
from nova_tui.storage.provider import SessionStorageProvider
from nova_tui.storage.sqlite import SqliteStore
from tests.storage.hardship import url_of

START = datetime(2026, 1, 1, tzinfo=UTC)
WORDS = ("alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa", "lambda", "mu", "nu")
VARIANTS = 100
"""Damaged files of an ordinary run, for each kind."""

REFUSALS = StorageError
"""What opening may say."""

Damage = Callable[[bytearray, random.Random], None]


def truncated(content: bytearray, chance: random.Random) -> None:
    """Cut the end off."""
    del content[chance.randrange(len(content)) :]


def zeroed(content: bytearray, chance: random.Random) -> None:
    """Make a run of sectors zero."""
    start = chance.randrange(len(content)) // 512 * 512
    length = min(chance.choice((512, 4096, 16384)), len(content) - start)
    content[start : start + length] = bytes(length)


def flipped(content: bytearray, chance: random.Random) -> None:
    """Flip one bit."""
    content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)


def flipped_in_front(content: bytearray, chance: random.Random) -> None:
    """Flip one bit of what tells what the file is."""
    content[chance.randrange(min(200, len(content)))] ^= 1 << chance.randrange(8)


def scattered(content: bytearray, chance: random.Random) -> None:
    """Change bytes all over."""
    for _ in range(chance.choice((3, 30, 300))):
        content[chance.randrange(len(content))] = chance.randrange(256)


def misplaced(content: bytearray, chance: random.Random) -> None:
    """Write a page over another one."""
    source, target = (chance.randrange(len(content)) // 4096 * 4096 for _ in range(2))
    page = content[source : source + 4096]
    content[target : target + len(page)] = page


DAMAGES: tuple[Damage, ...] = (truncated, zeroed, flipped, flipped, flipped_in_front, scattered, misplaced)


def sessions(count: int) -> list[Session]:
    """Return sessions large enough to spread over many pages."""
    chance = random.Random(5)
    made = []
    for number in range(count):
        rows = tuple(
            Row(" ".join(chance.choices(WORDS, k=chance.choice((5, 60, 400)))), timestamp=START + timedelta(seconds=n))
            for n in range(chance.choice((1, 6, 20)))
        )
        made.append(Session(f"{number:032x}", "alice", Dialog(rows), START, START).with_title(f"title {number}"))
    return made


@pytest.fixture(scope="module", params=["sqlite", "sqlite with its log", "file"])
def whole(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path, list[Session]]:
    """Return a sound store: its kind, its folder, and what it holds. Its log is what a killed program leaves."""
    live, place = tmp_path_factory.mktemp("live"), tmp_path_factory.mktemp("whole")
    kind = request.param.split()[0]
    with open_store(url_of(kind, live)) as store:
        made = sessions(6 if kind == "sqlite" else 2)
        held = [store.save(store.save(session).add_user("more")) for session in made]
        if "log" in request.param:
            shutil.copytree(live, place, dirs_exist_ok=True)
    if "log" not in request.param:
        shutil.copytree(live, place, dirs_exist_ok=True)
    return request.param, place, held


@pytest.fixture
def scratch(tmp_path: Path) -> Iterator[Path]:
    """Yield a folder, in memory where that is possible, because nothing here is about syncing."""
    memory = Path("/dev/shm")
    if not os.access(memory, os.W_OK):
        yield tmp_path
        return
    with TemporaryDirectory(dir=memory) as made:
        yield Path(made)


def contents(folder: Path) -> dict[str, bytes]:
    """Return all files in a folder, but for SQLite's empty logs and the memory that its connections share."""
    files = [file for file in sorted(folder.rglob("*")) if file.is_file() and not file.name.endswith("-shm")]
    found = {str(file.relative_to(folder)): file.read_bytes() for file in files}
    return {name: content for name, content in found.items() if content or not name.endswith("-wal")}


def look(store: SessionStorageProvider, wanted: list[Session]) -> list[Session]:
    """Do everything with a damaged store; return the sessions that it gave. Anything but a StorageError goes out."""
    given: list[Session] = []
    steps: list[Callable[[], object]] = [
        lambda: list(store.list("alice")),
        lambda: store.summaries("alice", limit=None),
        lambda: store.summaries("alice", sort="title", filter="title"),
        store.users,
        lambda: store.trash("alice"),
        lambda: store.session_ids_like("alice", "0000"),
    ]
    for session in wanted:
        steps += [
            lambda session_id=session.id: given.append(store.load(session_id)),  # type: ignore[misc]
            lambda session_id=session.id: store.rows(session_id, 0, 3),  # type: ignore[misc]
            lambda session_id=session.id: store.history(session_id),  # type: ignore[misc]
            lambda session_id=session.id: store.load(session_id, 1),  # type: ignore[misc]
        ]
    for step in steps:
        try:
            step()
        except StorageError as error:
            assert "\n" not in str(error)
    return given


Whole = tuple[str, Path, list[Session]]


@pytest.mark.parametrize("seed", range(0, VARIANTS, 20))
def test_damage_is_noticed_or_does_no_harm(seed: int, whole: Whole, scratch: Path) -> None:
    for number in range(seed, seed + 20, 1 if "sqlite" in whole[0] else 3):
        damage_and_look(number, whole, scratch / str(number))


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(1000, 3000, 100))
def test_a_thousand_damages_are_noticed_or_do_no_harm(seed: int, whole: Whole, scratch: Path) -> None:
    for number in range(seed, seed + 100):
        damage_and_look(number, whole, scratch / str(number))


def damage_and_look(seed: int, whole: Whole, place: Path) -> None:
    """Damage one file of a copy of a store, and use it in every way."""
    chance = random.Random(seed)
    kind, origin, held = whole
    shutil.copytree(origin, place)
    file = chance.choice([path for path in sorted(place.rglob("*")) if path.is_file() and path.suffix != ".db-shm"])
    content = bytearray(file.read_bytes())
    if content:
        chance.choice(DAMAGES)(content, chance)
    file.write_bytes(content)
    print(f"{kind}, seed {seed}: {file.name}")  # noqa: T201  a failure shows it
    before = contents(place)
    use(kind, place, held, read_only=True)
    assert contents(place) == before
    if not use(kind, place, held, read_only=False) and "log" not in kind:
        assert contents(place) == before
    shutil.rmtree(place)


def use(kind: str, place: Path, held: list[Session], *, read_only: bool) -> bool:
    """Open a damaged store, look at all of it and try to change it; return whether it could be opened."""
    try:
        store = open_store(url_of(kind.split(maxsplit=1)[0], place), read_only=read_only)
    except StorageError as error:
        assert "\n" not in str(error)
        return False
    with store:
        given = look(store, held)
        if kind == "sqlite":
            rows = {session.id: session.dialog.rows for session in held}
            assert all(session.dialog.rows == rows[session.id] for session in given)
        if not read_only:
            change(store, held, given)
    return True


def change(store: SessionStorageProvider, held: list[Session], given: list[Session]) -> None:
    """Try to change every session of a damaged store; what is acknowledged must be there."""
    for session in given[:2]:
        try:
            saved = store.save(session.add_user("after the damage"))
        except StorageError as error:
            assert "\n" not in str(error)
        else:
            assert store.load(session.id) == saved
    for session in held[:2]:
        for step in (store.undo, store.delete, store.restore):
            try:
                step(session.id)
            except StorageError as error:
                assert "\n" not in str(error)


def test_a_damaged_schema_is_refused_in_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "nova.db"
    with open_store(path) as store:
        store.save(sessions(1)[0])
    content = path.read_bytes()
    for old, new in ((b"indexsessions_by_title", b"index\xc6essions_by_title"), (b"_by_title ON", b"_by_title OF")):
        assert old in content
        content = content.replace(old, new)
    path.write_bytes(content)
    for read_only in (True, False):
        with pytest.raises(StorageError):
            open_store(path, read_only=read_only)


def test_a_row_that_its_index_misses_is_refused_in_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "nova.db"
    rows = tuple(Row(name, timestamp=START, id=name * 8) for name in ("first", "second", "third"))
    with open_store(path) as store:
        saved = store.save(Session("1" * 32, "alice", Dialog(rows), START, START))
    content, target = path.read_bytes(), rows[1].id.encode()
    places = [place for place in range(len(content)) if content.startswith(target, place)]
    assert len(places) > 1
    for place in places:
        path.write_bytes(content[:place] + b"S" + content[place + 1 :])
        with open_store(path) as store, suppress(StorageError):
            loaded = store.load(saved.id)
            store.save(loaded.with_dialog(loaded.dialog.insert(2, Row("new"))))


def test_a_revision_that_is_gone_is_refused_in_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "nova.db"
    with open_store(path) as store:
        assert isinstance(store, SqliteStore)
        saved = store.save(sessions(1)[0])
        store.save(saved.with_title("another"))
        store.connection.execute("DELETE FROM revisions WHERE number = 2")
        with pytest.raises(StorageError):
            store.load(saved.id, 1)
