"""Revision: one entry of a session's history."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Revision:
    """One save: its number, when it was, and what it did."""

    number: int
    at: datetime
    note: str
    """What was done, such as `add row`, `edit row 4` or `rename`."""
