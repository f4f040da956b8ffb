"""RowEditor: a row open for typing: its role and switches on the label's line, under it the text box."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from textual.app import ComposeResult, RenderResult
from textual.content import Content
from textual.events import Click
from textual.message import Message
from textual.reactive import reactive
from textual.style import Style
from textual.widget import Widget
from textual.widgets import TextArea

from nova_tui.domain.row import Role, Row
from nova_tui.tui.commands import Command, CommandHost, bindings_of
from nova_tui.tui.widgets.dialog_painter import BARS, GUTTER
from nova_tui.tui.widgets.text_box import TextBox

TURN = "turn"
"""What a style's meta calls the action of a click."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a new row goes: below or above a row, or at the end of a dialog."""

    anchor: str | None
    below: bool

    @property
    def key(self) -> str:
        """The name under which its draft is kept; no row has such an id."""
        return f"{'below' if self.below else 'above'}:{self.anchor or ''}"


class EditorCommand(Command):
    """Something to do while a row's text is open."""

    group = "Editing a row"
    footer = True
    priority = True


class KeepText(EditorCommand):
    """Put text, role and switches into the row, as one change."""

    id, keys, label = "editor.keep", "ctrl+s", "keep"


class LeaveText(EditorCommand):
    """Leave the row as it was; what was typed stays as a draft that comes back."""

    id, keys, label = "editor.leave", "escape", "leave"


class NextRole(EditorCommand):
    """Give the row the next of user, assistant and system."""

    id, keys, label = "editor.role", "ctrl+t", "role"


class SwitchHidden(EditorCommand):
    """Hide the row when reading and playing, or show it."""

    id, keys, label = "editor.hidden", "ctrl+o", "hidden"


class SwitchExcluded(EditorCommand):
    """Leave the row out of data set exports, or take it in."""

    id, keys, label, footer = "editor.excluded", "ctrl+l", "excluded", False


class SplitText(EditorCommand):
    """Keep the row as two, cut at the cursor."""

    id, keys, label, footer = "editor.split", "ctrl+g", "split", False


class EditOutside(EditorCommand):
    """Go on typing in your own editor (VISUAL or EDITOR)."""

    id, keys, label, footer = "editor.outside", "f4", "$EDITOR", False


class EditorLabel(Widget):
    """The line over the text: role and switches, each to be clicked."""

    DEFAULT_CSS: ClassVar[str] = """
    EditorLabel { height: 1; width: 1fr; background: $surface; color: $row-muted; }
    """

    def __init__(self, editor: RowEditor) -> None:
        super().__init__()
        self._editor = editor

    def render(self) -> RenderResult:
        """Show them."""
        editor = self._editor
        parts = [
            Content.styled(f"{editor.role} ▾", f"bold $role-{editor.role}").stylize(_click("next_role")),
            Content(f"hidden {_sign(editor.hidden)}").stylize(_click("switch_hidden")),
            Content(f"excluded {_sign(editor.excluded)}").stylize(_click("switch_excluded")),
        ]
        left = Content("   ").join(parts)
        room = self.size.width - left.cell_length
        note = editor.note if len(editor.note) + 2 <= room else ""
        return Content.assemble(left, " " * (room - len(note)), note)

    def on_click(self, event: Click) -> None:
        """Turn what was clicked."""
        action = event.style.meta.get(TURN)
        if action is not None:
            getattr(self._editor, f"action_{action}")()


def _click(action: str) -> Style:
    """Return what a click does."""
    return Style.from_meta({TURN: action})


def _sign(on: bool) -> str:
    """Return the sign of a switch."""
    return "●" if on else "○"


