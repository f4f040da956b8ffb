"""The timeline: one meaning for every moment, the same everywhere."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nova_tui.domain.dialog import Dialog
from nova_tui.domain.graphemes import grapheme_ends
from nova_tui.domain.row import Role
from nova_tui.performing.scene import make_scene
from nova_tui.performing.timeline import WAIT, Event, Kind, Phase, State, Timeline, compile_timeline
from tests.performing.scenes import ROWS, session_of, talk


class Stage:
    """The state kept by carrying out events one after the other: the other way to know what is on stage."""

    def __init__(self) -> None:
        self.row, self.complete, self.chapter = -1, 0, -1
        self.text: str | None = None
        self.composer = self.caption = ""
        self.phase = Phase.PAUSE

    def apply(self, event: Event) -> None:
        """Carry an event out."""
        match event.kind:
            case Kind.CHAPTER:
                self.chapter += 1
                self.row = event.row
            case Kind.CAPTION:
                self.caption = event.text
            case Kind.KEY:
                self.composer += event.text
                self.row, self.phase = event.row, Phase.TYPING
            case Kind.THINK:
                self.row, self.phase = event.row, Phase.THINKING
            case Kind.OPEN:
                self.row, self.phase, self.text = event.row, Phase.STREAMING, ""
            case Kind.CHUNK:
                assert self.text is not None
                self.text += event.text
            case Kind.SEND | Kind.CLOSE:
                self.row, self.phase, self.complete = event.row, Phase.PAUSE, event.row + 1
                self.text, self.composer = None, ""
            case Kind.END:
                self.phase = Phase.END

    def agrees(self, state: State) -> bool:
        """Tell whether a state says the same; before the first key of a row only the state knows that it began."""
        mine = (self.complete, self.text, self.composer)
        theirs = (state.complete, state.text, state.composer)
        waiting = state.phase is Phase.TYPING and not state.composer
        if waiting:
            return mine == theirs
        return mine == theirs and (self.row, self.phase, self.chapter, self.caption) == (
            state.row, state.phase, state.chapter, state.caption,
        )  # fmt: skip


@given(
    rows=ROWS,
    seed=st.integers(0, 5),
    steps=st.lists(st.integers(0, 4000), max_size=30),
    speed=st.sampled_from([1, 0.3, 2.5]),
    instant=st.booleans(),
)
def test_ticking_in_any_steps_gives_the_state(
    rows: list[Any], seed: int, steps: list[int], speed: float, instant: bool
) -> None:
    timeline = compile_timeline(make_scene(session_of(rows)), seed=seed, speed=speed, instant=instant)
    events, stage, now, done = list(timeline.events()), Stage(), 0, 0
    assert [event.ms for event in events] == sorted(event.ms for event in events)
    for step in [*steps, timeline.duration]:
        now += step
        while done < len(events) and events[done].ms <= now:
            stage.apply(events[done])
            done += 1
        assert stage.agrees(timeline.state(now))
    assert timeline.state(now).phase is Phase.END
    assert timeline.state(now).complete == len(timeline.scene.rows)


@given(rows=ROWS, ms=st.integers(-5, 20_000))
def test_nothing_changes_before_the_next_change(rows: list[Any], ms: int) -> None:
    timeline = compile_timeline(make_scene(session_of(rows)))
    change = timeline.next_change(ms)
    if change is None:
        assert timeline.state(ms).phase is Phase.END
        return
    assert change > ms
    still = replace(timeline.state(change - 1), ms=0, progress=0)
    assert still == replace(timeline.state(ms), ms=0, progress=0)
    assert replace(timeline.state(change), ms=0, progress=0) != still or change in timeline.starts


@given(rows=ROWS)
def test_no_character_is_ever_cut(rows: list[Any]) -> None:
    timeline = compile_timeline(make_scene(session_of(rows)))
    whole: dict[int, str] = {}
    for event in timeline.events():
        if event.kind in (Kind.KEY, Kind.CHUNK):
            whole[event.row] = whole.get(event.row, "") + event.text
            text = timeline.scene.rows[event.row].row.text
            assert not whole[event.row] or len(whole[event.row]) in grapheme_ends(text)
    for row, scene_row in enumerate(timeline.scene.rows):
        assert whole.get(row, "") == scene_row.row.text


PROGRAM = """
from tests.performing.scenes import talk
from nova_tui.performing.scene import make_scene
from nova_tui.performing.timeline import compile_timeline
session = talk("Hi! What is it?", "A *thing*:\\n\\n```python\\nprint(1)\\n```\\n", "日本語 👩‍👩‍👧", "Yes. " * 99)
print(list(compile_timeline(make_scene(session), seed=7).events()))
"""


def test_two_processes_with_different_hash_seeds_agree() -> None:
    outputs = {
        subprocess.run(
            [sys.executable, "-c", PROGRAM], env=os.environ | {"PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in ("1", "2", "12345")
    }
    assert len(outputs) == 1
    assert b"Kind.CHUNK" in outputs.pop()


def test_the_rhythm_is_the_same_on_every_python() -> None:
    timeline = compile_timeline(make_scene(talk("Hello, you!", "One two three.")), seed=3)
    times = [event.ms for event in timeline.events()]
    assert times == [
        400,
        470,
        503,
        568,
        601,
        709,
        759,
        911,
        1021,
        1096,
        1149,
        1227,
        1577,
        2277,
        3077,
        3114,
        3134,
        3158,
        3212,
        3212,
        3912,
    ]


def long_talk() -> Timeline:
    """Return a timeline of some minutes."""
    return compile_timeline(make_scene(talk("What is this?", "An answer. " * 40, "Thanks.", "Bye. " * 30)))


def test_people_type_unevenly_and_assistants_think_first() -> None:
    timeline = long_talk()
    events = list(timeline.events())
    keys = [event.ms for event in events if event.kind is Kind.KEY and event.row == 0]
    gaps = {later - earlier for earlier, later in pairwise(keys)}
    assert len(gaps) > 5
    assert min(gaps) > 20
    assert max(gaps) < 700
    state = timeline.state(timeline.starts[1] + 100)
    assert (state.phase, state.text, state.complete) == (Phase.THINKING, None, 1)
    state = timeline.state(timeline.starts[1] + 2000)
    assert state.phase is Phase.STREAMING
    assert state.text
    assert "An answer. ".startswith(state.text[:11])


def test_speed_makes_it_shorter_and_instant_shows_rows_whole() -> None:
    scene = make_scene(talk("What is this?", "An answer. " * 40))
    slow, fast = compile_timeline(scene, speed=1), compile_timeline(scene, speed=2)
    assert fast.duration == pytest.approx(slow.duration / 2, rel=0.01)
    instant = compile_timeline(scene, instant=True)
    assert all(instant.state(ms).phase in (Phase.PAUSE, Phase.END) for ms in range(0, instant.duration + 10, 50))


def test_a_long_text_does_not_last_for_hours() -> None:
    timeline = compile_timeline(make_scene(talk("x " * 50_000, "word " * 200_000)))
    assert timeline.ends[0] < 2_000
    assert timeline.duration < 300_000


def test_a_row_that_waits_for_a_key_goes_on_by_itself_in_a_recording() -> None:
    session = session_of([(Role.USER, "a", {}, False), (Role.ASSISTANT, "b", {"pause": "key"}, False)])
    timeline = compile_timeline(make_scene(session))
    wait = timeline.next_wait(0)
    assert wait == timeline.waits[1]
    assert timeline.starts[1] == wait + WAIT
    assert timeline.next_wait(wait) is None


def test_places_to_go_to() -> None:
    timeline = long_talk()
    assert timeline.user_row(0, 1) == timeline.starts[0]
    assert timeline.user_row(timeline.starts[0], 1) == timeline.starts[2]
    assert timeline.user_row(timeline.starts[3], -1) == timeline.starts[2]
    assert timeline.user_row(timeline.starts[2], 1) is None
    assert timeline.next_end(0) == timeline.ends[0]
    assert timeline.next_end(timeline.ends[0]) == timeline.ends[1]
    assert timeline.next_end(timeline.ends[3]) == timeline.duration
    assert timeline.previous_end(timeline.ends[1]) == timeline.ends[0]
    assert timeline.previous_end(timeline.ends[0]) == 0


def test_chapters_are_the_named_ones_or_the_users_rows() -> None:
    assert [chapter.label for chapter in long_talk().chapters] == ["What is this?", "Thanks."]
    session = session_of([
        (Role.USER, "a", {}, False), (Role.ASSISTANT, "b", {"chapter": "Answer"}, False), (Role.USER, "c", {}, False)
    ])  # fmt: skip
    timeline = compile_timeline(make_scene(session))
    assert [(chapter.label, chapter.row) for chapter in timeline.chapters] == [("Answer", 1)]
    assert timeline.state(timeline.starts[0]).chapter == -1
    assert timeline.state(timeline.starts[2]).chapter == 0
    assert timeline.chapter_start(0, 1) == timeline.starts[1]
    assert timeline.chapter_start(timeline.duration, -1) == timeline.starts[1]


def test_an_edit_on_stage_comes_back_to_the_same_moment() -> None:
    session = talk("What is this?", "An answer. " * 40, "Thanks.", "Bye.")
    before = compile_timeline(make_scene(session))
    rows = session.dialog.rows
    edited = session.with_dialog(Dialog((rows[0].with_text("What is that thing over there?"), *rows[1:])))
    after = compile_timeline(make_scene(edited))
    on_stage = before.starts[1] + 3000
    assert after.same_moment(before, on_stage) == after.starts[1] + 3000
    assert after.state(after.same_moment(before, on_stage)).text == before.state(on_stage).text
    done = before.ends[1] + 100
    assert after.same_moment(before, done) == after.ends[1] + 100
    shorter = session.with_dialog(Dialog((rows[0], rows[1].with_text("Short."), *rows[2:])))
    assert compile_timeline(make_scene(shorter)).state(
        compile_timeline(make_scene(shorter)).same_moment(before, before.ends[1] - 10)
    ).row == 1  # fmt: skip
    gone = compile_timeline(make_scene(session.with_dialog(Dialog((rows[0], *rows[2:])))))
    assert gone.state(gone.same_moment(before, on_stage)).complete == 1


@given(rows=ROWS, ms=st.integers(0, 20_000))
def test_the_same_moment_of_the_same_timeline_is_the_same_state(rows: list[Any], ms: int) -> None:
    timeline = compile_timeline(make_scene(session_of(rows)))
    here, there = timeline.state(ms), timeline.state(timeline.same_moment(timeline, ms))
    if here.row >= 0:
        assert (here.row, here.complete, here.text, here.composer) == (
            there.row, there.complete, there.text, there.composer,
        )  # fmt: skip
