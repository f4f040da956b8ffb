"""Properties of the model: it is immutable, total, and keeps what it does not know."""

from __future__ import annotations

import copy
import dataclasses
import json
import pickle
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from nova_tui import (
    Dialog,
    DialogError,
    DuplicateRow,
    FunctionCall,
    InvalidPosition,
    InvalidRole,
    InvalidSession,
    InvalidText,
    InvalidTime,
    InvalidValue,
    NovaError,
    Role,
    Row,
    RowNotFound,
    Session,
    TooFewRows,
)
from nova_tui.domain.native import session_from_mapping, session_to_mapping
from nova_tui.domain.safe_text import clean, clean_line, to_json
from nova_tui.yamlio import read_yaml, write_yaml
from tests.domain.strategies import dialogs, exactly, json_values, rows, sessions, texts

quick = settings(max_examples=20, deadline=None)
VERBS: dict[str, Callable[[Dialog, Any, Any, Any], Dialog]] = {
    "add": lambda dialog, text, _ids, _at: dialog.add("user", text),
    "insert": lambda dialog, text, _ids, at: dialog.insert(at, Row(text)),
    "replace": lambda dialog, text, ids, _at: dialog.replace(ids[0] if ids else "", Row(text)),
    "replace_text": lambda dialog, text, ids, _at: dialog.replace_text(ids, text),
    "find": lambda dialog, text, ids, _at: dialog.replace_text(ids, text, find="a"),
    "regex": lambda dialog, text, ids, _at: dialog.replace_text(ids, "x", find=text, regex=True),
    "remove": lambda dialog, _text, ids, _at: dialog.remove(ids),
    "move": lambda dialog, _text, ids, at: dialog.move(ids, at),
    "split": lambda dialog, _text, ids, at: dialog.split(ids[0] if ids else "", at),
    "join": lambda dialog, text, ids, _at: dialog.join(ids, text),
    "duplicate": lambda dialog, _text, ids, _at: dialog.duplicate(ids),
    "set_role": lambda dialog, text, ids, _at: dialog.set_role(ids, text),
    "set_role_well": lambda dialog, _text, ids, _at: dialog.set_role(ids, "system"),
    "set_hidden": lambda dialog, _text, ids, at: dialog.set_hidden(ids, at != 0),
    "set_excluded": lambda dialog, _text, ids, at: dialog.set_excluded(ids, at != 0),
}


@quick
@given(st.data(), dialogs, st.sampled_from(sorted(VERBS)), texts, st.integers(-1, 8) | st.booleans() | st.none())
def test_every_verb_is_total_and_changes_nothing_in_place(
    data: st.DataObject, dialog: Dialog, verb: str, text: str, at: Any
) -> None:
    known = [row.id for row in dialog.rows]
    ids = data.draw(st.lists(st.sampled_from([*known, "nowhere"]), max_size=3))
    before = repr(dialog)
    try:
        after = VERBS[verb](dialog, text, ids, at)
    except DialogError as error:
        assert str(error)
        assert repr(dialog) == before
        return
    assert repr(dialog) == before
    assert isinstance(after, Dialog)
    assert len({row.id for row in after.rows}) == len(after.rows)
    untouched = {row.id: row for row in dialog.rows if row.id not in ids}
    kept = {row.id: row for row in after.rows}
    assert all(kept[row_id] is row for row_id, row in untouched.items())
    assert exactly(after.extra) == exactly(dialog.extra)
    for row in dialog.rows:
        if row.id in kept and verb not in ("replace", "join"):
            unknown = {key: value for key, value in row.metadata.items() if key not in ("hide_row", "exclude_export")}
            now = {key: value for key, value in kept[row.id].metadata.items() if key in unknown}
            assert exactly(now) == exactly(unknown)
            assert exactly(kept[row.id].extra) == exactly(row.extra)


@quick
@given(dialogs, st.data())
def test_moving_keeps_all_rows_and_the_order_of_the_rest(dialog: Dialog, data: st.DataObject) -> None:
    chosen = {row.id for row in dialog.rows if data.draw(st.booleans())}
    rest = [row.id for row in dialog.rows if row.id not in chosen]
    position = data.draw(st.integers(0, len(rest)))
    moved = [row.id for row in dialog.move(chosen, position).rows]
    assert [row_id for row_id in moved if row_id not in chosen] == rest
    assert moved[position : position + len(chosen)] == [row.id for row in dialog.rows if row.id in chosen]


