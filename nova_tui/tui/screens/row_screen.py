"""RowScreen: a row's text over the stage, to be mended while it is performed."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.screen import ModalScreen
from textual.widgets import TextArea

from nova_tui.domain.safe_text import clean_line
from nova_tui.tui.commands import CommandHost, bindings_of
from nova_tui.tui.type_ahead import release_keys
from nova_tui.tui.widgets.row_editor import KeepText, LeaveText
from nova_tui.tui.widgets.text_box import TextBox


class StageEditor(TextBox, CommandHost):
    """The row's text in a box of its own."""

    DEFAULT_CSS: ClassVar[str] = """
    StageEditor { height: 1fr; }
    """

    INTENTIONS = (KeepText, LeaveText)
    BINDINGS = bindings_of(*INTENTIONS)

    class Kept(Message):
        """The person wants the text in the row."""

    class Left(Message):
        """The person leaves; the text may differ from the row's."""

    def action_keep_text(self) -> None:
        """Keep."""
        self.post_message(self.Kept())

    def action_leave_text(self) -> None:
        """Leave."""
        self.post_message(self.Left())


class RowScreen(ModalScreen[str | None]):
    """Answers with the text to keep, or None; `typed` hears every change, so that nothing is lost."""

    DEFAULT_CSS: ClassVar[str] = """
    RowScreen {
        align: center bottom; background: $background 40%;
        &:ansi { background: transparent; }
        & > Vertical {
            width: 100%; max-width: 110; height: 60%; min-height: 7; padding: 0 1; margin-bottom: 1;
            border: round $accent; border-title-color: $foreground; border-title-style: bold; background: $background;
            border-subtitle-color: $row-muted;
        }
    }
    """

    def __init__(self, title: str, text: str, typed: Callable[[str], None]) -> None:
        super().__init__()
        self._title, self._text, self._typed = title, text, typed

    def compose(self) -> ComposeResult:
        """Put the text in a frame."""
        with Vertical() as box:
            box.border_title = Content(clean_line(self._title))
            box.border_subtitle = Content("^s keeps · Esc leaves")
            yield StageEditor(self._text)

    def on_mount(self) -> None:
        """Take the keys that were typed meanwhile."""
        editor = self.query_one(StageEditor)
        editor.move_cursor(editor.document.end)
        editor.focus()
        release_keys(self)

    @on(TextArea.Changed)
    def _changed(self, event: TextArea.Changed) -> None:
        """Tell what is typed."""
        event.stop()
        self._typed(event.text_area.text)

    @on(StageEditor.Kept)
    def _kept(self, event: StageEditor.Kept) -> None:
        """Answer with the text."""
        event.stop()
        self.dismiss(self.query_one(StageEditor).text)

    @on(StageEditor.Left)
    def _left(self, event: StageEditor.Left) -> None:
        """Answer with nothing."""
        event.stop()
        self.dismiss(None)
