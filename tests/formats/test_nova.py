"""The native format in files: lossless, tolerant of what people leave out, clear about what it cannot read."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nova_tui.domain.dialog import Dialog
from nova_tui.domain.errors import FormatError
from nova_tui.domain.frozen import MAX_DEPTH
from nova_tui.domain.ids import derived_session_id
from nova_tui.domain.row import Image, Role, Row
from nova_tui.domain.session import Session
from nova_tui.domain.times import from_microseconds
from nova_tui.formats.registry import EXPORTERS
from tests.formats.examples import NOVA, NOVA_YAML, READING, as_bytes, as_lines, read

characters = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
texts = st.text(characters, max_size=30) | st.sampled_from(
    [
        "",
        "a\n b\n",
        "\u2028\x85\r\n",
        "👩‍👩‍👧",
        "\u202eabc",
        "---",
        "nova_tui: 1",
        "# x",
        "\x1b[2J",
        "no",
        "1e5",
        " x ",
        "\ufeff",
    ]
)
times = st.integers(0, 4_000_000_000_000_000).map(from_microseconds)
numbers = st.integers() | st.floats(allow_nan=False, allow_infinity=False)
values = st.recursive(
    st.none() | st.booleans() | numbers | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)
maps = st.dictionaries(texts.filter(lambda key: key != "nova_tui"), values, max_size=3)
extras = st.dictionaries(st.sampled_from(["x", "y z", "é"]), values, max_size=2)
images = st.builds(
    Image, st.none() | texts, st.none() | st.binary(max_size=9), name=st.none() | texts, width=st.none() | st.integers()
)
rows = st.builds(
    Row,
    texts,
    st.sampled_from(Role),
    times,
    maps,
    st.none() | st.lists(images, max_size=2).map(tuple),
    st.booleans(),
    texts.filter(bool),
    extra=extras,
)
dialogs = st.builds(Dialog, st.lists(rows, max_size=4, unique_by=lambda row: row.id).map(tuple), extra=extras)
sessions = st.builds(
    Session,
    st.binary(min_size=16, max_size=16).map(bytes.hex),
    st.just("alice"),
    dialogs,
    times,
    times,
    maps,
    extra=extras,
)


@pytest.mark.parametrize("name", ["nova-json", "nova-jsonl", "nova-yaml"])
@settings(max_examples=30)
@given(st.lists(sessions, min_size=1, max_size=3, unique_by=lambda session: session.id))
def test_what_is_written_is_read_again(name: str, written: list[Session]) -> None:
    for exporter in (EXPORTERS[name], EXPORTERS[name].for_terminal()):
        text = "".join(exporter.write(written, True, []))
        receipt = read(text.encode(), f"x{exporter.extension}")
        assert receipt.sessions == written
        assert [session.dialog.rows for session in receipt.sessions] == [session.dialog.rows for session in written]
        assert not receipt.losses
        assert not any(conversation.notes for conversation in receipt.conversations)


def test_what_people_leave_out_is_filled_in_and_said() -> None:
    (conversation,) = read(NOVA_YAML, "hand.yaml").conversations
    assert [row.text for row in conversation.session.dialog.rows] == ["Two\nlines", "Fine"]
    assert "row 1 had no id and got one" in conversation.notes
    assert "row 1: timestamp was missing and was filled in" in conversation.notes


def test_a_session_without_an_id_always_gets_the_same() -> None:
    data = as_bytes({key: value for key, value in NOVA.items() if key != "id"})
    once, again = read(data).sessions[0], read(data).sessions[0]
    assert once.id == again.id != read(data + b"\n").sessions[0].id


def test_another_owners_session_is_handed_over() -> None:
    (session,) = read(as_bytes(NOVA), "theirs.json", reading=replace(READING, user_id="bob")).sessions
    assert (session.user_id, session.id) == ("bob", NOVA["id"])
    origin = session.own["import"]
    assert (origin["owner"], origin["format"], origin["file"]) == ("alice", "nova", "theirs.json")
    assert session.app_data["shop"] == {"order": 1881}


def test_one_bad_session_hurts_only_itself() -> None:
    bad: dict[str, Any] = {**NOVA, "dialog": {"rows": [{"role": "judge", "text": "no"}]}}
    receipt = read(as_lines(bad, {**NOVA, "id": "e" * 32}, {"other": 1}), "x.jsonl")
    assert [session.id for session in receipt.sessions] == ["e" * 32]
    assert receipt.losses[0].startswith("line 1: ")
    assert "is not a role" in receipt.losses[0]
    assert receipt.losses[1] == "line 3 is not a session in the native format"


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (as_bytes({**NOVA, "nova_tui": 2}), "it is in version 2 of the native format; this program reads up to 1"),
        (as_bytes({**NOVA, "dialog": 3}), "its dialog is not a mapping"),
        (as_lines(NOVA) + b'{"nova_tui": 1, "dialog"\n', "line 2, column 25: it is not JSON: Expecting ':' delimiter"),
        (b"nova_tui: 1\ndialog:\n  rows: [\n", "line 4: not YAML: did not find expected node content"),
        (b"nova_tui: 1\nnova_tui: 1\ndialog: {}", "line 2: the key nova_tui is there twice"),
    ],
)
def test_what_cannot_be_read_is_one_sentence(data: bytes, sentence: str) -> None:
    with pytest.raises(FormatError) as refusal:
        read(data)
    assert str(refusal.value) == sentence


def test_json_escapes_what_a_terminal_would_obey() -> None:
    session = Session.new("alice").add_user("\x1b[2J \u202e \x9b")
    for name in ("nova-json", "nova-jsonl"):
        text = "".join(EXPORTERS[name].write([session], True, []))
        assert not set(text) & set("\x1b\u202e\x9b")
        assert json.loads(text)["dialog"]["rows"][0]["text"] == "\x1b[2J \u202e \x9b"


@pytest.mark.parametrize("name", ["nova-json", "nova-jsonl", "nova-yaml"])
def test_whatever_the_model_holds_can_be_read_again(name: str) -> None:
    deep: Any = 1
    for _level in range(MAX_DEPTH):
        deep = [deep]
    row = Row("x", metadata={"other": deep[0]})
    session = Session.new("alice").put_app_data("other", deep[0]).with_dialog(Dialog((row,)))
    data = "".join(EXPORTERS[name].write([session], True, [])).encode()
    assert read(data, reading=replace(READING, user_id="alice")).sessions == [session]


def test_derived_ids_depend_on_the_user() -> None:
    assert derived_session_id("alice", "nova", "x") != derived_session_id("bob", "nova", "x")
