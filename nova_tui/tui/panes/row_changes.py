"""RowChanges: carries out what is asked for the rows of the session that is shown, and shows what became of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual import on, work
from textual.containers import Vertical
from textual.message import Message

from nova_tui.domain.errors import SessionConflict
from nova_tui.domain.row import Row
from nova_tui.domain.session import Session
from nova_tui.domain.summary import SessionSummary
from nova_tui.services.excerpt import Excerpt
from nova_tui.services.library import Library
from nova_tui.services.row_verbs import Rearranged, split_with, taken_over
from nova_tui.tui import messages
from nova_tui.tui.panes.composer_pane import ComposerPane
from nova_tui.tui.panes.dialog_pane import DialogPane
from nova_tui.tui.reporting import reporting
from nova_tui.tui.session_changes import Outcome, SessionChanges, Shown, Verb
from nova_tui.tui.storage_worker import StorageWorker
from nova_tui.tui.type_ahead import release_keys

SLOW = 0.3
"""Seconds a save may take before the screen says so."""


class RowChanges(Vertical):
    """A dialog's pane and a composer whose wishes go to the store."""

    class Changed(Message):
        """A session was stored with other content."""

        def __init__(self, summary: SessionSummary) -> None:
            super().__init__()
            self.summary = summary

    class Conflicted(Message):
        """Somebody else changed the same thing: the error holds both sides."""

        def __init__(self, error: SessionConflict) -> None:
            super().__init__()
            self.error = error

    class Made(Message):
        """A session was made of rows of the one that is shown; `told` says so to the person."""

        def __init__(self, session_id: str, told: str) -> None:
            super().__init__()
            self.session_id, self.told = session_id, told

    class Saving(Message):
        """A save takes its time, or is over."""

        def __init__(self, running: bool) -> None:
            super().__init__()
            self.running = running

    def __init__(self, storage: StorageWorker, changes: SessionChanges, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._storage = storage
        self._changes = changes
        self.read_only = False
        """Whether nothing may be changed."""

    @property
    def dialog(self) -> DialogPane:
        """The dialog's pane."""
        return self.query_one(DialogPane)

    @property
    def composer(self) -> ComposerPane:
        """The composer."""
        return self.query_one(ComposerPane)

    def show(
        self,
        session: Session | Excerpt | None,
        *,
        at_end: bool = False,
        open_at: str | None = None,
        trashed: bool = False,
    ) -> None:
        """Show a session in dialog and composer; a whole one is for those of few rows, one in the trash for reading."""
        if isinstance(session, Session):
            session = Excerpt.of(session)
        self.dialog.trashed = trashed
        self.dialog.read_only = self.read_only or trashed
        self.dialog.show(session, at_end=at_end, open_at=open_at)
        outline = session.session if session is not None and not trashed else None
        last = outline.rows.role(len(outline.rows) - 1) if outline is not None and len(outline.rows) else None
        self.composer.write_for(outline.id if outline is not None else None, last)

    async def change(
        self, shown: Shown, verb: Verb, *, anew: bool = False, note: Callable[[], str | None] | None = None
    ) -> Session | None:
        """Change and store a session; show the outcome, or why there is none. `note` names what was done."""
        timer = self.set_timer(SLOW, lambda: self.post_message(self.Saving(True)))
        try:
            outcome = await self._changes.carry_out(shown, verb, anew=anew, note=note)
        except SessionConflict as error:
            self.post_message(self.Conflicted(error))
            return None
        finally:
            timer.stop()
            self.post_message(self.Saving(False))
        self.changed(outcome)
        return outcome.session

    def changed(self, outcome: Outcome) -> None:
        """Show a session as it was stored."""
        if self.dialog.session is not None and self.dialog.session.id == outcome.session.id:
            self.show(outcome.excerpt)
        self.post_message(self.Changed(outcome.summary))

    @on(messages.ChangeSession)
    @work
    async def _change_session(self, event: messages.ChangeSession) -> None:
        """Change the session that is shown."""
        if self.dialog.session is not None:
            with reporting(self):
                await self.change(self.dialog.session, event.verb)

    @on(messages.ChangeRows)
    @work
    async def _change_rows(self, event: messages.ChangeRows) -> None:
        """Rearrange rows, then go where that leads; keys wait until it is seen."""
        try:
            with reporting(self):
                await self._rearrange(event)
        finally:
            release_keys(self)

    async def _rearrange(self, event: messages.ChangeRows) -> None:
        """Apply a verb to the rows as they are stored."""
        shown = self.dialog.session
        if shown is None or shown.id != event.session_id:
            return
        made: list[Rearranged] = []

        def verb(session: Session) -> Session:
            made[:] = [event.verb(session.dialog)]
            return session.with_dialog(made[0].dialog)

        saved = await self.change(shown, verb, note=lambda: made[0].note)
        if saved is not None:
            if made[0].cursor is not None and self.dialog.session is not None and self.dialog.session.id == shown.id:
                self.dialog.view.move_cursor_near(made[0].cursor)
            if event.done is not None:
                event.done(made[0])

    @on(messages.MakeSession)
    @work
    async def _make_session(self, event: messages.MakeSession) -> None:
        """Store a session that is made of the one that is shown, and go there."""
        shown = self.dialog.session
        if shown is not None and shown.id == event.session_id:
            with reporting(self):
                made = await self._changes.derive(shown, event.make, event.note)
                self.post_message(self.Made(made.id, event.told))
                return
        release_keys(self)

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
        """Store a row as it was typed, unless somebody else changed its text meanwhile."""
        shown = self.dialog.session
        made: list[Rearranged] = []

        def edit(session: Session) -> Session:
            now, seen = session.dialog.row(event.seen.id), event.seen
            row = taken_over(now, seen, event.row)
            mine = session.with_dialog(session.dialog.replace(row.id, row))
            if row.text != now.text != seen.text:  # the row was refreshed under the open editor
                raise SessionConflict(session.id, session.revision, session.revision, theirs=session, mine=mine)
            if event.split_at is not None:
                made[:] = [split_with(session.dialog, row, event.split_at)]
                return session.with_dialog(made[0].dialog)
            return mine

        try:
            if shown is not None and shown.id == event.session_id:
                with reporting(self):
                    saved = await self.change(shown, edit, note=lambda: made[0].note if made else None)
                    if saved is not None:
                        self.dialog.row_edited(event.session_id, event.row.id)
                        if made and made[0].cursor is not None:
                            self.dialog.view.move_cursor_near(made[0].cursor)
        finally:
            release_keys(self)

    @on(messages.CopyRows)
    @work
    async def _copy_rows(self, event: messages.CopyRows) -> None:
        """Read rows, for pasting them in any session; the system's clipboard gets their texts."""
        event.stop()
        shown = self.dialog.session
        try:
            if shown is not None:
                with reporting(self):
                    chosen = set(event.row_ids)
                    rows = await self._storage.read(lambda library: _rows(library, shown.id, chosen))
                    self.dialog.take_rows(rows, "copied")
        finally:
            release_keys(self)


def _rows(library: Library, session_id: str, row_ids: set[str]) -> Sequence[Row]:
    """Read rows, in the dialog's order."""
    return [row for row in library.store.load(session_id).dialog.rows if row.id in row_ids]
