"""A session's past: how it was at a revision, where that one changed it, and going back to it."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

from nova_tui.domain.changes import moves_time
from nova_tui.domain.difference import compare_rows
from nova_tui.domain.errors import RevisionNotFound
from nova_tui.domain.session import Session
from nova_tui.domain.times import later
from nova_tui.storage.provider import SessionStorageProvider


@dataclass(frozen=True, slots=True)
class Past:
    """A session as of a revision."""

    session: Session
    changed: tuple[str, ...]
    """The rows that this revision added, changed or moved."""
    place: str | None
    """The first row of which that is so, or the one that follows what it took out; None where no row was touched."""


def read_past(store: SessionStorageProvider, session_id: str, number: int) -> Past:
    """Read a revision and what it did to the rows; raise RevisionNotFound."""
    session = store.load(session_id, number)
    try:
        before = store.load(session_id, number - 1) if number > 1 else None
    except RevisionNotFound:
        before = None
    rows = session.dialog.rows
    if before is None:
        return Past(session, (), None)
    difference = compare_rows(before.dialog.rows, rows)
    touched = {row.id for _, row in difference.inserted}
    touched |= {row.id for _, _, row in difference.changed} | {row_id for row_id, _, _ in difference.moved}
    places = {row.id: at for at, row in enumerate(rows)}
    changed = sorted(touched, key=places.__getitem__)
    if changed:
        return Past(session, tuple(changed), changed[0])
    if difference.removed and rows:
        return Past(session, (), rows[min(difference.removed[0][0], len(rows) - 1)].id)
    return Past(session, (), None)


def gone_back(now: Session, then: Session) -> Session:
    """Return what is stored now with the content of an earlier revision."""
    back = dataclasses.replace(then, revision=now.revision, updated_at=now.updated_at)
    if back == now:
        return now
    return dataclasses.replace(back, updated_at=later(now.updated_at)) if moves_time(now, back) else back
