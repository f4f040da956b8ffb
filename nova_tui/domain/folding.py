"""Folding: what makes two spellings of a word the same for a search."""

from __future__ import annotations

import unicodedata


def fold(text: str) -> str:
    """Return the text without case and accents (NFKD less its combining marks, case-folded)."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(character for character in decomposed if not unicodedata.combining(character)).casefold()
