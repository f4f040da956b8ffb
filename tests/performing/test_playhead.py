"""The playhead: every way to go through a performance, with a clock that the test moves."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nova_tui.domain.row import Role
from nova_tui.performing.playhead import Going, Playhead
from nova_tui.performing.scene import make_scene
from nova_tui.performing.timeline import Phase, Timeline, compile_timeline
from tests.performing.scenes import ROWS, session_of, talk


class Clock:
    """A clock that only the test moves."""

    def __init__(self) -> None:
        self.ms = 5000.0

    def __call__(self) -> float:
        return self.ms


def going(head: Playhead) -> Going:
    """Ask whether it goes on (a type checker thinks that an attribute stays what it was)."""
    return head.going


def timeline_of_talk() -> Timeline:
    """Return two questions and two answers."""
    return compile_timeline(make_scene(talk("What is this?", "An answer. " * 20, "Thanks.", "Bye. " * 10)))


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def head(clock: Clock) -> Playhead:
    return Playhead(timeline_of_talk(), clock)


def test_it_moves_with_the_clock_only_while_it_plays(head: Playhead, clock: Clock) -> None:
    assert (going(head), head.position()) == (Going.PAUSED, 0)
    head.toggle()
    clock.ms += 700
    assert (going(head), head.position()) == (Going.PLAYING, 700)
    head.toggle()
    clock.ms += 9000
    assert (going(head), head.position()) == (Going.PAUSED, 700)
    head.toggle()
    clock.ms += 50
    assert head.position() == 750


def test_a_late_frame_skips_ahead_and_the_end_is_the_end(head: Playhead, clock: Clock) -> None:
    head.play()
    clock.ms += 10_000_000
    assert head.state().phase is Phase.END
    assert going(head) is Going.ENDED
    assert head.until_change() is None
    head.play()
    assert (going(head), head.position()) == (Going.PLAYING, 0)


def test_speed_counts_from_where_it_is(head: Playhead, clock: Clock) -> None:
    head.play()
    clock.ms += 1000
    head.faster(1)
    assert head.speed == 1.25
    clock.ms += 1000
    assert head.position() == 2250
    head.faster(-1)
    head.faster(-1)
    assert head.speed == 0.75
    for _ in range(20):
        head.faster(1)
    assert head.speed == 8
    head.set_speed(1)
    assert head.speed == 1
    assert head.position() == 2250


def test_next_finishes_the_row_then_begins_the_next(head: Playhead, clock: Clock) -> None:
    timeline = head.timeline
    head.play()
    clock.ms += timeline.starts[1] + 100
    head.next()
    assert head.position() == timeline.ends[1]
    assert going(head) is Going.PLAYING
    head.next()
    assert head.position() == timeline.starts[2]
    head.pause()
    head.next()
    assert head.position() == timeline.ends[2]
    head.next()
    assert head.position() == timeline.ends[3]
    head.next()
    assert going(head) is Going.ENDED
    head.next()
    assert head.position() == timeline.duration


def test_back_begins_the_row_again_then_the_one_before(head: Playhead, clock: Clock) -> None:
    timeline = head.timeline
    head.play()
    clock.ms += timeline.starts[1] + 2000
    head.back()
    assert head.position() == timeline.starts[1]
    head.back()
    assert head.position() == timeline.starts[0]
    head.back()
    assert head.position() == 0
    head.pause()
    head.seek(timeline.ends[1])
    head.back()
    assert head.position() == timeline.ends[0]
    head.back()
    assert head.position() == 0


def test_step_mode_stops_after_each_row(clock: Clock) -> None:
    timeline = timeline_of_talk()
    head = Playhead(timeline, clock, step=True)
    head.play()
    clock.ms += 1_000_000
    assert (head.position(), going(head)) == (timeline.ends[0], Going.WAITING)
    head.next()
    assert head.position() == timeline.starts[1]
    clock.ms += 500
    assert going(head) is Going.PLAYING
    head.next()
    assert (head.position(), going(head)) == (timeline.ends[1], Going.WAITING)
    head.play()
    clock.ms += 1_000_000
    assert head.position() == timeline.ends[2]


def test_a_row_that_waits_for_a_key_is_begun_by_one(clock: Clock) -> None:
    session = session_of([(Role.USER, "a", {}, False), (Role.ASSISTANT, "b", {"pause": "key"}, False)])
    timeline = compile_timeline(make_scene(session))
    for go_on in (Playhead.play, Playhead.next, Playhead.toggle):
        head = Playhead(timeline, clock)
        head.play()
        clock.ms += 1_000_000
        assert (head.position(), going(head)) == (timeline.waits[1], Going.WAITING)
        go_on(head)
        assert (head.position(), going(head)) == (timeline.starts[1], Going.PLAYING)


def test_user_rows_and_chapters(head: Playhead, clock: Clock) -> None:
    timeline = head.timeline
    head.user_row(1)
    assert head.position() == timeline.starts[0]
    head.chapter(1)
    assert head.position() == timeline.starts[2]
    head.chapter(1)
    assert head.position() == timeline.starts[2]
    head.user_row(-1)
    assert head.position() == timeline.starts[0]
    head.user_row(-1)
    assert head.position() == 0
    head.play()
    clock.ms += timeline.starts[2] + 100
    head.user_row(-1)
    assert (head.position(), going(head)) == (timeline.starts[0], Going.PLAYING)


def test_a_person_types_the_rows_of_the_user(head: Playhead, clock: Clock) -> None:
    head.set_presenter(True)
    head.play()
    clock.ms += 1_000_000
    assert head.position() == head.timeline.starts[0]
    assert head.is_typing()
    for count in range(1, 5):
        head.type()
        assert head.state().composer == "What is this?"[:count]
        clock.ms += 1000
    for _ in range(30):
        head.type()
    assert head.state().composer == "What is this?"
    assert going(head) is Going.WAITING
    head.send()
    assert head.state().complete == 1
    assert going(head) is Going.PLAYING
    assert not head.is_typing()
    clock.ms += 1_000_000
    assert head.position() == head.timeline.starts[2]
    head.send()
    assert head.state().complete == 3
    clock.ms += 1_000_000
    assert going(head) is Going.ENDED


def test_presenter_typing_switched_on_and_off_in_the_middle(head: Playhead, clock: Clock) -> None:
    head.play()
    clock.ms += head.timeline.starts[0] + 300
    before = head.state().composer
    assert before
    head.set_presenter(True)
    clock.ms += 5000
    assert head.is_typing()
    assert head.state().composer == before
    head.set_presenter(False)
    clock.ms += 200
    assert going(head) is Going.PLAYING
    assert len(head.state().composer) > len(before)


def test_another_version_goes_on_from_the_same_moment(head: Playhead, clock: Clock) -> None:
    head.play()
    clock.ms += head.timeline.starts[1] + 1500
    longer = compile_timeline(make_scene(talk("What on earth is this?", "An answer. " * 20, "Thanks.", "Bye. " * 10)))
    head.take(longer)
    assert head.position() == longer.starts[1] + 1500
    clock.ms += 100
    assert head.position() == longer.starts[1] + 1600


MOVES = ("toggle", "next", "back", "play", "pause", "type", "send")


@given(
    rows=ROWS,
    moves=st.lists(
        st.tuples(
            st.sampled_from([*MOVES, "user", "chapter", "faster", "step", "presenter"]),
            st.booleans(),
            st.integers(0, 3000),
        )
    ),
)
def test_whatever_is_pressed_it_stays_on_the_timeline(rows: list[Any], moves: list[tuple[str, bool, int]]) -> None:
    clock = Clock()
    timeline = compile_timeline(make_scene(session_of(rows)))
    head = Playhead(timeline, clock)
    for move, on, ms in moves:
        clock.ms += ms
        step = 1 if on else -1
        match move:
            case "user":
                head.user_row(step)
            case "chapter":
                head.chapter(step)
            case "faster":
                head.faster(step)
            case "step":
                head.set_step(on)
            case "presenter":
                head.set_presenter(on)
            case _:
                getattr(head, move)()
        assert 0 <= head.position() <= timeline.duration
        wait = head.until_change()
        assert (wait is None) == (going(head) is not Going.PLAYING)
    head.set_presenter(False)
    head.set_step(False)
    for _ in range(len(timeline.starts) + 2):
        head.next()
        head.next()
    clock.ms += 10_000_000
    head.play() if going(head) is Going.WAITING else None
    clock.ms += 10_000_000
    assert head.position() > 0 or not timeline.starts
