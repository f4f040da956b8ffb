"""Timeline: a scene compiled into milliseconds, and `state(ms)`, which tells what is on stage at any moment.

Player, recordings and tests all ask it, so they cannot drift apart. The same scene, seed and speed give the same
timeline in every process and on every Python.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from nova_tui.domain.row import Role
from nova_tui.domain.safe_text import clean_line
from nova_tui.performing.cue import Cue
from nova_tui.performing.rhythm import Beats, Dice, typed, written
from nova_tui.performing.scene import Scene, SceneRow

LEAD_IN: Final = 400
"""Milliseconds before the first row."""
SEND_BEAT: Final = 350
"""Milliseconds between the last key of a user's row and its sending."""
WAIT: Final = 1200
"""Milliseconds that a recording waits where a player waits for a key."""
INSTANT_BEAT: Final = 1500
"""Milliseconds to read each row where nothing is typed."""


class Kind(StrEnum):
    """What happens at a moment of a timeline."""

    WAIT = "wait"
    """A player waits for a key before the row; a recording goes on by itself."""
    CHAPTER = "chapter"
    CAPTION = "caption"
    """Another caption, or none, from here on."""
    KEY = "key"
    """Something was typed into the composer."""
    SEND = "send"
    """The user's row is complete; the composer is empty again."""
    THINK = "think"
    OPEN = "open"
    """The assistant begins to write."""
    CHUNK = "chunk"
    CLOSE = "close"
    """The row is complete."""
    END = "end"


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happens: when, what, to which row of the scene (-1 for none), and the text that comes with it."""

    ms: int
    kind: Kind
    row: int
    text: str = ""


class Phase(StrEnum):
    """What is going on at a moment."""

    TYPING = "typing"
    THINKING = "thinking"
    STREAMING = "streaming"
    PAUSE = "pause"
    """Between two rows, or before the first."""
    END = "end"


@dataclass(frozen=True, slots=True)
class State:
    """What is on stage at a moment."""

    ms: int
    phase: Phase
    row: int
    """The row on stage, or the last that was: its place in the scene; -1 before the first."""
    complete: int
    """How many rows of the scene, from the first, are there whole."""
    text: str | None = None
    """What is there of the row that is being written; None where none is."""
    composer: str = ""
    """What is typed so far."""
    chapter: int = -1
    """The chapter: its place in `Timeline.chapters`, -1 before the first."""
    caption: str = ""
    note: str = ""
    lit: bool = False
    """Whether the highlights of the row on stage are to be seen."""
    progress: int = 0
    """Thousandths of the whole."""


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter: when it begins, with which row, and its name."""

    ms: int
    row: int
    label: str


@dataclass(frozen=True, slots=True)
class _Act:
    """One row: the pieces of its text and when they come, counted from the row's start."""

    opens: int
    """When something of it can be seen."""
    beats: Beats
    length: int
    """When it is complete."""


@dataclass(frozen=True, slots=True)
class Timeline:
    """A compiled scene; all times are milliseconds."""

    scene: Scene
    starts: array[int]
    """When each row of the scene begins, in order."""
    ends: array[int]
    """When each row is complete."""
    waits: array[int]
    """When a player waits for a key before a row; -1 for rows that do not wait."""
    chapters: tuple[Chapter, ...]
    duration: int
    _acts: tuple[_Act, ...] = field(repr=False)
    _wanted_keys: array[int] = field(repr=False)
    """The moments of `waits`, in order."""
    _user_starts: array[int] = field(repr=False)

    # -- any moment -----------------------------------------------------------------------------------------------

    def state(self, ms: int) -> State:
        """Return what is on stage at a moment."""
        row = bisect_right(self.starts, ms) - 1
        progress = 1000 * max(0, min(ms, self.duration)) // self.duration if self.duration else 1000
        phase = Phase.END if ms >= self.duration else Phase.PAUSE
        if row < 0:
            return State(ms, phase, -1, 0, progress=progress)
        act, scene_row, offset = self._acts[row], self.scene.rows[row], ms - self.starts[row]
        chapter = bisect_right(self.chapters, row, key=lambda chapter: chapter.row) - 1
        cue = scene_row.cue
        if offset >= act.length:
            return State(
                ms, phase, row, row + 1, None, "", chapter, cue.caption, cue.note, bool(scene_row.lit), progress
            )
        text: str | None = None
        composer = ""
        index = bisect_right(act.beats.times, offset) - 1
        there = scene_row.row.text[: act.beats.sizes[index]] if index >= 0 else ""
        if scene_row.row.role is Role.USER:
            phase, composer = Phase.TYPING, there
        elif offset < act.opens:
            phase = Phase.THINKING
        else:
            phase, text = Phase.STREAMING, there
        return State(ms, phase, row, row, text, composer, chapter, cue.caption, cue.note, False, progress)

    def events(self) -> Iterator[Event]:
        """Yield everything that happens, in order; what is typed is there key by key."""
        chapters = {chapter.row: chapter for chapter in self.chapters}
        caption = ""
        for row, (scene_row, act) in enumerate(zip(self.scene.rows, self._acts, strict=True)):
            start, end = self.starts[row], self.ends[row]
            if self.waits[row] >= 0:
                yield Event(self.waits[row], Kind.WAIT, row)
            if row in chapters:
                yield Event(start, Kind.CHAPTER, row, chapters[row].label)
            if scene_row.cue.caption != caption:
                caption = scene_row.cue.caption
                yield Event(start, Kind.CAPTION, row, caption)
            user = scene_row.row.role is Role.USER
            if not user:
                if act.opens:
                    yield Event(start, Kind.THINK, row)
                yield Event(start + act.opens, Kind.OPEN, row)
            text, done = scene_row.row.text, 0
            for offset, size in zip(act.beats.times, act.beats.sizes, strict=True):
                yield Event(start + offset, Kind.KEY if user else Kind.CHUNK, row, text[done:size])
                done = size
            yield Event(end, Kind.SEND if user else Kind.CLOSE, row)
        yield Event(self.duration, Kind.END, -1)

    def next_change(self, ms: int) -> int | None:
        """Return the next moment at which `state` has something else to show than now; None after the last."""
        row = bisect_right(self.starts, ms) - 1
        if row >= 0 and ms < self.ends[row]:
            act, offset = self._acts[row], ms - self.starts[row]
            index = bisect_right(act.beats.times, offset)
            moments = [act.length, *act.beats.times[index : index + 1], *([act.opens] if act.opens > offset else [])]
            return self.starts[row] + min(moments)
        if row + 1 < len(self.starts):
            return self.starts[row + 1]
        return self.duration if ms < self.duration else None

    # -- places to go to ------------------------------------------------------------------------------------------

    def next_wait(self, ms: int) -> int | None:
        """Return the next moment after this one at which a player waits for a key."""
        return _neighbour(self._wanted_keys, ms, 1)

    def next_end(self, ms: int) -> int:
        """Return when the next row after this moment is complete, else the end."""
        row = bisect_right(self.ends, ms)
        return self.ends[row] if row < len(self.ends) else self.duration

    def previous_end(self, ms: int) -> int:
        """Return when the last row before this moment was complete, else the beginning."""
        row = bisect_left(self.ends, ms) - 1
        return self.ends[row] if row >= 0 else 0

    def user_row(self, ms: int, step: int) -> int | None:
        """Return when the next (1) or previous (-1) row of the user begins, seen from a moment; None at the ends."""
        return _neighbour(self._user_starts, ms, step)

    def chapter_start(self, ms: int, step: int) -> int | None:
        """Return when the next (1) or previous (-1) chapter begins, seen from a moment; None at the ends."""
        return _neighbour([chapter.ms for chapter in self.chapters], ms, step)

    def same_moment(self, other: Timeline, ms: int) -> int:
        """Return the moment of this timeline that corresponds to a moment of another one of the same session.

        It is found by row: after an edit of what is on stage, as much of the row is there as before.
        """
        at = other.state(ms)
        for row in range(at.row, -1, -1):
            here = self.scene.position(other.scene.rows[row].row.id)
            if here is None:
                continue
            if row < at.row or at.complete > row:
                after = ms - other.ends[row] if row == at.row else 0
                limit = self.starts[here + 1] - 1 if here + 1 < len(self.starts) else self.duration
                return min(self.ends[here] + after, limit)
            return min(self.starts[here] + ms - other.starts[row], self.ends[here])
        return min(ms, self.starts[0]) if self.starts else 0


