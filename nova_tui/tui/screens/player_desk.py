"""Desk: how a performance begins, and whom the player tells of what a person does in it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from nova_tui.domain.session import Session
from nova_tui.performing.performance import Performance

Keep = Callable[[Session, str, str, str], Awaitable[Session | None]]
"""Stores a row's text: the session, the row's id, the text that was seen, the new one; returns the session as it is,
or None where somebody else changed it."""
Draft = Callable[[str, str, str | None], None]
"""Takes unsaved text of a row: session id, row id, the text (None when there is none any more)."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """What the notes in a second terminal follow; times are milliseconds."""

    session_id: str
    title: str
    row: str
    """The row on stage, in short."""
    coming: str
    """The row after it, in short."""
    note: str
    chapter: str
    number: int
    """How many rows have begun."""
    rows: int
    going: str
    position: int
    duration: int
    speed: float


@dataclass(frozen=True, slots=True)
class Desk:
    """The wishes of the one who performs."""

    from_row: str | None = None
    """The row to begin with."""
    speed: float = 1.0
    step: bool = False
    instant: bool = False
    """Whether rows appear whole from the beginning."""
    playing: bool = True
    """Whether it plays at once."""
    keep: Keep | None = None
    """None where nothing can be stored."""
    draft: Draft | None = None
    check: Callable[[Performance], Awaitable[Performance]] | None = None
    """Has a person look at what was changed on stage; returns what may be performed."""
    record: Callable[[Performance], object] | None = None
    """Begins a recording of what is performed; it goes on when the player is left."""
    tell: Callable[[Prompt | None], None] | None = None
    """Hears what the speaker's notes show; None when it is over."""
