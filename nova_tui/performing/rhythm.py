"""Rhythm: when each piece of a text appears. Whole numbers and own dice only, so that every Python agrees.

The typing follows what is measured of people (Dhakal et al., CHI 2018): pairs of letters decide the pace, and the
tail towards long gaps is heavy.
"""

from __future__ import annotations

import hashlib
import re
from array import array
from collections.abc import Iterable, Iterator
from typing import Final

from nova_tui.domain.graphemes import grapheme_ends
from nova_tui.performing.cue import Cue

MAX_PIECES: Final = 8_000
"""Pieces of one row; a longer text comes in larger ones, so that no row lasts for hours."""
MAX_TYPED: Final = 1_200
"""Characters that anybody would type; a longer text is pasted."""
PASTE_BEAT: Final = 200
"""Milliseconds that something pasted takes."""
_MASK: Final = (1 << 64) - 1
_PAIRS: Final = frozenset({
    "th", "he", "in", "er", "an", "re", "on", "at", "en", "nd", "ti", "es", "or", "te", "of",
    "ed", "is", "it", "al", "ar", "st", "to", "nt", "ng", "se", "ha", "as", "ou", "io", "le",
})  # fmt: skip
_LEFT: Final = frozenset("qwertasdfgzxcvb")
_SHIFTED: Final = frozenset('!"#$%&()*+:<>?@^_{|}~')
_FENCED: Final = re.compile(r"^(`{3,}|~{3,})[^\n]*\n.*?(?:^\1[ \t]*(?:\n|\Z)|\Z)", re.MULTILINE | re.DOTALL)
_TOKEN: Final = re.compile(r"\s*[A-Za-z0-9_']{1,6}|\s*[^\sA-Za-z0-9_']|\s+")
_WORD: Final = re.compile(r"\s*\S+(?:\s+\Z)?|\s+")
_LINE: Final = re.compile(r"[^\n]*\n|[^\n]+")
_BLOCK: Final = re.compile(r".+?(?:\n\s*\n|\Z)", re.DOTALL)
_PIECES: Final = {"token": _TOKEN, "word": _WORD, "line": _LINE, "block": _BLOCK}
# 64 even steps through a log-normal distribution around 1000, of spread 0.28 and 0.45
_TYPING_SPREAD: Final = (
    508, 573, 611, 639, 662, 682, 700, 717, 732, 747, 760, 774, 786, 799, 811, 822, 834, 845, 856, 867, 877, 888, 899,
    909, 920, 930, 941, 952, 962, 973, 984, 995, 1005, 1017, 1028, 1039, 1051, 1063, 1075, 1087, 1100, 1113, 1126, 1140,
    1154, 1168, 1184, 1200, 1216, 1234, 1252, 1272, 1293, 1315, 1339, 1366, 1395, 1428, 1466, 1511, 1566, 1638, 1745,
    1968,
)  # fmt: skip
_WRITING_SPREAD: Final = (
    337, 409, 453, 487, 515, 541, 564, 586, 606, 625, 644, 662, 680, 697, 713, 730, 746, 763, 779, 795, 811, 826, 842,
    858, 874, 891, 907, 923, 940, 957, 974, 991, 1009, 1027, 1045, 1064, 1083, 1103, 1123, 1144, 1165, 1187, 1210, 1234,
    1259, 1284, 1311, 1340, 1370, 1402, 1435, 1472, 1511, 1553, 1599, 1650, 1708, 1773, 1849, 1941, 2055, 2209, 2446,
    2968,
)  # fmt: skip


