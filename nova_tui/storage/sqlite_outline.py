"""Outlines in SQLite: what a screen needs of all rows of a session, packed into one number each by the database."""

from __future__ import annotations

import json
from array import array
from collections.abc import Mapping, Sequence
from typing import Any, Final

from nova_tui.domain.errors import DialogError, SessionDamaged
from nova_tui.domain.frozen import freeze_mapping
from nova_tui.domain.outline import KIND_CODES, ROLE_CODES, DialogOutline, SessionOutline
from nova_tui.domain.times import from_microseconds

_KINDS: Final = "01" + "".join(dict.fromkeys(KIND_CODES.values()))
"""A letter for each number of a kind: not hidden, hidden, hidden and of that kind."""
_ROLES: Final = bytes([*ROLE_CODES.values(), ord("?")])
_MOST_LINES: Final = (1 << 28) - 1
_CODES: Final = range(len(_KINDS) * len(_ROLES))
_ROLE_OF: Final = bytes(_ROLES[code % len(_ROLES)] if code in _CODES else ord("?") for code in range(256))
_KIND_OF: Final = bytes(ord(_KINDS[code // len(_ROLES)] if code in _CODES else "?") for code in range(256))
_HIDDEN_OF: Final = bytes(int(code // len(_ROLES) > 0) if code in _CODES else 2 for code in range(256))

_KIND_CASES: Final = " ".join(f"WHEN '{kind}' THEN {_KINDS.index(code)}" for kind, code in KIND_CODES.items())
_CALLED: Final = f"CASE WHEN json_array_length(metadata, '$.function_calls') > 0 THEN {_KINDS.index('t')} ELSE 1 END"
_KIND: Final = (
    "CASE hidden WHEN 0 THEN 0 WHEN 1 THEN CASE WHEN NOT json_valid(metadata) THEN 1 ELSE "
    f"CASE json_extract(metadata, '$.kind') {_KIND_CASES} ELSE {_CALLED} END END ELSE 7 END"
)
_ROLE: Final = "CASE role WHEN 'user' THEN 0 WHEN 'assistant' THEN 1 WHEN 'system' THEN 2 ELSE 3 END"
OUTLINE_QUERY: Final = (
    "SELECT json_group_array(id), json_group_array(packed) FROM ("
    f"SELECT id, (chars << 33) | (min(lines, {_MOST_LINES}) << 5) | ({_KIND}) * 4 + {_ROLE} AS packed "
    "FROM rows WHERE session = ? ORDER BY place)"
)
"""All rows of a session as one row of two lists: no object of Python's for each of their columns."""


def read_outline(stored: Mapping[str, Any], lists: Sequence[Any]) -> SessionOutline:
    """Return an outline from a session's columns and OUTLINE_QUERY; raise SessionDamaged where they do not fit."""
    session_id = str(stored["id"])
    try:
        ids, packed = map(json.loads, lists)
        codes = bytes([number & 31 for number in packed])
        chars = array("q", [number >> 33 for number in packed])
        if chars and min(chars) < 0:
            raise ValueError("a row has less than no characters")
        rows = DialogOutline(
            tuple(ids),
            chars,
            array("q", [number >> 5 & _MOST_LINES for number in packed]),
            codes.translate(_HIDDEN_OF),
            codes.translate(_ROLE_OF),
            codes.translate(_KIND_OF).decode("ascii"),
        )
        if len(rows) != stored["rows"]:
            raise SessionDamaged(session_id, f"{stored['rows']} rows were stored and {len(rows)} are there")
        return SessionOutline(
            session_id,
            stored["user_id"],
            stored["title"],
            from_microseconds(stored["created_at"]),
            from_microseconds(stored["updated_at"]),
            freeze_mapping(json.loads(stored["app_data"]), "app data"),
            stored["revision"],
            rows,
        )
    except (ValueError, OverflowError, TypeError, AttributeError, DialogError) as error:
        raise SessionDamaged(session_id, str(error)) from error