def compile_timeline(scene: Scene, *, seed: int = 1, speed: float = 1.0, instant: bool = False) -> Timeline:
    """Return the timeline of a scene.

    Every row has dice of its own, so that a changed row leaves the rhythm of the others as it is. With `instant`
    nothing is typed or streamed: rows appear whole.
    """
    pace = max(1, round(speed * 1000))
    starts, ends, waits, acts = array("q"), array("q"), array("q"), []
    now = LEAD_IN * 1000 // pace
    for scene_row in scene.rows:
        cue = scene_row.cue
        waits.append(now if cue.wait else -1)
        now += (cue.pause + (WAIT if cue.wait else 0)) * 1000 // pace
        act = _act(scene_row, cue, Dice(f"{seed}:{scene_row.row.id}"), pace, instant=instant)
        starts.append(now)
        now += act.length
        ends.append(now)
        now += max(1, (max(cue.gap, INSTANT_BEAT if instant else 0) + cue.hold) * 1000 // pace)
        acts.append(act)
    keys = array("q", (wait for wait in waits if wait >= 0))
    users = (start for start, row in zip(starts, scene.rows, strict=True) if row.row.role is Role.USER)
    chapters = tuple(_chapters(scene, starts))
    return Timeline(scene, starts, ends, waits, chapters, now, tuple(acts), keys, array("q", users))


def _neighbour(moments: Sequence[int], ms: int, step: int) -> int | None:
    """Return the first moment after this one (1), or the last before it (-1)."""
    index = bisect_right(moments, ms) if step > 0 else bisect_left(moments, ms) - 1
    return moments[index] if 0 <= index < len(moments) else None


def _act(scene_row: SceneRow, cue: Cue, dice: Dice, pace: int, *, instant: bool) -> _Act:
    """Return the performance of one row."""
    row = scene_row.row
    if instant or row.role is Role.SYSTEM:
        beats = Beats()
        beats.add(0, len(row.text))
        return _Act(0, beats, 0)
    if row.role is Role.USER:
        beats, opens, after = typed(row.text, cue, dice), 0, SEND_BEAT
    else:
        beats, opens, after = written(row.text, cue, dice, cue.think), cue.think, 0
    if pace != 1000:
        beats.times = array("q", (time * 1000 // pace for time in beats.times))
    length = beats.times[-1] if beats.times else 0
    return _Act(opens * 1000 // pace, beats, max(length, opens * 1000 // pace) + after * 1000 // pace)


def _chapters(scene: Scene, starts: array[int]) -> Iterator[Chapter]:
    """Yield the chapters; where a session names none, each row of the user begins one."""
    named = any(scene_row.cue.chapter for scene_row in scene.rows)
    for index, scene_row in enumerate(scene.rows):
        if named and scene_row.cue.chapter:
            yield Chapter(starts[index], index, scene_row.cue.chapter)
        elif not named and scene_row.row.role is Role.USER:
            yield Chapter(starts[index], index, clean_line(scene_row.row.text, 60) or "…")
