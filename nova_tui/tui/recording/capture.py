"""Capture: from the strips of a screen to the rows of a recording."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache

from rich.cells import set_cell_size, split_graphemes
from rich.color import Color, ColorType
from rich.segment import Segment
from rich.style import Style as RichStyle
from rich.terminal_theme import TerminalTheme
from textual.app import App
from textual.color import Color as TextualColor

from nova_tui.services.recording.recording import PLAIN, Colours, Row, Run, Style
from nova_tui.tui.line_filter import guarded


class Capture:
    """Turns strips into rows, and knows which rows changed since the last time."""

    def __init__(self, theme: TerminalTheme) -> None:
        self._before: list[list[Segment]] = []
        self.style: Callable[[RichStyle], Style] = lru_cache(maxsize=4096)(lambda style: _style(style, theme))

    def changed(self, lines: Sequence[list[Segment]], columns: int, count: int) -> Iterator[tuple[int, Row]]:
        """Yield the rows that differ from the last call's, with their numbers; a smaller screen is filled up."""
        whole = [*lines[:count], *[[]] * (count - len(lines))]
        before: Sequence[list[Segment] | None] = self._before or [None] * count
        for number, (old, new) in enumerate(zip(before, whole, strict=True)):
            if old is not new and old != new:
                row = self._row(new)
                missing = columns - sum(run.width for run in row)
                yield number, (*row, Run(" " * missing, missing)) if missing > 0 else row
        self._before = whole

    def _row(self, segments: list[Segment]) -> Row:
        """Return one line: neighbours of one style together, clusters by themselves."""
        runs: list[Run] = []
        for text, rich_style, control in segments:
            if control or not text:
                continue
            style = self.style(rich_style) if rich_style else PLAIN
            for part, width, cluster in _parts(text if text.isprintable() else guarded(text)):
                if runs and not cluster and not runs[-1].cluster and runs[-1].style == style:
                    runs[-1] = Run(runs[-1].text + part, runs[-1].width + width, style)
                elif part and not (cluster and not width):
                    runs.append(Run(part, width, style, cluster))
        return tuple(runs)


def row_of(text: str, columns: int, style: Style = PLAIN) -> Row:
    """Return a line of a clean text, cut or filled up to the width."""
    runs = [Run(part, width, style, cluster) for part, width, cluster in _parts(set_cell_size(text, columns)) if width]
    return tuple(runs)


def _parts(text: str) -> Iterator[tuple[str, int, bool]]:
    """Yield runs of single-cell characters and clusters: text, cells, whether it is a cluster."""
    if text.isascii():
        yield text, len(text), False
        return
    start = 0
    spans, _ = split_graphemes(text)
    for begin, end, width in _with_flags(text, spans):
        if width == 1 and end - begin == 1:
            continue
        if start < begin:
            yield text[start:begin], begin - start, False
        yield text[begin:end], width, True
        start = end
    if start < len(text):
        yield text[start:], len(text) - start, False


def _with_flags(text: str, spans: Sequence[tuple[int, int, int]]) -> Iterator[tuple[int, int, int]]:
    """Yield spans with the two letters of a flag as one: Rich takes them apart, terminals draw them together."""
    half: tuple[int, int, int] | None = None
    for span in spans:
        letter = "\U0001f1e6" <= text[span[0]] <= "\U0001f1ff"
        if half is not None:
            if letter:
                yield half[0], span[1], half[2] + span[2]
                half = None
                continue
            yield half
        half = span if letter else None
        if half is None:
            yield span
    if half is not None:
        yield half


def _style(style: RichStyle, theme: TerminalTheme) -> Style:
    """Return how cells of a style look; dim and reversed ones as the colours that come of it."""
    front, back = _colour(style.color, theme), _colour(style.bgcolor, theme)
    if style.reverse:
        front, back = (
            _number(theme.background_color) if back is None else back,
            _number(theme.foreground_color) if front is None else front,
        )
    if style.dim:
        plain = _number(theme.foreground_color) if front is None else front
        front = _between(plain, _number(theme.background_color) if back is None else back)
    return Style(
        front, back, bool(style.bold), bool(style.italic), bool(style.underline or style.underline2), bool(style.strike)
    )


def _colour(color: Color | None, theme: TerminalTheme) -> int | None:
    """Return a colour, None for the terminal's own."""
    if color is None or color.type is ColorType.DEFAULT:
        return None
    return _number(color.get_truecolor(theme))


def _number(triplet: tuple[int, int, int]) -> int:
    """Return red, green and blue as one number."""
    red, green, blue = triplet
    return red << 16 | green << 8 | blue


def _between(one: int, other: int) -> int:
    """Return the colour halfway between two."""
    return sum((((one >> shift & 255) + (other >> shift & 255)) // 2) << shift for shift in (16, 8, 0))


def colours_of(app: App[None]) -> Colours:
    """Return the colours of the app's theme and of the terminal that goes with it."""
    theme = app.ansi_theme
    palette = tuple(_number(theme.ansi_colors[number]) for number in range(16))
    if app.current_theme.ansi:
        return Colours(_number(theme.foreground_color), _number(theme.background_color), palette[3], palette)
    names = app.theme_variables
    front, back, accent = (
        _number(TextualColor.parse(names[name]).rgb) for name in ("foreground", "background", "accent")
    )
    return Colours(front, back, accent, palette)
