"""Scenes for the tests of performances."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from nova_tui.domain.dialog import Dialog
from nova_tui.domain.row import Role, Row
from nova_tui.domain.session import Session

TEXTS = st.one_of(
    st.text(max_size=40).filter(lambda text: "\0" not in text),
    st.sampled_from([
        "Hi! Can you write a function?",
        "Here:\n\n```python\ndef fib(n):\n    return n\n```\n\n- one\n- two\n",
        "日本語 👩‍👩‍👧 e\u0301 🇩🇪🇫🇷 👍🏽 नमस्ते\r\n한국어",
    ]),
)  # fmt: skip
CUES = st.fixed_dictionaries(
    {},
    optional={
        "chapter": st.sampled_from(["One", "Two"]),
        "caption": st.sampled_from(["Look", ""]),
        "note": st.just("Breathe"),
        "by": st.sampled_from(["token", "word", "line", "block"]),
        "cadence": st.sampled_from(["smooth", "api"]),
        "type": st.sampled_from(["human", "paste", "instant"]),
        "speed": st.sampled_from([0.5, 1, 3.7]),
        "pause": st.sampled_from([0, 1.5, "key"]),
        "hold": st.sampled_from([0, 2]),
        "gap": st.sampled_from([0, 0.7]),
        "think": st.sampled_from([0, 0.8]),
        "skip": st.booleans(),
        "highlight": st.just(["a"]),
    },
)
ROWS = st.lists(st.tuples(st.sampled_from(list(Role)), TEXTS, CUES, st.booleans()), max_size=6)


def session_of(rows: list[tuple[Role, str, dict[str, Any], bool]]) -> Session:
    """Return a session of rows: role, text, cue, and whether it is hidden."""
    made = tuple(
        Row(text, role, metadata={"demo": cue} | ({"hide_row": True} if hidden else {}), id=f"row{number:013d}")
        for number, (role, text, cue, hidden) in enumerate(rows)
    )
    return Session.new("alice").with_dialog(Dialog(made))


def talk(*texts: str) -> Session:
    """Return a session in which user and assistant take turns."""
    rows: list[tuple[Role, str, dict[str, Any], bool]] = [
        (Role.ASSISTANT if index % 2 else Role.USER, text, {}, False) for index, text in enumerate(texts)
    ]
    return session_of(rows)
