"""How often a folder is looked at."""

from __future__ import annotations

import time

import pytest

from nova_tui.storage.folder import Watch


def test_a_cheap_look_is_done_every_time() -> None:
    watch = Watch()
    with watch.looking(lambda: 0):
        pass
    assert watch.due(0)


def test_a_dear_look_waits_unless_the_folder_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [100.0]
    monkeypatch.setattr("nova_tui.storage.folder.time.monotonic", lambda: clock[0])
    watch = Watch()
    with watch.looking(lambda: 7):
        clock[0] += 0.1
    assert not watch.due(7)
    assert watch.due(8), "a save renames a file, which changes the folder"
    clock[0] += 0.1 * Watch.SHARE
    assert watch.due(7), "an edit inside a file does not"


def test_a_change_in_the_moment_of_a_look_is_not_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [100.0]
    monkeypatch.setattr("nova_tui.storage.folder.time.monotonic", lambda: clock[0])
    watch = Watch()
    at = time.time_ns()
    with watch.looking(lambda: at):
        clock[0] += 0.1
    assert watch.due(at)
