"""Rows and sessions as columns of the SQLite store, and back."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from nova_tui.domain.dialog import Dialog
from nova_tui.domain.errors import NovaError, SessionDamaged
from nova_tui.domain.folding import fold
from nova_tui.domain.frozen import EMPTY
from nova_tui.domain.native import images_from_list, images_to_list
from nova_tui.domain.query import tokens
from nova_tui.domain.row import Role, Row
from nova_tui.domain.session import UNTITLED, Session
from nova_tui.domain.summary import SessionSummary, import_format
from nova_tui.domain.times import from_microseconds, to_microseconds
from nova_tui.storage.sqlite_driver import Connection
from nova_tui.storage.sqlite_index import folded_of

GAP: Final = 1 << 20
"""Distance between the places of two neighbouring rows at first, so that many fit between them later."""
KEYS_A_SECOND: Final = 4
"""Keys that each second has; more rows of one second take keys of the seconds after it."""

ROW_COLUMNS: Final = "id, role, at, text, metadata, images, processed, extra, crc"
ROW_INSERT: Final = (
    "INSERT INTO rows(key, session, place, id, role, at, text, metadata, images, processed, extra, crc, hidden, chars, "
    "lines, folded) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
ROW_UPDATE: Final = (
    "UPDATE rows SET id = ?, role = ?, at = ?, text = ?, metadata = ?, images = ?, processed = ?, extra = ?, crc = ?, "
    "hidden = ?, chars = ?, lines = ?, folded = ? WHERE session = ? AND id = ?"
)
SESSION_COLUMNS: Final = (
    "id", "user_id", "revision", "title", "folded_title", "created_at", "updated_at", "rows", "hidden_rows", "starred",
    "archived", "tags", "source", "app_data", "extra", "dialog_extra", "named", "folded_tags",
)  # fmt: skip
LINE_COLUMNS: Final = (*SESSION_COLUMNS, "deleted_at", "crc")
"""What a save writes of a session's own line; the checksum guards all that stands before it."""
SUMMARY_COLUMNS: Final = ", ".join((*LINE_COLUMNS, "damage"))
_EPOCH: Final = from_microseconds(0)


def to_json(value: Any) -> str:
    """Return compact JSON; equal values give equal text."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def row_values(row: Row) -> tuple[Any, ...]:
    """Return the columns that follow from a row alone: ROW_COLUMNS, then hidden, chars, lines and folded."""
    stored = (
        row.id,
        row.role.value,
        to_microseconds(row.timestamp),
        row.text,
        to_json(row.metadata) if row.metadata else None,
        None if row.images is None else to_json(images_to_list(row.images)),
        int(row.processed),
        to_json(row.extra) if row.extra else None,
    )
    lines = row.text.count("\n") + 1
    return (*stored, crc_of(stored), int(row.hidden), len(row.text), lines, folded_of(row.text))


def crc_of(stored: Sequence[Any]) -> int:
    """Return the checksum of a line's columns."""
    return zlib.crc32("\0".join(map(str, stored)).encode("utf-8", "surrogatepass"))


def read_row(stored: Sequence[Any]) -> Row:
    """Return a row from ROW_COLUMNS; raise ValueError or a NovaError for what does not hold together."""
    row_id, role, at, text, metadata, images, processed, extra, crc = stored
    if crc_of(stored[:-1]) != crc:
        raise ValueError(f"row {row_id} does not match its checksum")
    return Row(
        text,
        Role(role),
        from_microseconds(at),
        EMPTY if metadata is None else json.loads(metadata),
        None if images is None else images_from_list(json.loads(images), f"row {row_id}"),
        bool(processed),
        row_id,
        extra=EMPTY if extra is None else json.loads(extra),
    )


def read_rows(session_id: str, stored: Iterable[Sequence[Any]]) -> tuple[Row, ...]:
    """Return rows; raise SessionDamaged where one cannot be read."""
    try:
        return tuple(map(read_row, stored))
    except (ValueError, OverflowError, TypeError, NovaError) as error:
        raise SessionDamaged(session_id, str(error)) from error


