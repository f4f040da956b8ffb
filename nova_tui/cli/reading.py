"""A session laid out for reading: role labels in one column, texts in the other."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from nova_tui.cli.context import Context
from nova_tui.cli.listing import local_time
from nova_tui.cli.table import cell_len
from nova_tui.domain.row import Role
from nova_tui.domain.safe_text import clean_line
from nova_tui.domain.session import Session
from nova_tui.services.reading import row_lines

COLUMN: Final = len("assistant  ")
"""Cells of the column that holds the labels."""
WIDEST: Final = 100
"""Cells of a text at most, on a terminal; in a pipe lines are not broken."""
COLOURS: Final = {Role.USER: "cyan", Role.ASSISTANT: "green", Role.SYSTEM: "magenta"}


def reading_lines(session: Session, hidden: bool, context: Context) -> Iterator[str]:
    """Yield the lines of a session, safe to show."""
    width = None if context.width is None else max(COLUMN, min(WIDEST, context.width - COLUMN - 1))
    yield context.styled(clean_line(session.title), bold=True)
    yield context.styled(clean_line(" · ".join(facts_of(session))), dim=True)
    for row in session.dialog.visible(hidden):
        yield ""
        label = context.styled(f"{row.role:{COLUMN}}", bold=True, fg=COLOURS[row.role])
        for line in row_lines(row):
            for part in wrapped(line, width):
                yield (label + part).rstrip()
                label = " " * COLUMN


def facts_of(session: Session) -> Iterator[str]:
    """Yield what is said about a session under its title."""
    rows = len(session.dialog.rows)
    hidden = sum(row.hidden for row in session.dialog.rows)
    yield "1 row" if rows == 1 else f"{rows} rows"
    if hidden:
        yield f"{hidden} hidden"
    yield f"changed {local_time(session.updated_at)}"
    yield from session.tags
    if session.starred:
        yield "★"
    if session.archived:
        yield "archived"


def wrapped(line: str, width: int | None) -> list[str]:
    """Break a line between words, and a word that is too long between characters; continued lines keep its indent."""
    if width is None or cell_len(line) <= width:
        return [line]
    indent = line[: len(line) - len(line.lstrip(" "))][: width // 2]
    room = width - len(indent)
    parts: list[str] = []
    current = ""
    for word in line.strip(" ").split(" "):
        extended = f"{current} {word}" if current else word
        if cell_len(extended) <= room:
            current = extended
            continue
        if current:
            parts.append(current)
        from rich.cells import chop_cells

        *whole, current = chop_cells(word, room) or [""]
        parts += whole
    return [indent + part for part in [*parts, current]]
