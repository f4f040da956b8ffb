"""ConflictScreen: what to do when somebody else changed the same row meanwhile."""

from __future__ import annotations

from enum import Enum
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from nova_tui.domain.errors import SessionConflict, SessionInTrash
from nova_tui.domain.safe_text import clean_line
from nova_tui.domain.session import Session
from nova_tui.tui.screens.difference_screen import DifferenceScreen


class Resolution(Enum):
    """What the person wants."""

    THEIRS = "theirs"
    FORK = "fork"
    DIFFERENCE = "difference"


CHOICES = (
    (Resolution.THEIRS, "t", "Take theirs", "yours is given up, its text goes to the clipboard"),
    (Resolution.FORK, "f", "Keep mine as a fork", "a new session holds your version, theirs stays as it is"),
    (Resolution.DIFFERENCE, "d", "Look at the difference", "then choose"),
)


class ConflictScreen(ModalScreen[Resolution | None]):
    """Offers theirs, mine as a fork, or the difference; Esc goes back to the text, which stays as it was typed."""

    DEFAULT_CSS: ClassVar[str] = """
    ConflictScreen {
        align: center middle;
        & > Vertical {
            width: 76; max-width: 94%; height: auto; padding: 0 1;
            border: round $warning; border-title-color: $foreground; border-title-style: bold; background: $background;
        }
        & Static { color: $row-muted; margin-bottom: 1; }
        & OptionList { height: auto; border: none; background: $background; padding: 0; }
        & OptionList:focus { border: none; }
    }
    """

    BINDINGS = [
        Binding("escape", "dismiss", "back to my text", id="conflict.back"),
        *(
            Binding(key, f"choose('{choice.value}')", title, show=False, id=f"conflict.{choice.value}")
            for choice, key, title, _ in CHOICES
        ),
    ]

    def __init__(self, error: SessionConflict) -> None:
        super().__init__()
        self._error = error

    def compose(self) -> ComposeResult:
        """Say what happened, offer what can be done."""
        with Vertical() as box:
            box.border_title = Content("Changed by somebody else")
            box.border_subtitle = Content("Esc: back to your text")
            yield Static(Content(_told(self._error)))
            yield OptionList(
                *(
                    Option(
                        Content.assemble((key, "bold $accent"), f"  {title}", (f" · {meaning}", "$row-muted")),
                        choice.value,
                    )
                    for choice, key, title, meaning in CHOICES
                    if self._possible(choice)
                )
            )

    def _possible(self, choice: Resolution) -> bool:
        """Tell whether both sides that a choice needs are known."""
        if choice is Resolution.THEIRS:
            return True
        return self._error.mine is not None and (choice is Resolution.FORK or self._error.theirs is not None)

    @on(OptionList.OptionSelected)
    def _selected(self, event: OptionList.OptionSelected) -> None:
        """Answer with the choice under the cursor."""
        self.action_choose(str(event.option_id))

    def action_choose(self, value: str) -> None:
        """Answer with a choice."""
        if self._possible(Resolution(value)):
            self.dismiss(Resolution(value))


def difference_of(error: SessionConflict) -> DifferenceScreen:
    """Return what shows the two sides beside each other."""
    return DifferenceScreen(error.theirs, error.mine, "What yours would change in theirs")


def mine_as_fork(mine: Session) -> Session:
    """Return what was to be stored as a session of its own, which its title tells from theirs."""
    return mine.fork().with_title(f"{mine.title} (mine)")


def _told(error: SessionConflict) -> str:
    """Return what happened, in words."""
    if isinstance(error, SessionInTrash):
        return "This session was deleted meanwhile; your change is not stored yet."
    title = clean_line(error.mine.title, 60) if error.mine is not None else "This session"
    return f"“{title}” was changed in the same place meanwhile; your change is not stored yet."
