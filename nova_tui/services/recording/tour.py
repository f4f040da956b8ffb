"""Tour: a file that says what is done on the program's own screens, step by step."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from nova_tui.performing.script_file import FileCheck, parsed, text_of
from nova_tui.yamlio import Place

KEYS: Final = ("title", "size", "theme", "steps")
ACTIONS: Final = ("press", "type", "wait", "caption", "marker", "theme", "size")
MAX_SECONDS: Final = 600
_SIZE: Final = re.compile(r"(\d{1,3})x(\d{1,3})")
_SIZES: Final = "it needs COLSxROWS, from 20x5 to 500x200"


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that is done; `value` is keys, a text, seconds, a name, or columns and rows."""

    action: str
    value: Any
    line: int


@dataclass(frozen=True, slots=True)
class Tour:
    """A checked tour."""

    path: str
    steps: tuple[Step, ...]
    title: str = "nova-tui"
    size: tuple[int, int] | None = None
    theme: str | None = None

    @property
    def has_captions(self) -> bool:
        """Whether a line is needed for captions."""
        return any(step.action == "caption" for step in self.steps)


def load_tour(path: Path) -> Tour:
    """Read and check a tour's file; raise ScriptError."""
    return read_tour(text_of(path), str(path))


def read_tour(text: str, path: str) -> Tour:
    """Check the text of a tour; raise ScriptError with the line of the first thing wrong with it."""
    value, lines = parsed(text, path)
    return _Check(path, lines).tour(value)


def parse_size(text: Any) -> tuple[int, int] | None:
    """Return columns and rows written as 100x30, None for anything else."""
    match = _SIZE.fullmatch(text) if isinstance(text, str) else None
    if match is None or not (20 <= int(match[1]) <= 500 and 5 <= int(match[2]) <= 200):
        return None
    return int(match[1]), int(match[2])


class _Check(FileCheck):
    """Checks the values of a tour."""

    __slots__ = ()

    def tour(self, value: Any) -> Tour:
        """Return the tour."""
        value = self.top(value, KEYS)
        steps = value.get("steps")
        if not isinstance(steps, list) or not steps:
            raise self.error(("steps",), "it needs a list of steps")
        title, theme, size = value.get("title"), value.get("theme"), value.get("size")
        for key, text in ("title", title), ("theme", theme):
            if text is not None and not isinstance(text, str):
                raise self.error((key,), "it needs a text")
        if size is not None and parse_size(size) is None:
            raise self.error(("size",), _SIZES)
        return Tour(
            self.path,
            tuple(self.step(number, step) for number, step in enumerate(steps)),
            title or "nova-tui",
            parse_size(size),
            theme,
        )

    def step(self, number: int, step: Any) -> Step:
        """Return one step."""
        place: Place = ("steps", number)
        if not isinstance(step, dict) or len(step) != 1:
            raise self.error(place, f"a step is one of {', '.join(ACTIONS)}, with its value")
        ((action, value),) = step.items()
        place = (*place, action)
        if action not in ACTIONS:
            raise self.error(place, f"there is no such step; there are {', '.join(ACTIONS)}")
        if action == "press":
            keys = value if isinstance(value, list) else [value]
            # a digit is a key too, and YAML takes it for a number
            keys = [str(key) if isinstance(key, int) and not isinstance(key, bool) else key for key in keys]
            if not keys or not all(isinstance(key, str) and 0 < len(key) <= 40 for key in keys):
                raise self.error(place, "it needs a key or a list of keys")
            value = tuple(keys)
        elif action == "wait":
            if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= MAX_SECONDS:
                raise self.error(place, f"it needs seconds, from 0 to {MAX_SECONDS}")
        elif action == "size":
            if (value := parse_size(value)) is None:
                raise self.error(place, _SIZES)
        elif action == "caption" and value is None:
            value = ""
        elif not isinstance(value, str):
            raise self.error(place, "it needs a text; put a number in quotes")
        return Step(action, value, self.lines.get(place, 0))
