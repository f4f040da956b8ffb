"""Draft: text that somebody began and did not keep yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Draft:
    """Unsaved text of a row, or of a new one (then `row_id` is empty)."""

    session_id: str
    row_id: str
    text: str
    at: datetime
    based_on: int
    """The session's revision when the text was put down."""
