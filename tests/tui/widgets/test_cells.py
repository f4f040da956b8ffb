"""Text in cells."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from nova_tui.tui.widgets.cells import fit, shown, shown_line
from tests.tui.widgets.texts import hard_text


@given(hard_text, st.integers(0, 40))
def test_fit_is_exact(text: str, width: int) -> None:
    assert cell_len(fit(shown_line(text), width)) == width


def test_fit_cuts_with_an_ellipsis() -> None:
    assert fit("abcdef", 4) == "abc…"
    assert fit("abc", 4) == "abc "
    assert fit("退款流", 4) == "退 …"


def test_joiners_stay_only_between_pictographs() -> None:
    assert shown("👩‍👩‍👧 🏳️‍🌈") == "👩‍👩‍👧 🏳️‍🌈"
    assert shown("a\u200db \u200dx") == "ab x"


@given(hard_text)
def test_shown_text_holds_no_control(text: str) -> None:
    assert not any((ord(c) < 32 and c not in "\n\t") or 127 <= ord(c) < 160 for c in shown(text))
    assert "\n" not in shown_line(text)
