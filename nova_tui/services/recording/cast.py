"""asciicast, versions 2 and 3: what asciinema plays, with chapters as markers and keys as input events."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, Final

from nova_tui.services.recording.recording import Cell, Recording, Row, Style, cells_of, hex_of

_START: Final = "\x1b[?25l\x1b[?7l\x1b[0m\x1b[2J"
"""Hide the cursor, do not wrap, clear."""
_AFTER: Final = "\x1b[0m\x1b[?7h\x1b[?25h"
"""Leave the terminal as it was, with the last screen on it."""


def encode(recording: Recording, version: int = 2) -> bytes:
    """Return the recording as asciicast."""
    lines = [_json(_header(recording, version))]
    before = 0
    for at, code, data in sorted(_events(recording, version), key=lambda event: event[0]):
        # a version-3 time is what passed since the last event
        moment, before = (at, at) if version == 2 else (at - before, at)
        lines.append(f"[{moment // 1000}.{moment % 1000:03d},{_json(code)},{_json(data)}]")
    return ("\n".join(lines) + "\n").encode()


def _json(value: Any) -> str:
    """Return compact JSON."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _header(recording: Recording, version: int) -> dict[str, Any]:
    """Return the first line: no time and no machine, so that equal recordings are equal files."""
    colours = recording.colours
    theme = {
        "fg": hex_of(colours.foreground),
        "bg": hex_of(colours.background),
        "palette": ":".join(hex_of(colour) for colour in colours.palette),
    }
    size = {"cols": recording.columns, "rows": recording.lines}
    if version == 2:
        return {
            "version": 2,
            "width": recording.columns,
            "height": recording.lines,
            "title": recording.title,
            "env": {"TERM": "xterm-256color"},
            "theme": theme,
        }
    return {
        "version": 3,
        "term": {**size, "type": "xterm-256color", "theme": theme},
        "title": recording.title,
    }


def _events(recording: Recording, version: int) -> Iterator[tuple[int, str, str]]:
    """Yield time, code and data; at one time keys come first, then chapters, then the screen."""
    for at, data in recording.keys:
        yield at, "i", data
    for at, label in recording.marks:
        yield at, "m", label
    shown: list[list[Cell]] = [[] for _ in range(recording.lines)]
    for number, frame in enumerate(recording.frames):
        out = [_START] if number == 0 else []
        out += [_changed(line, row, shown) for line, row in frame.rows]
        yield frame.at, "o", "".join(out)
    yield recording.length, "o", f"\x1b[{recording.lines};1H{_AFTER}"
    if version == 3:
        yield recording.length, "x", "0"


def _changed(line: int, row: Row, shown: list[list[Cell]]) -> str:
    """Return the output that turns the shown line into the row."""
    old, new = shown[line], cells_of(row)
    shown[line] = new
    start, end = 0, len(new)
    if [cell.width for cell in old] == [cell.width for cell in new]:
        while start < end and old[start] == new[start]:
            start += 1
        while end > start and old[end - 1] == new[end - 1]:
            end -= 1
    column = 1 + sum(cell.width for cell in new[:start])
    out = [f"\x1b[{line + 1};{column}H"]
    style: Style | None = None
    for cell in new[start:end]:
        if cell.style != style:
            style = cell.style
            out.append(_sgr(style))
        out.append(cell.text)
        column += cell.width
        if len(cell.text) > 1:
            # terminals disagree about the width of clusters; the next character goes where it belongs
            out.append(f"\x1b[{line + 1};{column}H")
    return "".join([*out, "\x1b[0m"])


@lru_cache(maxsize=4096)
def _sgr(style: Style) -> str:
    """Return the sequence that switches to a style."""
    codes = ["0"]
    codes += [code for code, on in zip("1349", style[2:], strict=True) if on]
    for base, colour in (38, style.fg), (48, style.bg):
        if colour is not None:
            codes.append(f"{base};2;{colour >> 16};{colour >> 8 & 255};{colour & 255}")
    return f"\x1b[{';'.join(codes)}m"