@quick
@given(dialogs.filter(lambda dialog: len(dialog.rows) > 0), st.data())
def test_splitting_and_joining_lose_no_character(dialog: Dialog, data: st.DataObject) -> None:
    row = dialog.rows[0]
    cut = dialog.split(row.id, data.draw(st.integers(0, len(row.text))))
    assert cut.rows[0].id == row.id
    assert cut.rows[0].text + cut.rows[1].text == row.text
    joined = cut.join([cut.rows[0].id, cut.rows[1].id], "")
    assert [other.text for other in joined.rows] == [other.text for other in dialog.rows]


def test_errors_are_named() -> None:
    dialog = Dialog.new("one")
    row_id = dialog.rows[0].id
    cases: list[tuple[type[DialogError], Callable[[], object]]] = [
        (RowNotFound, lambda: dialog.remove("x")),
        (RowNotFound, lambda: dialog.split("x", 0)),
        (InvalidRole, lambda: dialog.set_role(row_id, "robot")),
        (InvalidRole, lambda: dialog.add("robot", "x")),
        (InvalidPosition, lambda: dialog.insert(2, Row("x"))),
        (InvalidPosition, lambda: dialog.move(row_id, 1)),
        (InvalidPosition, lambda: dialog.insert(-1, Row("x"))),
        (InvalidPosition, lambda: dialog.split(row_id, 4)),
        (DuplicateRow, lambda: dialog.insert(0, dialog.rows[0])),
        (TooFewRows, lambda: dialog.join(row_id)),
        (InvalidText, lambda: dialog.add_user("a\0b")),
        (InvalidText, lambda: dialog.add_user("\ud800")),
        (InvalidValue, lambda: dialog.add("user", "x", {"a": float("nan")})),
        (InvalidValue, lambda: dialog.add("user", "x", {"a": object()})),
        (InvalidValue, lambda: dialog.add("user", "x", {"a": 10**5000})),
        (InvalidText, lambda: dialog.add("user", "x", {"a\0": 1})),
        (InvalidValue, lambda: dialog.replace_text(row_id, "x", find="")),
        (InvalidValue, lambda: dialog.replace_text(row_id, "x", find="(", regex=True)),
        (InvalidTime, lambda: Row("x", timestamp=datetime(2026, 1, 1))),  # noqa: DTZ001  the missing zone is the point
        (InvalidValue, lambda: Row("x", id="")),
    ]
    for error, call in cases:
        with pytest.raises(error) as caught:
            call()
        assert isinstance(caught.value, NovaError)
        assert str(caught.value).endswith(".")


@quick
@given(sessions, sessions)
def test_the_time_of_change_moves_exactly_when_content_changes(session: Session, other: Session) -> None:
    edited = session.with_dialog(other.dialog)
    assert (edited.updated_at > session.updated_at) == (other.dialog != session.dialog)
    assert session.with_dialog(copy.deepcopy(session.dialog)) is session
    for mark in (session.with_star(), session.with_star(False), session.with_archive(), session.with_tags(["a"])):
        assert mark.updated_at == session.updated_at
    named = session.with_title("A name of its own")
    assert (named.updated_at > session.updated_at) == (session.typed_title != "A name of its own")
    assert named.with_title("A name of its own") is named
    attached = session.put_app_data("another", {"key": 1})
    assert attached.updated_at > session.updated_at or session.get_app_data("another") == {"key": 1}
    assert attached.put_app_data("another", {"key": 1}) is attached
    assert attached.put_app_data("another", {"key": 1.0}) is not attached


@quick
@given(sessions, json_values)
def test_other_applications_data_survives_ours(session: Session, value: Any) -> None:
    session = session.put_app_data("other", value)
    changed = session.with_title("T").with_tags(["t"]).with_star().with_archive().add_user("x")
    others = {key: item for key, item in session.app_data.items() if key != "nova_tui"}
    assert exactly({key: item for key, item in changed.app_data.items() if key != "nova_tui"}) == exactly(others)


