"""PromptScreen: asks for one line of text."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from nova_tui.domain.errors import NovaError
from nova_tui.domain.safe_text import clean_line
from nova_tui.tui.type_ahead import release_keys


class PromptScreen(ModalScreen[str | None]):
    """Asks for a line; the answer is the line, or None when the person leaves."""

    DEFAULT_CSS: ClassVar[str] = """
    PromptScreen {
        align: center middle;
        & > Vertical {
            width: 70%; min-width: 30; max-width: 80; height: auto; padding: 0 1;
            border: round $accent; border-title-color: $foreground; border-title-style: bold;
            border-subtitle-color: $row-muted; background: $background;
        }
        & Input { border: none; height: 1; padding: 0; background: $background; }
        & Input:focus { border: none; background: $background; background-tint: 0%; }
        & Static { color: $row-muted; }
    }
    """

    BINDINGS = [Binding("escape", "leave", "leave", id="prompt.leave")]

    def __init__(
        self,
        question: str,
        value: str = "",
        hint: str = "Enter keeps, Esc leaves",
        check: Callable[[str], object] | None = None,
    ) -> None:
        """Ask; `check` raises a NovaError, whose sentence is shown, for a line that cannot be taken."""
        super().__init__()
        self._check = check
        self._question, self._value, self._hint = question, value, hint

    def compose(self) -> ComposeResult:
        """Question, line, hint."""
        with Vertical() as box:
            box.border_title = Content(clean_line(self._question))
            yield Input(self._value, compact=True, select_on_focus=True)
            yield Static(Content(self._hint))

    def on_mount(self) -> None:
        """Take the keys that were typed meanwhile."""
        self.query_one(Input).focus()
        release_keys(self)

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        """Answer with the line, once it can be taken."""
        if self._check is not None:
            try:
                self._check(event.value)
            except NovaError as error:
                self.query_one(Static).update(Content(clean_line(str(error), 200)).stylize("$text-error"))
                return
        self.dismiss(event.value)

    def action_leave(self) -> None:
        """Answer with nothing."""
        self.dismiss(None)
