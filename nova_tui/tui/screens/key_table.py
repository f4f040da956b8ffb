"""The key table: every binding of the screens by its id, and what a configuration makes of the keys."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib import import_module
from pkgutil import walk_packages
from typing import Any, Final

import textual.keys
from textual.binding import Binding
from textual.dom import DOMNode
from textual.keys import key_to_character

import nova_tui.tui.panes
import nova_tui.tui.screens
import nova_tui.tui.widgets
from nova_tui.domain.errors import ConfigError
from nova_tui.tui.commands import Command

EVERYWHERE: Final = "screen"
"""The first part of the ids that are active in every pane."""
ALONE: Final = frozenset(
    {"help", "prompt", "tags", "choice", "palette", "conflict", "difference", "player", "review"}
    | {"apply", "mistake", "lint", "history", "inspector", "picture", "replace", "compare", "template"}
)
"""The first parts of ids that are active in a screen of their own, where nothing else is."""
CONFUSED: Final = {
    "ctrl+i": "Tab",
    "ctrl+m": "Enter",
    "ctrl+h": "Backspace",
    "ctrl+left_square_bracket": "Esc",
    "shift+enter": "Enter",
    "ctrl+p": "the key that always opens the palette",
    "ctrl+q": "the key that always leaves the program",
}
"""Keys that many terminals send as another, and one that is taken."""
_MODIFIERS: Final = {"ctrl", "alt", "shift", "super"}
_NAMED: Final = {key.value.rpartition("+")[2] for key in textual.keys.Keys} | {f"f{number}" for number in range(1, 25)}
_WORDS: Final = re.compile(r"(?<=[a-z])(?=[A-Z])|_")


@dataclass(frozen=True, slots=True)
class KeyEntry:
    """One binding."""

    id: str
    keys: str
    """Separated by commas, as Textual names them."""
    title: str
    meaning: str
    group: str

    @property
    def place(self) -> str:
        """Where it is active: the first part of the id."""
        return self.id.partition(".")[0]

    @property
    def each(self) -> list[str]:
        """Its keys one by one."""
        return [key for part in self.keys.split(",") if (key := part.strip())]


@cache
def key_table() -> tuple[KeyEntry, ...]:
    """Return every binding that has an id, in the order of the ids."""
    for package in (nova_tui.tui.panes, nova_tui.tui.screens, nova_tui.tui.widgets):
        for module in walk_packages(package.__path__, f"{package.__name__}."):
            import_module(module.name)
    found = {entry.id: entry for entry in _of_widgets()}
    found |= {entry.id: entry for entry in _of_commands()}
    return tuple(found[name] for name in sorted(found))


def _subclasses(base: type[Any]) -> Iterator[type[Any]]:
    """Yield what is derived from a class in nova-tui."""
    for derived in base.__subclasses__():
        if derived.__module__.startswith("nova_tui."):
            yield derived
        yield from _subclasses(derived)


def _of_commands() -> Iterator[KeyEntry]:
    """Yield the bindings of commands."""
    for command in _subclasses(Command):
        if issubclass(command, Command) and "id" in vars(command):
            yield KeyEntry(command.id, command.keys, command.title(), command.tooltip(), command.group)


def _of_widgets() -> Iterator[KeyEntry]:
    """Yield the bindings that widgets and screens have of their own."""
    for widget in _subclasses(DOMNode):
        for binding in vars(widget).get("BINDINGS", ()):
            if isinstance(binding, Binding) and binding.id:
                name = binding.id.partition(".")[2].replace("_", " ")
                title = binding.description or name
                group = _WORDS.sub(" ", widget.__name__).capitalize()
                yield KeyEntry(binding.id, binding.key, title[:1].upper() + title[1:], binding.tooltip or name, group)


# -- what a configuration makes of it -----------------------------------------------------------------------------


def checked_keymap(wanted: Mapping[str, str], source: str) -> tuple[dict[str, str], list[ConfigError]]:
    """Return the keymap that can be used, and what is wrong with the rest, each in one sentence."""
    table = {entry.id: entry for entry in key_table()}
    usable: dict[str, KeyEntry] = {}
    problems = []
    for name, keys in wanted.items():
        try:
            if name not in table:
                raise ConfigError(source, f"keys.{name}", f"there is no such id; {_nearest(name, table)}")
            normal = ",".join(_normal(key.strip(), f"keys.{name}", source) for key in _parts(keys))
            usable[name] = replace(table[name], keys=normal)
        except ConfigError as error:
            problems.append(error)
    for name in list(usable):
        clash = _clash(usable[name], {**table, **usable}, table)
        if clash is not None:
            key, other = clash
            reason = f"{key} is the key of {other} already; {name} keeps {table[name].keys or 'none'}"
            problems.append(ConfigError(source, f"keys.{name}", reason))
            del usable[name]
    return {name: entry.keys for name, entry in _with_neighbours(usable, table).items()}, problems


def _parts(keys: str) -> list[str]:
    """Separate keys by commas; a comma alone is the key."""
    return [keys] if keys.strip() == "," else [part for part in keys.split(",") if part.strip()]


def _normal(key: str, name: str, source: str) -> str:
    """Return a key as Textual names it; raise ConfigError where there is none such."""
    *modifiers, last = key.split("+") if len(key) > 1 and not key.endswith("+") else [key]
    words = [word.lower().replace("control", "ctrl") for word in modifiers]
    if len(last) > 1:
        last = {
            "esc": "escape",
            "return": "enter",
            "del": "delete",
            "ins": "insert",
            "pgup": "pageup",
            "pgdn": "pagedown",
        }.get(last.lower(), last.lower())
    elif not last.isalnum():
        last = textual.keys._character_to_key(last)  # noqa: SLF001  how set_keymap does it
    normal = "+".join([*words, last.lower() if "ctrl" in words and len(last) == 1 else last])
    known = len(last) == 1 or last in _NAMED or key_to_character(last) is not None
    if not known or not set(words) <= _MODIFIERS:
        raise ConfigError(source, name, f"there is no key {key}; write n, N, ctrl+n, f7, space, pagedown …")
    if normal in CONFUSED:
        raise ConfigError(source, name, f"{key} cannot be told from {CONFUSED[normal]}; take another key")
    return normal


def _clash(entry: KeyEntry, now: Mapping[str, KeyEntry], before: Mapping[str, KeyEntry]) -> tuple[str, str] | None:
    """Return the key that another binding of the same place has too, and its id; keys that met before may meet."""
    for other in now.values():
        if other.id != entry.id and _meet(entry, other):
            shared = set(entry.each) & set(other.each) - set(before[entry.id].each)
            if shared:
                return min(shared), other.id
    return None


def _meet(one: KeyEntry, other: KeyEntry) -> bool:
    """Tell whether two bindings can be active at once."""
    places = {one.place, other.place}
    return len(places) == 1 or (EVERYWHERE in places and not places & ALONE)


def _with_neighbours(usable: Mapping[str, KeyEntry], table: Mapping[str, KeyEntry]) -> dict[str, KeyEntry]:
    """Add the bindings that share a key with one that moves: Textual takes the key from all of them."""
    moved = {key for name in usable for key in table[name].each}
    stay = {entry.id: entry for entry in table.values() if moved & set(entry.each)}
    return {**stay, **usable}


def _nearest(name: str, table: Iterable[str]) -> str:
    """Say which ids there are that look like a wrong one."""
    from difflib import get_close_matches  # noqa: PLC0415  only for a mistake

    near = get_close_matches(name, list(table), 3, 0.6)
    return f"do you mean {' or '.join(near)}?" if near else "nova-tui keys lists them all"
