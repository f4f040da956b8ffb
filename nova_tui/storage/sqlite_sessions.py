"""Sessions, rows and revisions as a SQLite file holds them: reading them, and writing only what changed."""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from nova_tui.domain.difference import Difference, Patch
from nova_tui.domain.errors import SessionDamaged
from nova_tui.domain.frozen import EMPTY
from nova_tui.domain.outline import SessionOutline
from nova_tui.domain.row import Row
from nova_tui.domain.session import Session
from nova_tui.domain.times import from_microseconds, to_microseconds
from nova_tui.storage.history import Record
from nova_tui.storage.moving import MovingStore
from nova_tui.storage.patches import patch_from_mapping, patch_to_mapping
from nova_tui.storage.remains import Remains
from nova_tui.storage.sqlite_driver import Connection, FileDamaged, still_frozen
from nova_tui.storage.sqlite_index import index_rows
from nova_tui.storage.sqlite_layout import open_database
from nova_tui.storage.sqlite_places import first_places, places_between, renumber
from nova_tui.storage.sqlite_remains import RAW_ROWS, marked_line, remains_of
from nova_tui.storage.sqlite_rows import (
    LINE_COLUMNS,
    ROW_COLUMNS,
    ROW_INSERT,
    ROW_UPDATE,
    free_keys,
    line_damage,
    read_rows,
    read_session,
    row_values,
    session_values,
    to_json,
)
from nova_tui.storage.versioned import Head

BULK_ROWS: Final = 300
"""Rows from which a bulk save fills the search index afterwards instead of row by row."""
REMEMBERED: Final = 8
"""Sessions kept as they were last loaded or saved, so that the next save compares without reading."""

_AT: Final = 4
"""Where a row that waits to be written has its time."""
_HEAD: Final = f"SELECT seq, {', '.join(LINE_COLUMNS)} FROM sessions WHERE id = ?"
_INSERT_SESSION: Final = (
    f"INSERT INTO sessions({', '.join(LINE_COLUMNS)}) VALUES ({', '.join('?' * len(LINE_COLUMNS))})"
)
_UPDATE_SESSION: Final = (
    f"UPDATE sessions SET {', '.join(f'{name} = ?' for name in LINE_COLUMNS)}, damage = NULL WHERE seq = ?"
)
_INSERT_REVISION: Final = (
    "INSERT INTO revisions(session, number, at, note, state, tip, deleted, back) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
)


@dataclass(frozen=True, slots=True)
class StoredHead(Head):
    """A session's line in the sessions table."""

    seq: int = 0
    columns: Mapping[str, Any] = EMPTY


