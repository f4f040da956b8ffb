"""Search over sessions as they are: what the base class does, and what every database must agree with."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from nova_tui.domain.query import Query, haystack
from nova_tui.domain.row import Role
from nova_tui.domain.search import CANDIDATES, SearchHit, score_of, snippet_of
from nova_tui.domain.session import Session
from nova_tui.domain.times import to_microseconds

Found = tuple[int, str, int, str | None, str, Role | None, datetime, str]
"""A hit before it is shown: microseconds, session id, position (-1 for a title), row id, title, role, time, text."""


def search_sessions(sessions: Iterable[Session], query: Query, *, limit: int, newest: bool) -> Sequence[SearchHit]:
    """Return the rows and titles that a query finds."""
    found: list[Found] = []
    for session in sessions:
        if _takes(query, session):
            found += _found_in(query, session)
    return hits_of(query, found, limit=limit, newest=newest)


def hits_of(query: Query, found: Iterable[Found], *, limit: int, newest: bool) -> Sequence[SearchHit]:
    """Return hits in their order: by time, then session and position; or the best of the newest first."""
    ordered = sorted(found, key=order_of)
    if newest:
        return [_hit(query, one, _score(query, one)) for one in ordered[:limit]]
    ranked = sorted(
        ((_score(query, one), -number, one) for number, one in enumerate(ordered[:CANDIDATES])), reverse=True
    )
    return [_hit(query, one, score) for score, _, one in ranked[:limit]]


def order_of(one: Found) -> tuple[int, str, int]:
    """Return the key of the order by time, newest first."""
    return -one[0], one[1], one[2]


def _takes(query: Query, session: Session) -> bool:
    """Tell whether a session is searched."""
    return query.takes_session(
        title=session.title,
        tags=session.tags,
        starred=session.starred,
        archived=session.archived,
        created_at=session.created_at,
        updated_at=session.updated_at,
    )


def _found_in(query: Query, session: Session) -> Iterable[Found]:
    """Yield what a query finds in one session; a title counts when somebody gave it."""
    title = session.typed_title
    if title is not None and query.takes_row(role=None, hidden=False, image=False) and query.matches(haystack(title)):
        at = session.updated_at
        yield to_microseconds(at), session.id, -1, None, title, None, at, title
    for position, row in enumerate(session.dialog.rows):
        if query.takes_row(role=row.role, hidden=row.hidden, image=bool(row.images)) and query.matches(
            haystack(row.text)
        ):
            at = row.timestamp
            yield to_microseconds(at), session.id, position, row.id, session.title, row.role, at, row.text


def _score(query: Query, one: Found) -> float:
    """Return how well a hit fits."""
    return score_of(query, one[7], title=one[3] is None)


def _hit(query: Query, one: Found, score: float) -> SearchHit:
    """Return a hit with its snippet."""
    _, session_id, _, row_id, title, role, at, text = one
    return SearchHit(session_id, row_id, title, role, at, snippet_of(query, text), score)
