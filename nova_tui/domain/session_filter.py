"""SessionFilter: which sessions a list shows, by words of the title and by conditions of the search language.

`refund "two payments" migrat* -old tag:demo is:starred -is:archived updated:<7d`: words are looked for anywhere
in the title, conditions are those of the search language on sessions; a `-` turns either round. What only looks like
one (`Re: …`) is a word.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from nova_tui.domain.errors import QueryError
from nova_tui.domain.folding import fold
from nova_tui.domain.query import Filter, Query, Span, parse_query

CONDITIONS: Final = ("tag", "title", "is", "updated", "created")
"""The search language's conditions on sessions."""
ROW_CONDITIONS: Final = ("role", "has")
"""Its conditions on rows, which a list of sessions cannot answer."""
_PART: Final = re.compile(r'(-?)(?:([A-Za-z]+):)?(?:"([^"]*)"(?=\s|$)|(\S*))')


@dataclass(frozen=True, slots=True)
class SessionFilter:
    """Words that a title holds or does not hold, folded, and conditions."""

    words: tuple[str, ...] = ()
    unwanted: tuple[str, ...] = ()
    filters: tuple[Filter, ...] = ()
    spans: tuple[Span, ...] = ()

    def takes(
        self,
        *,
        title: str,
        tags: tuple[str, ...],
        starred: bool,
        archived: bool,
        created_at: datetime,
        updated_at: datetime,
    ) -> bool:
        """Tell whether a list shows a session with these facts."""
        folded = fold(title)
        if not all(word in folded for word in self.words) or any(word in folded for word in self.unwanted):
            return False
        if any((archived if entry.value == "archived" else starred) == entry.negated for entry in self.states):
            return False
        rest = tuple(entry for entry in self.filters if entry.name != "is")
        # the search language keeps archived sessions apart, a list only where its filter says so
        return Query(filters=rest, spans=self.spans).takes_session(
            title=title, tags=tags, starred=starred, archived=False, created_at=created_at, updated_at=updated_at
        )

    @property
    def states(self) -> tuple[Filter, ...]:
        """The conditions on star and archive."""
        return tuple(entry for entry in self.filters if entry.name == "is")


def parse_filter(text: str | None, *, at: datetime | None = None) -> SessionFilter:
    """Read a list's filter; ages count back from `at` (default now). Raises QueryError for a condition that is none."""
    words: list[str] = []
    unwanted: list[str] = []
    filters: list[Filter] = []
    spans: list[Span] = []
    for match in _PART.finditer(text or ""):
        if not match[0]:
            continue
        negated, name, quoted, plain = match.groups()
        if name is not None and name.lower() in ROW_CONDITIONS and (quoted or plain):
            known = " ".join(f"{condition}:" for condition in CONDITIONS)
            raise QueryError(f"{name}: is about rows; a list of sessions has {known}.")
        if name is not None and name.lower() in CONDITIONS and not (plain or "").startswith(":"):
            query = parse_query(match[0], at=at)
            filters += query.filters
            spans += query.spans
            continue
        phrase = quoted is not None and name is None
        value = quoted if phrase and quoted is not None else match[0][len(negated) :]
        target = unwanted if negated and value else words
        folded = fold(value)
        if phrase:
            target += [" ".join(folded.split())] if folded.strip() else []
        else:
            target += [folded.rstrip("*") or folded] if value else [negated]
    return SessionFilter(tuple(words), tuple(unwanted), tuple(filters), tuple(spans))
