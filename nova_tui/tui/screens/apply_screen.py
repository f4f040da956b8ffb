"""ApplyScreen: what an edited text would change, before it does; and MistakeScreen: why it cannot be read."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from nova_tui.domain.safe_text import clean_line
from nova_tui.tui.screens.difference_screen import DifferenceScreen
from nova_tui.tui.type_ahead import release_keys
from nova_tui.tui.widgets.cells import shown

APPLY, AGAIN = "apply", "again"
"""What a person answers: take the text over, or open it again."""
AROUND = 3
"""Lines shown before and after a mistake."""


class ApplyScreen(DifferenceScreen):
    """Shows a difference and asks; answers APPLY, AGAIN or None."""

    HINT: ClassVar[str] = "Enter applies · e edits again · Esc discards"
    BINDINGS = [
        Binding("enter", "dismiss('apply')", "apply", id="apply.take"),
        Binding("e", "dismiss('again')", "edit again", id="apply.again"),
        Binding("escape,q", "dismiss", "discard", id="apply.discard"),
    ]


class MistakeScreen(ModalScreen[str | None]):
    """Says what is wrong with a text, and where; answers AGAIN to open it once more, APPLY to read it once more."""

    DEFAULT_CSS: ClassVar[str] = """
    MistakeScreen {
        align: center middle;
        & > Vertical {
            width: 96; max-width: 94%; height: auto; max-height: 90%; padding: 0 1;
            border: round $warning; border-title-color: $foreground; border-title-style: bold;
            border-subtitle-color: $row-muted; background: $background;
        }
        & #sentence { margin-bottom: 1; }
        & #lines { margin-bottom: 1; text-wrap: nowrap; text-overflow: ellipsis; }
        & #where { color: $row-muted; }
    }
    """
    BINDINGS = [
        Binding("e", "dismiss('again')", "open it again", id="mistake.again"),
        Binding("enter", "dismiss('apply')", "read it again", show=False, id="mistake.read"),
        Binding("escape,q", "dismiss", "leave", id="mistake.leave"),
    ]

    def __init__(
        self, sentence: str, path: Path, lines: Sequence[str] = (), line: int = 0, title: str = "It cannot be read"
    ) -> None:
        """Show a sentence, and the lines of the text around `line` (from 1) where there is one."""
        super().__init__()
        self._sentence, self._path, self._lines, self._line, self._title = sentence, path, lines, line, title

    def compose(self) -> ComposeResult:
        """Sentence, lines, where the text is."""
        with Vertical() as box:
            box.border_title = Content(self._title)
            box.border_subtitle = Content("e opens it again · Enter reads it again · Esc leaves")
            yield Static(Content(clean_line(self._sentence, 400)), id="sentence")
            if self._line and self._lines:
                yield Static(self._around(), id="lines")
            yield Static(Content(f"Nothing is lost: {clean_line(str(self._path), 400)}"), id="where")

    def on_mount(self) -> None:
        """Take the keys that were typed meanwhile."""
        release_keys(self)

    def _around(self) -> Content:
        """Return the lines around the mistake, the mistaken one marked."""
        first = max(1, self._line - AROUND)
        around = []
        for number in range(first, min(len(self._lines), self._line + AROUND) + 1):
            at = number == self._line
            text = Content(f"{'▌' if at else ' '}{number:>5}  {shown(self._lines[number - 1][:160])}")
            around.append(text.stylize("bold $text-error") if at else text.stylize("$row-muted"))
        return Content("\n").join(around)
