"""What can be done with the rows of a dialog."""

from __future__ import annotations

from textual.widget import Widget

from nova_tui.tui.commands import Command
from nova_tui.tui.panes.row_editing import RowEditing


class RowCommand(Command):
    """Something to do with the row under the cursor."""

    group = "Dialog"
    footer = True

    @classmethod
    def available(cls, host: Widget) -> bool:
        """Most need a row under the cursor, and none open."""
        return isinstance(host, RowEditing) and host.current_row is not None and host.editor is None


class ChangeRow(RowCommand):
    """Something that changes the row under the cursor."""

    @classmethod
    def available(cls, host: Widget) -> bool:
        """Need a store that may be changed, too."""
        return isinstance(host, RowEditing) and not host.read_only and super().available(host)


class EditRow(ChangeRow):
    """Edit the row's text where it stands."""

    id, keys, label = "dialog.edit", "e,enter", "edit"


class HideRow(ChangeRow):
    """Hide the row when reading and playing, or show it again."""

    id, keys, label = "dialog.hide", "h", "hide"


class ToggleHidden(RowCommand):
    """Show hidden rows in full, or fold them to a thin line."""

    id, keys, label = "dialog.toggle_hidden", "full_stop", "hidden rows"

    @classmethod
    def available(cls, host: Widget) -> bool:
        """There are hidden rows."""
        return isinstance(host, RowEditing) and host.editor is None and host.view.hidden_count > 0


class CycleRole(ChangeRow):
    """Give the row the next of user, assistant and system."""

    id, keys, label = "dialog.role", "R", "role"


class DeleteRow(ChangeRow):
    """Delete the row at once; undo brings it back."""

    id, keys, label = "dialog.delete", "d,delete", "delete"


class CopyRow(RowCommand):
    """Copy the text of the row, or of the marked rows, to the clipboard, as it was written."""

    id, keys, label = "dialog.copy", "y", "copy"


class PlayFromHere(RowCommand):
    """Perform the dialog from this row on, full screen."""

    id, keys, label = "dialog.play", "f5", "play"


class LeaveDialog(RowCommand):
    """Go back to the list of sessions."""

    id, keys, label = "dialog.back", "escape", "back"

    @classmethod
    def available(cls, host: Widget) -> bool:
        """Possible while no row is open."""
        return isinstance(host, RowEditing) and host.editor is None
