"""RowReading: reading a dialog: folding its rows, telling their times, copying parts of them, following their links."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from textual import work

from nova_tui.domain.safe_text import clean_line
from nova_tui.services.reading_state import TIMES, ReadingState, read_reading_state, write_reading_state
from nova_tui.tui import messages
from nova_tui.tui.panes.row_editing import RowEditing
from nova_tui.tui.type_ahead import hold_keys, release_keys
from nova_tui.tui.widgets.markdown_blocks import code_of
from nova_tui.tui.widgets.row_renderer import row_links


class RowReading(RowEditing):
    """What a reader does with rows; nothing here changes a session."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._states: Path | None = None
        self._turn = asyncio.Lock()

    # -- folding -------------------------------------------------------------------------------------------------------

    def action_fold_row(self) -> None:
        """Fold the row under the cursor, or unfold it."""
        if row := self.current_row:
            self.view.fold_row(row.id, folded=not self.view.is_folded(row.id))

    def action_fold_all_rows(self) -> None:
        """Fold all that can be folded, or unfold all."""
        self.view.fold_every_row(self.view.folds_every is not True)

    # -- times ---------------------------------------------------------------------------------------------------------

    @work
    async def come_back(self, states: Path | None) -> None:
        """Read dialogs as they were read last; without a folder nothing is remembered."""
        self._states = states
        if states is not None:
            self.view.show_times((await asyncio.to_thread(read_reading_state, states)).times)

    def action_cycle_times(self) -> None:
        """Tell times in the next way."""
        times = TIMES[(TIMES.index(self.view.renderer.times) + 1) % len(TIMES)]
        self.view.show_times(times)
        if self._states is not None:
            self._keep(self._states, ReadingState(times))

    @work(group="reading state")
    async def _keep(self, states: Path, state: ReadingState) -> None:
        """Remember how a person reads."""
        async with self._turn:  # the last choice is written last
            await asyncio.to_thread(write_reading_state, states, state)

    # -- copying and following -----------------------------------------------------------------------------------------

    @work
    async def action_copy_code(self) -> None:
        """Copy the row's block of code, or the one that is chosen."""
        if (row := self.current_row) is None:
            return
        hold_keys(self)  # until it is clear whether there is something to choose
        blocks = await asyncio.to_thread(code_of, row.text)
        if len(blocks) > 1:
            choices = [(str(at), _first_line(block[1]), _about(*block)) for at, block in enumerate(blocks)]
            done = partial(self._copy_chosen, blocks)
            self.post_message(messages.Choose("Copy which code?", choices, done))
            return
        release_keys(self)
        if blocks:
            self._copy(*blocks[0])
        else:
            self.app.notify("There is no block of code in this row.", timeout=2, markup=False)

    def _copy_chosen(self, blocks: Sequence[tuple[str, str]], answer: str) -> None:
        """Copy the block that was chosen."""
        self._copy(*blocks[int(answer)])

    def _copy(self, language: str, code: str) -> None:
        """Put code into the clipboard."""
        self.app.copy_to_clipboard(code)
        self.app.notify(f"Code copied: {_about(language, code)}.", timeout=2, markup=False)

    @work
    async def action_open_link(self) -> None:
        """Follow the row's link, or the one that is chosen; the address is shown before anything is opened."""
        if (row := self.current_row) is None:
            return
        hold_keys(self)
        links = await asyncio.to_thread(row_links, row)
        if len(links) > 1:
            choices = [(url, text, url) for text, url in links]
            self.post_message(messages.Choose("Follow which link?", choices, self._follow))
        elif links:
            self._follow(links[0][1])
        else:
            release_keys(self)
            self.app.notify("There is no link in this row.", timeout=2, markup=False)

    def _follow(self, url: str) -> None:
        """Ask for an address to be opened, as a click does."""
        self.view.post_message(self.view.LinkClicked(self.view, url))

    def action_show_outline(self) -> None:
        """Ask for the outline."""
        hold_keys(self)
        self.post_message(messages.ShowOutline())


def _first_line(code: str) -> str:
    """Return the first line of code that says something."""
    return clean_line(code.strip().partition("\n")[0], 60)


def _about(language: str, code: str) -> str:
    """Say what and how much a block is."""
    lines = code.count("\n") + 1
    return " · ".join(filter(None, (clean_line(language, 24), f"{lines:,} line{'' if lines == 1 else 's'}")))
