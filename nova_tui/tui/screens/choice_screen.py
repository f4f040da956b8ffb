"""ChoiceScreen: asks which of a few things is meant."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from nova_tui.domain.safe_text import clean_line
from nova_tui.tui.type_ahead import release_keys

Choice = tuple[str, str, str]
"""What is answered, what a person reads, and a quiet note beside it."""


class ChoiceScreen(ModalScreen[str | None]):
    """Shows choices, the present one under the cursor; the answer is one of them, or None when the person leaves."""

    DEFAULT_CSS: ClassVar[str] = """
    ChoiceScreen {
        align: center middle;
        & > Vertical {
            width: 60%; min-width: 26; max-width: 64; height: auto; max-height: 80%; padding: 0 1;
            border: round $accent; border-title-color: $foreground; border-title-style: bold;
            border-subtitle-color: $row-muted; background: $background;
        }
        & OptionList {
            border: none; padding: 0; height: auto; max-height: 100%; background: $background;
            text-wrap: nowrap; text-overflow: ellipsis;
            &:focus { border: none; background: $background; }
        }
    }
    """
    BINDINGS = [
        Binding("escape,q", "leave", "leave", id="choice.leave"),
        Binding("j", "move(1)", "down", show=False, id="choice.down"),
        Binding("k", "move(-1)", "up", show=False, id="choice.up"),
    ]

    def __init__(self, question: str, choices: Sequence[Choice], current: str | None = None) -> None:
        super().__init__()
        self._question, self._choices, self._current = question, choices, current

    def compose(self) -> ComposeResult:
        """Put the choices under the question."""
        width = max((Content(clean_line(text, 40)).cell_length for _, text, _ in self._choices), default=0)
        options = []
        for _, text, note in self._choices:
            label = Content(clean_line(text, 40))
            quiet = Content(f"  {clean_line(note, 60)}").stylize("$text-muted")
            options.append(Option(Content.assemble(label.pad_right(width - label.cell_length), quiet)))
        with Vertical() as box:
            box.border_title = Content(clean_line(self._question))
            box.border_subtitle = Content("Enter chooses, Esc leaves")
            yield OptionList(*options, compact=True)

    def on_mount(self) -> None:
        """Begin at the present choice, and take the keys that were typed meanwhile."""
        options = self.query_one(OptionList)
        answers = [answer for answer, _, _ in self._choices]
        options.highlighted = answers.index(self._current) if self._current in answers else 0
        options.focus()
        release_keys(self)

    @on(OptionList.OptionSelected)
    def _selected(self, event: OptionList.OptionSelected) -> None:
        """Answer with the choice."""
        self.dismiss(self._choices[event.option_index][0])

    def action_move(self, by: int) -> None:
        """Move the cursor."""
        options = self.query_one(OptionList)
        (options.action_cursor_down if by > 0 else options.action_cursor_up)()

    def action_leave(self) -> None:
        """Answer with nothing."""
        self.dismiss(None)
