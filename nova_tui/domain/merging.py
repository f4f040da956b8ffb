"""Three-way merge of sessions: two changes of one state become one where they touch different rows."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any, Final

from nova_tui.domain.dialog import Dialog
from nova_tui.domain.difference import Difference, compare
from nova_tui.domain.frozen import EMPTY
from nova_tui.domain.row import Row
from nova_tui.domain.session import OWN_KEY, Session

_GONE: Final = object()


class Clash(Exception):
    """Both sides changed the same thing, and not alike."""


def merge(base: Session, theirs: Session, mine: Session) -> Session | None:
    """Return `theirs` with my changes since `base` as well; None where both changed the same row or value."""
    try:
        return dataclasses.replace(
            theirs,
            dialog=Dialog(
                _merge_rows(base.dialog.rows, theirs, mine, compare(base, theirs), compare(base, mine)),
                extra=_merge_maps(base.dialog.extra, theirs.dialog.extra, mine.dialog.extra),
            ),
            created_at=_merge_value(base.created_at, theirs.created_at, mine.created_at),
            updated_at=max(theirs.updated_at, mine.updated_at),
            app_data=_merge_app_data(base.app_data, theirs.app_data, mine.app_data),
            extra=_merge_maps(base.extra, theirs.extra, mine.extra),
        )
    except Clash:
        return None


def _merge_value(base: Any, theirs: Any, mine: Any) -> Any:
    """Return the side that changed; raise Clash where both did, and not alike."""
    if _same(mine, base) or _same(mine, theirs):
        return theirs
    if _same(theirs, base):
        return mine
    raise Clash


def _same(one: object, other: object) -> bool:
    """Compare two values, JSON types included."""
    return one.__class__ is other.__class__ and one == other


def _merge_maps(base: Mapping[str, Any], theirs: Mapping[str, Any], mine: Mapping[str, Any]) -> Mapping[str, Any]:
    """Merge mappings key by key; the order is theirs, then my new keys."""
    if mine == base:
        return theirs
    if theirs == base:
        return mine
    merged = {
        key: _merge_value(base.get(key, _GONE), theirs.get(key, _GONE), mine.get(key, _GONE))
        for key in (*theirs, *(key for key in mine if key not in theirs))
    }
    return {key: value for key, value in merged.items() if value is not _GONE}


def _merge_app_data(base: Mapping[str, Any], theirs: Mapping[str, Any], mine: Mapping[str, Any]) -> Mapping[str, Any]:
    """Merge app data key by key, and nova-tui's own (title, tags, star …) one by one."""
    own = [side.get(OWN_KEY, EMPTY) for side in (base, theirs, mine)]
    if all(isinstance(side, Mapping) for side in own) and own[0] not in own[1:] and own[1] != own[2]:
        merged = _merge_maps(*own)
        theirs = {**theirs, OWN_KEY: merged}
        mine = {**mine, OWN_KEY: merged}
    return _merge_maps(base, theirs, mine)


def _merge_rows(
    base: Sequence[Row], theirs: Session, mine: Session, their: Difference, my: Difference
) -> tuple[Row, ...]:
    """Merge rows: contents by id, then my new and moved rows into their order."""
    if not my.touches_rows:
        return theirs.dialog.rows
    was = {row.id: row for row in base}
    found = {row.id: row for row in theirs.dialog.rows}
    ours = {row.id: row for row in mine.dialog.rows}
    their_moves, my_moves = ({row_id for row_id, _, _ in side.moved} for side in (their, my))
    content: dict[str, Row] = {}
    for row_id in {**found, **ours}:
        one, other, old = found.get(row_id), ours.get(row_id), was.get(row_id)
        merged = _merge_value(old, one, other)
        if merged is None and row_id in their_moves | my_moves:
            raise Clash
        if merged is not None:
            content[row_id] = merged
    if my_moves & their_moves and not _alike(my_moves & their_moves, theirs.dialog.rows, mine.dialog.rows):
        raise Clash
    placed = {row.id for _, row in my.inserted if row.id not in found} | (my_moves - their_moves)
    theirs_new = {row.id for _, row in their.inserted} | their_moves
    order = [row.id for row in theirs.dialog.rows if row.id in content and row.id not in placed]
    previous: str | None = None
    for row in mine.dialog.rows:
        if row.id in placed:
            at = 0 if previous is None else order.index(previous) + 1
            # of two rows put in one place, the stored one comes first
            while at < len(order) and order[at] in theirs_new and order[at] not in ours:
                at += 1
            order.insert(at, row.id)
        if row.id in content:
            previous = row.id
    return tuple(content[row_id] for row_id in order)


def _alike(moved: set[str], theirs: Sequence[Row], mine: Sequence[Row]) -> bool:
    """Tell whether both sides put the rows they both moved behind the same row."""
    return _befores(moved, theirs) == _befores(moved, mine)


def _befores(moved: set[str], rows: Sequence[Row]) -> dict[str, str | None]:
    """Return the row before each moved one."""
    return {row.id: rows[position - 1].id if position else None for position, row in enumerate(rows) if row.id in moved}
