"""RowEditing: a pane in which a row of a dialog is edited in a text box that lies exactly over it."""

from __future__ import annotations

from textual import on
from textual.events import Resize
from textual.widgets import TextArea

from nova_tui.domain.outline import SessionOutline
from nova_tui.domain.row import Row
from nova_tui.tui import messages
from nova_tui.tui.type_ahead import hold_keys, release_keys
from nova_tui.tui.widgets.dialog_view import DialogView
from nova_tui.tui.widgets.empty_state import EmptyState
from nova_tui.tui.widgets.pane_frame import PaneFrame
from nova_tui.tui.widgets.row_editor import RowEditor


class RowEditing(PaneFrame):
    """A dialog view, and at most one of its rows open; what is typed and not kept stays as a draft."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.session: SessionOutline | None = None
        """What is shown."""
        self.read_only = False
        """Whether rows may not be changed."""
        self.editor: RowEditor | None = None
        """The text box, where a row is open."""
        self._edited: Row | None = None
        self._drafts: dict[tuple[str, str], str] = {}

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
        return self.view.current_row if self.session is not None else None

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
            self.close_editor(keep_draft=False)
            return
        self.post_message(messages.EditRow(self.session.id, self._edited.id, self._edited.text, event.text))

    @on(RowEditor.Left)
    def _text_left(self, event: RowEditor.Left) -> None:
        """Close the editor, keep what was typed."""
        event.stop()
        differs = self._edited is not None and event.text != self._edited.text
        self.close_editor(keep_draft=True)
        if differs:
            self.app.notify("Your text is kept as a draft; edit the row again to go on.", markup=False)

    def row_edited(self, session_id: str, row_id: str) -> None:
        """Take note that a text is stored: its draft is done with and its editor closed."""
        self._drop_draft(session_id, row_id)
        if self._edited is not None and self._edited.id == row_id:
            self.close_editor(keep_draft=False)

    def give_up_edit(self) -> None:
        """Close the editor; its text is not wanted any more."""
        self.close_editor(keep_draft=False)

    def close_editor(self, *, keep_draft: bool) -> None:
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

    def reopen_editor(self) -> None:
        """Keep an open editor on its row after the dialog changed around it."""
        if self._edited is None or self.session is None:
            return
        if self.session.rows.positions.get(self._edited.id) is not None:
            self._fit_editor()
        else:
            text, role = self.editor.text if self.editor else self._edited.text, self._edited.role
            self.close_editor(keep_draft=False)
            self.post_message(messages.RowLost(self.session.id, role, text))
