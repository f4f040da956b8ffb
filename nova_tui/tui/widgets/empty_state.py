"""EmptyState: what to do where there is nothing to show."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import RenderResult
from textual.content import Content
from textual.style import Style
from textual.widget import Widget

from nova_tui.domain.safe_text import clean_line

Hint = tuple[str, str, str | None]
"""A key or command, what it does, and the action that a click runs."""


class EmptyState(Widget):
    """A sentence and a few things to do, in the middle of an empty pane."""

    DEFAULT_CSS: ClassVar[str] = """
    EmptyState {
        height: 1fr; width: 1fr; padding: 1 2; content-align: center middle; color: $text-muted; display: none;
        &.-shown { display: block; }
    }
    """

    def __init__(self, *, can_focus: bool = False, id: str | None = None) -> None:
        super().__init__(id=id)
        self.can_focus = can_focus
        self._sentence = ""
        self._hints: Sequence[Hint] = ()

    def show(self, sentence: str, hints: Sequence[Hint] = ()) -> None:
        """Show a sentence and hints."""
        self._sentence, self._hints = clean_line(sentence, 400), hints
        self.add_class("-shown")
        self.refresh(layout=True)

    def hide(self) -> None:
        """Make room for what is there."""
        self.remove_class("-shown")

    def render(self) -> RenderResult:
        """Lay out the sentence over the aligned hints."""
        width = max((len(key) for key, _, _ in self._hints), default=0)
        lines = [Content(self._sentence).stylize("$foreground")]
        for key, meaning, action in self._hints:
            line = Content.assemble((key.rjust(width), "bold $accent"), "  ", meaning)
            lines.append(line.stylize(Style.from_meta({"@click": action})) if action else line)
        if not self._hints:
            return lines[0]
        room = max(line.cell_length for line in lines[1:])
        padded = [line.pad_right(room - line.cell_length) for line in lines[1:]]
        return Content("\n").join([lines[0], Content(""), *padded])
