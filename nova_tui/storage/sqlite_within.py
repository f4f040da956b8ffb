"""Search within rows that are known by their keys: those of one session, or of the few that a query looks at."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise
from typing import Final

from nova_tui.domain.query import Query, haystack
from nova_tui.domain.search import RowHit, SessionHits
from nova_tui.storage.sqlite_driver import Connection
from nova_tui.storage.sqlite_rows import KEYS_A_SECOND, to_json
from nova_tui.storage.sqlite_terms import match_of, row_condition, unwanted_of

GAP: Final = 86_400 * KEYS_A_SECOND
"""Keys between two rows (those of a day) from which the index is not walked from one to the other."""
RANGES: Final = 32
"""Into no more than so many parts the index is taken."""
FEW: Final = 500
"""Up to so many rows are read where a word is only begun, because FTS5 first merges all words that begin like it."""


def hits_in(connection: Connection, session: int, query: Query, *, limit: int) -> SessionHits:
    """Return the rows of one session that have a query's words and marks."""
    if not query.looks_at_rows:
        return SessionHits()
    keys = [key for (key,) in connection.query("SELECT key FROM rows WHERE session = ? ORDER BY place", (session,))]
    wanted: Collection[int] = keys_with(connection, keys, query)
    condition = row_condition(query)
    if condition:
        connection.heed()
        marked = connection.query(f"SELECT r.key FROM rows AS r WHERE r.session = ?{condition}", (session,))
        wanted = {key for (key,) in marked}.intersection(wanted)
    wanted = frozenset(wanted)
    found = [(position, key) for position, key in enumerate(keys) if key in wanted]
    shown = found[: max(0, limit)]
    connection.heed()
    sql = "SELECT r.key, r.id FROM json_each(?) AS wanted CROSS JOIN rows AS r ON r.key = wanted.value"
    ids = dict(connection.query(sql, (to_json([key for _, key in shown]),)))
    return SessionHits(tuple(RowHit(position, ids[key]) for position, key in shown), len(found))


def keys_with(connection: Connection, keys: Sequence[int], query: Query) -> Collection[int]:
    """Return the keys of those rows whose texts hold a query's words."""
    if not query.terms or not keys:
        return keys
    if len(keys) <= FEW and any(term.prefix for term in query.terms):
        return {key for key, text in texts_of(connection, keys) if query.matches(haystack(text))}
    match = match_of(query.terms)
    known = set(keys)
    expression = unwanted_of(query) if match is None else match
    ranges = _ranges(sorted(keys), 1 if any(term.prefix for term in query.terms) else RANGES)
    sql = "SELECT rowid FROM row_text WHERE row_text MATCH ? AND rowid BETWEEN ? AND ?"
    found = set()
    for first, last in ranges:
        connection.heed()
        for (key,) in connection.each(sql, (expression, first, last)):
            connection.heed()
            if key in known:
                found.add(key)
    return known - found if match is None else found


def texts_of(connection: Connection, keys: Sequence[int]) -> Iterator[tuple[int, str]]:
    """Yield rows' keys and texts."""
    sql = "SELECT r.key, r.text FROM json_each(?) AS wanted CROSS JOIN rows AS r ON r.key = wanted.value"
    for key, text in connection.each(sql, (to_json(keys),)):
        connection.heed()
        yield key, text


def _ranges(keys: Sequence[int], most: int) -> list[tuple[int, int]]:
    """Return the first and last keys of the parts that rising keys fall into, parted where the gaps are widest."""
    gaps = [(right - left, index) for index, (left, right) in enumerate(pairwise(keys), 1)]
    wide = sorted((gap for gap in gaps if gap[0] > GAP), reverse=True)[: most - 1]
    cuts = [0, *sorted(index for _, index in wide), len(keys)]
    return [(keys[start], keys[stop - 1]) for start, stop in pairwise(cuts)]
