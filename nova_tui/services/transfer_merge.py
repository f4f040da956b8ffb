"""What becomes of a conversation that is there already: left alone but for new rows, replaced, or put beside it."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from nova_tui.domain.dialog import Dialog
from nova_tui.domain.ids import derived_session_id, new_session_id
from nova_tui.domain.row import Row
from nova_tui.domain.session import OWN_KEY, Session
from nova_tui.services.transfer_receipt import NEW, REFUSED, UNCHANGED, UPDATED

SKIP: Final = "skip"
REPLACE: Final = "replace"
COPY: Final = "copy"
CHOICES: Final = (SKIP, REPLACE, COPY)

_OF_THE_USER: Final = ("tags", "starred", "archived")
_OF_THE_RUN: Final = ("imported_at", "file", "sha256", "record")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is to become of a conversation."""

    session: Session
    status: str
    added: int = 0
    """Rows that the store did not have."""
    to_save: bool = False
    error: str | None = None


def refused(session: Session, reason: str) -> Outcome:
    """Return that a conversation is not imported, and why."""
    return Outcome(session, REFUSED, error=reason)


def another_id(session: Session) -> Session:
    """Return the session under the id that it gets where another user's session has its own."""
    return dataclasses.replace(session, id=derived_session_id(session.user_id, "nova", session.id))


def merged(stored: Session, incoming: Session, on_conflict: str) -> Outcome:
    """Compare what the store has with what the source has."""
    if on_conflict == COPY:
        copy = _copied(incoming)
        return Outcome(copy, NEW, len(copy.dialog.rows), to_save=True)
    if on_conflict == REPLACE:
        return _replaced(stored, incoming)
    return _grown(stored, incoming)


def _copied(session: Session) -> Session:
    """Return the session as another one: with an id of its own, and rows with ids of their own."""
    rows = tuple(row.copied() for row in session.dialog.rows)
    dialog = dataclasses.replace(session.dialog, rows=rows)
    return dataclasses.replace(session, id=new_session_id(), dialog=dialog, revision=None)


def _replaced(stored: Session, incoming: Session) -> Outcome:
    """Return the stored session with the source's content; what its user put on it (tags, star) stays."""
    kept = {key: stored.own[key] for key in _OF_THE_USER if key in stored.own}
    own = {**incoming.own, **kept}
    app_data = {**stored.app_data, **incoming.app_data}
    if own:
        app_data[OWN_KEY] = own
    session = dataclasses.replace(incoming, app_data=app_data, revision=stored.revision)
    if _content(session) == _content(stored):
        return Outcome(stored, UNCHANGED)
    known = {row.id for row in stored.dialog.rows}
    return Outcome(session, UPDATED, sum(row.id not in known for row in session.dialog.rows), to_save=True)


def _content(session: Session) -> tuple[Any, ...]:
    """Return what makes a session what it is, without when and from which copy of the file it was imported."""
    own = {key: value for key, value in session.own.items() if key != "import"}
    origin = {key: value for key, value in _origin(session).items() if key not in _OF_THE_RUN}
    others = {key: value for key, value in session.app_data.items() if key != OWN_KEY}
    return own, origin, others, session.dialog, session.created_at, session.updated_at, session.extra


def _origin(session: Session) -> Mapping[str, Any]:
    """Return where a session came from, empty where it was not imported."""
    origin = session.own.get("import")
    return origin if isinstance(origin, dict) else {}


def _grown(stored: Session, incoming: Session) -> Outcome:
    """Return the stored session with the rows that it has never had; everything else of it is left alone."""
    before, after = _origin(stored), _origin(incoming)
    if before.get("sha256") and before.get("sha256") == after.get("sha256"):
        return Outcome(stored, UNCHANGED)
    rows = _never_seen(stored, incoming, before.get("last_row"))
    if not rows:
        return Outcome(stored, UNCHANGED)
    dialog = _with_rows(stored.dialog, incoming.dialog, {row.id for row in rows})
    session = stored.with_dialog(dialog, at=incoming.updated_at)
    if before and after:
        news = {key: after[key] for key in ("file", "sha256", "record", "imported_at", "last_row") if key in after}
        own = {**session.own, "import": {**before, **news}}
        if "branches" in incoming.own:
            own["branches"] = incoming.own["branches"]
        session = session.put_app_data(OWN_KEY, own)
    return Outcome(session, UPDATED, len(rows), to_save=True)


def _never_seen(stored: Session, incoming: Session, last: object) -> list[Row]:
    """Return the source's rows that the store did not have: those behind the last one that was imported.

    Where that is not known or the source has taken another course, all rows whose ids are not there.
    """
    rows = incoming.dialog.rows
    place = next((index for index, row in enumerate(rows) if row.id == last), -1)
    known = {row.id for row in stored.dialog.rows}
    return [row for row in rows[place + 1 :] if row.id not in known]


def _with_rows(stored: Dialog, incoming: Dialog, new: set[str]) -> Dialog:
    """Put new rows behind the row they follow in the source; those that end the source end the dialog."""
    rows = list(stored.rows)
    places = {row.id: index for index, row in enumerate(rows)}
    tail = max((index for index, row in enumerate(incoming.rows) if row.id in places), default=-1)
    behind: dict[int, list[Row]] = {}
    place = -1
    for index, row in enumerate(incoming.rows):
        place = places.get(row.id, place)
        if row.id in new:
            behind.setdefault(len(rows) - 1 if index > tail else place, []).append(row)
    merged_rows = behind.pop(-1, [])
    for index, row in enumerate(rows):
        merged_rows += [row, *behind.get(index, [])]
    return dataclasses.replace(stored, rows=tuple(merged_rows))
