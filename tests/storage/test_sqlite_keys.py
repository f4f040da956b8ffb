"""The integer keys of rows in SQLite: in time order, unused, and found without walking over those that are taken."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from nova_tui import Dialog, Row, Session
from nova_tui.domain.times import to_microseconds
from nova_tui.storage.sqlite import SqliteStore
from nova_tui.storage.sqlite_rows import KEYS_A_SECOND, free_keys

START = datetime(2026, 1, 1, tzinfo=UTC)
STEP = 100
"""Instructions of SQLite's machine between two counts."""


def session_of(number: int, rows: int) -> Session:
    """Return a session whose rows all have one time."""
    dialog = Dialog(tuple(Row("x", timestamp=START, id=f"{position:016x}") for position in range(rows)))
    return Session(f"{number:032x}", "alice", dialog, START, START)


class Work:
    """Counts the statements and the instructions that a store runs."""

    def __init__(self, store: SqliteStore) -> None:
        self.statements = 0
        self.instructions = 0
        store.connection.raw.set_trace_callback(self._traced)
        store.connection.raw.set_progress_handler(self._stepped, STEP)

    def take(self) -> tuple[int, int]:
        """Return both counts and begin anew."""
        counted = self.statements, self.instructions
        self.statements = self.instructions = 0
        return counted

    def _traced(self, text: str) -> None:
        self.statements += not text.startswith("--")

    def _stepped(self) -> int:
        self.instructions += STEP
        return 0


@pytest.mark.parametrize("rows", [2, 50])
def test_rows_of_one_second_cost_the_same_however_many_there_are(tmp_path: Path, rows: int) -> None:
    with SqliteStore(tmp_path / "nova.db") as store:
        work = Work(store)
        sessions = [session_of(number, rows) for number in range(5000 // rows)]
        costs = []
        for start in range(0, len(sessions), len(sessions) // 10):
            store.save_many(sessions[start : start + len(sessions) // 10])
            costs.append(work.take())
        for number in (0, len(sessions) - 1):
            assert store.load(sessions[number].id) == sessions[number]
        assert store.connection.value("SELECT count(*) FROM rows") == 5000
        first, last = store.connection.query("SELECT min(key), max(key) FROM rows")[0]
        assert last - first < 5000 * 1.1
    (_, early), *_, (statements, instructions) = costs
    assert statements <= len(sessions) / 10 * 50 + 5000 / 10 * 10
    # a search by halving grows with the logarithm of the rows, a walk over them would be tens of times as much
    assert instructions <= early * 2


def test_one_large_session_asks_a_few_times(tmp_path: Path) -> None:
    with SqliteStore(tmp_path / "nova.db") as store:
        store.save(session_of(1, 5000))
        work = Work(store)
        keys = free_keys(store.connection, [to_microseconds(START)] * 5000)
        assert work.take()[0] < 60
        assert len(set(keys)) == 5000


def test_keys_are_free_and_never_smaller_than_their_second(tmp_path: Path) -> None:
    chance = random.Random(1)
    with SqliteStore(tmp_path / "nova.db") as store:
        for number in range(120):
            seconds = [chance.randrange(12) for _ in range(chance.choice((1, 3, 40)))]
            times = [to_microseconds(START + timedelta(seconds=second, microseconds=number)) for second in seconds]
            keys = free_keys(store.connection, times)
            assert len(set(keys)) == len(keys)
            assert all(key >= time // 1_000_000 * KEYS_A_SECOND for key, time in zip(keys, times, strict=True))
            rows = tuple(Row("x", timestamp=START + timedelta(seconds=second)) for second in seconds)
            saved = store.save(Session(f"{number:032x}", "alice", Dialog(rows), START, START))
            if chance.random() < 0.3:
                store.purge(saved.id)
