"""What can be done with sessions and with the list of them: keys, labels, and when."""

from __future__ import annotations

from collections.abc import Mapping

from textual.widget import Widget

from nova_tui.services.list_view import ARCHIVE, STARRED, TRASH, ListView
from nova_tui.tui.commands import Command, CommandHost
from nova_tui.tui.panes.session_pane import ListCommand, SessionPane


class ListHost(CommandHost):
    """What the commands of the list need to know of the one who carries them out."""

    recording = False
    """Whether a recording is being made."""
    importing = False
    """Whether an import is running."""
    busy = 0
    """How many changes of sessions and exports are running."""
    read_only = False
    """Whether nothing may be changed."""
    capabilities: frozenset[str] = frozenset()
    """What the store can do."""
    saved_views: Mapping[int, ListView] = {}
    """The views that were kept, by number."""

    @property
    def pane(self) -> SessionPane:
        """The list's pane."""
        return self.query_one(SessionPane)

    @property
    def targets(self) -> list[str]:
        """The sessions that a verb is about: the marked ones in the order they are listed, else the current one."""
        return self.pane.session_list.chosen

    @property
    def chosen(self) -> bool:
        """Whether there is a session to do something with."""
        return self.pane.session_list.has_chosen

    @property
    def shelf(self) -> str:
        """The shelf that is shown."""
        return self.pane.view.shelf


class DeskCommand(ListCommand):
    """Something that the desk carries out."""

    footer = False
    chosen = False
    """Whether it needs a session that is marked or under the cursor."""
    changes = False
    """Whether it changes the store."""
    trash: bool | None = False
    """Whether it is for the trash, for everything else, or for both (None)."""

    @classmethod
    def available(cls, host: Widget) -> bool:
        """Tell whether store, shelf and sessions allow it."""
        if not isinstance(host, ListHost) or not host.is_mounted:
            return False
        if cls.trash is not None and cls.trash != (host.shelf == TRASH):
            return False
        return not (cls.changes and host.read_only) and not (cls.chosen and not host.chosen)


class Change(DeskCommand):
    """Something that changes the store."""

    changes, footer = True, True


class ChangeChosen(Change):
    """Something that changes the marked sessions, or the one under the cursor."""

    chosen = True


class NewSession(Change):
    """Make an empty session and write its first row."""

    id, keys, label = "list.new", "n", "new"


class RenameSession(ChangeChosen):
    """Give the session another title."""

    id, keys, label = "list.rename", "r,f2", "rename"


class TagSessions(ChangeChosen):
    """Edit the tags as words; of several sessions, +tag adds one and -tag takes one off."""

    id, keys, label = "list.tags", "t", "tags"


class StarSessions(ChangeChosen):
    """Give the sessions a star, or take it off when all have one."""

    id, keys, label = "list.star", "s", "star"


class ArchiveSessions(ChangeChosen):
    """Put the sessions away into the archive, or back into the list when all are there."""

    id, keys, label = "list.archive", "a", "archive"


class DeleteSessions(ChangeChosen):
    """Delete the sessions at once; undo brings them back."""

    id, keys, label = "list.delete", "d,delete", "delete"


class DuplicateSessions(ChangeChosen):
    """Store a copy of each session, with its title, tags and star."""

    id, keys, label, footer = "list.duplicate", "c", "duplicate", False


class ForkSession(ChangeChosen):
    """Go on from here in a copy that remembers where it came from."""

    id, keys, label, footer = "list.fork", "f", "fork", False


class MergeSessions(ChangeChosen):
    """Make a new session of the rows of the marked ones, one behind the other as they are listed."""

    id, keys, label, footer = "list.merge", "ampersand", "merge", False

    @classmethod
    def available(cls, host: Widget) -> bool:
        """Need two sessions at least."""
        return super().available(host) and isinstance(host, ListHost) and len(host.targets) > 1


class RestoreSessions(ChangeChosen):
    """Take the sessions out of the trash."""

    id, keys, label, trash = "trash.restore", "r", "restore", True
    key_display = "Enter"


class PurgeSessions(ChangeChosen):
    """Erase the sessions and their history for ever; it asks to press again."""

    id, keys, label, trash = "trash.erase", "d,delete", "erase", True


class ExportSessions(DeskCommand):
    """Write the sessions to a file, in a format of your choice."""

    id, keys, label, chosen = "list.export", "x", "export", True


class RecordSessions(DeskCommand):
    """Make a recording of the marked sessions, or of the one under the cursor: a cast, a GIF, a page, a picture."""

    id, keys, label, chosen = "list.record", "f6", "record", True


class CopySessions(DeskCommand):
    """Copy the sessions to the clipboard, as Markdown."""

    id, keys, label, chosen = "list.copy", "y", "copy", True


class CopySessionsAs(DeskCommand):
    """Copy the sessions to the clipboard, in a format of your choice, or their ids."""

    id, keys, label, chosen = "list.copy_as", "Y", "copy as", True


