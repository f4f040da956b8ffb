"""Search in a SQLite store: FTS5 finds, newest first by the key of the rows, and only what is shown is read.

The index holds the tokens of domain/query.py. Texts of which FTS5's unicode61 tokenizer makes the same tokens are
indexed as they are; for any other the tokens themselves are kept beside the text (`rows.folded`, see sqlite_rows).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any, Final

from nova_tui.domain.folding import fold
from nova_tui.domain.query import Query, Term
from nova_tui.domain.row import Role
from nova_tui.domain.search import CANDIDATES, SearchHit
from nova_tui.domain.times import from_microseconds, to_microseconds
from nova_tui.storage.searching import Found, hits_of, order_of
from nova_tui.storage.sqlite_driver import Connection
from nova_tui.storage.sqlite_rows import KEYS_A_SECOND, to_json

TITLE_PLACE: Final = -(2**63)
"""Where a title stands among the rows of its session: before all."""
FEW_SESSIONS: Final = 200
"""Up to so many sessions are searched row by row; among more, the index is walked from the newest hit on."""
_HIT: Final = (
    "s.id, s.title, s.tags, s.starred, s.archived, s.created_at, s.updated_at, "
    "r.key, r.at, r.place, r.id, r.role, r.hidden, r.images IS NOT NULL AND r.images != '[]'"
)


def search(connection: Connection, user_id: str, query: Query, *, limit: int, newest: bool) -> Sequence[SearchHit]:
    """Return the rows and titles that a query finds among a user's sessions."""
    bound = limit if newest else max(limit, CANDIDATES)
    rows = sorted(_newest_rows(connection, user_id, query, bound), key=order_of)[:bound]
    found = sorted([*rows, *_titles(connection, user_id, query, bound)], key=order_of)[:bound]
    return hits_of(query, _with_texts(connection, found), limit=limit, newest=newest)


def _newest_rows(connection: Connection, user_id: str, query: Query, bound: int) -> Iterator[Found]:
    """Yield at least the newest rows that a query finds, as long as any could be among them.

    A key is never smaller than its time says, so all that are newer than a time lie above the key of its second.
    """
    more, more_values = _session_condition(user_id, query)
    match = _match(query)
    terms: list[tuple[str, str]] = []
    if _are_few(connection, more, more_values):
        source, order = "sessions AS s CROSS JOIN rows AS r ON r.session = s.seq", "r.key"
        terms = [("EXISTS", match)] if match is not None else []
    elif match is not None:
        source, order = "row_text AS t CROSS JOIN rows AS r ON r.key = t.rowid", "t.rowid"
        source += " CROSS JOIN sessions AS s ON s.seq = r.session"
    else:
        source, order = "rows AS r CROSS JOIN sessions AS s ON s.seq = r.session", "r.key"
    if match is None:
        terms = [("NOT EXISTS", _phrase(term)) for term in query.terms]
    where = _row_condition(query)
    values: list[Any] = []
    for verb, phrase in terms:
        where += f" AND {verb} (SELECT 1 FROM row_text WHERE row_text MATCH ? AND rowid = r.key)"
        values.append(phrase)
    if order == "t.rowid":
        where, values = f"{where} AND t.row_text MATCH ?", [*values, match]
    sql = f"SELECT {_HIT} FROM {source} WHERE {where} AND {more} ORDER BY {order} DESC"
    times: list[int] = []
    least: int | None = None
    for stored in connection.each(sql, (*values, *more_values)):
        session_id, title, *marks = stored[:7]
        key, at, place, row_id, role, hidden, image = stored[7:]
        if least is not None and key < least:
            return
        if not query.takes_row(role=role, hidden=bool(hidden), image=bool(image)):
            continue
        if not _takes(query, title, *marks):
            continue
        yield at, session_id, place, row_id, title, Role(role), from_microseconds(at), str(key)
        times.append(at)
        if len(times) % bound == 0:
            least = sorted(times, reverse=True)[bound - 1] // 1_000_000 * KEYS_A_SECOND


def _are_few(connection: Connection, condition: str, values: Sequence[Any]) -> bool:
    """Tell whether so few sessions are looked at that it is best to begin with them."""
    found = connection.query(f"SELECT 1 FROM sessions AS s WHERE {condition} LIMIT {FEW_SESSIONS + 1}", values)
    return len(found) <= FEW_SESSIONS


