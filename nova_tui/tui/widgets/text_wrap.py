"""Text with spans, cut into lines of exactly so many cells."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rich._wrap import divide_line
from rich.cells import cell_len, chop_cells, set_cell_size
from rich.segment import Segment
from rich.style import Style

from nova_tui.tui.widgets.markdown_inline import Span
from nova_tui.tui.widgets.palette import Palette

_CLUSTERS = re.compile("[\u200d\ufe0f]")


class Piece:
    """A line of a text that was wrapped: its segments, their cells, and the blanks that were cut before it."""

    __slots__ = ("cells", "join", "segments")

    def __init__(self, segments: list[Segment], cells: int, join: str) -> None:
        self.segments = segments
        self.cells = cells
        self.join = join
        """What was between this line and the one before: a newline, or the blanks that the wrapping took."""


def wrap(
    text: str, spans: Sequence[Span], width: int, palette: Palette, names: tuple[str, ...], *, words: bool = True
) -> Iterator[Piece]:
    """Yield the lines of a text; none is wider than `width`. Without `words` lines are cut wherever they are full."""
    runs = _runs(text, spans, palette, names)
    ascii_text = text.isascii()
    run = start = 0
    join = ""
    for line in text.split("\n"):
        length = len(line)
        cuts = () if ascii_text and length <= width else _cuts(line, width, words=words)
        begin = 0
        for end in (*cuts, length):
            stop = begin + len(line[begin:end].rstrip()) if words else end
            position, last = start + begin, start + stop
            while run and runs[run - 1][0] > position:
                run -= 1
            while run < len(runs) and runs[run][0] <= position:
                run += 1
            segments: list[Segment] = []
            index = run
            while position < last:
                upto, style = runs[index]
                upto = min(upto, last)
                segments.append(Segment(text[position:upto], style))
                position = upto
                index += 1
            if ascii_text:
                cells = stop - begin
            else:
                segments, cells = _measured(segments, width)
            yield Piece(segments, cells, join)
            join = line[stop:end]
            begin = end
        join = "\n"
        start += length + 1


def _cuts(line: str, width: int, *, words: bool) -> Sequence[int]:
    """Return where a line is cut; a window that has no width yet counts as one cell."""
    width = max(1, width)
    if words:
        return divide_line(line, width)
    cuts: list[int] = []
    position = 0
    for piece in chop_cells(line, width)[:-1]:
        position += len(piece)
        cuts.append(position)
    return cuts


def _measured(segments: list[Segment], width: int) -> tuple[list[Segment], int]:
    """Return the segments and their cells; both right when a span parts a character from its joiner or selector."""
    cells = sum(cell_len(segment.text) for segment in segments)
    if len(segments) > 1:
        text = "".join(segment.text for segment in segments)
        if _CLUSTERS.search(text) and (whole := cell_len(text)) != cells:
            segments, cells = [Segment(text, segments[0].style)], whole
    if cells > width:
        segments = cropped(segments, width)
        cells = width
    return segments, cells


def cropped(segments: Sequence[Segment], width: int) -> list[Segment]:
    """Return the start of a line in exactly `width` cells; a wide character that is cut leaves a blank."""
    out: list[Segment] = []
    left = width
    for text, style, _ in segments:
        if left <= 0:
            break
        cells = cell_len(text)
        out.append(Segment(text if cells <= left else set_cell_size(text, left), style))
        left -= min(cells, left)
    if left > 0:
        out.append(Segment(" " * left, segments[-1].style if segments else None))
    return out


def _runs(text: str, spans: Sequence[Span], palette: Palette, names: tuple[str, ...]) -> list[tuple[int, Style]]:
    """Return (end, style) of stretches that look alike and cover the text."""
    if not spans:
        return [(len(text), palette.style(*names))]
    edges: list[tuple[int, int, int]] = []
    for number, span in enumerate(spans):
        start, end = max(0, span.start), min(span.end, len(text))
        if start < end:
            edges.append((start, 1, number))
            edges.append((end, 0, number))
    edges.sort()
    runs: list[tuple[int, Style]] = []
    active: list[int] = []
    position = 0
    for place, opens, number in edges:
        if place > position:
            runs.append((place, _style(palette, names, [spans[index] for index in active])))
            position = place
        if opens:
            active.append(number)
            active.sort()
        else:
            active.remove(number)
    if position < len(text):
        runs.append((len(text), palette.style(*names)))
    return runs


def _style(palette: Palette, names: tuple[str, ...], spans: list[Span]) -> Style:
    """Return the style of spans that lie over each other, innermost last."""
    every = (*names, *(span.style for span in reversed(spans))) if spans else names
    url = next((span.url for span in spans if span.url), None)
    return palette.link(every, url) if url else palette.style(*every)
