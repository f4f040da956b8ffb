"""NovaApp: composes themes, storage and the main screen."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.text import Text
from textual import on, work
from textual.filter import LineFilter
from textual.screen import Screen

from nova_tui.config import Settings, chosen_theme_path, default_state_path
from nova_tui.domain.errors import ConfigError, NovaError, ThemeError
from nova_tui.domain.safe_text import clean_line
from nova_tui.storage.provider import SessionStorageProvider
from nova_tui.theming import ThemeSpec, find_theme, theme_folders
from nova_tui.tui import messages
from nova_tui.tui.command_palette import offers_of
from nova_tui.tui.life import end_on_signals, write_crash_report
from nova_tui.tui.line_filter import GuardFilter
from nova_tui.tui.reporting import reporting
from nova_tui.tui.screens.main_screen import MainScreen
from nova_tui.tui.session_finder import SessionFinder
from nova_tui.tui.storage_worker import StorageWorker
from nova_tui.tui.terminal_driver import TerminalDriver
from nova_tui.tui.themed_app import ThemedApp
from nova_tui.tui.themes import DEFAULT_THEME, ThemeShelf
from nova_tui.tui.type_ahead import hold_keys

if TYPE_CHECKING:
    from nova_tui.performing.performance import Performance
    from nova_tui.tui.screens.performing import Performer, PlayWish
    from nova_tui.tui.screens.recording_desk import RecordingDesk

OpenProvider = Callable[[], SessionStorageProvider]
"""Opens the store, on the thread that will use it."""


COLLECT_AFTER = 0.5
"""Seconds after which garbage is collected again, where it was not while the program started."""


class NovaApp(ThemedApp):
    """The screen over one store and one user."""

    TITLE = "nova-tui"

    def __init__(
        self,
        open_provider: OpenProvider,
        *,
        user_id: str,
        place: str,
        themes: Sequence[ThemeSpec],
        theme: str,
        shelf: ThemeShelf | None = None,
        keys: Mapping[str, str] | None = None,
        problems: Sequence[NovaError] = (),
        states: Path | None = None,
        play: PlayWish | None = None,
        config: Path | None = None,
    ) -> None:
        super().__init__(themes, theme, shelf, driver_class=TerminalDriver)
        self._storage = StorageWorker(open_provider, user_id)
        self._owner = f"{user_id} · {place}"
        self._problems = problems
        self._states = states
        self._wish = play
        self._config = config
        self._recording: RecordingDesk | None = None
        self._guard = GuardFilter()
        self._running_loop: asyncio.AbstractEventLoop | None = None
        self.keymap = dict(keys or {})
        """Keys of the configuration, by the id of the binding."""
        self.set_keymap(self.keymap)

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Guard every line, whatever else is done to it."""
        return [*super().get_line_filters(), self._guard]

    # -- palette ------------------------------------------------------------------------------------------------------

    def action_command_palette(self) -> None:
        """Offer what works here and now, and the sessions; a dialog that asks something is answered first."""
        if not self.screen.is_modal:
            hold_keys(self.screen)
            self._open_palette(self.screen)

    @work(exclusive=True, group="palette")
    async def _open_palette(self, screen: Screen[Any]) -> None:
        """Run what is chosen."""
        from nova_tui.tui.screens.palette_screen import PaletteScreen  # noqa: PLC0415  not at the start

        sessions = SessionFinder(self._storage, self.main.open_session) if screen is self.main else None
        chosen = await self.push_screen_wait(PaletteScreen(list(offers_of(screen)), find=sessions))
        if chosen is not None:
            outcome = chosen.run()
            if asyncio.iscoroutine(outcome):
                await outcome

    # -- life ---------------------------------------------------------------------------------------------------------

    async def on_mount(self) -> None:
        """Show the frame, open the store behind it."""
        self._running_loop = asyncio.get_running_loop()
        self.main = MainScreen(self._storage, self._owner, self.size.width)
        await self.push_screen(self.main)
        self._storage.upgrading = self.main.store_upgrading
        if self._wish is not None:
            await self.push_screen(Screen())  # nothing but the player is to be seen
        self._open_store()
        self.follow_themes()
        self.set_timer(COLLECT_AFTER, collect_again)
        for problem in self._problems:
            self.notify(str(problem), severity="warning", timeout=10, markup=False)

    @work
    async def _open_store(self) -> None:
        """Open the store; without one there is nothing to show."""
        try:
            store = await self._storage.start()
        except NovaError as error:
            self.exit(return_code=1, message=Text(f"nova-tui: {error}"))
            return
        status = "read-only" if store.read_only else "saved" if "memory" not in store.place else "not kept"
        lasting = self._states if "memory" not in store.place else None
        self.main.store_opened(
            status, place=store.place, states=lasting, read_only=store.read_only, capabilities=store.capabilities
        )
        if self._wish is not None:
            with reporting(self.main):
                await self._performer().play(self._wish)
            if self._recording is not None and self._recording.running:
                self.notify("The recording is being finished; ^q stops it.", timeout=60, markup=False)
                await self._recording.finished()
            self.exit(return_code=0)

    @on(messages.PlaySession)
    @work(exclusive=True, group="play")
    async def _play(self, event: messages.PlaySession) -> None:
        """Perform a session."""
        from nova_tui.tui.screens.performing import PlayWish  # noqa: PLC0415  not before there is a performance
        from nova_tui.tui.screens.player_desk import Desk  # noqa: PLC0415

        with reporting(self.main):
            await self._performer().play(PlayWish(event.session_id, Desk(event.row_id)))

    def _performer(self) -> Performer:
        """Return what performs sessions of the store."""
        from nova_tui.tui.screens.performing import Performer  # noqa: PLC0415

        read_only = self.main.bench.dialog.read_only
        return Performer(self, self._storage, self.main.bench, read_only=read_only, record=self._record_performance)

    # -- recording ----------------------------------------------------------------------------------------------------

    @on(messages.RecordSessions)
    @work(group="record")
    async def _record(self, event: messages.RecordSessions) -> None:
        """Record sessions."""
        with reporting(self.main):
            await self._recorder().sessions(event.session_ids)

    @work(group="record")
    async def _record_performance(self, performance: Performance) -> None:
        """Record what is performed."""
        with reporting(self.main):
            await self._recorder().performance(performance)

    @on(messages.StopRecording)
    def _stop_recording(self) -> None:
        """Stop it."""
        if self._recording is not None:
            self._recording.stop()

    def _recorder(self) -> RecordingDesk:
        """Return what records; there is one, since it does one thing at a time."""
        if self._recording is None:
            from nova_tui.tui.screens.performing import Performer  # noqa: PLC0415
            from nova_tui.tui.screens.recording_desk import RecordingDesk  # noqa: PLC0415

            bench = self.main.bench
            review = Performer(self, self._storage, bench, read_only=bench.dialog.read_only).review
            tell = self.main.desk.tell_recording
            self._recording = RecordingDesk(self, self._storage, review, tell, self._config)
        return self._recording

    async def on_unmount(self) -> None:
        """Finish writing and let go of the store; a recording that is not finished is given up."""
        self._stop_recording()
        await self._storage.close()

    def end_by_signal(self, status: int) -> None:
        """Restore the terminal and end with that status; a signal handler calls this, so the loop must be woken."""
        if self._running_loop is not None:
            self._running_loop.call_soon_threadsafe(partial(self.exit, return_code=status))

    def _fatal_error(self) -> None:
        """End after a defect with one line that holds nobody's data; Textual's own way prints local variables."""
        error = self._exception
        report = write_crash_report(error) if error is not None else None
        where = f" Details are in {clean_line(str(report))}." if report else ""
        self._exit_renderables.append(Text(f"nova-tui: it ended because of a defect; what you saved is safe.{where}"))
        self._close_messages_no_wait()


