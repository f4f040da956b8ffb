"""The search language: what a person types, as a tree that every store evaluates alike.

    refund "two payments" migrat* -draft role:user is:starred updated:<7d

All words must be in one text, a row's or a title's. A word that holds several tokens (`x.y`, CJK) stands for them in
that order. Filters: role: tag: title: has:image has:hidden is:starred is:archived updated: created:; each, like a word,
is turned round by a minus sign before it.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Final

from nova_tui.domain.errors import QueryError
from nova_tui.domain.folding import fold
from nova_tui.domain.row import Role
from nova_tui.domain.times import now

MAX_TERMS: Final = 32
MAX_LENGTH: Final = 2000

CJK: Final = (
    "\u1100-\u11ff\u3005-\u3007\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u3105-\u312f\u3131-\u318e"
    "\u31a0-\u31bf\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97c\uac00-\ud7fb\uf900-\ufad9\U00020000-\U000323af"
)
"""Characters of scripts that put no space between words: each is a token, so any run of them can be found."""
_DISPUTED: Final = "\u19b0-\u19c0\u19c8\u19c9\u1cf2\u1cf3"
"""Letters by one version of Unicode and marks by another; SQLite's table is an old one."""
_ASCII_TOKEN: Final = re.compile("[a-z0-9]+")
_PART: Final = re.compile(r"\S+")
_FILTER: Final = re.compile(r"([A-Za-z]+):(?![:/])")
_TIME: Final = re.compile(r"([<>]?)(?:(\d{1,6})([hdwmy])|(\d{4}-\d{2}-\d{2}))")
_UNITS: Final = {
    "h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1), "m": timedelta(days=30),
    "y": timedelta(days=365),
}  # fmt: skip
_CHOICES: Final = {"role": tuple(Role), "has": ("image", "hidden"), "is": ("starred", "archived")}
FILTERS: Final = ("role", "tag", "title", "has", "is", "updated", "created")


@cache
def _token() -> re.Pattern[str]:
    """Return what matches a token; made when it is first needed, because it is large and a start is not to wait."""
    return re.compile(rf"(?=[^\W_])[{CJK}]|[^\W_{CJK}{_DISPUTED}]+")


def tokens(text: str) -> list[str]:
    """Return the words of a text, folded; each CJK character is one."""
    if text.isascii():
        return _ASCII_TOKEN.findall(text.lower())
    # composing again joins the letters that folding took apart: Hangul syllables
    return _token().findall(unicodedata.normalize("NFC", fold(text)))


def haystack(text: str) -> str:
    """Return a text's tokens with a space around each, for `Term.found_in`."""
    return f" {' '.join(tokens(text))} "


@dataclass(frozen=True, slots=True)
class Term:
    """Tokens that follow each other; the last may be the beginning of a longer one."""

    words: tuple[str, ...]
    prefix: bool = False
    negated: bool = False

    def begins_in(self, text: str) -> bool:
        """Tell whether a text holds a word that begins like this one: what `found_in` tells, without a haystack."""
        (word,) = self.words
        if not text.isascii():
            return f" {word}" in haystack(text)
        text = text.lower()
        at = text.find(word)
        while at > 0 and text[at - 1].isalnum():
            at = text.find(word, at + 1)
        return at >= 0

    def found_in(self, hay: str) -> bool:
        """Tell whether a haystack holds the tokens, negated or not."""
        return (f" {' '.join(self.words)}{'' if self.prefix else ' '}" in hay) != self.negated


@dataclass(frozen=True, slots=True)
class Filter:
    """A condition on a row or its session: `is:starred`, `tag:demo`."""

    name: str
    value: str
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Span:
    """A condition on a time: not before `start`, and before `end`."""

    name: str
    start: datetime | None
    end: datetime | None
    negated: bool = False

    def holds(self, time: datetime) -> bool:
        """Tell whether a time lies in the span, or outside where that is asked."""
        inside = (self.start is None or time >= self.start) and (self.end is None or time < self.end)
        return inside != self.negated


@dataclass(frozen=True, slots=True)
class Query:
    """A search: all of its terms in one text, and all of its conditions."""

    terms: tuple[Term, ...] = ()
    filters: tuple[Filter, ...] = ()
    spans: tuple[Span, ...] = ()

    @property
    def wanted(self) -> tuple[Term, ...]:
        """The terms that a text must hold."""
        return tuple(term for term in self.terms if not term.negated)

    @property
    def empty(self) -> bool:
        """Whether nothing is looked for, which only a query that is still being typed can be."""
        return not (self.terms or self.filters or self.spans)

    @property
    def looks_at_rows(self) -> bool:
        """Whether it says anything of rows, and not of their sessions alone."""
        return bool(self.terms) or any(entry.name in ("role", "has") for entry in self.filters)

    @property
    def archived(self) -> bool:
        """Whether the search is among the archived sessions; it is among the others unless it says so."""
        return any(entry.value == "archived" and not entry.negated for entry in self.filters if entry.name == "is")

    def matches(self, hay: str) -> bool:
        """Tell whether a haystack has what the terms want."""
        return all(term.found_in(hay) for term in self.terms)

    def takes_session(
        self,
        *,
        title: str,
        tags: tuple[str, ...],
        starred: bool,
        archived: bool,
        created_at: datetime,
        updated_at: datetime,
    ) -> bool:
        """Tell whether the rows and the title of a session are looked at."""
        if archived != self.archived:
            return False
        for entry in self.filters:
            if entry.name == "tag":
                found = fold(entry.value) in map(fold, tags)
            elif entry.name == "title":
                folded = fold(title)
                found = all(word in folded for word in fold(entry.value).split())
            elif entry.name == "is" and entry.value == "starred":
                found = starred
            else:
                continue
            if found == entry.negated:
                return False
        return all(span.holds(created_at if span.name == "created" else updated_at) for span in self.spans)

    def takes_row(self, *, role: str | None, hidden: bool, image: bool) -> bool:
        """Tell whether a row with these marks is looked at; a title has none of them."""
        for entry in self.filters:
            if entry.name == "role":
                found = role == entry.value
            elif entry.name == "has":
                found = hidden if entry.value == "hidden" else image
            else:
                continue
            if found == entry.negated:
                return False
        return True


