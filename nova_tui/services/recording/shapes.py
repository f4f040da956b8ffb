"""Shapes: block elements and box lines as geometry, because typeset ones leave seams between the cells."""

from __future__ import annotations

from functools import cache
from typing import Final, NamedTuple


class Box(NamedTuple):
    """A rectangle inside a cell, in parts of the cell's width and height."""

    left: float
    top: float
    right: float
    bottom: float


_QUADRANTS: Final = (
    Box(0, 0.5, 0.5, 1), Box(0.5, 0.5, 1, 1), Box(0, 0, 0.5, 0.5), Box(0.5, 0, 1, 0.5),
)  # fmt: skip
_QUARTERS: Final = {
    "▖": (0,), "▗": (1,), "▘": (2,), "▙": (0, 1, 2), "▚": (1, 2), "▛": (0, 2, 3), "▜": (1, 2, 3), "▝": (3,),
    "▞": (0, 3), "▟": (0, 1, 3),
}  # fmt: skip
SHADES: Final = {"░": 0.25, "▒": 0.5, "▓": 0.75}
"""How much of the foreground a shade holds."""


@cache
def blocks(character: str) -> tuple[Box, ...]:
    """Return the rectangles that a block element fills; none for another character."""
    code = ord(character[0]) - 0x2580
    if len(character) != 1 or not 0 <= code <= 0x1F or character in SHADES:
        return ()
    if character in _QUARTERS:
        return tuple(_QUADRANTS[number] for number in _QUARTERS[character])
    if code == 0:
        return (Box(0, 0, 1, 0.5),)
    if code <= 8:
        return (Box(0, 1 - code / 8, 1, 1),)
    if code <= 0xF:
        return (Box(0, 0, (16 - code) / 8, 1),)
    if code == 0x10:
        return (Box(0.5, 0, 1, 1),)
    return (Box(0, 0, 1, 1 / 8),) if code == 0x14 else (Box(7 / 8, 0, 1, 1),)


class Lines(NamedTuple):
    """Which arms a box line has, from the middle of the cell: 0 none, 1 light, 2 heavy."""

    left: int
    up: int
    right: int
    down: int
    rounded: bool = False


_ARMS: Final = {
    "─": "1010", "━": "2020", "│": "0101", "┃": "0202", "┌": "0011", "┐": "1001", "└": "0110", "┘": "1100",
    "├": "0111", "┤": "1101", "┬": "1011", "┴": "1110", "┼": "1111", "╭": "0011", "╮": "1001", "╯": "1100",
    "╰": "0110", "╴": "1000", "╵": "0100", "╶": "0010", "╷": "0001", "╸": "2000", "╹": "0200", "╺": "0020",
    "╻": "0002", "╼": "1020", "╾": "2010", "┏": "0022", "┓": "2002", "┗": "0220", "┛": "2200", "┣": "0222",
    "┫": "2202", "┳": "2022", "┻": "2220", "╋": "2222",
}  # fmt: skip


@cache
def lines(character: str) -> Lines | None:
    """Return the arms of a box line; None for another character."""
    arms = _ARMS.get(character)
    if arms is None:
        return None
    left, up, right, down = map(int, arms)
    return Lines(left, up, right, down, character in "╭╮╯╰")
