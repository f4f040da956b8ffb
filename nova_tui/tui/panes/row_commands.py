"""What can be done with the rows of a dialog."""

from __future__ import annotations

from textual.widget import Widget

from nova_tui.tui.commands import Command
from nova_tui.tui.panes.row_structure import RowStructure


class RowCommand(Command):
    """Something to do with the row under the cursor."""

    group = "Dialog"
    footer = True

    @classmethod
    def available(cls, host: Widget) -> bool:
        """Most need a row under the cursor, and none open."""
        return isinstance(host, RowStructure) and host.current_row is not None and host.editor is None


class ChangeRow(RowCommand):
    """Something that changes the row under the cursor."""

    @classmethod
    def available(cls, host: Widget) -> bool:
        """Need a store that may be changed, too."""
        return isinstance(host, RowStructure) and not host.read_only and super().available(host)


class ChangeRows(RowCommand):
    """Something that changes the marked rows, or the one under the cursor."""

    footer = False

    @classmethod
    def available(cls, host: Widget) -> bool:
        """Need rows, none of them open, and a store that may be changed."""
        return isinstance(host, RowStructure) and not host.read_only and host.editor is None and bool(host.targets)


class EditRow(ChangeRow):
    """Edit the row's text where it stands."""

    id, keys, label = "dialog.edit", "e,enter", "edit"


class InsertBelow(RowCommand):
    """Write a new row below this one; the other speaker is to say something."""

    id, keys, label = "dialog.insert", "o", "insert"

    @classmethod
    def available(cls, host: Widget) -> bool:
        """Need a session that may be changed."""
        return (
            isinstance(host, RowStructure) and host.session is not None and not host.read_only and host.editor is None
        )


class InsertAbove(InsertBelow):
    """Write a new row above this one."""

    id, keys, label, footer = "dialog.insert_above", "O", "insert above", False


class HideRow(ChangeRows):
    """Hide the row or the marked rows when reading and playing, or show them again."""

    id, keys, label, footer = "dialog.hide", "h", "hide", True


class ExcludeRow(ChangeRows):
    """Leave the row or the marked rows out of data set exports, or take them in again."""

    id, keys, label = "dialog.exclude", "H", "exclude"


class ToggleHidden(RowCommand):
    """Show hidden rows in full, or fold them to a thin line."""

    id, keys, label = "dialog.toggle_hidden", "full_stop", "hidden rows"

    @classmethod
    def available(cls, host: Widget) -> bool:
        """There are hidden rows."""
        return isinstance(host, RowStructure) and host.editor is None and host.view.hidden_count > 0


class CycleRole(ChangeRows):
    """Give the row or the marked rows the next of user, assistant and system."""

    id, keys, label, footer = "dialog.role", "R", "role", True


class MoveRowUp(ChangeRows):
    """Move the row, or the marked rows as one block, up."""

    id, keys, label = "dialog.move_up", "alt+up,less_than_sign", "move up"


class MoveRowDown(ChangeRows):
    """Move the row, or the marked rows as one block, down."""

    id, keys, label = "dialog.move_down", "alt+down,greater_than_sign", "move down"


class DeleteRow(ChangeRows):
    """Delete the row or the marked rows at once; undo brings them back."""

    id, keys, label, footer = "dialog.delete", "d,delete", "delete", True


class CopyRow(RowCommand):
    """Copy the row or the marked rows, for pasting here or in another session; the clipboard gets their texts."""

    id, keys, label = "dialog.copy", "y", "copy"

    @classmethod
    def available(cls, host: Widget) -> bool:
        """Need rows, none of them open."""
        return isinstance(host, RowStructure) and host.editor is None and bool(host.targets)


class CutRow(ChangeRows):
    """Take the row or the marked rows out, for pasting here or in another session."""

    id, keys, label = "dialog.cut", "X", "cut"


class PasteBelow(RowCommand):
    """Put the rows that were cut or copied below this row, with all they hold and ids of their own."""

    id, keys, label = "dialog.paste", "p", "paste"

    @classmethod
    def available(cls, host: Widget) -> bool:
        """Need rows that were cut or copied, and a session to put them into."""
        if not isinstance(host, RowStructure) or host.session is None or host.read_only or host.editor is not None:
            return False
        return bool(host.clipboard)


class PasteAbove(PasteBelow):
    """Put the rows that were cut or copied above this row."""

    id, keys, label, footer = "dialog.paste_above", "P", "paste above", False


class DuplicateRow(ChangeRows):
    """Put a copy of the row, or of the marked rows, below."""

    id, keys, label = "dialog.duplicate", "c", "duplicate"


class JoinRows(ChangeRows):
    """Make one row of the marked rows, or of this one and the next."""

    id, keys, label = "dialog.join", "ampersand", "join"


class ForkHere(ChangeRow):
    """Go on in a new session that holds the rows up to this one."""

    id, keys, label = "dialog.fork", "f", "fork"


class ExtractRows(ChangeRows):
    """Make a new session of the row or the marked rows, and go there."""

    id, keys, label = "dialog.extract", "F", "extract"


class DiscardDraft(ChangeRow):
    """Throw away what was typed here and not kept; the clipboard gets the text."""

    id, keys, label = "dialog.discard_draft", "D", "discard draft"

    @classmethod
    def available(cls, host: Widget) -> bool:
        """Need a draft of this row, or of a new one beside it."""
        return isinstance(host, RowStructure) and bool(host.drafts_here) and super().available(host)


class PlayFromHere(RowCommand):
    """Perform the dialog from this row on, full screen."""

    id, keys, label = "dialog.play", "f5", "play"

    @classmethod
    def available(cls, host: Widget) -> bool:
        """Need a session that is not in the trash."""
        return isinstance(host, RowStructure) and not host.trashed and super().available(host)


class RestoreShown(RowCommand):
    """Take the session out of the trash."""

    id, keys, label = "dialog.restore", "enter,r", "restore"

    @classmethod
    def available(cls, host: Widget) -> bool:
        """Need a session from the trash."""
        return isinstance(host, RowStructure) and host.trashed


class RecordDialog(PlayFromHere):
    """Make a recording of the dialog: a cast, a GIF, a page, a picture."""

    id, keys, label = "dialog.record", "f6", "record"


class LeaveDialog(RowCommand):
    """Go back to the list of sessions."""

    id, keys, label = "dialog.back", "escape", "back"

    @classmethod
    def available(cls, host: Widget) -> bool:
        """Possible while no row is open."""
        return isinstance(host, RowStructure) and host.editor is None


ROW_COMMANDS = (
    EditRow,
    InsertBelow,
    InsertAbove,
    HideRow,
    ExcludeRow,
    ToggleHidden,
    CycleRole,
    MoveRowUp,
    MoveRowDown,
    DeleteRow,
    CutRow,
    CopyRow,
    PasteBelow,
    PasteAbove,
    DuplicateRow,
    JoinRows,
    ForkHere,
    ExtractRows,
    DiscardDraft,
    PlayFromHere,
    RecordDialog,
    RestoreShown,
    LeaveDialog,
)
"""In the order of the help."""
