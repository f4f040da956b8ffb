"""ReplaceScreen: find and replace, every hit shown before and after while it is typed; each is taken or left."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Input, Label, Static

from nova_tui.domain.errors import PatternError
from nova_tui.domain.safe_text import clean_line
from nova_tui.services.replacing import Wanted
from nova_tui.tui.commands import Command, CommandHost, bindings_of
from nova_tui.tui.screens.hit_finder import MOST, Found, HitFinder, Place, Scope
from nova_tui.tui.type_ahead import release_keys
from nova_tui.tui.widgets.cells import shown, shown_line
from nova_tui.tui.widgets.footer_line import FooterLine
from nova_tui.tui.widgets.line_list import LineList, Part

PAUSE = 0.15
"""Seconds without a key before it is looked for."""


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed and chosen; it is there again the next time."""

    find: str = ""
    text: str = ""
    regex: bool = False
    match_case: bool = False


class ReplaceCommand(Command):
    """Something to do while finding and replacing."""

    group = "Find and replace"
    footer = True
    priority = True

    @classmethod
    def available(cls, host: Widget) -> bool:
        """Possible at any time."""
        return isinstance(host, ReplaceScreen)


class ApplyReplacing(ReplaceCommand):
    """Replace all hits that are taken, as one step of undo."""

    id, keys, label = "replace.apply", "enter", "replace"

    @classmethod
    def available(cls, host: Widget) -> bool:
        """Need a hit that is taken."""
        return isinstance(host, ReplaceScreen) and host.count > 0


class TurnRegex(ReplaceCommand):
    r"""Read what is typed as a regular expression; `\1` stands for a group in the new text."""

    id, keys, label = "replace.regex", "f2", "regex"


class TurnCase(ReplaceCommand):
    """Tell capital letters from small ones, or do not."""

    id, keys, label = "replace.case", "f3", "case"


class NextScope(ReplaceCommand):
    """Look somewhere else: in marked rows, the dialog, marked sessions, all sessions."""

    id, keys, label = "replace.scope", "f4", "where"

    @classmethod
    def available(cls, host: Widget) -> bool:
        """Need more places than one."""
        return isinstance(host, ReplaceScreen) and host.scopes > 1


class TakeHit(ReplaceCommand):
    """Take the hit under the cursor, or leave it as it is."""

    id, keys, label, priority = "replace.take", "space", "take, leave", False

    @classmethod
    def available(cls, host: Widget) -> bool:
        """Need the focus in the list."""
        return isinstance(host, ReplaceScreen) and host.is_mounted and host.lines.has_focus and host.lines.count > 0


class TakeAllHits(TakeHit):
    """Take all hits, or leave all."""

    id, keys, label = "replace.take_all", "ctrl+a", "all, none"


class LeaveReplacing(ReplaceCommand):
    """Go back; what was typed is there again the next time."""

    id, keys, label = "replace.leave", "escape", "back"


