"""A session as a text for editing by hand: what is shown can change, the rest stays, a mistake has its line."""

from __future__ import annotations

import dataclasses
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nova_tui import Dialog, Image, Role, Row, Session, YamlError
from nova_tui.services.hand_text import HandText
from nova_tui.yamlio import line_of
from tests.domain.strategies import exactly, sessions, texts

quick = settings(max_examples=40, deadline=None)
PICTURE = Image("image/png", b"bytes" * 1000, name="cat.png", extra={"unknown": 1})
LONG = {"raw": "x" * 9000, "source": "phone", "n": 1}


def session_of(*rows: Row) -> Session:
    session = Session.new("alice")
    return session.with_dialog(Dialog(rows))


def rows_of(count: int) -> Session:
    return session_of(*(Row(f"text {n}", Role.USER, id=f"row{n}") for n in range(count)))


def exact(session: Session) -> object:
    return exactly(dataclasses.asdict(session))


def ids(session: Session) -> list[str]:
    return [row.id for row in session.dialog.rows]


def entry(text: str, row_id: str) -> str:
    """Return the lines of one row."""
    found = re.search(rf"^- id: {row_id}\n(?:  .*\n)*", text, re.MULTILINE)
    assert found
    return found[0]


@quick
@given(sessions)
def test_an_untouched_text_changes_nothing(session: Session) -> None:
    hand = HandText.of(session)
    read = hand.read(hand.text)
    assert exact(read) == exact(session)


@quick
@given(sessions, texts, st.data())
def test_an_edited_text_changes_that_row_only(session: Session, text: str, data: st.DataObject) -> None:
    if not session.dialog.rows:
        return
    chosen = data.draw(st.sampled_from(session.dialog.rows))
    after = session.with_dialog(session.dialog.replace_text(chosen.id, text))
    shown = HandText.of(after, [chosen.id]).text
    read = HandText.of(session, [chosen.id]).read(shown)
    assert exact(read) == exact(dataclasses.replace(after, updated_at=read.updated_at))


def test_texts_that_end_in_empty_lines_stay_whole() -> None:
    session = session_of(Row("a\n\n", metadata={"k": "v\n\n"}), Row("b\n\n")).with_title("t\n\n")
    hand = HandText.of(session)
    assert hand.read(hand.text) == session


def test_what_is_not_shown_survives() -> None:
    row = Row("one", images=(PICTURE,), metadata=LONG, processed=False, id="abcd", extra={"unknown": [1]})
    session = session_of(row)
    hand = HandText.of(session)
    assert "x" * 600 not in hand.text
    assert "not shown: raw" in hand.text
    assert len(hand.text) < 1000
    (read,) = hand.read(hand.text.replace("text: one", "text: two")).dialog.rows
    assert read == row.with_text("two")
    (read,) = hand.read(hand.text.replace("source: phone", "source: desk\n    more: 2")).dialog.rows
    assert exactly(read.metadata) == exactly({"raw": LONG["raw"], "source": "desk", "n": 1, "more": 2})
    (read,) = hand.read(re.sub(r"  metadata:\n(    .*\n)+", "", hand.text)).dialog.rows
    assert read.metadata == {"raw": LONG["raw"]}, "what was shown and is gone is taken away"


def test_pictures_are_named_by_reference() -> None:
    session = session_of(Row("one", images=(PICTURE, Image(url="https://a.example/b.png")), id="abcd"))
    hand = HandText.of(session)
    assert "kept:abcd/1" in hand.text
    assert len(hand.text) < 1000
    changed = hand.read(hand.text.replace("name: cat.png", "name: cat.png\n    alt: A cat")).dialog.rows[0].images
    assert changed == (dataclasses.replace(PICTURE, alt="A cat"), Image(url="https://a.example/b.png"))
    text = hand.text + "- role: user\n  text: mine now\n  images:\n  - data: kept:abcd/1\n    mime: image/png\n"
    assert hand.read(text).dialog.rows[1].images == (Image("image/png", PICTURE.data),)
    gone = re.sub(r"  images:\n(?:  .*\n)+", "", hand.text)
    assert not hand.read(gone).dialog.rows[0].images
    for wrong in ("kept:abcd/2", "kept:abcd/9", "kept:nowhere/1", "kept:/"):
        with pytest.raises(YamlError, match="there is no picture"):
            hand.read(hand.text.replace("kept:abcd/1", wrong))


def test_rows_move_go_come_and_are_copied() -> None:
    session = rows_of(4)
    hand = HandText.of(session)
    parts = {row_id: entry(hand.text, row_id) for row_id in ids(session)}
    new = "- role: assistant\n  text: fresh\n"
    text = "rows:\n" + parts["row3"] + new + parts["row0"] + parts["row0"].replace("text 0", "copied") + parts["row1"]
    rows = hand.read(text).dialog.rows
    assert [row.text for row in rows] == ["text 3", "fresh", "text 0", "copied", "text 1"]
    assert [row.id for row in rows if row.id.startswith("row")] == ["row3", "row0", "row1"]
    assert len(set(ids(hand.read(text)))) == 5
    assert hand.read("rows:").dialog.rows == ()
    assert hand.read("rows: []").dialog.rows == ()


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        (["row1", "row3"], ["row0", "row1", "row2", "row3", "row4"]),
        (["row3", "row1"], ["row0", "row3", "row2", "row1", "row4"]),
        (["row3"], ["row0", "row2", "row3", "row4"]),
        ([], ["row0", "row2", "row4"]),
        (["row1", "", "row3"], ["row0", "row1", "", "row2", "row3", "row4"]),
        (["", "row1", "row3"], ["row0", "", "row1", "row2", "row3", "row4"]),
        (["row1", "row3", ""], ["row0", "row1", "row2", "row3", "", "row4"]),
    ],
)
def test_marked_rows_stay_among_the_others(order: list[str], expected: list[str]) -> None:
    session = rows_of(5)
    hand = HandText.of(session, ["row3", "row1"])
    assert "row0" not in hand.text
    text = "rows:\n" + "".join(entry(hand.text, one) if one else "- {role: user, text: new}\n" for one in order)
    read = hand.read(text if order else "rows: []")
    assert [row.id if row.id.startswith("row") else "" for row in read.dialog.rows] == expected


