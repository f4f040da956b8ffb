"""The places that order a session's rows: integers with gaps, so that a row between two others costs one write."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from nova_tui.domain.errors import DAMAGED, StoreUnavailable
from nova_tui.domain.row import Row
from nova_tui.storage.sqlite_driver import Connection
from nova_tui.storage.sqlite_rows import GAP


def first_places(count: int) -> range:
    """Return the places of a new session's rows."""
    return range(GAP, GAP * (count + 1), GAP)


def places_between(
    connection: Connection, session: int, rows: Sequence[Row], placed: Iterable[int]
) -> dict[int, int] | None:
    """Return places for the rows at these positions, between those that stay; None where a gap is used up."""
    places: dict[int, int] = {}
    for run in _runs(sorted(placed)):
        before = _place(connection, session, rows[run[0] - 1]) if run[0] else None
        after = _place(connection, session, rows[run[-1] + 1]) if run[-1] + 1 < len(rows) else None
        if after is None:
            first, step = (before or 0) + GAP, GAP
        elif before is None:
            first, step = after - GAP * len(run), GAP
        else:
            step = (after - before) // (len(run) + 1)
            first = before + step
            if step == 0:
                return None
        places |= {position: first + step * index for index, position in enumerate(run)}
    return places


def renumber(connection: Connection, session: int, rows: Sequence[Row]) -> None:
    """Give all rows of a session fresh places."""
    connection.execute_many(
        "UPDATE rows SET place = ? WHERE session = ? AND id = ?",
        ((place, session, row.id) for place, row in zip(first_places(len(rows)), rows, strict=True)),
    )


def _place(connection: Connection, session: int, row: Row) -> int:
    """Return the place of a stored row; raise StoreUnavailable where the table and its index disagree."""
    place = connection.value("SELECT place FROM rows WHERE session = ? AND id = ?", (session, row.id))
    if not isinstance(place, int):
        raise StoreUnavailable(connection.place, DAMAGED)
    return place


def _runs(positions: Sequence[int]) -> Iterator[list[int]]:
    """Yield runs of positions that follow each other without a gap."""
    run: list[int] = []
    for position in positions:
        if run and position != run[-1] + 1:
            yield run
            run = []
        run.append(position)
    if run:
        yield run