def _row_condition(query: Query) -> str:
    """Return what SQL can tell of rows; the values are the language's own, so they may stand in the text."""
    condition = "1"
    for entry in query.filters:
        if entry.name == "role":
            condition += f" AND r.role {'!=' if entry.negated else '='} '{entry.value}'"
        elif entry.name == "has" and entry.value == "hidden":
            condition += f" AND r.hidden = {int(not entry.negated)}"
        elif entry.name == "has" and not entry.negated:
            condition += " AND r.images IS NOT NULL"
    return condition


def _titles(connection: Connection, user_id: str, query: Query, bound: int) -> Iterator[Found]:
    """Yield the titles that a query finds, those of the newest changes first."""
    if not query.takes_row(role=None, hidden=False, image=False):
        return
    match = _match(query)
    values: tuple[Any, ...] = ()
    if match is not None:
        source, where, values = (
            "title_text AS t CROSS JOIN sessions AS s ON s.seq = t.rowid",
            "title_text MATCH ?",
            (match,),
        )
    else:
        source, where = "sessions AS s", "s.named IS NOT NULL"
        for term in query.terms:
            where += " AND NOT EXISTS (SELECT 1 FROM title_text WHERE title_text MATCH ? AND rowid = s.seq)"
            values += (_phrase(term),)
    more, more_values = _session_condition(user_id, query)
    sql = (
        "SELECT s.id, s.title, s.tags, s.starred, s.archived, s.created_at, s.updated_at "
        f"FROM {source} WHERE {where} AND {more} ORDER BY s.updated_at DESC, s.id"
    )
    count = 0
    for session_id, title, tags, starred, archived, created, updated in connection.each(sql, (*values, *more_values)):
        if _takes(query, title, tags, starred, archived, created, updated):
            yield updated, session_id, TITLE_PLACE, None, title, None, from_microseconds(updated), title
            count += 1
            if count == bound:
                return


def _takes(query: Query, title: str, tags: str, starred: int, archived: int, created: int, updated: int) -> bool:
    """Tell whether a query looks at a session, where its condition in SQL did not tell."""
    if not query.filters and not query.spans:
        return True
    return query.takes_session(
        title=title,
        tags=tuple(json.loads(tags)),
        starred=bool(starred),
        archived=bool(archived),
        created_at=from_microseconds(created),
        updated_at=from_microseconds(updated),
    )


def _session_condition(user_id: str, query: Query) -> tuple[str, tuple[Any, ...]]:
    """Return what SQL can tell of the sessions that are looked at."""
    condition = "s.user_id = ? AND s.deleted_at IS NULL AND s.archived = ?"
    values: list[Any] = [user_id, int(query.archived)]
    for entry in query.filters:
        sign = "NOT " if entry.negated else ""
        if entry.name == "is" and entry.value == "starred":
            condition += f" AND s.starred = {int(not entry.negated)}"
        elif entry.name == "tag":
            condition += f" AND {sign}instr(s.folded_tags, ?)"
            values.append(to_json(fold(entry.value)))
        elif entry.name == "title" and not entry.negated:
            for word in fold(entry.value).split():
                condition += " AND instr(s.folded_title, ?)"
                values.append(word)
    for span in query.spans:
        if not span.negated:
            for edge, sign in ((span.start, ">="), (span.end, "<")):
                if edge is not None:
                    condition += f" AND s.{span.name}_at {sign} ?"
                    values.append(to_microseconds(edge))
    return condition, tuple(values)


def _match(query: Query) -> str | None:
    """Return the terms as an FTS5 expression, None where none is wanted: FTS5 cannot look for what is absent."""
    wanted = [_phrase(term) for term in query.terms if not term.negated]
    if not wanted:
        return None
    unwanted = [_phrase(term) for term in query.terms if term.negated]
    expression = " AND ".join(wanted)
    return f"({expression}) NOT ({' OR '.join(unwanted)})" if unwanted else expression


def _phrase(term: Term) -> str:
    """Return a term as FTS5 writes it; tokens are letters and digits, so nothing in them has a meaning of its own."""
    return f'"{" ".join(term.words)}"{" *" if term.prefix else ""}'


def _with_texts(connection: Connection, found: Sequence[Found]) -> Sequence[Found]:
    """Return hits with their texts in the place of their rows' keys."""
    keys = [int(one[7]) for one in found if one[3] is not None]
    sql = "SELECT r.key, r.text FROM json_each(?) AS wanted CROSS JOIN rows AS r ON r.key = wanted.value"
    texts = dict(connection.query(sql, (to_json(keys),)))
    return [one if one[3] is None else (*one[:7], texts[int(one[7])]) for one in found]
