"""Text that anybody may have written becomes text for a terminal."""

from __future__ import annotations

import pytest

from nova_tui.domain.safe_text import clean


@pytest.mark.parametrize("text", ["🏳️‍🌈", "❤️‍🔥", "👩🏽‍🔬", "👨‍👩‍👧‍👦", "🏴󠁧󠁢󠁷󠁬󠁳󠁿", "1️⃣", "می‌خواهم", "क्‍ष"])
def test_emoji_and_scripts_keep_what_joins_them(text: str) -> None:
    assert clean(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\u200d\u200db", "a\u200db"),
        ("a\ufe0f\ufe0f\ufe0fb", "a\ufe0fb"),
        ("a\ufe0f\u200d\u200d\ufe0fb", "a\ufe0f\u200db"),
    ],
)
def test_runs_of_joiners_hide_nothing(text: str, shown: str) -> None:
    assert clean(text) == shown
