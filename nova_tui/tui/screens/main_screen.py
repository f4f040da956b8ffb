"""MainScreen: sessions at the left, the dialog at the right, the composer below it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from textual import events, on, work
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widget import Widget

from nova_tui.domain.safe_text import clean_line
from nova_tui.services.library import Library
from nova_tui.services.list_state import state_path
from nova_tui.services.list_view import TRASH
from nova_tui.storage.upgrading import Upgrade
from nova_tui.tui import messages
from nova_tui.tui.commands import bindings_of
from nova_tui.tui.panes.session_pane import SessionPane
from nova_tui.tui.panes.workbench import Workbench
from nova_tui.tui.reporting import reporting
from nova_tui.tui.screens.dialog_questions import DialogQuestions
from nova_tui.tui.screens.list_desk import ListDesk
from nova_tui.tui.screens.main_commands import EVERYWHERE, ScreenCommand, told_of
from nova_tui.tui.screens.panel_commands import PANELS
from nova_tui.tui.screens.session_panels import SessionPanels
from nova_tui.tui.session_changes import Step
from nova_tui.tui.storage_worker import StorageWorker
from nova_tui.tui.type_ahead import hold_keys, release_keys
from nova_tui.tui.widgets.footer_line import FooterLine
from nova_tui.tui.widgets.header_line import HeaderLine
from nova_tui.tui.widgets.session_list import SessionList

PREVIEW_DELAY = 0.06
"""Seconds the list's cursor must rest before another dialog is read."""
OPENING = "opening…"
"""The status before the store is there."""
UPGRADE_TOLD = 30
"""Seconds for which it can be read where the store of before is kept."""

LIVE_INTERVAL = 0.5
"""Seconds between two looks at what other programs did to the store."""
QUIET_INTERVAL = 0.95
"""The same when nobody has done anything for a while."""
QUIET_LOOKS = 10
"""Looks in a row that found nothing, after which it is quiet."""


class WriteRow(ScreenCommand):
    """Go to the composer."""

    id, keys, label = "screen.write", "w", "write"
    footer = True

    @classmethod
    def available(cls, host: Widget) -> bool:
        """Offer it where there is a session to write for."""
        composer = host.bench.composer if isinstance(host, MainScreen) else None
        return composer is not None and composer.session_id is not None and not composer.read_only


class GoToFilter(ScreenCommand):
    """Go to the filter of the list."""

    id, keys, label = "screen.filter", "slash", "filter"

    @classmethod
    def available(cls, host: Widget) -> bool:
        """Offer it where there is something to filter."""
        return isinstance(host, MainScreen) and host.sessions.total > 0


