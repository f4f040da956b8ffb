"""Stores of earlier versions: each becomes one of the newest, whole or not at all, and a copy of the old one stays."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database

from nova_tui import Dialog, Row, Session, StoreUnavailable, open_store
from nova_tui.domain.times import to_microseconds
from nova_tui.storage import sqlite_driver
from nova_tui.storage.sqlite_layout import APPLICATION_ID, VERSION
from nova_tui.storage.sqlite_rows import LINE_COLUMNS, ROW_COLUMNS, row_values, session_values
from nova_tui.storage.sqlite_schema import copy_name, migrations
from nova_tui.storage.upgrading import Upgrade, told

CONNECT: Any = vars(sqlite_driver)["sqlite3"].connect
START = datetime(2026, 1, 1, tzinfo=UTC)
OLD = range(1, VERSION)
CALLS = "pwrite64,write,fdatasync,fsync,ftruncate,unlink,rename"


def session_of(number: int) -> Session:
    """Return a session with something of everything."""
    rows = tuple(
        Row(f"{word} {number}", timestamp=START + timedelta(seconds=n), metadata={"n": n}, id=f"{number:012x}{n:04x}")
        for n, word in enumerate(("Größe", "你好", "plain"))
    )
    session = Session(f"{number:032x}", "alice", Dialog(rows), START, START + timedelta(days=number), {"other": [1]})
    return session.with_title(f"Täglich {number}").with_tags(["A b", "x"])


def make_old(path: Path, version: int, count: int = 4) -> list[Session]:
    """Make a store as a program with this version of the tables left it; return what it holds."""
    raw = CONNECT(path)
    db = Database(raw, execute_plugins=False)
    names = [migration.name for migration in migrations.pending(db)]
    migrations.apply(db, stop_before=names[version])
    made = [session_of(number) for number in range(1, count + 1)]
    for seq, session in enumerate(made, 1):
        put(raw, "sessions", dict(zip(LINE_COLUMNS, session_values(replace(session, revision=1), 0), strict=True)))
        for n, row in enumerate(session.dialog.rows):
            names_of_row = [*ROW_COLUMNS.split(", "), "hidden", "chars", "lines", "folded"]
            place = {"key": seq * 100 + n, "session": seq, "place": (n + 1) << 20}
            put(raw, "rows", dict(zip(names_of_row, row_values(row), strict=True)) | place)
        if version >= 2:
            at = to_microseconds(START)
            first = {"session": seq, "number": 1, "at": at, "note": "create", "state": 1, "tip": 1, "deleted": 0}
            put(raw, "revisions", {**first, "back": "{}"})
    if version >= 4:
        put(raw, "drafts", {"session": 1, "row_id": "", "text": "unsaved", "at": 0, "based_on": 1})
    raw.execute(f"PRAGMA application_id={APPLICATION_ID}")
    raw.execute(f"PRAGMA user_version={version}")
    raw.commit()
    raw.close()
    return made


def put(raw: Any, table: str, values: dict[str, Any]) -> None:
    """Insert a line, of the columns that the table has."""
    there = [name for _, name, *_ in raw.execute(f"PRAGMA table_info({table})") if name in values]
    marks = ", ".join("?" * len(there))
    raw.execute(f"INSERT INTO {table}({', '.join(there)}) VALUES ({marks})", [values[name] for name in there])


def version_of(path: Path) -> int:
    """Return the version of the tables."""
    raw = CONNECT(path)
    found = raw.execute("PRAGMA user_version").fetchone()[0]
    raw.close()
    return int(found)


def content_of(path: Path) -> list[Session]:
    """Return what a store holds once it is opened, oldest first; nothing may be wrong with it."""
    with open_store(path) as store:
        assert list(store.check()) == []
        return list(store.list("alice"))[::-1]


@pytest.mark.parametrize("version", OLD)
def test_every_earlier_version_is_upgraded_and_a_copy_kept(version: int, tmp_path: Path) -> None:
    path = tmp_path / "nova.db"
    made = make_old(path, version)
    with pytest.raises(StoreUnavailable, match="upgraded first"):
        open_store(path, read_only=True)
    assert version_of(path) == version
    for _ in range(2):
        assert content_of(path) == made
        assert version_of(path) == VERSION
    assert version_of(copy_name(path, version)) == version
    assert copy_name(path, version).stat().st_mode & 0o777 == 0o600
    with open_store(path) as store:
        assert {hit.row_id for hit in store.search("alice", "grosse")} == {one.dialog.rows[0].id for one in made}
        assert [draft.text for draft in store.drafts("alice")] == (["unsaved"] if version >= 4 else [])
        changed = store.save(store.load(made[0].id).add_user("after"))
        assert store.undo(changed.id).dialog == made[0].dialog
    # the copy is itself a store, of before
    assert content_of(copy_name(path, version)) == made
    assert not [file.name for file in tmp_path.iterdir() if file.name.endswith(".tmp")]


def test_a_store_of_today_is_not_copied(tmp_path: Path) -> None:
    for _ in range(2):
        open_store(tmp_path / "nova.db").close()
    assert [file.name for file in tmp_path.iterdir() if file.suffix == ".db"] == ["nova.db"]


def opened(path: Path) -> list[str]:
    """Open a store in a process of its own and return the ids in it."""
    with open_store(path) as store:
        return list(store.session_ids("alice"))


def test_programs_that_upgrade_at_once_do_it_once(tmp_path: Path) -> None:
    with ProcessPoolExecutor(4, get_context("forkserver")) as pool:
        for version in OLD:
            path = tmp_path / f"{version}.db"
            made = make_old(path, version, 20)
            found = [work.result(60) for work in [pool.submit(opened, path) for _ in range(4)]]
            assert found == [[session.id for session in made[::-1]]] * 4
            assert content_of(path) == made
            assert version_of(copy_name(path, version)) == version


def test_an_upgrade_that_fails_leaves_the_store_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "nova.db"
    made = make_old(path, 1)
    with monkeypatch.context() as patch:
        patch.setattr("nova_tui.storage.sqlite_schema.crc_of", lambda _line: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            open_store(path)
    assert version_of(path) == 1
    raw = CONNECT(path)
    assert raw.execute("SELECT count(*) FROM sqlite_schema WHERE name = 'revisions'").fetchone() == (0,)
    raw.close()
    assert content_of(path) == made


def test_an_upgrade_that_cannot_keep_a_copy_does_not_begin(tmp_path: Path) -> None:
    path = tmp_path / "nova.db"
    made = make_old(path, 3)
    copy_name(path, 3).mkdir()
    with pytest.raises(StoreUnavailable):
        open_store(path)
    assert version_of(path) == 3
    copy_name(path, 3).rmdir()
    assert content_of(path) == made


@pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")
@pytest.mark.parametrize("step", [13, pytest.param(1, marks=pytest.mark.slow)])
def test_an_upgrade_that_is_killed_anywhere_is_whole_or_undone(step: int, tmp_path: Path) -> None:
    program = "import sys; from nova_tui import open_store; open_store(sys.argv[1]).close(); print('done')"
    outcomes = []
    at = 1
    while True:
        folder = tmp_path / str(at)
        folder.mkdir()
        path = folder / "nova.db"
        made = make_old(path, 1)
        inject = f"inject={CALLS}:signal=KILL:when={at}"
        record = ["strace", "-f", "-qq", "-o", os.devnull, "-e", f"trace={CALLS}", "-e", inject]
        done = subprocess.run(
            [*record, sys.executable, "-c", program, path],
            check=False, capture_output=True, text=True, env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        )  # fmt: skip
        if "ptrace" in done.stderr.lower():
            pytest.skip(f"strace may not trace here: {done.stderr.splitlines()[0]}")
        found = version_of(path)
        assert found in (1, VERSION)
        assert content_of(path) == made
        copy = copy_name(path, 1)
        assert version_of(copy) == 1 if copy.exists() else found == 1
        outcomes.append(found)
        shutil.rmtree(folder)
        if done.returncode == 0:
            break
        at += step
    print(json.dumps({version: outcomes.count(version) for version in (1, VERSION)}))  # noqa: T201  -s shows it
    assert outcomes[0] == 1
    assert outcomes[-1] == VERSION
    assert len(outcomes) > 30 // step


def test_an_upgrade_tells_how_far_it_is(tmp_path: Path) -> None:
    for version in OLD:
        path = tmp_path / f"{version}.db"
        made = make_old(path, version, 20)
        news: list[Upgrade] = []
        with told(news.append):
            assert content_of(path) == made
            assert {found.copy for found in news} == {copy_name(path, version)}
            parts = [found.part for found in news]
            assert parts == sorted(parts)
            assert parts[0] == 0
            assert parts[-1] > 0.9
            told_before = len(news)
            assert content_of(path) == made
            open_store(tmp_path / f"new{version}.db").close()
            assert len(news) == told_before


@pytest.mark.parametrize("part", [0, 0.1, 0.25, 0.9])
def test_an_upgrade_that_is_stopped_leaves_the_store_as_it_was(part: float, tmp_path: Path) -> None:
    path = tmp_path / "nova.db"
    made = make_old(path, 5, 20)

    def stop(upgrade: Upgrade) -> None:
        if upgrade.part >= part:
            raise StoreUnavailable("store", "stopped")

    with told(stop), pytest.raises(StoreUnavailable):
        open_store(path)
    assert version_of(path) == 5
    assert not [file.name for file in tmp_path.iterdir() if file.name.endswith(".tmp")]
    assert content_of(path) == made


def test_a_long_statement_is_interrupted_when_its_listener_gives_up(tmp_path: Path) -> None:
    connection = sqlite_driver.Connection(tmp_path / "new.db", mode="rwc", place="new.db")
    looks = []

    def alive() -> None:
        looks.append(True)
        if len(looks) == 3:
            raise StoreUnavailable("store", "stopped")

    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"
    with connection.interruptible(alive), pytest.raises(StoreUnavailable, match="interrupted"):
        connection.value(endless)
    assert len(looks) == 3
    assert connection.value("SELECT 1") == 1
    connection.close()
