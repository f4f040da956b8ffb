"""Search in a SQLite store: FTS5 finds, newest first by the key of the rows, and only what is shown is read.

The cost follows what is shown, not the size of the store: hits are walked from the newest on until there are enough.
FTS5 alone is slow where many words have a short beginning, because it merges what it knows of all of them before it
gives the first hit; the newest rows are read for those instead, as long as enough of them are hits.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Any, Final

from nova_tui.domain.query import Query, Term, haystack
from nova_tui.domain.search import CANDIDATES, SearchHit
from nova_tui.storage.searching import TITLE_PLACE, Found, hit_of, hits_of, order_of
from nova_tui.storage.sqlite_driver import Connection
from nova_tui.storage.sqlite_rows import KEYS_A_SECOND, to_json
from nova_tui.storage.sqlite_terms import match_of, row_condition, session_condition
from nova_tui.storage.sqlite_within import keys_with, texts_of

FEW_SESSIONS: Final = 2000
"""Up to so many sessions that a query's filters leave are searched alone, and not all rows for theirs."""
FEW_ROWS: Final = 20_000
"""Up to so many rows that the filters leave, too."""
FEW_OF_USER: Final = 200
"""Up to so many sessions of a user are searched alone where others have more."""
SHORT: Final = 2
"""Letters up to which the beginning of a word is so common that reading the newest rows may be quicker than FTS5."""
TRIED: Final = 20
"""Rows that are read before it is known how common a short beginning is."""
WORTH: Final = 8
"""Rows that are read for one hit before the index is asked after all."""
FEW_TITLES: Final = 1000
"""Up to so many titles that are found are put in order; among more, sessions are walked from the newest change on."""
FEW_CHANGED: Final = 100
"""Up to so many sessions that changed lately are looked at one by one for their titles."""
LAST_KEY: Final = 2**63 - 1
"""No row has this key, nor a time beyond it."""
_ROW: Final = "r.key, r.at, s.id, r.place, r.id, s.title, r.role"
_Row = tuple[int, int, str, int, str, str, str, Any]
"""A row that is found: its key, then what `Found` has, where its text may be left out."""


def search(connection: Connection, user_id: str, query: Query, *, limit: int, newest: bool) -> Sequence[SearchHit]:
    """Return the rows and titles that a query finds among a user's sessions."""
    bound = limit if newest else max(limit, CANDIDATES)
    if bound <= 0 or query.empty:
        return []
    wanted = _Search(connection, user_id, query)
    rows = [_found(row) for row in wanted.newest_rows(bound)]
    rows = sorted(rows, key=order_of)[:bound]
    since = rows[-1][0] if len(rows) == bound else None
    return hits_of(query, [*rows, *wanted.titles(bound, since)], limit=limit, newest=newest)


def search_sessions(connection: Connection, user_id: str, query: Query, *, limit: int) -> Sequence[SearchHit]:
    """Return one hit for each of a user's sessions that a query finds, a title's before a row's."""
    if limit <= 0 or query.empty:
        return []
    wanted = _Search(connection, user_id, query)
    titles = sorted(wanted.titles(limit, None), key=order_of)[:limit]
    hits = [hit_of(query, one) for one in titles]
    if len(titles) == limit:
        return hits
    titled = {one[1] for one in titles}
    rows = sorted((row for row in wanted.newest_of_sessions(limit) if row[2] not in titled), key=_row_order)
    rows = rows[: limit - len(titles)]
    texts = dict(texts_of(connection, [row[0] for row in rows]))
    return [*hits, *(hit_of(query, (*row[1:7], texts[row[0]])) for row in rows)]


def count(connection: Connection, user_id: str, query: Query, *, limit: int) -> int:
    """Return how many rows and titles a query finds among a user's sessions, no more than `limit`."""
    if limit <= 0 or query.empty:
        return 0
    wanted = _Search(connection, user_id, query)
    counted = 0
    for _ in wanted.rows(texts=False):
        counted += 1
        if counted == limit:
            return limit
    return min(limit, counted + len(wanted.titles(limit - counted, None)))


def _found(row: _Row) -> Found:
    """Return a row that is found with its text, without its key."""
    return row[1:]


def _row_order(row: _Row) -> tuple[int, str, int]:
    """Return the key of the order by time, newest first."""
    return -row[1], row[2], row[3]