def parse_query(text: str, *, at: datetime | None = None, typing: bool = False) -> Query:
    """Read what a person typed; ages count back from `at` (default now). Raises QueryError.

    While one is still `typing`, the last word is the beginning of one, an open quote ends with the text, an unfinished
    filter at the end is not there yet, and nothing at all is an empty query.
    """
    if len(text) > MAX_LENGTH:
        raise QueryError(f"The search is longer than {MAX_LENGTH:,} characters.")
    terms: list[Term] = []
    filters: list[Filter] = []
    spans: list[Span] = []
    position, empty = 0, True
    while match := _PART.search(text, position):
        position = match.start()
        negated = text[position] == "-" and position + 1 < len(text) and not text[position + 1].isspace()
        position += negated
        name = _FILTER.match(text, position)
        if name:
            position = name.end()
        value, quoted, position = _value(text, position, typing=typing)
        unfinished = typing and position == len(text)
        if name:
            try:
                _take_filter(name[1].lower(), value, negated, at or now(), filters, spans)
            except QueryError:
                if not unfinished or name[1].lower() not in FILTERS:
                    raise
                continue
            empty = False
        elif words := tuple(tokens(value)):
            prefix = not quoted and value.endswith("*")
            if unfinished and not negated and text[-1:] != '"':
                prefix = prefix or not value[-1].isascii() or value[-1].isalnum()
            terms.append(Term(words, prefix, negated))
            empty = False
    if empty and not typing:
        raise QueryError("There is nothing to search for.")
    if len(terms) + len(filters) + len(spans) > MAX_TERMS:
        raise QueryError(f"A search has at most {MAX_TERMS} words and filters.")
    return Query(tuple(terms), tuple(filters), tuple(spans))


def _value(text: str, position: int, *, typing: bool) -> tuple[str, bool, int]:
    """Return a word or what stands between quotes, whether it was quoted, and where it ends."""
    if text[position : position + 1] == '"':
        end = text.find('"', position + 1)
        if end < 0 and typing:
            return text[position + 1 :], True, len(text)
        if end < 0:
            raise QueryError(f"The quote at character {position + 1} of the search is not closed.")
        return text[position + 1 : end], True, end + 1
    match = re.compile(r'[^\s"]*').match(text, position)
    assert match is not None
    return match[0], False, match.end()


def _take_filter(name: str, value: str, negated: bool, at: datetime, filters: list[Filter], spans: list[Span]) -> None:
    """Read one filter; raise QueryError where there is none of that name or value."""
    if name not in FILTERS:
        known = " ".join(f"{known}:" for known in FILTERS)
        raise QueryError(
            f"There is no filter {name}: (there are {known}); put quotes around it to search for the text."
        )
    if not value.strip():
        raise QueryError(f"The filter {name}: needs a value right behind it.")
    if name in ("updated", "created"):
        spans.append(_span(name, value, negated, at))
        return
    choices = _CHOICES.get(name)
    if choices is not None:
        value = value.lower()
        if value not in choices:
            raise QueryError(f"{name}:{value} is no filter; use {' or '.join(f'{name}:{one}' for one in choices)}.")
    if name == "title" and value.strip("*"):
        # a title holds the beginning of a word like any other part of one
        value = value.rstrip("*")
    filters.append(Filter(name, value, negated))


def _span(name: str, value: str, negated: bool, at: datetime) -> Span:
    """Read a time: `<7d` is less than seven days ago, `>2026-01-01` after that day, a day alone that day."""
    match = _TIME.fullmatch(value)
    try:
        if match is None:
            raise ValueError(value)
        sign, count, unit, day = match.groups()
        if unit:
            edge = at - int(count) * _UNITS[unit]
            # an age: the smaller, the later
            return Span(name, None, edge, negated) if sign == ">" else Span(name, edge, None, negated)
        start = datetime.fromisoformat(day).replace(tzinfo=UTC)
        end = start + timedelta(days=1)
    except (ValueError, OverflowError) as error:
        raise QueryError(
            f"{name}:{value} is no time; write {name}:<7d, {name}:>2026-01-31 or {name}:2026-01-31."
        ) from error
    if sign == "<":
        return Span(name, None, start, negated)
    return Span(name, end if sign == ">" else start, None if sign == ">" else end, negated)
