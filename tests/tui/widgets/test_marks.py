"""Marks and ranges."""

from __future__ import annotations

from nova_tui.tui.widgets.marks import Marks

IDS = ["a", "b", "c", "d", "e"]


def test_a_range_follows_the_cursor_and_keeps_what_was_marked() -> None:
    marks = Marks()
    marks.toggle("e")
    marks.begin_range("b")
    assert marks.stretch(IDS, 3)
    assert marks.ids == {"b", "c", "d", "e"}
    assert marks.stretch(IDS, 0)
    assert marks.ids == {"a", "b", "e"}
    marks.end_range()
    assert not marks.stretch(IDS, 4)
    assert marks.ids == {"a", "b", "e"}


def test_a_range_ends_when_its_start_is_filtered_out() -> None:
    marks = Marks()
    marks.begin_range("b")
    assert not marks.stretch(["x", "y"], 1)
    assert not marks.ranging
    assert marks.ids == {"b"}


def test_all_and_none() -> None:
    marks = Marks()
    marks.toggle("x")
    marks.toggle_all(IDS)
    assert marks.ids == {*IDS, "x"}
    marks.toggle_all(IDS)
    assert marks.ids == {"x"}
    marks.clear()
    assert len(marks) == 0
