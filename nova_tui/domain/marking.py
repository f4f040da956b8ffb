"""Where a text holds what a search looked for, so that it can be marked."""

from __future__ import annotations

import re
from typing import Final

from nova_tui.domain.query import CJK, Query, Term, tokens

_WORD: Final = re.compile(rf"[{CJK}]|[^\W{CJK}]+")


def places_of(query: Query, text: str) -> list[tuple[int, int]]:
    """Return where the wanted terms stand in a text, from start to end, in order and without overlaps."""
    words = [(token, found.start(), found.end()) for found in _WORD.finditer(text) for token in tokens(found[0])]
    places: list[tuple[int, int]] = []
    for start, end in sorted(
        (words[at][1], words[at + len(term.words) - 1][2])
        for term in query.wanted
        for at in range(len(words) - len(term.words) + 1)
        if _begins(term, [token for token, _, _ in words[at : at + len(term.words)]])
    ):
        if places and start <= places[-1][1]:
            places[-1] = (places[-1][0], max(end, places[-1][1]))
        else:
            places.append((start, end))
    return places


def _begins(term: Term, found: list[str]) -> bool:
    """Tell whether the words of a text are those of a term."""
    *whole, last = term.words
    return found[:-1] == whole and (found[-1].startswith(last) if term.prefix else found[-1] == last)
