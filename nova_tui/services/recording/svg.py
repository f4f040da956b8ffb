"""SVG: one screen, or a whole recording that moves by style sheet alone: no script, no font, nothing loaded."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from itertools import groupby
from typing import Final

from nova_tui.services.recording.recording import Cell, Colours, Recording, Row, Style, cells_of, hex_of
from nova_tui.services.recording.shapes import SHADES, blocks, lines

WIDTH: Final = 8.4
"""Units of a cell."""
HEIGHT: Final = 18
BASE: Final = 13.5
"""Where the letters of a line stand."""
OVERLAP: Final = 0.3
"""What a rectangle reaches into the next one, so that no seam shows."""
STROKES: Final = (0.0, 1.0, 2.2)
"""How thick box lines are: none, light, heavy."""
STEP: Final = 50
"""Milliseconds of a frame of the animation."""
_WORDS: Final = re.compile(r"\S+(?: \S+)*")
_LONG: Final = ("─", "━", "█", "▀", "▄")
"""Shapes that are drawn as one where they stand in a row."""
FONT: Final = "14px ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace"


def still(recording: Recording, at: int | None = None) -> bytes:
    """Return the screen at a moment, by default the last."""
    styles = _Styles()
    screen = recording.screen_at(recording.length if at is None else at)
    body = "".join(
        f'<g transform="translate(0 {number * HEIGHT})">{_drawn(row, recording.colours, styles)}</g>'
        for number, row in enumerate(screen)
    )
    return _document(recording, styles.css(), body)


def animated(recording: Recording) -> bytes:
    """Return the recording as an animation that repeats; where motion is not wanted it shows its end."""
    styles, rows = _Styles(), _Rows()
    frames = recording.sampled(STEP).frames
    groups, keyframes = [], []
    for number, (at, changed) in enumerate(frames):
        uses = "".join(
            f'<use href="#{rows.name(row, recording.colours, styles)}" y="{line * HEIGHT}"/>' for line, row in changed
        )
        if number == 0:
            groups.append(f"<g>{uses}</g>")
            continue
        part = number_of(100 * at / max(1, recording.length), 4)
        keyframes.append(f"@keyframes k{number}{{0%{{visibility:hidden}}{part}%{{visibility:visible}}}}")
        groups.append(f'<g class="f" style="animation-name:k{number}">{uses}</g>')
    duration = number_of(recording.length / 1000, 3)
    css = (
        f".f{{visibility:hidden;animation:{duration}s step-end infinite}}"
        + styles.css()
        + "".join(keyframes)
        + "@media (prefers-reduced-motion:reduce){.f{animation:none!important;visibility:visible}}"
    )
    return _document(recording, css, f"<defs>{rows.definitions()}</defs>{''.join(groups)}")


def number_of(value: float, digits: int = 2) -> str:
    """Return a number without needless digits."""
    text = f"{value:.{digits}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


class _Styles:
    """The style classes of a document, each named by its number."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}

    def name(self, declarations: str) -> str:
        """Return the class of these declarations."""
        return self._names.setdefault(declarations, f"s{len(self._names):x}")

    def css(self) -> str:
        """Return all of them as a style sheet."""
        return "".join(f".{name}{{{declarations}}}" for declarations, name in self._names.items())


