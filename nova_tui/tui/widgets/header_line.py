"""HeaderLine: whose sessions are shown, from where, how many, and whether everything is saved."""

from __future__ import annotations

from typing import ClassVar

from textual.app import RenderResult
from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from nova_tui.domain.safe_text import clean_line


class HeaderLine(Widget):
    """One line over the panes."""

    DEFAULT_CSS: ClassVar[str] = """
    HeaderLine { height: 1; padding: 0 1; color: $row-muted; background: $background; }
    """

    owner: reactive[str] = reactive("")
    """The user and the place, for a person to read."""
    count: reactive[str] = reactive("")
    """How many sessions are shown, and of how many."""
    status: reactive[str] = reactive("")
    """`saved`, `saving…`, `read-only` or `not kept`."""

    def render(self) -> RenderResult:
        """Name at the left, counts at the right."""
        right = Content(" · ".join(part for part in (self.count, self.status) if part))
        name = Content("nova-tui").stylize("bold $accent")
        left = Content.assemble(name, "  ", clean_line(self.owner))
        room = self.size.width - right.cell_length - 2
        left = left.truncate(max(8, room), ellipsis=True)
        gap = max(1, self.size.width - left.cell_length - right.cell_length)
        return Content.assemble(left, " " * gap, right)
