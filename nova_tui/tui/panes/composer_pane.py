"""ComposerPane: where rows are written that go to the end of the dialog."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.events import Click, DescendantBlur, DescendantFocus
from textual.reactive import reactive
from textual.widget import Widget
from textual.widgets import TextArea

from nova_tui.domain.row import Role
from nova_tui.tui import messages
from nova_tui.tui.commands import Command, CommandHost, bindings_of
from nova_tui.tui.widgets.pane_frame import PaneFrame
from nova_tui.tui.widgets.row_editor import split_place
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
        return isinstance(host, ComposerPane) and host.session_id is not None and not host.read_only


class NextRole(ComposerCommand):
    """Write as the next of user, assistant and system."""

    id, keys, label = "composer.role", "ctrl+t", "role"


class SwitchHidden(ComposerCommand):
    """Make the new row a hidden one, or a visible one."""

    id, keys, label = "composer.hidden", "ctrl+o", "hidden"


class SplitRow(ComposerCommand):
    """Add what stands before the cursor as a row, and go on with the rest as the other speaker."""

    id, keys, label, footer = "composer.split", "ctrl+g", "split", False


class WriteOutside(ComposerCommand):
    """Go on writing in your own editor (VISUAL or EDITOR)."""

    id, keys, label, footer = "composer.outside", "f4", "$EDITOR", False


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

    INTENTIONS = (AddRow, NextRole, SwitchHidden, SplitRow, WriteOutside, LeaveComposer)
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
        self._cut: tuple[str, str] | None = None
        """What was in the box and what stays there, while a part of it is on its way to the store."""

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
        """Take note that the row is stored: the box keeps what was cut off at most; the other speaker is next."""
        whole, rest = self._cut or (text, "")
        if self._drafts.get(session_id, ("",))[0] == whole:
            self._drafts.pop(session_id)
            self.post_message(messages.DraftChanged(session_id, "", None))
        if session_id == self.session_id and self.box.text == whole:
            self.box.load_text(rest)
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
        waiting = " · draft" if self.box.text and not self.has_class("-focused") else ""
        self.set_titles(f"{self.role} ▾{waiting}", f"hidden {'●' if self.hidden else '○'}")

    def on_descendant_focus(self, event: DescendantFocus) -> None:
        """Show that the focus came in."""
        super().on_descendant_focus(event)
        self._show_switches()

    def on_descendant_blur(self, event: DescendantBlur) -> None:
        """Show that the focus went out, and that something waits here."""
        super().on_descendant_blur(event)
        self._show_switches()

    @on(TextArea.Changed)
    def _text_changed(self, event: TextArea.Changed) -> None:
        """Keep the draft in step."""
        event.stop()
        self.keep_draft()
        if not self.has_class("-focused"):
            self._show_switches()

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
        self._add(self.box.text, None)

    def _add(self, text: str, cut: tuple[str, str] | None) -> None:
        """Ask once."""
        if not self.adding and self.session_id is not None:
            self.adding, self._cut = True, cut
            self.post_message(messages.AddRow(self.session_id, self.role, text, self.hidden))

    def action_split_row(self) -> None:
        """Add what stands before the cursor, keep the rest."""
        if (at := split_place(self.box)) is None:
            self.app.notify("Put the cursor where the next row is to begin.", timeout=4, markup=False)
        else:
            text = self.box.text
            self._add(text[:at].rstrip("\n"), (text, text[at:].lstrip("\n")))

    def action_write_outside(self) -> None:
        """Lend the terminal to the person's editor."""
        from nova_tui.tui.widgets.outside_editor import edit_outside  # noqa: PLC0415  not at the start

        edit_outside(self.box, "row")

    def action_next_role(self) -> None:
        """Turn to the next role."""
        self.role = self.role.next()

    def action_switch_hidden(self) -> None:
        """Turn the hidden switch."""
        self.hidden = not self.hidden

    def action_leave_composer(self) -> None:
        """Go back."""
        self.post_message(messages.LeavePane())
