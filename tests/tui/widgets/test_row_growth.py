"""A text that grows looks as if it were laid out whole each time, and costs as much as its last block."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.style import Style

from nova_tui.tui.widgets.markdown_blocks import parse
from nova_tui.tui.widgets.markdown_layout import layout
from nova_tui.tui.widgets.palette import Palette
from nova_tui.tui.widgets.row_growth import RowGrowth

PIECES = st.lists(
    st.sampled_from([
        "# Title\n\n", "Some *text* here. ", "\n\n", "\n", "- item\n", "  more\n", "1. one\n", "> quote\n", "```py\n",
        "x = 1\n", "```\n", "| a | b |\n|---|---|\n| 1 | 2 |\n", "---\n", "日本語 👩‍👩‍👧", "    code\n",
        "\r\n", "[a](b)", "===\n",
    ]),
    max_size=25,
)  # fmt: skip
PALETTE = Palette(lambda _names: Style())


def texts(text: str, growth: RowGrowth) -> list[str]:
    """Return the lines of a growing text."""
    return [line.text for line in growth.lines(text, 40, PALETTE, lambda _code, _language: ())]


def whole(text: str) -> list[str]:
    """Return the lines of a text that is laid out at once."""
    return [line.text for line in layout(parse(text), 40, PALETTE, lambda _code, _language: ())]


@given(pieces=PIECES)
def test_a_growing_text_looks_like_one_laid_out_whole(pieces: list[str]) -> None:
    growth, text = RowGrowth(), ""
    for piece in pieces:
        text += piece
        assert texts(text, growth) == whole(text)


def test_what_is_settled_is_not_read_again() -> None:
    growth, text = RowGrowth(), ""
    for number in range(300):
        for word in f"Paragraph {number} has some words in it, and then some more.\n\n".split(" "):
            text += word + " "
            texts(text.rstrip(" "), growth)
    assert growth.read < 60 * len(text)


def test_another_text_or_width_begins_anew() -> None:
    growth = RowGrowth()
    texts("one\n\ntwo\n\nthree", growth)
    assert texts("else", growth) == whole("else")
    texts("one\n\ntwo\n\nthree", growth)
    lines = [line.text for line in growth.lines("one\n\ntwo", 20, PALETTE, lambda _code, _language: ())]
    assert all(len(line) == 20 for line in lines)


@pytest.mark.parametrize("text", ["word " * 20_000, "line\n\n" * 3_000])
def test_a_text_too_long_to_be_read_whole_tells_so(text: str) -> None:
    growth = RowGrowth()
    for end in (len(text) // 2, len(text)):
        assert texts(text[:end], growth)[-1] == whole(text[:end])[-1]
