"""Recording: what a screen showed over time, as changed rows of styled runs; every file is made of it.

Times are whole milliseconds from the start. Texts are printable: nothing in them moves a cursor or ends a string.
"""

from __future__ import annotations

import dataclasses
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

from nova_tui.domain.safe_text import clean_line

LONGEST: Final = 200
"""Characters of a title or a label."""


class Style(NamedTuple):
    """How cells look; colours are 0xRRGGBB, None is the recording's own foreground or background."""

    fg: int | None = None
    bg: int | None = None
    bold: bool = False
    italic: bool = False
    underline: bool = False
    strike: bool = False


PLAIN: Final = Style()


class Run(NamedTuple):
    """Neighbouring cells of one style: characters of one cell each, or a single cluster of any width."""

    text: str
    width: int
    """Cells of the whole run."""
    style: Style = PLAIN
    cluster: bool = False
    """Whether the text is one cluster: a wide character, an emoji of several code points, a letter with marks."""


Row = tuple[Run, ...]
"""One line of the screen, from the first column on."""


class Cell(NamedTuple):
    """One character on the screen."""

    text: str
    width: int
    style: Style


def cells_of(row: Row) -> list[Cell]:
    """Return the characters of a row."""
    found: list[Cell] = []
    for text, width, style, cluster in row:
        if cluster:
            found.append(Cell(text, width, style))
        else:
            found.extend([Cell(character, 1, style) for character in text])
    return found


def text_of(row: Row) -> str:
    """Return the characters of a row without the blanks at its end."""
    return "".join(run.text for run in row).rstrip()


def plain_row(text: str, columns: int, style: Style = PLAIN) -> Row:
    """Return a row of single-cell characters, cut or filled up to the width."""
    return (Run(text[:columns].ljust(columns), columns, style),)


class Frame(NamedTuple):
    """The rows that changed at a moment, each with its number."""

    at: int
    rows: tuple[tuple[int, Row], ...]


class Mark(NamedTuple):
    """A chapter that begins."""

    at: int
    label: str


class Key(NamedTuple):
    """What was typed: text, or the control sequence of a key."""

    at: int
    data: str


@dataclass(frozen=True, slots=True)
class Colours:
    """The colours of a terminal, as 0xRRGGBB."""

    foreground: int = 0xE0E0E0
    background: int = 0x121212
    accent: int = 0xFFA62B
    palette: tuple[int, ...] = (
        0x000000, 0xCD3131, 0x0DBC79, 0xE5E510, 0x2472C8, 0xBC3FBC, 0x11A8CD, 0xE5E5E5,
        0x666666, 0xF14C4C, 0x23D18B, 0xF5F543, 0x3B8EEA, 0xD670D6, 0x29B8DB, 0xFFFFFF,
    )  # fmt: skip

    def foreground_of(self, style: Style) -> int:
        """Return the colour of a style's characters."""
        return self.foreground if style.fg is None else style.fg

    def background_of(self, style: Style) -> int:
        """Return the colour behind them."""
        return self.background if style.bg is None else style.bg


def hex_of(colour: int) -> str:
    """Return a colour as CSS writes it."""
    return f"#{colour:06x}"


@dataclass(frozen=True, slots=True)
class Recording:
    """A whole recording; the first frame holds every row, the others what changed."""

    columns: int
    lines: int
    frames: tuple[Frame, ...]
    length: int
    """Milliseconds until its end, the last hold included."""
    title: str = "nova-tui"
    marks: tuple[Mark, ...] = ()
    keys: tuple[Key, ...] = ()
    colours: Colours = Colours()

    def screens(self) -> Iterator[tuple[int, list[Row]]]:
        """Yield each moment with the whole screen then; the list is the same one each time."""
        screen: list[Row] = [()] * self.lines
        for frame in self.frames:
            for number, row in frame.rows:
                screen[number] = row
            yield frame.at, screen

    def screen_at(self, at: int) -> list[Row]:
        """Return the screen at a moment; before the first frame it is the first one."""
        count = max(1, bisect_right(self.frames, at, key=lambda frame: frame.at))
        screen: list[Row] = [()] * self.lines
        for frame in self.frames[:count]:
            for number, row in frame.rows:
                screen[number] = row
        return screen

    def sampled(self, step: int) -> Recording:
        """Return the recording with at most one frame in every `step` milliseconds, on multiples of it."""
        slots: dict[int, dict[int, Row]] = {}
        for at, rows in self.frames:
            slots.setdefault((at + step // 2) // step * step, {}).update(rows)
        return dataclasses.replace(self, frames=_without_repeats(slots.items()))


def _without_repeats(slots: Iterable[tuple[int, dict[int, Row]]]) -> tuple[Frame, ...]:
    """Return frames of the rows that differ from what was there, none where nothing does."""
    shown: dict[int, Row] = {}
    frames: list[Frame] = []
    for at, rows in slots:
        changed = tuple(sorted((number, row) for number, row in rows.items() if shown.get(number) != row))
        shown.update(changed)
        if changed:
            frames.append(Frame(at, changed))
    return tuple(frames)


class Reel:
    """A recording that is being made."""

    def __init__(self, columns: int, lines: int, title: str = "nova-tui", colours: Colours | None = None) -> None:
        self.columns, self.lines, self.title = columns, lines, title
        self.colours = colours or Colours()
        self._slots: dict[int, dict[int, Row]] = {}
        self._marks: list[Mark] = []
        self._keys: list[Key] = []
        self._end = 0

    def show(self, at: int, rows: Iterable[tuple[int, Row]]) -> None:
        """Take the rows that changed; what comes later in the same millisecond replaces what came before."""
        self._slots.setdefault(at, {}).update(rows)
        self._end = max(self._end, at)

    def mark(self, at: int, label: str) -> None:
        """Begin a chapter."""
        self._marks.append(Mark(at, clean_line(label, LONGEST)))
        self._end = max(self._end, at)

    def key(self, at: int, data: str) -> None:
        """Take what was typed."""
        self._keys.append(Key(at, data))
        self._end = max(self._end, at)

    def finished(self, length: int = 0) -> Recording:
        """Return the recording; it lasts at least until its last event."""
        first = self._slots.setdefault(min(self._slots, default=0), {})
        for number in range(self.lines):
            first.setdefault(number, plain_row("", self.columns))
        return Recording(
            self.columns,
            self.lines,
            _without_repeats(sorted(self._slots.items())),
            max(length, self._end),
            clean_line(self.title, LONGEST),
            tuple(self._marks),
            tuple(self._keys),
            self.colours,
        )
