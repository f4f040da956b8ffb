"""What opens a panel: the editor, the history, find and replace, inspectors, lint, templates, comparing."""

from __future__ import annotations

from textual.widget import Widget

from nova_tui.services.list_view import TRASH
from nova_tui.tui.commands import CommandHost
from nova_tui.tui.panes.session_pane import SessionPane
from nova_tui.tui.panes.workbench import Workbench
from nova_tui.tui.screens.list_desk import ListDesk
from nova_tui.tui.screens.main_commands import ProgramActions, ScreenCommand


class PanelHost(ProgramActions, CommandHost):
    """What the panels' commands need to know of the screen."""

    @property
    def desk(self) -> ListDesk:
        """The list's pane and what is done there."""
        return self.query_one(ListDesk)

    @property
    def sessions(self) -> SessionPane:
        """The list's pane."""
        return self.query_one(SessionPane)

    @property
    def bench(self) -> Workbench:
        """The dialog and the composer."""
        return self.query_one(Workbench)

    @property
    def in_list(self) -> bool:
        """Whether the list is where the person is."""
        return self.sessions.session_list.has_focus

    @property
    def in_dialog(self) -> bool:
        """Whether the dialog is where the person is."""
        return self.bench.dialog.view.has_focus

    @property
    def meant(self) -> str | None:
        """The session that a panel is about: the one under the list's cursor there, else the one that is shown."""
        if self.in_list:
            return self.sessions.session_list.current_id if self.desk.shelf != TRASH else None
        shown = self.bench.dialog.session
        return shown.id if shown is not None and not self.bench.dialog.trashed else None

    @property
    def meant_rows(self) -> tuple[str, ...]:
        """The rows that a panel is about: those that are marked, else the one under the cursor."""
        if self.in_list:
            return ()
        view = self.bench.dialog.view
        current = view.current_row_id
        return view.marked or ((current,) if current is not None else ())


class PanelCommand(ScreenCommand):
    """Something that opens a panel about a session."""

    changes = False
    """Whether it is of no use where nothing may be changed."""
    rows = False
    """Whether it needs a row."""

    @classmethod
    def available(cls, host: Widget) -> bool:
        """Need a session, and no row that is open."""
        if not isinstance(host, PanelHost) or not host.is_mounted or host.meant is None:
            return False
        if host.bench.dialog.editor is not None or (cls.changes and host.desk.read_only):
            return False
        return not cls.rows or bool(host.meant_rows)


class OpenInEditor(PanelCommand):
    """Open the row, the marked rows, or from the list the whole session, as text in your own editor."""

    id, keys, label, changes = "screen.external", "E", "$EDITOR", True


class SessionInEditor(PanelCommand):
    """Open the whole session as text in your own editor."""

    id, keys, label, changes = "screen.external_session", "ctrl+e", "session in $EDITOR", True


class LintSession(PanelCommand):
    """Show what somebody who uses the session as data would stumble over, and mend the simple cases."""

    id, keys, label = "screen.lint", "L", "lint"


class ShowHistory(PanelCommand):
    """Walk the session's revisions: see it as it was, compare, and go back to any of them."""

    id, keys, label = "screen.history", "ctrl+t", "history"


class InspectRow(PanelCommand):
    """Show everything about the row: its metadata, pictures, times and function calls; edit it value by value."""

    id, keys, label, rows = "screen.inspect_row", "i", "inspect", True


class InspectSession(PanelCommand):
    """Show everything about the session: title, tags, app data, where it came from; edit it value by value."""

    id, keys, label = "screen.inspect_session", "I,ctrl+g", "inspect session"


class FindAndReplace(PanelCommand):
    """Find and replace in marked rows, the dialog, or marked or all listed sessions; every hit is shown first."""

    id, keys, label, changes = "screen.replace", "ctrl+f", "replace", True


class CompareSessions(PanelCommand):
    """Show the two marked sessions side by side and copy rows across; the history compares revisions so."""

    id, keys, label = "screen.compare", "C", "compare"

    @classmethod
    def available(cls, host: Widget) -> bool:
        """Need two marked sessions."""
        return super().available(host) and isinstance(host, PanelHost) and len(host.sessions.session_list.marked) == 2


class NewFromTemplate(PanelCommand):
    """Make a session from a template; what its placeholders stand for is asked."""

    id, keys, label, changes = "screen.new_from_template", "N", "from template", True

    @classmethod
    def available(cls, host: Widget) -> bool:
        """Possible in the list, also in an empty one."""
        return isinstance(host, PanelHost) and host.is_mounted and not host.desk.read_only and not host.in_dialog


class MakeTemplate(PanelCommand):
    """Make the session a template for new ones, or a session like any other again."""

    id, keys, label, changes = "screen.make_template", "M", "as template", True


PANELS = (
    *(OpenInEditor, SessionInEditor, InspectRow, InspectSession, LintSession),
    *(ShowHistory, FindAndReplace, CompareSessions, NewFromTemplate, MakeTemplate),
)
"""In the order of the help."""
