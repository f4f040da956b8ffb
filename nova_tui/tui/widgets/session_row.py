"""What a list says of one session: words and the names of their styles, no colours yet."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, tzinfo
from typing import Final

from rich.cells import cell_len

from nova_tui.domain.folding import fold
from nova_tui.domain.summary import SessionSummary
from nova_tui.tui.widgets.cells import fit, shown_line
from nova_tui.tui.widgets.relative_time import relative_time

Run = tuple[str, str]
"""A text and the name of its style: title, detail, match, star, warning."""
SEPARATOR: Final = " · "


def matcher(words: Iterable[str]) -> re.Pattern[str] | None:
    """Return a pattern that finds any of the words in folded text, None where there are none."""
    folded = sorted({fold(word) for word in words} - {""}, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, folded))) if folded else None


def title_runs(summary: SessionSummary, width: int, words: re.Pattern[str] | None) -> list[Run]:
    """Return the title in exactly `width` cells, matched words apart."""
    title = shown_line(summary.title) or "Untitled"
    return matched(fit(title, width), words, "title")


def detail_runs(summary: SessionSummary, width: int, now: datetime, zone: tzinfo | None) -> list[Run]:
    """Return the second line in exactly `width` cells: what fits, the most important first."""
    if summary.damaged is not None:
        reason = shown_line(summary.damaged)
        return [(fit("damaged" + (SEPARATOR + reason if reason else ""), width), "warning")]
    archived = f"archived{SEPARATOR}" if summary.archived else ""
    count = f"{summary.rows:,}" + (" row" if summary.rows == 1 else " rows")
    text = f"{archived}{count}"
    if cell_len(text) > width and archived:
        text = archived.removesuffix(SEPARATOR)
    origin = (shown_line(summary.source, 40),) if summary.source and not summary.tags else ()
    for part in (relative_time(summary.updated_at, now, zone), *(shown_line(tag, 40) for tag in summary.tags), *origin):
        if cell_len(text) + len(SEPARATOR) + cell_len(part) > width:
            break
        text += SEPARATOR + part
    return [(fit(text, width), "detail")]


def matched(text: str, words: re.Pattern[str] | None, style: str) -> list[Run]:
    """Split `text` where the words are found, case and accents aside."""
    if words is None:
        return [(text, style)]
    folded, places = _folded_places(text)
    runs: list[Run] = []
    end = 0
    for match in words.finditer(folded):
        start, stop = places[match.start()], places[match.end() - 1] + 1
        if start < end:
            continue
        if start > end:
            runs.append((text[end:start], style))
        runs.append((text[start:stop], "match"))
        end = stop
    if end < len(text):
        runs.append((text[end:], style))
    return runs


def _folded_places(text: str) -> tuple[str, list[int]]:
    """Return the folded text and, for each of its characters, where it comes from."""
    if text.isascii():
        return text.lower(), list(range(len(text)))
    folded, places = [], []
    for index, character in enumerate(text):
        for piece in fold(character):
            folded.append(piece)
            places.append(index)
    return "".join(folded), places
