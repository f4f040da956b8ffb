"""Search over sessions as they are: what the base class does, and what every database must agree with."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from nova_tui.domain.query import Query, haystack
from nova_tui.domain.row import Role
from nova_tui.domain.search import CANDIDATES, RowHit, SearchHit, SessionHits, score_of, snippet_of
from nova_tui.domain.session import Session
from nova_tui.domain.times import from_microseconds, to_microseconds

Found = tuple[int, str, int, str | None, str, str | None, str]
"""A hit before it is shown: microseconds, session id, position (before all for a title), row id, title, role, text."""
TITLE_PLACE = -(2**63)
"""Where a title stands among the rows of its session: before all."""


def find_hits(sessions: Iterable[Session], query: Query, *, limit: int, newest: bool) -> Sequence[SearchHit]:
    """Return the rows and titles that a query finds, newest or best first."""
    return hits_of(query, _found(sessions, query), limit=limit, newest=newest)


def find_sessions(sessions: Iterable[Session], query: Query, *, limit: int) -> Sequence[SearchHit]:
    """Return one hit of each session: those with a title that is found, then the newest row of any other."""
    best: dict[str, Found] = {}
    for one in sorted(_found(sessions, query), key=session_order):
        best.setdefault(one[1], one)
    return [hit_of(query, one) for one in islice(best.values(), limit)]


def count_hits(sessions: Iterable[Session], query: Query, *, limit: int) -> int:
    """Return how many rows and titles a query finds, no more than `limit`."""
    return sum(1 for _ in islice(_found(sessions, query), max(0, limit)))


def hits_in(session: Session, query: Query, *, limit: int) -> SessionHits:
    """Return the rows of one session that have a query's words and marks, whatever it says of sessions."""
    if not query.looks_at_rows:
        return SessionHits()
    found = [RowHit(position, row_id) for _, _, position, row_id, *_ in _rows_in(session, query) if row_id is not None]
    return SessionHits(tuple(found[: max(0, limit)]), len(found))


def hits_of(query: Query, found: Iterable[Found], *, limit: int, newest: bool) -> Sequence[SearchHit]:
    """Return hits in their order: by time, then session and position; or the best of the newest first."""
    ordered = sorted(found, key=order_of)
    if newest:
        return [hit_of(query, one) for one in ordered[:limit]]
    ranked = sorted(
        ((_score(query, one), -number, one) for number, one in enumerate(ordered[:CANDIDATES])), reverse=True
    )
    return [hit_of(query, one, score) for score, _, one in ranked[:limit]]


def hit_of(query: Query, one: Found, score: float | None = None) -> SearchHit:
    """Return a hit with its snippet."""
    at, session_id, _, row_id, title, role, text = one
    return SearchHit(
        session_id,
        row_id,
        title,
        None if role is None else Role(role),
        from_microseconds(at),
        snippet_of(query, text),
        _score(query, one) if score is None else score,
    )


def order_of(one: Found) -> tuple[int, str, int]:
    """Return the key of the order by time, newest first."""
    return -one[0], one[1], one[2]


def session_order(one: Found) -> tuple[bool, int, str, int]:
    """Return the key of the order in which sessions are shown: titles first, each by time."""
    return one[3] is not None, -one[0], one[1], one[2]


def _found(sessions: Iterable[Session], query: Query) -> Iterator[Found]:
    """Yield the titles and rows that a query finds, in no order."""
    if query.empty:
        return
    for session in sessions:
        if query.takes_session(
            title=session.title,
            tags=session.tags,
            starred=session.starred,
            archived=session.archived,
            created_at=session.created_at,
            updated_at=session.updated_at,
        ):
            yield from _title_of(session, query)
            yield from _rows_in(session, query)


def _title_of(session: Session, query: Query) -> Iterator[Found]:
    """Yield a session's title where it is found; one counts only when somebody gave it."""
    title = session.typed_title
    if title is not None and query.takes_row(role=None, hidden=False, image=False) and query.matches(haystack(title)):
        yield to_microseconds(session.updated_at), session.id, TITLE_PLACE, None, title, None, title


def _rows_in(session: Session, query: Query) -> Iterator[Found]:
    """Yield the rows of a session that a query finds."""
    for position, row in enumerate(session.dialog.rows):
        if query.takes_row(role=row.role, hidden=row.hidden, image=bool(row.images)) and query.matches(
            haystack(row.text)
        ):
            yield to_microseconds(row.timestamp), session.id, position, row.id, session.title, row.role, row.text


def _score(query: Query, one: Found) -> float:
    """Return how well a hit fits."""
    return score_of(query, one[6], title=one[3] is None)
