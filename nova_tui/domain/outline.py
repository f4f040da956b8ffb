"""Outlines: what a screen needs of a session before any of its rows is read."""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from nova_tui.domain.row import Role, Row
from nova_tui.domain.session import Session

ROLE_CODES: Final = {role: ord(role.value[0]) for role in Role}
"""The byte that stands for a role: u, a or s."""
KIND_CODES: Final = {"tool_call": "t", "tool_result": "t", "thinking": "k", "compact_summary": "s", "event": "e"}
"""The letter that stands for the kind of a hidden row; any other kind is 1, a row that is not hidden 0."""
_KINDS: Final = frozenset("01" + "".join(KIND_CODES.values()))
_ROLES: Final = {code: role for role, code in ROLE_CODES.items()}


@dataclass(frozen=True, slots=True)
class DialogOutline:
    """Sizes, roles and switches of all rows, by position: flat arrays, however many rows there are."""

    ids: Sequence[str]
    chars: array[int]
    """Characters of each text."""
    lines: array[int]
    """Lines of each text; an empty one has one."""
    hidden: bytes
    """1 for a hidden row."""
    roles: bytes
    """The ROLE_CODES of the rows."""
    kinds: str = ""
    """What each hidden row is, by KIND_CODES; empty where that is not known."""
    positions: Mapping[str, int] = field(init=False, compare=False, repr=False)
    """Where each row stands, by id."""

    def __post_init__(self) -> None:
        sizes = {len(self.ids), len(self.chars), len(self.lines), len(self.hidden), len(self.roles)}
        odd = self.roles.translate(None, bytes(_ROLES)) or self.hidden.translate(None, b"\0\1")
        if self.kinds and (len(self.kinds) != len(self.ids) or not _KINDS.issuperset(self.kinds)):
            raise ValueError("the kinds of its rows do not fit")
        if len(sizes) != 1 or odd:
            raise ValueError("the outlines of its rows do not fit together")
        object.__setattr__(self, "positions", dict(zip(self.ids, range(len(self.ids)), strict=True)))

    @classmethod
    def of(cls, rows: Sequence[Row]) -> DialogOutline:
        """Measure the texts of rows; costs about a microsecond a row."""
        return cls(
            tuple(row.id for row in rows),
            array("q", [len(row.text) for row in rows]),
            array("q", [row.text.count("\n") + 1 for row in rows]),
            bytes([row.hidden for row in rows]),
            bytes([ROLE_CODES[row.role] for row in rows]),
            "".join([kind_code(row) if row.hidden else "0" for row in rows]),
        )

    def __len__(self) -> int:
        return len(self.hidden)

    def with_row(self, position: int, row: Row) -> DialogOutline:
        """Return the outline with one row more, which stands at that position."""
        one = DialogOutline.of((row,))
        return DialogOutline(
            (*self.ids[:position], row.id, *self.ids[position:]),
            self.chars[:position] + one.chars + self.chars[position:],
            self.lines[:position] + one.lines + self.lines[position:],
            self.hidden[:position] + one.hidden + self.hidden[position:],
            self.roles[:position] + one.roles + self.roles[position:],
        )

    def role(self, position: int) -> Role:
        """Return the role of a row."""
        return _ROLES[self.roles[position]]


def kind_code(row: Row) -> str:
    """Return the letter that stands for what a hidden row is."""
    calls = row.metadata.get("function_calls")
    return KIND_CODES.get(row.kind or "", "t" if isinstance(calls, list) and calls else "1")


@dataclass(frozen=True, slots=True)
class SessionOutline:
    """A session without its rows."""

    id: str
    user_id: str
    title: str
    created_at: datetime
    updated_at: datetime
    app_data: Mapping[str, Any]
    revision: int | None
    rows: DialogOutline

    @classmethod
    def of(cls, session: Session) -> SessionOutline:
        """Outline a session."""
        return cls(
            session.id,
            session.user_id,
            session.title,
            session.created_at,
            session.updated_at,
            session.app_data,
            session.revision,
            DialogOutline.of(session.dialog.rows),
        )


@dataclass(frozen=True, slots=True)
class RowWindow:
    """Some rows of a session that stand together, and which session and revision they are of."""

    user_id: str
    revision: int | None
    start: int
    rows: Sequence[Row]

    @classmethod
    def of(cls, session: Session, start: int, stop: int) -> RowWindow:
        """Cut a window out of a session."""
        start = max(0, start)
        return cls(session.user_id, session.revision, start, session.dialog.rows[start : max(0, stop)])
