"""Commands that can be given from every pane, and what undo and redo say of themselves."""

from __future__ import annotations

from typing import Any

from textual.actions import SkipAction
from textual.screen import Screen
from textual.widget import Widget

from nova_tui.domain.safe_text import clean_line
from nova_tui.tui.commands import Command
from nova_tui.tui.session_changes import Step
from nova_tui.tui.type_ahead import hold_keys
from nova_tui.tui.widgets.dialog_view import DialogView
from nova_tui.tui.widgets.text_selection import copied_words


class ScreenCommand(Command):
    """Something that can be done from every pane."""

    group = "Everywhere"


class Undo(ScreenCommand):
    """Take back the last change."""

    id, keys, label = "screen.undo", "u,ctrl+z", "undo"
    footer = True

    @classmethod
    def available(cls, host: Widget) -> bool:
        """Need a store that can be written."""
        return isinstance(host, ProgramActions) and not host.read_only


class Redo(Undo):
    """Make the change again that was taken back."""

    id, keys, label = "screen.redo", "ctrl+y,ctrl+r", "redo"
    footer = False


class Help(ScreenCommand):
    """Show what every key does."""

    id, keys, label = "screen.help", "question_mark,f1", "help"


class Palette(ScreenCommand):
    """Find a command by its name."""

    id, keys, label = "screen.palette", "colon", "palette"


class ChangeTheme(ScreenCommand):
    """Choose other colours; each theme is shown while the cursor is on it."""

    id, keys, label = "screen.theme", "f9", "theme"


class SavePicture(ScreenCommand):
    """Save a picture of the screen as SVG."""

    id, keys, label = "screen.picture", "f12", "picture"


class Quit(ScreenCommand):
    """Leave the program; everything is saved already."""

    id, keys, label = "screen.quit", "q", "quit"


EVERYWHERE = (Undo, Redo, Help, Palette, ChangeTheme, SavePicture, Quit)
"""In the order of the help."""


class ProgramActions(Screen[Any]):
    """Carries out what concerns the program as a whole, on any screen that has these commands."""

    read_only = False
    """Whether the store can only be read."""

    def action_copy_text(self) -> None:
        """Copy what is selected, and say how much that is."""
        text = self.get_selected_text()
        if text is None:
            raise SkipAction
        self.app.copy_to_clipboard(text)
        if not any(view.reads_selection for view in self.query(DialogView)):
            self.app.notify(copied_words(text), timeout=2, markup=False)

    def action_help(self) -> None:
        """Show the keys."""
        hold_keys(self)
        from nova_tui.tui.screens.help_lines import help_lines  # noqa: PLC0415  not at the start
        from nova_tui.tui.screens.help_screen import HelpScreen  # noqa: PLC0415  as said above

        self.app.push_screen(HelpScreen(help_lines(self)))

    def action_palette(self) -> None:
        """Open the palette."""
        self.app.action_command_palette()

    def action_change_theme(self) -> None:
        """Choose among the themes."""
        self.app.action_change_theme()

    def action_save_picture(self) -> None:
        """Save a picture."""
        self.app.deliver_screenshot()


def told_of(step: Step) -> str:
    """Return what undo or redo did, in words."""
    title = f" in “{clean_line(step.session.title, 40)}”" if step.session else ""
    verb, _, what = step.note.partition(" ")
    told = {"undo": "Undone", "redo": "Done again"}.get(verb)
    return f"{told}: {what}{title}." if told and what else f"Undone: a new session{title}."
