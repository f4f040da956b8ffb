"""RowEditing: a pane in which a row of a dialog, or a new one, is edited in a text box that lies exactly over it."""

from __future__ import annotations

from textual import on
from textual.events import Resize
from textual.widgets import TextArea

from nova_tui.domain.outline import SessionOutline
from nova_tui.domain.row import Role, Row
from nova_tui.services import row_verbs
from nova_tui.services.row_verbs import Rearranged
from nova_tui.tui import messages
from nova_tui.tui.panes.row_drafts import RowDrafts
from nova_tui.tui.type_ahead import hold_keys, release_keys
from nova_tui.tui.widgets.dialog_painter import GUTTER
from nova_tui.tui.widgets.dialog_rows import DialogRows
from nova_tui.tui.widgets.dialog_view import DialogView
from nova_tui.tui.widgets.empty_state import EmptyState
from nova_tui.tui.widgets.pane_frame import PaneFrame
from nova_tui.tui.widgets.row_editor import Place, RowEditor
from nova_tui.tui.widgets.text_box import TextBox, is_too_large


class RowEditing(PaneFrame):
    """A dialog view, and at most one of its rows open; what is typed and not kept stays as a draft."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.session: SessionOutline | None = None
        """What is shown."""
        self.read_only = False
        """Whether rows may not be changed."""
        self.trashed = False
        """Whether what is shown is in the trash."""
        self.open_row: RowEditor | None = None
        """The row that is open."""
        self.drafts = RowDrafts()
        """What was typed and not kept, of all sessions."""

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
    def editor(self) -> TextBox | None:
        """The text box, where a row is open."""
        return self.open_row.box if self.open_row is not None else None

    @property
    def current_row(self) -> Row | None:
        """The row under the cursor."""
        return self.view.current_row if self.session is not None else None

    # -- opening -------------------------------------------------------------------------------------------------------

    @on(DialogView.EditRequested)
    def _edit_requested(self, event: DialogView.EditRequested) -> None:
        """Edit the row that was asked for."""
        event.stop()
        self.action_edit_row()

    def action_edit_row(self) -> None:
        """Open the row's text where it stands; a draft of it comes back."""
        row = self.current_row
        if row is None or self.session is None or self.open_row is not None or self.read_only:
            return
        draft = self.drafts.on(self.session.id, row.id, row)
        if row.function_calls and not row.text.strip() and draft is None:
            words = "This row is a tool call and has no text. Its parts are edited with i."
            self.app.notify(words, timeout=5, markup=False)
            return
        if draft is None and is_too_large(row.text):
            words = f"This row has {len(row.text):,} characters, too many to type here. E opens it in your own editor."
            self.app.notify(words, timeout=6, markup=False)
            return
        self._open(RowEditor(row, draft=draft))

    def action_insert_below(self) -> None:
        """Open a new row below the one under the cursor."""
        self._insert(below=True)

    def action_insert_above(self) -> None:
        """Open a new row above it."""
        self._insert(below=False)

    def _insert(self, *, below: bool) -> None:
        """Open a new row beside the one under the cursor; the other speaker is to say something."""
        if self.session is None or self.open_row is not None or self.read_only:
            return
        rows, anchor = self.session.rows, self.view.current_row_id
        if not len(rows):
            self.call_later(self.app.run_action, "screen.write_row")
            return
        position = len(rows) if anchor is None else rows.positions[anchor] + below
        role = rows.role(position - 1).other_speaker() if position else _first_role(rows.role(0))
        place = Place(anchor, below)
        row = Row("", role)
        draft = self.drafts.on(self.session.id, place.key, row)
        self.view.end_range()
        self.view.show(self.view.rows.with_row(position, row), keep=row.id, changed=(row.id,))
        self._open(RowEditor(row, place, draft))

    def with_open_row(self, rows: DialogRows) -> DialogRows:
        """Return the rows with the new one that is open, as long as it is not stored."""
        editor = self.open_row
        if editor is None or editor.place is None or rows.position(editor.row.id) is not None:
            return rows
        position = len(rows)
        if (anchor := editor.place.anchor) is not None:
            at = rows.position(anchor)
            if at is None:
                return rows
            position = at + editor.place.below
        return rows.with_row(position, editor.row)

    def _open(self, editor: RowEditor) -> None:
        """Put an editor over its row; keys wait until it has the focus."""
        hold_keys(self)
        self.open_row = editor
        self.mount(editor)
        self.call_after_refresh(self._editor_opened)

    def _editor_opened(self) -> None:
        """Give the editor its size and the focus."""
        if (editor := self.open_row) is not None:
            editor.box.move_cursor(editor.box.document.end)
            editor.box.focus()
            self._fit_editor()
            self.refresh_bindings()
        release_keys(self)

    # -- typing --------------------------------------------------------------------------------------------------------

    @on(TextArea.Changed)
    @on(RowEditor.Turned)
    def _text_changed(self, event: TextArea.Changed | RowEditor.Turned) -> None:
        """Grow with the text, and keep what was typed and turned as a draft."""
        event.stop()
        if self.open_row is not None and self.session is not None:
            self._keep_draft(self.session.id, self.open_row)
            self._fit_editor()

    def _keep_draft(self, session_id: str, editor: RowEditor) -> None:
        """Remember a row that differs from what is stored; its text outlives the program."""
        if not editor.differs:
            self.drop_draft(session_id, editor.key)
            return
        known, text = self.drafts.text(session_id, editor.key), editor.text
        self.drafts.put(session_id, editor.key, editor.row, editor.edited)
        if text != known and (known is not None or text != editor.row.text):
            self.post_message(messages.DraftChanged(session_id, editor.key, text))

    def drop_draft(self, session_id: str, key: str) -> str | None:
        """Forget a text that is kept, or not wanted any more; return it, None where there was none."""
        text = self.drafts.drop(session_id, key)
        if text is not None:
            self.post_message(messages.DraftChanged(session_id, key, None))
        return text

    def put_draft(self, session_id: str, row_id: str, text: str) -> None:
        """Take a draft of an earlier run; what is being typed has precedence."""
        self.drafts.put_text(session_id, row_id, text)
        self.show_drafts()

    def show_drafts(self) -> None:
        """Let the labels say which rows have drafts."""
        self.view.annotate(self.drafts.notes(self.session.id) if self.session is not None else {})

    def _fit_editor(self) -> None:
        """Make the editor as high as its text, and make that much room in the view."""
        if (editor := self.open_row) is None or not editor.box.is_mounted:
            return
        room = max(1, self.view.size.height - 3)
        height = min(max(1, editor.box.wrapped_document.height), room)
        editor.styles.height = height + 1
        self.view.reserve(editor.row.id, height + 2)
        self.view.scroll_row_visible(editor.row.id)
        self._place_editor()

    def _place_editor(self) -> None:
        """Put the editor over its row."""
        if (editor := self.open_row) is None:
            return
        region = self.view.row_region(editor.row.id)
        if region.width:
            # it stays displayed wherever the row is, since what is not displayed loses the focus
            editor.styles.width = GUTTER + self.view.text_width
            editor.styles.offset = (0, region.y)

    def on_resize(self, event: Resize) -> None:
        """Keep frame and editor in place."""
        super().on_resize(event)
        self.call_after_refresh(self._fit_editor)

    # -- keeping and leaving -------------------------------------------------------------------------------------------

    @on(RowEditor.Kept)
    def _row_kept(self, event: RowEditor.Kept) -> None:
        """Ask for the row to be stored; the editor stays open until it is."""
        event.stop()
        if (editor := self.open_row) is None or self.session is None:
            return
        row, place, at = editor.edited, editor.place, event.split_at
        if place is not None and not row.text.strip():
            self.app.notify("There is nothing to add yet: write a row first.", severity="warning", markup=False)
        elif place is None and at is None and row == editor.row:
            self.close_editor(keep_draft=False)
        elif place is None:
            hold_keys(self)
            self.post_message(messages.EditRow(self.session.id, editor.row, row, at))
        else:
            hold_keys(self)
            session_id = self.session.id

            def kept(_done: Rearranged) -> None:
                self.row_edited(session_id, place.key)

            verb = row_verbs.inserting(row, place.anchor, below=place.below, split_at=at)
            self.post_message(messages.ChangeRows(session_id, verb, kept))

    @on(RowEditor.Left)
    def _row_left(self, event: RowEditor.Left) -> None:
        """Close the editor, keep what was typed."""
        event.stop()
        if (editor := self.open_row) is None:
            return
        self.close_editor(keep_draft=True)
        if editor.differs:
            again = "edit the row again"
            if editor.place is not None:
                again = f"{'o' if editor.place.below else 'O'} on this row again"
            self.app.notify(f"Your text is kept as a draft; {again} to go on.", markup=False)

    def row_edited(self, session_id: str, key: str) -> None:
        """Take note that a row is stored: its draft is done with and its editor closed."""
        self.drop_draft(session_id, key)
        if self.open_row is not None and self.open_row.key == key:
            self.close_editor(keep_draft=False)
        self.show_drafts()

    def give_up_edit(self) -> None:
        """Close the editor; its text is stored elsewhere."""
        self.close_editor(keep_draft=False)

    def yield_edit(self) -> None:
        """Close the editor, for somebody else's text is wanted; what was typed goes to the clipboard."""
        if (editor := self.open_row) is not None:
            self.app.copy_to_clipboard(editor.text)
            self.app.notify("What you typed is in the clipboard.", markup=False)
        self.close_editor(keep_draft=False)

    def close_editor(self, *, keep_draft: bool) -> None:
        """Take the editor away, and a new row with it that was not stored."""
        if (editor := self.open_row) is None or self.session is None:
            return
        if keep_draft:
            self._keep_draft(self.session.id, editor)
        else:
            self.drop_draft(self.session.id, editor.key)
        self.open_row = None
        self.view.reserve(editor.row.id, None)
        if self.view.rows.added is not None and editor.place is not None:
            self.view.show(self.view.rows.after(self.session.rows, {}), keep=editor.place.anchor, changed=())
        self.show_drafts()
        if editor.box.has_focus:
            self.screen.set_focus(self.view if self.view.display else self.empty)
        # a frame may still be painted from a layout that holds the editor, so it goes only after the next one
        editor.display = False
        self.call_after_refresh(editor.remove)
        self.refresh_bindings()

    def reopen_editor(self) -> None:
        """Keep an open editor on its row after the dialog changed around it."""
        if (editor := self.open_row) is None or self.session is None:
            return
        if self.view.rows.position(editor.row.id) is not None:
            self._fit_editor()
        else:
            text = editor.text
            self.close_editor(keep_draft=False)
            self.post_message(messages.RowLost(self.session.id, editor.role, text))


def _first_role(before: Role) -> Role:
    """Return who speaks above all others: a system prompt, where the user begins."""
    return Role.SYSTEM if before is Role.USER else Role.USER
