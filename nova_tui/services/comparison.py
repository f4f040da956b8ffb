"""What lies between two states of a session, as lines that a person reads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, Final

from nova_tui.domain.difference import Difference, compare
from nova_tui.domain.row import EXCLUDE, HIDE, Row
from nova_tui.domain.safe_text import clean_line, cleaned_whole, to_json
from nova_tui.domain.session import OWN_KEY, Session
from nova_tui.domain.times import to_text
from nova_tui.services.reading import row_lines

ADDED, REMOVED, EDITED, MOVED = "+", "-", "~", ">"
"""What was done to a row, or to a line of its text."""
LONGEST: Final = 100
"""Characters shown of a value."""
MOST_PAIRS: Final = 4_000_000
"""Pairs of lines that are compared one by one; texts with more are shown as replaced."""


@dataclass(frozen=True, slots=True)
class ComparedLine:
    """One line of a comparison, safe to show."""

    sign: str
    """ADDED, REMOVED, EDITED, MOVED, or empty for what only stands around a change."""
    text: str
    heading: bool = False
    """Whether it names a row; the lines behind it are of that row."""


def compared(before: Session, after: Session) -> Iterator[ComparedLine]:
    """Yield what was done, first to the session and then row by row; nothing where all is equal.

    Rows count from 1. A removed row has its number before, any other row its number after.
    """
    difference = compare(before, after)
    for fact in _facts(before, after):
        yield ComparedLine("", fact, heading=True)
    for _, mark, head, lines in sorted(_rows(before, after, difference), key=lambda entry: entry[0]):
        yield ComparedLine(mark, head, heading=True)
        for sign, line in lines:
            yield ComparedLine(sign, line)


# -- the session itself -------------------------------------------------------------------------------------------


def _facts(before: Session, after: Session) -> Iterator[str]:
    """Yield what was done to a session beside its rows."""
    for key in dict.fromkeys((*before.own, *after.own)):
        old, new = before.own.get(key), after.own.get(key)
        if old == new:
            continue
        if key == "tags":
            gone = [f"-{tag}" for tag in before.tags if tag not in after.tags]
            come = [f"+{tag}" for tag in after.tags if tag not in before.tags]
            yield clean_line(f"tags: {' '.join(gone + come) or 'in another order'}", 1000)
        elif key in ("starred", "archived"):
            yield _change(key, old is True, new is True)
        else:
            yield _change(key, old, new)
    yield from _values("app data", _without(before.app_data, OWN_KEY), _without(after.app_data, OWN_KEY))
    yield from _values("session", before.extra, after.extra)
    yield from _values("dialog", before.dialog.extra, after.dialog.extra)
    if before.created_at != after.created_at:
        yield _change("created", to_text(before.created_at), to_text(after.created_at))


def _values(name: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    """Yield which values of a mapping differ."""
    for key in dict.fromkeys((*before, *after)):
        if before.get(key) != after.get(key) or (key in before) != (key in after):
            yield _change(*_innermost(f"{name} {clean_line(key, LONGEST)}", before.get(key), after.get(key)))


def _innermost(name: str, old: Any, new: Any) -> tuple[str, Any, Any]:
    """Return the one value inside that differs, named by its path; where several differ, what holds them all."""
    while True:
        if isinstance(old, Mapping) and isinstance(new, Mapping) and old.keys() == new.keys():
            keys: list[Any] = [key for key in old if old[key] != new[key]]
        elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
            keys = [index for index, value in enumerate(old) if value != new[index]]
        else:
            return name, old, new
        if len(keys) != 1:
            return name, old, new
        name, old, new = f"{name}.{clean_line(str(keys[0]), LONGEST)}", old[keys[0]], new[keys[0]]


def _change(name: str, old: Any, new: Any) -> str:
    """Return one changed value."""
    return f"{clean_line(name, LONGEST)}: {_value(old)} → {_value(new)}"


def _value(value: Any) -> str:
    """Return a value in short."""
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return clean_line(value if isinstance(value, str) else to_json(value), LONGEST) or '""'


def _without(mapping: Mapping[str, Any], *keys: str) -> dict[str, Any]:
    """Return a mapping less some keys."""
    return {key: value for key, value in mapping.items() if key not in keys}


# -- its rows -----------------------------------------------------------------------------------------------------

Entry = tuple[tuple[int, int, int], str, str, list[tuple[str, str]]]
"""Where a row stands in the account, its mark, its heading, and its lines with their signs."""


def _rows(before: Session, after: Session, difference: Difference) -> Iterator[Entry]:
    """Yield the rows that differ."""
    places = {row.id: position for position, row in enumerate(after.dialog.rows)}
    moved = {row_id: old for row_id, old, _ in difference.moved}
    for position, row in difference.inserted:
        yield (position, 0, 0), ADDED, _head(position, row), [(ADDED, line) for line in row_lines(row)]
    yield from _removed(before, difference, places)
    for _, old, new in difference.changed:
        words = list(_words(old, new))
        if new.id in moved:
            words.insert(0, f"moved from row {moved.pop(new.id) + 1}")
        lines = [] if old.text == new.text else list(_text(old.text, new.text))
        yield (places[new.id], 0, 0), EDITED, "  ".join([_head(places[new.id], new), *words]), lines
    for row_id, old_position in moved.items():
        row = after.dialog.rows[places[row_id]]
        head = f"{_head(places[row_id], row)}  moved from row {old_position + 1}"
        yield (places[row_id], 0, 0), MOVED, head, [("", line) for line in row_lines(row)[:1]]


def _removed(before: Session, difference: Difference, places: Mapping[str, int]) -> Iterator[Entry]:
    """Yield the rows that are gone, each behind the row that stood before it."""
    gone = {row.id for _, row in difference.removed}
    last = -1
    for position, row in enumerate(before.dialog.rows):
        if row.id in gone:
            yield (last, 1, position), REMOVED, _head(position, row), [(REMOVED, line) for line in row_lines(row)]
        else:
            last = places.get(row.id, last)


def _head(position: int, row: Row) -> str:
    """Return a row's number and role."""
    return f"row {position + 1}  {row.role}"


