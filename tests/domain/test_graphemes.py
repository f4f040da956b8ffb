"""Texts are cut between characters as people see them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nova_tui.domain.graphemes import grapheme_ends


def pieces(text: str) -> list[str]:
    """Return the characters of a text as people see them."""
    ends = grapheme_ends(text)
    return [text[start:end] for start, end in zip([0, *ends], ends, strict=False)]


@pytest.mark.parametrize(
    "whole",
    [
        "a",
        "e\u0301",
        "\r\n",
        "👩‍👩‍👧",
        "🇩🇪",
        "👍🏽",
        "❤️‍🔥",
        "한",
        "\u1112\u1161\u11ab",
        "\U0001f3f4\U000e0067\U000e0062\U000e007f",
        "1️⃣",
    ],
)
def test_what_people_see_as_one_stays_whole(whole: str) -> None:
    assert pieces(whole) == [whole]
    assert pieces(f"x{whole}y") == ["x", whole, "y"]
    assert pieces(whole + whole) == [whole, whole]


def test_flags_go_in_pairs() -> None:
    assert pieces("🇩🇪🇫🇷🇮") == ["🇩🇪", "🇫🇷", "🇮"]


def test_plain_text_is_cut_anywhere() -> None:
    assert pieces("ab\n日本") == ["a", "b", "\n", "日", "本"]
    assert pieces("") == []


@given(st.text())
def test_the_pieces_are_the_text(text: str) -> None:
    assert "".join(pieces(text)) == text
    assert all(pieces(text))
