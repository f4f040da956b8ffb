"""The play command: without a screen, and the notes beside it."""

from __future__ import annotations

from pathlib import Path

import pytest

from nova_tui.cli.play_notes import notes_text, times
from nova_tui.services.note_channel import NoteChannel
from tests.cli.conftest import Nova


@pytest.fixture
def session_id(nova: Nova) -> str:
    made = nova.run("new", "--title", "Refund", "--system", "Be kind", "--hidden").stdout.strip()
    nova.run(
        "add", made, "user", "I was charged twice", "--metadata", '{"demo": {"chapter": "Ask", "caption": "Look"}}'
    )
    nova.run("add", made, "assistant", "Sorry\x1b[31m, **really**")
    nova.run("add", made, "user", "Thanks", "--metadata", '{"exclude_export": true, "demo": {"sped": 2}}')
    return made


def test_plain_writes_what_is_performed_and_tells_what_is_not(nova: Nova, session_id: str) -> None:
    result = nova.run("play", session_id[:8], "--plain")
    assert result.exit_code == 0
    assert result.stdout == (
        "Refund\n\n== Ask ==\n(Look)\nuser:\nI was charged twice\n\n"
        "assistant:\nSorry␛[31m, **really**\n\nuser:\nThanks\n"
    )
    assert "Be kind" not in result.output
    assert "1 hidden row left out, 0 excluded rows left out (1 shown)." in result.stderr
    assert "row 4: demo.sped: there is no such key" in result.stderr


def test_plain_begins_with_a_row_and_takes_a_script(nova: Nova, session_id: str, tmp_path: Path) -> None:
    rows = nova.json("rows", "list", session_id, "--json")
    script = tmp_path / "demo.yaml"
    script.write_text("mask: [really]\nrows:\n  4: {caption: Bye}\n")
    result = nova.run("play", session_id, "--plain", "--from", rows[2]["id"], "--script", str(script))
    assert result.exit_code == 0
    assert "charged" not in result.stdout
    assert "really" not in result.stdout
    assert "(Bye)" in result.stdout
    assert "1 place masked" in result.stderr


def test_mistakes_get_a_sentence(nova: Nova, session_id: str, tmp_path: Path) -> None:
    script = tmp_path / "demo.yaml"
    script.write_text("rows:\n  1: {speeed: 2}\n")
    result = nova.run("play", session_id, "--plain", "--script", str(script))
    assert result.exit_code == 1
    assert "line 2: speeed: there is no such key" in result.stderr
    hidden = nova.json("rows", "list", session_id, "--json")[0]["id"]
    result = nova.run("play", session_id, "--from", hidden)
    assert result.exit_code == 2
    assert "is hidden or skipped" in result.stderr
    assert nova.run("play", session_id, "--speed", "0").exit_code == 2
    assert nova.run("play", session_id, "--plain", "--notes").exit_code == 2
    result = nova.run("play", session_id)
    assert result.exit_code == 2
    assert "needs a terminal" in result.stderr
    assert "play --plain needs none" in result.stderr


def test_a_secret_that_nobody_reviewed_is_told_loudly(nova: Nova, session_id: str) -> None:
    nova.run("add", session_id, "user", "Write to ann@corp-site.org")
    result = nova.run("play", session_id, "--plain")
    assert "WARNING: 1 place looks like a secret" in result.stderr


def test_notes_say_when_nothing_plays(nova: Nova, session_id: str) -> None:
    result = nova.run("play", session_id, "--notes")
    assert result.exit_code == 0
    assert "Nothing plays this session now." in result.stderr


def test_notes_follow_the_player(nova: Nova, session_id: str, monkeypatch: pytest.MonkeyPatch) -> None:
    channel = NoteChannel(session_id)
    channel.write(
        {"title": "Refund", "number": 1, "rows": 3, "row": "user: hi\x1b[2J", "note": "Breathe", "coming": "x"}
    )

    def look_away(_seconds: float) -> None:
        channel.write(None)

    monkeypatch.setattr("nova_tui.cli.play_notes.time.sleep", look_away)
    result = nova.run("play", session_id, "--notes")
    assert "row 1 of 3" in result.stdout
    assert "Breathe" in result.stdout
    assert "\x1b" not in result.stdout


def test_times_go_on_while_it_plays_and_nonsense_is_zero() -> None:
    facts = {"position": 61_000, "duration": 125_000, "speed": 2, "at": 100, "going": "playing"}
    assert times(facts, 110, 30) == "1:21 / 2:05 · playing · 0:30 since you began"
    assert times({"position": "x", "duration": None, "going": ["\x1b"]}, 0, 0).startswith("0:00 / 0:00")
    assert "not begun" in notes_text({})
