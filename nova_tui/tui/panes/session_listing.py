"""SessionListing: a pane that lists the sessions of a view, by their titles and by what they hold."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from functools import partial

from textual import on, work
from textual.app import ComposeResult
from textual.content import Content
from textual.message import Message
from textual.widgets import Input
from textual.worker import Worker

from nova_tui.domain.safe_text import clean_line
from nova_tui.domain.search import COUNTED
from nova_tui.domain.session import Session
from nova_tui.domain.summary import SessionSummary
from nova_tui.services.day_groups import DayGroups
from nova_tui.services.list_search import Asked, Texts, ask, hits, texts, titles
from nova_tui.services.list_view import ARCHIVE, SESSIONS, STARRED, TRASH, Listed, ListView
from nova_tui.tui.panes.filter_line import FilterInput, FilterLine
from nova_tui.tui.reporting import reporting
from nova_tui.tui.storage_worker import StorageWorker
from nova_tui.tui.widgets.bounded_cache import BoundedCache
from nova_tui.tui.widgets.empty_state import EmptyState, Hint
from nova_tui.tui.widgets.pane_frame import PaneFrame
from nova_tui.tui.widgets.session_list import SessionList

TEXT_DELAY = 0.12
"""Seconds without a key before texts are searched too; titles are at once."""
SLOW = 0.3
"""Seconds after which it is said that texts are being searched."""
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


class SessionListing(PaneFrame):
    """Asks the store for ids and for what is visible, nothing else; what is no longer wanted is stopped."""

    class Counted(Message):
        """The list holds other sessions now: how many are shown, and of how many."""

        def __init__(self, shown: int, total: int, *, more: bool = False, hits: int | None = None) -> None:
            super().__init__()
            self.shown, self.total, self.more, self.hits = shown, total, more, hits

        @property
        def told(self) -> str:
            """What the header says of it."""
            if self.shown == self.total and not self.hits:
                return f"{self.total:,} session{'' if self.total == 1 else 's'}"
            count = f"{self.shown:,}{'+' if self.more else ''} of {self.total:,}"
            if not self.hits:
                return count
            return f"{count} · {self.hits:,}{'+' if self.hits >= COUNTED else ''} hit{'' if self.hits == 1 else 's'}"

    class Searched(Message):
        """Something else is looked for, or found, than before."""

    def __init__(self, storage: StorageWorker, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.storage = storage
        self.view = ListView()
        """What is shown."""
        self.total = 0
        """How many sessions the shelf holds."""
        self._counted = ""
        self._noted: BoundedCache[str, tuple[SessionSummary | None]] = BoundedCache(NOTED)
        self._known: Mapping[str, SessionSummary] = {}
        self._asked = ask(self.view)
        self._found = Texts({})
        self.listed = asyncio.Event()
        """Set while the list holds what its view asks for, and not what it did before."""
        self._shown = False
        self._line: int | None = None

    def compose(self) -> ComposeResult:
        """Filter over list."""
        yield FilterLine()
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
    def looked_for(self) -> str:
        """What texts were searched for; empty where no words were."""
        return self._asked.text if self._asked.words else ""

    def hit_row(self, session_id: str) -> str | None:
        """Return the row by which a session was found; None where it was by its title."""
        hit = self._found.hits.get(session_id)
        return hit.row_id if hit is not None else None

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

    def reload(self, keep: str | None = None, *, typed: bool = False) -> Worker[None]:
        """Ask for the ids again; the cursor stays on `keep` (default where it is). Searches under way are stopped.

        While a filter is `typed` titles are shown at once, and texts are searched when the typing pauses.
        """
        self.listed.clear()
        self.workers.cancel_group(self, "hits")
        return self._reload(keep, typed)

    @work(exclusive=True, group="ids")
    async def _reload(self, keep: str | None, typed: bool) -> None:
        """Read what is listed and show it."""
        with reporting(self):
            asked, found = ask(self.view), Texts({})
            if not self._shown:
                await self._show_first_page(asked, keep)
            count = self._counted != self.view.shelf
            listed = await self.storage.search(partial(titles, asked, count=count))
            self._tell(asked.problem)
            if listed.total is not None:
                self.total, self._counted = listed.total, self.view.shelf
            if asked.text:
                if typed and listed.ids:
                    self._show(asked, listed, found, keep, typed)
                slow = self.set_timer(SLOW, self._say_searching, pause=not typed or bool(listed.ids))
                try:
                    await asyncio.sleep(TEXT_DELAY if typed else 0)
                    found = await self.storage.search(partial(texts, asked, len(listed.ids)))
                finally:
                    slow.stop()
            if not (self.is_attached and self.children):
                return  # the program ends
            self._show(asked, listed, found, keep, typed)
            if self._line is not None:
                self.session_list.put_cursor_on_line(self._line)
                self._line = None
            self._show_count(self.session_list.count)
            if asked.text:
                self._count_hits(asked)
        self.listed.set()

    @work(exclusive=True, group="hits")
    async def _count_hits(self, asked: Asked) -> None:
        """Tell how many rows and titles are found."""
        with reporting(self):
            count = await self.storage.search(partial(hits, asked))
            if not (self.is_attached and self.children):
                return  # the program ends
            self.post_message(self.Counted(self.session_list.count, self.total, more=self._found.more, hits=count))

    def _say_searching(self) -> None:
        """Say what takes its time, where nothing is there yet."""
        self._show(ask(self.view), Listed((), {}, None), Texts({}), None, False)
        self.session_list.display = False
        self.empty.show("Searching the texts…")

    async def _show_first_page(self, asked: Asked, keep: str | None) -> None:
        """Show the first sessions while the whole order is read, unless the cursor is to stand farther down."""
        view = asked.view
        page = await self.storage.read(lambda library: view.first_page(library, FIRST_PAGE))
        self._shown = True
        if asked.titles and page is not None and page.ids and (keep is None or keep in page.ids):
            self._show(asked, page, Texts({}), keep, False)

    def _show(self, asked: Asked, listed: Listed, found: Texts, keep: str | None, typed: bool) -> None:
        """Put sessions into the list: those found by their titles, then those found by their texts."""
        moved = asked.view.shelf != self._asked.view.shelf
        self._asked, self._found = asked, found
        ids = found.after(listed.ids) if found.hits else listed.ids
        keep = keep or self.session_list.current_id
        if (typed or moved) and keep not in ids:
            keep = None
        self._known = listed.summaries
        snippets = {one.session_id: one.snippet for one in found.hits.values() if one.row_id is not None}
        marked = bool(self.filter_text)
        self.session_list.mark_found(asked.in_title if marked else None, asked.in_text if asked.words else None)
        self.session_list.put_snippets(snippets if asked.text else None)
        self.session_list.put_summaries(listed.summaries.values())
        self.session_list.set_sessions(ids, keep=keep, groups=DayGroups() if found.hits else listed.groups)
        self.post_message(self.Searched())

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
        self.query_one(FilterLine).display = bool(self.total or self.filter_text)
        if shown:
            self.empty.hide()
        elif self.filter_text:
            self.empty.show(*self._nothing_found())
        else:
            self.empty.show(*NOTHING[self.view.shelf])
        if had_focus:
            self.focus_list()
        self.refresh_bindings()
        self.post_message(self.Counted(shown, self.total, more=self._found.more))

    def _nothing_found(self) -> tuple[str, Sequence[Hint]]:
        """Say what was looked through, and how to find more."""
        sessions = f"{self.total:,} session{'' if self.total == 1 else 's'}"
        where = "title or text" if self._asked.text else "title"
        hints: list[Hint] = [
            ("Esc", "clear the filter", "leave_list"),
            ("/", "fewer words, others", "filter_sessions"),
        ]
        if self.view.shelf == SESSIONS and not self._asked.query.archived:
            hints.append(("is:archived", "look in the archive", "look_in_archive"))
        return f"No {where} among {sessions} holds “{self.filter_text}”.", hints

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
            found = await self.storage.read(lambda library: library.store.summaries_of(known))
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
                await self.storage.read(lambda library: library.store.summaries_of(session_ids))
            )

    @on(SessionList.MarksChanged)
    def _marks_changed(self) -> None:
        """Count the marks."""
        self._show_titles()
        self.refresh_bindings()

    def focus_list(self) -> None:
        """Give the list the focus."""
        (self.session_list if self.session_list.display else self.empty).focus()
