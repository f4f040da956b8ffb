"""The inspector: everything is in the tree, one value changes at a time, and the rest stays byte for byte."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nova_tui import DialogError, Image, InvalidRole, InvalidTime, InvalidValue, Row, Session
from nova_tui.services.inspecting import (
    kind_of,
    read_value,
    tree_of_row,
    tree_of_session,
    value_at,
    with_added,
    with_image,
    with_renamed,
    with_value,
    without,
)
from tests.domain.strategies import exactly, json_values, rows, sessions, texts

quick = settings(max_examples=40, deadline=None)
DEEP = {"z": 1, "a": {"list": [1, 2.0, {"x": None}], "on": True}, "ü": "text"}


def metadata_of(row: Row) -> Any:
    return exactly(row.metadata)


@quick
@given(rows)
def test_the_tree_of_a_row_holds_every_value_of_its_maps(row: Row) -> None:
    lines = {node.path: node for top in tree_of_row(row) for node in top.walk()}
    for root, value in (("metadata", row.metadata), ("extra", row.extra)):
        for path, node in lines.items():
            if path[0] == root and node.editable:
                assert exactly(value_at(value, path[1:])) == exactly(node.value)
    keys = {path[1] for path in lines if path[0] == "metadata" and len(path) == 2}
    assert keys == set(row.metadata)
    assert lines["images",].value == len(row.images or ())


@quick
@given(sessions)
def test_the_tree_of_a_session_holds_every_key(session: Session) -> None:
    lines = {node.path: node for top in tree_of_session(session) for node in top.walk()}
    assert {path[1] for path in lines if path[0] == "app_data" and len(path) == 2} == set(session.app_data)
    assert lines["title",].value == session.typed_title


@quick
@given(rows, texts, json_values)
def test_adding_and_removing_a_key_leaves_the_rest_as_it_was(row: Row, key: str, value: Any) -> None:
    if key in row.metadata:
        with pytest.raises(InvalidValue, match="twice"):
            with_added(row, ("metadata",), key, value)
        return
    added = with_added(row, ("metadata",), key, value)
    assert list(added.metadata) == [*row.metadata, key]
    assert exactly(added.metadata[key]) == exactly(value)
    back = without(added, ("metadata", key))
    assert metadata_of(back) == metadata_of(row)
    assert back == row


@quick
@given(rows, st.data())
def test_renaming_keeps_the_place(row: Row, data: st.DataObject) -> None:
    if not row.metadata:
        return
    key = data.draw(st.sampled_from(list(row.metadata)))
    renamed = with_renamed(row, ("metadata", key), "a new name")
    assert list(renamed.metadata) == ["a new name" if one == key else one for one in row.metadata]
    assert exactly(list(renamed.metadata.values())) == exactly(list(row.metadata.values()))
    assert with_renamed(renamed, ("metadata", "a new name"), key) == row


def test_a_scalar_changes_deep_inside_and_keeps_its_type() -> None:
    row = Row("x", metadata=DEEP)
    changed = with_value(row, ("metadata", "a", "list", 1), 3.5)
    assert metadata_of(changed) == exactly({"z": 1, "a": {"list": [1, 3.5, {"x": None}], "on": True}, "ü": "text"})
    assert with_value(row, ("metadata", "a", "list", 2, "x"), "was null").metadata["a"]["list"][2] == {"x": "was null"}
    for path, wrong in ((("metadata", "z"), "1"), (("metadata", "a", "on"), 1), (("metadata", "ü"), None)):
        with pytest.raises(InvalidValue, match="it is a"):
            with_value(row, path, wrong)
        assert value_at(with_value(row, path, wrong, retype=True).metadata, path[1:]) == wrong
    with pytest.raises(InvalidValue, match="there is nothing"):
        with_value(row, ("metadata", "a", "list", 9), 1)
    with pytest.raises(InvalidValue, match="there is nothing"):
        with_value(row, ("metadata", "missing"), 1)


def test_lists_grow_and_shrink() -> None:
    row = Row("x", metadata=DEEP)
    assert with_added(row, ("metadata", "a", "list"), None, [1]).metadata["a"]["list"][3] == [1]
    assert without(row, ("metadata", "a", "list", 0)).metadata["a"]["list"] == [2.0, {"x": None}]
    for act in (
        lambda: with_added(row, ("metadata", "z"), "k", 1),
        lambda: with_added(row, ("metadata",), None, 1),
        lambda: with_renamed(row, ("metadata", "a", "list", 0), "k"),
        lambda: with_renamed(row, ("metadata", "z"), "a"),
        lambda: without(row, ("metadata", "missing")),
        lambda: without(row, ("metadata",)),
        lambda: without(row, ("role",)),
        lambda: with_value(row, ("metadata",), 1),
        lambda: with_value(row, ("id",), "other"),
        lambda: with_added(row, ("nowhere",), "k", 1),
        lambda: with_added(row, ("metadata",), "k", "\0"),
    ):
        with pytest.raises(DialogError) as caught:
            act()  # type: ignore[no-untyped-call]
        assert str(caught.value)


def test_the_models_own_values_are_checked() -> None:
    row = Row("x")
    assert with_value(row, ("role",), "system").role == "system"
    assert with_value(row, ("timestamp",), "2026-01-02T03:04:05+01:00").timestamp.hour == 2
    assert with_value(row, ("processed",), False).processed is False
    for path, wrong, error in (
        (("role",), "robot", InvalidRole),
        (("timestamp",), "soon", InvalidTime),
        (("timestamp",), 3, InvalidValue),
        (("processed",), "no", InvalidValue),
    ):
        with pytest.raises(error):
            with_value(row, path, wrong)


def test_pictures_are_described_added_and_removed() -> None:
    one, two = Image("image/png", b"123", name="a.png", extra={"k": {"x": 1}}), Image(url="https://a.example/b.png")
    row = with_image(with_image(Row("x"), one), two)
    assert row.images == (one, two)
    named = with_value(row, ("images", 0, "alt"), "A cat")
    assert named.images == (dataclasses.replace(one, alt="A cat"), two)
    assert with_value(row, ("images", 0, "extra", "k", "x"), 2).images == (
        dataclasses.replace(one, extra={"k": {"x": 2}}),
        two,
    )
    assert with_added(row, ("images", 1, "extra"), "n", 1).images == (one, dataclasses.replace(two, extra={"n": 1}))
    assert without(row, ("images", 0)).images == (two,)
    assert without(without(row, ("images", 0)), ("images", 0)).images is None
    data = next(node for top in tree_of_row(row) for node in top.walk() if node.path == ("images", 0, "data"))
    assert (data.kind, data.value, data.editable) == ("bytes", 3, False)
    for act in (
        lambda: with_value(row, ("images", 0, "width"), "wide"),
        lambda: with_value(row, ("images", 0, "data"), "x"),
        lambda: with_value(row, ("images", 7, "alt"), "x"),
        lambda: without(row, ("images", 7)),
    ):
        with pytest.raises(InvalidValue):
            act()  # type: ignore[no-untyped-call]


def test_a_session_changes_and_its_time_moves_as_the_model_says() -> None:
    session = Session.new("alice").with_title("One").put_app_data("other", {"k": 1})
    titled = with_value(session, ("title",), "Two")
    assert (titled.title, titled.updated_at > session.updated_at) == ("Two", True)
    assert with_value(session, ("title",), None).typed_title is None
    other = with_value(session, ("app_data", "other", "k"), 2)
    assert (other.app_data["other"], other.updated_at > session.updated_at) == ({"k": 2}, True)
    starred = with_added(session, ("app_data", "nova_tui"), "starred", True)
    assert (starred.starred, starred.updated_at) == (True, session.updated_at)
    renamed = with_value(session, ("app_data", "nova_tui", "title"), "Three")
    assert (renamed.title, renamed.updated_at > session.updated_at) == ("Three", True)
    with pytest.raises(InvalidValue):
        with_value(session, ("user_id",), "bob")
    with pytest.raises(InvalidValue):
        with_value(session, ("title",), 3)


@pytest.mark.parametrize(
    ("typed", "kind", "value"),
    [
        ("12", "text", "12"),
        ("12", "number", 12),
        ("1.50", "number", 1.5),
        ("true", "boolean", True),
        ("null", None, None),
        ('{"b": [1], "a": "x"}', None, {"b": [1], "a": "x"}),
        ('"x"', None, "x"),
    ],
)
def test_what_is_typed_becomes_json(typed: str, kind: str | None, value: Any) -> None:
    assert exactly(read_value(typed, kind)) == exactly(value)
    assert kind is None or kind_of(value) == kind


@pytest.mark.parametrize(
    ("typed", "kind"),
    [("x", None), ("NaN", None), ("1e999", "number"), ("yes", "boolean"), ("1", "boolean"), ('{"a":1,"a":2}', None),
     ("[" * 5000, None), ('"\\ud800"', None)],
)  # fmt: skip
def test_what_is_no_value_is_refused(typed: str, kind: str | None) -> None:
    with pytest.raises(DialogError):
        read_value(typed, kind)
