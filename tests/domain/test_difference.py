"""What lies between two sessions, and the ways between them."""

from __future__ import annotations

import dataclasses
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nova_tui import Dialog, Row, Session
from nova_tui.domain.changes import describe
from nova_tui.domain.difference import Patch, compare, compare_rows
from nova_tui.domain.merging import merge
from nova_tui.storage.patches import patch_from_mapping, patch_to_mapping
from tests.domain.strategies import rows, sessions

quick = settings(max_examples=20, deadline=None)


def dialog_of(names: str) -> Dialog:
    """Return a dialog with a row for each letter."""
    return Dialog(tuple(Row(name, id=name) for name in names))


@quick
@given(sessions, sessions)
def test_a_difference_leads_there_and_back(one: Session, other: Session) -> None:
    other = dataclasses.replace(other, id=one.id)
    difference = compare(one, other)
    assert bool(difference) == (one != other)
    assert difference.patch.apply(one) == other
    assert difference.back.apply(other) == one
    if difference:
        assert describe(one, other, difference)


@quick
@given(st.lists(rows, max_size=8, unique_by=lambda row: row.id), st.data())
def test_a_shuffle_moves_as_few_rows_as_it_can(before: list[Row], data: st.DataObject) -> None:
    after = tuple(data.draw(st.permutations(before)))
    difference = compare_rows(tuple(before), after)
    assert not difference.removed
    assert not difference.inserted
    assert not difference.changed
    assert len(difference.moved) <= max(0, len(before) - 1)
    if len(before) > 1:
        last_first = compare_rows(tuple(before), (before[-1], *before[:-1]))
        assert len(last_first.moved) == 1


@quick
@given(sessions, sessions)
def test_patches_survive_being_written_down(one: Session, other: Session) -> None:
    for patch in (compare(one, dataclasses.replace(other, id=one.id)).patch, Patch()):
        assert patch_from_mapping(json.loads(json.dumps(patch_to_mapping(patch)))) == patch


def test_only_what_differs_is_named() -> None:
    difference = compare_rows(dialog_of("abcdefgh").rows, dialog_of("abXcefhg").rows)
    assert [row.id for _, row in difference.removed] == ["d"]
    assert [(position, row.id) for position, row in difference.inserted] == [(2, "X")]
    assert [row_id for row_id, _, _ in difference.moved] in (["g"], ["h"])


def test_a_patch_that_does_not_fit_is_refused() -> None:
    session = dataclasses.replace(Session.new("alice"), dialog=dialog_of("abc"))
    for patch in (Patch(drop=("z",)), Patch(move=(("z", 0),)), Patch(put=((9, Row("x")), (0, Row("y"))))):
        with pytest.raises(ValueError, match="fit"):
            patch.apply(session)


@quick
@given(sessions, sessions)
def test_a_merge_with_no_change_is_the_other_side(one: Session, other: Session) -> None:
    other = dataclasses.replace(other, id=one.id, updated_at=one.updated_at)
    assert merge(one, other, one) == other
    assert merge(one, one, other) == other
    assert merge(one, other, other) == other


@quick
@given(st.data())
def test_a_merge_loses_no_text_of_either_side(data: st.DataObject) -> None:
    base = dataclasses.replace(Session.new("alice"), dialog=dialog_of("abcdef"))
    sides = []
    for name in ("theirs", "mine"):
        dialog = base.dialog
        for number in range(data.draw(st.integers(0, 4))):
            position = data.draw(st.integers(0, len(dialog.rows)))
            verb = data.draw(st.sampled_from(["insert", "move", "edit", "remove"]))
            row_id = dialog.rows[position % len(dialog.rows)].id
            if verb == "insert":
                dialog = dialog.insert(position, Row(f"{name} {number}", id=f"{name} {number}"))
            elif verb == "move":
                dialog = dialog.move(row_id, position % len(dialog.rows))
            elif verb == "edit":
                dialog = dialog.replace_text(row_id, f"{name} {number}")
            elif len(dialog.rows) > 1:
                dialog = dialog.remove(row_id)
        sides.append(base.with_dialog(dialog))
    theirs, mine = sides
    merged = merge(base, theirs, mine)
    if merged is None:
        return
    texts_of = {row.id: row.text for row in merged.dialog.rows}
    for side, other in ((theirs, mine), (mine, theirs)):
        kept = {row.id for row in other.dialog.rows}
        for row in side.dialog.rows:
            if row not in base.dialog.rows:
                assert texts_of[row.id] == row.text
            elif row.id in kept:
                assert row.id in texts_of
    assert set(texts_of) <= {row.id for side in sides for row in side.dialog.rows}
