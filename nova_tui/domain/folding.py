"""Folding: what makes two spellings of a word the same for a search."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

_RUN: Final = re.compile(r"[^\x00-\x7f]+")


def fold(text: str) -> str:
    """Return the text without case and accents (NFKD less its combining marks, case-folded)."""
    text = text.lower()
    if text.isascii():
        return text
    return _RUN.sub(_fold_match, text)


def _fold_match(match: re.Match[str]) -> str:
    """Fold what is not ASCII; the same few accents and dashes come again and again."""
    run = match[0]
    return _fold_short(run) if len(run) <= 4 else _fold_run(run)


def _fold_run(run: str) -> str:
    """Fold characters."""
    decomposed = unicodedata.normalize("NFKD", run)
    return "".join(character for character in decomposed if not unicodedata.combining(character)).casefold()


_fold_short = lru_cache(4096)(_fold_run)
