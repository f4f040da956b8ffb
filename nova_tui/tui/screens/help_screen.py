"""HelpScreen: every key and what it does, searchable."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

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

HelpLine = tuple[str, str, str, str]
"""Group, keys as Textual names them, what they do, and the name by which the palette knows it."""


class HelpScreen(ModalScreen[None]):
    """Lists keys by the place where they act; typing narrows the list."""

    DEFAULT_CSS: ClassVar[str] = """
    HelpScreen {
        align: center middle;
        & > Vertical {
            width: 84; max-width: 94%; height: 90%; padding: 0 1;
            border: round $accent; border-title-color: $foreground; border-title-style: bold; background: $background;
        }
        & Input { border: none; height: 1; padding: 0; margin-bottom: 1; background: $background; }
        & Input:focus { border: none; background: $background; }
        & VerticalScroll { height: 1fr; }
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
            box.border_subtitle = Content("type to search · Esc closes")
            yield Input(placeholder="search keys and what they do", compact=True)
            with VerticalScroll(can_focus=False):
                yield Static(self._table(""))

    def on_mount(self) -> None:
        """Take the keys that were typed meanwhile."""
        self.query_one(Input).focus()
        release_keys(self)

    @on(Input.Changed)
    def _search_changed(self, event: Input.Changed) -> None:
        """Narrow the list."""
        self.query_one(Static).update(self._table(event.value))

    def action_scroll(self, lines: int) -> None:
        """Scroll the list."""
        self.query_one(VerticalScroll).scroll_relative(y=lines, animate=False)

    def _table(self, search: str) -> Content:
        """Lay out the lines that hold all words."""
        words = fold(search).split()
        parts: list[Content] = []
        heading = ""
        for group, keys, meaning, name in self._lines:
            label = "  ".join(key_label(key.strip()) for key in keys.split(","))
            if not all(word in fold(f"{group} {label} {meaning} {name}") for word in words):
                continue
            if group != heading:
                heading = group
                parts += [Content(""), Content(group).stylize("bold $accent")]
            parts.append(Content.assemble((label.ljust(20), "bold $foreground"), " ", (meaning, "$text-muted")))
        return Content("\n").join(parts[1:]) if parts else Content("No key does that.").stylize("$text-muted")
