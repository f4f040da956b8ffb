"""DialogPane: the dialog of the session under the list's cursor, and what is done with its rows."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.events import Resize
from textual.widget import Widget
from textual.widgets import TextArea

from nova_tui.domain.dialog import Dialog
from nova_tui.domain.row import Row
from nova_tui.domain.session import Session
from nova_tui.tui import messages
from nova_tui.tui.commands import Command, CommandHost, bindings_of
from nova_tui.tui.type_ahead import hold_keys, release_keys
from nova_tui.tui.widgets.dialog_source import DialogOutline
from nova_tui.tui.widgets.dialog_view import DialogView
from nova_tui.tui.widgets.empty_state import EmptyState
from nova_tui.tui.widgets.pane_frame import PaneFrame
from nova_tui.tui.widgets.row_editor import RowEditor


class RowCommand(Command):
    """Something to do with the row under the cursor."""

    group = "Dialog"
    footer = True

    @classmethod
    def available(cls, host: Widget) -> bool:
        """Most need a row under the cursor, and none open."""
        return isinstance(host, DialogPane) and host.current_row is not None and host.editor is None


class ChangeRow(RowCommand):
    """Something that changes the row under the cursor."""

    @classmethod
    def available(cls, host: Widget) -> bool:
        """Need a store that may be changed, too."""
        return isinstance(host, DialogPane) and not host.read_only and super().available(host)


class EditRow(ChangeRow):
    """Edit the row's text where it stands."""

    id, keys, label = "dialog.edit", "e,enter", "edit"


class HideRow(ChangeRow):
    """Hide the row when reading and playing, or show it again."""

    id, keys, label = "dialog.hide", "h", "hide"


class ToggleHidden(RowCommand):
    """Show hidden rows in full, or fold them to a thin line."""

    id, keys, label = "dialog.toggle_hidden", "full_stop", "hidden rows"

    @classmethod
    def available(cls, host: Widget) -> bool:
        """There are hidden rows."""
        return isinstance(host, DialogPane) and host.editor is None and host.view.hidden_count > 0


class CycleRole(ChangeRow):
    """Give the row the next of user, assistant and system."""

    id, keys, label = "dialog.role", "R", "role"


class DeleteRow(ChangeRow):
    """Delete the row at once; undo brings it back."""

    id, keys, label = "dialog.delete", "d,delete", "delete"


class CopyRow(RowCommand):
    """Copy the row's text to the clipboard, as it was written."""

    id, keys, label = "dialog.copy", "y", "copy"


class LeaveDialog(RowCommand):
    """Go back to the list of sessions."""

    id, keys, label = "dialog.back", "escape", "back"

    @classmethod
    def available(cls, host: Widget) -> bool:
        """Possible while no row is open."""
        return isinstance(host, DialogPane) and host.editor is None


class RowsView(DialogView, inherit_bindings=False):
    """The dialog view, less the keys that belong to the pane's commands."""

    BINDINGS = [
        binding
        for binding in DialogView.BINDINGS
        if not (isinstance(binding, Binding) and binding.id in ("dialog.request_edit", "dialog.hidden_rows"))
    ]


