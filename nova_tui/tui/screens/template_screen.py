"""TemplateScreen: what stands in the places of a template's placeholders."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Label, Static

from nova_tui.domain.safe_text import clean_line
from nova_tui.tui.type_ahead import release_keys


class TemplateScreen(ModalScreen[dict[str, str] | None]):
    """A small form; answers with the values by name, or None. A place that is left empty stays open."""

    DEFAULT_CSS: ClassVar[str] = """
    TemplateScreen {
        align: center middle;
        & > Vertical {
            width: 76; max-width: 94%; height: auto; max-height: 90%; padding: 0 1;
            border: round $accent; border-title-color: $foreground; border-title-style: bold; background: $background;
        }
        & VerticalScroll { height: auto; max-height: 20; }
        & Label { color: $row-muted; }
        & Input { border: none; height: 1; padding: 0; margin-bottom: 1; background: $boost; }
        & Input:focus { border: none; background: $boost; background-tint: 0%; }
        & Static { color: $row-muted; }
    }
    """
    BINDINGS = [
        Binding("escape", "leave", "leave", id="template.leave"),
        Binding("ctrl+s", "make", "make", id="template.make", priority=True),
        Binding("down", "app.focus_next", show=False, id="template.down"),
        Binding("up", "app.focus_previous", show=False, id="template.up"),
    ]

    def __init__(self, title: str, placeholders: Sequence[str]) -> None:
        super().__init__()
        self._title, self._placeholders = title, placeholders

    def compose(self) -> ComposeResult:
        """Name over line, one for each placeholder."""
        with Vertical() as box:
            box.border_title = Content(f"New from “{clean_line(self._title, 50)}”")
            with VerticalScroll(can_focus=False):
                for name in self._placeholders:
                    yield Label(Content(clean_line(name, 60)))
                    yield Input(compact=True)
            yield Static("Enter goes on, ^s makes the session, Esc leaves; what is empty stays open")

    def on_mount(self) -> None:
        """Take the keys that were typed meanwhile."""
        self.query(Input).first().focus()
        release_keys(self)

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        """Go to the next line; behind the last one the form is done."""
        event.stop()
        lines = list(self.query(Input))
        at = lines.index(event.input)
        if at + 1 < len(lines):
            lines[at + 1].focus()
        else:
            self.action_make()

    def action_make(self) -> None:
        """Answer with what was typed."""
        typed = zip(self._placeholders, self.query(Input), strict=True)
        self.dismiss({name: line.value for name, line in typed if line.value})

    def action_leave(self) -> None:
        """Answer with nothing."""
        self.dismiss(None)
