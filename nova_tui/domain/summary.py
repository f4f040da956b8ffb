"""SessionSummary: what a list shows of a session, without its rows."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from nova_tui.domain.session import Session
from nova_tui.domain.times import to_microseconds


@dataclass(frozen=True, slots=True)
class SessionSummary:
    """What a list shows of one session."""

    id: str
    user_id: str
    title: str
    created_at: datetime
    updated_at: datetime
    rows: int
    hidden_rows: int
    tags: tuple[str, ...] = ()
    starred: bool = False
    archived: bool = False
    source: str | None = None
    """The format that the session was imported from."""
    damaged: str | None = None
    """Why the session cannot be read; None for a sound one."""

    @classmethod
    def of(cls, session: Session) -> SessionSummary:
        """Summarise a session."""
        return cls(
            session.id,
            session.user_id,
            session.title,
            session.created_at,
            session.updated_at,
            len(session.dialog.rows),
            sum(row.hidden for row in session.dialog.rows),
            session.tags,
            session.starred,
            session.archived,
            import_format(session),
        )


@dataclass(frozen=True, slots=True)
class TimedOrder:
    """The sessions of a list in its order, each with a time: two sequences, however many there are."""

    ids: Sequence[str]
    times: Sequence[int]
    """Microseconds since 1970."""

    @classmethod
    def of(cls, summaries: Iterable[SessionSummary], sort: str) -> TimedOrder:
        """Take the sessions as they come, each with the time of its making where `sort` is created, else of change."""
        every = tuple(summaries)
        times = array("q", (to_microseconds(one.created_at if sort == "created" else one.updated_at) for one in every))
        return cls([one.id for one in every], times)


def import_format(session: Session) -> str | None:
    """Return the name of the format that the session was imported from."""
    origin = session.own.get("import")
    name = origin.get("format") if isinstance(origin, dict) else None
    return name if isinstance(name, str) else None
