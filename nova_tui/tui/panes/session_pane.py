"""SessionPane: the list of the user's sessions in one view, and its filter."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import replace
from typing import ClassVar

from textual import events, on, work
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input

from nova_tui.services.list_view import SESSIONS, TRASH
from nova_tui.tui import messages
from nova_tui.tui.commands import Command, CommandHost, bindings_of
from nova_tui.tui.panes.filter_line import FilterInput
from nova_tui.tui.panes.session_listing import SessionListing
from nova_tui.tui.reporting import reporting
from nova_tui.tui.type_ahead import hold_keys, release_keys

PATIENCE = 2.5
"""Seconds that keys behind the filter wait for what it finds."""


class ListCommand(Command):
    """Something to do with the list as a whole."""

    group = "Session list"
    footer = True


class FilterSessions(ListCommand):
    """Find sessions by words of titles and texts, tag:x, role:user, is:starred, updated:<7d."""

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


class NextFound(ListCommand):
    """Go to the next session that was found."""

    id, keys, label = "list.next_hit", "f3", "next hit"
    footer = False

    @classmethod
    def available(cls, host: Widget) -> bool:
        """Something was looked for, and found."""
        return isinstance(host, SessionPane) and bool(host.filter_text) and host.session_list.count > 0


class PreviousFound(NextFound):
    """Go to the previous session that was found."""

    id, keys, label = "list.previous_hit", "shift+f3", "previous hit"


class LeaveList(ListCommand):
    """Clear the filter."""

    id, keys, label = "list.back", "escape", "clear filter"

    @classmethod
    def available(cls, host: Widget) -> bool:
        """There is a filter to clear."""
        return isinstance(host, SessionPane) and bool(host.filter_text)


class SessionPane(SessionListing, CommandHost):
    """The list and its filter, and what is done there."""

    DEFAULT_CSS: ClassVar[str] = """
    SessionPane {
        border-subtitle-color: $text-warning;
        & SessionList { height: 1fr; }
    }
    """

    INTENTIONS = (FilterSessions, NextFound, PreviousFound, PlaySession, LeaveList)
    BINDINGS = bindings_of(*INTENTIONS)

    class OrderClicked(Message):
        """The order in the pane's upper line was clicked."""

    def on_click(self, event: events.Click) -> None:
        """Ask for another order where the order is clicked."""
        if event.screen_y == self.region.y and event.screen_x > self.region.x + self.region.width // 2:
            self.post_message(self.OrderClicked())

    # -- filter -------------------------------------------------------------------------------------------------------

    @on(Input.Changed)
    def _filter_changed(self, event: Input.Changed) -> None:
        """Apply the filter when the typing pauses."""
        event.stop()
        self.view = replace(self.view, filter=event.value.lstrip())
        self.reload(typed=True)

    @on(FilterInput.Left)
    def _filter_left(self, event: FilterInput.Left) -> None:
        """Go to the list."""
        event.stop()
        self._leave_filter()

    @work(exclusive=True, group="leave")
    async def _leave_filter(self) -> None:
        """Go to the list once it holds what was found: keys behind are for that."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self.listed.wait(), PATIENCE)
        self.focus_list()
        release_keys(self)

    @work(exclusive=True, group="tags")
    async def _fetch_tags(self) -> None:
        """Read the tags that can be completed."""
        with reporting(self):
            self.filter_input.tags = await self.storage.read(lambda library: library.store.tags(library.user_id))

    def focus_list(self) -> None:
        """Give the list the focus; the filter is passed over by Tab from now on."""
        super().focus_list()
        self.filter_input.can_focus = False

    def show_all(self, keep: str | None = None) -> None:
        """Take the filter away, and go back to the sessions, without moving the focus."""
        self.show_view(replace(self.view, shelf=SESSIONS, filter=""), keep)

    # -- commands -----------------------------------------------------------------------------------------------------

    def action_filter_sessions(self) -> None:
        """Go to the filter."""
        self.filter_input.can_focus = True
        self.filter_input.focus()
        self._fetch_tags()

    def action_next_found(self) -> None:
        """Go to the next session of those that were found."""
        self._walk(1)

    def action_previous_found(self) -> None:
        """Go to the previous one."""
        self._walk(-1)

    def _walk(self, by: int) -> None:
        """Move the cursor, from the last session round to the first."""
        listed = self.session_list
        at = listed.cursor + by
        if not 0 <= at < listed.count:
            self.app.notify("From the first again." if by > 0 else "From the last again.", timeout=2, markup=False)
        listed.cursor = at % listed.count

    def action_look_in_archive(self) -> None:
        """Look for the same in the archive."""
        self.filter_input.value = f"is:archived {self.filter_text}"

    def action_play_session(self) -> None:
        """Ask for the session to be performed."""
        if self.session_list.current_id is not None:
            hold_keys(self)
            self.post_message(messages.PlaySession(self.session_list.current_id))

    def action_leave_list(self) -> None:
        """Clear the filter."""
        hold_keys(self)
        self.filter_input.value = ""
        self.listed.clear()  # before the change of the filter is heard of
        self._leave_filter()
