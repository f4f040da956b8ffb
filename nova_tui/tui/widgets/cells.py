"""Text in cells: making it safe to show, and exactly as wide as it should be."""

from __future__ import annotations

import re
from typing import Final

from rich.cells import cell_len, set_cell_size

from nova_tui.domain.safe_text import clean, clean_line

JOINER: Final = "\u200d"
_PICTOGRAPH: Final = "\u2190-\u21ff\u2300-\u27bf\u2900-\u297f\u2b00-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001faff"
_LOOSE_JOINER: Final = re.compile(f"(?<![{_PICTOGRAPH}\ufe0f]){JOINER}|{JOINER}(?![{_PICTOGRAPH}])")


def _tied(text: str) -> str:
    """Keep joiners only between pictographs: elsewhere terminals and Rich count cells differently."""
    return _LOOSE_JOINER.sub("", text) if JOINER in text else text


def shown(text: str) -> str:
    """Return `text` safe to show on several lines."""
    return _tied(clean(text))


def shown_line(text: str, limit: int = 200) -> str:
    """Return `text` safe to show on one line."""
    return _tied(clean_line(text, limit))


def fit(text: str, width: int) -> str:
    """Return `text` in exactly `width` cells: filled with blanks, or cut with an ellipsis."""
    if width <= 0:
        return ""
    if cell_len(text) <= width:
        return set_cell_size(text, width)
    return set_cell_size(text, width - 1) + "…"