class _Rows:
    """Each different row once."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}
        self._drawn: dict[Row, str] = {}

    def name(self, row: Row, colours: Colours, styles: _Styles) -> str:
        """Return the name of a row."""
        drawn = self._drawn.get(row)
        if drawn is None:
            drawn = self._drawn[row] = _drawn(row, colours, styles)
        return self._names.setdefault(drawn, f"r{len(self._names):x}")

    def definitions(self) -> str:
        """Return all of them."""
        return "".join(f'<g id="{name}">{drawn}</g>' for drawn, name in self._names.items())


def _document(recording: Recording, css: str, body: str) -> bytes:
    """Return a whole file."""
    width, height = number_of(recording.columns * WIDTH), recording.lines * HEIGHT
    title = escape(recording.title)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'role="img" aria-label="{title}"><title>{title}</title>'
        f"<style>rect{{shape-rendering:crispEdges}}text{{white-space:pre;font:{FONT}}}{css}</style>"
        f'<rect width="{width}" height="{height}" fill="{hex_of(recording.colours.background)}"/>{body}</svg>\n'
    ).encode()


def _drawn(row: Row, colours: Colours, styles: _Styles) -> str:
    """Return a row: what is behind it, then its shapes and texts."""
    cells = list(_placed(cells_of(row)))
    parts = [
        _rectangle(left, 0, right, HEIGHT, hex_of(colour), styles)
        for left, right, colour in _spans((x, x + cell.width, colours.background_of(cell.style)) for x, cell in cells)
    ]
    for x, text, width, style in _texts(cells):
        fill = hex_of(colours.foreground_of(style))
        shape = _shape(x, text, width, fill, styles)
        parts.append(shape or _text(x, text, width, style, fill, styles))
        parts += _strokes(x, width, style, fill, styles)
    return "".join(parts)


def _placed(cells: Iterable[Cell]) -> Iterator[tuple[int, Cell]]:
    """Yield cells with their columns."""
    x = 0
    for cell in cells:
        yield x, cell
        x += cell.width


def _spans(cells: Iterable[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    """Join neighbours of one colour."""
    spans: list[tuple[int, int, int]] = []
    for left, right, colour in cells:
        if spans and spans[-1][1:] == (left, colour):
            spans[-1] = (spans[-1][0], right, colour)
        else:
            spans.append((left, right, colour))
    return spans


def _texts(cells: Sequence[tuple[int, Cell]]) -> Iterator[tuple[int, str, int, Style]]:
    """Yield what is written, with column and width: ASCII of one style together, anything else by itself.

    So a font that lacks a character cannot shift what follows. A long line or bar is one shape.
    """

    def kind(placed: tuple[int, Cell]) -> tuple[Style, str | int]:
        x, cell = placed
        return cell.style, "" if cell.text.isascii() else cell.text if cell.text in _LONG else x

    for (style, _), group in groupby(cells, kind):
        members = list(group)
        text = "".join(cell.text for _, cell in members)
        if not text.isspace() or style.underline or style.strike:
            yield members[0][0], text, sum(cell.width for _, cell in members), style


def _rectangle(left: float, top: float, right: float, bottom: float, fill: str, styles: _Styles) -> str:
    """Return a rectangle; columns are cells, heights are units."""
    x = f' x="{number_of(left * WIDTH)}"' if left else ""
    y = f' y="{number_of(top)}"' if top else ""
    width, height = number_of((right - left) * WIDTH + OVERLAP), number_of(bottom - top + OVERLAP)
    return f'<rect{x}{y} width="{width}" height="{height}" class="{styles.name("fill:" + fill)}"/>'


def _shape(x: int, text: str, width: int, fill: str, styles: _Styles) -> str:
    """Return a block element or a box line as geometry, empty for anything else."""
    character = text[0]
    if text != character * len(text):
        return ""
    if boxes := blocks(character):
        return "".join(
            _rectangle(x + box.left, box.top * HEIGHT, x + box.right + width - 1, box.bottom * HEIGHT, fill, styles)
            for box in boxes
        )
    if character in SHADES:
        shaded = _rectangle(x, 0, x + width, HEIGHT, fill, styles)
        return shaded.replace("<rect", f'<rect opacity="{SHADES[character]}"', 1)
    if (arms := lines(character)) is None:
        return ""
    middle, centre = (x + 0.5) * WIDTH, HEIGHT / 2
    left, right = x * WIDTH, (x + width) * WIDTH
    stroke = "fill:none;stroke:" + fill
    if arms.rounded:
        side, end = (right, HEIGHT + OVERLAP if arms.down else 0) if arms.right else (left, HEIGHT if arms.down else 0)
        bend = 4.2 if arms.right else -4.2
        turn = 4.2 if arms.down else -4.2
        path = (
            f"M{number_of(middle)} {number_of(end)}V{number_of(centre + turn)}"
            f"q0 {number_of(-turn)} {number_of(bend)} {number_of(-turn)}H{number_of(side)}"
        )
        return f'<path d="{path}" class="{styles.name(stroke)}"/>'
    parts = []
    for ends, weight in (
        (f"M{number_of(left)} {number_of(centre)}H{number_of(middle if width == 1 else right)}", arms.left),
        (f"M{number_of(middle)} {number_of(centre)}H{number_of(right + OVERLAP)}", arms.right),
        (f"M{number_of(middle)} 0V{number_of(centre)}", arms.up),
        (f"M{number_of(middle)} {number_of(centre)}V{number_of(HEIGHT + OVERLAP)}", arms.down),
    ):
        if weight:
            parts.append((ends, weight))
    heavy = max(weight for _, weight in parts)
    path = "".join(ends for ends, _ in parts)
    return f'<path d="{path}" class="{styles.name(f"{stroke};stroke-width:{number_of(STROKES[heavy])}")}"/>'


def _text(x: int, text: str, width: int, style: Style, fill: str, styles: _Styles) -> str:
    """Return characters, stretched to their cells whatever font there is; wide gaps are left out of the texts."""
    declarations = "fill:" + fill
    declarations += ";font-weight:700" if style.bold else ""
    declarations += ";font-style:italic" if style.italic else ""
    return "".join(
        f'<text x="{number_of((x + words.start()) * WIDTH)}" y="{BASE}" '
        f'textLength="{number_of((width - len(text) + words.end() - words.start()) * WIDTH)}" '
        f'class="{styles.name(declarations)}">{escape(words[0], quote=False)}</text>'
        for words in _WORDS.finditer(text)
    )


def _strokes(x: int, width: int, style: Style, fill: str, styles: _Styles) -> Iterator[str]:
    """Yield the lines under and through a text."""
    if style.underline:
        yield _rectangle(x, HEIGHT - 2, x + width, HEIGHT - 1.3, fill, styles)
    if style.strike:
        yield _rectangle(x, HEIGHT / 2, x + width, HEIGHT / 2 + 0.7, fill, styles)
