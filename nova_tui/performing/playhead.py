"""Playhead: where a performance is and how it goes on: play, pause, step, speed, presenter typing. It knows no screen.

The position is always computed from a clock, never added up, so that a late frame skips ahead and nothing drifts.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Final

from nova_tui.performing.timeline import Phase, State, Timeline

SPEEDS: Final = (0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 2.0, 3.0, 4.0, 8.0)
"""The speeds that the keys walk through."""
AGAIN: Final = 800
"""Milliseconds within which going back means the row before, not the beginning of this one."""


class Going(StrEnum):
    """Whether a performance goes on."""

    PLAYING = "playing"
    PAUSED = "paused"
    WAITING = "waiting"
    """It goes on with the next key."""
    ENDED = "ended"


class Playhead:
    """A position on a timeline that moves with a clock (milliseconds, from any beginning)."""

    def __init__(self, timeline: Timeline, clock: Callable[[], float], *, step: bool = False) -> None:
        self._timeline = timeline
        self._clock = clock
        self._base = 0
        self._since: float | None = None
        self._waiting = False
        self._speed = 1.0
        self.step = step
        """Whether it stops after each row."""
        self.presenter = False
        """Whether a person types the rows of the user: any key types the right text."""

    # -- where it is --------------------------------------------------------------------------------------------------

    @property
    def timeline(self) -> Timeline:
        """What is performed."""
        return self._timeline

    @property
    def speed(self) -> float:
        """How many times faster than written."""
        return self._speed

    @property
    def going(self) -> Going:
        """Whether it goes on."""
        position = self.position()
        if self._since is not None:
            return Going.PLAYING
        if position >= self._timeline.duration:
            return Going.ENDED
        return Going.WAITING if self._waiting else Going.PAUSED

    def position(self) -> int:
        """Return the position now; it rests where something has to be waited for."""
        if self._since is None:
            return self._base
        reached = self._base + int((self._clock() - self._since) * self._speed)
        barrier = self._barrier()
        if reached >= barrier:
            self._base, self._since, self._waiting = barrier, None, barrier < self._timeline.duration
            return barrier
        return reached

    def state(self) -> State:
        """Return what is on stage now."""
        return self._timeline.state(self.position())

    def until_change(self) -> float | None:
        """Return in how many milliseconds there is something else to show; None while it rests."""
        position = self.position()
        if self._since is None:
            return None
        change = self._timeline.next_change(position)
        return max(0.0, (min(change or self._barrier(), self._barrier()) - position) / self._speed)

    def _barrier(self) -> int:
        """Return where it will rest."""
        timeline, here = self._timeline, self._base
        places = [timeline.duration]
        if (wait := timeline.next_wait(here)) is not None:
            places.append(wait)
        if self.step:
            places.append(timeline.next_end(here))
        if self.presenter:
            user_row = here if self._is_typing(here) else timeline.user_row(here, 1)
            if user_row is not None and self._is_typing(user_row):
                places.append(user_row)
        return min(places)

    # -- going on and resting -----------------------------------------------------------------------------------------

    def play(self) -> None:
        """Go on; from the end, begin again."""
        position = self.position()
        if self._since is not None:
            return
        if position >= self._timeline.duration:
            position = 0
        self._go_from(self._past_wait(position))

    def pause(self) -> None:
        """Rest here."""
        self._base, self._since, self._waiting = self.position(), None, False

    def toggle(self) -> None:
        """Pause, or go on."""
        if self.going is Going.PLAYING:
            self.pause()
        else:
            self.play()

    def set_speed(self, speed: float) -> None:
        """Go on at another speed from here."""
        self._rebase(self.position())
        self._speed = max(SPEEDS[0], min(SPEEDS[-1], speed))

    def faster(self, step: int) -> None:
        """Take the next higher (1) or lower (-1) speed."""
        if step > 0:
            self.set_speed(next((speed for speed in SPEEDS if speed > self._speed), SPEEDS[-1]))
        else:
            self.set_speed(next((speed for speed in reversed(SPEEDS) if speed < self._speed), SPEEDS[0]))

    def set_step(self, step: bool) -> None:
        """Stop after each row, or not."""
        self._rebase(self.position())
        self.step = step

    def set_presenter(self, presenter: bool) -> None:
        """Let a person type the rows of the user, or not."""
        position, was_typing = self.position(), self.is_typing()
        self._rebase(position)
        self.presenter = presenter
        if was_typing and not presenter:
            self._go_from(position)

    # -- going elsewhere ----------------------------------------------------------------------------------------------

    def seek(self, ms: int) -> None:
        """Go to a moment; it goes on from there when it was playing or waiting."""
        going = self.going
        self._base, self._waiting = max(0, min(ms, self._timeline.duration)), False
        self._since = self._clock() if going in (Going.PLAYING, Going.WAITING) and not self.step else None

    def next(self) -> None:
        """Finish what is under way; when nothing is, go on to the next row (or, resting, to its end)."""
        timeline, position, going = self._timeline, self.position(), self.going
        state = timeline.state(position)
        if going is Going.ENDED:
            return
        if 0 <= state.row == state.complete:  # a row is under way
            self._base, self._waiting = timeline.ends[state.row], False
            self._since = self._clock() if going is Going.PLAYING and not self.step else None
            self._waiting = self._since is None and going is not Going.PAUSED
        elif state.row + 1 >= len(timeline.starts):
            self._base, self._since, self._waiting = timeline.duration, None, False
        elif going is Going.PAUSED and not self.step:
            self._base = timeline.ends[state.row + 1]
        else:
            self._go_from(timeline.starts[state.row + 1])

    def back(self) -> None:
        """Go back to the beginning of the row (twice: of the one before); resting, take the last row away."""
        timeline, position = self._timeline, self.position()
        if self._since is None:
            self._base, self._waiting = timeline.previous_end(position), self.step
            return
        row = timeline.state(position).row
        if row >= 0 and position - timeline.starts[row] < AGAIN * self._speed:
            row -= 1
        self.seek(timeline.starts[row] if row >= 0 else 0)

    def user_row(self, step: int) -> None:
        """Go to the next or previous row of the user."""
        self._seek_place(self._timeline.user_row, step)

    def chapter(self, step: int) -> None:
        """Go to the next or previous chapter."""
        self._seek_place(self._timeline.chapter_start, step)

    def _seek_place(self, find: Callable[[int, int], int | None], step: int) -> None:
        """Go to a place; going back right after a place means the one before."""
        position = self.position()
        margin = int(AGAIN * self._speed) if step < 0 and self._since is not None else 0
        place = find(position - margin, step)
        if place is not None:
            self.seek(place)
        elif step < 0:
            self.seek(0)

    def take(self, timeline: Timeline, *, ms: int | None = None) -> None:
        """Perform another version of the same session from the same moment, or from another."""
        position = self.position()
        going = self.going
        self._base = timeline.same_moment(self._timeline, position) if ms is None else ms
        if going is Going.ENDED:
            self._base = timeline.duration
        self._since = None if self._since is None else self._clock()
        self._timeline = timeline

    # -- presenter typing ---------------------------------------------------------------------------------------------

    def is_typing(self) -> bool:
        """Tell whether a key would type now: a row of the user is on stage and a person types it."""
        position = self.position()
        return self.presenter and self._since is None and self._is_typing(position)

    def _is_typing(self, ms: int) -> bool:
        """Tell whether a row of the user is under way at a moment."""
        return self._timeline.state(ms).phase is Phase.TYPING

    def type(self) -> None:
        """Type the next character of the row; when all are there, wait for `send`."""
        state = self.state()
        if not self.is_typing() or state.composer == self._timeline.scene.rows[state.row].row.text:
            return
        change = self._timeline.next_change(self._base)
        if change is not None:
            self._base, self._waiting = change, True

    def send(self) -> None:
        """Send the row that a person types, all of it, and go on."""
        if self.is_typing():
            row = self.state().row
            self._go_from(self._timeline.ends[row])

    # -- the rest -----------------------------------------------------------------------------------------------------

    def _past_wait(self, ms: int) -> int:
        """Return the beginning of the row that waits for a key here, else the same moment."""
        row = self._timeline.state(ms).row + 1
        waits = self._timeline.waits
        return self._timeline.starts[row] if row < len(waits) and waits[row] == ms else ms

    def _go_from(self, ms: int) -> None:
        """Go on from a moment."""
        self._base, self._since, self._waiting = ms, self._clock(), False

    def _rebase(self, position: int) -> None:
        """Count from here."""
        self._base = position
        if self._since is not None:
            self._since = self._clock()
