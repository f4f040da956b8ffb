"""What a reader can do with the rows of a dialog."""

from __future__ import annotations

from textual.widget import Widget

from nova_tui.tui.commands import Command
from nova_tui.tui.panes.row_reading import RowReading


class ReadingCommand(Command):
    """Something to do while reading."""

    group = "Dialog"

    @classmethod
    def available(cls, host: Widget) -> bool:
        """Possible where there are rows, and none is open."""
        return isinstance(host, RowReading) and bool(host.view.rows) and host.editor is None


class FoldRow(ReadingCommand):
    """Fold the row to its first lines, a tool row to one line, or unfold it."""

    id, keys, label = "dialog.fold", "z", "fold"

    @classmethod
    def available(cls, host: Widget) -> bool:
        """There is something to fold."""
        return (
            super().available(host)
            and isinstance(host, RowReading)
            and (row := host.current_row) is not None
            and host.view.can_fold(row.id)
        )


class FoldAllRows(ReadingCommand):
    """Fold all tool rows and all long rows, or unfold all."""

    id, keys, label = "dialog.fold_all", "Z", "fold all"


READING_COMMANDS = (FoldRow, FoldAllRows)
"""In the order of the help."""
