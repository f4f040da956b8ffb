"""ChatML text, written: `<|im_start|>role`, the text, `<|im_end|>`.

The marks cannot be escaped, so a row whose text holds one is left out. Calls and answers of tools have no agreed form.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from nova_tui.domain.session import Session
from nova_tui.formats.format import Exported, Exporter

_MARKS: Final = ("<|im_start|>", "<|im_end|>")
_NO_PLACE: Final = ("thinking", "event", "tool_call", "tool_result")


class ChatMLExporter(Exporter):
    """Writes ChatML, a blank line between sessions."""

    name = "chatml"
    title = "ChatML text"
    extension = ".txt"
    dataset = True

    def write(self, sessions: Iterable[Session], hidden: bool, receipt: list[Exported]) -> Iterator[str]:
        """Yield the file, session by session."""
        for index, session in enumerate(sessions):
            chosen, entry = self.chosen(session, hidden, receipt)
            yield "\n" if index else ""
            for row in chosen.dialog.rows:
                if row.hidden and row.kind in _NO_PLACE:
                    entry.rows, entry.hidden = entry.rows - 1, entry.hidden + 1
                elif any(mark in row.text for mark in _MARKS):
                    entry.rows -= 1
                    entry.losses.append("a row that holds ChatML's own marks was left out")
                else:
                    entry.losses += ["an image has no place in this format"] * len(row.images or ())
                    yield f"<|im_start|>{row.role.value}\n{row.text}<|im_end|>\n"
