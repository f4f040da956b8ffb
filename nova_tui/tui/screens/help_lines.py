"""What the help lists: what works here and now, by the names that the palette uses, and the keys that move around."""

from __future__ import annotations

from collections.abc import Iterator

from textual.binding import Binding
from textual.screen import Screen
from textual.widget import Widget

from nova_tui.tui.commands import Command, CommandHost, hosts_of, keys_of
from nova_tui.tui.screens.help_screen import HelpLine
from nova_tui.tui.widgets.dialog_view import DialogView
from nova_tui.tui.widgets.row_editor import RowEditor
from nova_tui.tui.widgets.session_list import SessionList


def help_lines(screen: Screen[None]) -> Iterator[HelpLine]:
    """Yield what is available: the pane that has the focus, what works everywhere, the other panes, and moving."""
    focused = screen.focused
    around = list(focused.ancestors_with_self) if focused is not None else []
    own, *hosts = hosts_of(screen)
    near = [host for host in hosts if host in around]
    if isinstance(focused, RowEditor):
        yield from _command_lines(focused, focused.INTENTIONS)
    for host in near:
        yield from _host_lines(host)
    yield from _host_lines(own)
    for keys, title, meaning in (
        ("tab,shift+tab", "Next pane", "Go to the next pane, or to the one before."),
        ("ctrl+q", "Leave", "Leave the program from anywhere."),
    ):
        yield HelpLine("Everywhere", keys, title, meaning)
    for host in hosts:
        if host not in near:
            yield from _host_lines(host)
    yield from _moving("Moving in the list", screen.query(SessionList))
    yield from _moving("Moving in the dialog", screen.query(DialogView))


def _host_lines(host: CommandHost) -> Iterator[HelpLine]:
    """Yield what a pane offers now."""
    return _command_lines(host, tuple(host.available_commands()))


def _command_lines(host: Widget, commands: tuple[type[Command], ...]) -> Iterator[HelpLine]:
    """Yield the lines of commands."""
    for command in commands:
        keys = ",".join(keys_of(command.id, command.keys, host.app))
        yield HelpLine(command.group, keys, command.title(), command.tooltip(), command.label)


def _moving(group: str, views: object) -> Iterator[HelpLine]:
    """Yield the lines of a view's own keys, where there is one to see."""
    for view in list(views)[:1] if hasattr(views, "__iter__") else []:
        for binding in view.BINDINGS if view.display else []:
            if isinstance(binding, Binding):
                keys = ",".join(keys_of(binding.id or "", binding.key, view.app))
                meaning = binding.tooltip or binding.description
                yield HelpLine(group, keys, binding.description, meaning)
