"""What can be done to find something in a dialog."""

from __future__ import annotations

from textual.widget import Widget

from nova_tui.tui.commands import Command
from nova_tui.tui.panes.row_finding import RowFinding


class FindCommand(Command):
    """Something to do with what is looked for in a dialog."""

    group = "Dialog"


class FindInDialog(FindCommand):
    """Find words in this dialog, hidden rows included; all hits are marked."""

    id, keys, label = "dialog.find", "slash", "find"

    @classmethod
    def available(cls, host: Widget) -> bool:
        """There are rows to look at, and none is open."""
        return isinstance(host, RowFinding) and bool(host.view.rows) and host.editor is None and host.view.has_focus


class NextHit(FindCommand):
    """Go to the next row that was found."""

    id, keys, label = "dialog.next_hit", "n,f3", "next hit"
    footer = True

    @classmethod
    def available(cls, host: Widget) -> bool:
        """Something was found in this dialog."""
        return isinstance(host, RowFinding) and host.hits is not None and host.hits.count > 0 and host.editor is None


class PreviousHit(NextHit):
    """Go to the previous row that was found."""

    id, keys, label = "dialog.previous_hit", "N,shift+f3", "previous hit"
    footer = False


class ClearFind(FindCommand):
    """Look for nothing any more; the place stays."""

    id, keys, label = "dialog.clear_find", "escape", "end of find"
    footer = True

    @classmethod
    def available(cls, host: Widget) -> bool:
        """Something is looked for in this dialog alone."""
        return isinstance(host, RowFinding) and host.finds_here and host.editor is None


FIND_COMMANDS = (FindInDialog, NextHit, PreviousHit, ClearFind)
"""In the order of the help."""
