"""What of Textual reads a clock or blinks by itself, in one place; `test_textual_clock.py` watches each of them.

Inside `virtual_clock` everything that a recorded screen shows depends on the loop's time alone: timers, animations,
toasts, the cursor, how long ago something was, and the time zone.
"""
# ruff: noqa: SLF001

from __future__ import annotations

import contextlib
import importlib
import os
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, Final
from unicodedata import lookup

import textual._time
import textual.screen
import textual.widget
from textual._context import visible_screen_stack
from textual.app import App
from textual.events import Key, Resize
from textual.geometry import Size
from textual.keys import REPLACED_KEYS, _character_to_key, _get_unicode_name_from_key
from textual.notifications import Notification
from textual.strip import Strip
from textual.widgets import Input, TextArea

from nova_tui.domain import times

MOMENT: Final = datetime(2026, 1, 15, 12, tzinfo=UTC)
"""When recordings happen, as what they show has it."""


def _patches(clock: Callable[[], float], frame: float) -> Iterator[tuple[Any, str, Any]]:
    """Yield object, attribute and what it is to be."""
    yield textual._time, "get_time", clock
    yield textual.widget, "monotonic", clock
    yield importlib.import_module("textual.widgets._loading_indicator"), "time", clock
    yield importlib.import_module("textual.document._history"), "time", SimpleNamespace(monotonic=clock)
    yield textual.screen, "UPDATE_PERIOD", frame
    # `raised_at` took the real clock when the class was made
    yield Notification, "time_left", property(lambda notification: notification.timeout)
    yield Notification, "has_expired", property(lambda _notification: False)
    yield TextArea, "_toggle_cursor_blink_visible", _stay
    yield Input, "_toggle_cursor", _stay


def _stay(_widget: object) -> None:
    """Let the cursor stay as it is."""


@contextlib.contextmanager
def virtual_clock(clock: Callable[[], float], fps: int = 30, moment: datetime = MOMENT) -> Iterator[None]:
    """Let Textual and the program read this clock, in seconds; its first reading is the moment."""
    begin = clock()
    saved = [(owner, name, vars(owner)[name]) for owner, name, _ in _patches(clock, 1 / fps)]
    with times.reading(lambda: moment + timedelta(seconds=clock() - begin)), _in_utc():
        for owner, name, value in _patches(clock, 1 / fps):
            setattr(owner, name, value)
        try:
            yield
        finally:
            for owner, name, value in saved:
                setattr(owner, name, value)


@contextlib.contextmanager
def _in_utc() -> Iterator[None]:
    """Let local times be UTC, and colours be shown whatever the terminal wants."""
    saved = {name: os.environ.get(name) for name in ("TZ", "NO_COLOR")}
    os.environ["TZ"] = "UTC"
    os.environ.pop("NO_COLOR", None)
    _tell_zone()
    try:
        yield
    finally:
        for name, value in saved.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
        _tell_zone()


def _tell_zone() -> None:
    """Let the C library read the zone again, where it has such a call."""
    if hasattr(time, "tzset"):
        time.tzset()


def strips_of(app: App[Any]) -> list[Strip]:
    """Return what the screen shows, the screens behind it included."""
    visible_screen_stack.set(app._background_screens)
    return app.screen._compositor.render_strips(app.size)


def is_painting(app: App[Any]) -> bool:
    """Tell whether the app has a screen to show and is not in the middle of a change."""
    if not (app._screen_stack and app._running and not app._batch_count and app.screen.size):
        return False
    # a widget that was just removed has no styles any more; the next layout leaves it out
    return all(widget.is_attached for widget in app.screen._compositor.visible_widgets)


def failure_of(app: App[Any]) -> BaseException | None:
    """Return the exception that ended the app."""
    return app._exception


def send_key(app: App[Any], name: str) -> str:
    """Send a key as the terminal would; return its character, empty where it has none."""
    key = _character_to_key(name) if len(name) == 1 and not name.isalnum() else name
    original = REPLACED_KEYS.get(key, key)
    try:
        character = lookup(_get_unicode_name_from_key(original))
    except KeyError:
        character = name if len(name) == 1 else ""
    event = Key(key, character or None)
    event.set_sender(app)
    driver = app._driver
    if driver is not None:
        driver.send_message(event)
    return character


def resize_app(app: App[Any], columns: int, lines: int) -> None:
    """Tell an app that its terminal has another size."""
    size = Size(columns, lines)
    if app._driver is not None:
        app._driver._size = size
    app.post_message(Resize(size, size))
