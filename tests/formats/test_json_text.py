"""The careful reader of JSON, and what a file looks like."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nova_tui.domain.errors import FormatError
from nova_tui.formats.json_text import decode, lines_of, mended, read_json
from nova_tui.formats.source import Source

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(), inner, max_size=5),
    max_leaves=60,
)


@settings(max_examples=40)
@given(values, st.booleans(), st.sampled_from([None, 2]))
def test_what_json_writes_is_read(value: Any, ascii: bool, indent: int | None) -> None:
    text = json.dumps(value, ensure_ascii=ascii, indent=indent)
    assert repr(read_json(text)) == repr(value)


@given(st.text(alphabet='[]{},:"\\ an1\n', max_size=200))
def test_any_text_is_read_as_python_reads_it_or_refused(text: str) -> None:
    try:
        found = read_json(text)
    except FormatError as error:
        assert str(error).isprintable()
    else:
        assert json.loads(text) == found


@pytest.mark.parametrize("depth", [1, 63, 64])
def test_nesting_up_to_the_limit_is_read(depth: int) -> None:
    assert read_json("[" * depth + "]" * depth) == json.loads("[" * depth + "]" * depth)
    assert read_json('[{"a":' * (depth // 2) + "1" + "}]" * (depth // 2))
    assert read_json('{"a": "' + "[" * 500 + '"}')


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[" * 65 + "]" * 65, "it is nested deeper than 64"),
        ("[" * 100_000, "it is nested deeper than 64"),
        ("[[]" * 100, "it is nested deeper than 64"),
        ('{"a": 1, "b": {"a": 1, "a": 2}}', "the key 'a' is there twice in one object"),
        ("NaN", "NaN is not a number that JSON knows"),
        ("[-Infinity]", "-Infinity is not a number that JSON knows"),
        ("1e999", "a number is too large"),
        ("1" * 5000, "a number has more than 400 digits"),
        ('{"a": 1,\n "b": }', "line 2, column 7: it is not JSON: Expecting value"),
        ('"a\tb"', "line 1, column 3: it is not JSON: Invalid control character at"),
    ],
)
def test_bad_json_is_one_sentence_with_its_place(text: str, sentence: str) -> None:
    with pytest.raises(FormatError) as refusal:
        read_json(text)
    assert str(refusal.value) == sentence


def test_marks_at_the_beginning_tell_the_encoding() -> None:
    assert decode("\ufeffé".encode()) == "é"
    assert decode("\ufeffé".encode("utf-16-le")) == "é"
    assert decode("\ufeffé".encode("utf-16-be")) == "é"


def test_another_encoding_is_refused_with_the_byte() -> None:
    with pytest.raises(FormatError, match=r"^byte 10: it is not UTF-8 text; save it as UTF-8$"):
        decode('{"text": "é"}'.encode("latin-1"))
    with pytest.raises(FormatError, match="binary data"):
        decode(b"\x80\0\0\0")


def test_what_no_database_holds_is_replaced_and_counted() -> None:
    counts: list[int] = []
    assert mended({"a\0": ["\ud800x", {"b": "ok"}]}, counts.append) == {"a\ufffd": ["\ufffdx", {"b": "ok"}]}
    assert sum(counts) == 2
    source = Source(rb'{"a": "\u0000\ud83d\ude00\ud83d"}')
    assert source.document == {"a": "\ufffd😀\ufffd"}
    assert source.replaced == 2


def test_only_a_newline_ends_a_line() -> None:
    assert list(lines_of('"a\u2028b\x85"\r\n\n \n"c"')) == [(1, '"a\u2028b\x85"\r'), (4, '"c"')]


@pytest.mark.parametrize(
    ("data", "name", "kind"),
    [
        (b"", "", "empty"),
        (b'{"a": 1}', "", "json"),
        (b'{"a": 1}\n\n', "x.jsonl", "json"),
        (b'{"a": 1}\n{"a": 2}', "x.json", "jsonl"),
        (b'{"a": 1}\nbroken\n{"a": 2}', "", "jsonl"),
        (b'broken {\n{"a": 1}', "", "text"),
        (b'{broken\n{"a": 1}\n{"a": 1}', "", "jsonl"),
        (b'{\n "a": 1\n}', "", "json"),
        (b'\xef\xbb\xbf{"a": 1}', "", "json"),
        (b"nova_tui: 1", "", "yaml"),
        (b"hello", "x.yml", "yaml"),
        (b"hello", "", "text"),
        (b"PK\x03\x04", "x.json", "zip"),
        (b"SQLite format 3\0", "", "sqlite"),
    ],
)
def test_the_content_tells_what_a_file_is(data: bytes, name: str, kind: str) -> None:
    assert Source(data, name).kind == kind


def test_damaged_lines_are_named() -> None:
    source = Source(b'{"a": 1}\n{"a": 2\n\n{"a": 3}\n')
    assert [record.number for record in source.records] == [1, 4]
    with pytest.raises(FormatError, match=r"^line 2, column 8: it is not JSON"):
        source.checked_records()