class SqliteSessions(MovingStore):
    """The sessions of a SQLite file; one connection, used by the thread that first needs it."""

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        self.path = path
        self.place = str(path)
        self.read_only = read_only
        self._reset(open_database(path, read_only=read_only, place=self.place))

    def _reset(self, connection: Connection | None = None) -> None:
        """Begin with nothing remembered."""
        self._open = connection
        self._remembered: OrderedDict[tuple[int, int], Session] = OrderedDict()
        self._outlined: OrderedDict[tuple[int, int], SessionOutline] = OrderedDict()
        self._unsure: list[tuple[int, Session]] | None = None
        self._unindexed: list[int] | None = None
        self._unwritten: list[tuple[Any, ...]] = []
        self._damaged: dict[str, tuple[int, str]] = {}

    @property
    def connection(self) -> Connection:
        """The connection; a reader opens it on the thread that uses it, and anew when others begin to write."""
        found = self._open
        if found and found.frozen and not found.raw.in_transaction and not still_frozen(self.path, found.frozen):
            found.close()
            self._open = None
        if self._open is None:
            self._open = open_database(self.path, read_only=self.read_only, place=self.place)
        return self._open

    # -- reading and writing -----------------------------------------------------------------------------------------

    @contextmanager
    def _writing(self) -> Iterator[None]:
        self._unsure = []
        try:
            with self.connection.writing():
                yield
            written, self._unsure = self._unsure, None
            for seq, session in written:
                self._keep(seq, session)
        finally:
            self._unsure = None

    @contextmanager
    def _writing_many(self, rows: int) -> Iterator[None]:
        with self._writing():
            if rows < BULK_ROWS:
                yield
                return
            # the index takes rows in the order of their keys several times faster than session by session
            (trigger,) = self.connection.query("SELECT sql FROM sqlite_schema WHERE name = 'row_text_added'")[0]
            self.connection.execute("DROP TRIGGER row_text_added")
            self._unindexed = []
            try:
                yield
                self._write_rows()
                index_rows(self.connection, self._unindexed)
                self.connection.execute(trigger)
            finally:
                self._unindexed, self._unwritten = None, []

    def _reading(self) -> AbstractContextManager[object]:
        return self.connection.reading()

    def _found(self, session_id: str, *, trashed: bool = False) -> StoredHead:
        head = super()._found(session_id, trashed=trashed)
        assert isinstance(head, StoredHead)
        return head

    def _head(self, session_id: str) -> StoredHead | None:
        try:
            found = self.connection.query(_HEAD, (session_id,))
        except FileDamaged as error:
            raise SessionDamaged(session_id, error.reason) from error
        for seq, *line in found:
            columns = dict(zip(LINE_COLUMNS, line, strict=True))
            revision, damaged = columns["revision"], line_damage(line)
            if damaged is not None:  # the number may be what is damaged
                revision = self.connection.value("SELECT max(number) FROM revisions WHERE session = ?", (seq,))
            known = (session_id, columns["user_id"], revision or columns["revision"])
            deleted = columns["deleted_at"] is not None
            return StoredHead(*known, deleted=deleted, damaged=damaged, seq=seq, columns=columns)
        return None

    def _content(self, head: Head) -> Session:
        assert isinstance(head, StoredHead)
        remembered = self._recall(head)
        if remembered is not None:
            return remembered
        self._write_rows()
        with self._meeting_damage(head):
            stored = self.connection.query(
                f"SELECT {ROW_COLUMNS} FROM rows WHERE session = ? ORDER BY place", (head.seq,)
            )
            session = read_session(head.id, head.columns, read_rows(head.id, stored))
        self._damaged.pop(head.id, None)
        self._keep(head.seq, session)
        return session

    @contextmanager
    def _meeting_damage(self, head: StoredHead) -> Iterator[None]:
        """Raise SessionDamaged where a part of a session cannot be read, and remember it for the lists."""
        try:
            if head.damaged is not None:
                raise SessionDamaged(head.id, head.damaged)
            yield
        except (SessionDamaged, FileDamaged) as error:
            self._damaged[head.id] = head.revision, error.reason
            raise SessionDamaged(head.id, error.reason) from error

    def _remains(self, head: Head) -> Remains:
        assert isinstance(head, StoredHead)
        try:
            return Remains(self._content(head))
        except SessionDamaged as error:
            if head.damaged is not None:
                raise
            with self._meeting_damage(head):
                return remains_of(head.id, head.columns, self.connection.query(RAW_ROWS, (head.seq,)), error.reason)

    def _mark(self, head: Head, record: Record, reason: str) -> None:
        assert isinstance(head, StoredHead)
        deleted_at = to_microseconds(record.at) if record.deleted else None
        values = marked_line(head.columns, record.number, deleted_at)
        self.connection.execute(
            "UPDATE sessions SET revision = ?, deleted_at = ?, crc = ?, damage = ? WHERE seq = ?",
            (*values, reason, head.seq),
        )
        self._insert_revision(head.seq, record, Patch())
        self._damaged[head.id] = record.number, reason

    def _insert(self, session: Session, record: Record) -> None:
        rows = session.dialog.rows
        seq = self.connection.insert(_INSERT_SESSION, session_values(session, sum(row.hidden for row in rows)))
        self._insert_rows(seq, rows, first_places(len(rows)))
        self._insert_revision(seq, record, Patch())
        self._keep(seq, session)

    def _update(self, head: Head, session: Session, difference: Difference, record: Record) -> None:
        assert isinstance(head, StoredHead)
        connection, seq, rows = self.connection, head.seq, session.dialog.rows
        hidden = head.columns["hidden_rows"] + _hidden_change(difference)
        deleted_at = to_microseconds(record.at) if record.deleted else None
        connection.execute(_UPDATE_SESSION, (*session_values(session, hidden, deleted_at), seq))
        self._insert_revision(seq, record, difference.back)
        self._keep(seq, session)
        self._write_rows()
        if difference.removed:
            connection.execute_many(
                "DELETE FROM rows WHERE session = ? AND id = ?", ((seq, row.id) for _, row in difference.removed)
            )
        if difference.changed:
            self._update_rows(seq, difference.changed)
        placed = [position for position, _ in difference.inserted]
        placed += [position for _, _, position in difference.moved]
        places = places_between(connection, seq, rows, placed)
        if places is not None and difference.moved:
            connection.execute_many(
                "UPDATE rows SET place = ? WHERE session = ? AND id = ?",
                ((places[position], seq, row_id) for row_id, _, position in difference.moved),
            )
        if difference.inserted:
            new = [row for _, row in difference.inserted]
            self._insert_rows(seq, new, [(places or {}).get(position, 0) for position, _ in difference.inserted])
            self._write_rows()
        if places is None:
            renumber(connection, seq, rows)

    def _purge(self, head: Head) -> None:
        assert isinstance(head, StoredHead)
        self.connection.execute("DELETE FROM sessions WHERE seq = ?", (head.seq,))

    def _records(self, head: Head, newest: int, oldest: int) -> Iterator[Record]:
        assert isinstance(head, StoredHead)
        for number, at, note, state, tip, deleted in self.connection.query(
            "SELECT number, at, note, state, tip, deleted FROM revisions "
            "WHERE session = ? AND number BETWEEN ? AND ? ORDER BY number DESC",
            (head.seq, oldest, newest),
        ):
            yield Record(number, from_microseconds(at), note, state, tip, bool(deleted))

    def _back(self, head: Head, number: int) -> Patch:
        assert isinstance(head, StoredHead)
        stored = self.connection.value(
            "SELECT back FROM revisions WHERE session = ? AND number = ?", (head.seq, number)
        )
        if not isinstance(stored, str):
            raise SessionDamaged(head.id, f"revision {number} of its history is gone")
        return patch_from_mapping(json.loads(stored))

    def _insert_revision(self, seq: int, record: Record, back: Patch) -> None:
        """Write a revision and the way back from it."""
        written = (record.number, to_microseconds(record.at), record.note, record.state, record.tip)
        self.connection.execute(_INSERT_REVISION, (seq, *written, int(record.deleted), to_json(patch_to_mapping(back))))

    def _insert_rows(self, seq: int, rows: Sequence[Row], places: Iterable[int]) -> None:
        """Write new rows."""
        self._unwritten += [(seq, place, *row_values(row)) for row, place in zip(rows, places, strict=True)]
        if self._unindexed is None:
            self._write_rows()

    def _write_rows(self) -> None:
        """Write the rows that wait, in the order of their keys: any other leaves half of each page empty."""
        if not self._unwritten:
            return
        waiting, self._unwritten = self._unwritten, []
        keys = free_keys(self.connection, [stored[_AT] for stored in waiting])
        if self._unindexed is not None:
            self._unindexed += keys
        ordered = sorted(range(len(keys)), key=keys.__getitem__)
        self.connection.execute_many(ROW_INSERT, ((keys[index], *waiting[index]) for index in ordered))

    def _update_rows(self, seq: int, changed: Sequence[tuple[int, Row, Row]]) -> None:
        """Write rows anew; one whose time differs gets another key."""
        self.connection.execute_many(ROW_UPDATE, ((*row_values(row), seq, row.id) for _, _, row in changed))
        moved = [row for _, old, row in changed if old.timestamp != row.timestamp]
        if moved:
            keys = free_keys(self.connection, [to_microseconds(row.timestamp) for row in moved])
            self.connection.execute_many(
                "UPDATE rows SET key = ? WHERE session = ? AND id = ?",
                ((key, seq, row.id) for key, row in zip(keys, moved, strict=True)),
            )

    # -- remembering -------------------------------------------------------------------------------------------------

    def _recall(self, head: StoredHead) -> Session | None:
        """Return the session as it was last loaded or saved, when the stored revision is still that one."""
        key = (head.seq, head.revision)
        if key in self._remembered:
            self._remembered.move_to_end(key)
        return self._remembered.get(key)

    def _keep(self, seq: int, session: Session) -> None:
        """Remember a session as it is stored; inside a write only once that is durable."""
        if self._unsure is not None:
            self._unsure.append((seq, session))
            return
        self._remembered[seq, session.revision or 0] = session
        while len(self._remembered) > REMEMBERED:
            self._remembered.popitem(last=False)


def _hidden_change(difference: Difference) -> int:
    """Return how many more rows are hidden after than before."""
    return (
        sum(row.hidden for _, row in difference.inserted)
        - sum(row.hidden for _, row in difference.removed)
        + sum(after.hidden - before.hidden for _, before, after in difference.changed)
    )
