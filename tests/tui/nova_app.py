"""The app as tests run it: over a small store, on virtual time."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from textual.pilot import Pilot

from nova_tui import Session, SessionStorageProvider, open_store
from nova_tui.theming import load_themes, theme_folders
from nova_tui.tui.app import NovaApp, OpenProvider
from nova_tui.tui.screens.main_screen import MainScreen
from tests.tui.virtual_clock import settle

NOWHERE = Path("/nonexistent")
START = datetime(2026, 1, 1, tzinfo=UTC)


def titled(title: str, *rows: tuple[str, str], hour: int = 0) -> Session:
    """Return a session with these rows; the higher the hour, the higher it stands in the list."""
    at = START + timedelta(hours=hour)
    session = Session.new("alice").with_title(title, at=at)
    dialog = session.dialog
    for role, text in rows:
        dialog = dialog.add(role, text, timestamp=at)
    return Session(session.id, "alice", dialog, at, at, session.app_data)


def nova_app(
    open_provider: OpenProvider,
    theme: str = "nova-dark",
    keys: dict[str, str] | None = None,
    states: Path | None = None,
) -> NovaApp:
    """Return the app over a store."""
    specs, problems = load_themes(theme_folders(NOWHERE))
    assert not problems
    return NovaApp(open_provider, user_id="alice", place="test", themes=specs, theme=theme, keys=keys, states=states)


class Stage:
    """The running app, its store and what a test asks of them."""

    def __init__(self, app: NovaApp, pilot: Pilot[Any], store: SessionStorageProvider) -> None:
        self.app, self.pilot, self.store = app, pilot, store

    @property
    def main(self) -> MainScreen:
        """The main screen."""
        return self.app.main

    async def press(self, *keys: str) -> None:
        """Press keys and wait for all that follows, debounces included."""
        await self.pilot.press(*keys)
        await self.settle()

    async def type(self, text: str) -> None:
        """Type a text."""
        names = {" ": "space", "\n": "enter", ".": "full_stop", "/": "slash"}
        await self.press(*(names.get(character, character) for character in text))

    async def settle(self) -> None:
        """Wait for everything that is under way."""
        for _ in range(3):  # a key, the store's answer, what the answer sets off
            await settle(self.pilot)

    def titles(self) -> list[str]:
        """Return the titles of the stored sessions, as the list orders them."""
        return [summary.title for summary in self.store.summaries("alice", limit=None)]

    def texts(self, title: str) -> list[tuple[str, str, bool]]:
        """Return role, text and hidden switch of the stored rows of a session."""
        for session in self.store.list("alice"):
            if session.title == title:
                return [(row.role.value, row.text, row.hidden) for row in session.dialog.rows]
        raise AssertionError(f"no session {title!r} among {self.titles()}")

    def screen_text(self) -> str:
        """Return what the screen shows."""
        strips = self.app.screen._compositor.render_strips(self.app.size)
        return "\n".join("".join(segment.text for segment in strip).rstrip() for strip in strips)

    def list_text(self) -> str:
        """Return the words that the list's pane shows."""
        width = self.main.sessions.outer_size.width
        return " ".join(" ".join(line[1 : width - 1] for line in self.screen_text().splitlines()).split())

    def toasts(self) -> list[str]:
        """Return the toasts that are up."""
        return [notification.message for notification in self.app._notifications]


@asynccontextmanager
async def stage(
    sessions: Iterable[Session] = (),
    *,
    size: tuple[int, int] = (100, 30),
    theme: str = "nova-dark",
    place: str = "memory:",
    keys: dict[str, str] | None = None,
    states: Path | None = None,
    read_only: bool = False,
) -> AsyncIterator[Stage]:
    """Run the app over a store with these sessions; one on disk is opened by the app and by the test."""
    with open_store(place, user_id="alice") as store:
        store.save_many(sessions)
        own = partial(open_store, place, user_id="alice", read_only=read_only)
        app = nova_app(own if place != "memory:" else lambda: store, theme, keys, states)
        async with app.run_test(size=size, notifications=True) as pilot:
            running = Stage(app, pilot, store)
            await running.settle()
            yield running
            app.workers.cancel_all()  # as the program's own end does, before the first widget goes
