"""ListView: what a list of sessions shows and in which order; a person can keep views and come back to them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from nova_tui.domain.session_filter import parse_filter
from nova_tui.domain.summary import SessionSummary, TimedOrder
from nova_tui.domain.times import now
from nova_tui.services.day_groups import DayGroups
from nova_tui.services.library import Library
from nova_tui.storage.ordering import SORTS, matching, sort_key

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
    groups: DayGroups = field(default_factory=DayGroups)
    """The days, where the list is to have headings."""


@dataclass(frozen=True, slots=True)
class ListView:
    """A shelf, a filter and an order. Raises QueryError, when it is asked for ids, for a filter that is none."""

    shelf: str = SESSIONS
    filter: str = ""
    sort: str = "updated"
    reverse: bool = False
    by_day: bool = False
    """Whether each day has a heading, in an order of time."""

    @property
    def timed(self) -> bool:
        """Whether the order is one of time, which can have headings."""
        return self.sort in ("updated", "created")

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
            return self._page(found, len(every))
        ids, groups = _order(self, library)
        total = None
        if count or not self.filter:
            whole = replace(self, filter="", by_day=False)
            total = len(_order(whole, library)[0] if self.filter else ids)
        return Listed(ids, {}, total, groups)

    def first_page(self, library: Library, size: int) -> Listed | None:
        """Return the first sessions of the view, None where only the whole order tells which those are."""
        store, user_id = library.store, library.user_id
        if self.shelf == TRASH:
            plain = self.sort == "updated" and not self.reverse and not self.filter
            return self._page(store.trash(user_id, limit=size)) if plain else None
        wanted = self.store_filter or None
        return self._page(store.summaries(user_id, filter=wanted, sort=self.sort, reverse=self.reverse, limit=size))

    def _page(self, found: Sequence[SessionSummary], total: int | None = None) -> Listed:
        """Return sessions of which everything is known."""
        groups = self.groups_of(TimedOrder.of(found, self.sort).times) if self.by_day else DayGroups()
        return Listed(tuple(one.id for one in found), {one.id: one for one in found}, total, groups)

    def groups_of(self, times: Sequence[int]) -> DayGroups:
        """Return the days that the headings name."""
        return DayGroups.of(times, now(), reverse=self.reverse) if self.timed else DayGroups()

    def to_mapping(self) -> dict[str, Any]:
        """Return it as JSON values."""
        return {
            "shelf": self.shelf,
            "filter": self.filter,
            "sort": self.sort,
            "reverse": self.reverse,
            "by_day": self.by_day,
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
            mapping.get("by_day") is True,
        )


def _order(view: ListView, library: Library) -> tuple[Sequence[str], DayGroups]:
    """Return the ids of all sessions in a view, in its order, and their days where it has headings."""
    wanted, turn = view.store_filter or None, slice(None, None, -1 if view.reverse else 1)
    if not (view.by_day and view.timed):
        return library.store.session_ids(library.user_id, filter=wanted, sort=view.sort)[turn], DayGroups()
    found = library.store.timed_order(library.user_id, filter=wanted, sort=view.sort)
    return found.ids[turn], view.groups_of(found.times[turn])
