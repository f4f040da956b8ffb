"""Tables of text, measured in terminal cells."""

from __future__ import annotations

from collections.abc import Sequence

GAP = "  "
LEAST = 12
"""Cells that the last column keeps on a narrow terminal."""


def table(headings: Sequence[str], lines: Sequence[Sequence[str]], width: int | None = None) -> list[str]:
    """Lay out lines of safe text under headings; one that begins with `>` is right-aligned.

    The last column is cut to `width`, where one is given.
    """
    right = [heading.startswith(">") for heading in headings]
    cells = [[heading.removeprefix(">") for heading in headings], *lines]
    widths = [max(cell_len(line[column]) for line in cells) for column in range(len(headings) - 1)]
    taken = sum(widths) + len(GAP) * len(widths)
    laid_out = []
    for line in cells:
        padded = [_padded(text, size, to_right) for text, size, to_right in zip(line, widths, right, strict=False)]
        last = line[-1] if width is None else cut(line[-1], max(LEAST, width - taken))
        laid_out.append(GAP.join([*padded, last]).rstrip())
    return laid_out


def cell_len(text: str) -> int:
    """Return the cells that a line of safe text takes; most texts need no table of wide characters to tell."""
    if text.isascii():
        return len(text)
    from rich.cells import cell_len as measured

    return measured(text)


def _padded(text: str, size: int, to_right: bool) -> str:
    """Fill a text up to so many cells."""
    blanks = " " * (size - cell_len(text))
    return blanks + text if to_right else text + blanks


def cut(text: str, width: int) -> str:
    """Return a text of at most so many cells, with an ellipsis where some of it is left out."""
    if cell_len(text) <= width:
        return text
    from rich.cells import set_cell_size

    return set_cell_size(text, max(0, width - 1)).rstrip() + "…"
