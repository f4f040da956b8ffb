"""The scene: what an audience may see, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given

from nova_tui.domain.errors import ScriptError
from nova_tui.domain.row import Image, Role, Row
from nova_tui.domain.session import Session
from nova_tui.performing.masks import INSTEAD, Mask, reviewed_findings, session_masks, with_masks
from nova_tui.performing.scene import make_scene
from nova_tui.performing.script import read_script
from nova_tui.performing.timeline import compile_timeline
from tests.performing.scenes import ROWS, session_of, talk

CANARY = "canary-7f3a"


def everywhere() -> Session:
    """Return a session with the canary wherever a visible row can hold it."""
    row = Row(
        f"Text {CANARY} and again {CANARY}.",
        Role.ASSISTANT,
        metadata={
            "demo": {"caption": f"c {CANARY}", "note": f"n {CANARY}", "chapter": f"h {CANARY}"},
            "function_calls": [{"function_name": CANARY, "parameters": {CANARY: [CANARY, 1]}, "result": CANARY}],
            "private": CANARY,
        },
        images=(Image(path=f"/{CANARY}.png", url=f"http://x/{CANARY}", name=CANARY, alt=CANARY, extra={"k": CANARY}),),
        extra={"k": CANARY},
        id="0123456789abcdef",
    )
    return Session.new("alice").with_title(f"About {CANARY}").with_dialog(talk("Hi").dialog.insert(1, row))


def test_nothing_masked_is_in_scene_or_timeline() -> None:
    session = everywhere()
    assert CANARY in repr(make_scene(session))
    scene = make_scene(session, read_script(f"mask: [{CANARY}]", "x.yaml"))
    timeline = compile_timeline(scene)
    assert CANARY not in repr(scene) + repr(timeline) + repr(list(timeline.events()))
    assert INSTEAD in scene.rows[1].row.text
    assert scene.masked >= 8
    assert CANARY in session.dialog.rows[1].text


def test_a_mask_of_one_row_hides_it_there_and_in_what_is_made_of_it() -> None:
    session = talk(f"Is {CANARY} right?", f"Yes, {CANARY}.")
    first = session.dialog.rows[0].id
    scene = make_scene(session, masks=[Mask(CANARY, first)])
    assert CANARY not in scene.rows[0].row.text + scene.title
    assert CANARY in scene.rows[1].row.text


def test_masks_that_overlap_hide_all_they_cover() -> None:
    scene = make_scene(talk("one abcdef two abc"), masks=[Mask("abcd"), Mask("cdef"), Mask("b+", pattern=True)])
    assert scene.rows[0].row.text == f"one {INSTEAD} two a{INSTEAD}c"


def test_the_session_keeps_masks_and_reviewed_findings() -> None:
    session = talk("a", "b")
    kept = with_masks(session, [Mask("secret"), Mask("other", "row1")], ["f1", "f1"])
    kept = with_masks(kept, [Mask("secret")], ["f2"])
    assert session_masks(kept) == (Mask("secret"), Mask("other", "row1"))
    assert reviewed_findings(kept) == ("f1", "f2")
    assert kept.dialog == session.dialog
    assert kept.updated_at == session.updated_at
    assert with_masks(session, []) == session


@given(rows=ROWS)
def test_hidden_and_skipped_rows_are_not_in_the_scene(rows: list[Any]) -> None:
    session = session_of(rows)
    scene = make_scene(session)
    left = {row.row.id for row in scene.rows}
    for row in session.dialog.rows:
        assert (row.id in left) == (not row.hidden and not row.metadata["demo"].get("skip", False))
    assert len(left) + scene.hidden + scene.skipped == len(session.dialog.rows)
    assert not scene.problems


def test_a_long_row_collapses_and_its_code_stays_closed() -> None:
    text = "Look:\n```py\na\nb\nc\n```\nend"
    session = session_of([(Role.ASSISTANT, text, {"collapse": 3}, False)])
    assert make_scene(session).rows[0].row.text == "Look:\n```py\na\n```\n\n… 4 more lines"


def test_highlights_are_stretches_of_the_text() -> None:
    session = session_of(
        [(Role.ASSISTANT, "one two\nthree\nfour two", {"highlight": ["two", {"lines": "2-3"}]}, False)]
    )
    row = make_scene(session).rows[0]
    assert [row.row.text[start:end] for start, end in row.lit] == ["two", "three\nfour two"]
    script = read_script("rows:\n  '1': {highlight: ['/t\\w+/', {lines: 9}]}", "x.yaml")
    row = make_scene(session, script).rows[0]
    assert [row.row.text[start:end] for start, end in row.lit] == ["two", "three", "two"]


def test_the_script_wins_over_metadata_and_metadata_over_defaults() -> None:
    session = session_of([
        (Role.USER, "a", {"speed": 2, "caption": "own"}, False), (Role.ASSISTANT, "b", {}, False)
    ])  # fmt: skip
    script = read_script(
        "defaults: {speed: 4, tps: 9}\nrows:\n  row0000000000000: {caption: theirs}\n  2: {hold: 1.5}", "x"
    )
    first, second = (row.cue for row in make_scene(session, script).rows)
    assert (first.speed, first.caption) == (2, "theirs")
    assert (second.speed, second.tps, second.hold) == (4, 9, 1500)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("rows:\n  '1':\n    captoin: x", "x.yaml: line 3: captoin: there is no such key; there are chapter, caption"),
        ("seed: 1\nsped: 2", "x.yaml: line 2: sped: there is no such key"),
        ("rows:\n  1: {speed: fast}", "x.yaml: line 2: speed: it needs a number from 0.05 to 20"),
        ("rows:\n  1: {pause: soon}", "line 2: pause: it needs a number from 0 to 3600 or the word key"),
        ("rows:\n  1: {type: slow}", "line 2: type: it is one of human, paste, instant"),
        ("mask:\n  - ok\n  - /(/", "line 3: mask: not a regular expression"),
        ("rows:\n  1: {highlight: '/(/'}", "line 2: highlight: not a regular expression"),
        ("size: 5x5", "line 1: size: it needs COLSxROWS"),
        ("rows: [1]", "line 1: rows: it is not a mapping"),
        ("a: &b 1", "line 1: anchors"),
        ("- 1", "x.yaml: file: it is not a mapping"),
        ("session: 12", "line 1: session: it needs a text"),
    ],
)
def test_a_mistake_in_a_script_is_told_with_its_line(text: str, said: str) -> None:
    with pytest.raises(ScriptError) as caught:
        read_script(text, "x.yaml")
    assert said in str(caught.value)


def test_a_script_for_a_row_or_session_that_is_not_there_is_told() -> None:
    with pytest.raises(ScriptError, match=r"x: line 3: there is no row 9"):
        make_scene(talk("a"), read_script("rows:\n  1: {hold: 1}\n  9: {hold: 1}", "x"))
    with pytest.raises(ScriptError, match=r"it is for Something, not for"):
        make_scene(talk("a"), read_script("session: Something", "x"))


def test_mistakes_in_metadata_are_told_and_the_rest_is_used() -> None:
    session = session_of([
        (Role.USER, "a", {"caption": "yes", "sped": 1, "highlight": ["/a+/", "a"]}, False),
        (Role.ASSISTANT, "b", [1], False),  # type: ignore[list-item]
    ])  # fmt: skip
    scene = make_scene(session)
    assert scene.rows[0].cue.caption == "yes"
    assert scene.rows[0].lit == ((0, 1),)
    first, *others = [str(problem) for problem in scene.problems]
    assert first.startswith("row 1: demo.sped: there is no such key; there are chapter, caption, note, highlight")
    assert others == [
        "row 1: demo.highlight: a regular expression is taken from a script's file only",
        "row 2: demo: it is not a mapping of keys to values",
    ]
