"""Editing by hand from end to end: a clean four-turn few-shot out of a chat of 31 rows, and all the way back."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from tests.e2e.terminal import Terminal, environment, nova_tui
from tests.e2e.test_main_job import conversation, shell

CTRL_E, CTRL_F, BACKSPACE = "\x05", "\x06", "\x7f"
EDITOR = """\
import pathlib, sys
file = pathlib.Path(sys.argv[1])
file.write_text(file.read_text().replace("Anser 5", "Answer 5"))
"""


def chat() -> list[tuple[str, str]]:
    """Return 31 rows as they come from a long evening: typing mistakes, blanks, a name that must not stay."""
    turns = [
        row
        for turn in range(1, 16)
        for row in (
            ("user", f"Question {turn} about Acme."),
            ("assistant", f"Answer {turn}: yes, Acme does."),
        )
    ]
    turns[3] = ("assistant", "Answer 2: yes, Acme deos")
    turns[8] = ("user", "Question 5 about Acme.   ")
    turns[9] = ("assistant", "Anser 5: yes, Acme does.")
    return [*turns, ("user", "Thanks, good night.")]


UNDONE = (
    "mend 1 finding",
    "add metadata.quality",
    "replace 8 hits",
    "edit row 7",
    "hide row 1",
    "make row 1 system",
    "make row 1 assistant",
    "move row 2",
    "move row 3",
    "insert row 3",
    "edit row 4",
    "remove 4 rows",
)
"""What undo says, the last change first."""


def sessions(home: Path) -> list[dict[str, Any]]:
    """Return the list of sessions."""
    listed: list[dict[str, Any]] = json.loads(shell(home, "list", "--json"))
    return listed


def make_few_shot(terminal: Terminal) -> None:
    """Go from the list to a fork of twelve rows, and make four clean turns of it under a hidden system row."""
    terminal.press("enter", "J", "J", "J", "J", "J", "j", "f")
    terminal.wait_for("Night shift (fork) ─")
    terminal.wait_for("12 rows ─")
    terminal.press("g", "J", "J", "v", "J", "j", "d")  # the third and the fourth turn
    terminal.wait_for("4 rows deleted")
    terminal.wait_for("8 rows ─")

    terminal.press("g", "j", "j", "j", "e")
    terminal.wait_for("excluded ○")
    terminal.press(*[BACKSPACE] * 4, "does.", "ctrl+s")
    terminal.wait_gone("excluded ○")
    terminal.wait_for("Answer 2: yes, Acme does.")

    terminal.press("g", "j", "o")
    terminal.wait_for("new row")
    terminal.press("Answer as a patient clerk.", "ctrl+s")
    terminal.wait_for("9 rows ─")
    terminal.press("<", "<")
    terminal.wait(lambda: before(terminal, "Answer as a patient", "Question 1"), "the row at the top")
    terminal.press("R", "R")
    terminal.wait_for("█ system")
    terminal.press("h")
    terminal.wait_for("9 rows · 1 hidden")
    terminal.wait_gone("patient clerk")


def polish(terminal: Terminal) -> None:
    """Mend a word in an editor, replace a name everywhere, rate a row, walk the history, mend what lint finds."""
    terminal.press(CTRL_E)
    terminal.wait_for("What changes in")
    terminal.wait_for("- Anser 5: yes, Acme does.")
    terminal.wait_for("+ Answer 5: yes, Acme does.")
    terminal.press("enter")
    terminal.wait_gone("What changes in")
    terminal.wait_gone("Anser 5")

    terminal.press(CTRL_F)
    terminal.wait_for("Find and replace")
    terminal.press("Acme", "tab", "the shop")
    terminal.wait_for("8 hits ─")
    terminal.wait_for("+ Question 6 about the shop.")
    terminal.press("enter")
    terminal.wait_for("Replaced 8 hits")
    terminal.wait_gone("Acme")

    terminal.press("G", "i")
    terminal.wait_for("Row 9 of 9 · assistant")
    terminal.press("j", "j", "j", "j", "j", "a")
    terminal.wait_for("New key in metadata")
    terminal.press("quality", "enter")
    terminal.wait_for("Value of quality")
    terminal.press("5", "enter")
    terminal.wait_for("5  number")
    terminal.press("escape")
    terminal.wait_gone("Row 9 of 9")

    terminal.press("ctrl+t")
    terminal.wait_for("12 revisions")
    terminal.wait_for("as it is now, read-only")
    terminal.press("j", "j")
    terminal.wait_for("revision 10 ·")
    terminal.wait_for("Question 1 about Acme.")
    terminal.press("G")
    terminal.wait_for("12 rows ─")
    terminal.wait_for("Question 3 about Acme.")
    terminal.press("escape")
    terminal.wait_gone("revisions ─")
    terminal.wait_for("Question 1 about the shop.")

    terminal.press("L")
    terminal.wait_for("1 finding ·")
    terminal.wait_for("begins or ends with blanks")
    terminal.press("M")
    terminal.wait_gone("begins or ends with blanks")
    terminal.wait_for("it is clean")
    terminal.press("escape")
    terminal.wait_gone("Lint ·")


def before(terminal: Terminal, first: str, second: str) -> bool:
    """Tell whether two texts are on the screen, the first above the second."""
    return 0 <= terminal.text.find(first) < terminal.text.find(second)


def test_a_clean_few_shot_is_made_of_a_long_chat_and_every_step_is_taken_back(tmp_path: Path) -> None:
    export, few_shot, editor = tmp_path / "conversations.json", tmp_path / "few-shot.json", tmp_path / "editor.py"
    export.write_text(json.dumps([conversation("Night shift", *chat())]))
    editor.write_text(EDITOR)
    shell(tmp_path, "import", str(export))
    [original] = sessions(tmp_path)
    assert original["rows"] == 31
    untouched = shell(tmp_path, "show", original["id"], "--format", "json")

    home = environment(tmp_path, EDITOR=f"{sys.executable} {editor}", TMPDIR=str(tmp_path))
    terminal = Terminal(nova_tui(), home, (120, 40))
    try:
        terminal.wait_for("Question 1 about")
        make_few_shot(terminal)
        polish(terminal)

        terminal.press("escape", "x")
        terminal.wait_for("Export as")
        terminal.press(*["down"] * 6, "enter")
        terminal.wait_for("night-shift-fork.json")
        terminal.press(str(few_shot), "enter")
        terminal.wait_gone("Write to")
        terminal.wait(few_shot.exists, "the exported file")

        terminal.press("enter")
        for step in UNDONE:
            terminal.press("u")
            terminal.wait_for(f"Undone: {step} in")
        terminal.wait_for("12 rows ─")
        terminal.wait_for("Question 6 about Acme.")
        terminal.press("u")
        terminal.wait_gone("(fork)")
        terminal.wait_for("1 session ·")
        terminal.press("ctrl+q")
        assert terminal.wait_end() == 0
    finally:
        terminal.close()

    assert json.loads(few_shot.read_text()) == [
        {"role": "system", "content": "Answer as a patient clerk."},
        *(
            {"role": role, "content": text}
            for turn in (1, 2, 5, 6)
            for role, text in (
                ("user", f"Question {turn} about the shop."),
                ("assistant", f"Answer {turn}: yes, the shop does."),
            )
        ),
    ]
    assert [entry["id"] for entry in sessions(tmp_path)] == [original["id"]]
    assert shell(tmp_path, "show", original["id"], "--format", "json") == untouched
    [fork] = json.loads(shell(tmp_path, "list", "--trash", "--json"))
    assert fork["rows"] == 12, "the fork is in the trash as it was made"
