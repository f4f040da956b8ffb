"""What a list's filter asks of a store: first for titles, then for texts, then how many hits there are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from nova_tui.domain.errors import QueryError
from nova_tui.domain.marking import joined, places_of, substrings_of
from nova_tui.domain.query import Query, parse_query
from nova_tui.domain.search import COUNTED, SearchHit
from nova_tui.domain.session_filter import parse_filter
from nova_tui.services.library import Library
from nova_tui.services.list_view import ARCHIVE, SESSIONS, STARRED, TRASH, Listed, ListView

SESSIONS_FOUND: Final = 100
"""Sessions that are listed because of their texts; the newest hits first."""
_TITLES_TOO: Final = 400
"""Sessions found by their titles that may come before those in the answer to a search."""
_SEARCHED: Final = {SESSIONS: "", STARRED: "is:starred ", ARCHIVE: "is:archived "}
"""The shelves whose texts are searched, and what the search says of them."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A view's filter, as far as it can be understood."""

    view: ListView
    """The view by its titles: what is no condition (yet) is left out of its filter."""
    title_words: tuple[str, ...]
    """What that looks for anywhere in a title."""
    titles: bool
    """Whether titles can be what the filter asks for; those who name a role or a picture ask for rows alone."""
    text: str
    """What the texts are searched for; empty where they are not."""
    query: Query
    """The same, read."""
    problem: str
    """What is wrong with the filter, in a sentence; unfinished is not wrong."""

    @property
    def words(self) -> bool:
        """Whether texts are searched for words, which can be marked."""
        return bool(self.text and self.query.wanted)

    def in_title(self, text: str) -> list[tuple[int, int]]:
        """Return what to mark in a title: what the list's own filter finds there, and what the search finds."""
        return joined(substrings_of(self.title_words, text), places_of(self.query, text))

    def in_text(self, text: str) -> list[tuple[int, int]]:
        """Return what to mark in a text."""
        return places_of(self.query, text)


@dataclass(frozen=True, slots=True)
class Texts:
    """Sessions that are found by what they hold."""

    hits: Mapping[str, SearchHit]
    """The hit of each, best first."""
    more: bool = False
    """Whether there may be others."""

    def after(self, listed: Sequence[str]) -> list[str]:
        """Return the sessions of a list, then those that only their texts (or words of the title) bring into it."""
        known = set(listed)
        return [*listed, *(session_id for session_id in self.hits if session_id not in known)]


def ask(view: ListView) -> Asked:
    """Read a view's filter."""
    problem, query = "", Query()
    try:
        query = parse_query(view.filter, typing=True)
    except QueryError as error:
        problem = str(error)
    searched = bool(query.wanted) or any(entry.name in ("role", "has") for entry in query.filters)
    text = f"{_SEARCHED[view.shelf]}{view.filter}" if searched and view.shelf != TRASH and not problem else ""
    by_rows = any(entry.name in ("role", "has") for entry in query.filters)
    if by_rows and view.shelf == TRASH:
        problem = "The trash is filtered by titles alone."
    sound = _sound(view.filter)
    return Asked(replace(view, filter=sound), parse_filter(sound).words, not by_rows, text, query, problem)


def titles(asked: Asked, library: Library, *, count: bool) -> Listed:
    """Return the sessions whose titles are found, in the view's order; all of them without a filter."""
    if asked.titles:
        return asked.view.listed(library, count=count)
    total = replace(asked.view, filter="").listed(library, count=True).total if count else None
    return Listed((), {}, total)


def texts(asked: Asked, listed: int, library: Library) -> Texts:
    """Return the sessions whose texts are found; so many are listed for their titles."""
    limit = SESSIONS_FOUND + min(listed, _TITLES_TOO)
    found = library.store.search_sessions(library.user_id, asked.text, limit=limit, typing=True)
    return Texts({hit.session_id: hit for hit in found}, len(found) == limit)


def hits(asked: Asked, library: Library) -> int:
    """Return how many rows and titles are found, COUNTED where there are more."""
    return library.store.count(library.user_id, asked.text, limit=COUNTED, typing=True)


def _sound(text: str) -> str:
    """Return a filter less its end that is no condition (yet); a quote that is still open is closed."""
    if text == "-" or text.endswith(" -"):
        text = text[:-1]
    if text.count('"') % 2:
        text += '"'
    while True:
        try:
            parse_filter(text)
        except QueryError:
            text = text.rpartition(" ")[0]
        else:
            return text
