"""Workbench: the dialog of one session and the composer below it; what is changed here goes to the store."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from functools import partial

from textual import on, work
from textual.app import ComposeResult
from textual.message import Message

from nova_tui.domain.errors import SessionDamaged, SessionNotFound
from nova_tui.domain.outline import SessionOutline
from nova_tui.domain.row import Row
from nova_tui.services.excerpt import Excerpt, Span, read_excerpt, rows_of
from nova_tui.services.library import Library
from nova_tui.tui import messages
from nova_tui.tui.draft_keeper import DraftKeeper
from nova_tui.tui.panes.composer_pane import ComposerPane
from nova_tui.tui.panes.dialog_pane import DialogPane
from nova_tui.tui.panes.row_changes import RowChanges
from nova_tui.tui.reporting import reporting
from nova_tui.tui.session_changes import SessionChanges
from nova_tui.tui.storage_worker import StorageWorker
from nova_tui.tui.type_ahead import release_keys
from nova_tui.tui.widgets.dialog_view import DialogView
from nova_tui.tui.widgets.row_renderer import text_of
from nova_tui.tui.widgets.text_selection import copied_words

FIND_DELAY = 0.1
"""Seconds without a key before a dialog is searched for what is typed."""
DRAFT_DELAY = 0.4
"""Seconds until what is typed is written down."""


class Workbench(RowChanges):
    """Shows one session and carries out what is asked for its rows."""

    class Gone(Message):
        """The session that was to be shown is not there any more."""

    def __init__(self, storage: StorageWorker, changes: SessionChanges, *, id: str | None = None) -> None:
        super().__init__(storage, changes, id=id)
        self._drafts = DraftKeeper(storage)
        self._wanted: Sequence[Span] = ()
        self._reading = False
        self._aim: tuple[str, str | None, str | None] = ("", None, None)

    def compose(self) -> ComposeResult:
        """Dialog over composer."""
        yield DialogPane(id="dialog")
        yield ComposerPane(id="composer")

    # -- showing ------------------------------------------------------------------------------------------------------

    @work(exclusive=True, group="preview")
    async def preview(
        self,
        session_id: str,
        delay: float = 0.0,
        at_end: bool = False,
        open_at: str | None = None,
        *,
        trashed: bool = False,
    ) -> None:
        """Read what is to be seen of a session and show it: at its end, at a row, or where it begins."""
        await asyncio.sleep(delay)
        with reporting(self):
            await self._read(session_id, at_end=at_end, open_at=open_at, trashed=trashed)

    @work(exclusive=True, group="preview")
    async def open(self, session_id: str, open_at: str | None = None) -> None:
        """Read a session at once, show it, and only then take the focus."""
        with reporting(self):
            if await self._read(session_id, open_at=open_at):
                self.enter()
        release_keys(self)

    async def _read(
        self, session_id: str, *, at_end: bool = False, open_at: str | None = None, trashed: bool = False
    ) -> bool:
        """Read what is to be seen of a session and show it; False where there is nothing to show."""
        show_hidden = self.dialog.view.show_hidden or open_at is not None
        shown = self.dialog.session
        near = open_at or (self.dialog.view.place if shown is not None and shown.id == session_id else None)
        try:
            excerpt = await self._storage.read(
                lambda library: read_excerpt(
                    library.store, session_id, near=near, at_end=at_end, show_hidden=show_hidden, trashed=trashed
                )
            )
        except SessionNotFound:
            self.post_message(self.Gone())
            return False
        except SessionDamaged as error:
            self._show_damage(error)
            return False
        self.show(excerpt, at_end=at_end, open_at=open_at, trashed=trashed)
        return True

    def _show_damage(self, error: SessionDamaged) -> None:
        """Say what is wrong where the dialog would be."""
        self.dialog.show_problem(str(error))
        self.composer.write_for(None, None)

    # -- finding ------------------------------------------------------------------------------------------------------

    def look_for(self, text: str, session_id: str | None, row_id: str | None) -> None:
        """Mark what the list looks for, and go to where it was found in the session that is shown."""
        aim = (text, session_id, row_id)
        if aim == self._aim:
            return
        self._aim = aim
        self.dialog.look_for(text)
        shown = self.dialog.session
        if row_id is not None and shown is not None and shown.id == session_id and not self.dialog.view.has_focus:
            self.dialog.go_to_row(row_id)

    @on(DialogPane.HitsWanted)
    @work(exclusive=True, group="find")
    async def _read_hits(self, event: DialogPane.HitsWanted) -> None:
        """Read which rows are found; a reading that is no longer wanted is stopped."""
        event.stop()
        await asyncio.sleep(FIND_DELAY if event.typed else 0)
        with reporting(self), suppress(SessionNotFound, SessionDamaged):
            found = await self._storage.search(
                lambda library: library.store.hits_in(event.session_id, event.text, typing=True)
            )
            if self.is_attached and self.children:  # else the program ends
                self.dialog.take_hits(event.session_id, event.text, found, typed=event.typed)

    @on(DialogView.RowsWanted)
    def _rows_wanted(self, event: DialogView.RowsWanted) -> None:
        """Read rows that are about to be seen, but none that were scrolled past meanwhile."""
        event.stop()
        self._wanted = event.spans
        if not self._reading:
            self._reading = True
            self._read_rows()

    @work(group="rows")
    async def _read_rows(self) -> None:
        """Read rows until all that are wanted are there; where the session is another by now, show that."""
        while (shown := self.dialog.session) is not None and self._wanted:
            spans, self._wanted = self._wanted, ()
            read = False
            with reporting(self):
                try:
                    found = await self._storage.read(partial(_read_spans, shown, spans, self.dialog.trashed))
                except SessionDamaged as error:
                    self._show_damage(error)
                    self.dialog.view.forget_asked()
                    break
                read = found is not None and self.dialog.session is shown
                if found is not None and read:
                    self.dialog.put_rows(found)
                elif found is None:
                    await self.refresh_session([shown.id])
            if not read:
                self.dialog.view.forget_asked()
        self._reading = False

    async def read_window(self, session: SessionOutline, span: Span) -> Sequence[Row] | None:
        """Read some rows of a session; None where it is another by now."""
        return await self._storage.read(lambda library: rows_of(library.store, session, *span))

    @on(DialogView.SelectionWanted)
    @work
    async def _copy_selection(self, event: DialogView.SelectionWanted) -> None:
        """Read and lay out what is selected beyond the rows that are there, and put it into the clipboard."""
        event.stop()
        if (shown := self.dialog.session) is None:
            return
        first, last, trashed = event.positions[0], event.positions[-1], self.dialog.trashed

        def work(library: Library) -> str | None:
            rows = rows_of(library.store, shown, first, last + 1, trashed=trashed)
            if rows is None:
                return None
            chosen = [(position, rows[position - first]) for position in event.positions]
            return text_of(chosen, event.width, event.selection, event.folds)

        with reporting(self):
            text = await self._storage.read(work)
            if text is not None:
                self.app.copy_to_clipboard(text)
                self.app.notify(copied_words(text), timeout=2, markup=False)

    async def refresh_session(self, session_ids: Sequence[str]) -> None:
        """Show the session anew when it is among those that somebody changed; cursor, place and texts stay."""
        shown = self.dialog.session
        if shown is None or shown.id not in session_ids:
            return
        near, show_hidden = self.dialog.view.place, self.dialog.view.show_hidden
        try:
            excerpt = await self._storage.read(
                lambda library: _read_if_other(library, shown, near=near, show_hidden=show_hidden)
            )
        except SessionNotFound:
            return
        now = self.dialog.session
        if excerpt is None or now is None or now.id != shown.id:
            return
        if now is shown or (now.revision or 0) < (excerpt.session.revision or 0):
            self.show(excerpt)

    def enter(self) -> None:
        """Take the focus where there is something to do."""
        if self.dialog.session is not None and len(self.dialog.session.rows):
            self.dialog.view.focus()
        else:
            self.composer.box.focus()

    @on(messages.LeavePane)
    def _leave_pane(self, event: messages.LeavePane) -> None:
        """Go back from the composer to the dialog; from the dialog it is the screen's step."""
        if self.composer.box.has_focus and self.dialog.view.display:
            event.stop()
            self.dialog.view.focus()

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

    async def keep_drafts(self) -> None:
        """Write down what is typed, now."""
        await self._drafts.flush()

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


def _read_spans(shown: SessionOutline, spans: Sequence[Span], trashed: bool, library: Library) -> list[Row] | None:
    """Read windows of the revision that is shown; None where the store holds another."""
    rows: list[Row] = []
    for start, stop in spans:
        found = rows_of(library.store, shown, start, stop, trashed=trashed)
        if found is None:
            return None
        rows += found
    return rows


def _read_if_other(library: Library, shown: SessionOutline, *, near: str | None, show_hidden: bool) -> Excerpt | None:
    """Read what is to be seen of a session anew, unless it is the revision that is shown."""
    revision = library.store.window(shown.id, 0, 0).revision
    if revision is not None and revision == shown.revision:
        return None
    return read_excerpt(library.store, shown.id, near=near, show_hidden=show_hidden)