class MainScreen(DialogQuestions, SessionPanels):
    """Arranges the panes and carries their wishes to the store."""

    BLANK = True
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (70, "-medium"), (110, "-wide")]
    DEFAULT_CSS: ClassVar[str] = """
    MainScreen {
        background: $background;
        & #desk { width: 28; }
        & #right { width: 1fr; }
        & .-hidden-pane { display: none; }
        &.-wide #desk { width: 30%; max-width: 48; min-width: 36; }
        &.-narrow #desk { width: 1fr; }
        &.-narrow #right { display: none; }
        &.-narrow.-reading #desk { display: none; }
        &.-narrow.-reading #right { display: block; }
    }
    """

    INTENTIONS = (*EVERYWHERE, WriteRow, GoToFilter, *PANELS)
    BINDINGS = bindings_of(*INTENTIONS)

    def __init__(self, storage: StorageWorker, owner: str, columns: int = 0) -> None:
        super().__init__(storage)
        # the first layout is the right one; only a resize sets these classes, and that lays everything out once more
        self.add_class(max(limit for limit in self.HORIZONTAL_BREAKPOINTS if limit[0] <= columns)[1])
        self._owner = owner
        self._resting_status = ""
        self._place = ""
        self._states: Path | None = None

    def compose(self) -> ComposeResult:
        """Header, panes, footer."""
        yield HeaderLine()
        with Horizontal():
            yield ListDesk(self._storage, self._changes, id="desk")
            yield Workbench(self._storage, self._changes, id="right")
        yield FooterLine()

    @property
    def header(self) -> HeaderLine:
        """The line over the panes."""
        return self.query_one(HeaderLine)

    # -- opening the store --------------------------------------------------------------------------------------------

    def on_mount(self) -> None:
        """Show the frame at once; the store is opened behind it."""
        self.header.owner = self._owner
        self.header.status = OPENING
        self.bench.show(None)
        self.sessions.focus_list()

    def store_upgrading(self, upgrade: Upgrade) -> None:
        """Say how far the upgrade of a store of an earlier version is."""
        first, self.header.status = self.header.status == OPENING, f"upgrading the store, {upgrade.part:.0%}"
        if first:
            copy = clean_line(str(upgrade.copy))
            self.app.notify(
                f"An earlier nova-tui made this store. It is being upgraded; as it was it is kept in {copy}",
                timeout=UPGRADE_TOLD,
                markup=False,
            )

    def store_opened(
        self,
        status: str,
        *,
        place: str = "",
        states: Path | None = None,
        read_only: bool = False,
        capabilities: frozenset[str] = frozenset(),
    ) -> None:
        """Begin to show what the store holds; `states` is the folder that remembers how it was left."""
        self._place, self._states = place, states
        self.bench.dialog.come_back(states)
        self.desk.capabilities = capabilities
        if read_only:
            self.read_only = self.desk.read_only = self.bench.read_only = self.bench.dialog.read_only = True
            self.bench.composer.forbid_writing()
        self._resting_status = self.header.status = status
        self._show_user()
        self._follow_changes()

    def _show_user(self) -> None:
        """Show the user's sessions as they were left, and what was typed and not kept."""
        user_id = self._storage.user_id
        self.desk.come_back(None if self._states is None else state_path(self._states, self._place, user_id))
        self._load_drafts()

    @on(ListDesk.UserWanted)
    @work
    async def _switch_user(self, event: ListDesk.UserWanted) -> None:
        """Show another user's sessions; what was done as the one before can no longer be undone here."""
        with reporting(self):
            await self.bench.keep_drafts()
            before = self._storage.user_id
            async with self._changes.turn:
                self._storage.switch_user(event.user_id)
                self._changes.log.clear()
                self._changes.forget_latest()
            self._owner = f"{event.user_id}{self._owner.removeprefix(before)}"
            self.header.owner = self._owner
            self.bench.show(None)
            self.sessions.session_list.clear_marks()
            self.sessions.recount()
            self._show_user()
            self.app.notify(f"These are the sessions of {clean_line(event.user_id, 60)}.", markup=False)

    @work
    async def _load_drafts(self) -> None:
        """Bring back what was typed and not kept."""
        with reporting(self):
            count = await self.bench.load_drafts()
            if count:
                texts = "text is" if count == 1 else "texts are"
                self.app.notify(f"{count} unsaved {texts} back where you typed.", markup=False)

    @work(exclusive=True, group="live")
    async def _follow_changes(self) -> None:
        """Show what other programs do to the store, for as long as it can be read."""
        quiet = 0
        with reporting(self):
            while True:
                changed = await self._storage.read(_changes)
                quiet = 0 if changed else quiet + 1
                if changed:
                    await self.sessions.refresh_sessions(changed)
                    await self.bench.refresh_session(changed)
                await asyncio.sleep(LIVE_INTERVAL if quiet < QUIET_LOOKS else QUIET_INTERVAL)

    # -- looking ------------------------------------------------------------------------------------------------------

    @on(SessionPane.Counted)
    def _counted(self, event: SessionPane.Counted) -> None:
        """Count in the header; an empty list has no dialog."""
        self.header.count = event.told
        if not event.shown:
            self.bench.show(None)

    @on(ListDesk.Working)
    def _working(self, event: ListDesk.Working) -> None:
        """Say how far a long piece of work is."""
        self.header.status = event.words or self._resting_status

    @on(ListDesk.Created)
    def _created(self, event: ListDesk.Created) -> None:
        """Write the first row of a new session."""
        self.bench.show(event.session)
        self.add_class("-reading")
        self.bench.composer.box.focus()
        self.desk.show_new(event.session)
        release_keys(self)

    @on(ListDesk.Changed)
    @work
    async def _sessions_changed(self, event: ListDesk.Changed) -> None:
        """Show the dialog anew when its session is among those that were changed."""
        with reporting(self):
            await self.bench.refresh_session(event.session_ids)

    @on(SessionList.Highlighted)
    def _highlighted(self, event: SessionList.Highlighted) -> None:
        """Show the dialog of the session under the cursor."""
        if event.session_id is not None:
            trashed, hit_row = self.desk.shelf == TRASH, self.sessions.hit_row(event.session_id)
            delay = PREVIEW_DELAY if self.bench.dialog.session is not None else 0.0
            self.bench.preview(event.session_id, delay, open_at=hit_row, trashed=trashed)

    @on(messages.RestoreSession)
    def _restore_session(self, event: messages.RestoreSession) -> None:
        """Take a session out of the trash whose dialog is being read."""
        self.remove_class("-reading")
        self.sessions.focus_list()
        self.desk.restore([event.session_id])

    @on(SessionPane.Searched)
    def _searched(self) -> None:
        """Show in the dialog what the list looks for."""
        current = self.sessions.session_list.current_id
        row_id = self.sessions.hit_row(current) if current is not None else None
        self.bench.look_for(self.sessions.looked_for, current, row_id)

    @on(SessionList.Opened)
    def _opened(self, event: SessionList.Opened) -> None:
        """Go to the dialog; keys wait until it is the one that was chosen."""
        self.add_class("-reading")
        shown = self.bench.dialog.session
        if shown is not None and shown.id == event.session_id:
            self.bench.enter()
            release_keys(self)
        else:
            self.bench.open(event.session_id, open_at=self.sessions.hit_row(event.session_id))

    @on(messages.LeavePane)
    def _leave_pane(self, event: messages.LeavePane) -> None:
        """Go from the dialog back to the list."""
        event.stop()
        self.remove_class("-reading")
        self.sessions.focus_list()

    @on(Workbench.Saving)
    def _saving(self, event: Workbench.Saving) -> None:
        """Say that a save takes its time."""
        self.header.status = "saving…" if event.running else self._resting_status

    @on(Workbench.Changed)
    def _session_changed(self, event: Workbench.Changed) -> None:
        """Let the list follow."""
        self.sessions.session_changed(event.summary)

    @on(Workbench.Made)
    def _session_made(self, event: Workbench.Made) -> None:
        """Go to a session that was made of rows."""
        self.app.notify(event.told, markup=False)
        self.sessions.recount()
        self.open_session(event.session_id)

    @on(Workbench.Conflicted)
    @work
    async def _conflicted(self, event: Workbench.Conflicted) -> None:
        """Let the person choose between the two sides."""
        from nova_tui.tui.screens import conflict_screen as conflicts  # noqa: PLC0415  not at the start

        error = event.error
        choice = await self.app.push_screen_wait(conflicts.ConflictScreen(error))
        while choice is conflicts.Resolution.DIFFERENCE:
            await self.app.push_screen_wait(conflicts.difference_of(error))
            choice = await self.app.push_screen_wait(conflicts.ConflictScreen(error))
        with reporting(self):
            if choice is conflicts.Resolution.THEIRS:
                self.bench.dialog.yield_edit()
                self.bench.preview(error.session_id)
            elif choice is conflicts.Resolution.FORK and error.mine is not None:
                fork = await self._changes.add(conflicts.mine_as_fork(error.mine))
                self.bench.dialog.give_up_edit()
                self.app.notify(f"Yours is a session of its own: “{clean_line(fork.title, 60)}”.", markup=False)
                self.sessions.session_changed(fork, keep=fork.id)

    @on(Workbench.Gone)
    def _session_gone(self) -> None:
        """Ask what there is now."""
        self.sessions.reload()

    # -- commands -----------------------------------------------------------------------------------------------------

    @work
    async def action_undo(self) -> None:
        """Take the last change back."""
        with reporting(self):
            if self._focused_session() is None and await self.desk.undo_batch():
                return
            step = await self._changes.undo(self._focused_session())
            if step is None and (current := self.sessions.session_list.current_id) is not None:
                step = await self._changes.undo(current)  # what was done before this run
            self.show_step(step, "There is nothing to undo.")

    @work
    async def action_redo(self) -> None:
        """Make it again."""
        with reporting(self):
            if self._focused_session() is None and await self.desk.redo_batch():
                return
            self.show_step(await self._changes.redo(self._focused_session()), "There is nothing to redo.")

    def _focused_session(self) -> str | None:
        """Return the session that undo and redo are about: the shown one while its dialog has the focus, else any."""
        session = self.bench.dialog.session
        return session.id if session is not None and self.bench.dialog.view.has_focus else None

    def show_step(self, step: Step | None, nothing: str) -> None:
        """Show what undo or redo did."""
        if step is None:
            self.app.notify(nothing, timeout=2, markup=False)
            return
        self.app.clear_notifications()
        self.app.notify(told_of(step), timeout=3, markup=False)
        self.sessions.recount()
        if step.outcome is not None:
            if self.bench.dialog.session is not None and self.bench.dialog.session.id == step.session_id:
                self.bench.show(step.outcome.excerpt)
                self.bench.dialog.go_to_change(step.outcome.excerpt)
            self.sessions.session_changed(step.outcome.summary, keep=step.session_id)
        else:
            self.sessions.reload()

    @work
    async def open_session(self, session_id: str) -> None:
        """Go to a session wherever it is listed, also where the filter keeps it out."""
        hold_keys(self)
        self.sessions.show_all()
        self.add_class("-reading")
        await self.bench.open(session_id).wait()
        self.call_after_refresh(self.sessions.reload, session_id)  # the dialog has the focus by then

    def action_quit(self) -> None:
        """Leave the program from the list; elsewhere go one step back."""
        if self.bench.dialog.view.has_focus:
            self.post_message(messages.LeavePane())
        else:
            self.app.exit(return_code=0)

    def action_go_to_filter(self) -> None:
        """Go to the filter."""
        self.sessions.action_filter_sessions()

    def on_resize(self) -> None:
        """Keep the panes within the screen."""
        self.call_after_refresh(self.desk.fit)

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Where only one pane has room, show the one that has the focus."""
        self.set_class(self.bench in event.widget.ancestors, "-reading")

    def action_write_row(self) -> None:
        """Go to the composer."""
        if self.bench.composer.session_id is not None:
            self.add_class("-reading")
            self.bench.composer.box.focus()


def _changes(library: Library) -> Sequence[str]:
    """Ask which sessions were changed since the last time."""
    return library.store.changes()