class SortSessions(DeskCommand):
    """Choose the order of the list; the same again turns it round."""

    id, keys, label, trash = "list.sort", "o", "sort", None


class GroupByDay(DeskCommand):
    """Show a heading over the sessions of each day, or none."""

    id, keys, label, trash = "list.group_days", "b", "by day", None

    @classmethod
    def available(cls, host: Widget) -> bool:
        """Need an order of time."""
        return isinstance(host, ListHost) and host.is_mounted and host.pane.view.timed


class ShowStarred(DeskCommand):
    """Show the sessions with a star, or all again."""

    id, keys, label, trash = "list.starred", "S", "starred", None


class ShowArchive(DeskCommand):
    """Show the archive, or the list again."""

    id, keys, label, trash = "list.archived", "A", "archive view", None


class ShowTrash(DeskCommand):
    """Show what was deleted, or the list again."""

    id, keys, label, trash = "list.trash", "T", "trash", None

    @classmethod
    def available(cls, host: Widget) -> bool:
        """Need a store with a trash."""
        return isinstance(host, ListHost) and "trash" in host.capabilities


class LeaveShelf(DeskCommand):
    """Go back to all sessions."""

    id, keys, label, trash = "list.leave", "escape", "all sessions", None
    footer = True

    @classmethod
    def available(cls, host: Widget) -> bool:
        """Another shelf is shown."""
        return isinstance(host, ListHost) and host.is_mounted and host.shelf in (STARRED, ARCHIVE, TRASH)


class SwitchUser(DeskCommand):
    """Show another user's sessions."""

    id, keys, label, trash = "list.user", "U", "switch user", None

    @classmethod
    def available(cls, host: Widget) -> bool:
        """Need a store that tells its users."""
        return isinstance(host, ListHost) and "users" in host.capabilities


class NarrowList(DeskCommand):
    """Make the list narrower; its border can be dragged, too."""

    id, keys, label, trash = "list.narrower", "ctrl+left,left_parenthesis", "narrower", None


class WidenList(DeskCommand):
    """Make the list wider; its border can be dragged, too."""

    id, keys, label, trash = "list.wider", "ctrl+right,right_parenthesis", "wider", None


class SaveView(DeskCommand):
    """Keep this view (filter, order, shelf) under a number from 1 to 9, which brings it back."""

    id, keys, label, trash = "list.save_view", "V", "save view", None


class RecallView(DeskCommand):
    """Show a view that was kept."""

    trash = None
    number = 0

    @classmethod
    def action(cls) -> str:
        """Return the action with its number."""
        return f"recall_view({cls.number})"

    @classmethod
    def title(cls) -> str:
        """Return what palette and help call it."""
        return f"View {cls.number}"

    @classmethod
    def available(cls, host: Widget) -> bool:
        """There is such a view."""
        return isinstance(host, ListHost) and cls.number in host.saved_views


def _recalling(number: int) -> type[RecallView]:
    """Return the command of one number."""
    return type(
        f"RecallView{number}",
        (RecallView,),
        {
            "__doc__": f"Show the view that was kept under {number}.",
            "number": number,
            "id": f"list.view_{number}",
            "keys": str(number),
            "label": f"view {number}",
        },
    )


RECALLING = tuple(_recalling(number) for number in range(1, 10))
"""The commands that bring back a view, by their keys 1 to 9."""


class AddDemoLibrary(Change):
    """Add the sample sessions of the demo library to this store."""

    id, keys, label, footer = "list.demo", "D", "demo library", False


class ImportFiles(Change):
    """Import chat files: a file, a folder or an archive."""

    id, keys, label, footer = "list.import", "I", "import", False


class StopWork(DeskCommand):
    """Stop the import, export, recording or change of many sessions that is running; what was done stays done."""

    id, keys, label, trash = "list.stop", "X", "stop", None
    footer = True

    @classmethod
    def available(cls, host: Widget) -> bool:
        """Something is running."""
        return isinstance(host, ListHost) and (host.importing or host.recording or bool(host.busy))


VERBS: tuple[type[Command], ...] = (
    NewSession, RenameSession, TagSessions, StarSessions, ArchiveSessions, DeleteSessions, DuplicateSessions,
    ForkSession, MergeSessions, RestoreSessions, PurgeSessions, ExportSessions, RecordSessions, CopySessions,
    CopySessionsAs,
)  # fmt: skip
"""What is done with sessions."""
VIEWS: tuple[type[Command], ...] = (
    SortSessions, GroupByDay, ShowStarred, ShowArchive, ShowTrash, LeaveShelf, SwitchUser, NarrowList, WidenList,
    SaveView, *RECALLING,
)  # fmt: skip
"""What is shown of them."""
INTAKE: tuple[type[Command], ...] = (AddDemoLibrary, ImportFiles, StopWork)
"""What brings them in."""