def _words(old: Row, new: Row) -> Iterator[str]:
    """Yield what was done to a row beside its text."""
    if old.role is not new.role:
        yield f"was {old.role}"
    if old.hidden != new.hidden:
        yield "hidden" if new.hidden else "shown"
    if old.excluded != new.excluded:
        yield "excluded" if new.excluded else "included"
    if old.timestamp != new.timestamp:
        yield _change("time", to_text(old.timestamp), to_text(new.timestamp))
    if old.images != new.images:
        one, other = len(old.images or ()), len(new.images or ())
        yield f"pictures: {one} → {other}" if one != other else "pictures changed"
    if old.processed != new.processed:
        yield _change("processed", old.processed, new.processed)
    yield from _values("metadata", _without(old.metadata, HIDE, EXCLUDE), _without(new.metadata, HIDE, EXCLUDE))
    yield from _values("row", old.extra, new.extra)


def _text(old: str, new: str) -> Iterator[tuple[str, str]]:
    """Yield the lines of a text that are gone and those that are new, with one line around them, safe to show."""
    before, after = old.split("\n"), new.split("\n")
    start = _common(before, after)
    end = _common(before[start:][::-1], after[start:][::-1])
    one, other = before[start : len(before) - end], after[start : len(after) - end]
    yield from _shown("", before[max(0, start - 1) : start])
    if len(one) * len(other) > MOST_PAIRS:
        yield from (*_shown(REMOVED, one), *_shown(ADDED, other))
    else:
        for verb, low, high, new_low, new_high in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
            if verb == "equal":
                kept = one[low:high]
                yield from _shown("", kept if len(kept) <= 3 else [kept[0], "…", kept[-1]])
            else:
                yield from (*_shown(REMOVED, one[low:high]), *_shown(ADDED, other[new_low:new_high]))
    yield from _shown("", after[len(after) - end :][:1])


def _shown(sign: str, lines: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield lines with their sign, safe to show."""
    return ((sign, cleaned_whole(line).expandtabs(4)) for line in lines)


def _common(one: Sequence[str], other: Sequence[str]) -> int:
    """Return how many lines are equal from the start."""
    for count, (left, right) in enumerate(zip(one, other, strict=False)):
        if left != right:
            return count
    return min(len(one), len(other))
