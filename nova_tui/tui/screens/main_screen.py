"""MainScreen: sessions at the left, the dialog at the right, the composer below it."""

from __future__ import annotations

import asyncio
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.screen import Screen

from nova_tui.domain.errors import SessionConflict, SessionDamaged, SessionNotFound
from nova_tui.domain.safe_text import clean_line, safe_url
from nova_tui.domain.session import Session
from nova_tui.services.library import Library
from nova_tui.tui import messages
from nova_tui.tui.commands import Command, CommandHost, bindings_of
from nova_tui.tui.panes.composer_pane import ComposerPane
from nova_tui.tui.panes.dialog_pane import DialogPane
from nova_tui.tui.panes.session_pane import SessionPane
from nova_tui.tui.reporting import reporting
from nova_tui.tui.screens.help_lines import help_lines
from nova_tui.tui.screens.help_screen import HelpScreen
from nova_tui.tui.screens.prompt_screen import PromptScreen
from nova_tui.tui.session_changes import SessionChanges, Verb
from nova_tui.tui.storage_worker import StorageWorker
from nova_tui.tui.widgets.dialog_source import DialogOutline
from nova_tui.tui.widgets.dialog_view import DialogView
from nova_tui.tui.widgets.footer_line import FooterLine
from nova_tui.tui.widgets.header_line import HeaderLine
from nova_tui.tui.widgets.session_list import SessionList

PREVIEW_DELAY = 0.06
"""Seconds the list's cursor must rest before the dialog is read."""
SLOW = 0.3
"""Seconds a save may take before the header says so."""


class ScreenCommand(Command):
    """Something that can be done from every pane."""

    group = "Everywhere"


class Undo(ScreenCommand):
    """Take back the last change."""

    id, keys, label = "screen.undo", "u,ctrl+z", "undo"
    footer = True


class Redo(ScreenCommand):
    """Make the change again that was taken back."""

    id, keys, label = "screen.redo", "ctrl+y,ctrl+r", "redo"


class Help(ScreenCommand):
    """Show what every key does."""

    id, keys, label = "screen.help", "question_mark,f1", "help"


class Palette(ScreenCommand):
    """Find a command by its name."""

    id, keys, label = "screen.palette", "colon", "palette"


class Quit(ScreenCommand):
    """Leave the program; everything is saved already."""

    id, keys, label = "screen.quit", "q", "quit"


class WriteRow(ScreenCommand):
    """Go to the composer."""

    id, keys, label = "screen.write", "w", "write"
    footer = True


