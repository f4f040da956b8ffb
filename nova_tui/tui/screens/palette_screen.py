"""PaletteScreen: a list of offers that typing narrows; one is chosen, or none."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import ClassVar

from rich.cells import cell_len
from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from nova_tui.tui.command_palette import Offer, fitting, marked
from nova_tui.tui.reporting import reporting
from nova_tui.tui.type_ahead import release_keys

FIND_DELAY = 0.08
"""Seconds without a key before the store is asked."""
PREVIEW_DELAY = 0.05
"""Seconds the cursor must rest on an offer before it is previewed."""
PAGE = 8
"""Offers that PgDn and PgUp pass over."""
LEAST_NOTE = 12
"""Cells under which a note is left out."""

Find = Callable[[str], Awaitable[Sequence[Offer]]]
"""Returns more offers for what was typed."""


class OfferList(OptionList, can_focus=False):
    """The offers; the line above keeps the focus."""


class PaletteScreen(ModalScreen[Offer | None]):
    """Shows offers; the answer is the chosen one, or None when the person leaves."""

    DEFAULT_CSS: ClassVar[str] = """
    PaletteScreen {
        align: center top;
        & > Vertical {
            width: 84; max-width: 94%; height: auto; max-height: 80%; margin-top: 2; padding: 0 1;
            border: round $accent; border-title-color: $foreground; border-title-style: bold; background: $background;
        }
        & Input { border: none; height: 1; padding: 0 1; margin-bottom: 1; background: $background; }
        & Input:focus { border: none; background: $background; background-tint: 0%; }
        & OfferList {
            height: auto; max-height: 1fr; border: none; padding: 0; background: $background;
            scrollbar-size-vertical: 1; scrollbar-gutter: stable; text-wrap: nowrap; text-overflow: ellipsis;
            & > .option-list--option { padding: 0 1; color: $foreground; }
            & > .option-list--option-disabled { color: $row-muted; }
            & > .option-list--option-highlighted {
                color: $block-cursor-foreground; background: $block-cursor-background; text-style: none;
            }
        }
    }
    """

    BINDINGS = [
        Binding("escape", "leave", "leave", id="palette.leave"),
        Binding("down,ctrl+n", "cursor('down')", show=False, id="palette.down"),
        Binding("up", "cursor('up')", show=False, id="palette.up"),
        Binding("pagedown", "page('down')", show=False, id="palette.page_down"),
        Binding("pageup", "page('up')", show=False, id="palette.page_up"),
    ]

    def __init__(
        self,
        offers: Sequence[Offer],
        *,
        title: str = "Palette",
        placeholder: str = "what do you want to do?",
        find: Find | None = None,
        preview: Callable[[Offer], object] | None = None,
    ) -> None:
        super().__init__()
        self._offers, self._find, self._preview = list(offers), find, preview
        self._title, self._placeholder = title, placeholder
        self._found: list[Offer] = []
        """What the store answered to the present words."""
        self._shown: list[Offer] = []
        self._finding = self._chosen_early = False

    def compose(self) -> ComposeResult:
        """Line over offers."""
        with Vertical() as box:
            box.border_title = Content(self._title)
            box.border_subtitle = Content("↓ ↑ move · Enter takes · Esc leaves")
            yield Input(placeholder=self._placeholder, compact=True)
            yield OfferList(markup=False)

    def on_mount(self) -> None:
        """Take the keys that were typed meanwhile."""
        self.query_one(Input).focus()
        release_keys(self)

    def on_resize(self) -> None:
        """Lay the lines out for the new width."""
        self.call_after_refresh(self._show)

    @property
    def offers(self) -> OfferList:
        """The list."""
        return self.query_one(OfferList)

    @property
    def query_text(self) -> str:
        """What is typed."""
        return self.query_one(Input).value.strip()

    # -- what is offered ----------------------------------------------------------------------------------------------

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        """Narrow the list; ask the store when the typing pauses."""
        event.stop()
        self._found, self._chosen_early = [], False
        self._finding = self._find is not None and bool(self.query_text)
        self._show()
        if self._find is not None:
            self._ask(self._find, self.query_text)

    @work(exclusive=True, group="find")
    async def _ask(self, find: Find, text: str) -> None:
        """Put what the store knows below what is known already."""
        if not text:
            return
        await asyncio.sleep(FIND_DELAY)
        try:
            with reporting(self):
                self._found = list(await find(text))
        finally:
            self._finding = False
        self._show(keep=True)
        if self._chosen_early:
            self._choose()

    def _show(self, *, keep: bool = False) -> None:
        """Lay out the offers that fit; the cursor is on the first one unless it is to be kept."""
        good, weak = fitting(self.query_text, self._offers)
        cursor = self.offers.highlighted if keep else None
        under = self._shown[cursor] if cursor is not None and cursor < len(self._shown) else None
        self._shown = [*good, *self._found, *weak]
        width = self.offers.scrollable_content_region.width - 2
        column = max((cell_len(offer.title) for offer in self._offers), default=0)
        lines = [Option(_line(offer, self.query_text, width, column)) for offer in self._shown]
        none = [Option(Content("Nothing fits."), disabled=True)] if not lines and not self._finding else []
        self.offers.clear_options().add_options([*lines, *none])
        if self._shown:
            # by identity: two sessions may look the same
            places = [place for place, offer in enumerate(self._shown) if offer is under]
            self.offers.highlighted = places[0] if places and cursor else 0

    # -- choosing -----------------------------------------------------------------------------------------------------

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        """Take what is under the cursor."""
        event.stop()
        self._choose()

    @on(OptionList.OptionSelected)
    def _selected(self, event: OptionList.OptionSelected) -> None:
        """Take what was clicked."""
        event.stop()
        self.dismiss(self._shown[event.option_index])

    def _choose(self) -> None:
        """Answer with the offer under the cursor, as soon as there is one."""
        place = self.offers.highlighted
        if place is not None and place < len(self._shown):
            self.dismiss(self._shown[place])
        else:
            self._chosen_early = self._finding

    @on(OptionList.OptionHighlighted)
    def _highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Show what choosing it would do."""
        event.stop()
        if self._preview is not None:
            self._show_preview(self._preview, self._shown[event.option_index])

    @work(exclusive=True, group="preview")
    async def _show_preview(self, preview: Callable[[Offer], object], offer: Offer) -> None:
        """Preview an offer once the cursor rests."""
        await asyncio.sleep(PREVIEW_DELAY)
        preview(offer)

    def action_leave(self) -> None:
        """Choose nothing."""
        self.dismiss(None)

    def action_cursor(self, way: str) -> None:
        """Go one line."""
        self._go(1 if way == "down" else -1)

    def action_page(self, way: str) -> None:
        """Go one page."""
        self._go(PAGE if way == "down" else -PAGE)

    def _go(self, lines: int) -> None:
        """Move the cursor, as far as there are offers."""
        if self._shown:
            self.offers.highlighted = max(0, min(len(self._shown) - 1, (self.offers.highlighted or 0) + lines))


def _line(offer: Offer, query: str, width: int, column: int) -> Content:
    """Lay out an offer in one line: the title, its note from `column` on, the key at the right."""
    room = max(8, width - (cell_len(offer.key) + 2 if offer.key else 0))
    title = Content(offer.title)
    for start, end in marked(query, offer.title):
        title = title.stylize("bold underline", start, end)
    title = title.truncate(room, ellipsis=True)
    gap = 2 + max(0, min(column, width // 3) - title.cell_length)
    note = Content("")
    if offer.note and room - title.cell_length - gap >= LEAST_NOTE:
        note = Content(offer.note).truncate(room - title.cell_length - gap, ellipsis=True).stylize("dim")
    space = max(0, width - title.cell_length - gap - note.cell_length - cell_len(offer.key))
    return Content.assemble(title, " " * gap, note, " " * space, (offer.key, "bold"))
