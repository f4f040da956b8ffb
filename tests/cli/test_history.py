"""The commands that walk the revisions: history, undo, redo, restore."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from nova_tui.cli.context import Context
from nova_tui.domain.row import EXCLUDE, Image, Role, Row
from nova_tui.domain.safe_text import unsafe_character
from nova_tui.domain.session import Session
from nova_tui.storage.provider import SessionStorageProvider
from nova_tui.storage.url import open_store
from tests.cli.conftest import Nova
from tests.cli.test_sessions import HOSTILE
from tests.cli.test_terminal import seen
from tests.storage.minimal import MinimalStore

STORES = ["sessions.db", "folder"]
"""What keeps revisions from one process to the next."""


@pytest.fixture(params=STORES)
def lasting(tmp_path: Path, request: pytest.FixtureRequest) -> Nova:
    """Run commands on a fresh store, of each kind."""
    if request.param == "folder":
        (tmp_path / "folder").mkdir()
    return StoreNova(tmp_path, request.param)


@dataclasses.dataclass(frozen=True)
class StoreNova(Nova):
    """Runs commands on a store of a certain kind."""

    store: str = "sessions.db"

    @property
    def environment(self) -> dict[str, str]:
        """The variables, with that store."""
        return {**super().environment, "NOVA_TUI_STORE": str(self.folder / self.store)}


def dialog(nova: Nova, id: str) -> list[str]:
    """Return the texts of a session."""
    return [row["text"] for row in nova.json("show", id, "--format", "json")["dialog"]["rows"]]


def notes(nova: Nova, id: str) -> list[str]:
    """Return what the history says, oldest first."""
    return [entry["note"] for entry in reversed(nova.json("history", id, "--json"))]


def difference(nova: Nova, before: Session, after: Session) -> list[str]:
    """Save two states of a session and return what lies between them, less the heading."""
    with open_store(nova.environment["NOVA_TUI_STORE"], user_id="alice") as store:
        first = store.save(before)
        second = store.save(dataclasses.replace(after, revision=first.revision))
    lines = nova.ok("history", before.id, "--diff", str(first.revision), str(second.revision)).split("\n")
    assert lines[3] == ""
    return lines[4:-1]


# -- history ------------------------------------------------------------------------------------------------------


def test_a_history_tells_number_time_and_what(lasting: Nova) -> None:
    id = lasting.id("new", "--title", "One")
    lasting.ok("add", id, "user", "Hello")
    lasting.ok("rename", id, "Two")
    found = lasting.json("history", id[:4], "--json")
    assert [list(entry) for entry in found] == [["revision", "at", "note"]] * 3
    assert [(entry["revision"], entry["note"]) for entry in found] == [(3, "rename"), (2, "add row"), (1, "create")]
    assert found[0]["at"].endswith("+00:00")
    heading, *lines = lasting.ok("history", id).splitlines()
    assert heading.split() == ["REVISION", "WHEN", "WHAT"]
    assert [line.split()[0] for line in lines] == ["3", "2", "1"]
    assert lines[1].endswith("add row")
    lasting.ok("delete", id)
    assert notes(lasting, id[:4])[-1] == "delete"


def test_revisions_are_compared_row_by_row(nova: Nova) -> None:
    rows = [
        Row(text, role, id=f"{number:04}")
        for number, (role, text) in enumerate(
            [
                (Role.SYSTEM, "Be kind."),
                (Role.USER, "one\ntwo\nthree\nfour"),
                (Role.ASSISTANT, "Yes."),
                (Role.USER, "Go"),
            ]
        )
    ]
    session = Session.new("alice")
    before = session.with_dialog(dataclasses.replace(session.dialog, rows=tuple(rows)))
    after = before.with_title("Numbers").with_tags(["demo"]).with_star().put_app_data("other", {"n": 1})
    changed = (
        rows[1].with_text("one\n2\nthree\nfour").with_role("system").with_hidden(),
        rows[3],
        dataclasses.replace(rows[0], metadata={EXCLUDE: True, "kind": "event"}, images=(Image("image/png", b"1"),)),
        Row("new", Role.ASSISTANT, id="0009"),
    )
    after = after.with_dialog(dataclasses.replace(after.dialog, rows=changed))
    assert difference(nova, before, after) == [
        "title: none → Numbers",
        "tags: +demo",
        "starred: no → yes",
        'app data other: none → {"n": 1}',
        "~ row 1  system  was user  hidden",
        "    one",
        "  - two",
        "  + 2",
        "    three",
        "- row 3  assistant",
        "  - Yes.",
        "~ row 3  system  moved from row 1  excluded  pictures: 0 → 1  metadata kind: none → event",
        "+ row 4  assistant",
        "  + new",
    ]


def test_a_row_that_moved_is_told_by_its_first_line(nova: Nova) -> None:
    session = Session.new("alice").add_user("one\nmore").add_user("two").add_user("three")
    first, *rest = session.dialog.rows
    after = session.with_dialog(dataclasses.replace(session.dialog, rows=(*rest, first)))
    assert difference(nova, session, after) == ["> row 3  user  moved from row 1", "    one"]


def test_large_texts_are_compared_soon_enough(nova: Nova) -> None:
    session = Session.new("alice").add_user("\n".join(["same", *map(str, range(5000)), "end"]))
    text = "\n".join(["same", *(f"x{number}" for number in range(5000)), "end"])
    after = session.with_dialog(session.dialog.replace_text(session.dialog.rows[0].id, text))
    lines = difference(nova, session, after)
    assert lines[:3] == ["~ row 1  user", "    same", "  - 0"]
    assert lines[-2:] == ["  + x4999", "    end"]
    assert len(lines) == 10_003


def test_equal_revisions_and_wrong_ones(nova: Nova) -> None:
    id = nova.id("new")
    nova.ok("star", id)
    nova.ok("star", id, "--off")
    result = nova.run("history", id, "--diff", "1", "3")
    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "Revisions 1 and 3 hold the same.\n")
    for numbers in (["1", "9"], ["0", "1"], ["-1", "1"], ["1", "9" * 40]):
        wrong = nova.run("history", id, "--diff", *numbers)
        assert wrong.exit_code == 1
        assert "has no revision" in wrong.stderr
    assert nova.run("history", id, "--diff", "1").exit_code == 2
    assert nova.run("history", id, "--diff", "1", "x").exit_code == 2
    assert nova.run("history", id, "--diff", "1", "2", "--json").exit_code == 2
    nova.ok("delete", id)
    trashed = nova.run("history", id, "--diff", "1", "2")
    assert trashed.exit_code == 1
    assert "is in the trash" in trashed.stderr


def test_a_difference_is_coloured_and_broken_on_a_terminal_only(nova: Nova) -> None:
    id = nova.id("new")
    nova.ok("add", id, "user", "word " * 30)
    text = seen(nova, "history", id, "--diff", "1", "2")
    assert "\x1b[32m+ row 1  user" in text
    assert len(text.splitlines()) > 7
    assert "\x1b" not in seen(nova, "history", id, "--diff", "1", "2", NO_COLOR="1")
    assert "\x1b" not in nova.ok("history", id, "--diff", "1", "2")
    assert len(nova.ok("history", id, "--diff", "1", "2").splitlines()) == 6


# -- undo and redo ------------------------------------------------------------------------------------------------


def test_undo_and_redo_go_on_from_one_process_to_the_next(lasting: Nova) -> None:
    id = lasting.process("new", "--title", "One").stdout.decode().strip()
    for text in ("first", "second"):
        assert lasting.process("add", id, "user", text).returncode == 0

    def walk(verb: str) -> str:
        result = lasting.process(verb, id[:8])
        assert (result.returncode, result.stderr) == (0, b"")
        return result.stdout.decode().removeprefix(f"{id[:8]}  One · ")

    assert walk("undo") == "undone: add row · now revision 4\n"
    assert walk("undo") == "undone: add row · now revision 5\n"
    assert dialog(lasting, id) == []
    assert walk("redo") == "made again: add row · now revision 6\n"
    assert dialog(lasting, id) == ["first"]
    assert walk("undo") == "undone: add row · now revision 7\n"
    result = lasting.run("undo", id)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == f"nova-tui: There is nothing to undo in session {id}.\n"
    lasting.ok("redo", id)
    lasting.ok("redo", id)
    assert dialog(lasting, id) == ["first", "second"]
    assert lasting.run("redo", id).exit_code == 1


def test_a_deletion_is_taken_back_and_made_again(lasting: Nova) -> None:
    id = lasting.id("new", "--title", "One")
    lasting.ok("delete", id)
    assert lasting.ok("undo", id[:4]) == f"{id[:8]}  One · undone: delete · now revision 3\n"
    assert len(lasting.json("list", "--json")) == 1
    assert lasting.ok("redo", id[:4]) == f"{id[:8]}  One · made again: delete · now revision 4 · in the trash\n"
    assert lasting.json("list", "--json") == []


# -- restore ------------------------------------------------------------------------------------------------------


def test_sessions_come_back_out_of_the_trash(lasting: Nova) -> None:
    one, two, here = (lasting.id("new", "--title", title) for title in ("One", "Two", "Here"))
    lasting.ok("delete", one, two)
    result = lasting.run("restore", one[:6], "f" * 32, two, here)
    assert result.exit_code == 1
    assert result.stdout.splitlines() == [
        f"{one[:8]}  One · restored from the trash · now revision 3",
        f"{two[:8]}  Two · restored from the trash · now revision 3",
        f"{here[:8]}  Here · not in the trash, nothing to restore · still revision 1",
    ]
    assert result.stderr == f"nova-tui: There is no session {'f' * 32} in this store.\n"
    assert len(lasting.json("list", "--json")) == 3
    assert lasting.json("list", "--json", "--trash") == []


def test_an_older_revision_comes_back_as_a_change(lasting: Nova) -> None:
    id = lasting.id("new", "--title", "First")
    lasting.ok("rename", id, "Second")
    lasting.ok("rename", id, "Third")
    said = lasting.ok("restore", id[:8], "--revision", "1")
    assert said == f"{id[:8]}  First · restored: revision 1 · now revision 4\n"
    assert notes(lasting, id) == ["create", "rename", "rename", "restore revision 1"]
    again = lasting.ok("restore", id, "--revision", "1")
    assert again == f"{id[:8]}  First · the same as revision 1, nothing to restore · still revision 4\n"
    lasting.ok("undo", id)
    assert lasting.ok("show", id).startswith("Third\n")
    lasting.ok("delete", id)
    assert "Second" in lasting.ok("restore", id, "--revision", "2")
    assert lasting.ok("show", id).startswith("Second\n")


def test_a_revision_is_of_one_session(nova: Nova) -> None:
    one, two = nova.id("new"), nova.id("new")
    assert nova.run("restore", one, two, "--revision", "1").exit_code == 2
    assert nova.run("restore", one, "--revision", "x").exit_code == 2
    assert nova.run("restore").exit_code == 2
    result = nova.run("restore", one, "--revision", "7")
    assert (result.exit_code, result.stderr) == (1, f"nova-tui: Session {one} has no revision 7.\n")


# -- borders ------------------------------------------------------------------------------------------------------


COMMANDS = [
    ["history", "{}"],
    ["history", "{}", "--json"],
    ["history", "{}", "--diff", "1", "1"],
    ["undo", "{}"],
    ["redo", "{}"],
    ["restore", "{}"],
    ["restore", "{}", "--revision", "1"],
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
    id = nova.id("new", "--user", "bob")
    nova.ok("rename", id, "Bob's", "--user", "bob")
    for reached in (id, id[:8]):
        assert nova.run(*(argument.format(reached) for argument in arguments)).exit_code == 1
    nova.ok("delete", id, "--user", "bob")
    for reached in (id, id[:8]):
        assert nova.run(*(argument.format(reached) for argument in arguments)).exit_code == 1


def test_a_prefix_is_of_one_session_here_or_in_the_trash(nova: Nova) -> None:
    with open_store(nova.environment["NOVA_TUI_STORE"], user_id="alice") as store:
        for digits in ("abcd1", "abcd2"):
            store.save(dataclasses.replace(Session.new("alice").with_title(digits), id=digits.ljust(32, "0")))
        store.delete("abcd2".ljust(32, "0"))
    assert "beginning of 2 sessions" in nova.run("restore", "abcd").stderr
    assert "beginning of 2 sessions" in nova.run("purge", "abcd", "--yes").stderr
    assert nova.ok("show", "abcd").startswith("abcd1\n")
    assert "restored from the trash" in nova.ok("restore", "abcd2")


def test_nothing_is_changed_in_a_store_that_is_read_only(nova: Nova) -> None:
    id = nova.id("new")
    nova.ok("rename", id, "Two")
    for arguments in (["undo", id], ["redo", id], ["restore", id], ["restore", id, "--revision", "1"]):
        result = nova.run(*arguments, "--read-only")
        assert result.exit_code == 1
        assert "reading only" in result.stderr
    assert notes(nova, id) == ["create", "rename"]
    assert "rename" in nova.ok("history", id, "--read-only")


def test_hostile_text_never_reaches_the_terminal(nova: Nova) -> None:
    id = nova.id("new", "--title", HOSTILE)
    nova.ok("add", id, "user", stdin=HOSTILE)
    with open_store(nova.environment["NOVA_TUI_STORE"], user_id="alice") as store:
        row = store.load(id).dialog.rows[0]
        row = dataclasses.replace(row, text=f"x{row.text}", metadata={HOSTILE: HOSTILE}, extra={HOSTILE: HOSTILE})
        session = store.load(id)
        session = session.with_dialog(dataclasses.replace(session.dialog, rows=(row,)))
        session = session.with_tags([HOSTILE]).put_app_data(HOSTILE, {HOSTILE: HOSTILE})
        store.save(session, HOSTILE)
    for arguments in (
        ["history", id],
        ["history", id, "--json"],
        ["history", id, "--diff", "1", "3"],
        ["history", id, "--diff", "2", "3"],
        ["undo", id],
        ["redo", id],
        ["restore", id],
    ):
        result = nova.run(*arguments)
        assert result.exit_code == 0
        assert result.stdout
        assert not unsafe_character().search(result.stdout)
        assert not unsafe_character().search(result.stderr)


def test_a_store_without_lasting_revisions_says_so(nova: Nova, monkeypatch: pytest.MonkeyPatch) -> None:
    store = MinimalStore()
    session = store.save(Session.new("alice"))

    def open_provider(_context: Context, *, create: bool, trial: bool) -> SessionStorageProvider:
        return store

    monkeypatch.setattr(Context, "open_provider", open_provider)
    for arguments in COMMANDS:
        result = nova.run(*(argument.format(session.id) for argument in arguments))
        assert (result.exit_code, result.stdout) == (1, "")
        assert result.stderr == "nova-tui: This kind of store has no lasting revisions.\n"
    assert nova.run("purge", session.id, "--yes").stderr == "nova-tui: This kind of store has no trash.\n"
