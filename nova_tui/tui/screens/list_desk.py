"""ListDesk: the sessions' pane with what is done there: the verbs, the views, and what comes in."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.message import Message
from textual.worker import Worker, WorkerCancelled

from nova_tui.services.list_view import ARCHIVE, SESSIONS, STARRED, TRASH, ListView
from nova_tui.storage.ordering import SORTS
from nova_tui.tui import messages
from nova_tui.tui.commands import bindings_of
from nova_tui.tui.intake import Intake, told
from nova_tui.tui.panes.session_pane import SessionPane
from nova_tui.tui.reporting import reporting
from nova_tui.tui.screens.list_commands import INTAKE, VERBS, VIEWS
from nova_tui.tui.screens.list_place import ListPlace
from nova_tui.tui.session_changes import SessionChanges
from nova_tui.tui.storage_worker import StorageWorker
from nova_tui.tui.type_ahead import hold_keys, release_keys
from nova_tui.tui.widgets.session_list import SessionList

SORT_NOTES = {
    "updated": "newest change first",
    "created": "newest first",
    "title": "A to Z",
    "rows": "most rows first",
}
"""What the menu says of the orders."""


class ListDesk(ListPlace):
    """Holds the pane and carries out its commands."""

    DEFAULT_CSS: ClassVar[str] = """
    ListDesk { & SessionPane { width: 1fr; height: 1fr; } }
    """

    INTENTIONS = (*VERBS, *VIEWS, *INTAKE)
    BINDINGS = bindings_of(*INTENTIONS)

    class UserWanted(Message):
        """Asks for another user's sessions."""

        def __init__(self, user_id: str) -> None:
            super().__init__()
            self.user_id = user_id

    def __init__(self, storage: StorageWorker, changes: SessionChanges, *, id: str | None = None) -> None:
        super().__init__(storage, changes, id=id)
        self._intake = Intake(storage)

    def compose(self) -> ComposeResult:
        """Hold the pane."""
        yield SessionPane(self._storage, id="sessions")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Know which numbers recall a view."""
        if action == "recall_view":
            return parameters[0] in self.saved_views
        return super().check_action(action, parameters)

    # -- views -------------------------------------------------------------------------------------------------------

    @on(SessionPane.OrderClicked)
    def _order_clicked(self, event: SessionPane.OrderClicked) -> None:
        """Ask for another order."""
        event.stop()
        self.action_sort_sessions()

    @work
    async def action_sort_sessions(self) -> None:
        """Ask for an order; the present one again turns it round."""
        from nova_tui.tui.screens.choice_screen import ChoiceScreen  # noqa: PLC0415  not at the start

        view = self.pane.view
        notes = {sort: "turn round" if sort == view.sort else SORT_NOTES[sort] for sort in SORTS}
        choices = [(sort, sort.capitalize(), notes[sort]) for sort in SORTS]
        sort = await self.app.push_screen_wait(ChoiceScreen("Order of the list", choices, view.sort))
        if sort is not None:
            self._show(replace(view, sort=sort, reverse=sort == view.sort and not view.reverse))

    def action_group_by_day(self) -> None:
        """Show or hide the headings of the days."""
        self._show(replace(self.pane.view, by_day=not self.pane.view.by_day))

    def action_show_starred(self) -> None:
        """Go to the starred sessions, or back."""
        self._go_to(STARRED)

    def action_show_archive(self) -> None:
        """Go to the archive, or back."""
        self._go_to(ARCHIVE)

    def action_show_trash(self) -> None:
        """Go to the trash, or back."""
        self._go_to(TRASH)

    def action_leave_shelf(self) -> None:
        """Go back to all sessions."""
        self._go_to(SESSIONS)

    def _go_to(self, shelf: str) -> None:
        """Show a shelf; the shelf that is shown already gives way to all sessions.

        A shelf with other sessions is shown as it was left, any other without a filter.
        """
        view, listed = self.pane.view, self.pane.session_list
        left = view.filter, listed.current_id, max(0, listed.cursor_line)
        self.left_shelves = {**self.left_shelves, view.shelf: left}
        shelf = SESSIONS if shelf == view.shelf else shelf
        if shelf in self.left_shelves and {shelf, view.shelf} & {ARCHIVE, TRASH}:
            text, cursor, line = self.left_shelves[shelf]
            hold_keys(self)
            self._await_view(self.pane.show_left(replace(view, shelf=shelf, filter=text), cursor, line))
        else:
            self._show(replace(view, shelf=shelf, filter=""))

    def _show(self, view: ListView) -> None:
        """Show another view; the cursor stays on its session where that is in it, and keys wait until it is there."""
        hold_keys(self)
        self._await_view(self.pane.show_view(view, keep=self.pane.session_list.current_id))

    @work
    async def _await_view(self, reading: Worker[None]) -> None:
        """Let the keys go on once a view is there."""
        with suppress(WorkerCancelled):  # a later one takes its place
            await reading.wait()
        release_keys(self)

    def action_save_view(self) -> None:
        """Ask for a number."""
        hold_keys(self)
        self._save_view()

    @work
    async def _save_view(self) -> None:
        """Keep the view under a number."""
        from nova_tui.tui.screens.prompt_screen import PromptScreen  # noqa: PLC0415  not at the start

        taken = " ".join(map(str, sorted(self.saved_views)))
        hint = f"taken: {taken}" if taken else "the number brings the view back"
        answer = await self.app.push_screen_wait(PromptScreen("Keep this view under a number from 1 to 9", "", hint))
        if answer is None:
            return
        number = answer.strip()
        if not (len(number) == 1 and number in "123456789"):
            self.app.notify("A view is kept under one digit, 1 to 9.", severity="warning", markup=False)
            return
        self.keep_view(int(number), self.pane.view)
        self.app.notify(f"{number} brings this view back.", markup=False)

    def action_recall_view(self, number: int) -> None:
        """Show a view that was kept."""
        self._show(self.saved_views[number])

    @work
    async def action_switch_user(self) -> None:
        """Ask whose sessions to show."""
        from nova_tui.tui.screens.choice_screen import ChoiceScreen  # noqa: PLC0415  not at the start

        with reporting(self):
            users = await self._storage.read(lambda library: library.store.users())
            current = self._storage.user_id
            every = sorted({*users, current})
            choices = [(user, user, "shown now" if user == current else "") for user in every]
            user = await self.app.push_screen_wait(ChoiceScreen("Whose sessions", choices, current))
            if user is not None and user != current:
                self.post_message(self.UserWanted(user))

    @on(SessionList.Opened)
    def _opened(self, event: SessionList.Opened) -> None:
        """In the trash, opening is taking out."""
        if self.shelf == TRASH:
            event.stop()
            self.action_restore_sessions()

    # -- bringing sessions in ----------------------------------------------------------------------------------------

    @work
    async def action_add_demo_library(self) -> None:
        """Add the demo library to this store."""
        with reporting(self):
            added = await self._intake.demo_library()
            self.pane.recount()
            self.pane.reload()
            self.app.notify(f"Added {added} sample sessions." if added else "They are all here already.", markup=False)

    def action_import_files(self) -> None:
        """Ask for a path."""
        hold_keys(self)
        self._import_files()

    @work
    async def _import_files(self) -> None:
        """Ask for a path and import it; the header tells how far it is."""
        from nova_tui.tui.screens.prompt_screen import PromptScreen  # noqa: PLC0415  not at the start

        if self._intake.running:
            self.app.notify("One import at a time; X stops the one that is running.", markup=False)
            return
        path = await self.app.push_screen_wait(
            PromptScreen("Import a file, a folder or an archive", hint="the format is found from the content")
        )
        if not path or not path.strip():
            return
        self._importing(True)
        try:
            with reporting(self):
                receipt = await self._intake.files(path.strip(), self._tell_progress)
                self.app.notify(
                    told(receipt), severity="warning" if receipt.failed else "information", timeout=8, markup=False
                )
        finally:
            self._importing(False)
            self.pane.recount()
            self.pane.reload()

    def _importing(self, running: bool) -> None:
        """Offer to stop an import while there is one."""
        self.importing = running
        self.post_message(self.Working("importing…" if running else ""))
        self.refresh_bindings()

    def _tell_progress(self, part: float) -> None:
        """Show how far an import is."""
        if self._intake.running:
            self.post_message(self.Working(f"importing {part:.0%}"))

    def action_stop_work(self) -> None:
        """Stop what is running."""
        self._intake.stop()
        self.stop_batch()
        if self.recording:
            self.post_message(messages.StopRecording())

    # -- recording ---------------------------------------------------------------------------------------------------

    def action_record_sessions(self) -> None:
        """Ask for the sessions to be recorded."""
        hold_keys(self)
        self.post_message(messages.RecordSessions(self.targets))

    def tell_recording(self, words: str) -> None:
        """Show how far a recording is, and offer to stop it while there is one."""
        self.recording = bool(words)
        self.post_message(self.Working(words))
        self.refresh_bindings()
