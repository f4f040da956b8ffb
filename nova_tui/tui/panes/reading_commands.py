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


class CycleTimes(ReadingCommand):
    """Tell when rows were written by the clock, by how long ago that was, or not at all."""

    id, keys, label = "dialog.times", "t", "times"


class ShowOutline(ReadingCommand):
    """List the user's rows and the chapters, to go to one of them."""

    id, keys, label = "dialog.outline", "C", "outline"


class RowAtHand(ReadingCommand):
    """Something about the row under the cursor."""

    @classmethod
    def available(cls, host: Widget) -> bool:
        """Need that row."""
        return super().available(host) and isinstance(host, RowReading) and host.current_row is not None


class CopyCode(RowAtHand):
    """Copy a block of code of the row, as it was written."""

    id, keys, label = "dialog.copy_code", "b", "copy code"


class OpenLink(RowAtHand):
    """Follow a link of the row; its address is shown before anything is opened."""

    id, keys, label = "dialog.link", "l", "links"


READING_COMMANDS = (FoldRow, FoldAllRows, ShowOutline, CopyCode, OpenLink, CycleTimes)
"""In the order of the help."""
