"""What transcripts for people share: titles, facts and labels."""

from __future__ import annotations

from nova_tui.domain.row import Row
from nova_tui.domain.session import Session
from nova_tui.formats.format import Exported


def one_line(text: str) -> str:
    """Return a title on one line."""
    return " ".join(text.split())


def facts_of(session: Session, entry: Exported) -> str:
    """Return how many rows there are, since when, and how many hidden ones were left out."""
    facts = [f"{entry.rows} row{'' if entry.rows == 1 else 's'}", f"{session.created_at:%Y-%m-%d %H:%M} UTC"]
    if entry.hidden:
        facts.append(f"{entry.hidden} hidden row{'' if entry.hidden == 1 else 's'} left out")
    return " · ".join(facts)


def label_of(row: Row) -> str:
    """Return who speaks, when (where that is known), and what kind of hidden row it is."""
    parts = [row.role.value]
    if row.metadata.get("ts_source") not in ("inherited", "none"):
        parts.append(f"{row.timestamp:%Y-%m-%d %H:%M}")
    if row.hidden:
        parts.append(f"hidden, {row.kind.replace('_', ' ')}" if row.kind and row.kind != "hidden" else "hidden")
    return " · ".join(parts)
