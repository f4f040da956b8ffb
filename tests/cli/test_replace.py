"""The replace command."""

from __future__ import annotations

from tests.cli.conftest import Nova
from tests.cli.test_sessions import HOSTILE


def made(nova: Nova, title: str, *texts: str) -> str:
    id = nova.id("new", "--title", title)
    for text in texts:
        nova.ok("add", id, "user", text)
    return id


def texts(nova: Nova, id: str) -> list[str]:
    return [row["text"] for row in nova.json("rows", "list", id, "--json")]


def test_all_sessions_are_changed_and_told(nova: Nova) -> None:
    one, two = made(nova, "One", "colour and colour", "plain"), made(nova, "Two", "a colour")
    nova.ok("archive", two)
    result = nova.run("replace", "colour", "color")
    assert result.exit_code == 0
    assert result.stderr == "Replaced 3 places in 2 rows of 2 sessions.\n"
    assert f"{one[:8]}  One · 2 places in 1 row" in result.stdout
    assert "  - colour and colour\n  + color and color" in result.stdout
    assert (texts(nova, one), texts(nova, two)) == (["color and color", "plain"], ["a color"])
    assert nova.json("history", one, "--json")[0]["note"] == "replace 2 hits"
    nova.ok("undo", one)
    assert (texts(nova, one), texts(nova, two)) == (["colour and colour", "plain"], ["a color"])


def test_one_session_can_be_named_and_a_trial_changes_nothing(nova: Nova) -> None:
    one, two = made(nova, "One", "x"), made(nova, "Two", "x")
    result = nova.run("replace", "x", "y", one[:6], "--dry-run")
    assert result.stderr == "Would replace 1 place in 1 row of 1 session.\n"
    assert "  + y" in result.stdout
    assert two[:8] not in result.stdout
    assert texts(nova, one) == ["x"]
    nova.ok("replace", "x", "y", one[:6], one)
    assert (texts(nova, one), texts(nova, two)) == (["y"], ["x"])


def test_regular_expressions_have_groups_and_lines(nova: Nova) -> None:
    id = made(nova, "One", "a1\nb2")
    nova.ok("replace", "--regex", r"^(\w)(\d)$", r"\2\1")
    assert texts(nova, id) == ["1a\n2b"]
    nova.ok("replace", "--regex", "--ignore-case", "A$", "-x")
    assert texts(nova, id) == ["1-x\n2b"]
    nova.ok("replace", "-x", "-y", id)
    assert texts(nova, id) == ["1-y\n2b"]


def test_json_names_every_place(nova: Nova) -> None:
    id = made(nova, "One", "x and x")
    row = nova.json("rows", "list", id, "--json")[0]["id"]
    (told,) = nova.json("replace", "x", "y", "--json", "--dry-run")
    assert (told["session_id"], told["title"], told["replacements"], told["rows"]) == (id, "One", 2, 1)
    assert told["hits"][1] == {"row_id": row, "position": 0, "start": 6, "end": 7, "found": "x", "text": "y"}
    assert nova.json("replace", "nowhere", "y", "--json") == []


def test_nothing_found_is_said(nova: Nova) -> None:
    made(nova, "One", "x")
    result = nova.run("replace", "nowhere", "y")
    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "Nothing found.\n")


def test_a_place_that_would_stay_the_same_is_none(nova: Nova) -> None:
    id = made(nova, "One", "tea and Tea")
    result = nova.run("replace", "--regex", "x*", "")
    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "Nothing found.\n")
    assert nova.json("replace", "--ignore-case", "tea", "tea", "--json")[0]["replacements"] == 1
    assert len(nova.json("history", id, "--json")) == 3


def test_what_cannot_be_done_is_one_sentence(nova: Nova) -> None:
    id = made(nova, "One", "a" * 60 + "!")
    result = nova.run("replace", "--regex", "(", "y")
    assert result.exit_code == 1
    assert "no regular expression" in result.stderr
    assert "Nothing found" not in result.stderr
    result = nova.run("replace", "", "y")
    assert (result.exit_code, "nothing to look for" in result.stderr) == (1, True)
    assert nova.run("replace", "x", "y", "0" * 32).exit_code == 1
    assert nova.run("replace", "x").exit_code == 2
    assert nova.run("replace", "a", "b", id, "--read-only").exit_code == 1
    assert texts(nova, id) == ["a" * 60 + "!"]


def test_a_pattern_that_runs_away_ends_in_a_sentence(nova: Nova) -> None:
    id = made(nova, "One", "a" * 60 + "!")
    result = nova.run("replace", "--regex", "(a+)+$", "y")
    assert result.exit_code == 1
    assert "took longer than 5 seconds and was stopped" in result.stderr
    assert texts(nova, id) == ["a" * 60 + "!"]


def test_what_strangers_wrote_is_shown_safely(nova: Nova) -> None:
    made(nova, HOSTILE, HOSTILE + " x")
    result = nova.run("replace", " x", HOSTILE, "--dry-run")
    assert result.exit_code == 0
    assert not set(result.output) & {"\x1b", "\x07", "\u202e", "\x9b"}
