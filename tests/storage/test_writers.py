"""Eight programs that change the same sessions at once: nothing is lost or overwritten, nobody hears of locks."""

from __future__ import annotations

import random
import time
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from multiprocessing import get_context
from multiprocessing.synchronize import Barrier
from pathlib import Path

import pytest

from nova_tui import Dialog, Row, Session, SessionConflict, open_store
from nova_tui.storage import file_sessions
from nova_tui.storage.file_history import Log, read_log
from nova_tui.storage.folder import Folder

WRITERS = 8
SESSIONS = [f"{number:032x}" for number in range(3)]
SHARED = "shared"
"""The row that all writers change; each has a row of its own besides."""
START = datetime(2026, 1, 1, tzinfo=UTC)

_start: list[Barrier] = []


def begin_together(barrier: Barrier) -> None:
    """Remember, in a writer's process, what all of them wait for."""
    _start.append(barrier)


def plan(writer: int, saves: int) -> Iterator[tuple[str, str, str]]:
    """Yield what a writer changes: session, row, and the mark that it puts behind the row's text."""
    chance = random.Random(writer)
    for number in range(saves):
        row_id = SHARED if chance.random() < 0.4 else f"row of {writer}"
        yield chance.choice(SESSIONS), row_id, f"{writer}.{number} "


def write(url: str, writer: int, saves: int) -> int:
    """Make a writer's changes, each upon what it saw last; return how many were refused and made upon a fresh load."""
    conflicts, pause = 0, random.Random(writer)
    with open_store(url) as store:
        held = {session_id: store.load(session_id) for session_id in SESSIONS}
        _start[0].wait(60)
        for session_id, row_id, mark in plan(writer, saves):
            time.sleep(pause.random() * 0.004)  # or the one who has the lock would do all its work at one go
            while True:
                dialog = held[session_id].dialog
                wanted = dialog.replace_text(row_id, dialog.row(row_id).text + mark)
                try:
                    held[session_id] = store.save(held[session_id].with_dialog(wanted))
                    break
                except SessionConflict:
                    conflicts += 1
                    held[session_id] = store.load(session_id)
            assert held[session_id].dialog.row(row_id).text.endswith(mark)
    return conflicts


@pytest.mark.parametrize("kind", ["sqlite", "file"])
@pytest.mark.parametrize("saves", [15, pytest.param(500, marks=pytest.mark.slow)])
def test_programs_that_write_at_once_lose_nothing(kind: str, saves: int, tmp_path: Path) -> None:
    url = f"sqlite://{tmp_path / 'nova.db'}" if kind == "sqlite" else f"file://{tmp_path / 'sessions'}"
    names = [SHARED, *(f"row of {writer}" for writer in range(WRITERS))]
    with open_store(url) as store:
        for session_id in SESSIONS:
            rows = tuple(Row("", timestamp=START, id=name) for name in names)
            store.save(Session(session_id, "alice", Dialog(rows), START, START))
    context = get_context("forkserver")
    context.set_forkserver_preload([__name__])
    with ProcessPoolExecutor(WRITERS, context, begin_together, (context.Barrier(WRITERS),)) as pool:
        conflicts = sum(pool.map(write, [url] * WRITERS, range(WRITERS), [saves] * WRITERS))
    print(f"{kind}: {WRITERS * saves} saves, {conflicts} conflicts")  # noqa: T201  -s shows it
    assert conflicts > 0
    marks: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for writer in range(WRITERS):
        for session_id, row_id, mark in plan(writer, saves):
            marks[session_id, row_id].append(mark.strip())
    with open_store(url) as store:
        for session_id in SESSIONS:
            found = {row.id: row.text.split() for row in store.load(session_id).dialog.rows}
            assert sorted(found.pop(SHARED)) == sorted(marks[session_id, SHARED])
            assert found == {row_id: marks[session_id, row_id] for row_id in found}
            changes = sum(len(marks[session_id, name]) for name in names)
            history = store.history(session_id)
            assert [revision.number for revision in history] == [*range(len(history), 0, -1)]
            assert len(history) == changes + 1


def test_a_load_in_the_middle_of_a_save_is_no_edit_by_hand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with open_store(f"file://{tmp_path}") as writer, open_store(f"file://{tmp_path}") as reader:
        saved = writer.save(Session(SESSIONS[0], "alice", Dialog().add_user("one"), START, START))
        waiting = [saved.add_user("two")]

        def late(folder: Folder | None, session_id: str) -> Log:
            if waiting:
                writer.save(waiting.pop())
            return read_log(folder, session_id)

        monkeypatch.setattr(file_sessions, "read_log", late)
        reader.load(saved.id)
        assert [revision.note for revision in reader.history(saved.id)] == ["add row", "create"]
