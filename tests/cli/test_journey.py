"""A clean few-shot from a long chat, made by commands alone, and taken back step by step."""

from __future__ import annotations

import json
import shlex
import sys

from tests.cli.conftest import Nova


def test_a_clean_few_shot_is_made_from_a_long_chat(nova: Nova) -> None:
    chat = [{"role": "system", "content": "Be helpfull."}]
    chat += [
        {
            "role": "user" if n % 2 == 0 else "assistant",
            "content": f"{'Question' if n % 2 == 0 else 'Answer'} {n // 2} ",
        }
        for n in range(30)
    ]
    (nova.folder / "chat.json").write_text(json.dumps({"messages": chat}))
    nova.ok("import", str(nova.folder / "chat.json"))
    source = nova.json("list", "--json")[0]
    assert source["rows"] == 31

    id = nova.id("fork", source["id"])
    rows = [row["id"] for row in nova.json("rows", "list", id, "--json")]
    nova.ok("rows", "remove", id, f"{rows[5]}..{rows[30]}")
    nova.ok("rows", "edit", id, rows[1], "How do I ask for a refund?")
    insert = nova.id("rows", "add", id, "assistant", "One more", "--at", "3")
    nova.ok("rows", "role", id, insert, "user")
    nova.ok("rows", "move", id, insert, "1")
    nova.ok("rows", "hide", id, rows[0])
    nova.ok("rows", "exclude", id, insert)

    script = nova.folder / "editor.py"
    script.write_text(
        "import pathlib, sys\n"
        "path = pathlib.Path(sys.argv[1])\n"
        "path.write_text(path.read_text().replace('Answer 0 ', 'Open the order and choose refund.'))\n"
    )
    result = nova.run("edit", id, stdin="y\n", VISUAL=f"{shlex.quote(sys.executable)} {shlex.quote(str(script))}")
    assert result.exit_code == 0, result.output
    assert "  + Open the order and choose refund." in result.stdout
    assert "Replaced 1 place" in nova.run("replace", "helpfull", "helpful", id).stderr
    assert nova.run("lint", id, "--profile", "openai").exit_code == 1
    assert nova.run("lint", id, "--profile", "openai", "--mend").exit_code == 0

    exported = json.loads(nova.ok("export", id, "--format", "openai-jsonl"))
    assert [(message["role"], message["content"]) for message in exported["messages"]] == [
        ("system", "Be helpful."),
        ("user", "How do I ask for a refund?"),
        ("assistant", "Open the order and choose refund."),
        ("user", "Question 1"),
        ("assistant", "Answer 1"),
    ]

    notes = [entry["note"] for entry in nova.json("history", id, "--json")]
    assert notes[:3] == ["mend 2 findings", "replace 1 hit", "edit row 4"]
    states = [nova.json("rows", "list", id, "--json")]
    for _ in notes[1:]:
        nova.ok("undo", id)
        states.append(nova.json("rows", "list", id, "--json"))
    assert [row["id"] for row in states[-1]] == rows
    for state in reversed(states[:-1]):
        nova.ok("redo", id)
        assert nova.json("rows", "list", id, "--json") == state