class Dice:
    """Numbers that look like chance and are the same for the same seed (SplitMix64)."""

    __slots__ = ("_state",)

    def __init__(self, seed: str) -> None:
        self._state = int.from_bytes(hashlib.blake2b(seed.encode(), digest_size=8).digest(), "big")

    def roll(self) -> int:
        """Return 64 bits."""
        self._state = (self._state + 0x9E3779B97F4A7C15) & _MASK
        bits = self._state
        bits = ((bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
        bits = ((bits ^ (bits >> 27)) * 0x94D049BB133111EB) & _MASK
        return bits ^ (bits >> 31)

    def below(self, limit: int) -> int:
        """Return a number from 0 to `limit` less one."""
        return (self.roll() * limit) >> 64


class Beats:
    """Pieces of one text: how much of it is there from which moment on."""

    __slots__ = ("_now", "sizes", "times")

    def __init__(self, begin: int = 0) -> None:
        self._now = begin * 1000
        self.times = array("q")
        """Milliseconds from the row's start at which each piece appears, in order."""
        self.sizes = array("q")
        """Characters that are there with each piece."""

    @property
    def end(self) -> int:
        """Milliseconds at which everything is there."""
        return self._now // 1000

    def add(self, microseconds: int, size: int) -> None:
        """Let the text have grown to this size after a time."""
        self._now += microseconds
        self.times.append(self._now // 1000)
        self.sizes.append(size)


def typed(text: str, cue: Cue, dice: Dice) -> Beats:
    """Return how a person types a text; code in a fence and very long texts are pasted."""
    beats = Beats()
    if cue.type == "instant":
        beats.add(0, len(text))
        return beats
    if cue.type == "paste" or len(text) > MAX_TYPED:
        beats.add(_scaled(PASTE_BEAT * 1000, cue), len(text))
        return beats
    start = 0
    for fence in _FENCED.finditer(text):
        _type(beats, text, start, fence.start(), cue, dice)
        beats.add(_scaled(PASTE_BEAT * 1000, cue), fence.end())
        start = fence.end()
    _type(beats, text, start, len(text), cue, dice)
    return beats


def _type(beats: Beats, text: str, start: int, stop: int, cue: Cue, dice: Dice) -> None:
    """Type one stretch of a text."""
    base = _scaled(round(1_000_000 / cue.cps), cue)
    before, position = text[start - 1 : start], start
    for end in grapheme_ends(text[start:stop]):
        key = text[position : start + end]
        wait = base * _TYPING_SPREAD[dice.roll() >> 58] // 1000 * _pace(before, key) // 1000
        if before and before in ",;:":
            wait += base * (1000 + dice.below(1500)) // 1000
        elif before and before in ".?!\n":
            wait += base * (3000 + dice.below(3000)) // 1000
        beats.add(wait, start + end)
        before, position = key[-1:], start + end


def _pace(before: str, key: str) -> int:
    """Return how much slower or faster a key is than the usual, in thousandths."""
    pace = 1000
    pair = (before + key).lower()
    if pair in _PAIRS:
        pace = 720
    elif before == key:
        pace = 620
    elif len(pair) == 2 and pair.isalpha() and ((pair[0] in _LEFT) != (pair[1] in _LEFT)):
        pace = 880
    if before == " ":
        pace = pace * 125 // 100
    if key.isupper() or key in _SHIFTED:
        pace = pace * 135 // 100
    if key.isdigit():
        pace = pace * 130 // 100
    return pace


def written(text: str, cue: Cue, dice: Dice, begin: int) -> Beats:
    """Return how an assistant writes a text, from `begin` on."""
    beats = Beats(begin)
    if cue.cadence == "api":
        _write_bursts(beats, text, cue, dice)
    else:
        _write(beats, text, cue, dice)
    if not beats.sizes:
        beats.add(0, len(text))
    return beats


def _write(beats: Beats, text: str, cue: Cue, dice: Dice) -> None:
    """Write piece by piece; each takes the time of its tokens."""
    base = _scaled(round(1_000_000 / cue.tps), cue)
    ends = [match.end() for match in _PIECES[cue.by].finditer(text)]
    many = -(-len(ends) // MAX_PIECES)
    before = 0
    for end in _whole(text, [*ends[many - 1 :: many], *ends[-1:]] if many > 1 else ends):
        tokens = 1 if cue.by == "token" else max(1, (end - before + 3) // 4)
        beats.add(base * tokens * _WRITING_SPREAD[dice.roll() >> 58] // 1000, end)
        before = end


def _write_bursts(beats: Beats, text: str, cue: Cue, dice: Dice) -> None:
    """Write as answers come over a line: 20 to 55 characters at once, 76 to 530 milliseconds apart."""
    many = -(-len(text) // (20 * MAX_PIECES)) or 1

    def ends() -> Iterator[int]:
        position = 0
        while position < len(text):
            position = min(len(text), position + (20 + dice.below(36)) * many)
            yield position

    for end in _whole(text, list(ends())):
        beats.add(_scaled((76 + dice.below(455)) * 1000, cue), end)


def _whole(text: str, ends: Iterable[int]) -> Iterable[int]:
    """Return the ends moved on so that no character, as people see them, is cut."""
    if text.isascii() and "\r" not in text:
        return ends
    allowed = grapheme_ends(text)
    return _moved(allowed, ends)


def _moved(allowed: list[int], ends: Iterable[int]) -> Iterator[int]:
    """Yield each end, or the next allowed one, once."""
    index, last = 0, 0
    for end in ends:
        while allowed[index] < end:
            index += 1
        if allowed[index] != last:
            last = allowed[index]
            yield last


def _scaled(microseconds: int, cue: Cue) -> int:
    """Return a time at the speed of a row."""
    return microseconds * 1000 // round(cue.speed * 1000)
