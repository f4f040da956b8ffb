"""The WAL-reset race: a second program that checkpoints must not damage a store, with whatever SQLite is here."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Iterator
from multiprocessing import get_context
from multiprocessing.synchronize import Event
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from nova_tui.storage import sqlite_driver
from nova_tui.storage.sqlite_driver import Connection, wal_is_safe
from nova_tui.storage.sqlite_layout import open_database

CONNECT: Any = vars(sqlite_driver)["sqlite3"].connect
ROUND = 2.0
"""Seconds of one round; the race shows in most of them where it can."""


@pytest.fixture
def path() -> Iterator[Path]:
    """Yield a place in memory, where a round has most transactions."""
    memory = "/dev/shm"
    with TemporaryDirectory(dir=memory if os.access(memory, os.W_OK) else None) as folder:
        yield Path(folder) / "nova.db"


def write(path: Path, stop: Event, answer: Any) -> None:
    """Write small transactions until told to stop; answer how many were acknowledged."""
    chance, done = random.Random(1), 0
    connection = Connection(path, mode="rw", place=str(path))
    for pragma in ("synchronous=OFF", "wal_autocheckpoint=1000"):
        connection.execute(f"PRAGMA {pragma}")
    try:
        while not stop.is_set():
            with connection.writing():
                connection.execute("INSERT INTO t(x) VALUES (?)", (chance.randbytes(chance.choice((10, 200, 6000))),))
            done += 1
            if chance.random() < 0.5:
                time.sleep(chance.random() * 0.0006)
            if done == 1:
                answer.send(done)
    finally:
        answer.send(done)


def checkpoint(path: Path, stop: Event) -> None:
    """Checkpoint again and again, as a program that looks after a database does."""
    raw = CONNECT(path, isolation_level=None)
    while not stop.is_set():
        try:
            raw.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()
        except sqlite_driver.ERRORS:
            continue


def race(path: Path, *, wal: bool = False) -> tuple[int, str]:
    """Let one program write and another checkpoint; return how many rows were stored, and what is wrong then."""
    connection = open_database(path, read_only=False, place=str(path))
    if wal:
        connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("CREATE TABLE IF NOT EXISTS t(id INTEGER PRIMARY KEY, x)")
    connection.execute("CREATE INDEX IF NOT EXISTS i ON t(x)")
    before = connection.value("SELECT count(*) FROM t")
    connection.close()
    context = get_context("forkserver")
    stop, (receiver, sender) = context.Event(), context.Pipe(duplex=False)
    programs = [context.Process(target=write, args=(path, stop, sender))]
    programs.append(context.Process(target=checkpoint, args=(path, stop)))
    for program in programs:
        program.start()
    receiver.recv()
    receiver.poll(ROUND)
    stop.set()
    done = int(receiver.recv())
    for program in programs:
        program.join(30)
    raw = CONNECT(path)
    try:
        wrong = str(raw.execute("PRAGMA integrity_check(1)").fetchone()[0])
        there = raw.execute("SELECT count(*) FROM t NOT INDEXED").fetchone()[0] - before
    except sqlite_driver.ERRORS as error:
        return done, str(error)
    finally:
        raw.close()
    return done, wrong if there == done else f"{done - there} of {done} rows are gone"


@pytest.mark.parametrize("rounds", [1, pytest.param(30, marks=pytest.mark.slow)])
def test_a_second_program_that_checkpoints_does_no_harm(rounds: int, path: Path) -> None:
    total = 0
    for _ in range(rounds):
        done, wrong = race(path)
        assert wrong == "ok"
        total += done
    print(f"{total} transactions in {rounds} rounds, nothing wrong")  # noqa: T201  -s shows it
    assert total > 20 * rounds


@pytest.mark.slow
@pytest.mark.skipif(wal_is_safe(), reason="this SQLite has no WAL-reset race")
def test_the_race_is_caught_where_a_log_is_used_all_the_same(path: Path) -> None:
    wrong = [race(path.with_name(f"{number}.db"), wal=True)[1] for number in range(10)]
    assert any(found != "ok" for found in wrong)
