"""Selected text of lines that are painted, not kept: where it is, how it looks, what is copied.

Textual knows a selection by (x, y) pairs. Here x counts characters of a line and y is the row's position times
`LINES` plus the line of the row (0 is its label), so a selection stays on its text when heights above it are corrected.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from rich.segment import Segment
from rich.style import Style
from textual.selection import Selection
from textual.strip import Strip

from nova_tui.tui.widgets.markdown_layout import Line

LINES: Final = 1 << 17
"""More than the lines that one row can have."""


def key_of(row: int, line: int) -> int:
    """Return the y of a line of a row."""
    return row * LINES + line


def span_in(selection: Selection | None, row: int, line: int, length: int) -> tuple[int, int] | None:
    """Return the selected characters of a line of so many, None when none are."""
    span = selection.get_span(key_of(row, line)) if selection is not None else None
    if span is None:
        return None
    start, end = span
    return min(start, length), length if end == -1 else min(end, length)


def is_inside(selection: Selection, row: int, lines: int) -> bool:
    """Tell whether a row of so many lines is selected from before its first character to behind its last line."""
    start, end = selection
    begins = start is None or start.y < key_of(row, 1) or (start.y == key_of(row, 1) and start.x == 0)
    return begins and (end is None or end.y > key_of(row, lines))


def with_offsets(line: Line, row: int, number: int) -> list[Segment]:
    """Return the segments of a line with their places in it, by which Textual finds what is under the pointer."""
    return list(Strip(line.segments).apply_offsets(0, key_of(row, number)))


def with_selected(line: Line, span: tuple[int, int], style: Style) -> list[Segment]:
    """Return the segments of a line, the selected characters in another style."""
    start, end = max(span[0], line.skip), span[1]
    out: list[Segment] = []
    position = 0
    for text, own, _ in line.segments:
        after = position + len(text)
        cut, stop = max(start - position, 0), min(end - position, len(text))
        if cut >= stop:
            out.append(Segment(text, own))
        else:
            parts = ((text[:cut], own), (text[cut:stop], own + style if own else style), (text[stop:], own))
            out += [Segment(part, part_style) for part, part_style in parts if part]
        position = after
    return out


def selected_text(rows: Iterable[tuple[int, Sequence[Line]]], selection: Selection) -> str:
    """Return the selected text of rows (position, lines): wrapped lines are joined again, a blank line parts rows."""
    texts: list[str] = []
    for row, lines in rows:
        pieces: list[str] = []
        for number, line in enumerate(lines, start=1):
            text = line.text.rstrip()
            span = span_in(selection, row, number, len(text))
            if span is None:
                continue
            if pieces:
                pieces.append(line.join)
            pieces.append(text[max(span[0], line.skip) : span[1]])
        if pieces:
            texts.append("".join(pieces))
    return "\n\n".join(texts)


def copied_words(text: str) -> str:
    """Say how much of a selection is in the clipboard now."""
    lines = text.count("\n") + 1
    counted = f"{lines:,} lines, " if lines > 1 else ""
    return f"Selection copied: {counted}{len(text):,} character{'' if len(text) == 1 else 's'}."
