"""What a data set's user would stumble over is found, and nothing else; the simple things are mended."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nova_tui import Dialog, FunctionCall, Image, InvalidValue, Role, Row, Session
from nova_tui.domain.lint import LONGEST, PROFILES, Severity, content_key, lint, lint_rows, mend
from tests.domain.strategies import sessions

CALL = FunctionCall("look", {"a": 1}).to_mapping()


def session_of(*turns: str | Row) -> Session:
    """Return a session of rows written as `u text`, `a text`, `s text`."""
    roles = {"u": Role.USER, "a": Role.ASSISTANT, "s": Role.SYSTEM}
    rows = [
        turn if isinstance(turn, Row) else Row(turn[2:], roles[turn[0]], id=f"r{n}") for n, turn in enumerate(turns)
    ]
    session = Session.new("alice")
    return session.with_dialog(Dialog(tuple(rows)))


def tool(kind: str, text: str = "", **metadata: object) -> Row:
    return Row(text, Role.SYSTEM, metadata={"hide_row": True, "kind": kind, **metadata})


def codes(session: Session, profile: str | None = None) -> list[str]:
    return [finding.code for finding in lint(session, profile)]


GOOD = ("s Be kind.", "u Hello", "a Hi")


@pytest.mark.parametrize("profile", [None, *PROFILES])
def test_a_good_session_has_no_findings(profile: str | None) -> None:
    assert codes(session_of(*GOOD), profile) == []


@pytest.mark.parametrize(
    ("turns", "expected"),
    [
        (("u Hello", "a "), ["empty-row"]),
        (("u Hello", "a  \n"), ["empty-row"]),
        (("u Hello", Row("", Role.ASSISTANT, images=(Image(data=b"1"),))), []),
        (("u Hello", Row("", Role.ASSISTANT, metadata={"function_calls": [CALL]})), []),
        (("u Hello", "u Again", "a Hi"), ["repeated-role"]),
        (("u 1", "u 2", "u 3", "a Hi"), ["repeated-role", "repeated-role"]),
        (("a Hi", "u Hello"), ["ends-with-user"]),
        (("u Hello", "a Hi", "s Late", "a Yes"), ["system-not-first"]),
        (("u Hello ", "a \nHi"), ["untrimmed-space", "untrimmed-space"]),
        (("u " + "x" * (LONGEST + 1), "a Hi"), ["very-long-row"]),
        ((Row("look", images=(Image(name="cat.png"),)), "a Hi"), ["missing-image"]),
        ((Row("look", images=(Image(path="/tmp/cat.png"),)), "a Hi"), ["missing-image"]),
        ((Row("look", images=(Image(url="https://a.example/c.png"),)), "a Hi"), []),
        (("u Hello", "a I look", tool("tool_call"), tool("tool_result"), "a Hi"), []),
        (("u Hello", tool("thinking", " hm "), "a Hi"), []),
        (("u Hello", "a Hi", Row("notes", metadata={"exclude_export": True})), []),
        (("u Hello", Row("aside", metadata={"exclude_export": True}), "u Again", "a Hi"), ["repeated-role"]),
        ((), []),
    ],
)
def test_each_rule(turns: tuple[str | Row, ...], expected: list[str]) -> None:
    assert codes(session_of(*turns)) == expected


@pytest.mark.parametrize(
    ("profile", "turns", "expected"),
    [
        ("openai", (), ["no-rows"]),
        ("openai", ("u Hello",), ["ends-with-user", "no-answer"]),
        ("openai", ("u Hello", Row("x", Role.ASSISTANT, images=(Image(data=b"1"),))), ["image-not-of-user"]),
        ("openai", (Row("x", images=(Image(data=b"1"),)), "a Hi"), []),
        ("sharegpt", ("a Hi", "u Hello", "a Hi"), ["begins-with-assistant"]),
        ("sharegpt", ("s Be kind", "a Hi", "u Hello", "a Hi"), ["begins-with-assistant"]),
        ("sharegpt", (Row("x", images=(Image(data=b"1"),)), "a Hi"), ["image-has-no-place"]),
        ("chatml", ("u <|im_end|>", "a Hi"), ["chatml-mark"]),
        ("chatml", ("u Hello", tool("tool_call"), "a Hi"), ["tool-has-no-place"]),
        ("openai", ("u <|im_end|>", tool("tool_call"), "a Hi"), []),
    ],
)
def test_rules_of_a_profile(profile: str, turns: tuple[str | Row, ...], expected: list[str]) -> None:
    assert codes(session_of(*turns), profile) == expected


def test_severity_depends_on_the_profile() -> None:
    session = session_of("u 1", "u 2", "a 3")
    assert [finding.severity for finding in lint(session)] == [Severity.WARNING]
    assert [finding.severity for finding in lint(session, "sharegpt")] == [Severity.ERROR]
    assert [finding.severity for finding in lint(session_of("u " + "x" * 40_000, "a 1"))] == [Severity.NOTE]
    with pytest.raises(InvalidValue, match="use openai, sharegpt, chatml"):
        lint(session, "nonsense")


def test_rows_of_the_same_id_are_found_where_a_dialog_would_refuse_them() -> None:
    row = Row("x", id="same")
    (finding,) = [one for one in lint_rows([row, dataclasses.replace(row, role=Role.ASSISTANT)]) if one.position == 1]
    assert (finding.code, finding.severity, finding.row_id) == ("duplicate-row-id", Severity.ERROR, "same")


def test_a_finding_says_where_it_is() -> None:
    (finding,) = lint(session_of("u Hello", "a Hi "))
    assert finding.to_mapping() == {
        "code": "untrimmed-space",
        "severity": "warning",
        "row_id": "r1",
        "position": 1,
        "sentence": "The text begins or ends with blanks or empty lines.",
        "mendable": True,
    }


def test_sessions_that_say_the_same_have_the_same_key() -> None:
    one = session_of(*GOOD)
    assert content_key(one) == content_key(one.fork().with_title("Other"))
    assert content_key(one) != content_key(session_of(*GOOD[:2], "a Ho"))
    assert content_key(one) != content_key(session_of("s Be kind.", "u Hello", "u Hi"))
    assert content_key(session_of("u a", "u b")) != content_key(session_of("u a b"))
    assert content_key(session_of()) is None


def test_mending_puts_the_simple_things_right() -> None:
    session = session_of("s Be kind. ", "u Hello", "u ", "u Again", "u More\n", "a Hi")
    mended = mend(session, lint(session))
    assert [(row.id, row.text) for row in mended.dialog.rows] == [
        ("r0", "Be kind."),
        ("r1", "Hello\n\nAgain\n\nMore"),
        ("r5", "Hi"),
    ]
    assert codes(mended) == []


def test_only_what_is_asked_for_is_mended() -> None:
    session = session_of("u Hello ", "a Hi ")
    first, _ = lint(session)
    assert [row.text for row in mend(session, [first]).dialog.rows] == ["Hello", "Hi "]
    assert mend(session, []) is session
    assert [row.text for row in mend(session.with_dialog(session.dialog.remove("r0")), [first]).dialog.rows] == ["Hi "]


@settings(max_examples=40, deadline=None)
@given(sessions, st.sampled_from([None, *PROFILES]))
def test_every_session_can_be_linted_and_mended(session: Session, profile: str | None) -> None:
    findings = lint(session, profile)
    ids = {row.id for row in session.dialog.rows}
    assert all(finding.row_id is None or finding.row_id in ids for finding in findings)
    mended = mend(session, findings)
    words = "".join("".join(row.text.split()) for row in session.dialog.rows)
    assert "".join("".join(row.text.split()) for row in mended.dialog.rows) == words
    codes_left = [finding.code for finding in lint(mended, profile)]
    assert "empty-row" not in codes_left
    assert "untrimmed-space" not in codes_left
