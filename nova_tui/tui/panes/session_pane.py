"""SessionPane: the list of the user's sessions, its filter, and what is done with a session as a whole."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input

from nova_tui.domain.session import Session
from nova_tui.domain.summary import SessionSummary
from nova_tui.tui.commands import Command, CommandHost, bindings_of
from nova_tui.tui.reporting import reporting
from nova_tui.tui.storage_worker import StorageWorker
from nova_tui.tui.type_ahead import hold_keys, release_keys
from nova_tui.tui.widgets.empty_state import EmptyState
from nova_tui.tui.widgets.pane_frame import PaneFrame
from nova_tui.tui.widgets.session_list import SessionList

FILTER_DELAY = 0.08
"""Seconds without a key before the filter is applied."""


class ListCommand(Command):
    """Something to do with the list as a whole."""

    group = "Session list"
    footer = True


class ChangeStore(ListCommand):
    """Something that changes the store."""

    @classmethod
    def available(cls, host: Widget) -> bool:
        """Need a store that may be changed."""
        return isinstance(host, SessionPane) and not host.read_only


class ChangeListed(ChangeStore):
    """Something that changes the session under the cursor."""

    @classmethod
    def available(cls, host: Widget) -> bool:
        """Need a session under the cursor, too."""
        return isinstance(host, SessionPane) and host.session_list.current_id is not None and super().available(host)


class NewSession(ChangeStore):
    """Make an empty session and write its first row."""

    id, keys, label = "list.new", "n", "new"


class RenameSession(ChangeListed):
    """Give the session another title."""

    id, keys, label = "list.rename", "r,f2", "rename"


class DeleteSession(ChangeListed):
    """Delete the session at once; undo brings it back."""

    id, keys, label = "list.delete", "d,delete", "delete"


class FilterSessions(ListCommand):
    """Show only sessions whose title holds these words."""

    id, keys, label = "list.filter", "slash", "filter"

    @classmethod
    def available(cls, host: Widget) -> bool:
        """Offer it until the filter has the focus."""
        return isinstance(host, SessionPane) and host.total > 0 and not host.filter_input.has_focus


class AddDemoLibrary(ChangeStore):
    """Add the sample sessions of the demo library to this store."""

    id, keys, label, footer = "list.demo", "D", "demo library", False


class ImportFiles(ChangeStore):
    """Import chat files: a file, a folder or an archive."""

    id, keys, label, footer = "list.import", "I", "import", False


class StopImport(ListCommand):
    """Stop the import that is running; what it saved stays."""

    id, keys, label = "list.stop_import", "X", "stop import"

    @classmethod
    def available(cls, host: Widget) -> bool:
        """Offer it while an import is running."""
        return isinstance(host, SessionPane) and host.importing


class LeaveList(ListCommand):
    """Clear the filter."""

    id, keys, label = "list.back", "escape", "clear filter"

    @classmethod
    def available(cls, host: Widget) -> bool:
        """There is a filter to clear."""
        return isinstance(host, SessionPane) and bool(host.filter_text)


class FilterInput(Input):
    """The line over the list: focused by `/`, passed over by Tab."""

    DEFAULT_CSS: ClassVar[str] = """
    FilterInput {
        height: 1; border: none; padding: 0 1; margin-bottom: 1; background: $background;
        &:focus { border: none; background: $background; }
    }
    """
    BINDINGS = [
        Binding("escape", "leave", "to the list", id="filter.leave"),
        Binding("enter,down", "leave", show=False, id="filter.go"),
    ]

    class Left(Message):
        """The person is done with the filter."""

    def __init__(self) -> None:
        super().__init__(placeholder="/ filter by title", compact=True, select_on_focus=False)
        self.can_focus = False

    def on_click(self) -> None:
        """Take the focus, which Tab passes over."""
        self.can_focus = True
        self.focus()

    def action_leave(self) -> None:
        """Go to the list; the filter stays."""
        hold_keys(self)
        self.post_message(self.Left())


class SessionPane(PaneFrame, CommandHost):
    """Lists sessions; it asks the store for ids and for what is visible, nothing else."""

    DEFAULT_CSS: ClassVar[str] = """
    SessionPane { & SessionList { height: 1fr; } }
    """

    INTENTIONS = (
        NewSession,
        RenameSession,
        DeleteSession,
        FilterSessions,
        AddDemoLibrary,
        ImportFiles,
        StopImport,
        LeaveList,
    )
    BINDINGS = bindings_of(*INTENTIONS)

    class Counted(Message):
        """The list holds other sessions now: how many are shown, and of how many."""

        def __init__(self, shown: int, total: int) -> None:
            super().__init__()
            self.shown, self.total = shown, total

    class SessionWanted(Message):
        """Base of the requests about one session."""

        def __init__(self, session_id: str) -> None:
            super().__init__()
            self.session_id = session_id

    class CreateWanted(Message):
        """Asks for a new session."""

    class DemoWanted(Message):
        """Asks for the demo library."""

    class ImportWanted(Message):
        """Asks for an import."""

    class StopWanted(Message):
        """Asks for the end of a running import."""

    class RenameWanted(SessionWanted):
        """Asks for another title."""

    class DeleteWanted(SessionWanted):
        """Asks for the end of a session."""

    def __init__(self, storage: StorageWorker, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._storage = storage
        self.total = 0
        self.filter_text = ""
        self.importing = False
        self.read_only = False

    def compose(self) -> ComposeResult:
        """Filter over list."""
        yield FilterInput()
        yield SessionList()
        yield EmptyState(can_focus=True)

    def on_mount(self) -> None:
        """Name the pane."""
        self.set_titles("Sessions")

    @property
    def session_list(self) -> SessionList:
        """The list."""
        return self.query_one(SessionList)

    @property
    def empty(self) -> EmptyState:
        """What stands in its place when it is empty."""
        return self.query_one(EmptyState)

    @property
    def filter_input(self) -> FilterInput:
        """The line over the list."""
        return self.query_one(FilterInput)

    # -- what is listed -----------------------------------------------------------------------------------------------

    @work(exclusive=True, group="ids")
    async def reload(self, keep: str | None = None, delay: float = 0.0) -> None:
        """Ask for the ids again; the cursor stays on `keep` (default where it is)."""
        await asyncio.sleep(delay)
        text = self.filter_text
        with reporting(self):
            ids = await self._storage.read(
                lambda library: library.store.session_ids(library.user_id, filter=text or None)
            )
            if not text:
                self.total = len(ids)
            self.session_list.set_filter_words(text.split())
            self.session_list.set_sessions(ids, keep=keep or self.session_list.current_id)
            self._show_count(len(ids))

    def _show_count(self, shown: int) -> None:
        """Tell how many there are, or what to do about none."""
        had_focus = self.session_list.has_focus or self.empty.has_focus
        self.session_list.display = bool(shown)
        self.filter_input.display = bool(self.total)
        if shown:
            self.empty.hide()
        elif self.filter_text:
            self.empty.show(
                f"No title among {self.total:,} holds “{self.filter_text}”.",
                [("Esc", "clear the filter", "leave_list"), ("/", "other words", "filter_sessions")],
            )
        else:
            self.empty.show(
                "No sessions yet.",
                [
                    ("n", "new session", "new_session"),
                    ("D", "demo library", "add_demo_library"),
                    ("I", "import files", "import_files"),
                ],
            )
        if had_focus:
            self.focus_list()
        self.refresh_bindings()
        self.post_message(self.Counted(shown, self.total))

    def session_changed(self, session: Session | SessionSummary, *, keep: str | None = None) -> None:
        """Show what became of a session, and where it stands now."""
        self.session_list.put_summaries([SessionSummary.of(session) if isinstance(session, Session) else session])
        self.reload(keep=keep)

    async def refresh_sessions(self, session_ids: Sequence[str]) -> None:
        """Show anew what somebody changed: the visible facts, and who is in the list and where."""
        known = [session_id for session_id in session_ids if self.session_list.has_summary(session_id)]
        if known:
            found = await self._storage.read(lambda library: library.store.summaries_of(known))
            self.session_list.put_summaries(found)
        self.reload()

    @on(SessionList.SummariesWanted)
    def _summaries_wanted(self, event: SessionList.SummariesWanted) -> None:
        """Fetch what the list is about to show."""
        event.stop()
        self._fetch_summaries(list(event.session_ids))

    @work(group="summaries")
    async def _fetch_summaries(self, session_ids: list[str]) -> None:
        """Read summaries and hand them to the list."""
        with reporting(self):
            self.session_list.put_summaries(
                await self._storage.read(lambda library: library.store.summaries_of(session_ids))
            )

    # -- filter -------------------------------------------------------------------------------------------------------

    @on(Input.Changed)
    def _filter_changed(self, event: Input.Changed) -> None:
        """Apply the filter when the typing pauses."""
        event.stop()
        self.filter_text = event.value.strip()
        self.reload(delay=FILTER_DELAY)

    @on(FilterInput.Left)
    def _filter_left(self, event: FilterInput.Left) -> None:
        """Go to the list."""
        event.stop()
        self.focus_list()
        release_keys(self)

    def focus_list(self) -> None:
        """Give the list the focus; the filter is passed over by Tab from now on."""
        (self.session_list if self.session_list.display else self.empty).focus()
        self.filter_input.can_focus = False

    def show_all(self) -> None:
        """Take the filter away without moving the focus."""
        with self.filter_input.prevent(Input.Changed):
            self.filter_input.value = self.filter_text = ""

    # -- commands -----------------------------------------------------------------------------------------------------

    def action_filter_sessions(self) -> None:
        """Go to the filter."""
        self.filter_input.can_focus = True
        self.filter_input.focus()

    def action_leave_list(self) -> None:
        """Clear the filter."""
        self.filter_input.value = ""
        self.focus_list()

    def action_new_session(self) -> None:
        """Ask for a new session."""
        hold_keys(self)
        self.post_message(self.CreateWanted())

    def action_add_demo_library(self) -> None:
        """Ask for the demo library."""
        self.post_message(self.DemoWanted())

    def action_import_files(self) -> None:
        """Ask for an import."""
        hold_keys(self)
        self.post_message(self.ImportWanted())

    def action_stop_import(self) -> None:
        """Ask for the end of the import."""
        self.post_message(self.StopWanted())

    def action_rename_session(self) -> None:
        """Ask for another title."""
        if self.session_list.current_id is not None:
            hold_keys(self)
            self.post_message(self.RenameWanted(self.session_list.current_id))

    def action_delete_session(self) -> None:
        """Ask for the end of the session."""
        if self.session_list.current_id is not None:
            self.post_message(self.DeleteWanted(self.session_list.current_id))
