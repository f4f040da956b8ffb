"""The main job from end to end: import, find, read, write, hide, leave, and find everything there again."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.e2e.terminal import Terminal, environment, nova_tui


def conversation(title: str, *turns: tuple[str, str]) -> dict[str, Any]:
    """Return a conversation as ChatGPT exports it."""
    mapping: dict[str, Any] = {"root": {"id": "root", "message": None, "parent": None, "children": []}}
    parent = "root"
    for number, (role, text) in enumerate(turns):
        node = f"{title}-{number}"
        message = {
            "id": node,
            "author": {"role": role},
            "create_time": 1_700_000_000.0 + number,
            "content": {"content_type": "text", "parts": [text]},
            "recipient": "all",
            "metadata": {},
        }
        mapping[node] = {"id": node, "message": message, "parent": parent, "children": []}
        mapping[parent]["children"].append(node)
        parent = node
    return {"id": title, "title": title, "create_time": 1_700_000_000.0, "mapping": mapping, "current_node": parent}


@contextmanager
def running(home: Path, *arguments: str, size: tuple[int, int] = (100, 30)) -> Iterator[Terminal]:
    """Run the program in a terminal."""
    terminal = Terminal(nova_tui(*arguments), environment(home), size)
    try:
        yield terminal
    finally:
        terminal.close()


def shell(home: Path, *arguments: str) -> str:
    """Run a command and return what it prints."""
    done = subprocess.run(
        nova_tui(*arguments), env=environment(home), capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_import_find_read_write_hide_and_find_it_again(tmp_path: Path) -> None:
    export = tmp_path / "conversations.json"
    export.write_text(
        json.dumps(
            [
                conversation("Refund flow", ("user", "I was charged **twice**."), ("assistant", "Sorry about that.")),
                conversation("Garden plan", ("user", "Which soil for tomatoes?"), ("assistant", "Loam.")),
            ]
        )
    )
    shell(tmp_path, "import", str(export))

    with running(tmp_path) as terminal:
        terminal.wait_for("Refund flow")
        terminal.wait_for("Garden plan")
        terminal.press("/", "refund")
        terminal.wait_gone("Garden plan")
        terminal.wait_for("I was charged twice.")
        terminal.press("enter", "tab", "tab")
        terminal.press("A user row", "ctrl+s")
        terminal.wait_for("3 rows")
        terminal.press("An assistant row", "ctrl+s")
        terminal.wait_for("4 rows")
        terminal.press("ctrl+t", "ctrl+t", "ctrl+o", "A hidden system row", "ctrl+s")
        terminal.wait_for("5 rows · 1 hidden")
        terminal.press("escape", "h")
        terminal.wait_for("2 hidden")
        terminal.wait_gone("An assistant row")
        terminal.press(".")
        terminal.wait_for("An assistant row")
        terminal.wait_for("A hidden system row")
        terminal.press(".")
        terminal.wait_gone("A hidden system row")
        terminal.press("ctrl+q")
        assert terminal.wait_end() == 0

    with running(tmp_path) as terminal:
        terminal.wait_for("5 rows · 2 hidden")
        terminal.wait_for("A user row")
        terminal.press("ctrl+q")
        assert terminal.wait_end() == 0

    listed = json.loads(shell(tmp_path, "list", "--json"))
    assert [(entry["title"], entry["rows"], entry["hidden_rows"]) for entry in listed] == [
        ("Refund flow", 5, 2),
        ("Garden plan", 2, 0),
    ]


def test_the_demo_library_opens_and_writes_nothing(tmp_path: Path) -> None:
    with running(tmp_path, "demo", size=(80, 24)) as terminal:
        terminal.wait_for("Sessions")
        terminal.wait_for("not kept")
        terminal.press("j", "j", "ctrl+q")
        assert terminal.wait_end() == 0
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == []
