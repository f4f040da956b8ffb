"""DialogPane: the dialog of the session under the list's cursor, and what is done with its rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding

from nova_tui.domain.row import Row
from nova_tui.services.excerpt import Excerpt, Span
from nova_tui.tui import messages
from nova_tui.tui.commands import CommandHost, bindings_of
from nova_tui.tui.panes.find_commands import FIND_COMMANDS
from nova_tui.tui.panes.find_line import FindLine
from nova_tui.tui.panes.reading_commands import READING_COMMANDS
from nova_tui.tui.panes.row_commands import ROW_COMMANDS
from nova_tui.tui.panes.row_finding import RowFinding
from nova_tui.tui.panes.row_reading import RowReading
from nova_tui.tui.panes.row_structure import RowStructure
from nova_tui.tui.type_ahead import hold_keys
from nova_tui.tui.widgets.dialog_rows import DialogRows
from nova_tui.tui.widgets.dialog_view import DialogView
from nova_tui.tui.widgets.empty_state import EmptyState, Hint


class RowsView(DialogView, inherit_bindings=False):
    """The dialog view, less the keys that belong to the pane's commands."""

    BINDINGS = [
        binding
        for binding in DialogView.BINDINGS
        if not (isinstance(binding, Binding) and binding.id in ("dialog.request_edit", "dialog.hidden_rows"))
    ]

    def want_rows(self, spans: Sequence[Span]) -> None:
        """Ask for rows by the positions that the store knows."""
        super().want_rows([self.rows.stored(span) for span in spans])


class DialogPane(RowReading, RowFinding, RowStructure, CommandHost):
    """Shows a dialog; only the rows in sight are ever there."""

    DEFAULT_CSS: ClassVar[str] = """
    DialogPane {
        layers: base overlay; height: 1fr;
        & DialogView { layer: base; width: 1fr; height: 1fr; }
        & EmptyState { layer: base; }
    }
    """

    INTENTIONS = (*FIND_COMMANDS, *ROW_COMMANDS, *READING_COMMANDS)
    BINDINGS = bindings_of(*INTENTIONS)

    def compose(self) -> ComposeResult:
        """View, or empty state, over the line in which one finds."""
        yield RowsView()
        yield EmptyState(can_focus=True)
        yield FindLine()

    # -- showing ------------------------------------------------------------------------------------------------------

    def show(self, excerpt: Excerpt | None, *, at_end: bool = False, open_at: str | None = None) -> None:
        """Show a session, or that there is none; the same session again keeps cursor and place.

        `open_at` is the row that the cursor goes to; hidden rows are unfolded for a hidden one.
        """
        shown, session = self.session, excerpt.session if excerpt is not None else None
        same = session is not None and shown is not None and session.id == shown.id
        if not same:
            self.close_editor(keep_draft=True)
            self.view.fold_every_row(None)
            self.fold_again()
        self.session = session
        rows, changed = DialogRows.of(()), None
        if excerpt is not None:
            if same and shown is not None and excerpt.since is not None and excerpt.since == shown.revision:
                rows, changed = self.view.rows.after(excerpt.session.rows, excerpt.rows), excerpt.rows.keys()
            else:
                rows = DialogRows(excerpt.session.rows, excerpt.rows.values())
        rows = self.with_open_row(rows)
        had_focus = self.view.has_focus or self.empty.has_focus
        self.view.display = bool(rows)
        keep = open_at or (self.view.current_row_id if same else None)
        at = rows.position(open_at) if open_at else None
        if at is not None and rows.outline.hidden[at]:
            self.unfold_for_hit()
        self.view.show(rows, keep=keep, at_end=at_end, changed=changed)
        if session is None:
            self.empty.show("Choose a session to read it here.")
        elif not rows:
            hints: Sequence[Hint] = [("w", "write the first one below", "screen.write_row")]
            self.empty.show("No rows yet.", () if self.trashed else hints)
        else:
            self.empty.hide()
        if had_focus:
            self.screen.set_focus(self.view if rows else self.empty)
        self.session_shown(same=same, open_at=open_at)
        self.show_drafts()
        self.reopen_editor()
        self.refresh_bindings()

    def put_rows(self, rows: Sequence[Row]) -> None:
        """Take rows that were read since they came into sight."""
        new = self.open_row.row if self.open_row is not None else None  # it may have been forgotten among many others
        self.view.put_rows([*rows, new] if new is not None else rows)
        self.rows_arrived()
        self.refresh_bindings()

    def show_problem(self, sentence: str) -> None:
        """Say why there is no dialog to show."""
        self.show(None)
        self.empty.show(sentence)

    def go_to_change(self, excerpt: Excerpt) -> None:
        """Go to the first row that is new or different, unless the cursor is on one."""
        if excerpt.rows and self.view.current_row_id not in excerpt.rows:
            self.view.move_cursor_near(next(iter(excerpt.rows)))

    def show_end(self) -> None:
        """Go to the last row."""
        if self.session is not None and len(self.session.rows):
            self.view.move_cursor_near(self.session.rows.ids[-1])

    def show_titles(self) -> None:
        """Name the session and count its rows."""
        if self.session is None:
            self.set_titles("")
            return
        rows, hidden = len(self.session.rows), self.view.hidden_count
        count = f"{rows:,} row{'' if rows == 1 else 's'}" + (f" · {hidden:,} hidden" if hidden else "")
        parts = (self.hits_told, count, "in the trash" if self.trashed else "")
        self.set_titles(self.session.title, " · ".join(part for part in parts if part))

    @on(DialogView.CursorMoved)
    def _cursor_moved(self, event: DialogView.CursorMoved) -> None:
        """Other commands may be possible on another row."""
        event.stop()
        self.refresh_bindings()

    # -- commands -----------------------------------------------------------------------------------------------------

    def action_toggle_hidden(self) -> None:
        """Turn hidden rows on or off; the row under the cursor stays in place."""
        self.view.show_hidden = not self.view.show_hidden

    def action_restore_shown(self) -> None:
        """Ask for the session to be taken out of the trash."""
        if self.session is not None:
            self.post_message(messages.RestoreSession(self.session.id))

    def action_play_from_here(self) -> None:
        """Ask for the dialog to be performed from the row under the cursor."""
        if self.session is not None and (row := self.current_row):
            hold_keys(self)
            self.post_message(messages.PlaySession(self.session.id, row.id))

    def action_record_dialog(self) -> None:
        """Ask for the dialog to be recorded."""
        if self.session is not None:
            hold_keys(self)
            self.post_message(messages.RecordSessions([self.session.id]))

    def action_leave_dialog(self) -> None:
        """Go back."""
        self.post_message(messages.LeavePane())
