"""PaneFrame: the rounded border around a pane, with a title at its left and a quiet note at its right."""

from __future__ import annotations

from typing import ClassVar

from textual.containers import Vertical
from textual.content import Content
from textual.events import DescendantBlur, DescendantFocus, Resize

from nova_tui.domain.safe_text import clean_line


class PaneFrame(Vertical):
    """A pane's border; the one that holds the focus has the accent colour."""

    DEFAULT_CSS: ClassVar[str] = """
    PaneFrame {
        border: round $border-blurred;
        border-title-color: $row-muted;
        background: $background;
        &.-focused {
            border: round $accent;
            border-title-color: $foreground;
            border-title-style: bold;
        }
    }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._left = ""
        self._right = ""

    def set_titles(self, left: str, right: str = "") -> None:
        """Show a title and a note; both may hold anything."""
        self._left, self._right = clean_line(left), clean_line(right)
        self._frame()

    def _frame(self) -> None:
        """Draw the border's upper line: title, line, note."""
        room = self.outer_size.width - 6  # corners, and a line and a blank beside the label
        if room < 8:
            return
        line = "$accent" if self.has_class("-focused") else "$border-blurred"
        right = Content(f" {self._right}" if self._right else "")
        left = Content(self._left).truncate(max(4, room - right.cell_length - 3), ellipsis=True)
        fill = room - left.cell_length - right.cell_length - 1
        if fill < 1 or not self._right:
            right, fill = Content(""), 0
        rule = Content(f" {'─' * fill}" if fill else "").stylize(f"not bold {line}")
        self.border_title = Content.assemble(left, rule, right.stylize("not bold $row-muted"))

    def on_resize(self, _event: Resize) -> None:
        """Fit the line to the new width."""
        self._frame()

    def on_descendant_focus(self, _event: DescendantFocus) -> None:
        """Show that the focus came in."""
        self.add_class("-focused")
        self._frame()

    def on_descendant_blur(self, _event: DescendantBlur) -> None:
        """Show that the focus went out."""
        self.remove_class("-focused")
        self._frame()
