"""Workbench: the dialog of one session and the composer below it; what is changed here goes to the store."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message

from nova_tui.domain.errors import SessionConflict, SessionDamaged, SessionNotFound
from nova_tui.domain.session import Session
from nova_tui.services.library import Library
from nova_tui.tui import messages
from nova_tui.tui.draft_keeper import DraftKeeper
from nova_tui.tui.panes.composer_pane import ComposerPane
from nova_tui.tui.panes.dialog_pane import DialogPane
from nova_tui.tui.reporting import reporting
from nova_tui.tui.session_changes import SessionChanges, Verb
from nova_tui.tui.storage_worker import StorageWorker
from nova_tui.tui.type_ahead import release_keys
from nova_tui.tui.widgets.dialog_source import DialogOutline

DRAFT_DELAY = 0.4
"""Seconds until what is typed is written down."""
SLOW = 0.3
"""Seconds a save may take before the screen says so."""


class Workbench(Vertical):
    """Shows one session and carries out what is asked for its rows."""

    class Changed(Message):
        """A session was stored with other content."""

        def __init__(self, session: Session) -> None:
            super().__init__()
            self.session = session

    class Conflicted(Message):
        """Somebody else changed the same thing: the error holds both sides."""

        def __init__(self, error: SessionConflict) -> None:
            super().__init__()
            self.error = error

    class Gone(Message):
        """The session that was to be shown is not there any more."""

    class Saving(Message):
        """A save takes its time, or is over."""

        def __init__(self, running: bool) -> None:
            super().__init__()
            self.running = running

    def __init__(self, storage: StorageWorker, changes: SessionChanges, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._storage = storage
        self._changes = changes
        self._drafts = DraftKeeper(storage)

    def compose(self) -> ComposeResult:
        """Dialog over composer."""
        yield DialogPane(id="dialog")
        yield ComposerPane(id="composer")

    @property
    def dialog(self) -> DialogPane:
        """The dialog's pane."""
        return self.query_one(DialogPane)

    @property
    def composer(self) -> ComposerPane:
        """The composer."""
        return self.query_one(ComposerPane)

    # -- showing ------------------------------------------------------------------------------------------------------

    @work(exclusive=True, group="preview")
    async def preview(self, session_id: str, delay: float = 0.0, at_end: bool = False) -> None:
        """Read a session and show it."""
        await asyncio.sleep(delay)
        try:
            session, outline = await self._storage.read(lambda library: _load(library, session_id))
        except SessionNotFound:
            self.post_message(self.Gone())
            return
        except SessionDamaged as error:
            self.dialog.show_problem(str(error))
            self.composer.write_for(None, None)
            return
        with reporting(self):
            self.show(session, outline, at_end=at_end)

    def show(self, session: Session | None, outline: DialogOutline | None = None, *, at_end: bool = False) -> None:
        """Show a session in dialog and composer."""
        self.dialog.show(session, outline, at_end=at_end)
        rows = session.dialog.rows if session else ()
        self.composer.write_for(session.id if session else None, rows[-1].role if rows else None)

    @work(exclusive=True, group="preview")
    async def open(self, session_id: str) -> None:
        """Read a session at once, show it, and only then take the focus."""
        with reporting(self):
            try:
                session, outline = await self._storage.read(lambda library: _load(library, session_id))
            except SessionDamaged as error:
                self.dialog.show_problem(str(error))
            else:
                self.show(session, outline)
                self.enter()
        release_keys(self)

    async def refresh_session(self, session_ids: Sequence[str]) -> None:
        """Show the session anew when it is among those that somebody changed; cursor, place and texts stay."""
        shown = self.dialog.session
        if shown is None or shown.id not in session_ids:
            return
        try:
            session, outline = await self._storage.read(lambda library: _load(library, shown.id))
        except SessionNotFound:
            return
        now_shown = self.dialog.session
        if now_shown is not None and now_shown.id == session.id and now_shown.revision != session.revision:
            self.show(session, outline)

    def enter(self) -> None:
        """Take the focus where there is something to do."""
        if self.dialog.session is not None and self.dialog.session.dialog.rows:
            self.dialog.view.focus()
        else:
            self.composer.box.focus()

    @on(messages.LeavePane)
    def _leave_pane(self, event: messages.LeavePane) -> None:
        """Go back from the composer to the dialog; from the dialog it is the screen's step."""
        if self.composer.box.has_focus and self.dialog.view.display:
            event.stop()
            self.dialog.view.focus()

    # -- changing -----------------------------------------------------------------------------------------------------

    async def change(self, shown: Session, verb: Verb, *, anew: bool = False) -> Session | None:
        """Change and store a session; show the outcome, or why there is none."""
        timer = self.set_timer(SLOW, lambda: self.post_message(self.Saving(True)))
        try:
            saved = await self._changes.change(shown, verb, anew=anew)
        except SessionConflict as error:
            self.post_message(self.Conflicted(error))
            return None
        finally:
            timer.stop()
            self.post_message(self.Saving(False))
        self.changed(saved)
        return saved

    def changed(self, saved: Session) -> None:
        """Show a session as it was stored."""
        if self.dialog.session is not None and self.dialog.session.id == saved.id:
            self.show(saved)
        self.post_message(self.Changed(saved))

    # -- drafts -------------------------------------------------------------------------------------------------------

    async def load_drafts(self) -> int:
        """Bring back what was typed and not kept in an earlier run; return how many texts those are."""
        drafts = await self._drafts.load()
        for draft in drafts:
            if draft.row_id:
                self.dialog.put_draft(draft.session_id, draft.row_id, draft.text)
            else:
                self.composer.put_draft(draft.session_id, draft.text)
        return len(drafts)

    @on(messages.DraftChanged)
    def _draft_changed(self, event: messages.DraftChanged) -> None:
        """Write down what is typed, at most DRAFT_DELAY later."""
        event.stop()
        if self._drafts.put(event.session_id, event.row_id, event.text):
            self.set_timer(DRAFT_DELAY, self._flush_drafts)

    @work
    async def _flush_drafts(self) -> None:
        """Write down what was typed."""
        with reporting(self):
            await self._drafts.flush()

    async def on_unmount(self) -> None:
        """Write down what was typed last, whatever ends the program."""
        with reporting(self):
            await self._drafts.flush()

    # -- changing rows ------------------------------------------------------------------------------------------------

    @on(messages.ChangeSession)
    @work
    async def _change_session(self, event: messages.ChangeSession) -> None:
        """Change the session that is shown."""
        if self.dialog.session is not None:
            with reporting(self):
                await self.change(self.dialog.session, event.verb)

    @on(messages.AddRow)
    @work
    async def _add_row(self, event: messages.AddRow) -> None:
        """Store a row, then empty the composer and show the row."""
        shown = self.dialog.session
        if shown is None or shown.id != event.session_id:
            self.composer.adding = False
            return
        metadata = {"hide_row": True} if event.hidden else None
        with reporting(self):
            saved = await self.change(
                shown, lambda session: session.add_message(event.role, event.text, metadata), anew=True
            )
            if saved is not None:
                self.composer.row_added(event.session_id, event.text)
                self.dialog.show_end()
        self.composer.adding = False

    @on(messages.RowLost)
    def _row_lost(self, event: messages.RowLost) -> None:
        """Keep what was typed in a row that somebody deleted meanwhile."""
        event.stop()
        if self.dialog.session is not None and self.dialog.session.id == event.session_id:
            self.composer.take_over(event.role, event.text)
            self.app.notify(
                "The row you were editing was deleted elsewhere. Your text is here now.",
                severity="warning",
                timeout=8,
                markup=False,
            )

    @on(messages.EditRow)
    @work
    async def _edit_row(self, event: messages.EditRow) -> None:
        """Store a row's text, unless somebody else changed it meanwhile."""
        shown = self.dialog.session
        if shown is None or shown.id != event.session_id:
            return

        def edit(session: Session) -> Session:
            mine = session.with_dialog(session.dialog.replace_text(event.row_id, event.text))
            if session.dialog.row(event.row_id).text != event.seen:  # the row was refreshed under the open editor
                raise SessionConflict(session.id, session.revision, shown.revision, theirs=session, mine=mine)
            return mine

        with reporting(self):
            if await self.change(shown, edit) is not None:
                self.dialog.row_edited(event.session_id, event.row_id)


def _load(library: Library, session_id: str) -> tuple[Session, DialogOutline]:
    """Read a session and what the view needs to know of all its rows."""
    session = library.store.load(session_id)
    return session, DialogOutline.of(session.dialog.rows)
