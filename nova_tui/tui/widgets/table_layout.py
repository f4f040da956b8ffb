"""Tables in cells: columns as wide as their words, narrowed where the room is short, wide characters counted as two."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from rich.cells import cell_len
from rich.segment import Segment

from nova_tui.tui.widgets.markdown_blocks import Table
from nova_tui.tui.widgets.markdown_inline import InlineText
from nova_tui.tui.widgets.palette import Palette
from nova_tui.tui.widgets.text_wrap import Piece, cropped, wrap

INDENT: Final = 2
GAP: Final = 3
MIN_COLUMN: Final = 2


def table_lines(table: Table, width: int, palette: Palette) -> list[list[Segment]]:
    """Return the lines of a table, each exactly `width` cells wide; cells that are too wide go on in the next line."""
    columns = max((len(row) for row in table.rows), default=0)
    indent, gap = INDENT, GAP
    if columns * (MIN_COLUMN + gap) + indent > width:
        indent, gap = 0, 1
    if columns * (MIN_COLUMN + gap) > width:
        return _as_text(table, width, palette)
    widths = column_widths(_natural(table, columns), width - indent - gap * (columns - 1))
    base = palette.style("text")
    lines: list[list[Segment]] = []
    for number, row in enumerate(table.rows):
        names = ("text", "table-head") if number == 0 else ("text",)
        cells = [
            list(wrap(cell.text, cell.spans, cell_width, palette, names))
            for cell, cell_width in zip(_padded(row, columns), widths, strict=True)
        ]
        for line in range(max((len(cell) for cell in cells), default=0)):
            segments = [Segment(" " * indent, base)] if indent else []
            for column, (cell, cell_width) in enumerate(zip(cells, widths, strict=True)):
                if column:
                    segments.append(Segment(" " * gap, base))
                piece = cell[line] if line < len(cell) else Piece([], 0, "")
                align = table.aligns[column] if column < len(table.aligns) else "left"
                left = {"right": cell_width - piece.cells, "center": (cell_width - piece.cells) // 2}.get(align, 0)
                segments += _filled(piece, left, cell_width, palette)
            used = indent + sum(widths) + gap * (columns - 1)
            if used < width:
                segments.append(Segment(" " * (width - used), base))
            lines.append(segments)
    return lines


def column_widths(natural: Sequence[int], room: int) -> list[int]:
    """Return widths that fit into the room: narrow columns keep theirs, the wide ones share what is left."""
    widths = [max(MIN_COLUMN, width) for width in natural]
    if sum(widths) <= room:
        return widths
    order = sorted(range(len(widths)), key=lambda column: widths[column])
    for position, column in enumerate(order):
        share = max(MIN_COLUMN, room // (len(order) - position))
        widths[column] = min(widths[column], share)
        room -= widths[column]
    return widths


def _natural(table: Table, columns: int) -> list[int]:
    """Return the cells that each column would take with room enough."""
    widths = [0] * columns
    for row in table.rows:
        for column, cell in enumerate(row):
            widths[column] = max(widths[column], *(cell_len(line) for line in cell.text.split("\n")))
    return widths


def _padded(row: Sequence[InlineText], columns: int) -> list[InlineText]:
    """Return the cells of a row, empty ones where it is short."""
    return [*row, *[InlineText()] * (columns - len(row))]


def _filled(piece: Piece, left: int, width: int, palette: Palette) -> list[Segment]:
    """Return a cell with blanks before and after."""
    base = palette.style("text")
    before = [Segment(" " * left, base)] if left else []
    right = width - left - piece.cells
    return [*before, *piece.segments, *([Segment(" " * right, base)] if right else [])]


def _as_text(table: Table, width: int, palette: Palette) -> list[list[Segment]]:
    """Return the rows as running text, for a table of more columns than there is room for."""
    lines: list[list[Segment]] = []
    for row in table.rows:
        text = " | ".join(cell.text.replace("\n", " ") for cell in row)
        for piece in wrap(text, (), width, palette, ("text",)):
            fill = [Segment(" " * (width - piece.cells), palette.style("text"))] if piece.cells < width else []
            lines.append(cropped([*piece.segments, *fill], width))
    return lines