class RowEditor(CommandHost):
    """Lies exactly over a row; what is typed and turned is kept with one key."""

    DEFAULT_CSS: ClassVar[str] = """
    RowEditor {
        layer: overlay; position: absolute; height: 3; layout: vertical; background: $background;
        & TextBox { width: 1fr; height: 1fr; background: $surface; }
        & TextBox .text-area--cursor-line { background: $surface; }
    }
    """

    INTENTIONS = (KeepText, LeaveText, NextRole, SwitchHidden, SwitchExcluded, SplitText, EditOutside)
    BINDINGS = bindings_of(*INTENTIONS)

    role: reactive[Role] = reactive(Role.USER, init=False)
    """Who speaks."""
    hidden: reactive[bool] = reactive(False, init=False)
    """Whether the row is hidden."""
    excluded: reactive[bool] = reactive(False, init=False)
    """Whether data set exports leave the row out."""

    class Kept(Message):
        """The person wants the row as it is typed, cut in two at a character where `split_at` is one."""

        def __init__(self, split_at: int | None = None) -> None:
            super().__init__()
            self.split_at = split_at

    class Left(Message):
        """The person leaves; the text may differ from the row's."""

    class Turned(Message):
        """Role or a switch is another now."""

    def __init__(self, row: Row, place: Place | None = None, draft: Row | None = None) -> None:
        """Open a row, or a new one at a place; a draft of it goes on where it was left."""
        super().__init__()
        self.row, self.place = row, place
        begun = draft or row
        self.box = TextBox(begun.text)
        self._unread = row.text if begun.text == row.text else None
        self._began = self.box.text
        self.note = "draft" if draft is not None else "new row" if place is not None else ""
        self.set_reactive(RowEditor.role, begun.role)
        self.set_reactive(RowEditor.hidden, begun.hidden)
        self.set_reactive(RowEditor.excluded, begun.excluded)
        self.label = EditorLabel(self)
        self.label.styles.margin = self.box.styles.margin = (0, 0, 0, GUTTER)

    def compose(self) -> ComposeResult:
        """Label over text."""
        yield self.label
        yield self.box

    def render(self) -> RenderResult:
        """Show the bar of the role, left of label and text."""
        bar = Content.styled(f" {BARS[self.role]} ", "$row-muted" if self.hidden else f"$role-{self.role}")
        return Content("\n").join([bar] * max(1, self.size.height))

    @property
    def key(self) -> str:
        """The name under which the draft is kept."""
        return self.row.id if self.place is None else self.place.key

    @property
    def text(self) -> str:
        """What is typed; a text that was not touched is the row's own, whatever its line ends."""
        if self._unread is not None and self.box.text == self._began:
            return self._unread
        return self.box.text

    @property
    def edited(self) -> Row:
        """The row as it is to be kept."""
        row = self.row.with_text(self.text).with_hidden(self.hidden).with_excluded(self.excluded)
        return row if row.role is self.role else row.with_role(self.role)

    @property
    def differs(self) -> bool:
        """Whether there is something that would be lost."""
        return bool(self.text) if self.place is not None else self.edited != self.row

    # -- showing -------------------------------------------------------------------------------------------------------

    def watch_role(self) -> None:
        """Show the role."""
        self._turned()

    def watch_hidden(self) -> None:
        """Show the switch."""
        self._turned()

    def watch_excluded(self) -> None:
        """Show the switch."""
        self._turned()

    def _turned(self) -> None:
        """Show what was turned and say so."""
        self.label.refresh()
        self.post_message(self.Turned())

    # -- commands ------------------------------------------------------------------------------------------------------

    def action_keep_text(self) -> None:
        """Keep."""
        self.post_message(self.Kept())

    def action_leave_text(self) -> None:
        """Leave."""
        self.post_message(self.Left())

    def action_next_role(self) -> None:
        """Turn to the next role."""
        self.role = self.role.next()

    def action_switch_hidden(self) -> None:
        """Turn the hidden switch."""
        self.hidden = not self.hidden

    def action_switch_excluded(self) -> None:
        """Turn the excluded switch."""
        self.excluded = not self.excluded

    def action_split_text(self) -> None:
        """Keep the row as two, where there is text on both sides."""
        if (at := split_place(self.box)) is None:
            self.app.notify("Put the cursor where the second row is to begin.", timeout=4, markup=False)
        else:
            self.post_message(self.Kept(at))

    def action_edit_outside(self) -> None:
        """Lend the terminal to the person's editor."""
        from nova_tui.tui.widgets.outside_editor import edit_outside  # noqa: PLC0415  not at the start

        edit_outside(self.box, "row")


def split_place(box: TextArea) -> int | None:
    """Return before which character the cursor cuts a text; None where one part would be empty."""
    at = len(box.get_text_range((0, 0), box.cursor_location))
    return at if box.text[:at].strip() and box.text[at:].strip() else None
