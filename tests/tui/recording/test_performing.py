"""Performances on the stage: what a terminal gets is what the stage shows, at every chapter; all of it is in time."""

from __future__ import annotations

from pathlib import Path

import pytest

from nova_tui import Dialog, Session
from nova_tui.performing.masks import Mask
from nova_tui.performing.scene import make_scene
from nova_tui.performing.timeline import compile_timeline
from nova_tui.services.demo_library import demo_sessions
from nova_tui.services.recording import cast, html, svg, text
from nova_tui.services.recording.recording import Recording, text_of
from nova_tui.theming import find_theme, theme_folders
from nova_tui.tui.recording.performing import moments, page_colours, record_timelines
from nova_tui.tui.recording.textual_clock import MOMENT
from tests.performing.scenes import talk
from tests.services.recording.test_recording import assert_shows, played

THEME = find_theme("nova-dark", theme_folders(Path("/nonexistent")))
SESSIONS = {session.title: session for session in demo_sessions("demo", MOMENT)}


def recorded(session: Session, *masks: Mask, speed: float = 8.0, theme: str = "nova-dark") -> Recording:
    timeline = compile_timeline(make_scene(session, masks=masks), speed=speed)
    return record_timelines([timeline], (80, 24), find_theme(theme, theme_folders(Path("/nonexistent"))))


@pytest.mark.parametrize("title", ["Hello in every script 🎈", "Perform me on a stage", "Refund flow"])
def test_the_cast_played_in_a_terminal_is_the_stage_at_every_chapter(title: str) -> None:
    session = next(session for name, session in SESSIONS.items() if name.startswith(title[:20]))
    made = recorded(session)
    data = cast.encode(made)
    assert made.marks
    ends = [mark.at - 1 for mark in made.marks[1:]]
    for at in [*(mark.at for mark in made.marks), *ends, made.length]:
        assert_shows(played(data, at), made, at)


def test_the_screen_is_never_late() -> None:
    session = talk("Hi there, how are you?", "Fine, **thanks**.\n\n- one\n- two")
    timeline = compile_timeline(make_scene(session))
    made = record_timelines([timeline], (60, 20), THEME)
    for frame_at in list(moments(timeline))[::5]:
        state = timeline.state(frame_at)
        shown = "\n".join(text_of(row) for row in made.screen_at(frame_at + 34))  # a frame later it is there
        last = (state.composer or "").split("\n")[-1].strip()
        assert last in shown, frame_at
    assert made.length == timeline.duration


def test_keys_chapters_and_length_are_the_timeline_s() -> None:
    timeline = compile_timeline(make_scene(talk("Hi!", "Hello.", "Bye.")))
    made = record_timelines([timeline], (60, 20), THEME)
    assert "".join(key.data for key in made.keys) == "Hi!\rBye.\r"
    assert [(mark.at, mark.label) for mark in made.marks] == [
        (chapter.ms, chapter.label) for chapter in timeline.chapters
    ]


def test_what_is_hidden_or_masked_is_in_no_file() -> None:
    dialog = (
        Dialog.new()
        .add("system", "canary-hidden", metadata={"hide_row": True})
        .add("user", "My name is canary-masked.")
        .add(
            "assistant", "Hello canary-masked!", metadata={"demo": {"caption": "canary-masked", "note": "canary-note"}}
        )
    )
    session = Session.new("alice").with_title("canary-masked's talk").with_dialog(dialog)
    timeline = compile_timeline(make_scene(session, masks=[Mask("canary-masked")]))
    made = record_timelines([timeline, timeline], (60, 20), THEME)
    files = [cast.encode(made), cast.encode(made, 3), text.encode(made), svg.still(made), svg.animated(made)]
    files += [html.storyboard(made), html.replay([timeline], page_colours(THEME))]
    for file in files:
        assert b"canary" not in file
    # a screen tells letter by letter too: pictures are painted of these rows only
    for _, screen in made.screens():
        assert "canary" not in "\n".join(map(text_of, screen))
    assert "".join(key.data for key in made.keys).count("canary") == 0


@pytest.mark.parametrize("theme", ["paper", "ansi", "high-contrast"])
def test_every_theme_can_be_recorded(theme: str) -> None:
    made = recorded(talk("Hi", "**Hello** `code`"), theme=theme)
    assert "Hello code" in "\n".join(map(text_of, made.screen_at(made.length)))
    assert_shows(played(cast.encode(made)), made, made.length)
