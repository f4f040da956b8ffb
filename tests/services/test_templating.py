"""Templates: built-in ones and marked sessions, their placeholders, and the sessions made from them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from nova_tui import Image, Session, TemplateError, open_store
from nova_tui.services.library import Library
from nova_tui.services.templating import (
    Template,
    built_in_templates,
    filled_text,
    is_template,
    marked,
    placeholders_of,
    stored_templates,
    tagged_templates,
    template_named,
)

AT = datetime(2026, 3, 4, tzinfo=UTC)


@pytest.fixture
def library() -> Iterator[Library]:
    with open_store("memory:", user_id="alice") as store:
        yield Library(store, "alice")


def pattern() -> Session:
    session = Session.new("alice").with_title("About {{topic}}").with_tags(["few-shot"]).with_star()
    session = session.put_app_data("other", {"k": 1})
    return session.add_message(
        "system", "Tell of {{topic}} to {{ who }}.", {"hide_row": True, "x": [1]}, [Image("image/png", b"1")]
    ).add_user("{{question}} {{topic}}")


@pytest.mark.parametrize("template", built_in_templates(), ids=lambda template: template.name)
def test_built_in_templates_are_sound(template: Template) -> None:
    assert template.placeholders
    assert is_template(template.session)
    filled = template.filled(dict.fromkeys(template.placeholders, "x"), "alice")
    assert placeholders_of(filled) == []
    assert not any("{{" in row.text for row in filled.dialog.rows)
    assert filled.user_id == "alice"
    assert not is_template(filled)
    assert "{{" not in filled.title


def test_placeholders_come_in_order_each_once() -> None:
    assert placeholders_of(pattern()) == ["topic", "who", "question"]
    assert placeholders_of(Session.new("a").add_user("{{}} {{ 1x }} { {a} } {{a b}} {{ñ-1.x}}")) == ["ñ-1.x"]


def test_values_are_put_in_once_and_as_they_are() -> None:
    values = {"a": "{{b}} \\1 {{a}}", "b": "2"}
    assert filled_text("{{a}} {{b}} {{ c }}", values) == "{{b}} \\1 {{a}} 2 {{ c }}"


def test_a_filled_template_is_a_new_session_that_knows_where_it_comes_from() -> None:
    session = marked(pattern())
    new = Template(session.id, session, built_in=False).filled({"topic": "bread", "who": "me"}, "bob", at=AT)
    assert (new.title, new.user_id, new.tags, new.starred) == ("About bread", "bob", ("few-shot",), False)
    assert [row.text for row in new.dialog.rows] == ["Tell of bread to me.", "{{question}} bread"]
    assert new.dialog.rows[0].metadata == {"hide_row": True, "x": [1]}
    assert new.dialog.rows[0].images == session.dialog.rows[0].images
    assert not {row.id for row in new.dialog.rows} & {row.id for row in session.dialog.rows}
    assert {row.timestamp for row in new.dialog.rows} == {AT}
    assert new.own["lineage"] == {"template": session.id, "at": "2026-03-04T00:00:00+00:00"}
    assert new.get_app_data("other") == {"k": 1}
    assert not is_template(new)


def test_a_value_without_a_place_is_refused() -> None:
    template = Template("x", pattern(), built_in=False)
    with pytest.raises(TemplateError, match="has no placeholder topik; its placeholders are topic, who, question"):
        template.filled({"topik": "x"}, "alice")


def test_a_session_is_marked_and_unmarked() -> None:
    session = pattern()
    on = marked(session)
    assert is_template(on)
    assert on.tags == ("few-shot", "template")
    assert on.updated_at == session.updated_at
    assert marked(on) is on
    assert marked(on, False) == session


def test_templates_of_a_store_are_found(library: Library) -> None:
    library.store.save(Session.new("alice").add_user("no template"))
    one = library.store.save(marked(pattern()))
    raw = Session.new("alice").put_app_data("nova_tui", {"template": True, "title": "Raw"})
    two = library.store.save(raw)
    away = library.store.save(marked(pattern().with_title("Away")).with_archive())
    assert {template.name for template in stored_templates(library)} == {one.id, two.id, away.id}
    assert {template.name for template in tagged_templates(library)} == {one.id, away.id}


def test_a_template_is_named_by_name_id_or_title(library: Library) -> None:
    saved = library.store.save(marked(pattern().with_title("Bread")))
    assert template_named(library, "few-shot").built_in
    for name in (saved.id, saved.id[:6], "Bread", "bread"):
        assert template_named(library, name).session == saved
    plain = library.store.save(Session.new("alice").with_title("Plain"))
    with pytest.raises(TemplateError, match="not marked as a template"):
        template_named(library, plain.id)
    with pytest.raises(TemplateError, match="is not there; use classify, few-shot"):
        template_named(library, "Plain")
    library.store.save(marked(pattern().with_title("BREAD")))
    with pytest.raises(TemplateError, match="title of 2 sessions"):
        template_named(library, "Bread")
