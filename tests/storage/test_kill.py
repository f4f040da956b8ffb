"""What a store has acknowledged is there after its program was killed at any moment."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import PIPE, Popen

import pytest

from nova_tui import Session, SessionNotFound, open_store

KILLS = int(os.environ.get("NOVA_TUI_KILLS", "40"))
"""Kills of an ordinary run, half of them for each kind of store."""
LIVES = 50
"""Kills that one store goes through, before its history is long and a fresh one takes its place."""
SAVER = """
import os, random, sys, zlib
from datetime import datetime, UTC
import nova_tui.storage.file, nova_tui.storage.sqlite, nova_tui.storage.sqlite_schema
from nova_tui import Session, SessionNotFound, open_store
from nova_tui.domain.dialog import Dialog
from nova_tui.domain.row import Row

def say(*words):
    # one write to a pipe is whole or not at all; print may need several
    os.write(1, (" ".join(map(str, words)) + "\\n").encode())

def save_for_ever(url, seed):
    store, chance = open_store(url), random.Random(seed)
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
        crc = zlib.crc32("".join(row.text for row in saved.dialog.rows).encode())
        say(session_id, saved.revision, crc)

# a fork is born at once, a fresh interpreter takes longer than its life
while line := sys.stdin.readline():
    child = os.fork()
    if not child:
        save_for_ever(*line.split())
    say("born", child)
    say("died", os.waitpid(child, 0)[1])
"""


HALF_WRITTEN = """
import os, signal, sys
from nova_tui import Session, open_store

store = open_store(sys.argv[1])
connection = store.connection
connection.execute("PRAGMA cache_size=2")
connection.execute("BEGIN IMMEDIATE")
for number in range(300):
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
    kill_again_and_again(kind, tmp_path, KILLS // 2)


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["sqlite", "file"])
def test_a_program_killed_hundreds_of_times_loses_nothing(kind: str, tmp_path: Path) -> None:
    kill_again_and_again(kind, tmp_path, 600)


def kill_again_and_again(kind: str, folder: Path, kills: int) -> None:
    """Kill a saving program at random moments, and look for everything it has acknowledged."""
    chance = random.Random(kind)
    total = unheard = 0
    longest = 0.12
    with nursery() as program:
        for first in range(0, kills, LIVES):
            place = folder / str(first)
            url = f"sqlite://{place / 'nova.db'}" if kind == "sqlite" else f"file://{place / 'sessions'}"
            known: dict[str, tuple[int, int]] = {}
            for number in range(first, min(first + LIVES, kills)):
                for line in one_life(program, f"{url} {number}\n", chance.random() * longest):
                    session_id, revision, crc = line.split()
                    known[session_id] = (int(revision), int(crc))
                    total += 1
                unheard += check_all(url, known)
                if total < 2 * (number + 1):  # a busy machine or a careful journal: give it time for some saves
                    longest *= 1.2
            assert not list(place.rglob("*.tmp"))
    print(f"{kind}: {kills} kills, {total} saves acknowledged, {unheard} more were stored")  # noqa: T201  -s shows it
    assert total > kills


def check_all(url: str, known: dict[str, tuple[int, int]]) -> int:
    """Look for all that was acknowledged, note and count what was stored without that."""
    unheard = 0
    with open_store(url) as store:
        for session_id, (number, crc) in known.items():
            found = store.load(session_id)
            assert found.revision is not None
            # the save that was cut off may be there, in a folder's log also together with the old text once more
            assert number <= found.revision <= number + 2
            assert crc_of(store.load(session_id, number)) == crc
            assert len(store.history(session_id)) == found.revision
            unheard += found.revision - number
            known[session_id] = (found.revision, crc_of(found))
        damaged = [summary.damaged for summary in store.summaries("alice", limit=None) if summary.damaged]
        assert damaged == []
        with pytest.raises(SessionNotFound):
            store.load("f" * 32)
    return unheard


def crc_of(session: Session) -> int:
    """Return a checksum of a session's texts."""
    return zlib.crc32("".join(row.text for row in session.dialog.rows).encode())


@contextmanager
def nursery() -> Iterator[Popen[str]]:
    """Yield a program that gives birth to a saving program for each line it is sent."""
    with Popen([sys.executable, "-c", SAVER], stdin=PIPE, stdout=PIPE, text=True) as program:
        yield program
        assert program.stdin is not None
        program.stdin.close()
        assert program.wait(60) == 0


def one_life(program: Popen[str], order: str, seconds: float) -> list[str]:
    """Let a saving program run so long, kill it, and return what it had acknowledged."""
    assert program.stdin is not None
    assert program.stdout is not None
    program.stdin.write(order)
    program.stdin.flush()
    lines: list[str] = []
    while not lines or not lines[-1].startswith("born"):
        lines.append(program.stdout.readline())
        assert lines[-1], "the program ended"
    time.sleep(seconds)
    os.kill(int(lines.pop().split()[1]), signal.SIGKILL)
    while not (line := program.stdout.readline()).startswith("died"):
        assert line, "the program ended"
        lines.append(line)
    assert line.split() == ["died", str(int(signal.SIGKILL))]
    return lines
