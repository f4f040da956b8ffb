"""TextBox: a text area without frame, as composer and row editor use it."""

from __future__ import annotations

from typing import ClassVar, Final

from textual.widgets import TextArea

MOST: Final = 1_000_000
"""Characters of a text that can be typed in: twice as many take seconds to open."""
MOST_IN_LINE: Final = 100_000
"""Characters of one line, which is wrapped anew at every key."""


def is_too_large(text: str) -> bool:
    """Tell whether a text is better edited elsewhere."""
    return len(text) > MOST or (len(text) > MOST_IN_LINE and max(map(len, text.split("\n"))) > MOST_IN_LINE)


class TextBox(TextArea):
    """Several lines of plain text: soft-wrapped, no line numbers, Tab leaves it."""

    DEFAULT_CSS: ClassVar[str] = """
    TextBox {
        border: none; padding: 0; background: $background; color: $foreground;
        &:focus { border: none; }
        & .text-area--cursor-line { background: $background; }
        & .text-area--placeholder { color: $text-muted; }
    }
    """

    def __init__(self, text: str = "", *, placeholder: str = "", id: str | None = None) -> None:
        super().__init__(
            text,
            soft_wrap=True,
            show_line_numbers=False,
            tab_behavior="focus",
            highlight_cursor_line=False,
            compact=True,
            placeholder=placeholder,
            id=id,
        )

    def replace_all(self, text: str) -> None:
        """Put another text in, as one step that undo takes back."""
        self.replace(text, (0, 0), self.document.end)
