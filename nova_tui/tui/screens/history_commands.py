"""What can be done with the revisions of a session."""

from __future__ import annotations

from collections.abc import Sequence

from textual.widget import Widget

from nova_tui.domain.revision import Revision
from nova_tui.tui.commands import Command, CommandHost
from nova_tui.tui.screens.main_commands import ProgramActions


class HistoryHost(ProgramActions, CommandHost):
    """What the commands need to know."""

    revisions: Sequence[Revision] = ()
    """Newest first."""
    marked: tuple[int, ...] = ()
    """The numbers of the marked revisions, the older first."""
    read_only = False
    """Whether nothing may be restored."""

    @property
    def under(self) -> Revision:
        """The revision under the cursor."""
        raise NotImplementedError

    @property
    def pair(self) -> tuple[int, int] | None:
        """The two revisions to compare: the marked ones, one and the cursor's, else the cursor's and the one before."""
        marked = self.marked
        if len(marked) == 2:
            return marked[0], marked[1]
        number = self.under.number
        other = marked[0] if marked and marked[0] != number else number - 1
        return (min(other, number), max(other, number)) if other >= 1 else None


class HistoryCommand(Command):
    """Something to do with the revision under the cursor."""

    group = "History"
    footer = True

    @classmethod
    def available(cls, host: Widget) -> bool:
        """Possible at any time."""
        return isinstance(host, HistoryHost)


class RestoreRevision(HistoryCommand):
    """Make the session what it was then; undo takes it back. With two marked: what lies between them."""

    id, keys, label = "history.restore", "enter", "restore"

    @classmethod
    def available(cls, host: Widget) -> bool:
        """Leave out what is so already."""
        if not isinstance(host, HistoryHost) or not host.is_mounted:
            return False
        return len(host.marked) == 2 or (not host.read_only and host.under != host.revisions[0])


class MarkRevision(HistoryCommand):
    """Mark the revision; two marked ones can be compared."""

    id, keys, label = "history.mark", "space", "mark"


class ShowDifference(HistoryCommand):
    """Show what the revision did, or what lies between two: the marked ones, or the marked one and this."""

    id, keys, label = "history.difference", "d", "difference"

    @classmethod
    def available(cls, host: Widget) -> bool:
        """Need two revisions."""
        return isinstance(host, HistoryHost) and host.is_mounted and host.pair is not None


class CompareRevisions(ShowDifference):
    """Show two revisions side by side; old rows can be copied into what is now."""

    id, keys, label = "history.compare", "c", "side by side"


class HiddenInPast(HistoryCommand):
    """Show hidden rows in full, or fold them to a thin line."""

    id, keys, label = "history.hidden", "full_stop", "hidden rows"
    footer = False


class LeaveHistory(HistoryCommand):
    """Go back to what is now."""

    id, keys, label = "history.leave", "escape,q", "back"
