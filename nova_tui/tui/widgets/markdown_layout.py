"""Blocks to lines of a width: each line has exactly that many cells."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Final

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment

from nova_tui.tui.widgets.markdown_blocks import Block, Run, Table
from nova_tui.tui.widgets.markdown_inline import InlineText, Span
from nova_tui.tui.widgets.palette import Palette
from nova_tui.tui.widgets.table_layout import table_lines
from nova_tui.tui.widgets.text_wrap import cropped, wrap

MIN_WIDTH: Final = 8
"""Cells that a text has at least."""
PANEL: Final = "▏ "
"""What marks the lines of code, where a background would not show too."""

CodeSpans = Callable[[str, str], Sequence[Span]]
"""Gives the spans of code in a language."""
Find = Callable[[str], Iterable[tuple[int, int]]]
"""Gives the places in a text that are to be marked, from start to end."""
After = Callable[[Block], Sequence["Line"]]
"""Gives lines that follow a block."""


class Line:
    """One line of a text: its segments, and how it is copied."""

    __slots__ = ("join", "segments", "skip")

    def __init__(self, segments: list[Segment], join: str = "\n", skip: int = 0) -> None:
        self.segments = segments
        self.join = join
        """What was between this line and the one before."""
        self.skip = skip
        """Characters at its start that are no text: indents, bars."""

    @property
    def text(self) -> str:
        """The characters of the line, with the blanks that fill it."""
        return "".join(segment.text for segment in self.segments)


def layout(
    blocks: Iterable[Block],
    width: int,
    palette: Palette,
    code: CodeSpans,
    find: Find | None = None,
    after: After | None = None,
) -> list[Line]:
    """Return the lines of the blocks, each `width` cells wide; what is found looks like `find`."""
    lines: list[Line] = []
    for block in blocks:
        if block.gap is not None and lines:
            lines.append(Line(_gap(block.gap, width, palette)))
        lines += _block_lines(block, width, palette, code, find)
        if after is not None:
            lines += after(block)
    return lines


def _block_lines(block: Block, width: int, palette: Palette, code: CodeSpans, find: Find | None) -> list[Line]:
    """Return the lines of one block."""
    first, rest, indent = block.first, block.rest, sum(cell_len(text) for text, _ in block.rest)
    if width - indent < MIN_WIDTH:
        first, rest, indent = (), (), 0
    inner = width - indent
    if block.kind == "rule":
        lines = [Line([Segment("─" * inner, palette.style("text", "rule"))])]
    elif block.kind == "code":
        lines = _code_lines(block, inner, palette, code, find)
    elif block.table is not None:
        lines = [Line(segments) for segments in table_lines(_marked(block.table, find), inner, palette)]
    else:
        lines = _text_lines(block, inner, palette, find)
    if indent:
        _indent(lines, first, rest, palette)
    return lines


def _text_lines(block: Block, width: int, palette: Palette, find: Find | None) -> list[Line]:
    """Return the lines of a paragraph, a heading or a note."""
    names = ("text",) if block.kind in {"paragraph", "plain"} else ("text", block.kind)
    fill = palette.style("text")
    lines: list[Line] = []
    for piece in wrap(block.text, _with_found(block.text, block.spans, find), width, palette, names):
        if piece.cells < width:
            piece.segments.append(Segment(" " * (width - piece.cells), fill))
        lines.append(Line(piece.segments, piece.join if lines else "\n"))
    return lines


def _code_lines(block: Block, width: int, palette: Palette, code: CodeSpans, find: Find | None) -> list[Line]:
    """Return the lines of a code panel: a bar, the language if it has one, the code on its own background."""
    bar, style = Segment(PANEL, palette.style("text", "code", "code-bar")), palette.style("text", "code")
    inner = width - len(PANEL) - 1
    lines: list[Line] = []
    if block.language and block.says_language:
        label = set_cell_size(block.language, inner + 1)
        lines.append(Line([bar, Segment(label, palette.style("text", "code", "code-language"))], skip=width))
    spans = _with_found(block.text, code(block.text, block.language), find)
    start = len(lines)
    for piece in wrap(block.text, spans, inner, palette, ("text", "code"), words=False):
        fill = Segment(" " * (inner - piece.cells + 1), style)
        join = piece.join if len(lines) > start else "\n"
        lines.append(Line([bar, *piece.segments, fill], join, len(PANEL)))
    return lines


def _with_found(text: str, spans: Sequence[Span], find: Find | None) -> tuple[Span, ...]:
    """Return the spans, and before them those of what is found."""
    if find is None:
        return tuple(spans)
    return (*(Span(start, end, "find") for start, end in find(text) if start < end), *spans)


def _marked(table: Table, find: Find | None) -> Table:
    """Return the table with what is found in its cells."""
    if find is None:
        return table
    rows = (tuple(InlineText(cell.text, _with_found(*cell, find)) for cell in row) for row in table.rows)
    return Table(tuple(rows), table.aligns)


def _indent(lines: list[Line], first: Sequence[Run], rest: Sequence[Run], palette: Palette) -> None:
    """Put quote bars and list markers before the lines."""
    before = [Segment(text, palette.style("text", name)) for text, name in rest]
    length = sum(len(text) for text, _ in rest)
    bars = sum(len(text) for text, name in first if name == "quote-bar")
    for number, line in enumerate(lines):
        if number == 0:
            line.segments[:0] = [Segment(text, palette.style("text", name)) for text, name in first]
            line.skip += bars if bars or first != rest else length
        else:
            line.segments[:0] = before
            line.skip += length


def blank_line(width: int, palette: Palette) -> Line:
    """Return the line that parts two blocks."""
    return Line(_gap((), width, palette))


def _gap(runs: Sequence[Run], width: int, palette: Palette) -> list[Segment]:
    """Return a blank line; in a quote its bars go on."""
    segments = [Segment(text, palette.style("text", name)) for text, name in runs]
    return cropped([*segments, Segment(" " * width, palette.style("text"))], width)
