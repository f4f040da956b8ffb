"""How the program ends when the world goes away, and what it leaves behind."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from nova_tui import Session, open_store
from tests.e2e.terminal import Terminal, environment, nova_tui


@pytest.fixture
def terminal(tmp_path: Path) -> Terminal:
    """Run the demo."""
    terminal = Terminal(nova_tui("demo"), environment(tmp_path))
    terminal.wait_for("not kept")
    return terminal


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_signal_restores_the_terminal(terminal: Terminal, number: signal.Signals) -> None:
    before = len(terminal.output)
    os.kill(terminal.process_id, number)
    assert terminal.wait_end() == 128 + number
    last_words = bytes(terminal.output[before:])
    assert b"\x1b[?1049l" in last_words, "the alternate screen is left"
    assert b"\x1b[?1003l" in last_words, "the mouse is let go"
    assert b"\x1b[?25h" in last_words, "the cursor is shown"


def test_bytes_that_are_no_text_do_no_harm(terminal: Terminal) -> None:
    terminal.send_bytes(b"\xff\xfe\xc3\x28\x80 \x1b[<999;999;999M\x1b[9999;9999R")
    terminal.press("?")
    terminal.wait_for("Help")
    terminal.press("escape", "ctrl+q")
    assert terminal.wait_end() == 0


def test_without_a_terminal_it_says_so_and_ends(tmp_path: Path) -> None:
    terminal = Terminal(nova_tui("demo"), environment(tmp_path, TERM="dumb"))
    assert terminal.wait_end() == 2
    assert b"\x1b" not in terminal.output


def test_killed_while_typing_loses_less_than_a_second(tmp_path: Path) -> None:
    store = str(tmp_path / "nova.db")
    with open_store(store, user_id="alice") as provider:
        provider.save(Session.new("alice").with_title("Kept").add_user("before"))
    terminal = Terminal(nova_tui("--store", store), environment(tmp_path))
    terminal.wait_for("before")
    terminal.press("w", "precious words")
    terminal.wait_for("precious words")
    terminal.pump(1.0)
    os.kill(terminal.process_id, signal.SIGKILL)
    terminal.wait_end()

    again = Terminal(nova_tui("--store", store), environment(tmp_path))
    try:
        again.wait_for("precious words")
        again.press("w", "ctrl+s")
        again.wait_for("2 rows")
        again.press("ctrl+q")
        assert again.wait_end() == 0
    finally:
        again.close()


def test_a_closed_terminal_keeps_what_was_typed(tmp_path: Path) -> None:
    store = str(tmp_path / "nova.db")
    with open_store(store, user_id="alice") as provider:
        session = provider.save(Session.new("alice").with_title("Kept").add_user("before"))
    terminal = Terminal(nova_tui("--store", store), environment(tmp_path))
    terminal.wait_for("before")
    terminal.press("w", "last words")
    terminal.wait_for("last words")
    os.kill(terminal.process_id, signal.SIGHUP)
    assert terminal.wait_end() == 128 + signal.SIGHUP
    with open_store(store, user_id="alice") as provider:
        assert [(draft.session_id, draft.text) for draft in provider.drafts("alice")] == [(session.id, "last words")]


def test_rows_can_be_edited_again_and_again(terminal: Terminal) -> None:
    terminal.press("enter")
    for number in range(5):
        for text, last in ((f"x{number}", "escape"), (f"y{number}", "ctrl+s")):
            terminal.wait_for("h hide")
            terminal.press("e")
            terminal.wait_for("^s keep")
            terminal.press(text)
            terminal.wait_for(text)
            terminal.press(last)
            terminal.wait_gone("^s keep")
    terminal.press("ctrl+q")
    assert terminal.wait_end() == 0
