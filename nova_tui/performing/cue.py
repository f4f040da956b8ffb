"""Cue: how one row is performed, read from `metadata["demo"]`, from a script's file, or left to the defaults."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from nova_tui.domain.safe_text import clean, clean_line

Refuse = Callable[[str, str], None]
"""Takes a key and what is wrong with its value; it may raise."""

MAX_SECONDS: Final = 3600
MAX_WORDS: Final = 500
"""Characters of a chapter or a caption."""
MAX_NOTE: Final = 20_000
MAX_HIGHLIGHTS: Final = 50


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines of a row, counted from 1, both included."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Cue:
    """How one row is performed; times are milliseconds, rates are per second."""

    chapter: str = ""
    """The chapter that begins with the row."""
    caption: str = ""
    """What the audience reads below the dialog while the row is on stage."""
    note: str = ""
    """What only the speaker reads."""
    highlight: tuple[str | Lines, ...] = ()
    """What is marked once the row is complete; a text between slashes is a regular expression."""
    collapse: int = 0
    """How many lines are shown at most, 0 for all."""
    skip: bool = False
    """Whether the row is left out."""
    pause: int = 0
    """Wait before the row."""
    wait: bool = False
    """Whether the row waits for a key."""
    hold: int = 0
    """Wait after the row, besides the usual gap."""
    type: str = "human"
    """How a user's row comes: human, paste or instant."""
    by: str = "token"
    """What comes at once of other rows: token, word, line or block."""
    cadence: str = "smooth"
    """How other rows flow: smooth, or in bursts as from an api."""
    speed: float = 1.0
    cps: float = 14.0
    """Characters that a person types."""
    tps: float = 45.0
    """Tokens that an assistant writes."""
    think: int = 800
    """Wait before an assistant's first token."""
    gap: int = 700
    """Wait after each row."""


DEFAULT_KEYS: Final = ("cps", "tps", "by", "think", "gap", "cadence", "type", "speed")
"""What may be set for all rows."""
CUE_KEYS: Final = ("chapter", "caption", "note", "highlight", "collapse", "skip", "pause", "hold", *DEFAULT_KEYS)
"""What may be set for one row."""
_CHOICES: Final = {
    "type": ("human", "paste", "instant"),
    "by": ("token", "word", "line", "block"),
    "cadence": ("smooth", "api"),
}
_RATES: Final = {"speed": (0.05, 20.0), "cps": (0.5, 500.0), "tps": (0.5, 5000.0)}
_TIMES: Final = ("pause", "hold", "think", "gap")


def read_cue(mapping: object, refuse: Refuse, *, keys: tuple[str, ...] = CUE_KEYS, patterns: bool) -> dict[str, Any]:
    """Return the usable settings of a mapping, checked; what is wrong goes to `refuse` and is left out.

    Regular expressions (`patterns`) are taken only from a person's own file: a stranger's could keep the program busy.
    """
    if not isinstance(mapping, Mapping):
        refuse("", "it is not a mapping of keys to values")
        return {}
    cue: dict[str, Any] = {}
    for key, value in mapping.items():
        if key not in keys:
            refuse(key, f"there is no such key; there are {', '.join(keys)}")
        elif value is not None:
            _read_value(cue, key, value, partial(refuse, key), patterns=patterns)
    return cue


def _read_value(cue: dict[str, Any], key: str, value: Any, refuse: Callable[[str], None], *, patterns: bool) -> None:
    """Check one value and put it into the cue."""
    if key == "pause" and value == "key":
        cue["wait"] = True
    elif key in _CHOICES:
        if value in _CHOICES[key]:
            cue[key] = value
        else:
            refuse(f"it is one of {', '.join(_CHOICES[key])}")
    elif key in _RATES or key in _TIMES:
        least, most = _RATES.get(key, (0, MAX_SECONDS))
        if _is_number(value) and least <= value <= most:
            cue[key] = round(value * 1000) if key in _TIMES else float(value)
        else:
            other = " or the word key" if key == "pause" else ""
            refuse(f"it needs a number from {least:g} to {most:g}{other}")
    elif key == "collapse":
        if _is_number(value) and value == int(value) and 1 <= value <= 100_000:
            cue[key] = int(value)
        else:
            refuse("it needs a count of lines")
    elif key == "skip":
        if isinstance(value, bool):
            cue[key] = value
        else:
            refuse("it needs true or false")
    elif key == "highlight":
        _read_highlights(cue, value, refuse, patterns=patterns)
    elif isinstance(value, str):
        cue[key] = clean(value, MAX_NOTE) if key == "note" else clean_line(value, MAX_WORDS)
    else:
        refuse("it needs a text")


def _is_number(value: Any) -> bool:
    """Tell whether a value is a finite number."""
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _read_highlights(cue: dict[str, Any], value: Any, refuse: Callable[[str], None], *, patterns: bool) -> None:
    """Check what is to be highlighted."""
    found: list[str | Lines] = []
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, str) and item:
            if is_pattern(item) and not patterns:
                refuse("a regular expression is taken from a script's file only")
            elif is_pattern(item) and (reason := _mistake(item[1:-1])):
                refuse(reason)
            else:
                found.append(item)
        elif isinstance(item, Mapping) and set(item) == {"lines"} and (lines := _read_lines(item["lines"])):
            found.append(lines)
        else:
            refuse("it needs texts, or lines: 3-5")
    cue["highlight"] = tuple(found[:MAX_HIGHLIGHTS])


def _read_lines(value: Any) -> Lines | None:
    """Return lines written as 3 or 3-5; None for anything else."""
    first, _, last = str(value).partition("-")
    if isinstance(value, bool) or not (first.isdecimal() and (last or first).isdecimal() and len(str(value)) < 20):
        return None
    lines = Lines(int(first), int(last or first))
    return lines if 1 <= lines.first <= lines.last else None


def _mistake(expression: str) -> str:
    """Return what is wrong with a regular expression, nothing where it can be used."""
    try:
        re.compile(expression)
    except (re.error, RecursionError) as error:
        return f"not a regular expression: {error}"
    return ""


def is_pattern(text: str) -> bool:
    """Tell whether a text is a regular expression between slashes."""
    return len(text) > 2 and text.startswith("/") and text.endswith("/")
