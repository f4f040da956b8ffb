"""FooterLine: the keys that matter here and now.

Textual's own Footer mounts widgets for every change of focus and keeps them alive; this one is a single line.
"""

from __future__ import annotations

from typing import ClassVar

from textual.app import RenderResult
from textual.content import Content
from textual.screen import Screen
from textual.style import Style
from textual.widget import Widget

from nova_tui.tui.commands import key_label

ALWAYS: tuple[tuple[str, str], ...] = (("question_mark", "help"), ("ctrl+p", "palette"))
"""Keys at the right end, whatever has the focus."""


class FooterLine(Widget):
    """One line under the panes; a click on a key presses it."""

    DEFAULT_CSS: ClassVar[str] = """
    FooterLine {
        height: 1; padding: 0 1; color: $row-muted; background: $background;
        link-style: none; link-color: $row-muted; link-background: $background;
        link-style-hover: none; link-color-hover: $foreground; link-background-hover: $boost;
    }
    """

    def on_mount(self) -> None:
        """Follow the focus."""
        self.screen.bindings_updated_signal.subscribe(self, self._bindings_updated)

    def _bindings_updated(self, _screen: Screen[object]) -> None:
        """Show other keys."""
        self.refresh()

    def _hints(self) -> list[tuple[str, str]]:
        """Return keys and labels of the focused pane's commands, each label once."""
        found: dict[str, str] = {}
        for key, active in self.screen.active_bindings.items():
            if active.binding.show and active.enabled:
                found.setdefault(active.binding.description, key)
        return [(key, label) for label, key in found.items() if (key, label) not in ALWAYS]

    def render(self) -> RenderResult:
        """As many hints as fit, then those that are always there."""
        right = Content("  ").join(_hint(key, label) for key, label in ALWAYS)
        room = self.size.width - right.cell_length - 2
        left = Content("")
        for key, label in self._hints():
            longer = Content.assemble(left, "  " if left.plain else "", _hint(key, label))
            if longer.cell_length > room:
                break
            left = longer
        gap = max(1, self.size.width - left.cell_length - right.cell_length)
        return Content.assemble(left, " " * gap, right)

    def action_press(self, key: str) -> None:
        """Press a key for the person."""
        self.app.simulate_key(key)


def _hint(key: str, label: str) -> Content:
    """Return a key and its label; a click presses the key."""
    hint = Content.assemble((key_label(key), "bold $foreground"), " ", label)
    return hint.stylize(Style.from_meta({"@click": f"press({key!r})"}))