def collect_again() -> None:
    """Collect garbage from now on; what the start made stays anyway, so nobody looks at it again."""
    if not gc.isenabled():
        gc.freeze()
        gc.enable()


def run_screen(
    open_provider: OpenProvider,
    *,
    user_id: str,
    place: str,
    settings: Settings,
    theme: str | None = None,
    play: PlayWish | None = None,
) -> int:
    """Open the screen, with `play` for one performance only, and return the exit status."""
    folders = theme_folders(settings.folder)
    problems: list[NovaError] = list(settings.problems)
    name = theme or settings.theme.value or DEFAULT_THEME
    try:
        spec = find_theme(name, folders)
    except ThemeError as error:
        problems.append(ThemeError(name, "theme", f"{error.reason}; {DEFAULT_THEME} is used"))
        spec = find_theme(DEFAULT_THEME, folders[:1])
    keys, wrong = usable_keys(settings)
    app = NovaApp(
        open_provider,
        user_id=user_id,
        place=place,
        themes=[spec],
        theme=spec.name,
        shelf=shelf_of(settings),
        keys=keys,
        problems=[*problems, *wrong],
        states=default_state_path(),
        play=play,
        config=settings.path if settings.path.exists() else None,
    )
    if settings.motion.value == "reduced":
        app.animation_level = "none"
    end_on_signals(app.end_by_signal)
    app.run()
    return app.return_code or 0


def shelf_of(settings: Settings) -> ThemeShelf:
    """Return the shelf of themes that the settings lead to."""
    source, chosen = settings.theme.source, chosen_theme_path()
    pinned = None if settings.theme.default or source in (str(chosen), "--theme") else source
    return ThemeShelf(theme_folders(settings.folder), chosen=chosen, pinned=pinned)


def usable_keys(settings: Settings) -> tuple[dict[str, str], list[ConfigError]]:
    """Return the keymap of the configuration, and what is wrong with it."""
    if not settings.keys:
        return {}, []
    from nova_tui.tui.screens.key_table import checked_keymap  # noqa: PLC0415  it loads every screen

    return checked_keymap(settings.keys, str(settings.path))
