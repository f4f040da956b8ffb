"""A small app around one widget: supplies the theme variables of the real one, counts frames, collects messages."""

from __future__ import annotations

from typing import Any

from textual.app import App, ComposeResult
from textual.filter import LineFilter
from textual.message import Message
from textual.widget import Widget

from nova_tui.tui.line_filter import GuardFilter


class TinyApp(App[None]):
    """Shows one widget."""

    ENABLE_COMMAND_PALETTE = False

    def __init__(self, widget: Widget, theme: str = "textual-dark", guard: bool = True) -> None:
        self._first_theme = theme
        self._guard = GuardFilter() if guard else None
        super().__init__()
        self.theme = theme
        self.widget = widget
        self.frames = 0
        self.seen: list[Message] = []

    def get_theme_variable_defaults(self) -> dict[str, str]:
        theme = self.current_theme
        if theme.ansi:
            return {
                "role-user": "ansi_green",
                "role-assistant": "ansi_blue",
                "role-system": "ansi_yellow",
                "row-muted": "ansi_bright_black",
                "code-background": "ansi_default",
            }
        colors = theme.to_color_system().generate()
        return {
            "role-user": colors["success"],
            "role-assistant": colors["primary"],
            "role-system": colors["warning"],
            "row-muted": colors["foreground-muted"],
            "code-background": colors["surface"],
        }

    def get_line_filters(self) -> list[LineFilter]:
        return [*super().get_line_filters(), *([self._guard] if self._guard else [])]

    def compose(self) -> ComposeResult:
        yield self.widget

    def on_mount(self) -> None:
        self.widget.focus()

    def _display(self, screen: Any, renderable: Any) -> None:
        if renderable is not None:
            self.frames += 1
        super()._display(screen, renderable)

    def see(self, message: Message) -> None:
        """Keep what the widget posts (a message hook for `run_test`)."""
        own = getattr(message, "control", None) is self.widget
        if own and not any(message is other for other in self.seen):
            self.seen.append(message)

    def take(self, kind: type[Message]) -> list[Any]:
        """Return the messages of a kind that were seen, and forget them."""
        found = [message for message in self.seen if isinstance(message, kind)]
        self.seen = [message for message in self.seen if not isinstance(message, kind)]
        return found


def screen_text(app: App[Any]) -> list[str]:
    """Return the lines of the screen as text."""
    return [strip.text.rstrip() for strip in app.screen._compositor.render_strips(app.size)]
