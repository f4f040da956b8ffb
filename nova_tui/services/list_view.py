"""ListView: what a list of sessions shows and in which order; a person can keep views and come back to them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from nova_tui.domain.session_filter import parse_filter
from nova_tui.domain.summary import SessionSummary
from nova_tui.services.library import Library
from nova_tui.storage.provider import SORTS, matching, sort_key

SESSIONS: Final = "sessions"
STARRED: Final = "starred"
ARCHIVE: Final = "archive"
TRASH: Final = "trash"
SHELVES: Final = {SESSIONS: "-is:archived", STARRED: "is:starred -is:archived", ARCHIVE: "is:archived", TRASH: ""}
"""Where sessions stand, and the filter that finds them there; the trash is a place of its own."""
_LABELS: Final = {
    "updated": ("updated ↓", "updated ↑"),
    "created": ("created ↓", "created ↑"),
    "title": ("title A–Z", "title Z–A"),
    "rows": ("rows ↓", "rows ↑"),
}


@dataclass(frozen=True, slots=True)
class Listed:
    """The sessions of a view."""

    ids: Sequence[str]
    summaries: Mapping[str, SessionSummary]
    """What is known of them already."""
    total: int | None
    """How many there are without the filter, where that was asked for or costs nothing."""


@dataclass(frozen=True, slots=True)
class ListView:
    """A shelf, a filter and an order. Raises QueryError, when it is asked for ids, for a filter that is none."""

    shelf: str = SESSIONS
    filter: str = ""
    sort: str = "updated"
    reverse: bool = False

    @property
    def order(self) -> str:
        """What a person reads of the order."""
        return _LABELS[self.sort][self.reverse]

    @property
    def store_filter(self) -> str:
        """The filter as a store takes it; one that speaks of the archive itself is not held back from it."""
        own = SHELVES[self.shelf]
        if self.shelf == SESSIONS and any(one.value == "archived" for one in parse_filter(self.filter).states):
            own = ""
        return f"{own} {self.filter}".strip()

    def listed(self, library: Library, *, count: bool) -> Listed:
        """Return what the view shows, in its order; `count` asks for the shelf's total too. Raises QueryError."""
        if self.shelf == TRASH:
            every = library.store.trash(library.user_id)
            found = sorted(matching(every, self.filter), key=sort_key(self.sort), reverse=self.reverse)
            return Listed(tuple(one.id for one in found), {one.id: one for one in found}, len(every))
        ids = _ids(self, library)
        total = None
        if count or not self.filter:
            total = len(_ids(replace(self, filter=""), library) if self.filter else ids)
        return Listed(ids, {}, total)

    def first_page(self, library: Library, size: int) -> Listed | None:
        """Return the first sessions of the view, None where only the whole order tells which those are."""
        if self.shelf == TRASH or self.reverse:
            return None
        wanted = self.store_filter or None
        found = library.store.summaries(library.user_id, filter=wanted, sort=self.sort, limit=size)
        return Listed(tuple(one.id for one in found), {one.id: one for one in found}, None)

    def to_mapping(self) -> dict[str, Any]:
        """Return it as JSON values."""
        return {
            "shelf": self.shelf,
            "filter": self.filter,
            "sort": self.sort,
            "reverse": self.reverse,
        }

    @classmethod
    def from_mapping(cls, mapping: object) -> ListView:
        """Read it back; what is no value of ours is left at its default."""
        if not isinstance(mapping, Mapping):
            return cls()
        shelf, text, sort = (mapping.get(key) for key in ("shelf", "filter", "sort"))
        return cls(
            shelf if isinstance(shelf, str) and shelf in SHELVES else SESSIONS,
            text if isinstance(text, str) and len(text) <= 2000 else "",
            sort if isinstance(sort, str) and sort in SORTS else "updated",
            mapping.get("reverse") is True,
        )


def _ids(view: ListView, library: Library) -> Sequence[str]:
    """Return the ids of all sessions in a view, in its order."""
    found = library.store.session_ids(library.user_id, filter=view.store_filter or None, sort=view.sort)
    return found[::-1] if view.reverse else found
