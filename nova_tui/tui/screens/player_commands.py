"""The commands of the player."""

from __future__ import annotations

from textual.widget import Widget

from nova_tui.tui.commands import Command
from nova_tui.tui.screens.main_commands import ChangeTheme, Help, Palette


class PlayerCommand(Command):
    """Something to do with a performance."""

    group = "Player"

    @classmethod
    def available(cls, host: Widget) -> bool:
        """Not while any key types."""
        return not getattr(host, "typing", False)


class Pause(PlayerCommand):
    """Pause, or go on; at the end, begin again."""

    id, keys, label, footer = "player.pause", "space,f5", "pause", True


class NextOnStage(PlayerCommand):
    """Finish the row that is under way, else begin the next."""

    id, keys, label, footer = "player.next", "right,pagedown,enter", "next", True


class BackOnStage(PlayerCommand):
    """Begin the row again, twice the one before; while paused take the last row away."""

    id, keys, label, footer = "player.back", "left,pageup", "back", True


class NextUserRow(PlayerCommand):
    """Go to the next row of the user."""

    id, keys, label = "player.next_user", "down", "next user row"


class PreviousUserRow(PlayerCommand):
    """Go to the previous row of the user."""

    id, keys, label = "player.previous_user", "up", "previous user row"


class ScrollDown(PlayerCommand):
    """Show what is further down in the dialog; the performance rests, and going on leads back."""

    id, keys, label = "player.scroll_down", "j,ctrl+d", "scroll down"


class ScrollUp(PlayerCommand):
    """Show what is further up in the dialog; the performance rests, and going on leads back."""

    id, keys, label = "player.scroll_up", "k,ctrl+u", "scroll up"


class Slower(PlayerCommand):
    """Play slower."""

    id, keys, label, key_display = "player.slower", "minus", "slower", "-"


class Faster(PlayerCommand):
    """Play faster."""

    id, keys, label, key_display = "player.faster", "plus", "faster", "+"


class NormalSpeed(PlayerCommand):
    """Play at the speed it was written for."""

    id, keys, label, key_display = "player.normal", "equals_sign,0", "normal speed", "="


class NextChapter(PlayerCommand):
    """Go to the next chapter."""

    id, keys, label, key_display = "player.next_chapter", "right_square_bracket", "next chapter", "]"


class PreviousChapter(PlayerCommand):
    """Go to the previous chapter."""

    id, keys, label, key_display = "player.previous_chapter", "left_square_bracket", "previous chapter", "["


class FromStart(PlayerCommand):
    """Go to the beginning."""

    id, keys, label = "player.start", "home", "beginning"


class ToEnd(PlayerCommand):
    """Go to the end."""

    id, keys, label = "player.end", "end", "end"


class Instant(PlayerCommand):
    """Show rows whole, or type and stream them again."""

    id, keys, label, footer = "player.instant", "n", "instant", True


class Step(PlayerCommand):
    """Stop after each row, or play on by itself."""

    id, keys, label = "player.step", "s", "step"


class Presenter(PlayerCommand):
    """Type the user's rows yourself: any key types the right text, Enter sends, Esc ends it."""

    id, keys, label = "player.type", "t", "type"


class Blank(PlayerCommand):
    """Blank the screen, or show it again."""

    id, keys, label = "player.blank", "b,full_stop", "blank"


class Notes(PlayerCommand):
    """Show the speaker's notes, or put them away."""

    id, keys, label = "player.notes", "o", "notes"


class Status(PlayerCommand):
    """Show the status line, or put it away."""

    id, keys, label = "player.status", "i", "status"


class EditOnStage(PlayerCommand):
    """Edit the row on stage and come back to the same moment."""

    id, keys, label, footer = "player.edit", "e", "edit", True

    @classmethod
    def available(cls, host: Widget) -> bool:
        """Need a store that may be changed, and a row."""
        return super().available(host) and bool(getattr(host, "can_edit", False))


class RecordPerformance(PlayerCommand):
    """Make a recording of this: a cast, a GIF, a page, a picture."""

    id, keys, label = "player.record", "r,f6", "record"

    @classmethod
    def available(cls, host: Widget) -> bool:
        """Not while an audience looks on."""
        return super().available(host) and bool(getattr(host, "can_record", False))


class LeavePlayer(PlayerCommand):
    """Leave the performance."""

    id, keys, label, footer = "player.leave", "q,escape", "leave", True


COMMANDS: tuple[type[Command], ...] = (
    Pause, NextOnStage, BackOnStage, NextUserRow, PreviousUserRow, ScrollDown, ScrollUp, Slower, Faster, NormalSpeed,
    NextChapter, PreviousChapter, FromStart, ToEnd, Instant, Step, Presenter, Blank, Notes, Status, EditOnStage,
    RecordPerformance, LeavePlayer,
    Help, Palette, ChangeTheme,
)  # fmt: skip
"""All of them, as help and footer list them."""