def session_values(session: Session, hidden_rows: int, deleted_at: int | None = None) -> tuple[Any, ...]:
    """Return LINE_COLUMNS."""
    title = session.title
    line = (
        session.id,
        session.user_id,
        session.revision,
        title,
        fold(title),
        to_microseconds(session.created_at),
        to_microseconds(session.updated_at),
        len(session.dialog.rows),
        hidden_rows,
        int(session.starred),
        int(session.archived),
        to_json(session.tags),
        import_format(session),
        to_json(session.app_data),
        to_json(session.extra),
        to_json(session.dialog.extra),
        None if session.typed_title is None else " ".join(tokens(session.typed_title)),
        to_json([fold(tag) for tag in session.tags]),
        deleted_at,
    )
    return (*line, crc_of(line))


def line_damage(line: Sequence[Any]) -> str | None:
    """Return what is wrong with LINE_COLUMNS, None where they match their checksum."""
    *guarded, crc = line
    return None if crc_of(guarded) == crc else "what is stored of it beside its rows does not match its checksum"


def read_session(session_id: str, stored: Mapping[str, Any], rows: tuple[Row, ...]) -> Session:
    """Return a session from its columns and rows; raise SessionDamaged where they do not hold together."""
    if len(rows) != stored["rows"]:
        raise SessionDamaged(session_id, f"{stored['rows']} rows were stored and {len(rows)} are there")
    try:
        return Session(
            session_id,
            stored["user_id"],
            Dialog(rows, extra=json.loads(stored["dialog_extra"])),
            from_microseconds(stored["created_at"]),
            from_microseconds(stored["updated_at"]),
            json.loads(stored["app_data"]),
            stored["revision"],
            extra=json.loads(stored["extra"]),
        )
    except (ValueError, OverflowError, TypeError, NovaError) as error:
        raise SessionDamaged(session_id, str(error)) from error


def read_summary(stored: Sequence[Any]) -> SessionSummary:
    """Return a summary from SUMMARY_COLUMNS; one that says so, with what can be told, where the session is damaged."""
    *line, damage = stored
    session_id, user_id, _, title, _, created, updated, rows, hidden, starred, archived, tags, source, *_ = line
    damage = line_damage(line) or damage
    known = str(session_id), str(user_id), str(title or UNTITLED)
    try:
        times = from_microseconds(created), from_microseconds(updated)
        counts, shown = (int(rows), int(hidden)), tuple(map(str, json.loads(tags)))
    except (ValueError, OverflowError, TypeError) as error:
        return SessionSummary(*known, _EPOCH, _EPOCH, 0, 0, damaged=damage or str(error))
    format = None if source is None else str(source)
    return SessionSummary(*known, *times, *counts, shown, bool(starred), bool(archived), format, damaged=damage)


def free_keys(connection: Connection, times: Sequence[int]) -> list[int]:
    """Return an unused key for each row time (microseconds), none smaller than the first key of its second."""
    following: dict[int, int] = {}
    keys: list[int] = [0] * len(times)
    used: set[int] = set()
    open_places: Sequence[int] = range(len(times))
    while open_places:
        for index in open_places:
            base = _first_key(times[index])
            key = following.get(base, base)
            while key in used:
                key += 1
            following[base] = key + 1
            used.add(key)
            keys[index] = key
        stored = connection.query(
            "SELECT value FROM json_each(?) AS wanted WHERE EXISTS (SELECT 1 FROM rows WHERE key = wanted.value)",
            (to_json([keys[index] for index in open_places]),),
        )
        taken = {key for (key,) in stored}
        open_places = [index for index in open_places if keys[index] in taken]
        highest = {_first_key(times[index]): keys[index] for index in open_places}
        following |= {base: _end_of_run(connection, key) for base, key in highest.items()}
    return keys


def _first_key(time: int) -> int:
    """Return the first key of a time's second."""
    return time // 1_000_000 * KEYS_A_SECOND


def _end_of_run(connection: Connection, key: int) -> int:
    """Return a free key right behind a stored one, found by doubling steps however many keys in a row are stored."""
    step = 1
    while _is_stored(connection, key + step):
        key += step
        step *= 2
    free = key + step
    while free - key > 1:
        middle = (key + free) // 2
        if _is_stored(connection, middle):
            key = middle
        else:
            free = middle
    return free


def _is_stored(connection: Connection, key: int) -> bool:
    """Tell whether a row has a key."""
    return connection.value("SELECT 1 FROM rows WHERE key = ?", (key,)) is not None
