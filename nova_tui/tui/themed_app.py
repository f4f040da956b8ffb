"""ThemedApp: offers the themes of the shelf, follows their files, and keeps the one that a person chooses."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

from textual import work
from textual.app import App

from nova_tui.domain.errors import NovaError
from nova_tui.domain.safe_text import clean_line
from nova_tui.theming import ThemeSpec
from nova_tui.tui.command_palette import Offer
from nova_tui.tui.themes import VARIABLE_DEFAULTS, ThemeShelf, to_textual
from nova_tui.tui.type_ahead import TypeAheadApp

LOOK_INTERVAL = 1.0
"""Seconds between two looks at the theme files."""


class ThemedApp(TypeAheadApp):
    """An app in the colours of a theme file."""

    CSS: ClassVar[str] = """
    Toast { background: $surface; }
    ToastRack { margin-bottom: 4; }
    Input > .input--placeholder, TextArea .text-area--placeholder { color: $row-muted; }
    """

    def __init__(
        self, themes: Sequence[ThemeSpec], theme: str, shelf: ThemeShelf | None = None, **options: Any
    ) -> None:
        super().__init__(**options)
        self._shelf = shelf
        self._specs: dict[str, ThemeSpec] = {}
        stock = list(self.available_themes)
        self.take_themes(themes)
        self.theme = theme
        for other in stock:
            if other not in self._specs:
                self.unregister_theme(other)

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Supply our own variables where a theme says nothing of them."""
        return VARIABLE_DEFAULTS

    # -- the files ----------------------------------------------------------------------------------------------------

    def take_themes(self, specs: Sequence[ThemeSpec]) -> None:
        """Offer these themes; the one in use changes with its file and stays when its file is gone or broken."""
        offered = {spec.name: spec for spec in specs}
        before = self._specs.get(self.theme)
        if before is not None:
            offered.setdefault(self.theme, before)
        for name in self._specs.keys() - offered.keys():
            self.unregister_theme(name)
        for name, spec in offered.items():
            if self._specs.get(name) != spec:
                self.register_theme(to_textual(spec))
        self._specs = offered
        if before is not None and offered[self.theme] != before:
            self.mutate_reactive(App.theme)

    @work(exclusive=True, group="themes")
    async def follow_themes(self) -> None:
        """Read the themes, and again whenever one of their files is saved."""
        loop = asyncio.get_running_loop()
        while self._shelf is not None:
            shelved = await loop.run_in_executor(None, self._shelf.look)
            if shelved is not None:
                self.take_themes(shelved.specs)
                for problem in shelved.problems:
                    self.notify(str(problem), severity="warning", timeout=8, markup=False)
            await asyncio.sleep(LOOK_INTERVAL)

    # -- the choice ---------------------------------------------------------------------------------------------------

    def action_change_theme(self) -> None:
        """Let the person choose among the themes, each shown while the cursor is on it."""
        self._choose_theme()

    @work(exclusive=True, group="theme choice")
    async def _choose_theme(self) -> None:
        """Show themes until one is taken or none."""
        from nova_tui.tui.screens.palette_screen import PaletteScreen  # noqa: PLC0415  not at the start

        before = self.theme
        names = [before, *sorted(name for name in self._specs if name != before)]
        palette = PaletteScreen(
            [self._theme_offer(name, current=name == before) for name in names],
            title="Theme",
            placeholder="which colours?",
            preview=lambda offer: self._wear(offer.title),
        )
        chosen = await self.push_screen_wait(palette)
        self._wear(chosen.title if chosen is not None else before)
        if chosen is not None and chosen.title != before:
            await self._keep_theme(chosen.title)

    def _theme_offer(self, name: str, *, current: bool) -> Offer:
        """Return a theme as an offer of the palette."""
        spec = self._specs[name]
        ground = f"{'dark' if spec.dark else 'light'}{', 16 colours' if spec.ansi else ''}"
        return Offer(name, partial(self._wear, name), "now" if current else "", ground)

    def _wear(self, name: str) -> None:
        """Change the colours, unless the theme is gone meanwhile."""
        if name in self.available_themes:
            self.theme = name

    async def _keep_theme(self, name: str) -> None:
        """Keep the choice for the next start, and say what stands against it."""
        if self._shelf is None:
            return
        try:
            await asyncio.get_running_loop().run_in_executor(None, self._shelf.keep, name)
        except NovaError as error:
            self.notify(str(error), severity="warning", markup=False)
            return
        if self._shelf.pinned is not None:
            by = clean_line(Path(self._shelf.pinned).name)
            self.notify(f"{name} until you leave: {by} names another theme for the next start.", markup=False)
