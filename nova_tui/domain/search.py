"""SearchHit: one row or title that a search found, why it ranks where it does, and the words around it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from nova_tui.domain.query import Query, tokens
from nova_tui.domain.row import Role

SNIPPET: Final = 120
"""Characters of a snippet, about."""
CANDIDATES: Final = 400
"""Newest hits among which the best are looked for; with more, the oldest are neither ranked nor returned."""
COUNTED: Final = 1000
"""Hits that are counted, and rows of one session that are named, unless another number is asked for."""
_LOOKED_AT: Final = 100_000
"""Characters of a text in which the place of a word is looked for."""
_COUNTED_IN: Final = 2000
"""Characters of a text in which a word is counted."""
_USUAL_LENGTH: Final = 400
_TITLE_WEIGHT: Final = 2.0
_WORD: Final = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class SearchHit:
    """One row that a search found, or a title (then `row_id` and `role` are None)."""

    session_id: str
    row_id: str | None
    title: str
    role: Role | None
    timestamp: datetime
    """The row's time; of a title the session's last change."""
    snippet: str
    """The words around the first one found, on one line; as stored, so it has to be cleaned before it is shown."""
    score: float


@dataclass(frozen=True, slots=True)
class RowHit:
    """A row of a known session that a query finds."""

    position: int
    row_id: str


@dataclass(frozen=True, slots=True)
class SessionHits:
    """What a query finds in one session."""

    rows: tuple[RowHit, ...] = ()
    """The rows in their order; no more than were asked for."""
    count: int = 0
    """How many rows there are in all."""


def score_of(query: Query, text: str, *, title: bool = False) -> float:
    """Return how well a text fits: often, in a short text, and in a title is better."""
    lowered = text[:_COUNTED_IN].lower()
    shortness = 1.2 * (0.25 + 0.75 * len(text) / _USUAL_LENGTH)
    score = 0.0
    for term in query.terms:
        if not term.negated:
            often = lowered.count(term.words[0]) or 1
            score += often / (often + shortness)
    return round(score * (_TITLE_WEIGHT if title else 1.0), 6)


def snippet_of(query: Query, text: str) -> str:
    """Return the words around the first place where a term is found, else the beginning."""
    at = _first_place(query, text[:_LOOKED_AT])
    start = max(0, at - SNIPPET // 3)
    if start:
        blank = text.find(" ", start, at)
        start = blank + 1 if blank >= 0 else start
    end = min(len(text), start + SNIPPET)
    if end < len(text):
        blank = text.rfind(" ", at + 1, end)
        end = blank if blank > at else end
    words = " ".join(text[start:end].split())
    return f"{'…' if start else ''}{words}{'…' if end < len(text) else ''}"


def _first_place(query: Query, text: str) -> int:
    """Return where the first wanted term begins, 0 where that cannot be told."""
    word = next((term.words[0] for term in query.terms if not term.negated), None)
    if word is None:
        return 0
    lowered = text.lower()
    if len(lowered) == len(text):
        first = at = lowered.find(word)
        while at > 0 and lowered[at - 1].isalnum():
            at = lowered.find(word, at + 1)
        if first >= 0:
            return at if at >= 0 else first
    if text.isascii():
        return 0
    for found in _WORD.finditer(text):
        if any(token.startswith(word) for token in tokens(found[0])):
            return found.start()
    return 0
