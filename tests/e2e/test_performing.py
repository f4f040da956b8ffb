"""A performance from end to end: from the list, paused, back, faster, a typo mended on stage, and recorded."""

from __future__ import annotations

from pathlib import Path

from tests.e2e.terminal import Terminal, environment, nova_tui
from tests.e2e.test_main_job import running, shell
from tests.services.recording.test_recording import played

F5, LEFT, RIGHT, BACKSPACE = "\x1b[15~", "\x1b[D", "\x1b[C", "\x7f"


def test_a_performance_is_paused_walked_mended_on_stage_and_recorded(tmp_path: Path) -> None:
    session_id = shell(tmp_path, "new", "--title", "Refund flow").strip()
    shell(tmp_path, "add", session_id, "user", "I was charged twice")
    shell(
        tmp_path, "add", session_id, "assistant", "Sorry about that. " + "We give one payment back. " * 90 + "Goodbey"
    )
    shell(tmp_path, "add", session_id, "user", "The secret row", "--hidden")
    recording = tmp_path / "refund.cast"
    terminal = Terminal(nova_tui(), environment(tmp_path, TEXTUAL_ANIMATIONS="full"), (100, 30))
    try:
        terminal.wait_for("Write a row")
        terminal.wait_for("charged twice")
        terminal.press(F5)
        terminal.wait_gone("Refund flow ─")
        terminal.wait_for("Sorry about that")
        terminal.press(" ")
        terminal.wait_for("paused")
        terminal.press(LEFT)
        terminal.wait_gone("Sorry about that")
        terminal.press("+")
        terminal.wait_for("1.25×")
        terminal.press(RIGHT)
        terminal.wait_for("Goodbey")
        terminal.press("e")
        terminal.wait_for("^s keeps")
        terminal.press(BACKSPACE, BACKSPACE, "ye.", "ctrl+s")
        terminal.wait_gone("^s keeps")
        terminal.wait_for("Goodbye.")
        terminal.press(" ")
        terminal.wait_for("1 hidden row left out")
        terminal.press("r")
        terminal.wait_for("Record as")
        terminal.press("enter")
        terminal.wait_for("Write to")
        terminal.press(str(recording), "enter")
        terminal.wait_gone("Write to")
        terminal.press("q")
        terminal.wait_for("Write a row")
        terminal.wait_for("recording ")
        terminal.wait(recording.exists, "the recording")
        terminal.wait_for("Recorded")
        terminal.press("ctrl+q")
        assert terminal.wait_end() == 0
    finally:
        terminal.close()
    shown = "\n".join(played(recording.read_bytes()).display)
    assert "Goodbye." in shown
    for words in ("Goodbey", "The secret row"):
        assert words not in recording.read_text() + shown
    assert shell(tmp_path, "record", session_id, "-o", str(recording), "--check") == "", "the command makes the same"
    plain = shell(tmp_path, "play", session_id, "--plain")
    assert plain.rstrip().endswith("Goodbye.")
    assert "The secret row" not in plain


def test_the_play_command_ends_with_the_player(tmp_path: Path) -> None:
    session_id = shell(tmp_path, "new", "--title", "Refund flow").strip()
    shell(tmp_path, "add", session_id, "user", "I was charged twice")
    with running(tmp_path, "play", session_id, size=(80, 24)) as terminal:
        terminal.wait_for("q leave")
        assert "charged twice" in terminal.text
        terminal.press("q")
        assert terminal.wait_end() == 0
        assert "0 hidden rows left out" in terminal.text