class ReplaceScreen(ModalScreen[Sequence[Place] | None], CommandHost):
    """Answers with the hits to replace, or None."""

    DEFAULT_CSS: ClassVar[str] = """
    ReplaceScreen {
        align: center middle;
        & > Vertical {
            width: 108; max-width: 98%; height: 92%; padding: 0 1;
            border: round $accent; border-title-color: $foreground; border-title-style: bold;
            border-subtitle-color: $row-muted; background: $background;
        }
        & Horizontal { height: 1; }
        & Label { width: 9; color: $row-muted; }
        & Input { width: 1fr; border: none; height: 1; padding: 0; background: $background; }
        & Input:focus { border: none; background: $boost; background-tint: 0%; }
        & #state { color: $row-muted; margin-bottom: 1; text-wrap: nowrap; text-overflow: ellipsis; }
        & FooterLine { padding: 0; margin-top: 1; }
    }
    """
    INTENTIONS = (ApplyReplacing, TakeHit, TakeAllHits, TurnRegex, TurnCase, NextScope, LeaveReplacing)
    BINDINGS = [
        *bindings_of(*INTENTIONS),
        Binding("down", "to_list", "to the hits", show=False, id="replace.down"),
    ]

    def __init__(self, finder: HitFinder, scopes: Sequence[Scope], typed: Typed) -> None:
        """Look in the first scope at first."""
        super().__init__()
        self._finder, self._scopes, self.typed = finder, scopes, typed
        self._scope = 0
        self._found = Found(running=False)
        self._problem = ""
        self._left: set[int] = set()

    def compose(self) -> ComposeResult:
        """Two lines to type, what is looked for, the hits, the keys."""
        with Vertical() as box:
            box.border_title = Content("Find and replace")
            with Horizontal():
                yield Label("Find")
                yield Input(self.typed.find, compact=True, select_on_focus=True, id="find")
            with Horizontal():
                yield Label("Replace")
                yield Input(self.typed.text, placeholder="nothing: hits are taken out", compact=True, id="text")
            yield Static(id="state")
            yield LineList(each=3)
            yield FooterLine()

    def on_mount(self) -> None:
        """Begin with what was typed the last time."""
        self.query_one("#find", Input).focus()
        self._look()
        release_keys(self)

    def on_unmount(self) -> None:
        """End what runs."""
        self._finder.close()

    @property
    def lines(self) -> LineList:
        """The hits."""
        return self.query_one(LineList)

    @property
    def scope(self) -> Scope:
        """Where it is looked."""
        return self._scopes[self._scope]

    @property
    def scopes(self) -> int:
        """How many places there are to look in."""
        return len(self._scopes)

    @property
    def count(self) -> int:
        """How many hits are taken; 0 while it is looked for them."""
        return 0 if self._found.running else len(self._found.places) - len(self._left)

    # -- looking ------------------------------------------------------------------------------------------------------

    @on(Input.Changed)
    def _changed(self, event: Input.Changed) -> None:
        """Look again."""
        event.stop()
        if event.input.id == "find":
            self.typed = replace(self.typed, find=event.value)
        else:
            self.typed = replace(self.typed, text=event.value)
        self._look()

    @work(exclusive=True, group="look")
    async def _look(self) -> None:
        """Look for what is typed once the typing pauses."""
        self._finder.end()
        self._found, self._problem = Found(running=bool(self.typed.find)), ""
        self._tell()
        await asyncio.sleep(PAUSE)
        self._left.clear()
        if not self.typed.find:
            self._show(Found(running=False))
            return
        typed = self.typed
        wanted = Wanted(typed.find, typed.text, regex=typed.regex, ignore_case=not typed.match_case)
        try:
            found = await self._finder.find(wanted, self.scope, self._show)
        except PatternError as error:
            self._problem, found = str(error), Found(running=False)
        if found is not None:
            self._show(found)

    def _show(self, found: Found) -> None:
        """Show what was found so far."""
        if not self.is_mounted:
            return
        self._found = found
        self.lines.show(len(found.places), self._lay, self.lines.cursor if found.places else 0)
        self._tell()

    def _tell(self) -> None:
        """Say how it is looked for, where, and how many hits there are."""
        found, typed = self._found, self.typed
        how = "regular expression" if typed.regex else "plain text"
        case = "capitals matter" if typed.match_case else "capitals alike"
        state = Content(f"{how} · {case} · in {clean_line(self.scope.words, 60)}")
        if self._problem:
            state = Content(clean_line(self._problem, 300)).stylize("$text-error")
        self.query_one("#state", Static).update(state)
        places = len(found.places)
        hits = f"{MOST:,} hits and more; these first" if found.more else f"{places:,} hit{'' if places == 1 else 's'}"
        if found.running and found.total > 1:
            hits = f"{hits} so far, in {found.done:,} of {found.total:,} sessions"
        elif found.running:
            hits = "looking…"
        elif self._left:
            hits = f"{self.count:,} of {hits} taken"
        self.query_one(Vertical).border_subtitle = Content(hits if typed.find else "")
        self.refresh_bindings()

    def _lay(self, index: int, width: int) -> Sequence[Sequence[Part]]:
        """Return the lines of a hit: where it is, what stands there, what shall stand there."""
        place = self._found.places[index]
        taken = index not in self._left
        title = f" · {shown_line(place.title, 60)}" if len(self.scope.session_ids) > 1 else ""
        sign = ("● ", "accent") if taken else ("○ ", "quiet")
        head = f"row {place.number:,} · {place.role}{title}"
        side = max(4, (width - 4) // 3)
        before, after = _on_one_line(place.before)[-side:], _on_one_line(place.after)[:width]
        old, new = _on_one_line(place.hit.found[:400])[: 2 * side], _on_one_line(place.hit.text[:400])[: 2 * side]
        plain = "text" if taken else "quiet"
        was = [("  - ", "bad" if taken else "quiet"), (before, plain), (old, "bad" if taken else "quiet")]
        will = [("  + ", "good" if taken else "quiet"), (before, plain), (new, "good" if taken else "quiet")]
        return [[sign, (head, "quiet")], [*was, (after, plain)], [*will, (after, plain)] if taken else []]

    # -- commands -----------------------------------------------------------------------------------------------------

    @on(LineList.Moved)
    def _moved(self, event: LineList.Moved) -> None:
        """Keep it here."""
        event.stop()

    @on(LineList.Chosen)
    @on(Input.Submitted)
    def _submitted(self, event: LineList.Chosen | Input.Submitted) -> None:
        """Replace."""
        event.stop()
        self.action_apply_replacing()

    def action_to_list(self) -> None:
        """Go to the hits."""
        self.lines.focus()

    def action_take_hit(self) -> None:
        """Take or leave the hit under the cursor, and go to the next."""
        self._left ^= {self.lines.cursor}
        self.lines.lay_anew()
        self.lines.action_move(1)
        self._tell()

    def action_take_all_hits(self) -> None:
        """Leave all when all are taken, else take all."""
        self._left = set() if self._left else set(range(self.lines.count))
        self.lines.lay_anew()
        self._tell()

    def action_turn_regex(self) -> None:
        """Look with or without regular expressions."""
        self.typed = replace(self.typed, regex=not self.typed.regex)
        self._look()

    def action_turn_case(self) -> None:
        """Look with or without capitals."""
        self.typed = replace(self.typed, match_case=not self.typed.match_case)
        self._look()

    def action_next_scope(self) -> None:
        """Look in the next place."""
        self._scope = (self._scope + 1) % len(self._scopes)
        self._look()

    def action_apply_replacing(self) -> None:
        """Answer with the hits that are taken."""
        if self.count:
            self.dismiss([place for index, place in enumerate(self._found.places) if index not in self._left])

    def action_leave_replacing(self) -> None:
        """Go back: from the hits to the line, from the line out."""
        if self.lines.has_focus:
            self.query_one("#find", Input).focus()
        else:
            self.dismiss(None)


def _on_one_line(text: str) -> str:
    """Return a piece of a text safe to show on one line, its blanks kept."""
    return shown(text).replace("\n", "⏎").expandtabs(1)
