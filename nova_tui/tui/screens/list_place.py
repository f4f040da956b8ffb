"""ListPlace: where the list stands and how it was left: its width, and what comes back at the next start."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from textual import events, on, work

from nova_tui.services.list_state import ListState, read_state, write_state
from nova_tui.services.list_view import ListView
from nova_tui.tui.panes.session_pane import SessionPane
from nova_tui.tui.screens.session_output import SessionOutput
from nova_tui.tui.widgets.session_list import SessionList

REST = 1.0
"""Seconds without a change until the state is written down."""
NARROWEST = 20
"""Cells that the list keeps at least."""
BESIDE = 30
"""Cells that it leaves to the dialog at least."""
STEP = 4
"""Cells that a key makes it wider or narrower."""


class ListPlace(SessionOutput):
    """Keeps the width that a person chose, and writes down how the list is left."""

    _path: Path | None = None
    _written = ListState()
    _state = ListState()
    _width: int | None = None
    _dragging = False
    left_shelves: Mapping[str, tuple[str, str | None, int]] = MappingProxyType({})
    """How shelves were left for another one: filter, session under the cursor, its line."""

    # -- state -------------------------------------------------------------------------------------------------------

    @work
    async def come_back(self, path: Path | None) -> None:
        """Show the list as it was left; without a path nothing is remembered."""
        await self._write()  # how it was left for the user before
        self._path = None
        state = await asyncio.to_thread(read_state, path) if path is not None else ListState()
        self._path, self._state, self._written = path, state, state
        self.saved_views, self.left_shelves = state.views, {}
        if state.width is not None:
            self.set_width(state.width)
        self.pane.show_left(state.view, state.cursor, state.line)

    def remember(self) -> None:
        """Take note of how the list is now, and write it down when it rests."""
        if self._path is None:
            return
        listed = self.pane.session_list
        view = self.pane.view
        self._state = ListState(view, listed.current_id, max(0, listed.cursor_line), self._width, self.saved_views)
        if self._state != self._written:
            self._write_later()

    @work(exclusive=True, group="state")
    async def _write_later(self) -> None:
        """Write the state when nothing has changed for a while."""
        await asyncio.sleep(REST)
        await self._write()

    async def _write(self) -> None:
        """Write the state, on another thread."""
        path, state = self._path, self._state
        if path is not None and state != self._written:
            self._written = state
            await asyncio.to_thread(write_state, path, state)

    async def on_unmount(self) -> None:
        """Write what was left last."""
        await self._write()

    @on(SessionPane.Counted)
    @on(SessionList.Highlighted)
    def _moved(self) -> None:
        """Take note of another view or place."""
        self.remember()

    def keep_view(self, number: int, view: ListView) -> None:
        """Keep a view under a number."""
        self.saved_views = {**self.saved_views, number: view}
        self.remember()

    # -- width -------------------------------------------------------------------------------------------------------

    def set_width(self, width: int) -> None:
        """Give the list so many cells, as far as the dialog keeps its own."""
        most = max(NARROWEST, self.screen.size.width - BESIDE)
        self._width = max(NARROWEST, min(width, most))
        self.fit()

    def fit(self) -> None:
        """Take the chosen width where two panes have room, else what the style sheet says."""
        styles = self.styles
        if self._width is None or self.screen.has_class("-narrow"):
            for rule in ("width", "min_width", "max_width"):
                styles.clear_rule(rule)
            return
        styles.width = max(NARROWEST, min(self._width, self.screen.size.width - BESIDE))
        styles.min_width, styles.max_width = NARROWEST, self.screen.size.width

    def action_narrow_list(self) -> None:
        """Make the list narrower."""
        self._widen(-STEP)

    def action_widen_list(self) -> None:
        """Make the list wider."""
        self._widen(STEP)

    def _widen(self, by: int) -> None:
        """Change the width."""
        self.set_width(self.outer_size.width + by)
        self.remember()

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Take hold of the border between the panes."""
        if event.screen_x == self.region.right - 1 and not self.screen.has_class("-narrow"):
            self._dragging = True
            self.capture_mouse()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Let the border follow the mouse."""
        if self._dragging:
            self.set_width(event.screen_x - self.region.x + 1)

    def on_mouse_up(self) -> None:
        """Let the border go."""
        if self._dragging:
            self._dragging = False
            self.release_mouse()
            self.remember()
