"""NovaApp: composes themes, storage and the main screen."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import ClassVar

from rich.text import Text
from textual import work
from textual.app import App, SystemCommand
from textual.filter import LineFilter
from textual.screen import Screen

from nova_tui.config import Settings
from nova_tui.domain.errors import NovaError, ThemeError
from nova_tui.domain.safe_text import clean_line
from nova_tui.storage.provider import SessionStorageProvider
from nova_tui.theming import ThemeSpec, load_themes, theme_folders
from nova_tui.tui.command_palette import CommandProvider
from nova_tui.tui.life import end_on_signals, write_crash_report
from nova_tui.tui.line_filter import GuardFilter
from nova_tui.tui.screens.main_screen import MainScreen
from nova_tui.tui.storage_worker import StorageWorker
from nova_tui.tui.terminal_driver import TerminalDriver
from nova_tui.tui.themes import DEFAULT_THEME, VARIABLE_DEFAULTS, to_textual
from nova_tui.tui.type_ahead import TypeAheadApp

OpenProvider = Callable[[], SessionStorageProvider]
"""Opens the store, on the thread that will use it."""


class NovaApp(TypeAheadApp):
    """The screen over one store and one user."""

    TITLE = "nova-tui"
    COMMANDS: ClassVar = App.COMMANDS | {CommandProvider}
    CSS = """
    Toast { background: $surface; }
    ToastRack { margin-bottom: 4; }
    """

    def __init__(
        self,
        open_provider: OpenProvider,
        *,
        user_id: str,
        place: str,
        themes: Sequence[ThemeSpec],
        theme: str,
        problems: Sequence[NovaError] = (),
    ) -> None:
        super().__init__(driver_class=TerminalDriver)
        self._storage = StorageWorker(open_provider, user_id)
        self._owner = f"{user_id} · {place}"
        self._problems = problems
        self._guard = GuardFilter()
        self._running_loop: asyncio.AbstractEventLoop | None = None
        self._take_themes(themes, theme)

    def _take_themes(self, specs: Sequence[ThemeSpec], name: str) -> None:
        """Offer our themes in the place of Textual's own."""
        stock = list(self.available_themes)
        for spec in specs:
            self.register_theme(to_textual(spec))
        self.theme = name
        for other in stock:
            if other not in {spec.name for spec in specs}:
                self.unregister_theme(other)

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Supply our own variables where a theme says nothing of them."""
        return VARIABLE_DEFAULTS

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Guard every line, whatever else is done to it."""
        return [*super().get_line_filters(), self._guard]

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:  # noqa: ARG002
        """Offer what concerns the program as a whole."""
        yield SystemCommand("Theme", "Choose other colours", self.action_change_theme)
        yield SystemCommand("Screenshot", "Save a picture of the screen", self.deliver_screenshot)
        yield SystemCommand("Quit", "Leave the program; everything is saved already", self.action_quit)

    # -- life ---------------------------------------------------------------------------------------------------------

    async def on_mount(self) -> None:
        """Show the frame, open the store behind it."""
        self._running_loop = asyncio.get_running_loop()
        self.main = MainScreen(self._storage, self._owner)
        await self.push_screen(self.main)
        self._open_store()
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
        self.main.store_opened(status, read_only=store.read_only)

    async def on_unmount(self) -> None:
        """Finish writing and let go of the store."""
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


def run_screen(
    open_provider: OpenProvider, *, user_id: str, place: str, settings: Settings, theme: str | None = None
) -> int:
    """Open the screen and return the exit status."""
    specs, bad_themes = load_themes(theme_folders(settings.folder))
    problems: list[NovaError] = [*settings.problems, *bad_themes]
    name = theme or settings.theme.value or DEFAULT_THEME
    if name not in {spec.name for spec in specs}:
        problems.append(ThemeError(name, "theme", f"there is no such theme; {DEFAULT_THEME} is used"))
        name = DEFAULT_THEME
    app = NovaApp(open_provider, user_id=user_id, place=place, themes=specs, theme=name, problems=problems)
    end_on_signals(app.end_by_signal)
    app.run()
    return app.return_code or 0
