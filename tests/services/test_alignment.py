"""Two sessions side by side, and rows that are copied across."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given, settings

from nova_tui import Dialog, Row, RowNotFound, Session
from nova_tui.services.alignment import Pair, aligned, content_of, copied_across, without_unmatched
from tests.domain.strategies import dialogs

quick = settings(max_examples=60, deadline=None)


def session_of(*turns: str) -> Session:
    session = Session.new("alice")
    for turn in turns:
        session = session.add_message("user" if turn.startswith("u") else "assistant", turn)
    return session


def words(pairs: list[Pair]) -> list[tuple[str | None, ...]]:
    return [tuple(row.text if row else None for row in (pair.left, pair.right)) for pair in pairs]


@quick
@given(dialogs, dialogs)
def test_each_row_stands_once_and_in_its_order(one: Dialog, other: Dialog) -> None:
    pairs = aligned(one.rows, other.rows)
    assert tuple(pair.left for pair in pairs if pair.left is not None) == one.rows
    assert tuple(pair.right for pair in pairs if pair.right is not None) == other.rows
    assert all(pair.left or pair.right for pair in pairs)
    for pair in pairs:
        both = pair.left is not None and pair.right is not None
        assert pair.same == (both and content_of(pair.left) == content_of(pair.right))  # type: ignore[arg-type]


@quick
@given(dialogs)
def test_a_copy_stands_beside_what_it_was_copied_from(dialog: Dialog) -> None:
    copy = [row.copied() for row in dialog.rows]
    assert all(pair.same for pair in aligned(dialog.rows, copy))


def test_rows_that_say_the_same_or_have_one_id_stand_beside_each_other() -> None:
    left, right = session_of("u1", "a1", "u2", "a2"), session_of("u0", "u1", "a other", "u2")
    assert words(aligned(left.dialog.rows, right.dialog.rows)) == [
        (None, "u0"),
        ("u1", "u1"),
        ("a1", "a other"),
        ("u2", "u2"),
        ("a2", None),
    ]
    edited = left.with_dialog(left.dialog.replace_text(left.dialog.rows[0].id, "quite another").set_role(
        left.dialog.rows[1].id, "system"))  # fmt: skip
    assert [pair.same for pair in aligned(left.dialog.rows, edited.dialog.rows)] == [False, False, True, True]


@quick
@given(dialogs, dialogs)
def test_copying_all_rows_and_dropping_the_others_makes_both_say_the_same(one: Dialog, other: Dialog) -> None:
    source = Session.new("alice").with_dialog(one)
    target = Session.new("alice").with_dialog(other)
    copied = copied_across(source, [row.id for row in one.rows], target)
    assert {row.id for row in other.rows} <= {row.id for row in copied.dialog.rows}
    known = {row.id for row in other.rows}
    lone = [pair.right.id for pair in aligned(one.rows, other.rows) if pair.right and not pair.left]
    left = copied.dialog.remove(lone)
    assert [content_of(row) for row in left.rows] == [content_of(row) for row in one.rows]
    assert not ({row.id for row in copied.dialog.rows} - known) & {row.id for row in one.rows}


def test_some_rows_go_across() -> None:
    source, target = session_of("u1", "a1", "u2", "a2"), session_of("u1", "a other", "u2")
    ids = [row.id for row in source.dialog.rows]
    only_edit = copied_across(source, [ids[1]], target)
    assert [row.text for row in only_edit.dialog.rows] == ["u1", "a1", "u2"]
    assert [row.id for row in only_edit.dialog.rows] == [row.id for row in target.dialog.rows]
    assert only_edit.dialog.rows[1].timestamp == target.dialog.rows[1].timestamp
    put_in = copied_across(source, [ids[3]], target)
    assert [row.text for row in put_in.dialog.rows] == ["u1", "a other", "u2", "a2"]
    assert put_in.dialog.rows[3].id not in ids
    assert copied_across(source, [ids[0]], target) is target
    with pytest.raises(RowNotFound):
        copied_across(source, ["nowhere"], target)


def test_rows_that_only_the_target_has_are_dropped() -> None:
    source, target = session_of("u1"), session_of("u1", "a1")
    ids = [row.id for row in target.dialog.rows]
    assert [row.text for row in without_unmatched(source, ids, target).dialog.rows] == ["u1"]
    with pytest.raises(RowNotFound):
        without_unmatched(source, ["nowhere"], target)


def test_long_dialogs_are_aligned_without_comparing_every_pair() -> None:
    rows = tuple(Row(f"row {n}", id=f"{n}") for n in range(10_000))
    others = (*rows[:5000], Row("new"), *rows[5000:])
    changed = [dataclasses.replace(row, id=f"x{n}", text=f"other {n}") for n, row in enumerate(rows)]
    assert sum(pair.same for pair in aligned(rows, others)) == 10_000
    assert len(aligned(rows, changed)) == 10_000
