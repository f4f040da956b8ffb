"""Completion of a filter that is being typed: the names of conditions, and their values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from nova_tui.domain.folding import fold
from nova_tui.domain.safe_text import clean_line

NAMES: Final = ("tag:", "title:", "role:", "is:", "has:", "updated:", "created:")
"""Conditions, the likeliest first."""
_AGES: Final = ("<1d", "<7d", "<30d", "<1y")
_VALUES: Final = {
    "role": ("user", "assistant", "system"),
    "is": ("starred", "archived"),
    "has": ("image", "hidden"),
    "updated": _AGES,
    "created": _AGES,
}


def completions(text: str, tags: Sequence[str] = ()) -> list[str]:
    """Return the texts that its last word can become, the likeliest first; none where it is complete or a word."""
    start = max(text.rfind(" "), text.rfind("\t")) + 1
    before, word = text[:start], text[start:]
    if before.count('"') % 2:
        return []
    sign = "-" if word.startswith("-") else ""
    name, colon, value = word[len(sign) :].partition(":")
    if not colon:
        return [f"{before}{sign}{known}" for known in NAMES if name and known.startswith(name.lower())]
    name = name.lower()
    known = [_quoted(tag) for tag in tags if _typable(tag)] if name == "tag" else _VALUES.get(name, ())
    typed = fold(value)
    return [f"{before}{sign}{name}:{one}" for one in known if fold(one).startswith(typed) and one != value]


def _quoted(tag: str) -> str:
    """Return a tag as the search language takes it."""
    return f'"{tag}"' if " " in tag else tag


def _typable(tag: str) -> bool:
    """Tell whether a tag can stand in a filter and on the screen just as it is."""
    return bool(tag) and '"' not in tag and len(tag) <= 60 and clean_line(tag, 60) == tag
