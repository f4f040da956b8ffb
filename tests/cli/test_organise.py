"""The commands tag, star, archive, fork and purge, and the lists that show what they did."""

from __future__ import annotations

from typing import Any

import pytest

from nova_tui.domain.safe_text import unsafe_character
from tests.cli.conftest import Nova
from tests.cli.test_history import lasting, notes
from tests.cli.test_sessions import HOSTILE, stored

__all__ = ["lasting"]


def tags(nova: Nova, id: str) -> list[str]:
    """Return a session's tags."""
    return nova.ok("tag", id).splitlines()


def titles(nova: Nova, *options: str) -> list[str]:
    """Return the titles that a list shows."""
    return sorted(found["title"] for found in nova.json("list", "--json", *options))


# -- tag ----------------------------------------------------------------------------------------------------------


def test_tags_are_added_and_taken_off(lasting: Nova) -> None:
    id = lasting.id("new")
    assert lasting.ok("tag", id[:6], "+demo", "+to do", "+äöü 🎉") == ""
    assert tags(lasting, id[:6]) == ["demo", "to do", "äöü 🎉"]
    lasting.ok("tag", id, "-demo", "+new", "+to do")
    assert tags(lasting, id) == ["to do", "äöü 🎉", "new"]
    assert notes(lasting, id) == ["create", "tag +demo +to do +äöü 🎉", "tag +new +to do -demo"]
    lasting.ok("undo", id)
    assert tags(lasting, id) == ["demo", "to do", "äöü 🎉"]


@pytest.mark.parametrize("tag", ["h", "x", "demo", "-", "5", "V", "+", "store", "user=bob"])
def test_a_tag_is_never_taken_for_an_option(nova: Nova, tag: str) -> None:
    id = nova.id("new")
    nova.ok("tag", id, f"+{tag}", "+other")
    assert tags(nova, id) == [tag, "other"]
    nova.ok("tag", id, *(["--"] if tag == "-" else []), f"-{tag}")
    assert tags(nova, id) == ["other"]


def test_global_options_work_among_tags(nova: Nova) -> None:
    other = str(nova.folder / "other.db")
    id = nova.id("new", "--store", other, "--user", "-b")
    nova.ok("tag", "--store", other, id, "+one", "--user", "-b", "+two", "-three")
    nova.ok("tag", id, "-one", "--store", other, f"--user={'-b'}")
    assert nova.ok("--store", other, "--user", "-b", "tag", id) == "two\n"
    assert nova.run("tag", id, "+x", "--user").exit_code == 2
    for arguments in (["-h"], ["--help"], [id, "--help"], [id, "-x", "--help"]):
        assert "Usage: nova-tui tag" in nova.ok("tag", *arguments)


@pytest.mark.parametrize("wrong", [["demo"], ["+"], ["-"], ["+ "], ["- "], [""], ["+a", "b"], ["--demo"]])
def test_what_is_no_change_of_tags_is_wrong_usage(nova: Nova, wrong: list[str]) -> None:
    id = nova.id("new")
    result = nova.run("tag", id, *wrong)
    assert result.exit_code == 2
    assert tags(nova, id) == []


def test_tags_that_change_nothing(nova: Nova) -> None:
    id = nova.id("new")
    assert nova.run("tag", id).stderr == "No tags.\n"
    nova.ok("tag", id, "+a")
    nova.ok("tag", id, "+a")
    result = nova.run("tag", id, "-b", "-\x1b[2J")
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == "It has no tag b.\nIt has no tag ␛[2J.\n"
    nova.ok("tag", id, "+b", "-b")
    assert tags(nova, id) == ["a"]
    nova.ok("tag", id, "-a", "+a")
    assert len(notes(nova, id)) == 2


def test_hostile_tags_are_shown_safely(nova: Nova) -> None:
    id = nova.id("new")
    nova.ok("tag", id, f"+{HOSTILE}", "+two\nlines")
    assert stored(nova, id).tags == (HOSTILE, "two\nlines")
    for arguments in (["tag", id], ["history", id], ["undo", id], ["redo", id], ["list"]):
        assert not unsafe_character().search(nova.ok(*arguments))
    assert len(tags(nova, id)) == 2
    nova.ok("tag", id, f"-{HOSTILE}", "-two\nlines")
    assert stored(nova, id).tags == ()


# -- star, archive and lists --------------------------------------------------------------------------------------


def test_star_and_archive_are_switched_on_and_off(lasting: Nova) -> None:
    id = lasting.id("new", "--title", "One")
    before = lasting.json("list", "--json")[0]
    for command, key in (("star", "starred"), ("archive", "archived")):
        options = ["--archived"] if command == "archive" else []
        assert lasting.ok(command, id[:8]) == ""
        lasting.ok(command, id)
        (found,) = lasting.json("list", "--json", *options)
        assert found == {**before, key: True}
        lasting.ok(command, id[:8], "--off")
        lasting.ok(command, id, "--off")
        assert lasting.json("list", "--json") == [before]
        lasting.ok("undo", id)
        assert lasting.json("list", "--json", *options)[0][key] is True
        lasting.ok("redo", id)
    assert "--off" in lasting.ok("star", "--help")
    assert notes(lasting, id)[1:3] == ["star", "unstar"]


