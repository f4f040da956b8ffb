"""Sessions in a SQLite file: the default store, for one person and one machine."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from nova_tui.domain.errors import INTERRUPTED, SessionDamaged, StoreUnavailable
from nova_tui.domain.outline import RowWindow, SessionOutline
from nova_tui.domain.query import parse_query
from nova_tui.domain.search import COUNTED, SearchHit, SessionHits
from nova_tui.domain.session import Session
from nova_tui.domain.session_filter import parse_filter
from nova_tui.domain.session_ids import SessionIds
from nova_tui.domain.summary import SessionSummary, TimedOrder
from nova_tui.storage.ordering import sort_key
from nova_tui.storage.provider import SessionStorageProvider
from nova_tui.storage.session_list import SessionList
from nova_tui.storage.sqlite_care import SqliteCare
from nova_tui.storage.sqlite_listing import ORDERS, condition_of
from nova_tui.storage.sqlite_outline import OUTLINE_QUERY, read_outline
from nova_tui.storage.sqlite_rows import ROW_COLUMNS, read_rows
from nova_tui.storage.sqlite_search import count, search, search_sessions
from nova_tui.storage.sqlite_summaries import page_of, summary_of
from nova_tui.storage.sqlite_within import hits_in

OUTLINED: Final = 4
"""Outlines kept as they were last read."""


class SqliteStore(SqliteCare):
    """A SQLite file; one connection, used by the thread that first needs it."""

    capabilities = frozenset({"users", "trash", "revisions", "drafts", "backup"})

    # -- looking -----------------------------------------------------------------------------------------------------

    def list(self, user_id: str) -> Sequence[Session]:
        """Return that user's sessions, newest change first; each is loaded when it is looked at."""
        return SessionList(self, self.session_ids(user_id))

    def summaries(
        self,
        user_id: str,
        *,
        filter: str | None = None,
        sort: str = "updated",
        reverse: bool = False,
        after: str | None = None,
        limit: int | None = 50,
    ) -> Sequence[SessionSummary]:
        """Return a page of what a list shows, found by the index of its order."""
        where, values, order = self._listed(user_id, filter, sort, reverse=reverse)
        column, direction = ORDERS[sort]
        with self._reading():
            if after is not None:
                anchor = self.connection.value(f"SELECT {column} FROM sessions {where} AND id = ?", (*values, after))
                if anchor is None:
                    return []
                sign, tie = "<" if (direction == "DESC") != reverse else ">", "<" if reverse else ">"
                # the first comparison lets the index find the place, the second tells equal ones apart
                where += f" AND {column} {sign}= ? AND ({column} {sign} ? OR id {tie} ?)"
                values += (anchor, anchor, after)
            values = (*values, -1 if limit is None else limit)
            return page_of(self.connection, self._damaged, user_id, f"{where} {order} LIMIT ?", values)

    def session_ids(self, user_id: str, *, filter: str | None = None, sort: str = "updated") -> Sequence[str]:
        """Return the ids of all sessions that `summaries` would page through."""
        where, values, order = self._listed(user_id, filter, sort)
        wanted = f"SELECT id FROM sessions {where} {order}"
        try:
            return SessionIds.of(found for (found,) in self.connection.each(wanted, values))
        except (StoreUnavailable, TypeError, ValueError) as error:
            if isinstance(error, StoreUnavailable) and error.reason == INTERRUPTED:
                raise
            # a damaged id is none; what is wrong else is said, or waited for
            return [found for (found,) in self.connection.query(wanted, values)]

    def timed_order(self, user_id: str, *, filter: str | None = None, sort: str = "updated") -> TimedOrder:
        """Return the ids and the times of an order, both from its index."""
        where, values, order = self._listed(user_id, filter, sort)
        time = "created_at" if sort == "created" else "updated_at"
        found = self.connection.query(f"SELECT id, {time} FROM sessions {where} {order}", values)
        times = array("q", [time for _, time in found])
        try:
            return TimedOrder(SessionIds.of(session_id for session_id, _ in found), times)
        except (TypeError, ValueError):  # a damaged id is none
            return TimedOrder([session_id for session_id, _ in found], times)

    def summaries_of(self, session_ids: Iterable[str]) -> Sequence[SessionSummary]:
        """Return what a list shows of these sessions."""
        with self._reading():
            found = [summary_of(self.connection, self._damaged, session_id) for session_id in session_ids]
        return [summary for summary in found if summary is not None]

    def session_ids_like(self, user_id: str, prefix: str, limit: int = 2) -> Sequence[str]:
        """Return ids of that user's sessions that begin with `prefix`, by the index."""
        found = self.connection.query(
            "SELECT id FROM sessions WHERE user_id = ? AND deleted_at IS NULL AND id >= ? AND id < ? "
            "ORDER BY id LIMIT ?",
            (user_id, prefix, f"{prefix}\U0010ffff", limit),
        )
        return [session_id for (session_id,) in found]

    def window(self, session_id: str, start: int, stop: int) -> RowWindow:
        """Return a window of rows; the index is walked from the nearer end."""
        with self._reading():
            head = self._found(session_id)
            remembered = self._recall(head)
            if remembered is not None:
                return RowWindow.of(remembered, start, stop)
            with self._meeting_damage(head):
                start, stop = max(0, start), min(head.columns["rows"], stop)
                backwards = head.columns["rows"] - stop < start
                stored = self.connection.query(
                    f"SELECT {ROW_COLUMNS} FROM rows WHERE session = ? ORDER BY place {'DESC' if backwards else 'ASC'} "
                    "LIMIT ? OFFSET ?",
                    (head.seq, max(0, stop - start), head.columns["rows"] - stop if backwards else start),
                )
                rows = read_rows(session_id, reversed(stored) if backwards else stored)
        return RowWindow(head.user_id, head.revision, start, rows)

    def outline(self, session_id: str) -> SessionOutline:
        """Return a session without its rows; what is told of them is stored beside their texts."""
        with self._reading():
            head = self._found(session_id)
            remembered = self._recall(head)
            if remembered is not None:
                return SessionOutline.of(remembered)
            key = (head.seq, head.revision)
            if (outlined := self._outlined.get(key)) is not None:
                return outlined
            with self._meeting_damage(head):
                (stored,) = self.connection.query(OUTLINE_QUERY, (head.seq,))
                outline = read_outline(head.columns, stored)
            if self._unsure is None:  # nothing of it may still be rolled back
                self._outlined[key] = outline
                while len(self._outlined) > OUTLINED:
                    self._outlined.popitem(last=False)
            return outline

    def tags(self, user_id: str) -> Sequence[str]:
        """Return the tags of that user's sessions, the most used first."""
        found = self.connection.query(
            "SELECT tag.value FROM sessions AS s, json_each(s.tags) AS tag "
            "WHERE s.user_id = ? AND s.deleted_at IS NULL AND s.tags != '[]' GROUP BY 1 ORDER BY count(*) DESC, 1",
            (user_id,),
        )
        return [tag for (tag,) in found]

    def search(
        self, user_id: str, query: str, *, limit: int = 50, newest: bool = True, typing: bool = False
    ) -> Sequence[SearchHit]:
        """Return the rows and titles that a query finds, by the full-text index."""
        parsed = parse_query(query, typing=typing)
        with self._searching():
            return search(self.connection, user_id, parsed, limit=limit, newest=newest)

    def search_sessions(
        self, user_id: str, query: str, *, limit: int = 50, typing: bool = False
    ) -> Sequence[SearchHit]:
        """Return one hit for each session that a query finds, by the full-text index."""
        parsed = parse_query(query, typing=typing)
        with self._searching():
            return search_sessions(self.connection, user_id, parsed, limit=limit)

    def hits_in(self, session_id: str, query: str, *, limit: int = COUNTED, typing: bool = False) -> SessionHits:
        """Return the rows of one session that a query finds, by the full-text index."""
        parsed = parse_query(query, typing=typing)
        with self._searching():
            return hits_in(self.connection, self._found(session_id).seq, parsed, limit=limit)

    def count(self, user_id: str, query: str, *, limit: int = COUNTED, typing: bool = False) -> int:
        """Return how many rows and titles a query finds, by the full-text index."""
        parsed = parse_query(query, typing=typing)
        with self._searching():
            return count(self.connection, user_id, parsed, limit=limit)

    @contextmanager
    def _searching(self) -> Iterator[None]:
        """Let a search see one moment, and fail where another thread stopped it, even at its very end."""
        with self._reading():
            yield
            self.connection.heed()

    def trash(self, user_id: str, *, limit: int | None = None) -> Sequence[SessionSummary]:
        """Return what is in the trash, newest change first."""
        where = "WHERE user_id = ? AND deleted_at IS NOT NULL ORDER BY updated_at DESC, id LIMIT ?"
        with self._reading():
            return page_of(self.connection, self._damaged, user_id, where, (user_id, -1 if limit is None else limit))

    def users(self) -> Sequence[str]:
        """Return the users who own sessions here, by stepping through the indexes of the list and of the trash."""
        found: set[str] = set()
        for condition in ("deleted_at IS NULL", "deleted_at IS NOT NULL"):
            following = f"SELECT user_id FROM sessions WHERE {condition} AND user_id > ? ORDER BY user_id LIMIT 1"
            user = self.connection.value(following, ("",))
            while user is not None:
                found.add(user)
                user = self.connection.value(following, (user,))
        return sorted(found)

    def purge(self, session_id: str) -> None:
        """Take the session and its history out for ever: out of the search index and the write-ahead log too."""
        tidy = "optimize"  # an index keeps the words of what was deleted until it is merged
        try:
            with self._reading():
                self._content(self._found(session_id, trashed=True))
        except SessionDamaged:
            tidy = "rebuild"  # nobody knows which words it has of texts that are not what they were
        super().purge(session_id)
        with self._writing():
            for index in ("row_text", "title_text"):
                self.connection.execute(f"INSERT INTO {index}({index}) VALUES ('{tidy}')")
        self.connection.empty_log()

    # -- life --------------------------------------------------------------------------------------------------------

    def reader(self) -> SessionStorageProvider:
        """Return a provider with a connection of its own, that the thread which first uses it opens."""
        return SqliteReader(self.path)

    def close(self) -> None:
        """Close the connection."""
        if self._open is not None:
            self._open.close()

    def _listed(
        self, user_id: str, filter: str | None, sort: str, *, reverse: bool = False
    ) -> tuple[str, tuple[Any, ...], str]:
        """Return the condition, its values and the order of a list; raise QueryError."""
        sort_key(sort)
        condition, values = condition_of(user_id, parse_filter(filter))
        column, direction = ORDERS[sort]
        where = f"WHERE user_id = ? AND deleted_at IS NULL{condition}"
        if reverse:
            return where, (user_id, *values), f"ORDER BY {column} {'ASC' if direction == 'DESC' else 'DESC'}, id DESC"
        return where, (user_id, *values), f"ORDER BY {column} {direction}, id"


class SqliteReader(SqliteStore):
    """A second look at a SQLite store; its connection opens on the thread that first uses it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.place = str(path)
        self.read_only = True
        self._reset()
