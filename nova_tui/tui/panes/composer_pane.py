"""ComposerPane: where rows are written that go to the end of the dialog."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.events import Click
from textual.reactive import reactive
from textual.widget import Widget
from textual.widgets import TextArea

from nova_tui.domain.row import Role
from nova_tui.tui import messages
from nova_tui.tui.commands import Command, CommandHost, bindings_of
from nova_tui.tui.widgets.pane_frame import PaneFrame
from nova_tui.tui.widgets.text_box import TextBox


class ComposerCommand(Command):
    """Something to do while writing a row."""

    group = "Writing a row"
    footer = True
    priority = True


class AddRow(ComposerCommand):
    """Add what is written to the end of the dialog."""

    id, keys, label = "composer.add", "ctrl+s", "add row"

    @classmethod
    def available(cls, host: Widget) -> bool:
        """There must be a session to add to."""
        return isinstance(host, ComposerPane) and host.session_id is not None


class NextRole(ComposerCommand):
    """Write as the next of user, assistant and system."""

    id, keys, label = "composer.role", "ctrl+t", "role"


class SwitchHidden(ComposerCommand):
    """Make the new row a hidden one, or a visible one."""

    id, keys, label = "composer.hidden", "ctrl+o", "hidden"


class LeaveComposer(ComposerCommand):
    """Go back to the dialog; what is written stays as a draft."""

    id, keys, label = "composer.leave", "escape", "leave"


class ComposerPane(PaneFrame, CommandHost):
    """Writes rows: a role, whether the row is hidden, and the text; each session has a draft of its own."""

    DEFAULT_CSS: ClassVar[str] = """
    ComposerPane {
        height: auto; max-height: 12; padding: 0 1;
        & TextBox { height: auto; min-height: 1; max-height: 10; }
    }
    """

    INTENTIONS = (AddRow, NextRole, SwitchHidden, LeaveComposer)
    BINDINGS = bindings_of(*INTENTIONS)

    role: reactive[Role] = reactive(Role.USER)
    """Who speaks in the new row."""
    hidden: reactive[bool] = reactive(False)
    """Whether the new row is hidden."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.session_id: str | None = None
        self.read_only = False
        self.adding = False
        """Whether a row is on its way to the store, so that a second key press does not add it twice."""
        self._drafts: dict[str, tuple[str, Role, bool]] = {}

    def compose(self) -> ComposeResult:
        """Hold one text box."""
        yield TextBox(placeholder="Write a row…")

    @property
    def box(self) -> TextBox:
        """The text box."""
        return self.query_one(TextBox)

    def forbid_writing(self) -> None:
        """Take no text: the store is open for reading only."""
        self.read_only = self.box.disabled = True
        self.box.placeholder = "The store is open for reading only."

    # -- which session ------------------------------------------------------------------------------------------------

    def write_for(self, session_id: str | None, last_role: Role | None) -> None:
        """Turn to a session; its draft comes back, else an empty box with the role that speaks next."""
        if session_id == self.session_id:
            return
        self.keep_draft()
        self.session_id = session_id
        fresh = ("", last_role.other_speaker() if last_role else Role.USER, False)
        text, role, hidden = self._drafts.get(session_id or "", fresh)
        self.role, self.hidden = role, hidden
        if text != self.box.text:
            self.box.load_text(text)
        self.box.disabled = session_id is None or self.read_only
        self.refresh_bindings()

    def keep_draft(self) -> None:
        """Keep what is written for when its session comes back."""
        if self.session_id is None:
            return
        known = self._drafts.get(self.session_id, ("",))[0]
        if self.box.text:
            self._drafts[self.session_id] = (self.box.text, self.role, self.hidden)
        else:
            self._drafts.pop(self.session_id, None)
        if self.box.text != known:
            self.post_message(messages.DraftChanged(self.session_id, "", self.box.text or None))

    def put_draft(self, session_id: str, text: str) -> None:
        """Take a draft of an earlier run; what is being written has precedence."""
        if session_id in self._drafts:
            return
        self._drafts[session_id] = (text, self.role, False)
        if session_id == self.session_id:
            self.box.load_text(text)

    def take_over(self, role: Role, text: str) -> None:
        """Take text that lost its row, behind what is written already."""
        self.role = role
        self.box.replace_all(f"{self.box.text}\n\n{text}" if self.box.text else text)
        self.box.move_cursor(self.box.document.end)
        self.box.focus()

    def row_added(self, session_id: str, text: str) -> None:
        """Take note that the row is stored: the box is emptied and the other speaker is next."""
        if self._drafts.get(session_id, ("",))[0] == text:
            self._drafts.pop(session_id)
            self.post_message(messages.DraftChanged(session_id, "", None))
        if session_id == self.session_id and self.box.text == text:
            self.box.load_text("")
            self.role, self.hidden = self.role.other_speaker(), False

    # -- showing ------------------------------------------------------------------------------------------------------

    def on_mount(self) -> None:
        """Show role and switch."""
        self._show_switches()

    def watch_role(self) -> None:
        """Show the role."""
        self._show_switches()

    def watch_hidden(self) -> None:
        """Show the switch."""
        self._show_switches()

    def _show_switches(self) -> None:
        """Name role and switch in the frame."""
        self.set_titles(f"{self.role} ▾", f"hidden {'●' if self.hidden else '○'}")

    @on(TextArea.Changed)
    def _text_changed(self, event: TextArea.Changed) -> None:
        """Keep the draft in step."""
        event.stop()
        self.keep_draft()

    def on_click(self, event: Click) -> None:
        """Turn the switches in the frame with the mouse."""
        if event.screen_y != self.region.y:
            return
        if event.screen_x < self.region.x + len(self.role) + 6:
            self.action_next_role()
        elif event.screen_x > self.region.right - 14:
            self.action_switch_hidden()

    # -- commands -----------------------------------------------------------------------------------------------------

    def action_add_row(self) -> None:
        """Ask for the row to be stored."""
        if self.session_id is None:
            return
        if not self.box.text.strip():
            self.app.notify("There is nothing to add yet: write a row first.", severity="warning", markup=False)
            return
        if not self.adding:
            self.adding = True
            self.post_message(messages.AddRow(self.session_id, self.role, self.box.text, self.hidden))

    def action_next_role(self) -> None:
        """Turn to the next role."""
        self.role = self.role.next()

    def action_switch_hidden(self) -> None:
        """Turn the hidden switch."""
        self.hidden = not self.hidden

    def action_leave_composer(self) -> None:
        """Go back."""
        self.post_message(messages.LeavePane())
