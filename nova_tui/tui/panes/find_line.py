"""FindLine: the line below a dialog in which one types what to find in it."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding
from textual.message import Message
from textual.widgets import Static

from nova_tui.tui.panes.filter_line import LineFrame, SearchInput
from nova_tui.tui.type_ahead import hold_keys


class FindInput(SearchInput):
    """What is looked for in the dialog."""

    BINDINGS = [
        Binding("enter", "keep", "to the hit", id="find.keep"),
        Binding("escape", "clear", "end of find", id="find.clear"),
        Binding("down", "walk(1)", show=False, id="find.next"),
        Binding("up", "walk(-1)", show=False, id="find.previous"),
    ]

    class Left(Message):
        """The person is done typing; what was looked for stays or goes."""

        def __init__(self, keep: bool) -> None:
            super().__init__()
            self.keep = keep

    class Walked(Message):
        """The next or the previous hit is wanted."""

        def __init__(self, by: int) -> None:
            super().__init__()
            self.by = by

    def __init__(self) -> None:
        super().__init__(placeholder="find in this dialog", compact=True, select_on_focus=True)

    def action_keep(self) -> None:
        """Go to the dialog; hits stay marked."""
        hold_keys(self)
        self.post_message(self.Left(bool(self.value.strip())))

    def action_clear(self) -> None:
        """Look for nothing any more; the place stays."""
        hold_keys(self)
        self.post_message(self.Left(False))

    def action_walk(self, by: int) -> None:
        """Ask for another hit."""
        self.post_message(self.Walked(by))


class FindLine(LineFrame):
    """Below a dialog while something is looked for there."""

    DEFAULT_CSS: ClassVar[str] = """
    FindLine { display: none; layer: base; }
    """

    def compose(self) -> ComposeResult:
        """Slash and text."""
        yield Static("/", classes="slash")
        yield FindInput()
