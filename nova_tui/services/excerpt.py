"""Excerpts: a session as a screen shows it, with those of its rows that are in sight and no others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from nova_tui.domain.outline import DialogOutline, SessionOutline
from nova_tui.domain.row import Row
from nova_tui.domain.session import Session
from nova_tui.storage.provider import SessionStorageProvider

WINDOW: Final = 64
"""Rows that are read at a time."""
WINDOW_CHARACTERS: Final = 2_000_000
"""Characters that a window of several rows has at most."""
_GAP: Final = 16
"""Rows between two wanted ones that are rather read too than left out."""
_WINDOWS: Final = 3
"""Windows that are read at most before a session is shown."""
_TRIES: Final = 3
"""How often an excerpt is begun anew because somebody saved meanwhile."""

Span = tuple[int, int]
"""Positions of rows, from the first up to, not with, the second."""


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A session without most of its rows."""

    session: SessionOutline
    rows: Mapping[str, Row]
    """The rows that were read, or those that are new or different since `since`, by id."""
    since: int | None = None
    """The revision whose other rows are still as they were; None where nothing is known of them."""

    @classmethod
    def of(cls, session: Session) -> Excerpt:
        """Return a session with all its rows."""
        return cls(SessionOutline.of(session), {row.id: row for row in session.dialog.rows})

    @classmethod
    def after(cls, before: Session, session: Session) -> Excerpt:
        """Return what became of a session by a change."""
        known = {row.id: row for row in before.dialog.rows}
        changed = {
            row.id: row
            for row in session.dialog.rows
            if (old := known.get(row.id)) is not row and (old is None or old != row)
        }
        return cls(SessionOutline.of(session), changed, before.revision)


def read_excerpt(
    store: SessionStorageProvider,
    session_id: str,
    *,
    near: str | None = None,
    at_end: bool = False,
    show_hidden: bool = False,
    trashed: bool = False,
) -> Excerpt:
    """Read what is needed to show a session at a row, at its end or at its beginning; raise as `load` does.

    `trashed` shows one that is in the trash.
    """
    for _ in range(0 if trashed else _TRIES):
        outline = store.outline(session_id)
        rows: dict[str, Row] | None = {}
        for start, stop in _windows_at(outline.rows, near, at_end=at_end, show_hidden=show_hidden):
            found = rows_of(store, outline, start, stop)
            rows = None if found is None or rows is None else {**rows, **{row.id: row for row in found}}
            if rows is None:
                break
        if rows is not None:
            return Excerpt(outline, rows)
    # in the trash there are no windows; elsewhere somebody saves all the time
    session = store.load_trashed(session_id) if trashed else store.load(session_id)
    outline = SessionOutline.of(session)
    spans = _windows_at(outline.rows, near, at_end=at_end, show_hidden=show_hidden)
    return Excerpt(outline, {row.id: row for start, stop in spans for row in session.dialog.rows[start:stop]})


def rows_of(
    store: SessionStorageProvider, outline: SessionOutline, start: int, stop: int, *, trashed: bool = False
) -> Sequence[Row] | None:
    """Read a window of rows of exactly the revision that was outlined; None where the store holds another."""
    if trashed:
        session = store.load_trashed(outline.id)
        return session.dialog.rows[start:stop] if session.revision == outline.revision else None
    window = store.window(outline.id, start, stop)
    ids = tuple(row.id for row in window.rows)
    return window.rows if window.revision == outline.revision and ids == outline.rows.ids[start:stop] else None


def _windows_at(rows: DialogOutline, near: str | None, *, at_end: bool, show_hidden: bool) -> list[Span]:
    """Return the spans that a screen shows around a place; hidden rows are left out where they are folded."""
    if not len(rows):
        return []
    place = len(rows) - 1 if at_end else rows.positions.get(near or "", 0)

    def shown(positions: Iterable[int]) -> Iterator[int]:
        return (at for at in positions if show_hidden or not rows.hidden[at])

    before = WINDOW if at_end else WINDOW // 4
    wanted = [*islice(shown(range(place, -1, -1)), before)][::-1]
    wanted += islice(shown(range(place + 1, len(rows))), WINDOW - before)
    nearest = sorted(spans_of(rows, wanted), key=lambda span: max(span[0] - place, place - span[1] + 1))
    return nearest[:_WINDOWS]


def spans_of(rows: DialogOutline, wanted: Iterable[int]) -> list[Span]:
    """Gather rising positions into spans, none with more text than can be read in a moment (but one row at least)."""
    spans: list[Span] = []
    chars = 0
    for at in wanted:
        start, stop = spans[-1] if spans else (0, -_GAP - 1)
        chars += sum(rows.chars[max(0, stop) : at + 1])
        if at - stop <= _GAP and chars <= WINDOW_CHARACTERS:
            spans[-1] = (start, at + 1)
        else:
            spans.append((at, at + 1))
            chars = rows.chars[at]
    return spans
