"""The careful YAML reader and writer."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from nova_tui.domain.errors import YamlError
from nova_tui.domain.safe_text import unsafe_character
from nova_tui.yamlio import read_all_yaml, read_yaml, read_yaml_lines, write_all_yaml, write_yaml

NASTY = [
    *"ab \n\t:-#'\"[]{}&*!|>%@`,?\\=~<0129.eE+",
    "\r", "\x85", "\u2028", "\u2029", "\ufeff", "\x1b", "\x7f", "\x9b", "\xa0", "é", "你", "😀", "\u202e", "\ufffe",
    "\n\n", "  ", "---", "...", "no", "1:30", "<<", "null", "true", "0x1f", "= ", "1e5", "-0", ".5",
]  # fmt: skip
texts = st.one_of(
    st.lists(st.sampled_from(NASTY), max_size=14).map("".join),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40),
)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=12,
)


def same(one: Any, other: Any) -> bool:
    """Compare values with their types and the order of keys."""
    return repr(one) == repr(other)


@given(values)
@example({"text": "a\n b \n"})
@example("\n")
@example("\x1b[31m" * 20_000)
@example("a\n\n")
@example({"a": -0.0, "b": 1e300, "c": "1e5", "d": "null"})
@example(["  lead\nline", "tab\there\nx", "trail \nx"])
def test_what_is_written_is_read_again(value: Any) -> None:
    assert same(read_yaml(write_yaml(value)), value)


@given(st.lists(values.filter(lambda value: value is not None), max_size=3))
def test_documents_are_read_again(documents: list[Any]) -> None:
    assert same(list(read_all_yaml(write_all_yaml(documents))), documents)


def test_emoji_are_written_as_they_are() -> None:
    value = {"text": "party 🎉\nand 👩‍👩‍👧\n𝒳 and \ue000", "🎈": "one 🎉"}
    written = write_yaml(value)
    assert written == "text: |-\n  party 🎉\n  and 👩‍👩‍👧\n  𝒳 and \ue000\n🎈: one 🎉\n"
    assert same(read_yaml(written), value)


def test_several_lines_are_a_literal_block() -> None:
    assert write_yaml({"text": "one\n  two\n\nthree"}) == "text: |-\n  one\n    two\n\n  three\n"


@pytest.mark.parametrize(
    "text",
    ["def f():\n\treturn 1", "a line  \nbroken", "for x:\n    \n    pass", "a\tb\n\t\n \t \nc", "🎉\t\n\ue000 \nx"],
)
def test_tabs_and_blanks_before_a_lines_end_stay_in_a_block(text: str) -> None:
    written = write_yaml({"text": text})
    assert written.startswith("text: |")
    assert [line.removeprefix("  ") for line in written.splitlines()[1:]] == text.splitlines()
    assert same(read_yaml(written), {"text": text})
    assert same(read_yaml(write_yaml({"text": text}, escape=True)), {"text": text})


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a: no\nb: 12:30:45\nc: 010\nd: 2024-99-99", {"a": "no", "b": "12:30:45", "c": "010", "d": "2024-99-99"}),
        ("- 1\n- 1.5\n- true\n- null\n- '1'", [1, 1.5, True, None, "1"]),
        ("", None),
    ],
)
def test_plain_scalars_are_what_json_calls_them(text: str, value: Any) -> None:
    assert same(read_yaml(text), value)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("a: &x 1\nb: *x", "line 1: anchors and aliases are not supported"),
        ("a: 1\n<<: *x", "line 2: anchors and aliases are not supported"),
        ("a: 1\na: 2", "line 2: the key a is there twice"),
        ("!!python/object/apply:os.system ['true']", "line 1: tags are not supported"),
        ("a: 1\n---\nb: 2", "there is more than one document"),
        ("[" * 200, "line 1: nested deeper than 64"),
        ("[" * 1_000_000, "line 1: nested deeper than 64"),
        ("? [a]\n: 1", "line 1: a key must be text"),
        ("a: " + "1" * 500, "line 1: a number is too long"),
        ("a: 1e999", "line 1: a number is too large"),
    ],
)
def test_bad_yaml_is_one_sentence_with_its_line(text: str, sentence: str) -> None:
    with pytest.raises(YamlError, match="^" + sentence.replace("[", r"\[").replace("*", r"\*")):
        read_yaml(text)


@given(st.text(max_size=60) | st.lists(st.sampled_from(NASTY), max_size=30).map("".join))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        list(read_all_yaml(text))
    except YamlError as error:
        assert "\n" not in str(error)


@given(values)
@example("\x1b]52;c;aGk=\x07")
@example({"\u202e": ["a\\\u202eb\n\x85c", "\ufffe", "🏴\U000e0067\U000e007f"]})
def test_escaped_yaml_reads_back_and_holds_nothing_that_a_terminal_obeys(value: Any) -> None:
    text = write_yaml(value, escape=True)
    assert same(read_yaml(text), value)
    assert not unsafe_character().search(text)


def test_the_lines_of_keys_and_items_are_known() -> None:
    value, lines = read_yaml_lines("a: 1\nb:\n  c: [x,\n    y]\n  d: {e: 2}\n")
    assert value == read_yaml("a: 1\nb:\n  c: [x,\n    y]\n  d: {e: 2}\n")
    assert lines == {
        ("a",): 1, ("b",): 2, ("b", "c"): 3, ("b", "c", 0): 3, ("b", "c", 1): 4, ("b", "d"): 5, ("b", "d", "e"): 5,
    }  # fmt: skip
