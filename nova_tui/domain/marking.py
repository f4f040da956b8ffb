"""Where a text holds what a search looked for, so that it can be marked."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from nova_tui.domain.folding import fold
from nova_tui.domain.query import CJK, Query, Term, tokens


@cache
def _word() -> re.Pattern[str]:
    """Return what matches a word as it stands in a text; made when it is first needed."""
    return re.compile(rf"[{CJK}]|[^\W{CJK}]+")


def places_of(query: Query, text: str) -> list[tuple[int, int]]:
    """Return where the wanted terms stand in a text, from start to end, in order and without overlaps."""
    if not _may_hold(query, text):
        return []
    words = [(token, found.start(), found.end()) for found in _word().finditer(text) for token in tokens(found[0])]
    return joined(
        [
            (words[at][1], words[at + len(term.words) - 1][2])
            for term in query.wanted
            for at in range(len(words) - len(term.words) + 1)
            if _begins(term, [token for token, _, _ in words[at : at + len(term.words)]])
        ]
    )


def _may_hold(query: Query, text: str) -> bool:
    """Tell, without looking at words, whether any wanted term can stand in a text."""
    folded = text.lower() if text.isascii() else unicodedata.normalize("NFC", fold(text))
    return any(all(word in folded for word in term.words) for term in query.wanted)


def substrings_of(words: tuple[str, ...], text: str) -> list[tuple[int, int]]:
    """Return where a text holds folded words anywhere, as a list's filter finds them in titles."""
    wanted = sorted({word for word in words if word}, key=len, reverse=True)
    if not wanted:
        return []
    folded, places = _folded_places(text)
    found = re.finditer("|".join(map(re.escape, wanted)), folded)
    return [(places[one.start()], places[one.end() - 1] + 1) for one in found]


def joined(*several: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return places in order and without overlaps."""
    places: list[tuple[int, int]] = []
    for start, end in sorted(place for some in several for place in some):
        if places and start <= places[-1][1]:
            places[-1] = (places[-1][0], max(end, places[-1][1]))
        else:
            places.append((start, end))
    return places


def _folded_places(text: str) -> tuple[str, list[int]]:
    """Return the folded text and, for each of its characters, where it comes from."""
    if text.isascii():
        return text.lower(), list(range(len(text)))
    folded, places = [], []
    for index, character in enumerate(text):
        for piece in fold(character):
            folded.append(piece)
            places.append(index)
    return "".join(folded), places


def _begins(term: Term, found: list[str]) -> bool:
    """Tell whether the words of a text are those of a term."""
    *whole, last = term.words
    return found[:-1] == whole and (found[-1].startswith(last) if term.prefix else found[-1] == last)
