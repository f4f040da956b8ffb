"""What a store has acknowledged is there after its program was killed at any moment."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
import zlib
from pathlib import Path

import pytest

from nova_tui import Session, SessionNotFound, open_store

SAVER = """
import random, sys, zlib
from datetime import datetime, UTC
from nova_tui import Session, SessionNotFound, open_store
from nova_tui.domain.dialog import Dialog
from nova_tui.domain.row import Row

store, chance = open_store(sys.argv[1]), random.Random(sys.argv[2])
print("ready", flush=True)
while True:
    session_id = f"{chance.randrange(4):032x}"
    at = datetime.now(UTC)
    try:
        session = store.load(session_id)
    except SessionNotFound:
        session = Session(session_id, "alice", Dialog(), at, at)
    rows = session.dialog.rows
    text = chance.randbytes(chance.choice((10, 400, 20000))).hex()
    if rows and chance.random() < 0.4:
        session = session.with_dialog(session.dialog.replace_text(chance.choice(rows).id, text))
    elif len(rows) > 12:
        session = session.with_dialog(session.dialog.remove([row.id for row in rows[:4]]))
    else:
        session = session.with_dialog(session.dialog.insert(chance.randint(0, len(rows)), Row(text)))
    saved = store.save(session)
    print(session_id, saved.revision, zlib.crc32(''.join(row.text for row in saved.dialog.rows).encode()), flush=True)
"""


HALF_WRITTEN = """
import os, signal, sys
from nova_tui import Session, open_store

store = open_store(sys.argv[1])
connection = store.connection
connection.execute("PRAGMA cache_size=2")
connection.execute("BEGIN IMMEDIATE")
for number in range(2000):
    connection.execute("UPDATE sessions SET title = ?", ("half-written " * number,))
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_store_opens_after_its_writer_was_killed_in_the_middle_of_a_write(tmp_path: Path) -> None:
    path = tmp_path / "nova.db"
    with open_store(path) as store:
        sessions = [store.save(Session.new("alice").with_title(f"number {number}")) for number in range(50)]
    done = subprocess.run([sys.executable, "-c", HALF_WRITTEN, str(path)], check=False, capture_output=True, text=True)
    assert done.returncode == -signal.SIGKILL, done.stderr
    with open_store(path) as store:
        assert {session.id: session.title for session in store.list("alice")} == {
            session.id: session.title for session in sessions
        }


@pytest.mark.parametrize("kind", ["sqlite", "file"])
def test_a_killed_program_loses_nothing_it_acknowledged(kind: str, tmp_path: Path) -> None:
    kill_again_and_again(kind, tmp_path, rounds=12)


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["sqlite", "file"])
def test_a_program_killed_hundreds_of_times_loses_nothing(kind: str, tmp_path: Path) -> None:
    kill_again_and_again(kind, tmp_path, rounds=300)


def kill_again_and_again(kind: str, folder: Path, rounds: int) -> None:
    """Kill a saving program at random moments, and look for everything it has acknowledged."""
    url = str(folder / "nova.db") if kind == "sqlite" else f"file://{folder / 'sessions'}"
    chance = random.Random(kind)
    acknowledged: dict[str, tuple[int, int]] = {}
    total = 0
    for number in range(rounds):
        for line in one_life(url, f"{kind}{number}", chance.random() * 0.15):
            session_id, revision, crc = line.split()
            acknowledged[session_id] = (int(revision), int(crc))
            total += 1
        with open_store(url) as store:
            for session_id, (number_of, digest) in acknowledged.items():
                found = store.load(session_id)
                assert found.revision is not None
                assert found.revision >= number_of
                then = store.load(session_id, number_of)
                assert zlib.crc32("".join(row.text for row in then.dialog.rows).encode()) == digest
                assert len(store.history(session_id)) == found.revision
            damaged = [summary.damaged for summary in store.summaries("alice", limit=None) if summary.damaged]
            assert damaged == []
            with pytest.raises(SessionNotFound):
                store.load("f" * 32)
    assert total > rounds
    assert not list(folder.rglob("*.tmp"))


def one_life(url: str, seed: str, seconds: float) -> list[str]:
    """Run the saving program, kill it, and return what it had acknowledged."""
    child = subprocess.Popen(
        [sys.executable, "-c", SAVER, url, seed],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdout is not None
    with child:
        assert child.stdout.readline() == "ready\n"
        time.sleep(0.02 + seconds)
        child.send_signal(signal.SIGKILL)
        lines = child.stdout.read().split("\n")
    return lines[:-1]
