"""SessionPane: the list of the user's sessions in one view, and its filter."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import ClassVar

from textual import events, on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input
from textual.worker import Worker

from nova_tui.domain.errors import QueryError
from nova_tui.domain.safe_text import clean_line
from nova_tui.domain.session import Session
from nova_tui.domain.session_filter import parse_filter
from nova_tui.domain.summary import SessionSummary
from nova_tui.services.list_view import ARCHIVE, SESSIONS, STARRED, TRASH, Listed, ListView
from nova_tui.tui import messages
from nova_tui.tui.commands import Command, CommandHost, bindings_of
from nova_tui.tui.reporting import reporting
from nova_tui.tui.storage_worker import StorageWorker
from nova_tui.tui.type_ahead import hold_keys, release_keys
from nova_tui.tui.widgets.bounded_cache import BoundedCache
from nova_tui.tui.widgets.empty_state import EmptyState, Hint
from nova_tui.tui.widgets.pane_frame import PaneFrame
from nova_tui.tui.widgets.session_list import SessionList

FILTER_DELAY = 0.08
"""Seconds without a key before the filter is applied."""
FIRST_PAGE = 64
"""Sessions that are shown before the whole order is known."""
NOTED = 256
"""Sessions of which it is known what this program made of them last."""
TITLES = {SESSIONS: "Sessions", STARRED: "Starred", ARCHIVE: "Archive", TRASH: "Trash"}
"""What the pane is called when it shows a shelf."""
NOTHING: Mapping[str, tuple[str, Sequence[Hint]]] = {
    SESSIONS: (
        "No sessions yet.",
        [
            ("n", "new session", "new_session"),
            ("D", "demo library", "add_demo_library"),
            ("I", "import files", "import_files"),
        ],
    ),
    STARRED: ("No session has a star.", [("s", "gives one a star", None), ("Esc", "all sessions", "leave_shelf")]),
    ARCHIVE: ("The archive is empty.", [("a", "puts one away", None), ("Esc", "all sessions", "leave_shelf")]),
    TRASH: ("The trash is empty.", [("d", "deletes", None), ("Esc", "all sessions", "leave_shelf")]),
}
"""What an empty shelf says, and what there is to do."""


class ListCommand(Command):
    """Something to do with the list as a whole."""

    group = "Session list"
    footer = True


class FilterSessions(ListCommand):
    """Show only some sessions: words of the title, tag:x, is:starred, updated:<7d."""

    id, keys, label = "list.filter", "slash", "filter"

    @classmethod
    def available(cls, host: Widget) -> bool:
        """Offer it until the filter has the focus."""
        return isinstance(host, SessionPane) and host.total > 0 and not host.filter_input.has_focus


class PlaySession(ListCommand):
    """Perform the dialog of the session, full screen."""

    id, keys, label = "list.play", "f5,p", "play"

    @classmethod
    def available(cls, host: Widget) -> bool:
        """Need a session under the cursor that is not in the trash."""
        return isinstance(host, SessionPane) and host.view.shelf != TRASH and host.session_list.current_id is not None


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
    SessionPane {
        border-subtitle-color: $text-warning;
        & SessionList { height: 1fr; }
    }
    """

    INTENTIONS = (FilterSessions, PlaySession, LeaveList)
    BINDINGS = bindings_of(*INTENTIONS)

    class Counted(Message):
        """The list holds other sessions now: how many are shown, and of how many."""

        def __init__(self, shown: int, total: int) -> None:
            super().__init__()
            self.shown, self.total = shown, total

    class OrderClicked(Message):
        """The order in the pane's upper line was clicked."""

    def __init__(self, storage: StorageWorker, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._storage = storage
        self.view = ListView()
        """What is shown."""
        self.total = 0
        """How many sessions the shelf holds."""
        self._counted = ""
        self._noted: BoundedCache[str, tuple[SessionSummary | None]] = BoundedCache(NOTED)
        self._known: Mapping[str, SessionSummary] = {}
        self._shown = False
        self._line: int | None = None

    def compose(self) -> ComposeResult:
        """Filter over list."""
        yield FilterInput()
        yield SessionList()
        yield EmptyState(can_focus=True)

    def on_mount(self) -> None:
        """Name the pane."""
        self._show_titles()

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

    @property
    def filter_text(self) -> str:
        """What the sessions are filtered by."""
        return self.view.filter

    # -- what is listed -----------------------------------------------------------------------------------------------

    def show_view(self, view: ListView, keep: str | None = None) -> Worker[None]:
        """Show another view; the cursor stays on `keep` where that is in it."""
        if view.shelf != self.view.shelf:
            self.session_list.clear_marks()
        self.view = view
        with self.filter_input.prevent(Input.Changed):
            self.filter_input.value = view.filter
        self._show_titles()
        return self.reload(keep=keep)

    def show_left(self, view: ListView, cursor: str | None, line: int) -> Worker[None]:
        """Show a view as it was left: the cursor on its session, on that line of the window."""
        self._line = line if cursor is not None else None
        return self.show_view(view, cursor)

    @work(exclusive=True, group="ids")
    async def reload(self, keep: str | None = None, delay: float = 0.0) -> None:
        """Ask for the ids again; the cursor stays on `keep` (default where it is)."""
        await asyncio.sleep(delay)
        with reporting(self):
            view, problem = _sound(self.view)
            if not self._shown:
                await self._show_first_page(view, keep)
            count = self._counted != view.shelf
            listed = await self._storage.read(lambda library: view.listed(library, count=count))
            self._tell(problem)
            if listed.total is not None:
                self.total, self._counted = listed.total, view.shelf
            self._show(listed, keep or self.session_list.current_id)
            if self._line is not None:
                self.session_list.put_cursor_on_line(self._line)
                self._line = None
            self._show_count(len(listed.ids))

    async def _show_first_page(self, view: ListView, keep: str | None) -> None:
        """Show the first sessions while the whole order is read, unless the cursor is to stand farther down."""
        page = await self._storage.read(lambda library: view.first_page(library, FIRST_PAGE))
        self._shown = True
        if page is not None and page.ids and (keep is None or keep in page.ids):
            self._show(page, keep)

    def _show(self, listed: Listed, keep: str | None) -> None:
        """Put sessions into the list."""
        words = [word for word in self.filter_text.split() if ":" not in word]
        self._known = listed.summaries
        self.session_list.set_filter_words(words)
        self.session_list.put_summaries(listed.summaries.values())
        self.session_list.set_sessions(listed.ids, keep=keep, groups=listed.groups)

    def _show_titles(self) -> None:
        """Name the shelf; tell how many are marked, else the order."""
        marked = self.session_list.mark_count
        self.set_titles(TITLES[self.view.shelf], f"{marked:,} marked" if marked else self.view.order)

    def _tell(self, sentence: str) -> None:
        """Say what is wrong with the filter, at the foot of the pane."""
        self.border_subtitle = Content(clean_line(sentence, 200))

    def _show_count(self, shown: int) -> None:
        """Tell how many there are, or what to do about none."""
        had_focus = self.session_list.has_focus if not shown else self.empty.has_focus
        self.session_list.display = bool(shown)
        self.filter_input.display = bool(self.total or self.filter_text)
        if shown:
            self.empty.hide()
        elif self.filter_text:
            self.empty.show(
                f"No title among {self.total:,} holds “{self.filter_text}”.",
                [("Esc", "clear the filter", "leave_list"), ("/", "other words", "filter_sessions")],
            )
        else:
            self.empty.show(*NOTHING[self.view.shelf])
        if had_focus:
            self.focus_list()
        self.refresh_bindings()
        self.post_message(self.Counted(shown, self.total))

    def session_changed(self, session: Session | SessionSummary, *, keep: str | None = None) -> None:
        """Show what became of a session, and where it stands now."""
        self.take_note({session.id: SessionSummary.of(session) if isinstance(session, Session) else session})
        self.reload(keep=keep)

    def take_note(self, stored: Mapping[str, SessionSummary | None]) -> None:
        """Take what became of sessions (None in the trash), before a reload: the store's own report is no news then."""
        for session_id, summary in stored.items():
            self._noted.put(session_id, (summary,))
        self.session_list.put_summaries(summary for summary in stored.values() if summary is not None)

    async def refresh_sessions(self, session_ids: Sequence[str]) -> None:
        """Show anew what somebody changed: the visible facts, and who is in the list and where."""
        few = len(session_ids) <= FIRST_PAGE
        known = [one for one in session_ids if one in self._noted or self.session_list.has_summary(one)]
        if known:
            found = await self._storage.read(lambda library: library.store.summaries_of(known))
            stored = {summary.id: summary for summary in found}
            if few and all(self._noted.get(one) == (stored.get(one),) for one in session_ids):
                return  # nobody else changed anything
            if self.view.shelf != TRASH:
                self.session_list.put_summaries(found)
        self._counted = ""
        self.reload()

    def recount(self) -> None:
        """Ask for the shelf's total, too, when the ids are asked for again."""
        self._counted = ""

    @on(SessionList.SummariesWanted)
    def _summaries_wanted(self, event: SessionList.SummariesWanted) -> None:
        """Fetch what the list is about to show."""
        event.stop()
        if self.view.shelf == TRASH:
            self.session_list.put_summaries(self._known[one] for one in event.session_ids if one in self._known)
        else:
            self._fetch_summaries(list(event.session_ids))

    @work(group="summaries")
    async def _fetch_summaries(self, session_ids: list[str]) -> None:
        """Read summaries and hand them to the list."""
        with reporting(self):
            self.session_list.put_summaries(
                await self._storage.read(lambda library: library.store.summaries_of(session_ids))
            )

    @on(SessionList.MarksChanged)
    def _marks_changed(self) -> None:
        """Count the marks."""
        self._show_titles()
        self.refresh_bindings()

    def on_click(self, event: events.Click) -> None:
        """Ask for another order where the order is clicked."""
        if event.screen_y == self.region.y and event.screen_x > self.region.x + self.region.width // 2:
            self.post_message(self.OrderClicked())

    # -- filter -------------------------------------------------------------------------------------------------------

    @on(Input.Changed)
    def _filter_changed(self, event: Input.Changed) -> None:
        """Apply the filter when the typing pauses."""
        event.stop()
        self.view = replace(self.view, filter=event.value.strip())
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

    def show_all(self, keep: str | None = None) -> None:
        """Take the filter away, and go back to the sessions, without moving the focus."""
        self.show_view(replace(self.view, shelf=SESSIONS, filter=""), keep)

    # -- commands -----------------------------------------------------------------------------------------------------

    def action_filter_sessions(self) -> None:
        """Go to the filter."""
        self.filter_input.can_focus = True
        self.filter_input.focus()

    def action_play_session(self) -> None:
        """Ask for the session to be performed."""
        if self.session_list.current_id is not None:
            hold_keys(self)
            self.post_message(messages.PlaySession(self.session_list.current_id))

    def action_leave_list(self) -> None:
        """Clear the filter."""
        self.filter_input.value = ""
        self.focus_list()


def _sound(view: ListView) -> tuple[ListView, str]:
    """Return the view less the end of its filter that is no condition (yet), and why that is none."""
    problem = ""
    while True:
        try:
            parse_filter(view.filter)
        except QueryError as error:
            problem = problem or str(error)
            view = replace(view, filter=view.filter.rpartition(" ")[0])
        else:
            return view, problem