class MainScreen(Screen[None], CommandHost):
    """Arranges the panes and carries their wishes to the store."""

    BLANK = True
    HORIZONTAL_BREAKPOINTS: ClassVar[list[tuple[int, str]]] = [(0, "-narrow"), (70, "-medium"), (110, "-wide")]
    DEFAULT_CSS: ClassVar[str] = """
    MainScreen {
        background: $background;
        & #sessions { width: 28; }
        & #right { width: 1fr; }
        & .-hidden-pane { display: none; }
        &.-wide #sessions { width: 30%; max-width: 48; min-width: 36; }
        &.-narrow #sessions { width: 1fr; }
        &.-narrow #right { display: none; }
        &.-narrow.-reading #sessions { display: none; }
        &.-narrow.-reading #right { display: block; }
    }
    """

    INTENTIONS = (Undo, Redo, Help, Palette, Quit, WriteRow)
    BINDINGS = bindings_of(*INTENTIONS)  # type: ignore[assignment]

    def __init__(self, storage: StorageWorker, owner: str) -> None:
        super().__init__()
        self._storage = storage
        self._owner = owner
        self._changes = SessionChanges(storage)
        self._resting_status = ""

    def compose(self) -> ComposeResult:
        """Header, panes, footer."""
        yield HeaderLine()
        with Horizontal():
            yield SessionPane(self._storage, id="sessions")
            with Vertical(id="right"):
                yield DialogPane(id="dialog")
                yield ComposerPane(id="composer")
        yield FooterLine()

    @property
    def sessions(self) -> SessionPane:
        """The list's pane."""
        return self.query_one(SessionPane)

    @property
    def dialog(self) -> DialogPane:
        """The dialog's pane."""
        return self.query_one(DialogPane)

    @property
    def composer(self) -> ComposerPane:
        """The composer."""
        return self.query_one(ComposerPane)

    @property
    def header(self) -> HeaderLine:
        """The line over the panes."""
        return self.query_one(HeaderLine)

    # -- opening the store --------------------------------------------------------------------------------------------

    def on_mount(self) -> None:
        """Show the frame at once; the store is opened behind it."""
        self.header.owner = self._owner
        self.header.status = "opening…"
        self.dialog.show(None)
        self.composer.write_for(None, None)
        self.sessions.focus_list()

    def store_opened(self, status: str) -> None:
        """Begin to show what the store holds."""
        self._resting_status = self.header.status = status
        self.sessions.reload()

    # -- looking ------------------------------------------------------------------------------------------------------

    @on(SessionPane.Counted)
    def _counted(self, event: SessionPane.Counted) -> None:
        """Count in the header; an empty list has no dialog."""
        noun = "session" if event.total == 1 else "sessions"
        same = event.shown == event.total
        self.header.count = f"{event.total:,} {noun}" if same else f"{event.shown:,} of {event.total:,}"
        if not event.shown:
            self._show(None)

    @on(SessionList.Highlighted)
    def _highlighted(self, event: SessionList.Highlighted) -> None:
        """Show the dialog of the session under the cursor."""
        if event.session_id is not None:
            self.preview(event.session_id, PREVIEW_DELAY)

    @work(exclusive=True, group="preview")
    async def preview(self, session_id: str, delay: float = 0.0, at_end: bool = False) -> None:
        """Read a session and show it."""
        await asyncio.sleep(delay)
        try:
            session, outline = await self._storage.read(lambda library: _load(library, session_id))
        except SessionNotFound:
            self.sessions.reload()
            return
        except SessionDamaged as error:
            self.dialog.show_problem(str(error))
            self.composer.write_for(None, None)
            return
        with reporting(self):
            self._show(session, outline, at_end=at_end)

    def _show(self, session: Session | None, outline: DialogOutline | None = None, *, at_end: bool = False) -> None:
        """Show a session in dialog and composer."""
        self.dialog.show(session, outline, at_end=at_end)
        rows = session.dialog.rows if session else ()
        self.composer.write_for(session.id if session else None, rows[-1].role if rows else None)

    @on(SessionList.Opened)
    def _opened(self) -> None:
        """Go to the dialog."""
        self.add_class("-reading")
        if self.dialog.session is not None and self.dialog.session.dialog.rows:
            self.dialog.view.focus()
        else:
            self.composer.box.focus()

    @on(messages.LeavePane)
    def _leave_pane(self, event: messages.LeavePane) -> None:
        """Go one step back: composer, dialog, list."""
        event.stop()
        if self.composer.box.has_focus and self.dialog.view.display:
            self.dialog.view.focus()
        else:
            self.remove_class("-reading")
            self.sessions.focus_list()

    @on(DialogView.LinkClicked)
    @work
    async def _link_clicked(self, event: DialogView.LinkClicked) -> None:
        """Show the address and open it when the person wants that."""
        answer = await self.app.push_screen_wait(
            PromptScreen("Open this address in the browser?", event.url, "Enter opens, Esc leaves")
        )
        if answer and safe_url(answer):
            self.app.open_url(answer)

    # -- changing -----------------------------------------------------------------------------------------------------

    async def _change(self, shown: Session, label: str, verb: Verb, *, anew: bool = False) -> Session | None:
        """Change and store a session; show the outcome, or why there is none."""
        timer = self.set_timer(SLOW, self._say_saving)
        try:
            saved = await self._changes.change(shown, label, verb, anew=anew)
        except SessionConflict as error:
            self.app.notify(f"{error} It is shown as it is now.", severity="warning", timeout=8, markup=False)
            self.preview(shown.id)
            return None
        finally:
            timer.stop()
            self.header.status = self._resting_status
        self._changed(saved)
        return saved

    def _say_saving(self) -> None:
        """Say that a save takes its time."""
        self.header.status = "saving…"

    def _changed(self, saved: Session) -> None:
        """Show a session as it was stored."""
        if self.dialog.session is not None and self.dialog.session.id == saved.id:
            self._show(saved)
        self.sessions.session_changed(saved)

    @on(messages.ChangeSession)
    @work
    async def _change_session(self, event: messages.ChangeSession) -> None:
        """Change the session that is shown."""
        if self.dialog.session is not None:
            with reporting(self):
                await self._change(self.dialog.session, event.label, event.verb)

    @on(messages.AddRow)
    @work
    async def _add_row(self, event: messages.AddRow) -> None:
        """Store a row, then empty the composer and show the row."""
        shown = self.dialog.session
        if shown is None or shown.id != event.session_id:
            return
        metadata = {"hide_row": True} if event.hidden else None
        with reporting(self):
            saved = await self._change(
                shown, "add row", lambda session: session.add_message(event.role, event.text, metadata), anew=True
            )
            if saved is not None:
                self.composer.row_added(event.session_id, event.text)
                self.dialog.show_end()

    @on(messages.EditRow)
    @work
    async def _edit_row(self, event: messages.EditRow) -> None:
        """Store a row's text, unless somebody else changed it meanwhile."""
        shown = self.dialog.session
        if shown is None or shown.id != event.session_id:
            return

        def edit(session: Session) -> Session:
            if session.dialog.row(event.row_id).text != event.seen:
                raise SessionConflict(session.id, session.revision, shown.revision)
            return session.with_dialog(session.dialog.replace_text(event.row_id, event.text))

        with reporting(self):
            if await self._change(shown, "edit row", edit) is not None:
                self.dialog.row_edited(event.session_id, event.row_id)

    @on(SessionPane.CreateWanted)
    @work
    async def _create(self) -> None:
        """Make a session and write its first row."""
        with reporting(self):
            session = await self._changes.create()
            self.sessions.show_all()
            self.sessions.reload(keep=session.id)
            self._show(session)
            self.add_class("-reading")
            self.composer.box.focus()

    @on(SessionPane.RenameWanted)
    @work
    async def _rename(self, event: SessionPane.RenameWanted) -> None:
        """Ask for a title and store it."""
        with reporting(self):
            session = await self._storage.read(lambda library: library.store.load(event.session_id))
            title = await self.app.push_screen_wait(PromptScreen("Rename session", session.title))
            if title is not None and title.strip() != session.title:
                await self._change(session, "rename", lambda session: session.with_title(title.strip()))

    @on(SessionPane.DeleteWanted)
    @work
    async def _delete(self, event: SessionPane.DeleteWanted) -> None:
        """Delete a session; the toast tells how to get it back."""
        with reporting(self):
            session = await self._changes.delete(event.session_id)
            self.sessions.reload()
            self.app.notify(f"Deleted “{clean_line(session.title, 60)}”. Press u to bring it back.", markup=False)

    # -- commands -----------------------------------------------------------------------------------------------------

    @work
    async def action_undo(self) -> None:
        """Take the last change back."""
        with reporting(self):
            self._tell(await self._changes.undo(), "Undone", "There is nothing to undo.")

    @work
    async def action_redo(self) -> None:
        """Make it again."""
        with reporting(self):
            self._tell(await self._changes.redo(), "Done again", "There is nothing to redo.")

    def _tell(self, outcome: tuple[str, Session | None, str] | None, done: str, nothing: str) -> None:
        """Show what undo or redo did."""
        if outcome is None:
            self.app.notify(nothing, timeout=2, markup=False)
            return
        label, session, session_id = outcome
        self.app.clear_notifications()
        self.app.notify(f"{done}: {label}.", timeout=3, markup=False)
        if session is not None:
            self._changed(session)
            self.sessions.reload(keep=session_id)
        else:
            self.sessions.reload()

    def action_help(self) -> None:
        """Show the keys."""
        self.app.push_screen(HelpScreen(help_lines(self)))

    def action_palette(self) -> None:
        """Open the palette."""
        self.app.action_command_palette()

    def action_quit(self) -> None:
        """Leave the program from the list; elsewhere go one step back."""
        if self.dialog.view.has_focus:
            self.post_message(messages.LeavePane())
        else:
            self.app.exit(return_code=0)

    def action_write_row(self) -> None:
        """Go to the composer."""
        if self.composer.session_id is not None:
            self.add_class("-reading")
            self.composer.box.focus()


def _load(library: Library, session_id: str) -> tuple[Session, DialogOutline]:
    """Read a session and what the view needs to know of all its rows."""
    session = library.store.load(session_id)
    return session, DialogOutline.of(session.dialog.rows)
