"""The person's own editor gets the terminal, and the screen has it back afterwards."""

from __future__ import annotations

import sys
from pathlib import Path

from nova_tui import open_store
from tests.e2e.terminal import Terminal, environment, nova_tui
from tests.tui.nova_app import titled

EDITOR = """\
import pathlib, sys
file = pathlib.Path(sys.argv[1])
print("this is the editor, press a key and Enter", flush=True)
word = sys.stdin.readline().strip()
file.write_text(file.read_text().replace("frist", word))
"""


def test_a_row_goes_through_an_editor_in_the_same_terminal(tmp_path: Path) -> None:
    place = tmp_path / "s.db"
    with open_store(str(place), user_id="alice") as store:
        session = store.save(titled("One", ("user", "frist"), ("assistant", "answer")))
    editor = tmp_path / "editor.py"
    editor.write_text(EDITOR)
    home = environment(tmp_path, EDITOR=f"{sys.executable} {editor}", TMPDIR=str(tmp_path))
    terminal = Terminal(nova_tui("--store", str(place)), home)
    try:
        terminal.wait_for("frist")
        terminal.press("enter")
        terminal.press("E")
        terminal.wait_for("this is the editor")
        terminal.press("typed in the editor", "enter")
        terminal.wait_for("+ typed in the editor")
        terminal.press("enter")
        terminal.wait_for("Applied")
        terminal.press("E")
        terminal.wait_for("this is the editor")
        terminal.send_bytes(b"\x03")  # ctrl+c is the editor's: this one dies of it, the screen does not
        terminal.wait_for("One")
        terminal.press("ctrl+q")
        assert terminal.wait_end() == 0
    finally:
        terminal.close()
    with open_store(str(place), user_id="alice") as store:
        assert store.load(session.id).dialog.rows[0].text == "typed in the editor"
