"""CompareScreen: two sessions, or two states of one, side by side; rows are copied across."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from nova_tui.domain.safe_text import clean_line
from nova_tui.domain.session import Session
from nova_tui.services.alignment import Pair, aligned, copied_across, without_unmatched
from nova_tui.tui.commands import Command, CommandHost, bindings_of
from nova_tui.tui.screens.main_commands import Help, Palette, ProgramActions
from nova_tui.tui.type_ahead import release_keys
from nova_tui.tui.widgets.footer_line import FooterLine
from nova_tui.tui.widgets.heights import Heights
from nova_tui.tui.widgets.side_by_side import SideBySide, measured, numbered

Verb = Callable[[Session], Session]
Store = Callable[[Session, Verb, str], Awaitable[object]]
"""Changes a session in the store, as one step of undo; the text names it in the history."""


@dataclass(frozen=True, slots=True)
class Side:
    """One side: what it is called, its session, and whether rows can be copied into it."""

    title: str
    session: Session
    fixed: bool = False


class CompareCommand(Command):
    """Something to do with two sessions side by side."""

    group = "Compare"
    footer = True

    @classmethod
    def available(cls, host: Widget) -> bool:
        """Possible at any time."""
        return isinstance(host, CompareScreen)


class CopyRight(CompareCommand):
    """Make the right side like the left one here, or in all marked rows; undo takes it back."""

    id, keys, label = "compare.copy_right", "greater_than_sign,right", "copy right"
    key_display = "→"

    @classmethod
    def available(cls, host: Widget) -> bool:
        """Need a difference, and a side that may be changed."""
        return isinstance(host, CompareScreen) and host.can_copy(1)


class CopyLeft(CompareCommand):
    """Make the left side like the right one here, or in all marked rows; undo takes it back."""

    id, keys, label = "compare.copy_left", "less_than_sign,left", "copy left"
    key_display = "←"

    @classmethod
    def available(cls, host: Widget) -> bool:
        """Need a difference, and a side that may be changed."""
        return isinstance(host, CompareScreen) and host.can_copy(0)


class NextDifference(CompareCommand):
    """Go to the next rows that differ."""

    id, keys, label = "compare.next", "n,J,f3", "next difference"


class PreviousDifference(CompareCommand):
    """Go to the rows before that differ."""

    id, keys, label, footer = "compare.previous", "N,K,shift+f3", "previous difference", False


class MarkPair(CompareCommand):
    """Mark the rows; copying is then about all that are marked."""

    id, keys, label = "compare.mark", "space", "mark"


class MarkDifferences(CompareCommand):
    """Mark all rows that differ, or none."""

    id, keys, label, footer = "compare.mark_all", "ctrl+a", "mark all", False


class UndoCopying(CompareCommand):
    """Take back what was copied last."""

    id, keys, label = "compare.undo", "u,ctrl+z", "undo"

    @classmethod
    def available(cls, host: Widget) -> bool:
        """Need something that was copied."""
        return isinstance(host, CompareScreen) and bool(host.copied)


class LeaveCompare(CompareCommand):
    """Go back."""

    id, keys, label = "compare.leave", "escape,q", "back"


class CompareScreen(ProgramActions, CommandHost):
    """Shows both sides; each copy is stored at once."""

    DEFAULT_CSS: ClassVar[str] = """
    CompareScreen {
        background: $background;
        & Horizontal { height: 1; }
        & .side { width: 1fr; padding: 0 1; text-style: bold; text-wrap: nowrap; text-overflow: ellipsis; }
        & #count { height: 1; padding: 0 1; color: $row-muted; margin-bottom: 1; }
    }
    """
    INTENTIONS = (
        *(NextDifference, PreviousDifference, CopyRight, CopyLeft, MarkPair, MarkDifferences, UndoCopying),
        *(LeaveCompare, Help, Palette),
    )
    BINDINGS = bindings_of(*INTENTIONS)

    def __init__(
        self,
        left: Side,
        right: Side,
        store: Store,
        step_back: Callable[[str], Awaitable[None]],
        read: Callable[[str], Awaitable[Session]],
    ) -> None:
        """Compare two sides; `store` and `step_back` change a session, `read` reads it again."""
        super().__init__()
        self.sides = [left, right]
        """Left and right."""
        self._store, self._step_back, self._read = store, step_back, read
        self._marked: set[int] = set()
        self._shown = False
        self.copied: list[int] = []
        """The sides into which rows were copied, the last one last."""

    def compose(self) -> ComposeResult:
        """Titles over rows."""
        with Horizontal():
            for side in self.sides:
                yield Static(Content(clean_line(side.title, 100)), classes="side")
        yield Static(id="count")
        yield SideBySide()
        yield FooterLine()

    def on_mount(self) -> None:
        """Begin at the first difference."""
        self.rows.focus()
        self._align()
        release_keys(self)

    @property
    def rows(self) -> SideBySide:
        """The rows."""
        return self.query_one(SideBySide)

    @work(exclusive=True, group="align")
    async def _align(self) -> None:
        """Put rows beside rows and measure them, on a thread."""
        one, other, side = self.sides[0].session, self.sides[1].session, self.rows.side

        def work() -> tuple[list[Pair], Heights, Sequence[tuple[int, int]]]:
            pairs = aligned(one.dialog.rows, other.dialog.rows)
            return pairs, measured(pairs, side), numbered(pairs)

        pairs, heights, numbers = await asyncio.to_thread(work)
        self._marked.clear()
        self.rows.marked = self._marked
        self.rows.show(pairs, heights, numbers, self.rows.cursor)
        if not self._shown and pairs and pairs[0].same:
            self.rows.to_difference(1)
        self._shown = True
        different = sum(not pair.same for pair in pairs)
        told = f"{different:,} of {len(pairs):,} rows differ" if different else "Both say the same."
        self.query_one("#count", Static).update(Content(told))
        self.refresh_bindings()

    @on(SideBySide.Widened)
    def _widened(self, event: SideBySide.Widened) -> None:
        """Measure for the new width."""
        event.stop()
        self._align()

    @on(SideBySide.Moved)
    def _moved(self, event: SideBySide.Moved) -> None:
        """Other commands may be possible."""
        event.stop()
        self.refresh_bindings()

    # -- commands -----------------------------------------------------------------------------------------------------

    def _chosen(self) -> list[Pair]:
        """Return the marked pairs, else the one under the cursor, as far as they differ."""
        rows = self.rows
        at = sorted(self._marked) or [rows.cursor]
        return [rows.pairs[index] for index in at if index < len(rows.pairs) and not rows.pairs[index].same]

    def can_copy(self, into: int) -> bool:
        """Tell whether there is something to copy into a side (0 is the left one)."""
        return self.is_mounted and not self.sides[into].fixed and bool(self._chosen())

    def action_copy_right(self) -> None:
        """Copy from left to right."""
        self._copy(1)

    def action_copy_left(self) -> None:
        """Copy from right to left."""
        self._copy(0)

    @work(group="copy")
    async def _copy(self, into: int) -> None:
        """Make one side like the other where it is chosen."""
        source, target = self.sides[1 - into].session, self.sides[into]
        pairs = self._chosen()
        ours = [(pair.left, pair.right)[1 - into] for pair in pairs]
        theirs = [(pair.left, pair.right)[into] for pair in pairs]
        put = [row.id for row in ours if row is not None]
        take = [row.id for row, other in zip(theirs, ours, strict=True) if row is not None and other is None]

        def verb(session: Session) -> Session:
            here = {row.id for row in session.dialog.rows}
            changed = copied_across(source, put, session) if put else session
            gone = [row_id for row_id in take if row_id in here]
            return without_unmatched(source, gone, changed) if gone else changed

        count = len(pairs)
        note = f"copy {count:,} row{'' if count == 1 else 's'} across"
        if await self._store(target.session, verb, note) is not None:
            self.copied.append(into)
        await self._read_again()

    @work(group="copy")
    async def action_undo_copying(self) -> None:
        """Take the last copy back."""
        if self.copied:
            await self._step_back(self.sides[self.copied.pop()].session.id)
            await self._read_again()

    async def _read_again(self) -> None:
        """Show what is stored now."""
        for at, side in enumerate(self.sides):
            if not side.fixed:
                self.sides[at] = replace(side, session=await self._read(side.session.id))
        self._align()

    def action_next_difference(self) -> None:
        """Go on."""
        self.rows.to_difference(1)

    def action_previous_difference(self) -> None:
        """Go back."""
        self.rows.to_difference(-1)

    def action_mark_pair(self) -> None:
        """Mark the pair and go to the next."""
        self._marked ^= {self.rows.cursor}
        self.rows.lay_anew()
        self.rows.action_move(1)
        self.refresh_bindings()

    def action_mark_differences(self) -> None:
        """Mark all that differ, or none."""
        every = {at for at, pair in enumerate(self.rows.pairs) if not pair.same}
        wanted = set() if self._marked == every else every
        self._marked.clear()
        self._marked.update(wanted)
        self.rows.lay_anew()
        self.refresh_bindings()

    def action_leave_compare(self) -> None:
        """Go back."""
        self.dismiss(None)
