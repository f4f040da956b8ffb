"""The orders and filters of a list, for whatever has its summaries at hand."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, Final

from nova_tui.domain.errors import QueryError
from nova_tui.domain.folding import fold
from nova_tui.domain.session_filter import parse_filter
from nova_tui.domain.summary import SessionSummary
from nova_tui.domain.times import to_microseconds

SORTS: Final = ("updated", "created", "title", "rows")
"""Orders of a list: newest change first, newest first, title A to Z, most rows first; ties by id."""


def sort_key(sort: str) -> Callable[[SessionSummary], tuple[Any, ...]]:
    """Return the key function of an order; raise QueryError for an unknown one."""
    keys: dict[str, Callable[[SessionSummary], tuple[Any, ...]]] = {
        "updated": lambda summary: (_descending(summary.updated_at), summary.id),
        "created": lambda summary: (_descending(summary.created_at), summary.id),
        "title": lambda summary: (fold(summary.title), summary.id),
        "rows": lambda summary: (-summary.rows, summary.id),
    }
    if sort not in keys:
        raise QueryError(f"{sort} is not an order; use {', '.join(SORTS)}.")
    return keys[sort]


def _descending(time: datetime) -> int:
    """Return a number that falls as the time rises."""
    return -to_microseconds(time)


def page(
    summaries: Iterable[SessionSummary],
    *,
    filter: str | None = None,
    sort: str = "updated",
    reverse: bool = False,
    after: str | None = None,
    limit: int | None = None,
) -> list[SessionSummary]:
    """Return a page of summaries, in order, behind the session `after`."""
    found = sorted(matching(summaries, filter), key=sort_key(sort), reverse=reverse)
    start = 0
    if after is not None:
        start = next((index + 1 for index, summary in enumerate(found) if summary.id == after), len(found))
    return found[start:] if limit is None else found[start : start + limit]


def matching(summaries: Iterable[SessionSummary], filter: str | None) -> list[SessionSummary]:
    """Return the summaries that a list with this filter shows; raise QueryError."""
    wanted = parse_filter(filter)
    return [
        summary
        for summary in summaries
        if wanted.takes(
            title=summary.title,
            tags=summary.tags,
            starred=summary.starred,
            archived=summary.archived,
            created_at=summary.created_at,
            updated_at=summary.updated_at,
        )
    ]
