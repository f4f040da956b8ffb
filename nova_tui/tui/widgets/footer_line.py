"""FooterLine: the keys that matter here and now.

Textual's own Footer mounts widgets for every change of focus and keeps them alive; this one is a single line.
"""

from __future__ import annotations

from typing import ClassVar, NamedTuple

from textual.app import RenderResult
from textual.content import Content
from textual.screen import Screen
from textual.style import Style
from textual.widget import Widget

from nova_tui.tui.commands import key_label

MOST = 7
"""Keys at the left, however wide the screen is."""
GAP = 2
"""Cells between two hints."""
WEIGHTY: tuple[str, ...] = (
    *("editor.keep", "editor.leave", "composer.add", "composer.leave", "composer.role", "composer.hidden"),
    *("editor.role", "editor.hidden"),
    *("player.pause", "player.next", "player.back", "player.leave"),
    *("list.stop", "trash.restore", "trash.erase", "list.leave", "list.back", "list.filter"),
    *("dialog.edit", "dialog.insert", "list.new", "screen.undo", "dialog.hide", "list.play", "dialog.play"),
    "screen.write",
    *("list.rename", "list.tags", "list.star", "dialog.toggle_hidden", "dialog.role", "list.delete", "dialog.delete"),
)
"""What stays where not all have room, the most important first; what is not named goes before any of these."""
ALWAYS: tuple[tuple[str, str], ...] = (("screen.help", "help"), ("screen.palette", "palette"))
"""Commands at the right end, whatever has the focus."""


class Hint(NamedTuple):
    """A key, what it does, and the id of its command."""

    id: str
    key: str
    shown: str
    """The key as people write it."""
    label: str

    @property
    def width(self) -> int:
        """Cells."""
        return self.content().cell_length

    def content(self) -> Content:
        """Return key and label; a click presses the key."""
        content = Content.assemble((self.shown, "bold $foreground"), " ", self.label)
        return content.stylize(Style.from_meta({"@click": f"press({self.key!r})"}))


def chosen(hints: list[Hint], room: int) -> list[Hint]:
    """Return the hints that fit into so many cells, the weightier before the others, in the order they came."""
    rank = {command_id: number for number, command_id in enumerate(WEIGHTY)}
    kept: list[Hint] = []
    for hint in sorted(hints, key=lambda hint: rank.get(hint.id, len(rank))):
        room -= hint.width + (GAP if kept else 0)
        if room < 0 or len(kept) == MOST:
            break
        kept.append(hint)
    return [hint for hint in hints if hint in kept]


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

    def _hints(self) -> tuple[list[Hint], list[Hint]]:
        """Return what the focused pane offers, each label once, and what is offered everywhere."""
        always = dict(ALWAYS)
        found: dict[str, Hint] = {}
        right: dict[str, Hint] = {}
        for key, active in self.screen.active_bindings.items():
            binding = active.binding
            if not active.enabled:
                continue
            command_id = "screen.palette" if binding.action.endswith("command_palette") else binding.id or ""
            label = always.get(command_id, binding.description)
            hint = Hint(command_id, key, binding.key_display or key_label(key), label)
            if command_id == "screen.palette":
                right[command_id] = hint  # the last is the app's, which works in text boxes too
            elif command_id in always:
                right.setdefault(command_id, hint)
            elif binding.show:
                found.setdefault(label, hint)
        return list(found.values()), [right[command_id] for command_id in always if command_id in right]

    def render(self) -> RenderResult:
        """Show the weightiest hints that fit, then those that are always there."""
        hints, always = self._hints()
        gap = Content(" " * GAP)
        right = gap.join(hint.content() for hint in always)
        left = gap.join(hint.content() for hint in chosen(hints, self.size.width - right.cell_length - GAP))
        space = max(1, self.size.width - left.cell_length - right.cell_length)
        return Content.assemble(left, " " * space, right)

    def action_press(self, key: str) -> None:
        """Press a key for the person."""
        self.app.simulate_key(key)
