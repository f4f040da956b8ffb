"""The README tells the truth: its commands run, its files are there."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import zipfile
from pathlib import Path

import pytest

from tests.e2e.terminal import environment, nova_tui

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```sh\n(.*?)```", README, re.DOTALL)
CHAT = {"messages": [{"role": "user", "content": "Good morning"}, {"role": "assistant", "content": "And to you"}]}
CONVERSATION = {
    "title": "Refund flow",
    "id": "one",
    "current_node": "b",
    "mapping": {
        "a": {"id": "a", "message": None, "parent": None, "children": ["b"]},
        "b": {
            "id": "b",
            "parent": "a",
            "children": [],
            "message": {"id": "b", "author": {"role": "user"}, "content": {"content_type": "text", "parts": ["Hi"]}},
        },
    },
}


def run(folder: Path, arguments: list[str]) -> subprocess.CompletedProcess[str]:
    """Run a command line in a folder."""
    return subprocess.run(
        nova_tui(*arguments),
        cwd=folder,
        env=environment(folder, EDITOR="true"),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Make the files that the README's commands name."""
    (tmp_path / "conversations.json").write_text(json.dumps([CONVERSATION]))
    with zipfile.ZipFile(tmp_path / "export.zip", "w") as archive:
        archive.writestr("conversations.json", json.dumps([CONVERSATION]))
    (tmp_path / "chats").mkdir()
    (tmp_path / "chats" / "chat.json").write_text(json.dumps(CHAT))
    return tmp_path


def test_the_two_commands_are_what_ci_runs() -> None:
    main_job, tests = BLOCKS[0].strip().splitlines()
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert main_job.endswith(".venv/bin/pip install -q -e . && .venv/bin/nova-tui demo")
    assert tests.endswith('.venv/bin/pip install -q -e ".[dev]" && .venv/bin/pytest')
    assert 'pip" install -q -e ".[dev]"' in script


def test_every_command_of_the_readme_runs(folder: Path) -> None:
    lines = [line for line in BLOCKS[1].splitlines() if line.strip()]
    assert len(lines) >= 7
    for line in lines:
        arguments = shlex.split(line, comments=True)
        assert arguments.pop(0) == "nova-tui"
        if "3f2a" in arguments:
            first = json.loads(run(folder, ["list", "--json"]).stdout)[0]["id"]
            arguments = [first[:8] if argument == "3f2a" else argument for argument in arguments]
        done = run(folder, arguments)
        if not arguments or arguments[0] == "play":
            assert done.returncode == 2, "the screen needs a terminal, and says so"
            continue
        assert done.returncode == 0, (line, done.stderr)
        assert done.stdout or done.stderr, line
    assert (folder / "backup.jsonl").read_text(encoding="utf-8").count('"nova_tui": 1') == 2


def test_what_the_readme_points_to_is_there() -> None:
    for target in re.findall(r"\]\((?!http)([^)#]+)\)", README):
        assert (ROOT / target).exists(), target
    for room in re.findall(r"^\| `([^`]+)`", README.split("## Map of the code")[1], re.MULTILINE):
        assert (ROOT / room).exists(), room


def test_the_commands_that_the_readme_names_exist() -> None:
    known = run(ROOT, ["--help"]).stdout
    for name in set(re.findall(r"`?nova-tui ([a-z]+)", README)):
        assert re.search(rf"^  {name} ", known, re.MULTILINE), name
