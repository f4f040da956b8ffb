"""Commands: one class for every intention a person can have; keys, footer, help and palette come from it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, ClassVar

from textual.app import App
from textual.binding import Binding, BindingType
from textual.keys import key_to_character
from textual.screen import Screen
from textual.widget import Widget


class Command:
    """One intention. The docstring of a subclass is its tooltip and its line in the help."""

    id: ClassVar[str]
    """What keys are bound to in the configuration: `pane.verb`."""
    keys: ClassVar[str]
    """Default keys, comma-separated, as Textual names them."""
    label: ClassVar[str]
    """What the footer says."""
    group: ClassVar[str]
    """The heading of the help under which the command stands."""
    footer: ClassVar[bool] = False
    """Whether the footer shows it."""
    priority: ClassVar[bool] = False
    """Whether its keys act before a text box takes them."""
    key_display: ClassVar[str | None] = None
    """How the footer and the help write the key, where the default is not how people write it."""

    @classmethod
    def action(cls) -> str:
        """Return the name of the action: the class name in snake case."""
        return re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()

    @classmethod
    def title(cls) -> str:
        """Return what palette and help call the command: the words of its class name."""
        words = cls.action().replace("_", " ")
        return words[:1].upper() + words[1:]

    @classmethod
    def tooltip(cls) -> str:
        """Return the docstring as one line."""
        return " ".join((cls.__doc__ or "").split())

    @classmethod
    def available(cls, host: Widget) -> bool:  # noqa: ARG003  subclasses look at the host
        """Tell whether the command makes sense here and now."""
        return True


def bindings_of(*commands: type[Command]) -> list[BindingType]:
    """Return the key bindings of commands, in order."""
    return [
        Binding(
            command.keys,
            command.action(),
            command.label,
            show=command.footer,
            priority=command.priority,
            key_display=command.key_display,
            tooltip=command.tooltip(),
            id=command.id,
        )
        for command in commands
    ]


class CommandHost(Widget):
    """A widget that carries out commands: each by its `action_…` method, when it is available."""

    INTENTIONS: ClassVar[tuple[type[Command], ...]] = ()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Answer Textual's question whether an action may run now."""
        for command in self.INTENTIONS:
            if command.action() == action:
                return command.available(self)
        return super().check_action(action, parameters)

    def available_commands(self) -> Iterator[type[Command]]:
        """Yield the commands that make sense here and now."""
        return (command for command in self.INTENTIONS if command.available(self))


def hosts_of(screen: Screen[Any]) -> Iterator[CommandHost]:
    """Yield the screen, when it carries out commands, and all that do so on it."""
    for widget in (screen, *screen.walk_children()):
        if isinstance(widget, CommandHost):
            yield widget


def keys_of(binding_id: str, keys: str, app: App[Any]) -> list[str]:
    """Return the keys that a binding has now: those of the configuration, else its own."""
    keymap: dict[str, str] = getattr(app, "keymap", {})
    return [key for part in keymap.get(binding_id, keys).split(",") if (key := part.strip())]


KEY_NAMES = {
    "escape": "Esc",
    "enter": "Enter",
    "space": "Space",
    "tab": "Tab",
    "delete": "Del",
    "backspace": "⌫",
    "insert": "Ins",
    "up": "↑",
    "down": "↓",
    "left": "←",
    "right": "→",
    "pageup": "PgUp",
    "pagedown": "PgDn",
    "home": "Home",
    "end": "End",
    "slash": "/",
    "backslash": "\\",
    "at": "@",
    "minus": "-",
    "plus": "+",
    "underscore": "_",
}


def key_label(key: str) -> str:
    """Return a Textual key name as people write it: `^s`, `Esc`, `F1`, `?`."""
    if key.startswith("ctrl+"):
        return "^" + key_label(key[5:])
    if key.startswith("shift+"):
        return "⇧" + key_label(key[6:])
    if key.startswith("alt+"):
        return "alt+" + key_label(key[4:])
    if re.fullmatch(r"f\d+", key):
        return key.upper()
    return KEY_NAMES.get(key) or key_to_character(key) or key
