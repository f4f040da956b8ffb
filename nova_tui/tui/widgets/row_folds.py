"""RowFolds: which rows are folded, and what is left of them: the first lines of a long text, one line of a tool row."""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from itertools import repeat
from operator import add, floordiv
from typing import Final

from rich.cells import chop_cells

from nova_tui.domain.outline import DialogOutline
from nova_tui.domain.row import FunctionCall, Row
from nova_tui.domain.safe_text import to_json
from nova_tui.tui.widgets.cells import shown_line

HEAD: Final = 8
"""Lines of a folded text that stay."""
LONG: Final = 16
"""Lines from which on a text can be folded."""
HUGE: Final = 300
"""Lines from which on a row is folded until somebody unfolds it."""
FOLDED_HEIGHT: Final = HEAD + 3
"""About how many lines a folded row takes: its label, what stays, what is left out, a blank one."""
_CELLS: Final = 80
"""Characters that count as a line, at any width, so that a row does not fold because the window is narrower."""
_TOOLS: Final = ("tool_call", "tool_result", "thinking")
_MARKS: Final = {"tool_call": "→", "tool_result": "←"}
_OWN: Final = 10_000
"""Rows whose state is remembered."""


class RowFolds:
    """The rows that a person folded or unfolded, one by one or all at once; the others are as they open."""

    def __init__(self) -> None:
        self.every: bool | None = None
        """Whether all rows that can be are folded (True) or unfolded; None where nobody said so."""
        self._own: dict[str, bool] = {}

    @property
    def from_lines(self) -> int | None:
        """Lines from which on a row is folded unless it was chosen; None where no length folds it."""
        return {None: HUGE, True: LONG, False: None}[self.every]

    def folded(self, row: Row) -> bool:
        """Tell whether a row is folded."""
        own = self._own.get(row.id)
        if own is not None:
            return own
        if self.every and is_tool(row):
            return True
        least = self.from_lines
        return least is not None and size_of(row.text) >= least

    def set(self, row_id: str, folded: bool) -> None:
        """Fold or unfold one row."""
        self._own.pop(row_id, None)
        self._own[row_id] = folded
        if len(self._own) > _OWN:
            del self._own[next(iter(self._own))]

    def set_every(self, folded: bool | None) -> None:
        """Fold or unfold all rows; None leaves them as they open."""
        self.every = folded
        if folded is not None:
            self._own.clear()

    def copy(self) -> RowFolds:
        """Return the same state, which another thread may read."""
        same = RowFolds()
        same.every, same._own = self.every, dict(self._own)
        return same


def size_of(text: str) -> int:
    """Return about how many lines a text takes, whatever the width."""
    return text.count("\n") + 1 + len(text) // _CELLS


def folded_from(outline: DialogOutline, start: int, stop: int | None, least: int) -> bytes:
    """Return 1 for each row that is so long that it is folded; empty where none is."""
    chars, lines = outline.chars[start:stop], outline.lines[start:stop]
    if not chars or max(lines) + max(chars) // _CELLS < least:
        return b""
    sizes = array("q", map(add, lines, map(floordiv, chars, repeat(_CELLS))))
    return bytes(size >= least for size in sizes)


def is_tool(row: Row) -> bool:
    """Tell whether a row says what a tool was asked or answered, or what was thought."""
    return row.kind in _TOOLS or bool(row.function_calls)


def can_fold(row: Row) -> bool:
    """Tell whether there is anything to fold."""
    return is_tool(row) or size_of(row.text) >= LONG


def head_of(text: str, width: int, lines: int = HEAD) -> tuple[str, str]:
    """Return the text of about so many lines of a width, and how much more there is (empty when there is none)."""
    width, left, cut = max(8, width), lines, 0
    while left and cut < len(text):
        end = text.find("\n", cut)
        end = len(text) if end < 0 else end
        pieces = chop_cells(text[cut : min(end, cut + left * width + 1)], width)
        if len(pieces) > left:
            cut += sum(map(len, pieces[:left]))
            break
        takes = max(1, len(pieces))
        left -= takes
        cut = min(len(text), end + 1)
    rest = len(text) - cut
    if not rest or (rest <= 1000 and not text[cut:].strip()):
        return text, ""
    newlines = text.count("\n", cut, len(text) - text.endswith("\n"))
    at_start = text[cut - 1] == "\n"
    if newlines or at_start:
        more = newlines + at_start
        return text[:cut].rstrip("\n"), f"… {more:,} more line{'' if more == 1 else 's'}"
    return text[:cut], f"… {rest:,} more characters"


def summary(row: Row) -> str:
    """Return the one line that stands for a tool row: `→ find_payments(order: 1881) · result 2 items`."""
    calls = row.function_calls
    if calls:
        first = call_line(calls[0])
        return first if len(calls) == 1 else f"{first} · {len(calls) - 1} more"
    text = row.text.strip()
    head = shown_line(text[:400].partition("\n")[0], 160)
    mark = _MARKS.get(row.kind or "", "")
    lines = text.count("\n") + 1
    return " · ".join(filter(None, (f"{mark} {head}".strip(), f"{lines:,} lines" if lines > 1 else "")))


def call_line(call: FunctionCall) -> str:
    """Return a tool call in one line."""
    result = _result(call.result)
    line = f"→ {shown_line(call.function_name, 80)}({_parameters(call.parameters)})"
    return f"{line} · {result}" if result else line


def _parameters(value: object) -> str:
    """Return what a tool was given: `order: 1881, state: open`."""
    if isinstance(value, Mapping):
        return shown_line(", ".join(f"{name}: {_short(each)}" for name, each in list(value.items())[:12]), 120)
    return shown_line(_short(value), 120) if value not in (None, "", []) else ""


def _short(value: object) -> str:
    """Return a value as short as it can be told."""
    if isinstance(value, str):
        return value[:60].replace("\n", " ") + ("…" if len(value) > 60 else "")
    if isinstance(value, Mapping):
        return "{…}" if value else "{}"
    if isinstance(value, Sequence):
        return f"[{len(value)}]"
    return to_json(value)[:60]


def _result(value: object) -> str:
    """Return what came back: `result 2 items`."""
    if value is None:
        return ""
    if isinstance(value, str):
        lines = value.strip().count("\n") + 1
        return f"result {lines:,} lines" if lines > 1 else f"result {shown_line(value, 60)}".rstrip()
    if isinstance(value, Mapping):
        return f"result {len(value):,} field{'' if len(value) == 1 else 's'}"
    if isinstance(value, Sequence):
        return f"result {len(value):,} item{'' if len(value) == 1 else 's'}"
    return f"result {shown_line(to_json(value), 60)}"
