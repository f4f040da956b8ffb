"""Verbs on several rows and on whole sessions, against plain lists."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nova_tui import Dialog, InvalidPosition, Role, Row, RowNotFound, Session, TooFewRows
from tests.domain.strategies import dialogs, exactly, sessions

quick = settings(max_examples=20, deadline=None)
AT = datetime(2026, 2, 3, tzinfo=UTC)


def content(row: Row) -> Any:
    """Return everything of a row but its id."""
    fields = dataclasses.asdict(row)
    del fields["id"]
    return exactly(fields)


def contents(rows: Any) -> list[Any]:
    return [content(row) for row in rows]


def some_of(data: st.DataObject, dialog: Dialog) -> list[str]:
    """Choose rows, in any order."""
    ids = [row.id for row in dialog.rows]
    return data.draw(st.permutations(ids).flatmap(lambda order: st.integers(0, len(ids)).map(lambda n: order[:n])))


@quick
@given(dialogs, dialogs, st.data())
def test_pasted_rows_are_whole_copies_with_ids_of_their_own(one: Dialog, other: Dialog, data: st.DataObject) -> None:
    position = data.draw(st.integers(0, len(one)))
    cut = other.rows_of(some_of(data, other))
    pasted = one.paste(position, cut)
    assert pasted.rows[:position] + pasted.rows[position + len(cut) :] == one.rows
    new = pasted.rows[position : position + len(cut)]
    assert contents(new) == contents(cut)
    assert not {row.id for row in new} & {row.id for row in (*one.rows, *other.rows)}


@quick
@given(dialogs, st.data())
def test_a_range_reaches_from_one_row_to_another(dialog: Dialog, data: st.DataObject) -> None:
    ids = [row.id for row in dialog.rows]
    if not ids:
        with pytest.raises(RowNotFound):
            dialog.between("nowhere", "nowhere")
        return
    first, last = data.draw(st.integers(0, len(ids) - 1)), data.draw(st.integers(0, len(ids) - 1))
    low, high = min(first, last), max(first, last)
    assert list(dialog.between(ids[first], ids[last])) == ids[low : high + 1]


@quick
@given(dialogs, st.data())
def test_roles_go_round_together(dialog: Dialog, data: st.DataObject) -> None:
    chosen = some_of(data, dialog)
    after = dialog.cycle_role(chosen)
    if not chosen:
        assert after is dialog
        return
    first = next(row for row in dialog.rows if row.id in chosen)
    assert {row.role for row in after.rows_of(chosen)} == {first.role.next()}
    assert after.cycle_role(chosen).cycle_role(chosen).set_role(chosen, first.role) == dialog.set_role(
        chosen, first.role
    )
    assert [row for row in after.rows if row.id not in chosen] == [row for row in dialog.rows if row.id not in chosen]


@quick
@given(sessions, st.data())
def test_extracted_rows_make_a_session_that_knows_where_it_comes_from(session: Session, data: st.DataObject) -> None:
    chosen = some_of(data, session.dialog)
    if not chosen:
        with pytest.raises(TooFewRows):
            session.extract(chosen)
        return
    new = session.extract(chosen, at=AT)
    rows = session.dialog.rows_of(chosen)
    assert contents(new.dialog.rows) == contents(rows)
    assert not {row.id for row in new.dialog.rows} & {row.id for row in rows}
    assert new.own["lineage"] == {
        "extracted_from": session.id,
        "rows": [row.id for row in rows],
        "at": "2026-02-03T00:00:00+00:00",
    }
    assert new.id != session.id
    assert (new.user_id, new.created_at, new.updated_at, new.revision) == (session.user_id, AT, AT, None)
    assert not new.starred
    assert not new.archived


@quick
@given(sessions, sessions, st.booleans())
def test_merged_sessions_hold_the_rows_of_all(one: Session, other: Session, by_time: bool) -> None:
    new = one.merged_with(other, by_time=by_time, at=AT)
    rows = [*one.dialog.rows, *other.dialog.rows]
    if by_time:
        rows.sort(key=lambda row: row.timestamp)
    assert contents(new.dialog.rows) == contents(rows)
    assert new.own["lineage"]["merged_from"] == [one.id, other.id]
    assert set(new.tags) == {*one.tags, *other.tags}
    assert new.typed_title == one.typed_title


def test_what_cannot_be_done_is_refused_by_name() -> None:
    dialog = Dialog().add_user("one")
    with pytest.raises(InvalidPosition):
        dialog.paste(2, dialog.rows)
    with pytest.raises(RowNotFound):
        dialog.rows_of("nowhere")
    with pytest.raises(RowNotFound):
        dialog.cycle_role(["nowhere"])
    assert dialog.cycle_role(dialog.rows[0].id).rows[0].role is Role.ASSISTANT
