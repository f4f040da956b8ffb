"""A row as lines that a person reads."""

from __future__ import annotations

from typing import Final

from nova_tui.domain.row import Row
from nova_tui.domain.safe_text import clean_line, cleaned_whole, to_json

LONGEST: Final = 200
"""Characters shown of a tool call's parameters or result."""


def row_lines(row: Row) -> list[str]:
    """Return a row as lines, safe to show: what it is, its text, its pictures, its tool calls."""
    marks = [word for word in ("hidden" if row.hidden else "", row.kind or "") if word]
    lines = [f"[{clean_line(', '.join(dict.fromkeys(marks)))}]"] if row.hidden else []
    if row.text or not (row.images or row.function_calls):
        lines += cleaned_whole(row.text).expandtabs(4).split("\n")
    for image in row.images or ():
        size = f"{len(image.data):,} bytes" if image.data is not None else ""
        facts = (image.name or image.path or image.url, image.mime, size, image.alt)
        lines.append(f"[picture: {clean_line(', '.join(fact for fact in facts if fact))}]")
    for call in row.function_calls:
        parameters = "" if call.parameters is None else to_json(call.parameters)
        lines.append(clean_line(f"→ {call.function_name}({clean_line(parameters, LONGEST)})", LONGEST * 2))
        if call.result is not None:
            result = call.result if isinstance(call.result, str) else to_json(call.result)
            lines.append(f"← {clean_line(result, LONGEST)}")
    return lines