def test_the_sessions_own_things_change() -> None:
    session = rows_of(1).with_title("Old").with_tags(["a"]).put_app_data("other", {"k": [1, 2.0]})
    hand = HandText.of(session)
    text = hand.text.replace("title: Old", "title: 42").replace("- a\n", "- a\n- b\n").replace("2.0", "3")
    read = hand.read(text)
    assert (read.typed_title, read.tags, read.app_data["other"]) == ("42", ("a", "b"), {"k": [1, 3]})
    assert read.updated_at > session.updated_at
    bare = hand.read("rows:\n" + entry(hand.text, "row0"))
    assert (bare.typed_title, bare.tags, bare.get_app_data("other")) == (None, (), None)
    assert HandText.of(session, "row0").read("rows:\n" + entry(hand.text, "row0")).typed_title == "Old"


def test_a_kind_editor_and_a_careless_one() -> None:
    session = rows_of(2)
    hand = HandText.of(session)
    assert hand.read("\ufeff" + hand.text.replace("\n", "\r\n")) == session
    read = hand.read("rows:\n- role: user\n  text: 0042\n- role: user\n  text:\n- {role: system, text: 7}\n")
    assert [row.text for row in read.dialog.rows] == ["0042", "", "7"]


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("rows:\n- role: user\n  text: [\n", 4, "not YAML"),
        ("rows:\n- role: user\n\ttext: x\n", 3, "not YAML"),
        ("just words", 1, "not a mapping"),
        ("", 0, "not a mapping"),
        ("rows: 3", 1, "not a list"),
        ("title: x\ntags: no\nrows: []", 2, "tags are not a list"),
        ("title: [x]\nrows: []", 1, "not a text"),
        ("title: x\ntags: [a]", 1, "rows is missing"),
        ("rows: []\nrowz: []", 2, "rowz is not a key here; use title, tags, app_data, rows"),
        ("rows:\n- role: user\n  text: x\n- role: robot\n  text: y", 4, "'robot' is not a role"),
        ("rows:\n- role: user\n  text: x\n\n- role: user\n", 5, "has no text"),
        ("rows:\n- text: x\n", 2, "has no role"),
        ("rows:\n- role: user\n  texts: x\n", 3, "texts is not a key here"),
        ("rows:\n- role: user\n  text: 1.50\n", 3, "must stand in quotes"),
        ("rows:\n- role: user\n  text: true\n", 3, "must stand in quotes"),
        ("rows:\n- id: nowhere\n  role: user\n  text: x\n", 2, "there is no row nowhere"),
        ("rows:\n- role: user\n  text: x\n  metadata: 3\n", 4, "metadata is not a mapping"),
        ('rows:\n- role: user\n  text: "\\0"\n', 2, "NUL"),
        ("rows:\n- role: user\n  text: x\n  images: [{data: '?'}]\n", 4, "not base64"),
        ("rows:\n- role: user\n  text: x\n  images: 3\n", 4, "not a list"),
        ("rows:\n- role: user\n  text: x\n  timestamp: soon\n", 4, "timestamp"),
        ("rows:\n- role: user\n  text: x\n  processed: maybe\n", 4, "neither true nor false"),
        ("rows:\n- words\n", 2, "a row is not a mapping"),
        ("app_data: {nova_tui: {}}\nrows: []", 1, "nova-tui's own"),
        ("a: &x 1\nrows: []", 1, "anchors"),
    ],
)
def test_a_mistake_is_named_with_its_line(text: str, line: int, reason: str) -> None:
    with pytest.raises(YamlError, match=reason) as caught:
        HandText.of(rows_of(1)).read(text)
    assert caught.value.line == line


@quick
@given(sessions, st.data())
def test_any_damage_to_a_text_is_a_session_or_a_named_mistake(session: Session, data: st.DataObject) -> None:
    text = HandText.of(session).text
    at = data.draw(st.integers(0, len(text)))
    cut = data.draw(st.integers(0, 20))
    damaged = text[:at] + data.draw(texts) + text[at + cut :]
    try:
        HandText.of(session).read(damaged)
    except YamlError as error:
        assert str(error)


def test_lines_of_values() -> None:
    text = "# c\ntitle: x\nrows:\n- id: a\n  text: |-\n    b\n    c\n  metadata:\n    k: [1,\n      2]\n- id: b\n"
    assert line_of(text, ["title"]) == 2
    assert line_of(text, ["rows", 0, "metadata", "k", 1]) == 10
    assert line_of(text, ["rows", 1]) == 11
    assert line_of(text, ["rows", 1, "missing"]) == 11
    assert line_of("a: [", ["a"]) == 1
    assert line_of("", ["a"]) == 0
