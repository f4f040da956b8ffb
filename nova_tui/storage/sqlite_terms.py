"""What a query is in SQL: a full-text expression for its words, conditions for its filters and times.

The index holds the tokens of domain/query.py. Texts of which FTS5's unicode61 tokenizer makes the same tokens are
indexed as they are; of any other the words that differ are kept beside the text (`rows.folded`, see sqlite_index).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from nova_tui.domain.folding import fold
from nova_tui.domain.query import Query, Span, Term
from nova_tui.domain.times import to_microseconds
from nova_tui.storage.sqlite_rows import to_json


def match_of(terms: Iterable[Term]) -> str | None:
    """Return terms as an FTS5 expression, None where none is wanted: FTS5 cannot look for what is absent."""
    wanted: list[str] = []
    unwanted: list[str] = []
    for term in terms:
        (unwanted if term.negated else wanted).append(_phrase(term))
    if not wanted:
        return None
    expression = " AND ".join(wanted)
    return f"({expression}) NOT ({' OR '.join(unwanted)})" if unwanted else expression


def unwanted_of(query: Query) -> str | None:
    """Return what a query of absent words alone does not want in a text, as an FTS5 expression."""
    return " OR ".join(_phrase(term) for term in query.terms) or None


def _phrase(term: Term) -> str:
    """Return a term as FTS5 writes it; tokens are letters and digits, so nothing in them has a meaning of its own."""
    return f'"{" ".join(term.words)}"{" *" if term.prefix else ""}'


def row_condition(query: Query) -> str:
    """Return a query's conditions on rows; the values are the language's own, so they may stand in the text."""
    condition = ""
    for entry in query.filters:
        if entry.name == "role":
            condition += f" AND r.role {'!=' if entry.negated else '='} '{entry.value}'"
        elif entry.name == "has" and entry.value == "hidden":
            condition += f" AND r.hidden = {int(not entry.negated)}"
        elif entry.name == "has":
            sign = "NOT " if entry.negated else ""
            condition += f" AND {sign}(r.images IS NOT NULL AND r.images != '[]')"
    return condition


def session_condition(user_id: str, query: Query) -> tuple[str, tuple[Any, ...]]:
    """Return a query's conditions on sessions, and that they are the user's and in no trash."""
    condition = f"s.user_id = ? AND s.deleted_at IS NULL AND s.archived = {int(query.archived)}"
    values: list[Any] = [user_id]
    for entry in query.filters:
        sign = "NOT " if entry.negated else ""
        if entry.name == "is" and entry.value == "starred":
            condition += f" AND s.starred = {int(not entry.negated)}"
        elif entry.name == "tag":
            tag = fold(entry.value)
            within = (
                "instr(s.folded_tags, ?) AND EXISTS (SELECT 1 FROM json_each(s.folded_tags) AS tag WHERE tag.value = ?)"
            )
            condition += f" AND {sign}({within})"
            values += (to_json(tag), tag)
        elif entry.name == "title":
            words = fold(entry.value).split()
            condition += f" AND {sign}({' AND '.join(['instr(s.folded_title, ?)'] * len(words)) or '1'})"
            values += words
    for span in query.spans:
        condition += _span_condition(span, values)
    return condition, tuple(values)


def _span_condition(span: Span, values: list[Any]) -> str:
    """Return the condition that a session's time lies in a span, and add its values."""
    parts = []
    for edge, sign in ((span.start, ">="), (span.end, "<")):
        if edge is not None:
            parts.append(f"s.{span.name}_at {sign} ?")
            values.append(to_microseconds(edge))
    return f" AND {'NOT ' if span.negated else ''}({' AND '.join(parts) or '1'})"
