"""What a SQLite store still knows of a damaged session: its rows as far as their columns can be read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from nova_tui.domain.dialog import Dialog
from nova_tui.domain.errors import NovaError, SessionDamaged
from nova_tui.domain.row import Role, Row
from nova_tui.domain.times import from_microseconds
from nova_tui.storage.remains import Remains
from nova_tui.storage.sqlite_rows import LINE_COLUMNS, ROW_COLUMNS, crc_of, read_row, read_session

RAW_ROWS: Final = (
    f"SELECT {ROW_COLUMNS}, CAST(text AS BLOB), CAST(metadata AS BLOB), CAST(images AS BLOB), CAST(extra AS BLOB) "
    "FROM rows WHERE session = ? ORDER BY place"
)
"""Finds ROW_COLUMNS and, of what may be long, the bytes."""
_UNREADABLE: Final = (ValueError, OverflowError, TypeError, NovaError)
_RAW: Final = 4
"""How many columns of RAW_ROWS are bytes."""


def remains_of(session_id: str, columns: Mapping[str, Any], stored: Iterable[Sequence[Any]], reason: str) -> Remains:
    """Return what can be read of a session from RAW_ROWS; raise SessionDamaged where that does not fit together."""
    rows: list[Row] = []
    doubtful: list[Row] = []
    try:
        for line in stored:
            row = _sound(line[:-_RAW])
            if row is None:
                row = _read_leniently(line)
                doubtful.append(row)
            rows.append(row)
        Dialog(tuple(rows))
    except _UNREADABLE as error:
        raise SessionDamaged(session_id, reason) from error
    return Remains(read_session(session_id, columns, tuple(rows)), tuple(doubtful), reason)


def marked_line(columns: Mapping[str, Any], revision: int, deleted_at: int | None) -> tuple[int, int | None, int]:
    """Return revision, time of deletion and checksum of a line whose other columns stay as they are.

    A checksum that did not match before does not match afterwards: what is damaged stays known.
    """
    before = [columns[name] for name in LINE_COLUMNS[:-1]]
    fresh = {**columns, "revision": revision, "deleted_at": deleted_at}
    after = [fresh[name] for name in LINE_COLUMNS]
    return revision, deleted_at, columns["crc"] ^ crc_of(before) ^ crc_of(after[:-1])


def _sound(stored: Sequence[Any]) -> Row | None:
    """Return a row, None where it is damaged."""
    try:
        return read_row(stored)
    except _UNREADABLE:
        return None


def _read_leniently(stored: Sequence[Any]) -> Row:
    """Return a row as far as its columns can be read, what is unreadable otherwise beside it in the metadata."""
    row_id, role, at, *_ = stored
    text, metadata, images, extra = (None if raw is None else _text(raw) for raw in stored[-_RAW:])
    damaged = {"role": str(role), "at": at, "metadata": metadata, "images": images, "extra": extra}
    try:
        known, time = Role(role), from_microseconds(at)
    except _UNREADABLE:
        known, time = Role.USER, from_microseconds(0)
    kept = {name: value for name, value in damaged.items() if value is not None}
    return Row(text or "", known, time, {"damaged": kept}, id=str(row_id))


def _text(content: bytes) -> str:
    """Return bytes as a text that can be stored; what is no text is written as escapes."""
    return content.decode("utf-8", "backslashreplace").replace("\0", "\\x00")
