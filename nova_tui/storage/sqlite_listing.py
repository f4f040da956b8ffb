"""A list's filter and order in SQL."""

from __future__ import annotations

from typing import Any, Final

from nova_tui.domain.folding import fold
from nova_tui.domain.query import Filter, Span
from nova_tui.domain.session_filter import SessionFilter
from nova_tui.domain.times import to_microseconds
from nova_tui.storage.sqlite_rows import to_json

ORDERS: Final = {
    "updated": ("updated_at", "DESC"),
    "created": ("created_at", "DESC"),
    "title": ("folded_title", "ASC"),
    "rows": ("rows", "DESC"),
}
"""The column and the direction of each order; each has an index."""


def condition_of(user_id: str, wanted: SessionFilter) -> tuple[str, tuple[Any, ...]]:
    """Return what SQL asks of a user's session's line, each condition behind an AND, and its values."""
    parts: list[str] = []
    values: list[Any] = []
    for word in wanted.words:
        parts.append("instr(folded_title, ?)")
        values.append(word)
    for word in wanted.unwanted:
        parts.append("NOT instr(folded_title, ?)")
        values.append(word)
    conditions = [(entry.negated, _filter(user_id, entry)) for entry in wanted.filters]
    conditions += [(span.negated, _span(span)) for span in wanted.spans]
    for negated, (sql, more) in conditions:
        parts.append(f"NOT ({sql})" if negated else sql)
        values += more
    return "".join(f" AND {part}" for part in parts), tuple(values)


def _filter(user_id: str, entry: Filter) -> tuple[str, list[Any]]:
    """Return one condition as it is without its negation.

    Star and archive have indexes of their own: the index of the order is enough for all else, no session is looked up.
    """
    if entry.name == "tag":
        return "instr(folded_tags, ?)", [to_json(fold(entry.value))]
    if entry.name == "title":
        words = fold(entry.value).split()
        return " AND ".join(["instr(folded_title, ?)"] * len(words)) or "1", words
    return f"seq IN (SELECT seq FROM sessions WHERE user_id = ? AND {entry.value} = 1)", [user_id]


def _span(span: Span) -> tuple[str, list[Any]]:
    """Return one condition on a time as it is without its negation."""
    edges = [(edge, sign) for edge, sign in ((span.start, ">="), (span.end, "<")) if edge is not None]
    sql = " AND ".join(f"{span.name}_at {sign} ?" for _, sign in edges)
    return sql or "1", [to_microseconds(edge) for edge, _ in edges]