def test_lists_of_tags_archive_and_trash_go_together(lasting: Nova) -> None:
    for title in ("Here", "Tagged", "Away", "Away tagged", "Gone", "Gone tagged", "Gone away"):
        id = lasting.id("new", "--title", title)
        if "agged" in title:
            lasting.ok("tag", id, "+t")
        if "way" in title:
            lasting.ok("archive", id)
        if "Gone" in title:
            lasting.ok("delete", id)
    assert titles(lasting) == ["Here", "Tagged"]
    assert titles(lasting, "--tag", "t") == ["Tagged"]
    assert titles(lasting, "--archived") == ["Away", "Away tagged"]
    assert titles(lasting, "--archived", "--tag", "t") == ["Away tagged"]
    assert titles(lasting, "--trash") == ["Gone", "Gone away", "Gone tagged"]
    assert titles(lasting, "--trash", "--tag", "t") == ["Gone tagged"]
    assert titles(lasting, "--trash", "--archived") == ["Gone away"]
    assert titles(lasting, "--trash", "--tag", "t", "--filter", "away") == []
    assert len(titles(lasting, "--trash", "--limit", "2")) == 2


# -- fork ---------------------------------------------------------------------------------------------------------


def test_a_fork_prints_its_id(lasting: Nova) -> None:
    id = lasting.id("new", "--title", "One", "--system", "Be kind.", "--hidden")
    row_id = lasting.id("add", id, "user", "Hello")
    lasting.ok("add", id, "assistant", "Hi")
    lasting.ok("star", id)
    whole, part = lasting.id("fork", id[:8]), lasting.id("fork", id, "--at", row_id[:6])

    def native(session_id: str) -> tuple[list[str], dict[str, Any]]:
        found = lasting.json("show", session_id, "--format", "json")
        return [row["text"] for row in found["dialog"]["rows"]], found["app_data"]["nova_tui"]

    assert native(whole)[0] == ["Be kind.", "Hello", "Hi"]
    assert native(part)[0] == ["Be kind.", "Hello"]
    own = native(part)[1]
    assert (own["title"], own["lineage"]["forked_from"], own["lineage"]["at_row"] is not None) == ("One", id, True)
    assert "starred" not in own
    assert notes(lasting, part) == ["fork of “One”"]
    assert len({id, whole, part}) == 3
    wrong = lasting.run("fork", id, "--at", "ffff")
    assert (wrong.exit_code, wrong.stdout) == (1, "")
    assert wrong.stderr == "nova-tui: There is no row ffff in this dialog.\n"


# -- purge --------------------------------------------------------------------------------------------------------


def test_purge_is_for_ever_and_needs_a_yes(lasting: Nova) -> None:
    one, two = lasting.id("new"), lasting.id("new")
    lasting.ok("delete", one)
    refused = lasting.run("purge", one, two)
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert "--yes" in refused.stderr
    assert len(lasting.json("list", "--json", "--trash")) == 1
    result = lasting.run("purge", one[:8], "f" * 32, two, one, "--yes")
    assert (result.exit_code, result.stdout) == (1, "")
    assert f"There is no session {'f' * 32}" in result.stderr
    assert lasting.json("list", "--json", "--trash") == []
    assert lasting.json("list", "--json") == []
    for command in ("undo", "restore", "history"):
        assert lasting.run(command, one).exit_code == 1
    assert lasting.run("purge", "--yes").exit_code == 2


# -- borders ------------------------------------------------------------------------------------------------------


COMMANDS = [
    ["tag", "{}"],
    ["tag", "{}", "+a"],
    ["tag", "{}", "-a"],
    ["star", "{}"],
    ["archive", "{}", "--off"],
    ["fork", "{}"],
    ["purge", "{}", "--yes"],
]


@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
@pytest.mark.parametrize("id", ["f" * 32, "ffff", "abc", "", "../../etc/passwd", "\x1b[2J"])
def test_a_missing_session_is_a_reported_failure(nova: Nova, arguments: list[str], id: str) -> None:
    nova.id("new")
    result = nova.run(*(argument.format(id) for argument in arguments))
    assert (result.exit_code, result.stdout) == (1, "")
    assert ("is too short" if id == "abc" else "There is no session") in result.stderr
    assert "\x1b" not in result.stderr


@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
def test_another_users_session_is_out_of_reach(nova: Nova, arguments: list[str]) -> None:
    id = nova.id("new", "--user", "bob", "--title", "Bob's")
    for reached in (id, id[:8]):
        assert nova.run(*(argument.format(reached) for argument in arguments)).exit_code == 1
    assert titles(nova, "--user", "bob") == ["Bob's"]


@pytest.mark.parametrize("arguments", COMMANDS[1:], ids=" ".join)
def test_nothing_is_changed_in_a_store_that_is_read_only(nova: Nova, arguments: list[str]) -> None:
    id = nova.id("new")
    nova.ok("tag", id, "+a")
    changes = [argument.format(id).replace("+a", "+b") for argument in arguments]
    if changes[0] == "archive":
        changes.remove("--off")
    result = nova.run(*changes, "--read-only")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "reading only" in result.stderr
