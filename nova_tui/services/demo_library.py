"""The demo library: sample sessions to look at, to try keys on and to show on a stage."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from nova_tui.domain.dialog import Dialog
from nova_tui.domain.ids import derived_session_id
from nova_tui.domain.native import session_from_mapping
from nova_tui.domain.session import Session
from nova_tui.domain.times import now
from nova_tui.yamlio import read_yaml

WRITTEN_AT: Final = datetime(2026, 1, 15, 12, tzinfo=UTC)
"""The moment that the times in the files take for the present."""
FOLDER: Final = Path(__file__).parent / "demo"
"""The sessions, in the native format without ids; those are derived, so that each user always gets the same."""


def demo_sessions(user_id: str, at: datetime | None = None) -> list[Session]:
    """Return the sample sessions as this user's own, newest change first, as old as they should be at `at` (now)."""
    age = (at if at is not None else now()) - WRITTEN_AT
    sessions = [_read(path, user_id, age) for path in FOLDER.glob("*.yaml")]
    return sorted(sessions, key=lambda session: session.updated_at, reverse=True)


def _read(path: Path, user_id: str, age: timedelta) -> Session:
    """Read one session and move its times by `age`."""
    session_id = derived_session_id(user_id, "demo", path.stem)
    mapping = {**read_yaml(path.read_text(encoding="utf-8")), "user_id": user_id}
    session = session_from_mapping(mapping, new_id=lambda: session_id)
    rows = tuple(dataclasses.replace(row, timestamp=row.timestamp + age) for row in session.dialog.rows)
    return dataclasses.replace(
        session,
        dialog=Dialog(rows),
        created_at=session.created_at + age,
        updated_at=session.updated_at + age,
    )
