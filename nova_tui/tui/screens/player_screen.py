"""PlayerScreen: performs a dialog, full screen."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from typing import ClassVar

from textual import events, work
from textual.app import ComposeResult
from textual.timer import Timer

from nova_tui.domain.safe_text import clean_line
from nova_tui.performing.performance import Performance
from nova_tui.performing.playhead import Going, Playhead
from nova_tui.performing.timeline import State, Timeline
from nova_tui.tui.commands import CommandHost, bindings_of
from nova_tui.tui.reporting import reporting
from nova_tui.tui.screens.main_commands import ProgramActions
from nova_tui.tui.screens.player_commands import COMMANDS
from nova_tui.tui.screens.player_desk import Desk, Prompt
from nova_tui.tui.screens.row_screen import RowScreen
from nova_tui.tui.type_ahead import hold_keys, release_keys
from nova_tui.tui.widgets.player_bars import EndCard, NotesPane, StatusLine, clock_text
from nova_tui.tui.widgets.stage import Stage

FRAME = 1000 / 30
"""Milliseconds between two frames at least."""


class PlayerScreen(ProgramActions, CommandHost):
    """Asks the playhead where it is and shows that; a frame comes only when there is something else to see."""

    BLANK = True
    DEFAULT_CSS: ClassVar[str] = """
    PlayerScreen {
        layers: base card;
        background: $background;
        &.-blank > * { visibility: hidden; }
        & StatusLine.-off { display: none; }
    }
    """

    INTENTIONS = COMMANDS
    BINDINGS = bindings_of(*INTENTIONS)

    def __init__(self, performance: Performance, desk: Desk | None = None) -> None:
        super().__init__()
        self._performance = performance
        self._desk = desk or Desk()
        self._next_frame: Timer | None = None
        self._resume = False
        self._prompted: tuple[object, ...] = ()
        self._drafts: dict[str, str] = {}
        self.instant = self._desk.instant
        """Whether rows appear whole."""
        self.head = Playhead(self._timeline(), self._now, step=self._desk.step)
        """Where the performance is."""
        self.frames = 0
        """How many frames had something else to show: what tests count."""

    def _timeline(self) -> Timeline:
        """Return the timeline that is wanted now."""
        return self._performance.whole if self.instant else self._performance.timeline

    def _now(self) -> float:
        """Return the milliseconds of the event loop, real or virtual."""
        return asyncio.get_running_loop().time() * 1000

    def compose(self) -> ComposeResult:
        """Stage, notes, status, end card."""
        yield Stage(self._performance.scene)
        yield NotesPane()
        yield StatusLine()
        yield EndCard()

    def on_mount(self) -> None:
        """Begin."""
        release_keys(self)
        self.head.set_speed(self._desk.speed)
        if self._desk.from_row is not None:
            row = self._performance.scene.position(self._desk.from_row)
            self.head.seek(self.head.timeline.starts[row] if row is not None else 0)
        if self._desk.playing:
            self.head.play()
        for problem in self._performance.scene.problems[:3]:
            self.app.notify(str(problem), severity="warning", timeout=6, markup=False)
        self._draw()

    def on_unmount(self) -> None:
        """Let the notes in the other terminal end."""
        if self._desk.tell is not None:
            self._desk.tell(None)

    # -- frames -------------------------------------------------------------------------------------------------------

    def _draw(self) -> None:
        """Show what is on stage now, and come back when there is something else to show."""
        if self._next_frame is not None:
            self._next_frame.stop()
            self._next_frame = None
        if not self.is_attached:
            return
        state = self.head.state()
        if self.query_one(Stage).show(state, self._chapter(state)):
            self.frames += 1
        self._show_bars(state)
        wait = self.head.until_change()
        if wait is not None:
            if not self.query_one(StatusLine).has_class("-off"):
                wait = min(wait, (1000 - state.ms % 1000) / self.head.speed)
            self._next_frame = self.set_timer(max(FRAME, wait) / 1000, self._draw)

    def _chapter(self, state: State) -> str:
        """Return the name of the chapter, where a session names its chapters."""
        if state.chapter < 0 or not self._performance.has_chapters:
            return ""
        return self.head.timeline.chapters[state.chapter].label

    def _show_bars(self, state: State) -> None:
        """Show notes, status and end card, and tell the other terminal."""
        head, timeline = self.head, self.head.timeline
        going = head.going
        coming = state.row + 1
        rows = self._performance.scene.rows
        next_row = (
            f"{rows[coming].row.role}: {clean_line(rows[coming].row.text, 120)}" if coming < len(rows) else "the end"
        )
        self.query_one(NotesPane).show(state.note, next_row)
        self.query_one(StatusLine).show(
            going,
            state.ms,
            timeline.duration,
            tuple(chapter.ms for chapter in timeline.chapters),
            tuple(self._words(going)),
        )
        card = self.query_one(EndCard)
        if going is Going.ENDED and not card.has_class("-shown"):
            count = len(rows)
            facts = f"{count:,} row{'' if count == 1 else 's'} · {clock_text(timeline.duration)}"
            card.tell(self._performance.scene.title, f"{facts} · {self._performance.left_out()}")
        card.set_class(going is Going.ENDED, "-shown")
        self._prompt(state, going, next_row)

    def _words(self, going: Going) -> Iterator[str]:
        """Yield what is special now."""
        if self.head.is_typing():
            whole = self.head.state()
            yield "Enter sends" if whole.composer == self._text_on_stage(whole) else "type"
        elif going is not Going.PLAYING:
            yield going.value
        if self.head.speed != 1:
            yield f"{self.head.speed:g}×"
        if self.head.step:
            yield "step"
        if self.instant:
            yield "instant"
        if self.head.presenter:
            yield "presenter"

    def _text_on_stage(self, state: State) -> str:
        """Return the whole text of the row on stage."""
        return self._performance.scene.rows[state.row].row.text if state.row >= 0 else ""

    def _prompt(self, state: State, going: Going, coming: str) -> None:
        """Tell the other terminal when row, note or way of going are others."""
        tell = self._desk.tell
        facts = (state.row, state.note, going, self.head.speed, self.head.timeline.duration)
        if tell is None or facts == self._prompted:
            return
        self._prompted = facts
        scene = self._performance.scene
        row = (
            f"{scene.rows[state.row].row.role}: {clean_line(self._text_on_stage(state), 200)}" if state.row >= 0 else ""
        )
        tell(
            Prompt(
                scene.session_id, scene.title, row, coming, state.note, self._chapter(state), state.row + 1,
                len(scene.rows), going.value, state.ms, self.head.timeline.duration, self.head.speed,
            )
        )  # fmt: skip

    # -- presenter typing ---------------------------------------------------------------------------------------------

    @property
    def typing(self) -> bool:
        """Whether any key types now."""
        return self.is_attached and self.head.is_typing()

    def on_key(self, event: events.Key) -> None:
        """Type the next character whatever printable key it is; Enter sends, Esc gives the typing back."""
        if not self.typing:
            return
        if event.key == "enter":
            self.head.send()
        elif event.key == "escape":
            self.head.set_presenter(False)
        elif event.key in ("pagedown", "right"):
            self.head.next()
        elif event.key in ("pageup", "left"):
            self.head.back()
        elif event.is_printable:
            self.head.type()
        else:
            return
        event.stop()
        event.prevent_default()
        self._draw()

    # -- commands -----------------------------------------------------------------------------------------------------

    def _do(self, move: Callable[[], object]) -> None:
        """Do something with the playhead and show what it comes to."""
        self._unblank()
        move()
        self._draw()
        self.refresh_bindings()

    def action_pause(self) -> None:
        """Pause or go on."""
        self._do(self.head.toggle)

    def action_next_on_stage(self) -> None:
        """Go on."""
        self._do(self.head.next)

    def action_back_on_stage(self) -> None:
        """Go back."""
        self._do(self.head.back)

    def action_next_user_row(self) -> None:
        """Go to the next row of the user."""
        self._do(lambda: self.head.user_row(1))

    def action_previous_user_row(self) -> None:
        """Go to the previous row of the user."""
        self._do(lambda: self.head.user_row(-1))

    def action_scroll_down(self) -> None:
        """Look further down."""
        self._scroll(0.5)

    def action_scroll_up(self) -> None:
        """Look further up."""
        self._scroll(-0.5)

    def _scroll(self, pages: float) -> None:
        """Rest, and scroll the dialog; what is shown next is shown at its end again."""
        self._do(self.head.pause)
        self.query_one(Stage).scroll_pages(pages)

    def action_slower(self) -> None:
        """Play slower."""
        self._do(lambda: self.head.faster(-1))

    def action_faster(self) -> None:
        """Play faster."""
        self._do(lambda: self.head.faster(1))

    def action_normal_speed(self) -> None:
        """Play as written."""
        self._do(lambda: self.head.set_speed(1))

    def action_next_chapter(self) -> None:
        """Go to the next chapter."""
        self._do(lambda: self.head.chapter(1))

    def action_previous_chapter(self) -> None:
        """Go to the previous chapter."""
        self._do(lambda: self.head.chapter(-1))

    def action_from_start(self) -> None:
        """Go to the beginning."""
        self._do(lambda: self.head.seek(0))

    def action_to_end(self) -> None:
        """Go to the end."""
        self._do(lambda: self.head.seek(self.head.timeline.duration))

    def action_instant(self) -> None:
        """Show rows whole, or not."""
        self.instant = not self.instant
        self._do(lambda: self.head.take(self._timeline()))

    def action_step(self) -> None:
        """Stop after each row, or not."""
        self._do(lambda: self.head.set_step(not self.head.step))

    def action_presenter(self) -> None:
        """Let a person type."""
        self._do(lambda: self.head.set_presenter(not self.head.presenter))

    def action_blank(self) -> None:
        """Blank the screen and rest, or show it and go on."""
        if self._unblank():
            if self._resume:
                self.head.play()
        else:
            self._resume = self.head.going is Going.PLAYING
            self.head.pause()
            self.add_class("-blank")
        self._draw()

    def _unblank(self) -> bool:
        """Show the stage; False when it is not blank."""
        blank = self.has_class("-blank")
        self.remove_class("-blank")
        return blank

    def action_notes(self) -> None:
        """Show the notes or put them away."""
        self.query_one(NotesPane).toggle_class("-shown")
        self._do(lambda: None)

    def action_status(self) -> None:
        """Show the status line or put it away."""
        self.query_one(StatusLine).toggle_class("-off")
        self._do(lambda: None)

    def action_leave_player(self) -> None:
        """Leave."""
        self.dismiss()

    # -- recording ----------------------------------------------------------------------------------------------------

    @property
    def can_record(self) -> bool:
        """Whether a recording can be made: at the end, or while it rests."""
        return self.is_attached and self._desk.record is not None and self.head.going is not Going.PLAYING

    def action_record_performance(self) -> None:
        """Record what is performed, as it is by now."""
        if self._desk.record is not None:
            hold_keys(self)
            self._desk.record(self._performance)

    # -- editing on stage ---------------------------------------------------------------------------------------------

    @property
    def can_edit(self) -> bool:
        """Whether there is a row on stage, and a store that takes changes."""
        return self.is_attached and self._desk.keep is not None and self.head.state().row >= 0

    @work
    async def action_edit_on_stage(self) -> None:
        """Edit the row on stage; the performance rests meanwhile and goes on where it was."""
        keep, state = self._desk.keep, self.head.state()
        if keep is None or state.row < 0:
            return
        was_playing = self.head.going is Going.PLAYING
        self.head.pause()
        self._draw()
        session, row_id = self._performance.session, self._performance.scene.rows[state.row].row.id
        row = session.dialog.row(row_id)
        if self._performance.is_masked(row_id):
            self.app.notify("Something in this row is masked; edit it where nobody looks on.", markup=False)
            return
        hold_keys(self)
        title = f"{row.role} · row {self._performance.scene.rows[state.row].number}"
        text = await self.app.push_screen_wait(
            RowScreen(title, self._drafts.get(row_id, row.text), lambda typed: self._typed(row_id, row.text, typed))
        )
        if text is not None and text != row.text:
            with reporting(self):
                stored = await keep(session, row_id, row.text, text)
                if stored is not None:
                    self._typed(row_id, text, text)
                    performance = await asyncio.to_thread(self._performance.with_session, stored)
                    self._perform(performance if self._desk.check is None else await self._desk.check(performance))
        elif text is not None:
            self._typed(row_id, row.text, text)
        if was_playing:
            self.head.play()
        self._draw()

    def _typed(self, row_id: str, kept: str, text: str) -> None:
        """Keep what is typed as a draft as long as the row does not hold it."""
        draft = None if text == kept else text
        if draft is None and row_id not in self._drafts:
            return
        if draft is None:
            del self._drafts[row_id]
        else:
            self._drafts[row_id] = draft
        if self._desk.draft is not None:
            self._desk.draft(self._performance.session.id, row_id, draft)

    def _perform(self, performance: Performance) -> None:
        """Go on with another version of the session, at the same moment."""
        self._performance = performance
        self.query_one(Stage).take(performance.scene)
        self.head.take(self._timeline())
