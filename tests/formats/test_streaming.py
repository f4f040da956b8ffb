"""Large sources, read piece by piece: the same conversations come out, and what is wrong is said where it stands."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest

from nova_tui.domain.errors import FormatError
from nova_tui.domain.native import session_to_mapping
from nova_tui.formats import archive as archive_module
from nova_tui.formats import source as source_module
from nova_tui.formats import source_bytes, streaming
from nova_tui.formats.format import Conversation, Receipt, read_source
from nova_tui.formats.registry import detect
from nova_tui.formats.source import Source
from nova_tui.formats.streaming import lines_in, values_in
from tests.formats.examples import EXAMPLES, READING

FILES = [(file, data) for files in EXAMPLES.values() for file, data in files.items()]


@pytest.fixture
def tiny(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make every file a large one, of many pieces."""
    monkeypatch.setattr(source_module, "WHOLE", 0)
    monkeypatch.setattr(source_bytes, "CHUNK", 64)
    monkeypatch.setattr(archive_module, "_CHUNK", 64)


def pieces(data: bytes, size: int = 5) -> Iterator[bytes]:
    """Yield bytes in small pieces."""
    return (data[at : at + size] for at in range(0, len(data), size))


def told(conversations: list[Conversation]) -> list[Any]:
    """Return what conversations hold and what is said about them."""
    return [
        (session_to_mapping(found.session), found.counts.to_mapping(), found.notes, found.losses)
        for found in conversations
    ]


def outcome(data: bytes, name: str) -> Any:
    """Return what reading a file gives, as one value that can be compared."""
    source = Source(data, name)
    importer = detect(source)
    receipt = read_source(importer, source, READING)
    return importer.name, told(receipt.conversations), receipt.losses, receipt.notes


@pytest.mark.parametrize(("file", "data"), FILES, ids=[file for file, _data in FILES])
def test_every_format_gives_the_same_in_pieces(file: str, data: bytes, request: pytest.FixtureRequest) -> None:
    whole = outcome(data, file)
    request.getfixturevalue("tiny")
    assert outcome(data, file) == whole


@pytest.mark.usefixtures("tiny")
@pytest.mark.parametrize("packed", [False, True], ids=["file", "archive"])
def test_a_list_is_never_held_as_a_whole(packed: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    items = [
        {"uuid": f"{n}", "name": f"talk {n}", "chat_messages": [{"sender": "human", "text": "hi é" * 9, "uuid": "m"}]}
        for n in range(200)
    ]
    data = json.dumps(items, ensure_ascii=False, indent=1).encode()
    if packed:
        archive = io.BytesIO()
        with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as file:
            file.writestr("data/conversations.json", data)
        data = archive.getvalue()
    else:
        monkeypatch.setattr(source_bytes, "MAX_BYTES", 1000)
    source = Source(data, "conversations.json")
    importer = detect(source)
    parts = []
    receipt = read_source(importer, source, READING)
    assert [found.session.title for found in receipt.conversations] == [f"talk {n}" for n in range(200)]
    for _record in source.entries():
        parts.append(source.part)
    assert parts == sorted(parts)
    assert parts[0] < 0.1
    assert parts[-1] > 0.9
    assert importer.name == "claude"


@pytest.mark.usefixtures("tiny")
def test_damaged_lines_are_left_out_and_said_at_the_end() -> None:
    lines = [json.dumps({"messages": [{"role": "user", "content": f"question {n}"}]}).encode() for n in range(60)]
    lines[40], lines[50] = b'{"messages": [', b'"\xff\xfe"'
    source = Source(b"\n".join(lines), "talks.jsonl")
    importer = detect(source)
    found: list[str] = []
    titles = (conversation.session.title for conversation in importer.read(source, READING, Receipt()))
    with pytest.raises(FormatError, match=r"^line 41, column 15: it is not JSON.*\(2 such lines were left out\)$"):
        found.extend(titles)
    assert len(found) == 58
    assert found[-1] == "question 59"


@pytest.mark.parametrize("text", ["[]", " [ ] ", "[1]", '[1, "a]", {"b": [2, {}]}, 31415, null ]', '["é\\n😀"]'])
@pytest.mark.parametrize("size", [1, 2, 3, 100])
def test_the_values_of_a_list_come_one_by_one(text: str, size: int) -> None:
    found = list(values_in(pieces(text.encode(), size)))
    assert [value for value, _text in found] == json.loads(text)
    assert [json.loads(part) for _value, part in found] == json.loads(text)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("{}", "it is not a JSON list"),
        ("[1, 2", "record 2: the list is cut"),
        ("[1 2]", "record 1: a comma is missing in the list"),
        ("[1] 2", "record 1: there is more behind the list"),
        ('[1, "abc', "record 2: it is not JSON: Unterminated string starting at"),
        ("[1,]", "record 2: it is not JSON: Expecting value"),
        ('[{"a": 1, "a": 2}]', "record 1: the key 'a' is there twice in one object"),
        ("[NaN]", "record 1: NaN is not a number that JSON knows"),
        (f"[{'[' * 100}{']' * 100}]", "record 1: it is nested deeper than 64"),
        (f"[{'[' * 100_000}", "record 1: it is "),
        (f"[1{'0' * 500}]", "record 1: a number has more than 400 digits"),
    ],
)
def test_what_is_wrong_with_a_list_is_said(text: str, reason: str) -> None:
    with pytest.raises(FormatError) as raised:
        list(values_in(pieces(text.encode(), 1000)))
    assert str(raised.value).startswith(reason)


def test_a_mistake_is_found_without_reading_on() -> None:
    taken = []

    def endless() -> Iterator[bytes]:
        yield b'[{"a": 1}, {"a" 2'
        for number in range(1_000_000):
            taken.append(number)
            yield b" " * 64

    with pytest.raises(FormatError, match=r"^record 2"):
        list(values_in(endless()))
    assert len(taken) < 10


def test_a_value_and_a_line_have_a_greatest_length(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streaming, "MAX_PIECE", 1 << 20)
    with pytest.raises(FormatError, match=r"^record 1: it is longer than 1 MB"):
        list(values_in(pieces(b'["' + b"a" * (9 << 20), 1 << 20)))
    with pytest.raises(FormatError, match=r"^line 2: it is longer than 1 MB"):
        list(lines_in(pieces(b"1\n" + b"a" * (9 << 20), 1 << 20)))


@pytest.mark.parametrize("size", [1, 3, 1000])
def test_lines_come_one_by_one(size: int) -> None:
    data = b"\xef\xbb\xbf1\n\n  \r\n\xc3\xa9\r\nlast"
    assert list(lines_in(pieces(data, size))) == [(1, "1"), (4, "é\r"), (5, "last")]
