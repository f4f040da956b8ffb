"""What a list says of one session: words and the names of their styles, no colours yet."""

from __future__ import annotations

from datetime import datetime, tzinfo
from typing import Final

from rich.cells import cell_len

from nova_tui.domain.summary import SessionSummary
from nova_tui.tui.widgets.cells import fit, shown_line
from nova_tui.tui.widgets.markdown_layout import Find
from nova_tui.tui.widgets.relative_time import relative_time

Run = tuple[str, str]
"""A text and the name of its style: title, detail, match, star, warning."""
SEPARATOR: Final = " · "


def title_runs(summary: SessionSummary, width: int, find: Find | None) -> list[Run]:
    """Return the title in exactly `width` cells, what is found in it apart."""
    title = shown_line(summary.title) or "Untitled"
    return matched(fit(title, width), find, "title")


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


def matched(text: str, find: Find | None, style: str) -> list[Run]:
    """Split `text` where something is found."""
    runs: list[Run] = []
    end = 0
    for start, stop in find(text) if find is not None else ():
        if start > end:
            runs.append((text[end:start], style))
        runs.append((text[start:stop], "match"))
        end = stop
    if end < len(text) or not text:
        runs.append((text[end:], style))
    return runs


def snippet_runs(snippet: str, width: int, find: Find | None) -> list[Run]:
    """Return the words around what was found in exactly `width` cells, cut so that it can be seen."""
    text = shown_line(snippet)
    place = next(iter(find(text)), None) if find is not None else None
    if place is not None and cell_len(text[: place[1]]) > width - 1:
        before = text[: place[0]]
        while before and cell_len(before) > width // 4:
            before = before[max(1, len(before) // 8) :]
        text = f"…{before}{text[place[0] :]}"
    return matched(fit(text, width), find, "detail")