@quick
@given(sessions)
def test_a_fork_is_another_session_with_the_same_texts(session: Session) -> None:
    fork = session.fork()
    assert fork.id != session.id
    assert [row.text for row in fork.dialog.rows] == [row.text for row in session.dialog.rows]
    assert not {row.id for row in fork.dialog.rows} & {row.id for row in session.dialog.rows}
    assert fork.own["lineage"]["forked_from"] == session.id


@quick
@given(sessions)
def test_the_native_format_is_exact(session: Session) -> None:
    mapping = session_to_mapping(session)
    through_json = session_from_mapping(json.loads(json.dumps(mapping)))
    through_yaml = session_from_mapping(read_yaml(write_yaml(mapping)))
    for read in (session_from_mapping(mapping), through_json, through_yaml):
        assert read == session
        assert exactly(read.app_data) == exactly(session.app_data)
        assert exactly(read.extra) == exactly(session.extra)
        for one, other in zip(read.dialog.rows, session.dialog.rows, strict=True):
            assert exactly(one.metadata) == exactly(other.metadata)


@quick
@given(json_values)
def test_reading_anything_is_a_session_or_a_named_error(value: Any) -> None:
    for mapping in ({"nova_tui": 1, "dialog": value}, {"nova_tui": value, "dialog": {"rows": [value]}, "user_id": "a"}):
        try:
            session_from_mapping(mapping, user_id="alice", new_id=lambda: "0" * 32)
        except InvalidSession as error:
            assert str(error)


@quick
@given(rows, rows)
def test_equality_tells_json_types_apart(one: Row, other: Row) -> None:
    assert (one == other) == (exactly(dataclasses.asdict(one)) == exactly(dataclasses.asdict(other)))
    assert pickle.loads(pickle.dumps(one)) == one
    assert copy.deepcopy(one) == one


def test_maps_inside_cannot_change() -> None:
    row = Row("x", metadata={"a": [1, {"b": 2}]})
    for act in (
        lambda: row.metadata.update(a=1),  # type: ignore[attr-defined]
        lambda: row.metadata["a"].append(1),
        lambda: row.metadata["a"][1].pop("b"),
        lambda: setattr(row, "text", "y"),
    ):
        with pytest.raises((TypeError, AttributeError)):
            act()


def test_a_function_call_round_trips() -> None:
    call = FunctionCall("f", {"a": [1]}, None, "id", "stop")
    row = Row("", Role.ASSISTANT, metadata={"function_calls": [call.to_mapping(), "none", {"x": 1}]})
    assert row.function_calls == (call,)


def test_times_are_kept_in_utc() -> None:
    row = Row("x", timestamp=datetime(2026, 1, 1, 3, tzinfo=timezone(timedelta(hours=3))))
    assert row.timestamp == datetime(2026, 1, 1, tzinfo=UTC)
    assert row.timestamp.utcoffset() == timedelta(0)


UNSAFE = [
    *(code for code in range(0x20) if code not in (9, 10)), 0x7F, *range(0x80, 0xA0), 0x200B, 0x200E, 0x200F, 0x2028,
    0x2029, *range(0x202A, 0x202F), *range(0x2066, 0x206A), 0xFEFF,
]  # fmt: skip


@quick
@given(
    st.text(st.sampled_from([*map(chr, UNSAFE), "a", "é", "🏴", "\U000e0067", "\U000e007f", "\ud800", "\n", "\t"]))
    | texts
)
@example("\x1b]52;c;x\x07")
@example("🏴" + "\U000e0067" * 20)
def test_what_is_shown_holds_no_control_or_bidi_character(text: str) -> None:
    unsafe = set(map(chr, UNSAFE))
    assert not unsafe & set(clean(text))
    line = clean_line(text)
    assert not unsafe & set(line)
    assert not {"\n", "\t"} & set(line)
    assert len(line) <= 200
    clean(text).encode()


@quick
@given(texts)
def test_json_for_a_terminal_is_exact_and_safe(text: str) -> None:
    shown = to_json({text: [text]}, indent=2)
    assert json.loads(shown) == {text: [text]}
    assert not set(map(chr, UNSAFE)) & set(shown)
