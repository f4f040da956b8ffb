"""What the help lists: the commands of all panes, and the keys that move around."""

from __future__ import annotations

from collections.abc import Iterator

from textual.binding import Binding
from textual.screen import Screen

from nova_tui.tui.commands import Command, hosts_of
from nova_tui.tui.screens.help_screen import HelpLine
from nova_tui.tui.widgets.dialog_view import DialogView
from nova_tui.tui.widgets.row_editor import RowEditor
from nova_tui.tui.widgets.session_list import SessionList


def help_lines(screen: Screen[None]) -> Iterator[HelpLine]:
    """Yield group, keys, meaning and name, screen first, then pane by pane."""
    own, *hosts = hosts_of(screen)
    yield from _command_lines(own.INTENTIONS)
    yield "Everywhere", "tab,shift+tab", "Go to the next pane, or to the one before.", "focus"
    yield "Everywhere", "ctrl+p", "Find a command by its name.", "palette"
    yield "Everywhere", "ctrl+q", "Leave the program.", "quit"
    for host in hosts:
        yield from _command_lines(host.INTENTIONS)
    yield from _command_lines(RowEditor.INTENTIONS)
    yield from _moving("Moving in the list", SessionList.BINDINGS)
    yield from _moving("Moving in the dialog", DialogView.BINDINGS)


def _command_lines(commands: tuple[type[Command], ...]) -> Iterator[HelpLine]:
    """Yield the lines of commands."""
    for command in commands:
        yield command.group, command.keys, command.tooltip(), f"{command.action()} {command.label}".replace("_", " ")


def _moving(group: str, bindings: object) -> Iterator[HelpLine]:
    """Yield the lines of a widget's own keys."""
    for binding in bindings if isinstance(bindings, list) else []:
        if isinstance(binding, Binding):
            yield group, binding.key, binding.tooltip or binding.description, ""
