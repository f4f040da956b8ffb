"""DifferenceScreen: what lies between two states of a session."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from nova_tui.domain.safe_text import clean_line
from nova_tui.domain.session import Session
from nova_tui.services.comparison import ADDED, EDITED, MOVED, REMOVED, ComparedLine, compared
from nova_tui.tui.type_ahead import release_keys

MOST_LINES = 2_000
"""Lines that are shown of a comparison."""
STYLES = {ADDED: "$text-success", REMOVED: "$text-error", EDITED: "$text-warning", MOVED: "$text-accent"}


class DifferenceScreen(ModalScreen[Any]):
    """Shows rows that were added, removed, edited or moved, told by sign and colour."""

    DEFAULT_CSS: ClassVar[str] = """
    DifferenceScreen {
        align: center middle;
        & > VerticalScroll {
            width: 100; max-width: 94%; height: auto; max-height: 90%; padding: 0 1;
            border: round $accent; border-title-color: $foreground; border-title-style: bold; background: $background;
        }
    }
    """

    BINDINGS = [
        Binding("escape,enter,q", "dismiss", "close", id="difference.close"),
        Binding("down,j", "scroll(1)", show=False, id="difference.down"),
        Binding("up,k", "scroll(-1)", show=False, id="difference.up"),
        Binding("pagedown,space,ctrl+d", "scroll(12)", show=False, id="difference.page_down"),
        Binding("pageup,ctrl+u", "scroll(-12)", show=False, id="difference.page_up"),
    ]

    HINT: ClassVar[str] = "Esc closes"

    def __init__(
        self, before: Session, after: Session, title: str, lines: Sequence[ComparedLine] | None = None
    ) -> None:
        """Show what lies between two states; `lines` is that where a thread found it out already."""
        super().__init__()
        self._lines = list(compared(before, after)) if lines is None else lines
        self._title = title

    def compose(self) -> ComposeResult:
        """Show the lines."""
        with VerticalScroll() as box:
            box.border_title = Content(clean_line(self._title))
            box.border_subtitle = Content(self.HINT)
            shown = [_content(line) for line in self._lines[:MOST_LINES]]
            if len(self._lines) > MOST_LINES:
                shown.append(Content(f"… and {len(self._lines) - MOST_LINES:,} more lines").stylize("$row-muted"))
            lines = Content("\n").join(shown) if shown else Content("There is no difference.")
            yield Static(lines, markup=False)

    def on_mount(self) -> None:
        """Take the keys that were typed meanwhile."""
        release_keys(self)

    def action_scroll(self, lines: int) -> None:
        """Scroll the lines."""
        self.query_one(VerticalScroll).scroll_relative(y=lines, animate=False)


def _content(line: ComparedLine) -> Content:
    """Return a line with its sign, in the colour of what was done."""
    style = STYLES.get(line.sign, "$row-muted")
    if line.heading:
        return Content(f"{line.sign} {line.text}".strip()).stylize(f"bold {style}")
    return Content(f"  {line.sign or ' '} {line.text}").stylize(style)
