"""Alignment: two sessions side by side, row beside row, and copying rows from one to the other."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final

from nova_tui.domain.errors import RowNotFound
from nova_tui.domain.row import Row
from nova_tui.domain.session import Session

MOST_PAIRS: Final = 4_000_000
"""Pairs of rows that are compared one by one; longer stretches without a common row stand one behind the other."""

Content = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """One line of the comparison: rows that stand beside each other; None where one side has none."""

    left: Row | None
    right: Row | None
    same: bool
    """Whether both say the same: role, text, switches, pictures and metadata; ids and times do not count."""


def content_of(row: Row) -> Content:
    """Return what two rows have to have in common to say the same."""
    return row.role, row.text, row.images or (), row.metadata, row.extra


def aligned(left: Sequence[Row], right: Sequence[Row]) -> list[Pair]:
    """Return two dialogs row beside row, each row once and in its order.

    Rows with one id belong together, then those that say the same, then those of one role that stand between such.
    """
    one, other = _numbered(left, right)
    pairs: list[Pair] = []
    for verb, low, high, new_low, new_high in _opcodes(one, other):
        if verb == "equal":
            both = zip(left[low:high], right[new_low:new_high], strict=True)
            pairs += [Pair(a, b, content_of(a) == content_of(b)) for a, b in both]
        else:
            pairs += _between(left[low:high], right[new_low:new_high])
    return pairs


def _numbered(left: Sequence[Row], right: Sequence[Row]) -> tuple[list[int], list[int]]:
    """Return a number for each row, the same for two rows that belong together."""
    shared = {row.id for row in left} & {row.id for row in right}
    numbers: dict[object, int] = {}

    def number(row: Row) -> int:
        key: object = ("id", row.id) if row.id in shared else ("text", row.role, row.text)
        return numbers.setdefault(key, len(numbers))

    return [number(row) for row in left], [number(row) for row in right]


def _opcodes(one: Sequence[int], other: Sequence[int]) -> list[tuple[str, int, int, int, int]]:
    """Return how the left becomes the right, equal ends found first so that long dialogs cost little."""
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    end = 0
    while end < min(len(one), len(other)) - start and one[-1 - end] == other[-1 - end]:
        end += 1
    left, right = one[start : len(one) - end], other[start : len(other) - end]
    codes: list[tuple[str, int, int, int, int]] = [("equal", 0, start, 0, start)]
    if len(left) * len(right) > MOST_PAIRS and not set(left) & set(right):
        codes.append(("replace", start, start + len(left), start, start + len(right)))
    else:
        matcher = SequenceMatcher(None, left, right, autojunk=len(left) * len(right) > MOST_PAIRS)
        codes += [(verb, a + start, b + start, c + start, d + start) for verb, a, b, c, d in matcher.get_opcodes()]
    codes.append(("equal", len(one) - end, len(one), len(other) - end, len(other)))
    return codes


def _between(left: Sequence[Row], right: Sequence[Row]) -> list[Pair]:
    """Put rows beside each other that have nothing in common but their role, in order; the others stand alone."""
    pairs: list[Pair] = []
    at = 0
    for row in left:
        beside = next((place for place in range(at, len(right)) if right[place].role is row.role), None)
        if beside is None or beside > at + 1:
            pairs.append(Pair(row, None, same=False))
            continue
        pairs += [Pair(None, skipped, same=False) for skipped in right[at:beside]]
        pairs.append(Pair(row, right[beside], content_of(row) == content_of(right[beside])))
        at = beside + 1
    return [*pairs, *(Pair(None, row, same=False) for row in right[at:])]


def copied_across(source: Session, row_ids: Iterable[str], target: Session) -> Session:
    """Return the target with rows of the source: beside a row they replace what it says, else they are put in.

    A row of the target keeps its id and time; one that is put in gets a new id and stands behind the row that stands
    before it in the comparison. Raises RowNotFound.
    """
    wanted = set(row_ids)
    if missing := wanted - {row.id for row in source.dialog.rows}:
        raise RowNotFound(min(missing))
    rows: list[Row] = []
    for pair in aligned(source.dialog.rows, target.dialog.rows):
        chosen = pair.left is not None and pair.left.id in wanted
        if pair.right is None:
            if chosen and pair.left is not None:
                rows.append(pair.left.copied())
        elif chosen and not pair.same and pair.left is not None:
            rows.append(dataclasses.replace(pair.left, id=pair.right.id, timestamp=pair.right.timestamp))
        else:
            rows.append(pair.right)
    return target.with_dialog(dataclasses.replace(target.dialog, rows=tuple(rows)))


def without_unmatched(source: Session, row_ids: Iterable[str], target: Session) -> Session:
    """Return the target without those of its rows that have nothing beside them in the source; raise RowNotFound."""
    wanted = set(row_ids)
    if missing := wanted - {row.id for row in target.dialog.rows}:
        raise RowNotFound(min(missing))
    pairs = aligned(source.dialog.rows, target.dialog.rows)
    alone = {pair.right.id for pair in pairs if pair.left is None and pair.right is not None}
    return target.with_dialog(target.dialog.remove(wanted & alone))
