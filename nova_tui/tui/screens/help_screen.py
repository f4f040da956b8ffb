"""HelpScreen: every key and what it does, searchable."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from textwrap import wrap
from typing import ClassVar, NamedTuple

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from nova_tui.domain.folding import fold
from nova_tui.tui.commands import key_label
from nova_tui.tui.type_ahead import release_keys

KEYS_WIDTH, TITLE_WIDTH = 14, 24
"""Cells of the first two columns where there is room for three."""
LEAST_MEANING = 26
"""Cells that the third column needs; with less each meaning stands in a line below."""


class HelpLine(NamedTuple):
    """One thing that can be done."""

    group: str
    """The heading it stands under."""
    keys: str
    """Keys, comma-separated, as Textual names them."""
    title: str
    """What the palette calls it."""
    meaning: str
    label: str = ""
    """What the footer calls it."""

    @property
    def shown_keys(self) -> str:
        """The keys as people write them."""
        return "  ".join(key_label(key.strip()) for key in self.keys.split(",") if key.strip())

    @property
    def searched(self) -> str:
        """All its words, folded."""
        return fold(f"{self.group} {self.shown_keys} {self.title} {self.meaning} {self.label}")


class HelpScreen(ModalScreen[None]):
    """Lists keys by the place where they act; typing narrows the list."""

    DEFAULT_CSS: ClassVar[str] = """
    HelpScreen {
        align: center middle;
        & > Vertical {
            width: 96; max-width: 94%; height: 90%; padding: 0 1;
            border: round $accent; border-title-color: $foreground; border-title-style: bold; background: $background;
        }
        & Input { border: none; height: 1; padding: 0; margin-bottom: 1; background: $background; }
        & Input:focus { border: none; background: $background; background-tint: 0%; }
        & VerticalScroll { height: 1fr; scrollbar-size-vertical: 1; scrollbar-gutter: stable; }
    }
    """

    BINDINGS = [
        Binding("escape,f1", "dismiss", "close", id="help.close"),
        Binding("down", "scroll(1)", show=False, id="help.down"),
        Binding("up", "scroll(-1)", show=False, id="help.up"),
        Binding("pagedown", "scroll(12)", show=False, id="help.page_down"),
        Binding("pageup", "scroll(-12)", show=False, id="help.page_up"),
    ]

    def __init__(self, lines: Iterable[HelpLine]) -> None:
        super().__init__()
        self._lines = list(lines)

    def compose(self) -> ComposeResult:
        """Search line over the keys."""
        with Vertical() as box:
            box.border_title = Content("Help")
            box.border_subtitle = Content("↓ ↑ scroll · Esc closes")
            yield Input(placeholder="search what works here and now", compact=True)
            with VerticalScroll(can_focus=False):
                yield Static()

    def on_mount(self) -> None:
        """Take the keys that were typed meanwhile."""
        self.query_one(Input).focus()
        release_keys(self)

    def on_resize(self) -> None:
        """Lay the lines out for the new width."""
        self.call_after_refresh(self._show)

    @on(Input.Changed)
    def _search_changed(self) -> None:
        """Narrow the list."""
        self._show()
        self.query_one(VerticalScroll).scroll_home(animate=False)

    @on(Input.Submitted)
    def _searched(self) -> None:
        """Leave; Enter has nothing else to do here."""
        self.dismiss()

    def action_scroll(self, lines: int) -> None:
        """Scroll the list."""
        self.query_one(VerticalScroll).scroll_relative(y=lines, animate=False)

    def _show(self) -> None:
        """Lay out the lines that hold all words."""
        words = fold(self.query_one(Input).value).split()
        found = [line for line in self._lines if all(word in line.searched for word in words)]
        width = self.query_one(VerticalScroll).scrollable_content_region.width
        self.query_one(Static).update(table(found, width) if found else NOTHING)


NOTHING = Content("Nothing that works here and now does that.").stylize("$row-muted")


def table(lines: Iterable[HelpLine], width: int) -> Content:
    """Lay lines out in columns under their headings; what does not fit goes on in its own column."""
    return Content("\n").join(_laid_out(lines, width))


def _laid_out(lines: Iterable[HelpLine], width: int) -> Iterator[Content]:
    """Yield the lines of the table."""
    heading = ""
    for line in lines:
        if line.group != heading:
            if heading:
                yield Content("")
            heading = line.group
            yield Content(heading).stylize("bold $accent")
        keys = Content(line.shown_keys.ljust(KEYS_WIDTH)).stylize("bold $foreground")
        indent = KEYS_WIDTH + 1 + TITLE_WIDTH + 1
        meaning = "" if line.meaning.rstrip(".").lower() == line.title.lower() else line.meaning
        if width - indent >= LEAST_MEANING:
            first, *more = wrap(meaning, width - indent) or [""]
            yield Content.assemble(keys, " ", line.title.ljust(TITLE_WIDTH), " ", (first, "$row-muted"))
        else:
            indent = KEYS_WIDTH + 1
            more = wrap(meaning, max(LEAST_MEANING, width - indent))
            yield Content.assemble(keys, " ", line.title)
        for part in more:
            yield Content.assemble(" " * indent, (part, "$row-muted"))