class DialogPane(PaneFrame, CommandHost):
    """Shows a dialog; a row is edited in a text box that lies exactly over it."""

    DEFAULT_CSS: ClassVar[str] = """
    DialogPane {
        layers: base overlay; height: 1fr;
        & DialogView { layer: base; width: 1fr; height: 1fr; }
        & EmptyState { layer: base; }
    }
    """

    INTENTIONS = (EditRow, HideRow, ToggleHidden, CycleRole, DeleteRow, CopyRow, LeaveDialog)
    BINDINGS = bindings_of(*INTENTIONS)

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.session: Session | None = None
        self.read_only = False
        self.editor: RowEditor | None = None
        self._edited: Row | None = None
        self._drafts: dict[tuple[str, str], str] = {}

    def compose(self) -> ComposeResult:
        """View and empty state."""
        yield RowsView()
        yield EmptyState(can_focus=True)

    def on_mount(self) -> None:
        """Keep the open editor over its row."""
        self.watch(self.view, "scroll_y", self._place_editor, init=False)

    @property
    def view(self) -> DialogView:
        """The dialog view."""
        return self.query_one(DialogView)

    @property
    def empty(self) -> EmptyState:
        """What stands in its place when there are no rows."""
        return self.query_one(EmptyState)

    @property
    def current_row(self) -> Row | None:
        """The row under the cursor."""
        if self.session is None or self.view.current_row_id is None:
            return None
        return self.session.dialog.row(self.view.current_row_id)

    # -- showing ------------------------------------------------------------------------------------------------------

    def show(self, session: Session | None, outline: DialogOutline | None = None, *, at_end: bool = False) -> None:
        """Show a session, or that there is none; the same session again keeps cursor and place."""
        same = session is not None and self.session is not None and session.id == self.session.id
        if not same:
            self._close_editor(keep_draft=True)
        self.session = session
        rows = session.dialog.rows if session else ()
        had_focus = self.view.has_focus or self.empty.has_focus
        self.view.display = bool(rows)
        keep = self.view.current_row_id if same else None
        self.view.show(rows, keep=keep, at_end=at_end, outline=outline)
        if session is None:
            self.empty.show("Choose a session to read it here.")
        elif not rows:
            self.empty.show("No rows yet.", [("w", "write the first one below", "screen.write_row")])
        else:
            self.empty.hide()
        if had_focus:
            self.screen.set_focus(self.view if rows else self.empty)
        self._show_titles()
        self._reopen_editor()
        self.refresh_bindings()

    def show_problem(self, sentence: str) -> None:
        """Say why there is no dialog to show."""
        self.show(None)
        self.empty.show(sentence)

    def show_end(self) -> None:
        """Go to the last row."""
        if self.session is not None and self.session.dialog.rows:
            self.view.move_cursor_to(self.session.dialog.rows[-1].id)

    def _show_titles(self) -> None:
        """Name the session and count its rows."""
        if self.session is None:
            self.set_titles("")
            return
        rows, hidden = len(self.session.dialog.rows), self.view.hidden_count
        count = f"{rows:,} row{'' if rows == 1 else 's'}" + (f" · {hidden:,} hidden" if hidden else "")
        self.set_titles(self.session.title, count)

    @on(DialogView.CursorMoved)
    def _cursor_moved(self, event: DialogView.CursorMoved) -> None:
        """Other commands may be possible on another row."""
        event.stop()
        self.refresh_bindings()

    # -- editing in place ---------------------------------------------------------------------------------------------

    @on(DialogView.EditRequested)
    def _edit_requested(self, event: DialogView.EditRequested) -> None:
        """Edit the row that was asked for."""
        event.stop()
        self.action_edit_row()

    def action_edit_row(self) -> None:
        """Open the row's text where it stands; a draft of it comes back."""
        row = self.current_row
        if row is None or self.session is None or self.editor is not None or self.read_only:
            return
        hold_keys(self)
        self._edited = row
        self.editor = RowEditor(self._drafts.get((self.session.id, row.id), row.text))
        self.mount(self.editor)
        self.call_after_refresh(self._editor_opened)

    def _editor_opened(self) -> None:
        """Give the editor its size and the focus."""
        if self.editor is not None:
            self.editor.move_cursor(self.editor.document.end)
            self.editor.focus()
            release_keys(self)
            self._fit_editor()
            self.refresh_bindings()

    @on(TextArea.Changed)
    def _text_changed(self, event: TextArea.Changed) -> None:
        """Grow with the text, and keep it as a draft."""
        event.stop()
        if self.editor is not None and self._edited is not None and self.session is not None:
            self._keep_draft(self.session.id, self._edited, self.editor.text)
            self._fit_editor()

    def _keep_draft(self, session_id: str, row: Row, text: str) -> None:
        """Remember a text that differs from its row's."""
        if text == row.text:
            self._drop_draft(session_id, row.id)
        elif self._drafts.get((session_id, row.id)) != text:
            self._drafts[session_id, row.id] = text
            self.post_message(messages.DraftChanged(session_id, row.id, text))

    def _drop_draft(self, session_id: str, row_id: str) -> None:
        """Forget a text that is kept, or not wanted any more."""
        if self._drafts.pop((session_id, row_id), None) is not None:
            self.post_message(messages.DraftChanged(session_id, row_id, None))

    def put_draft(self, session_id: str, row_id: str, text: str) -> None:
        """Take a draft of an earlier run; what is being typed has precedence."""
        self._drafts.setdefault((session_id, row_id), text)

    def _fit_editor(self) -> None:
        """Make the editor as high as its text, and make that much room in the view."""
        if self.editor is None or self._edited is None:
            return
        room = max(1, self.view.size.height - 3)
        height = min(max(1, self.editor.wrapped_document.height), room)
        self.editor.styles.height = height
        self.view.reserve(self._edited.id, height + 2)
        self.view.scroll_row_visible(self._edited.id)
        self._place_editor()

    def _place_editor(self) -> None:
        """Put the editor over its row."""
        if self.editor is None or self._edited is None:
            return
        region = self.view.text_region(self._edited.id)
        if region.width:
            # it stays displayed wherever the row is, since what is not displayed loses the focus
            self.editor.styles.width = region.width
            self.editor.styles.offset = (region.x, region.y)

    def on_resize(self, event: Resize) -> None:
        """Keep frame and editor in place."""
        super().on_resize(event)
        self.call_after_refresh(self._fit_editor)

    @on(RowEditor.Kept)
    def _text_kept(self, event: RowEditor.Kept) -> None:
        """Ask for the text to be stored; the editor stays open until it is."""
        event.stop()
        if self.session is None or self._edited is None:
            return
        if event.text == self._edited.text:
            self._close_editor(keep_draft=False)
            return
        self.post_message(messages.EditRow(self.session.id, self._edited.id, self._edited.text, event.text))

    @on(RowEditor.Left)
    def _text_left(self, event: RowEditor.Left) -> None:
        """Close the editor, keep what was typed."""
        event.stop()
        differs = self._edited is not None and event.text != self._edited.text
        self._close_editor(keep_draft=True)
        if differs:
            self.app.notify("Your text is kept as a draft; edit the row again to go on.", markup=False)

    def row_edited(self, session_id: str, row_id: str) -> None:
        """Take note that a text is stored: its draft is done with and its editor closed."""
        self._drop_draft(session_id, row_id)
        if self._edited is not None and self._edited.id == row_id:
            self._close_editor(keep_draft=False)

    def give_up_edit(self) -> None:
        """Close the editor; its text is not wanted any more."""
        self._close_editor(keep_draft=False)

    def _close_editor(self, *, keep_draft: bool) -> None:
        """Take the editor away."""
        if self.editor is None or self._edited is None or self.session is None:
            return
        if keep_draft:
            self._keep_draft(self.session.id, self._edited, self.editor.text)
        else:
            self._drop_draft(self.session.id, self._edited.id)
        editor, edited, self.editor, self._edited = self.editor, self._edited, None, None
        self.view.reserve(edited.id, None)
        if editor.has_focus:
            self.screen.set_focus(self.view if self.view.display else self.empty)
        # a frame may still be painted from a layout that holds the editor, so it goes only after the next one
        editor.display = False
        self.call_after_refresh(editor.remove)
        self.refresh_bindings()

    def _reopen_editor(self) -> None:
        """Keep an open editor on its row after the dialog changed around it."""
        if self._edited is None or self.session is None:
            return
        if any(row.id == self._edited.id for row in self.session.dialog.rows):
            self._fit_editor()
        else:
            text, role = self.editor.text if self.editor else self._edited.text, self._edited.role
            self._close_editor(keep_draft=False)
            self.post_message(messages.RowLost(self.session.id, role, text))

    # -- commands -----------------------------------------------------------------------------------------------------

    def action_toggle_hidden(self) -> None:
        """Turn hidden rows on or off; the row under the cursor stays in place."""
        self.view.show_hidden = not self.view.show_hidden

    def action_hide_row(self) -> None:
        """Ask for the row to be hidden or shown."""
        if row := self.current_row:
            self._change(lambda dialog: dialog.set_hidden(row.id, not row.hidden))

    def action_cycle_role(self) -> None:
        """Ask for the next role."""
        if row := self.current_row:
            self._change(lambda dialog: dialog.set_role(row.id, row.role.next()))

    def action_delete_row(self) -> None:
        """Ask for the end of the row."""
        if row := self.current_row:
            self._change(lambda dialog: dialog.remove(row.id))
            self.app.notify("Row deleted. Press u to bring it back.", timeout=4, markup=False)

    def _change(self, verb: Callable[[Dialog], Dialog]) -> None:
        """Ask for a change of the dialog."""
        self.post_message(messages.ChangeSession(lambda session: session.with_dialog(verb(session.dialog))))

    def action_copy_row(self) -> None:
        """Copy the text."""
        if row := self.current_row:
            self.app.copy_to_clipboard(row.text)
            self.app.notify("Row copied.", timeout=2, markup=False)

    def action_leave_dialog(self) -> None:
        """Go back."""
        self.post_message(messages.LeavePane())
