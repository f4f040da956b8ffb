"""A comparison of two states of a session, laid out for the command line."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import click

from nova_tui.cli.context import Context
from nova_tui.cli.reading import WIDEST, wrapped
from nova_tui.domain.session import Session
from nova_tui.services.comparison import ADDED, EDITED, MOVED, REMOVED, ComparedLine, compared

COLOURS: Final = {ADDED: "green", REMOVED: "red", EDITED: "yellow", MOVED: "blue"}
MARGIN: Final = 4
"""Cells before the text of a row."""


def difference_lines(before: Session, after: Session, context: Context) -> Iterator[str]:
    """Yield the lines of a comparison, in colour where standard output may be coloured."""
    for line in compared(before, after):
        if not line.heading:
            yield from _body(line, context)
        elif line.sign:
            yield _painted(f"{line.sign} {line.text}", COLOURS[line.sign], context)
        else:
            yield line.text


def _body(line: ComparedLine, context: Context) -> Iterator[str]:
    """Yield one line of a row's text, broken on a terminal."""
    width = None if context.width is None else max(20, min(WIDEST, context.width - MARGIN - 1))
    for part in wrapped(line.text, width):
        yield _painted(f"{line.sign:>{MARGIN - 1}} {part}", COLOURS.get(line.sign), context)


def _painted(text: str, colour: str | None, context: Context) -> str:
    """Return a safe text in a colour, where standard output may be coloured."""
    style: dict[str, Any] = {"dim": True} if colour is None else {"fg": colour}
    return click.style(text, **style) if context.colour else text
