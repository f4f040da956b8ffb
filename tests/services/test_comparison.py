"""Comparisons name every row that differs, and nothing else."""

from __future__ import annotations

import dataclasses

from nova_tui import Session
from nova_tui.services.comparison import ADDED, EDITED, MOVED, REMOVED, ComparedLine, compared


def test_equal_sessions_have_no_difference() -> None:
    session = Session.new("alice").add_user("one")
    assert list(compared(session, session)) == []


def test_rows_that_were_added_removed_edited_and_moved() -> None:
    before = Session.new("alice").add_user("one").add_assistant("two\nlines").add_user("three").add_user("four")
    one, two, _three, four = before.dialog.rows
    dialog = before.dialog.remove(one.id).replace_text(two.id, "two\nother").move(four.id, 0).add_system("five")
    lines = list(compared(before, before.with_dialog(dialog)))
    assert [(line.sign, line.text.split("  ")[0]) for line in lines if line.heading] == [
        (REMOVED, "row 1"),
        (MOVED, "row 1"),
        (EDITED, "row 2"),
        (ADDED, "row 4"),
    ]
    assert ComparedLine(REMOVED, "lines") in lines
    assert ComparedLine(ADDED, "other") in lines


def test_of_a_large_value_only_what_differs_inside_is_shown() -> None:
    start = Session.new("alice").add_user("one")

    def session(text: str, more: int) -> Session:
        raw = {"id": "x" * 200, "content": {"parts": ["first", text]}, "sizes": {"a": 1, "b": more}}
        row = dataclasses.replace(start.dialog.rows[0], metadata={"raw": raw})
        return start.with_dialog(start.dialog.replace(row.id, row))

    def told(before: Session, after: Session) -> str:
        [line] = compared(before, after)
        return line.text.removeprefix("row 1  user  ")

    assert told(session("Anser", 2), session("Answer", 2)) == "metadata raw.content.parts.1: Anser → Answer"
    assert told(session("Answer", 2), session("Answer", 3)) == "metadata raw.sizes.b: 2 → 3"
    assert told(session("Anser", 2), session("Answer", 3)).startswith("metadata raw: {")


def test_hostile_text_is_made_safe() -> None:
    before = Session.new("alice")
    lines = list(compared(before, before.add_user("\x1b]52;c;aGk=\x07 \u202e").with_title("\x1b[2J")))
    assert lines
    assert not any(set(line.text) & {"\x1b", "\x07", "\u202e"} for line in lines)
