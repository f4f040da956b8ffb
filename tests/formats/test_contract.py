"""What every importer and exporter owes, whichever it is."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta

import pytest

from nova_tui.domain.errors import FormatError
from nova_tui.domain.ids import is_session_id
from nova_tui.domain.native import session_from_mapping
from nova_tui.domain.row import Row
from nova_tui.domain.session import OWN_KEY, Session
from nova_tui.formats.format import Exported, Exporter, Importer, read_source
from nova_tui.formats.registry import EXPORTERS, IMPORTERS, detect
from nova_tui.formats.source import Source
from tests.formats.examples import AT, EXAMPLES, NOVA, READING, read

FILES = [(name, file, data) for name, files in EXAMPLES.items() for file, data in files.items()]
files = pytest.mark.parametrize(("name", "file", "data"), FILES, ids=[f"{name}-{file}" for name, file, _data in FILES])
importers = pytest.mark.parametrize("importer", IMPORTERS.values(), ids=IMPORTERS)
exporters = pytest.mark.parametrize("exporter", EXPORTERS.values(), ids=EXPORTERS)

GARBAGE = [
    b"", b" \n", b"\0\1\2\3", b"\xff\xfe\xfd", b"\xef\xbb\xbf", b"hello", b"[", b"{", b"[]", b"{}", b"null", b"1",
    b'"x"', b"[[[[]]]]", b"[1, 2]", b'{"a": NaN}', b'{"messages": 3}', b'{"messages": []}', b'{"mapping": []}',
    b'[{"mapping": 1}]', b'{"nova_tui": 1}', b"nova_tui: [", b"nova_tui: 1\n", b"nova_tui: &a 1\ndialog: *a\n",
    b"{}\n{}\n", b"{}\nx\n", b"PK\x03\x04", b"PK\x05\x06" + b"\0" * 18, b"SQLite format 3\0", b"\x1f\x8b\x08",
    b"\x28\xb5\x2f\xfd", b"---\n---\n", b"[" * 200 + b"]" * 200, b'{"a":' * 200 + b"1" + b"}" * 200,
    b'{"a": 1, "a": 2}', b"9" * 5000, b'{"messages": [{"role": "user", "content": {"a": 1}}]}',
    b'[{"role": []}]',
]  # fmt: skip
EVIL = [
    b"[" * 3000, b'{"a":' * 500, b"9" * 6000, b"NaN", b"1e9999", b"\\ud800", b"\\u0000", b"\xff\xfe", b"null",
    b"&a [*a]", b"!!python/object/apply:os.system ['true']", b"---\n", b"\x1b]52;c;eA==\x07", b'"', b"\n", b"{}",
    b"[]", b"-1", b"1e300",
]  # fmt: skip


def test_every_importer_has_an_example() -> None:
    assert set(EXAMPLES) == set(IMPORTERS)


@files
def test_the_format_is_found_from_the_content(name: str, file: str, data: bytes) -> None:
    assert detect(Source(data, "")).name == name
    assert detect(Source(data, file)).name == name


@files
def test_reading_twice_gives_equal_sessions(name: str, file: str, data: bytes) -> None:
    once, again = read(data, file), read(data, file)
    assert once.sessions == again.sessions
    assert once.sessions


@files
def test_the_time_of_the_import_changes_no_id(name: str, file: str, data: bytes) -> None:
    later = replace(READING, at=AT + timedelta(days=1))
    once, again = read(data, file), read(data, file, reading=later)
    assert [session.id for session in once.sessions] == [session.id for session in again.sessions]
    rows = [[row.id for row in session.dialog.rows] for session in once.sessions]
    assert rows == [[row.id for row in session.dialog.rows] for session in again.sessions]


@files
def test_sessions_belong_to_who_imports_them_and_tell_their_origin(name: str, file: str, data: bytes) -> None:
    for user in ("alice", "bob"):
        for session in read(
            data, f"/home/someone/{file}".rpartition("/")[2], reading=replace(READING, user_id=user)
        ).sessions:
            assert session.user_id == user
            assert is_session_id(session.id)
            origin = session.own.get("import")
            if origin is not None:
                assert {"format", "file", "sha256", "record", "imported_at"} <= set(origin)
                assert "/" not in origin["file"]
            else:
                assert (name, user) == ("nova", "alice")


@files
def test_two_users_imports_do_not_meet(name: str, file: str, data: bytes) -> None:
    if name == "nova":
        pytest.skip("a native session keeps its id; where another user's has it, transfer gives it another")
    mine, theirs = read(data, file), read(data, file, reading=replace(READING, user_id="bob"))
    assert not {session.id for session in mine.sessions} & {session.id for session in theirs.sessions}


@files
def test_counts_have_the_agreed_names_and_fit_the_rows(name: str, file: str, data: bytes) -> None:
    for conversation in read(data, file).conversations:
        counts = conversation.counts.to_mapping()
        assert list(counts) == [
            "title", "user", "assistant", "system", "hidden", "tool", "thinking", "empty", "offpath", "images",
        ]  # fmt: skip
        for role in ("user", "assistant"):
            visible = [row for row in conversation.session.dialog.visible() if row.role == role and row.text]
            assert counts[role] == len(visible)


@importers
@pytest.mark.parametrize("garbage", GARBAGE, ids=range(len(GARBAGE)))
def test_garbage_is_refused_with_one_sentence(importer: Importer, garbage: bytes) -> None:
    with pytest.raises(FormatError) as refusal:
        read_source(importer, Source(garbage, "x.json"), READING)
    assert str(refusal.value)
    assert "\n" not in str(refusal.value)
    assert str(refusal.value).isprintable()


@pytest.mark.parametrize("garbage", GARBAGE, ids=range(len(GARBAGE)))
@pytest.mark.parametrize("file", ["", "x.json", "x.jsonl", "x.yaml", "x.zip"])
def test_garbage_is_no_known_format_or_is_refused(garbage: bytes, file: str) -> None:
    with pytest.raises(FormatError):
        read(garbage, file)


@importers
@files
def test_the_wrong_importer_reads_or_refuses(importer: Importer, name: str, file: str, data: bytes) -> None:
    try:
        read_source(importer, Source(data, file), READING)
    except FormatError as error:
        assert str(error).isprintable()


@files
def test_damaged_bytes_give_sessions_or_a_format_error(name: str, file: str, data: bytes) -> None:
    chance = random.Random(f"{name} {file}")
    for _round in range(60):
        damaged = damage(data, chance)
        try:
            for session in read(damaged, file).sessions:
                session_from_mapping({**NOVA, "app_data": session.app_data})
        except FormatError as error:
            assert str(error).isprintable()


def damage(data: bytes, chance: random.Random) -> bytes:
    """Return bytes with a few random faults."""
    found = bytearray(data)
    for _fault in range(chance.randrange(1, 5)):
        at = chance.randrange(len(found) + 1)
        match chance.randrange(5):
            case 0 if at < len(found):
                found[at] = chance.randrange(256)
            case 1:
                del found[at : at + chance.randrange(1, 30)]
            case 2:
                found[at:at] = chance.choice(EVIL)
            case 3:
                found[at:at] = found[: chance.randrange(100)]
            case _:
                word = chance.choice((b'"user"', b'"text"', b"null", b"1", b'"', b"true", b"["))
                other = chance.choice((b"null", b"1", b"[]", b"{}", b'"x"'))
                found[:] = found.replace(word, other, chance.randrange(1, 3))
    return bytes(found)


# -- exporters --------------------------------------------------------------------------------------------------------


def example_session() -> Session:
    """Return a session with what sessions can have."""
    session = session_from_mapping(NOVA)
    hidden = Row("secret\nprompt", "system", AT, {"hide_row": True, "kind": "hidden"}, id="00000000000000cc")  # type: ignore[arg-type]
    excluded = Row("a note", "assistant", AT, {"exclude_export": True}, id="00000000000000dd")  # type: ignore[arg-type]
    return session.with_dialog(session.dialog.insert(1, [hidden, excluded]), at=AT)


@exporters
def test_an_export_says_what_it_left_out(exporter: Exporter) -> None:
    for hidden in (True, False):
        receipt: list[Exported] = []
        text = "".join(exporter.write([example_session()], hidden, receipt))
        (entry,) = receipt
        assert entry.hidden == (0 if hidden else 1)
        assert entry.excluded == (1 if exporter.dataset else 0)
        assert entry.rows == 4 - entry.hidden - entry.excluded
        assert ("secret" in text) == hidden
        assert ("a note" in text) == (not exporter.dataset)


@exporters
def test_lossless_formats_are_read_again(exporter: Exporter) -> None:
    if not exporter.lossless:
        pytest.skip("it is not lossless")
    sessions = [example_session(), replace(example_session(), id="f" * 32)]
    for chosen in (sessions[:1], sessions):
        text = "".join(exporter.write(chosen, True, []))
        assert read(text.encode(), f"x{exporter.extension}").sessions == chosen


@exporters
def test_no_sessions_are_an_empty_file_that_can_be_written(exporter: Exporter) -> None:
    assert isinstance("".join(exporter.write([], True, [])), str)


@exporters
def test_nothing_that_is_written_is_cut(exporter: Exporter) -> None:
    long = "word " * 500_000
    session = example_session().with_dialog(example_session().dialog.add_user(long), at=AT)
    assert long.strip() in "".join(exporter.write([session], True, []))
    assert OWN_KEY in session.app_data