@dataclass(frozen=True, slots=True)
class _Search:
    """One search among a user's sessions."""

    connection: Connection
    user_id: str
    query: Query

    # -- rows --------------------------------------------------------------------------------------------------------

    def newest_rows(self, bound: int) -> list[_Row]:
        """Return at least the newest rows that are found, as many as are wanted if there are so many.

        A key is never smaller than its time says, so all that are newer than a time lie above the key of its second.
        """
        found: list[_Row] = []
        least = None
        for row in self.rows(texts=True):
            if least is not None and row[0] < least:
                break
            found.append(row)
            if len(found) % bound == 0:
                least = _least_key([one[1] for one in found], bound)
        return found

    def newest_of_sessions(self, bound: int) -> list[_Row]:
        """Return the newest row that is found in each of at least so many sessions, without its text."""
        best: dict[str, _Row] = {}
        least = None
        for row in self.rows(texts=False):
            if least is not None and row[0] < least:
                break
            known = best.get(row[2])
            if known is None or _row_order(row) < _row_order(known):
                best[row[2]] = row
            if known is None and len(best) % bound == 0:
                least = _least_key([one[1] for one in best.values()], bound)
        return list(best.values())

    def rows(self, *, texts: bool) -> Iterator[_Row]:
        """Yield the rows that are found, from the newest key on."""
        terms = self.query.terms
        keys = self._few_keys()
        if keys is not None:
            found = to_json(sorted(keys_with(self.connection, keys, self.query), reverse=True))
            yield from self._each(
                "json_each(?) AS wanted CROSS JOIN rows AS r ON r.key = wanted.value", (found,), texts=texts
            )
        elif not terms:
            yield from self._each("rows AS r", (), "ORDER BY r.key DESC", texts=texts)
        elif all(term.negated for term in terms):
            # FTS5 cannot look for what is absent
            for row in self._each("rows AS r", (), "ORDER BY r.key DESC", texts=True):
                if self._matches(row[7]):
                    yield row
        else:
            last = yield from self._begun_rows()
            if last is not None:
                yield from self._indexed_rows(terms, last, texts=texts)

    def _begun_rows(self) -> Generator[_Row, None, int | None]:
        """Yield rows with a word of which only the first letters are known, as long as enough have it.

        Returns the key below which the index has to be asked, None where no row is left.
        """
        short = [
            term for term in self.query.wanted if term.prefix and len(term.words) == 1 and len(term.words[0]) <= SHORT
        ]
        if not short:
            return LAST_KEY
        others = [term for term in self.query.terms if term not in short]
        indexed = match_of(others) is not None
        if not indexed:
            source = self._each("rows AS r", (), "ORDER BY r.key DESC", texts=True)
        else:
            source = self._indexed_rows(others, LAST_KEY, texts=True)
        hits = 0
        with closing(source):
            for read, row in enumerate(source, 1):
                text = row[7]
                if all(term.begins_in(text) for term in short) and (indexed or not others or self._matches(text)):
                    hits += 1
                    yield row
                if read >= TRIED and read > WORTH * hits:
                    return row[0]
        return None

    def _indexed_rows(self, terms: Sequence[Term], below: int, *, texts: bool) -> Generator[_Row, None, None]:
        """Yield the rows that the index has for some terms, below a key."""
        source = "row_text AS t CROSS JOIN rows AS r ON r.key = t.rowid"
        condition = "AND t.row_text MATCH ?"
        values: list[Any] = [match_of(terms)]
        if below != LAST_KEY:
            condition, values = f"{condition} AND t.rowid < ?", [*values, below]
        yield from self._each(source, values, f"{condition} ORDER BY t.rowid DESC", texts=texts)

    def _each(self, source: str, values: Sequence[Any], rest: str = "", *, texts: bool) -> Generator[_Row, None, None]:
        """Yield rows that are the user's and have the marks that the query wants."""
        where, more = session_condition(self.user_id, self.query)
        sql = (
            f"SELECT {_ROW}, {'r.text' if texts else 'NULL'} FROM {source} "
            f"CROSS JOIN sessions AS s ON s.seq = r.session WHERE {where}{row_condition(self.query)} {rest}"
        )
        early, late = (values, ()) if "json_each" in source else ((), values)
        for row in self.connection.each(sql, (*early, *more, *late)):
            self.connection.heed()
            yield row

    def _matches(self, text: str) -> bool:
        """Tell whether a text has what the terms want, by reading it."""
        return self.query.matches(haystack(text))

    def _few_keys(self) -> list[int] | None:
        """Return the keys of all rows that are looked at, where they are few; None where they are many."""
        where, values = session_condition(self.user_id, self.query)
        if self.query.spans or any(entry.name in ("tag", "title", "is") for entry in self.query.filters):
            sql = f"SELECT s.rows FROM sessions AS s WHERE {where} LIMIT {FEW_SESSIONS + 1}"
            found = [rows for (rows,) in self.connection.query(sql, values)]
            few = len(found) <= FEW_SESSIONS and sum(found) <= FEW_ROWS
        else:
            few = self._owns_little()
        if not few:
            return None
        self.connection.heed()
        sql = f"SELECT r.key FROM sessions AS s CROSS JOIN rows AS r ON r.session = s.seq WHERE {where}"
        return [key for (key,) in self.connection.query(sql, values)]

    def _owns_little(self) -> bool:
        """Tell whether the user has few sessions in a store where others have many."""
        connection = self.connection
        own = "SELECT rows FROM sessions WHERE user_id = ? AND deleted_at IS NULL"
        if connection.query(f"{own} LIMIT 1 OFFSET {FEW_OF_USER}", (self.user_id,)):
            return False
        others = (connection.value("SELECT max(seq) FROM sessions") or 0) > 2 * FEW_OF_USER
        return others and sum(rows for (rows,) in connection.query(own, (self.user_id,))) <= FEW_ROWS

    # -- titles ------------------------------------------------------------------------------------------------------

    def titles(self, bound: int, since: int | None) -> list[Found]:
        """Return the titles that are found of the newest changes, up to `bound`, or all that changed `since` a time."""
        query, connection = self.query, self.connection
        if not query.takes_row(role=None, hidden=False, image=False):
            return []
        match = match_of(query.terms)
        connection.heed()
        if since is not None and self._changed_few(since):
            return self._walk_titles(bound, since)
        if match is not None:
            found = connection.value(
                f"SELECT count(*) FROM (SELECT 1 FROM title_text WHERE title_text MATCH ? LIMIT {FEW_TITLES + 1})",
                (match,),
            )
            connection.heed()
            if not found:
                return []
            if found <= FEW_TITLES:
                return self._indexed_titles(match, bound, since)
        return self._walk_titles(bound, since)

    def _changed_few(self, since: int) -> bool:
        """Tell whether few sessions changed since a time."""
        sql = "SELECT 1 FROM sessions WHERE user_id = ? AND deleted_at IS NULL AND updated_at >= ?"
        return len(self.connection.query(f"{sql} LIMIT {FEW_CHANGED + 1}", (self.user_id, since))) <= FEW_CHANGED

    def _indexed_titles(self, match: str, bound: int, since: int | None) -> list[Found]:
        """Return the titles that the index finds."""
        where, values = session_condition(self.user_id, self.query)
        sql = (
            "SELECT s.updated_at, s.id, s.title FROM title_text AS t CROSS JOIN sessions AS s ON s.seq = t.rowid "
            f"WHERE title_text MATCH ? AND s.updated_at >= ? AND {where} ORDER BY s.updated_at DESC, s.id LIMIT ?"
        )
        oldest = -LAST_KEY if since is None else since
        return [_title(*stored) for stored in self.connection.query(sql, (match, oldest, *values, bound))]

    def _walk_titles(self, bound: int, since: int | None) -> list[Found]:
        """Return the titles that are found by reading them from the newest change on."""
        where, values = session_condition(self.user_id, self.query)
        sql = (
            "SELECT s.updated_at, s.id, s.title, s.named FROM sessions AS s "
            f"WHERE {where} AND s.named IS NOT NULL AND s.updated_at >= ? ORDER BY s.updated_at DESC, s.id"
        )
        titles: list[Found] = []
        for updated, session_id, title, named in self.connection.each(
            sql, (*values, -LAST_KEY if since is None else since)
        ):
            self.connection.heed()
            if self.query.matches(f" {named} "):
                titles.append(_title(updated, session_id, title))
                if len(titles) == bound:
                    break
        return titles


def _title(updated: int, session_id: str, title: str) -> Found:
    """Return a title that is found."""
    return updated, session_id, TITLE_PLACE, None, title, None, title


def _least_key(times: list[int], bound: int) -> int:
    """Return the key below which no row is newer than the newest so many times."""
    return sorted(times, reverse=True)[bound - 1] // 1_000_000 * KEYS_A_SECOND
