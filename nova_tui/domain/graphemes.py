"""Where a text may be cut: between characters as people see them, never inside one."""

from __future__ import annotations

import unicodedata

_JOINER = "\u200d"


def grapheme_ends(text: str) -> list[int]:
    """Return where each character as people see it ends: base and marks, joined emoji, flags, CR LF stay whole."""
    if text.isascii() and "\r" not in text:
        return list(range(1, len(text) + 1))
    ends: list[int] = []
    flag = False  # whether the last character is the first half of a flag
    before = ""
    for position, character in enumerate(text):
        second_half = flag and _is_flag_letter(character)
        if position and not (second_half or _belongs(before, character)):
            ends.append(position)
        flag = _is_flag_letter(character) and not second_half
        before = character
    if text:
        ends.append(len(text))
    return ends


def _is_flag_letter(character: str) -> bool:
    """Tell whether two of these make a flag."""
    return "\U0001f1e6" <= character <= "\U0001f1ff"


def _belongs(before: str, character: str) -> bool:
    """Tell whether a character is one with the one before it."""
    if character < "\u0300":
        return character == "\n" and before == "\r"
    if before == _JOINER or character in (_JOINER, "\u200c"):
        return True
    if "\U0001f3fb" <= character <= "\U0001f3ff" or "\U000e0020" <= character <= "\U000e007f":
        return True
    if "\u1100" <= character <= "\u11ff" or "\uac00" <= character <= "\ud7fb":
        return _joins_syllable(before, character)
    return unicodedata.category(character) in ("Mn", "Me", "Mc")


def _joins_syllable(before: str, character: str) -> bool:
    """Tell whether two pieces of Hangul are one syllable."""
    leading = "\u1100" <= before <= "\u115f"
    syllable = "\uac00" <= before <= "\ud7a3"
    open_syllable = syllable and (ord(before) - 0xAC00) % 28 == 0
    vowel = "\u1160" <= before <= "\u11a7"
    if "\u1160" <= character <= "\u11a7":
        return leading or open_syllable or vowel
    if "\u11a8" <= character <= "\u11ff":
        return syllable or vowel or "\u11a8" <= before <= "\u11ff"
    if "\u1100" <= character <= "\u115f" or "\uac00" <= character <= "\ud7a3":
        return leading
    return False
