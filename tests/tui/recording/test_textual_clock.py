"""What of Textual the recorder replaces is still there, still read where it is replaced, and put back afterwards."""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import inspect
import os
import time
from datetime import timedelta
from typing import Any

import pytest
import textual._animator
import textual._time
import textual.screen
import textual.timer
import textual.widget
from textual.app import App
from textual.notifications import Notification
from textual.widgets import Input, TextArea

from nova_tui.domain import times
from nova_tui.tui.recording.textual_clock import MOMENT, _patches, virtual_clock

CLOCK = 5000.0


def test_every_patched_name_is_there() -> None:
    for owner, name, _ in _patches(lambda: CLOCK, 1 / 30):
        assert name in vars(owner), (owner, name)


def test_what_is_patched_is_put_back() -> None:
    before = [vars(owner)[name] for owner, name, _ in _patches(lambda: CLOCK, 1 / 30)]
    environment, zone = dict(os.environ), time.tzname
    with virtual_clock(lambda: CLOCK):
        assert vars(textual._time)["get_time"]() == CLOCK
    with contextlib.suppress(LookupError), virtual_clock(lambda: CLOCK):
        raise LookupError
    assert [vars(owner)[name] for owner, name, _ in _patches(lambda: CLOCK, 1 / 30)] == before
    assert dict(os.environ) == environment
    assert time.tzname == zone


def test_the_program_reads_the_recording_s_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    now = [CLOCK]
    with virtual_clock(lambda: now[0]):
        assert times.now() == MOMENT
        now[0] += 61
        assert times.now() == MOMENT + timedelta(seconds=61)
        assert times.now().astimezone().utcoffset() == timedelta(0)
        assert "NO_COLOR" not in os.environ
    assert abs(times.now().timestamp() - time.time()) < 60


@pytest.mark.parametrize(
    ("module", "words"),
    [
        (textual.timer, "_time.get_time()"),
        (textual._animator, "_time.get_time()"),
        (textual.widget, "= monotonic()"),
        (textual.screen, "UPDATE_PERIOD, self._on_timer_update"),
        (importlib.import_module("textual.widgets._loading_indicator"), "time() -"),
        (importlib.import_module("textual.document._history"), "time.monotonic()"),
    ],
)
def test_textual_reads_its_clock_where_it_is_replaced(module: Any, words: str) -> None:
    assert words in inspect.getsource(module)


def test_a_toast_lasts_as_long_as_the_clock_says() -> None:
    with virtual_clock(lambda: CLOCK):
        toast = Notification("hello", timeout=3)
        assert toast.time_left == 3
        assert not toast.has_expired


def test_cursors_blink_by_the_methods_that_are_replaced() -> None:
    assert "self._toggle_cursor," in inspect.getsource(Input)
    assert "self._toggle_cursor_blink_visible," in inspect.getsource(TextArea)


def test_an_app_has_what_the_recorder_asks_for() -> None:
    app: App[None] = App()
    assert (app._running, app._batch_count, app._screen_stack, app._driver, app._exception) == (
        False,
        0,
        [],
        None,
        None,
    )
    assert "self.post_display_hook()" in inspect.getsource(App._display)
    assert "auto_pilot" in inspect.signature(App.run_async).parameters
    assert "self._background_screens" in inspect.getsource(App)
    assert hasattr(asyncio, "Runner")
