"""RowEditor: the text box that lies over a row while it is edited."""

from __future__ import annotations

from typing import ClassVar

from textual.message import Message

from nova_tui.tui.commands import Command, bindings_of
from nova_tui.tui.widgets.text_box import TextBox


class EditorCommand(Command):
    """Something to do while a row's text is open."""

    group = "Editing a row"
    footer = True
    priority = True


class KeepText(EditorCommand):
    """Put the text into the row."""

    id, keys, label = "editor.keep", "ctrl+s", "keep"


class LeaveText(EditorCommand):
    """Leave the row as it was; what was typed stays as a draft that edit brings back."""

    id, keys, label = "editor.leave", "escape", "leave"


class RowEditor(TextBox):
    """A row's text, open for typing."""

    DEFAULT_CSS: ClassVar[str] = """
    RowEditor { layer: overlay; position: absolute; height: 3; background: $surface; }
    RowEditor .text-area--cursor-line { background: $surface; }
    """

    INTENTIONS = (KeepText, LeaveText)
    BINDINGS = bindings_of(*INTENTIONS)

    class Kept(Message):
        """The person wants the text in the row."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    class Left(Message):
        """The person leaves; the text may differ from the row's."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    def action_keep_text(self) -> None:
        """Keep."""
        self.post_message(self.Kept(self.text))

    def action_leave_text(self) -> None:
        """Leave."""
        self.post_message(self.Left(self.text))
