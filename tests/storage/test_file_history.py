"""The logs of a folder of sessions: how much of them is read, and that both ways through them lead to the same."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from nova_tui import Dialog, Session, SessionConflict
from nova_tui.storage.file import FileStore
from nova_tui.storage.file_history import read_log, rebuild

START = datetime(2026, 1, 1, tzinfo=UTC)
REVISIONS = 60
Read = Callable[[], int]


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    """Return a folder with one session of many revisions: rows are put in, changed, moved and taken out."""
    store = FileStore(tmp_path / "sessions")
    session = store.save(Session(f"{1:032x}", "alice", Dialog(), START, START))
    for number in range(2, REVISIONS + 1):
        rows = session.dialog.rows
        if number % 7 == 0:
            changed = session.with_dialog(session.dialog.remove([rows[1].id]))
        elif number % 11 == 0:
            changed = session.with_dialog(session.dialog.move([rows[0].id], len(rows) - 1))
        elif number % 5 == 0:
            changed = session.with_dialog(session.dialog.replace_text(rows[0].id, f"again {number}"))
        elif number % 3 == 0:
            changed = session.with_title(f"title {number}")
        else:
            changed = session.add_user(f"row {number}")
        session = store.save(changed)
    assert session.revision == REVISIONS
    return store


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> Read:
    """Return what tells how many records were read since it was asked last."""
    counted = 0
    plain = json.loads

    def counting(text: Any) -> Any:
        nonlocal counted
        counted += 1
        return plain(text)

    def since() -> int:
        nonlocal counted
        found, counted = counted, 0
        return found

    monkeypatch.setattr(json, "loads", counting)
    return since


def log_of(store: FileStore) -> Path:
    """Return the log."""
    return store.path / ".nova-tui" / "history" / f"{1:032x}.jsonl"


def without_ways_back(store: FileStore) -> None:
    """Make the log what an earlier version wrote."""
    entries = [json.loads(line) for line in log_of(store).read_text().splitlines()]
    kept = [{key: value for key, value in entry.items() if key != "back"} for entry in entries]
    log_of(store).write_text("".join(json.dumps(entry) + "\n" for entry in kept))


def test_a_stale_save_reads_as_many_records_as_it_is_behind(store: FileStore, read: Read) -> None:
    for behind in (1, 3, 10):
        held = store.load(f"{1:032x}")
        for number in range(behind):
            store.save(store.load(held.id).add_user(f"theirs {number}"))
        read()
        merged = store.save(held.with_title(f"mine {behind}"))
        assert read() <= 2 * behind + 8
        assert merged.title == f"mine {behind}"
        assert merged.dialog.last_text() == f"theirs {behind - 1}"


def test_a_conflict_tells_the_base_of_a_stale_save(store: FileStore) -> None:
    held = store.load(f"{1:032x}")
    row = held.dialog.rows[0].id
    store.save(held.with_dialog(held.dialog.replace_text(row, "theirs")))
    with pytest.raises(SessionConflict) as refused:
        store.save(held.with_dialog(held.dialog.replace_text(row, "mine")))
    assert refused.value.base == held


def test_one_step_back_reads_a_few_records(store: FileStore, read: Read) -> None:
    before = store.load(f"{1:032x}")
    store.save(before.add_user("x"))
    read()
    undone = store.undo(before.id)
    assert read() <= 16
    assert undone.dialog == before.dialog
    read()
    assert store.redo(before.id).dialog.last_text() == "x"
    assert read() <= 24


@pytest.mark.parametrize("old", [False, True])
def test_both_ways_through_a_log_lead_to_the_same(store: FileStore, old: bool) -> None:
    if old:
        without_ways_back(store)
    session_id = f"{1:032x}"
    log = read_log(store._log, session_id)
    history = store.history(session_id)
    assert [revision.number for revision in history] == list(range(REVISIONS, 0, -1))
    for number in range(1, REVISIONS + 1):
        expected = dataclasses.replace(rebuild(log, session_id, number), revision=number)
        assert store.load(session_id, number) == expected
    assert [session for _, session in store.past(session_id)] == [
        rebuild(log, session_id, number) for number in range(1, REVISIONS + 1)
    ]


def test_a_log_is_read_as_far_as_it_goes_with_other_layouts_and_lost_lines(store: FileStore) -> None:
    session_id = f"{1:032x}"
    file = store.path / f"{session_id}.yaml"
    wanted = store.load(session_id)
    for number in range(5):
        file.write_text(f"# {number}\n" + file.read_text())
        assert store.load(session_id, REVISIONS - number - 1).revision == REVISIONS - number - 1
    assert store.load(session_id, REVISIONS) == wanted
    assert len(store.history(session_id)) == REVISIONS
    lines = log_of(store).read_bytes().splitlines(keepends=True)
    log_of(store).write_bytes(b"".join([*lines[:20], b"nonsense\n", *lines[21:30], *lines[32:]]))
    numbers = [revision.number for revision in store.history(session_id)]
    assert numbers == [number for number in range(REVISIONS, 0, -1) if number not in (21, 31, 32)]
    assert store.load(session_id, 15).revision == 15
    assert store.save(wanted.add_user("more")).revision == REVISIONS + 1
