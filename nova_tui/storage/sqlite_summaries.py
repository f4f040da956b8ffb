"""What a list shows of the sessions in a SQLite file: damaged ones say so, and hide no others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from nova_tui.domain.session import UNTITLED
from nova_tui.domain.summary import SessionSummary
from nova_tui.domain.times import from_microseconds
from nova_tui.storage.sqlite_driver import Connection, FileDamaged
from nova_tui.storage.sqlite_rows import LINE_COLUMNS, SUMMARY_COLUMNS, line_damage, read_summary

Met = Mapping[str, tuple[int, str]]
"""Sessions that could not be read when they were loaded last: the revision that was stored then, and why."""
_ONE: Final = f"SELECT {SUMMARY_COLUMNS} FROM sessions WHERE id = ?"
_OWNER: Final = (
    "SELECT user_id FROM sessions INDEXED BY sessions_by_ids WHERE user_id = ? AND id = ? AND deleted_at IS NULL"
)
_DELETED_AT: Final = LINE_COLUMNS.index("deleted_at")


def page_of(
    connection: Connection, met: Met, user_id: str, where: str, values: Sequence[Any]
) -> Sequence[SessionSummary]:
    """Return the summaries of one user's sessions that a condition and an order find.

    Where a line cannot be read at all, the ids come from the index of the order and the lines are read one by one.
    """
    try:
        lines = connection.query(f"SELECT {SUMMARY_COLUMNS} FROM sessions {where}", values)
    except FileDamaged as error:
        found = []
        for (session_id,) in connection.query(f"SELECT id FROM sessions {where}", values):
            try:
                stored = connection.query(f"SELECT {SUMMARY_COLUMNS} FROM sessions WHERE id = ?", (session_id,))
            except FileDamaged:
                stored = []
            found += [_summary(line, met) for line in stored] or [_unreadable(session_id, error.reason)]
    else:
        found = [_summary(line, met) for line in lines]
    return [replace(one, user_id=user_id) if one.damaged is not None else one for one in found]


def summary_of(connection: Connection, met: Met, session_id: str) -> SessionSummary | None:
    """Return the summary of a session, None where there is none; without a user where its owner is unknown."""
    try:
        lines = connection.query(_ONE, (session_id,))
    except FileDamaged as error:
        return _unreadable(session_id, error.reason)
    for line in lines:
        found = replace(_summary(line, met), id=session_id)
        if line_damage(line[: len(LINE_COLUMNS)]) is None:
            return None if line[_DELETED_AT] is not None else found
        # only the index can vouch for the owner of a damaged line; nobody else is to see its title
        if connection.query(_OWNER, (found.user_id, session_id)):
            return found
        return None if line[_DELETED_AT] is not None else _unreadable(session_id, str(found.damaged))
    return None


def _summary(stored: Sequence[Any], met: Met) -> SessionSummary:
    """Return a summary from SUMMARY_COLUMNS, damaged too where loading the same revision said so."""
    found = read_summary(stored)
    revision, reason = met.get(found.id, (None, ""))
    return replace(found, damaged=reason) if found.damaged is None and revision == stored[2] else found


def _unreadable(session_id: str, reason: str) -> SessionSummary:
    """Return what a list shows of a session of which nothing can be read."""
    epoch = from_microseconds(0)
    return SessionSummary(session_id, "", UNTITLED, epoch, epoch, 0, 0, damaged=reason)
