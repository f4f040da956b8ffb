"""The rows commands: each verb of the screen, named rows, trials, and what they refuse."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.cli.conftest import Nova
from tests.cli.test_sessions import HOSTILE


def made(nova: Nova, *texts: str) -> tuple[str, list[str]]:
    """Make a session whose speakers take turns; return its id and those of its rows."""
    id = nova.id("new", "--title", "One")
    return id, [nova.id("add", id, "user" if at % 2 == 0 else "assistant", text) for at, text in enumerate(texts)]


def listed(nova: Nova, id: str) -> list[dict[str, Any]]:
    found = nova.json("rows", "list", id, "--json")
    assert [row["position"] for row in found] == list(range(len(found)))
    return list(found)


def texts(nova: Nova, id: str) -> list[str]:
    return [row["text"] for row in listed(nova, id)]


def note(nova: Nova, id: str) -> str:
    return str(nova.json("history", id, "--json")[0]["note"])


def test_a_list_tells_position_id_role_state_and_text(nova: Nova) -> None:
    id, (one, two) = made(nova, "Hello\nthere", "And you")
    nova.ok("rows", "hide", id, two)
    nova.ok("rows", "exclude", id, two)
    heading, first, second = nova.ok("rows", "list", id[:6]).splitlines()
    assert heading.split() == ["ROW", "ROLE", "STATE", "WHEN", "TEXT"]
    assert first.split()[:3] == ["0", one, "user"]
    assert first.endswith("Hello there")
    assert second.split()[:5] == ["1", two, "assistant", "hidden", "excluded"]
    assert [row["id"] for row in nova.json("rows", "list", id, two[:4], "--json")] == [two]
    (entry,) = nova.json("rows", "list", id, two, "--json")
    assert list(entry) == [
        "position", "id", "role", "text", "timestamp", "hidden", "excluded", "kind", "images", "metadata",
    ]  # fmt: skip
    assert entry["metadata"] == {"hide_row": True, "exclude_export": True}
    empty = nova.id("new")
    result = nova.run("rows", "list", empty)
    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "No rows.\n")


def test_rows_are_added_anywhere(nova: Nova) -> None:
    id, _ = made(nova, "one", "two")
    first = nova.id("rows", "add", id, "system", "first", "--at", "0", "--hidden")
    last = nova.id("rows", "add", id, "user", stdin="last\n")
    found = listed(nova, id)
    assert [row["text"] for row in found] == ["first", "one", "two", "last"]
    assert (found[0]["id"], found[0]["hidden"], found[3]["id"]) == (first, True, last)
    assert note(nova, id) == "add row"
    result = nova.run("rows", "add", id, "user", "x", "--at", "9")
    assert (result.exit_code, result.stderr) == (1, "nova-tui: 9 is not a position between 0 and 4.\n")


def test_the_text_and_the_role_change_and_the_id_stays(nova: Nova) -> None:
    id, (one, two) = made(nova, "one", "two")
    nova.ok("rows", "edit", id, one[:5], "1")
    nova.ok("rows", "edit", id, two, "-", stdin="zwei\nlines\n")
    nova.ok("rows", "role", id, one, two, "system")
    assert [(row["id"], row["text"], row["role"]) for row in listed(nova, id)] == [
        (one, "1", "system"),
        (two, "zwei\nlines", "system"),
    ]
    for _ in range(3):
        nova.ok("undo", id)
    assert [row["role"] for row in listed(nova, id)] == ["user", "assistant"]
    assert texts(nova, id) == ["one", "two"]


def test_rows_move_and_keep_their_order(nova: Nova) -> None:
    id, rows = made(nova, *"abcde")
    nova.ok("rows", "move", id, rows[3], rows[1], "0")
    assert "".join(texts(nova, id)) == "bdace"
    nova.ok("rows", "move", id, rows[1], "4")
    assert "".join(texts(nova, id)) == "daceb"
    assert nova.run("rows", "move", id, rows[1], "5").exit_code == 1
    assert nova.run("rows", "move", id, rows[1], "top").exit_code == 2


def test_a_range_names_all_rows_between(nova: Nova) -> None:
    id, rows = made(nova, *"abcde")
    nova.ok("rows", "remove", id, f"{rows[3][:8]}..{rows[1]}")
    assert "".join(texts(nova, id)) == "ae"
    assert note(nova, id) == "remove 3 rows"
    result = nova.run("rows", "remove", id, f"{rows[0]}..nowhere")
    assert (result.exit_code, result.stderr) == (1, "nova-tui: There is no row nowhere in this dialog.\n")


def test_splitting_joining_and_duplicating(nova: Nova) -> None:
    id, (one, two) = made(nova, "one and a half", "two")
    half = nova.id("rows", "split", id, one, "4")
    assert texts(nova, id) == ["one ", "and a half", "two"]
    assert listed(nova, id)[1]["id"] == half
    assert note(nova, id) == "split a row"
    nova.ok("rows", "join", id, half, one, "--separator", "")
    assert texts(nova, id) == ["one and a half", "two"]
    assert listed(nova, id)[0]["id"] == one
    copies = nova.ok("rows", "duplicate", id, one, two).split()
    assert [row["id"] for row in listed(nova, id)] == [one, two, *copies]
    result = nova.run("rows", "join", id, one)
    assert (result.exit_code, result.stderr) == (1, "nova-tui: join needs at least 2 rows.\n")


@pytest.mark.parametrize(("on", "off", "key"), [("hide", "show", "hidden"), ("exclude", "include", "excluded")])
def test_switches_go_on_and_off(nova: Nova, on: str, off: str, key: str) -> None:
    id, (one, two, _) = made(nova, "one", "two", "three")
    nova.ok("rows", on, id, one, two)
    assert [row[key] for row in listed(nova, id)] == [True, True, False]
    assert note(nova, id) == f"{on} 2 rows"
    result = nova.run("rows", on, id, two)
    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "Nothing changed.\n")
    nova.ok("rows", off, id, two)
    assert [row[key] for row in listed(nova, id)] == [True, False, False]


def test_a_trial_shows_the_difference_and_changes_nothing(nova: Nova) -> None:
    id, (one, two) = made(nova, "one", "two")
    before = nova.ok("show", id, "--format", "json")
    assert nova.ok("rows", "edit", id, one, "1", "--dry-run").splitlines() == ["~ row 1  user", "  - one", "  + 1"]
    assert nova.ok("rows", "remove", id, two, "--dry-run").splitlines() == ["- row 2  assistant", "  - two"]
    told = nova.json("rows", "move", id, two, "0", "--dry-run", "--json")
    assert (told["dry_run"], told["changed"], len(told["changes"])) == (True, True, 1)
    assert told["changes"][0]["change"] == "move"
    result = nova.run("rows", "show", id, one, "--dry-run")
    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "Nothing would change.\n")
    assert nova.ok("show", id, "--format", "json") == before


def test_json_tells_every_row_that_differs(nova: Nova) -> None:
    id, (one, _) = made(nova, "one", "two")
    told = nova.json("rows", "split", id, one, "1", "--json")
    assert (told["session_id"], told["revision"], told["dry_run"]) == (id, 4, False)
    inserted, edited = told["changes"]
    assert (inserted["change"], inserted["after"]["position"], inserted["after"]["text"]) == ("insert", 1, "ne")
    assert (edited["change"], edited["before"]["text"], edited["after"]["text"]) == ("edit", "one", "o")


def test_rows_that_are_not_there_are_named(nova: Nova) -> None:
    id, (one, _) = made(nova, "one", "two")
    for name in ("abcd", one[:3], ""):
        result = nova.run("rows", "remove", id, name)
        assert result.exit_code == 1
        assert "There is no row" in result.stderr
    assert texts(nova, id) == ["one", "two"]
    assert nova.run("rows", "remove", id).exit_code == 2
    assert nova.run("rows", "nonsense", id).exit_code == 2
    assert nova.run("rows", "role", id, one, "robot").exit_code == 2
    assert nova.run("rows", "remove", "0" * 32, one).exit_code == 1


def test_a_beginning_that_two_rows_share_asks_for_more(nova: Nova) -> None:
    session = {
        "nova_tui": 1,
        "id": "1" * 32,
        "dialog": {"rows": [{"id": f"abcd{n}", "role": "user", "text": str(n)} for n in range(2)]},
    }
    (nova.folder / "chat.json").write_text(json.dumps(session))
    nova.ok("import", str(nova.folder / "chat.json"))
    result = nova.run("rows", "hide", "1111", "abcd")
    assert result.stderr == "nova-tui: abcd is the beginning of several rows; give more digits.\n"
    nova.ok("rows", "hide", "1111", "abcd1")


def test_what_strangers_wrote_is_shown_safely(nova: Nova) -> None:
    id, (one,) = made(nova, HOSTILE)
    for arguments in (["list", id], ["list", id, "--json"], ["edit", id, one, "x", "--dry-run"]):
        shown = nova.ok("rows", *arguments)
        assert not set(shown) & {"\x1b", "\x07", "\u202e", "\x9b"}
    assert texts(nova, id) == [HOSTILE]


def test_a_store_for_reading_only_is_left_alone(nova: Nova) -> None:
    id, (one,) = made(nova, "one")
    assert nova.run("rows", "remove", id, one, "--read-only").exit_code == 1
    assert nova.ok("rows", "remove", id, one, "--read-only", "--dry-run")
    assert texts(nova, id) == ["one"]


def test_a_beginning_that_is_too_short_is_said_to_be(nova: Nova) -> None:
    id = nova.id("new")
    row = nova.id("add", id, "user", "x")
    result = nova.run("rows", "hide", id, row[:3])
    assert result.exit_code == 1
    assert result.stderr == (
        f"nova-tui: There is no row {row[:3]} in this dialog; the beginning of an id needs at least 4 digits.\n"
    )


def test_the_help_tells_every_verb_in_whole_words(nova: Nova) -> None:
    assert "..." not in nova.ok("rows", "--help").partition("Commands:")[2]
