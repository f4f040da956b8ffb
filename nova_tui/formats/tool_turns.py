"""Tool calls and their answers, matched: what APIs accept is a call with its answer behind it, nothing else."""

from __future__ import annotations

from collections.abc import Iterable

from nova_tui.domain.row import Row


def is_call(row: Row) -> bool:
    """Tell whether a row is a tool call."""
    return row.hidden and row.kind == "tool_call"


def is_answer(row: Row) -> bool:
    """Tell whether a row is what a tool answered."""
    return row.hidden and row.kind == "tool_result"


def call_id(row: Row) -> str:
    """Return the id of a row's tool call, or one that is made from the row's."""
    tool = row.metadata.get("tool")
    known = tool.get("id") if isinstance(tool, dict) else None
    return known if isinstance(known, str) and known else f"call_{row.id}"


def answered(rows: Iterable[Row]) -> dict[str, str]:
    """Return the calls that have an answer (by their ids), and for each answer's row id the call's id.

    An answer belongs to the call whose id it has; one without an id to the oldest open call before it.
    """
    found: dict[str, str] = {}
    waiting: list[str] = []
    for row in rows:
        if is_call(row):
            waiting.append(call_id(row))
        elif is_answer(row) and waiting:
            tool = row.metadata.get("tool")
            named = tool.get("id") if isinstance(tool, dict) else None
            call = named if named in waiting else waiting[0] if named is None else None
            if call is not None:
                waiting.remove(call)
                found[row.id] = found[call] = call
        elif not row.hidden:
            # whoever speaks next ends the turn in which tools may answer
            waiting = []
    return found
