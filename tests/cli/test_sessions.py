"""The commands on sessions: new, add, list, show, rename, delete."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest
from rich.cells import cell_len

from nova_tui.cli.listing import distinct_digits
from nova_tui.cli.reading import wrapped
from nova_tui.cli.table import table
from nova_tui.domain.native import session_from_mapping
from nova_tui.domain.row import Role
from nova_tui.domain.safe_text import unsafe_character
from nova_tui.domain.session import Session
from nova_tui.services.pictures import MAX_PICTURE
from nova_tui.storage.url import open_store
from nova_tui.yamlio import read_yaml
from tests.cli.conftest import Nova

PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)
HOSTILE = "\x1b]0;owned\x07\x1b[2J\x9b31m\u202edesrever\u2066 \x7f\u200b\U000e0041 end"


def stored(nova: Nova, id: str) -> Session:
    """Return a session as the store has it."""
    with open_store(str(nova.folder / "sessions.db"), user_id="alice", read_only=True) as store:
        return store.load(id)


def harmless(text: str) -> bool:
    """Tell whether a terminal does nothing but show the text."""
    return not unsafe_character().search(text)


# -- new and add --------------------------------------------------------------------------------------------------


def test_new_prints_the_id_of_a_session(nova: Nova) -> None:
    id = nova.id("new", "--title", "One", "--system", "Be kind.", "--hidden")
    session = stored(nova, id)
    assert re.fullmatch(r"[0-9a-f]{32}", id)
    assert (session.title, session.user_id) == ("One", "alice")
    assert [(row.role, row.text, row.hidden) for row in session.dialog.rows] == [(Role.SYSTEM, "Be kind.", True)]
    assert stored(nova, nova.id("new")).dialog.rows == ()
    assert nova.run("new", "--hidden").exit_code == 2


def test_add_prints_the_id_of_the_row(nova: Nova) -> None:
    id = nova.id("new")
    row_id = nova.id("add", id[:6], "user", "Hello\nthere", "--metadata", '{"source": {"n": 1}}')
    row = stored(nova, id).dialog.rows[-1]
    assert (row.id, row.text, row.role) == (row_id, "Hello\nthere", Role.USER)
    assert row.metadata == {"source": {"n": 1}}
    assert not row.hidden


def test_hidden_goes_into_the_metadata_last(nova: Nova) -> None:
    id = nova.id("new")
    nova.ok("add", id, "system", "s", "--hidden", "--metadata", '{"kind": "event"}')
    assert list(stored(nova, id).dialog.rows[0].metadata.items()) == [("kind", "event"), ("hide_row", True)]


@pytest.mark.parametrize("arguments", [[], ["-"]])
@pytest.mark.parametrize(
    ("given", "kept"),
    [("one\ntwo\n", "one\ntwo"), ("one\n\n", "one\n"), ("", ""), ("東京 🎉", "東京 🎉"), ("a\r\n", "a\r")],
)
def test_text_from_standard_input_less_one_newline(nova: Nova, arguments: list[str], given: str, kept: str) -> None:
    id = nova.id("new")
    nova.ok("add", id, "assistant", *arguments, stdin=given.encode())
    assert stored(nova, id).dialog.last_text() == kept


def test_standard_input_that_is_not_text_is_said(nova: Nova) -> None:
    result = nova.run("add", nova.id("new"), "user", stdin=b"abc\xff")
    assert result.exit_code == 1
    assert result.stderr == "nova-tui: standard input: it is not UTF-8 text (byte 3)\n"


def test_a_nul_is_refused_by_name(nova: Nova) -> None:
    id = nova.id("new")
    result = nova.run("add", id, "user", stdin=b"a\0b")
    assert result.exit_code == 1
    assert "NUL" in result.stderr
    assert len(stored(nova, id).dialog) == 0


@pytest.mark.parametrize("value", ["[1]", "nonsense", '{"a": NaN}', '{"a": 1, "a": 2}', "1", "[" * 100_000])
def test_metadata_that_is_no_object_is_wrong_usage(nova: Nova, value: str) -> None:
    result = nova.run("add", nova.id("new"), "user", "x", "--metadata", value)
    assert result.exit_code == 2
    assert "Invalid value for '--metadata'" in result.stderr


def test_an_unknown_role_is_wrong_usage(nova: Nova) -> None:
    assert nova.run("add", nova.id("new"), "tool", "x").exit_code == 2


@pytest.mark.parametrize(
    ("content", "mime"),
    [
        (PNG, "image/png"),
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"GIF89a", "image/gif"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "image/webp"),
        (b"BM12", "image/bmp"),
    ],
)
def test_a_picture_is_kept_with_the_type_its_content_tells(nova: Nova, content: bytes, mime: str) -> None:
    path = nova.folder / "picture.txt"
    path.write_bytes(content)
    id = nova.id("new")
    nova.ok("add", id, "user", "see", "--image", str(path), "--image", str(path))
    images = stored(nova, id).dialog.rows[0].images
    assert images is not None
    assert [(image.mime, image.data, image.name) for image in images] == [(mime, content, "picture.txt")] * 2


def test_what_is_no_picture_is_refused(nova: Nova) -> None:
    id = nova.id("new")
    text, large, pipe = nova.folder / "a.png", nova.folder / "b.png", nova.folder / "pipe"
    text.write_text("not a picture")
    with large.open("wb") as file:
        file.truncate(MAX_PICTURE + 1)
    os.mkfifo(pipe)
    for path, reason in (
        (text, "not a picture"),
        (large, "larger than 20 MB"),
        (pipe, "not a regular file"),
        (nova.folder, "regular file"),
        (Path("/dev/zero"), "not a regular file"),
        (nova.folder / "none.png", "No such file"),
    ):
        result = nova.run("add", id, "user", "x", "--image", str(path))
        assert result.exit_code == 1, path
        assert str(path) in result.stderr
        assert reason in result.stderr
    assert len(stored(nova, id).dialog) == 0


# -- list ---------------------------------------------------------------------------------------------------------


def test_list_as_json(nova: Nova) -> None:
    id = nova.id("new", "--title", "Refund flow", "--system", "s", "--hidden")
    nova.ok("add", id, "user", "x")
    (found,) = nova.json("list", "--json")
    session = stored(nova, id)
    assert found == {
        "id": id,
        "user_id": "alice",
        "title": "Refund flow",
        "created_at": session.created_at.isoformat(),
        "updated_at": session.updated_at.isoformat(),
        "rows": 2,
        "hidden_rows": 1,
        "tags": [],
        "starred": False,
        "archived": False,
    }
    assert next(iter(found)) == "id"


def test_an_empty_list(nova: Nova) -> None:
    assert nova.made().json("list", "--json") == []
    result = nova.run("list")
    assert (result.stdout, result.stderr) == ("", "No sessions.\n")


def test_list_filters_sorts_and_limits(nova: Nova) -> None:
    ids = {title: nova.id("new", "--title", title) for title in ("Charlie café", "Alpha", "Bravo café")}
    nova.ok("add", ids["Alpha"], "user", "x")
    with open_store(str(nova.folder / "sessions.db"), user_id="alice") as store:
        store.save(store.load(ids["Alpha"]).with_tags(["t"]))
        store.save(store.load(ids["Bravo café"]).with_archive())

    def titles(*arguments: str) -> list[str]:
        return [found["title"] for found in nova.json("list", "--json", *arguments)]

    assert titles() == ["Alpha", "Charlie café"]
    assert titles("--sort", "title") == ["Alpha", "Charlie café"]
    assert titles("--sort", "created") == ["Alpha", "Charlie café"]
    assert titles("--sort", "rows") == ["Alpha", "Charlie café"]
    assert titles("--limit", "1") == ["Alpha"]
    assert titles("--limit", "0") == []
    assert titles("--filter", "CAFE") == ["Charlie café"]
    assert titles("--tag", "t") == ["Alpha"]
    assert titles("--archived") == ["Bravo café"]
    for wrong in (["--limit", "-1"], ["--limit", "x"], ["--sort", "size"]):
        assert nova.run("list", *wrong).exit_code == 2


def test_the_trash_is_listed(nova: Nova) -> None:
    for title in ("Gone", "Gone too", "Here"):
        nova.id("new", "--title", title)
    for found in nova.json("list", "--json", "--filter", "gone"):
        nova.ok("delete", found["id"])
    assert [found["title"] for found in nova.json("list", "--json")] == ["Here"]
    assert [found["title"] for found in nova.json("list", "--json", "--trash", "--sort", "title")] == [
        "Gone",
        "Gone too",
    ]
    assert [found["title"] for found in nova.json("list", "--json", "--trash", "--filter", "too")] == ["Gone too"]


def test_a_table_is_aligned_in_cells() -> None:
    lines = table(["ID", ">ROWS", "TITLE"], [["東京", "3", "日本語のタイトル"], ["abcdef", "1000", "x" * 50]], 29)
    assert lines == [
        "ID      ROWS  TITLE",
        "東京       3  日本語のタイト…",
        "abcdef  1000  xxxxxxxxxxxxxx…",
    ]
    assert all(cell_len(line) <= 29 for line in lines)


def test_a_narrow_terminal_keeps_a_bit_of_the_last_column() -> None:
    assert table(["A", "B"], [["x" * 20, "y" * 20]], 10)[1].endswith("yyyyyyyyyyy…")


def test_ids_are_cut_only_as_far_as_they_differ() -> None:
    assert distinct_digits(["a" * 32, "b" * 32]) == 8
    assert distinct_digits(["a" * 32, "a" * 10 + "b" * 22]) == 11
    assert distinct_digits([]) == 8


# -- show ---------------------------------------------------------------------------------------------------------


def test_show_for_reading(nova: Nova) -> None:
    id = nova.id("new", "--title", "Refund flow", "--system", "Be kind.", "--hidden")
    nova.ok("add", id, "user", "Charged twice.\n  Undo one?")
    nova.ok("add", id, "assistant", "Done.")
    result = nova.run("show", id[:4])
    lines = result.stdout.splitlines()
    assert lines[0] == "Refund flow"
    assert lines[1].startswith("3 rows · 1 hidden · changed ")
    assert lines[2:] == [
        "",
        "user       Charged twice.",
        "             Undo one?",
        "",
        "assistant  Done.",
    ]
    assert result.stderr == "1 hidden row left out; --hidden shows them.\n"
    everything = nova.run("show", id, "--hidden")
    assert "system     [hidden]\n           Be kind." in everything.stdout
    assert everything.stderr == ""


def test_show_tool_calls_and_pictures(nova: Nova) -> None:
    id = nova.id("new")
    path = nova.folder / "cup.png"
    path.write_bytes(PNG)
    call = {"function_name": "find", "parameters": {"order": 1}, "result": [1, 2], "completion_id": None}
    metadata = json.dumps({"kind": "tool_call", "function_calls": [call]})
    nova.ok("add", id, "assistant", "", "--hidden", "--image", str(path), "--metadata", metadata)
    text = nova.ok("show", id, "--hidden")
    assert text.endswith(
        "assistant  [hidden, tool_call]\n"
        "           [picture: cup.png, image/png, 28 bytes]\n"
        '           → find({"order": 1})\n'
        "           ← [1, 2]\n"
    )


@pytest.mark.parametrize(("form", "read"), [("json", json.loads), ("yaml", read_yaml)])
def test_show_without_loss(nova: Nova, form: str, read: type) -> None:
    id = nova.id("new", "--title", HOSTILE, "--system", "hidden", "--hidden")
    nova.ok("add", id, "user", stdin=f"{HOSTILE}\n\n  two 🏳️‍🌈\t".encode())
    text = nova.ok("show", id, "--format", form)
    assert harmless(text)
    assert session_from_mapping(read(text)) == stored(nova, id)


def test_show_as_markdown(nova: Nova) -> None:
    id = nova.id("new", "--title", "Refund flow", "--system", "secret", "--hidden")
    nova.ok("add", id, "user", "**Charged** twice.")
    result = nova.run("show", id, "--format", "markdown")
    assert result.stdout.startswith("# Refund flow\n")
    assert "**Charged** twice." in result.stdout
    assert "secret" not in result.stdout
    assert "1 hidden row" in result.stderr
    assert "secret" in nova.ok("show", id, "--format", "markdown", "--hidden")


def test_show_an_older_revision(nova: Nova) -> None:
    id = nova.id("new", "--title", "First")
    revision = stored(nova, id).revision
    nova.ok("rename", id, "Second")
    assert nova.ok("show", id).startswith("Second\n")
    assert nova.ok("show", id, "--revision", str(revision)).startswith("First\n")
    assert nova.run("show", id, "--revision", "999").exit_code == 1


def test_a_very_long_text_is_shown_whole_in_a_pipe(nova: Nova) -> None:
    id = nova.id("new")
    nova.ok("add", id, "user", stdin="x" * 3_000_000)
    assert nova.ok("show", id).splitlines()[-1].count("x") == 3_000_000


def test_lines_are_broken_between_words_and_in_cells() -> None:
    assert wrapped("short", 10) == ["short"]
    assert wrapped("any length in a pipe", None) == ["any length in a pipe"]
    assert wrapped("one two three four", 9) == ["one two", "three", "four"]
    assert wrapped("  indented text here", 12) == ["  indented", "  text here"]
    assert wrapped("日本語のとても長い文", 8) == ["日本語の", "とても長", "い文"]
    assert wrapped("x" * 25, 10) == ["x" * 10, "x" * 10, "x" * 5]
    assert wrapped("a " + "y" * 12 + " b", 10) == ["a", "y" * 10, "yy b"]


# -- hostile content ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "arguments",
    [
        ["list"],
        ["list", "--json"],
        ["show"],
        ["show", "--hidden"],
        ["show", "--format", "json"],
        ["show", "--format", "yaml"],
        ["show", "--format", "markdown", "--hidden"],
    ],
)
def test_hostile_text_never_reaches_the_terminal(nova: Nova, arguments: list[str]) -> None:
    id = nova.id("new", "--title", HOSTILE, "--system", HOSTILE, "--hidden")
    path = nova.folder / "x\x1b[2J\u202e.png"
    path.write_bytes(PNG)
    metadata = {
        "kind": HOSTILE,
        "function_calls": [{"function_name": HOSTILE, "parameters": HOSTILE, "result": HOSTILE}],
    }
    nova.ok("add", id, "user", "--image", str(path), "--metadata", json.dumps(metadata), "--hidden", stdin=HOSTILE)
    nova.ok("add", id, "assistant", "--image", str(path), stdin=HOSTILE)
    with open_store(str(nova.folder / "sessions.db"), user_id="alice") as store:
        store.save(store.load(id).with_tags([HOSTILE]))
    command, *options = arguments
    result = nova.run(command, *([id] if command == "show" else []), *options)
    assert result.exit_code == 0
    assert harmless(result.stdout)
    assert harmless(result.stderr)
    assert "end" in result.stdout


# -- rename, delete, prefixes -------------------------------------------------------------------------------------


def test_rename(nova: Nova) -> None:
    id = nova.id("new")
    nova.ok("add", id, "user", "A question")
    assert nova.ok("rename", id[:8], "Mine") == ""
    assert stored(nova, id).title == "Mine"
    nova.ok("rename", id, "")
    assert stored(nova, id).title == "A question"


def test_delete_several_and_say_which_are_missing(nova: Nova) -> None:
    one, two, three = (nova.id("new") for _ in range(3))
    assert nova.ok("delete", one) == ""
    result = nova.run("delete", two, "f" * 32, three, two)
    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr == f"nova-tui: There is no session {'f' * 32} in this store.\n"
    assert nova.json("list", "--json") == []
    assert nova.run("delete").exit_code == 2


@pytest.mark.parametrize(
    "arguments",
    [
        ["show", "{}"],
        ["rename", "{}", "x"],
        ["delete", "{}"],
        ["add", "{}", "user", "x"],
        ["show", "{}", "--format", "json"],
    ],
)
@pytest.mark.parametrize("id", ["f" * 32, "ffff", "abc", "", "../../etc/passwd", "F" * 32, "%", "*", "ffff%"])
def test_a_missing_session_is_a_reported_failure(nova: Nova, arguments: list[str], id: str) -> None:
    nova.id("new")
    result = nova.run(*(argument.format(id) for argument in arguments))
    assert result.exit_code == 1
    assert result.stdout == ""
    assert ("is too short" if id == "abc" else "There is no session") in result.stderr


def test_prefixes_need_four_digits_and_one_session(nova: Nova) -> None:
    with open_store(str(nova.folder / "sessions.db"), user_id="alice") as store:
        for digits in ("abcd1", "abcd2", "abce"):
            session = Session.new("alice").with_title(digits)
            store.save(session_from_mapping({**_native(session), "id": digits.ljust(32, "0")}))
    with open_store(str(nova.folder / "sessions.db"), user_id="bob") as store:
        store.save(session_from_mapping({**_native(Session.new("bob")), "id": "abce".ljust(32, "1")}))
    assert nova.ok("show", "abcd1").startswith("abcd1\n")
    assert nova.ok("show", "abce").startswith("abce\n")
    assert "beginning of 2 sessions" in nova.run("show", "abcd").stderr
    assert nova.run("show", "abcd").exit_code == 1
    assert nova.run("show", "abc").exit_code == 1
    assert nova.run("show", "abce".ljust(32, "1")).exit_code == 1


def _native(session: Session) -> dict[str, object]:
    from nova_tui.domain.native import session_to_mapping

    return session_to_mapping(session)


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ('{"a": ' + "[" * 5000 + "]" * 5000 + "}", "its values are nested too deep."),
        ('{"a": ' + "9" * 5000 + "}", "it is not JSON: a number has more than 400 digits"),
    ],
)
def test_metadata_without_measure_is_refused_in_plain_words(nova: Nova, value: str, reason: str) -> None:
    result = nova.run("add", nova.id("new"), "user", "x", "--metadata", value)
    assert result.exit_code == 2
    assert result.stderr.splitlines()[0] == f"nova-tui: Invalid value for '--metadata': {reason}"


def test_a_session_in_the_trash_is_said_to_be_there(nova: Nova) -> None:
    id = nova.id("new", "--title", "One")
    nova.ok("delete", id)
    for arguments in (
        ["show", id],
        ["show", id[:8]],
        ["delete", id],
        ["delete", id[:8]],
        ["lint", id],
        ["rename", id, "Two"],
    ):
        result = nova.run(*arguments)
        said = result.stderr or str(result.exception)
        assert result.exit_code == 1
        assert f"Session {id} is in the trash; restore brings it back" in said
        assert "There is no session" not in said
    other = nova.run("delete", "f" * 32)
    assert "There is no session" in other.stderr
    assert "There is no session" in nova.run("delete", id, "--user", "bob").stderr
