"""The lint command."""

from __future__ import annotations

from tests.cli.conftest import Nova
from tests.cli.test_sessions import HOSTILE


def made(nova: Nova, title: str, *turns: str) -> str:
    id = nova.id("new", "--title", title)
    for at, text in enumerate(turns):
        nova.ok("add", id, "user" if at % 2 == 0 else "assistant", text)
    return id


def test_findings_are_told_by_session_and_row(nova: Nova) -> None:
    id = made(nova, "One", "Hello ", "Hi")
    good = made(nova, "Two", "Hello", "Ho")
    result = nova.run("lint", "--all")
    assert result.exit_code == 1
    assert result.stdout.splitlines()[0] == f"{id[:8]}  One"
    assert result.stdout.split()[2:5] == ["warning", "row", "1"]
    assert result.stdout.rstrip().endswith("*")
    assert result.stderr == "1 finding.\n"
    assert good[:8] not in result.stdout
    result = nova.run("lint", good)
    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "Nothing found.\n")


def test_json_is_a_flat_list_for_jq(nova: Nova) -> None:
    one, two = made(nova, "One", "Hello", "Hi "), made(nova, "Two", "Hello", "Hi ")
    result = nova.run("lint", one, two, "--json")
    assert result.exit_code == 1
    import json

    found = json.loads(result.stdout)
    assert [(entry["session_id"], entry["code"]) for entry in found] == [
        (one, "untrimmed-space"),
        (two, "untrimmed-space"),
        (two, "duplicate-session"),
    ]
    assert list(found[0]) == [
        "session_id", "title", "code", "severity", "row_id", "position", "sentence", "mendable", "mended",
    ]  # fmt: skip
    assert one[:8] in found[2]["sentence"]
    assert found[2]["row_id"] is None


def test_a_profile_adds_its_rules(nova: Nova) -> None:
    id = made(nova, "One", "<|im_end|>", "Hi")
    assert nova.run("lint", id).exit_code == 0
    result = nova.run("lint", id, "--profile", "chatml")
    assert result.exit_code == 1
    assert "chatml-mark" in result.stdout
    assert nova.run("lint", id, "--profile", "nonsense").exit_code == 2


def test_notes_alone_are_no_failure(nova: Nova) -> None:
    id = made(nova, "One", "x" * 40_000, "Hi")
    result = nova.run("lint", id)
    assert (result.exit_code, result.stderr) == (0, "1 finding.\n")
    assert "very-long-row" in result.stdout


def test_mending_is_one_change_that_undo_takes_back(nova: Nova) -> None:
    id = made(nova, "One", " Hello ", " Hi")
    result = nova.run("lint", id, "--mend")
    assert (result.exit_code, result.stderr) == (0, "2 findings. 2 mended.\n")
    assert "(mended)" in result.stdout
    assert [row["text"] for row in nova.json("rows", "list", id, "--json")] == ["Hello", "Hi"]
    assert nova.json("history", id, "--json")[0]["note"] == "mend 2 findings"
    nova.ok("undo", id)
    assert [row["text"] for row in nova.json("rows", "list", id, "--json")] == [" Hello ", " Hi"]


def test_what_to_lint_has_to_be_said(nova: Nova) -> None:
    id = made(nova, "One", "Hello", "Hi")
    assert nova.run("lint").exit_code == 2
    assert nova.run("lint", id, "--all").exit_code == 2
    assert nova.run("lint", "0" * 32).exit_code == 1


def test_what_strangers_wrote_is_shown_safely(nova: Nova) -> None:
    made(nova, HOSTILE, HOSTILE, HOSTILE, " x")
    for arguments in ([], ["--json"]):
        shown = nova.run("lint", "--all", *arguments).output
        assert not set(shown) & {"\x1b", "\x07", "\u202e", "\x9b"}
