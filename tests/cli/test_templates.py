"""Making sessions from templates: new --template, and the list of templates."""

from __future__ import annotations

from tests.cli.conftest import Nova
from tests.cli.test_sessions import HOSTILE


def texts(nova: Nova, id: str) -> list[str]:
    return [row["text"] for row in nova.json("rows", "list", id, "--json")]


def test_a_session_is_made_from_a_built_in_template(nova: Nova) -> None:
    result = nova.run("new", "--template", "classify", "--set", "what=mails", "--set", "classes=spam, ham = good")
    assert result.exit_code == 0
    assert result.stderr == "Still open: {{example1}} {{class1}} {{example2}} {{class2}}\n"
    id = result.stdout.strip()
    assert "You sort mails into these classes: spam, ham = good." in texts(nova, id)[0]
    assert nova.json("list", "--json")[0]["title"] == "Classify mails"
    assert nova.json("history", id, "--json")[0]["note"] == "from template classify"


def test_a_session_becomes_a_template_and_is_one_no_more(nova: Nova) -> None:
    id = nova.id("new", "--title", "Hello {{who}}", "--system", "Greet {{who}}.")
    nova.ok("templates", "--add", id[:6])
    listed = {entry["name"]: entry for entry in nova.json("templates", "--json")}
    assert listed[id] == {
        "name": id, "title": "Hello {{who}}", "built_in": False, "rows": 1, "placeholders": ["who"],
    }  # fmt: skip
    assert listed["few-shot"]["built_in"]
    shown = nova.ok("templates")
    assert "few-shot" in shown
    assert "Hello {{who}}" in shown
    new = nova.id("new", "--template", id, "--set", "who=Ada", "--title", "Mine")
    assert texts(nova, new) == ["Greet Ada."]
    assert nova.json("list", "--json")[0]["title"] == "Mine"
    nova.ok("templates", "--remove", id)
    assert id not in nova.ok("templates")
    assert nova.run("new", "--template", id).exit_code == 1
    nova.ok("undo", id)
    assert nova.run("new", "--template", id).exit_code == 0


def test_the_programs_own_templates_are_listed_without_a_store(nova: Nova) -> None:
    result = nova.run("templates", "--json")
    assert result.exit_code == 0
    assert '"few-shot"' in result.stdout
    assert "there is no such store" in result.stderr
    assert nova.run("templates", "--add", "abcd").exit_code == 1


def test_what_cannot_be_is_said(nova: Nova) -> None:
    result = nova.run("new", "--template", "nowhere")
    assert result.exit_code == 1
    assert "The template nowhere is not there; use classify" in result.stderr
    result = nova.run("new", "--template", "classify", "--set", "wat=x")
    assert (result.exit_code, "has no placeholder wat" in result.stderr) == (1, True)
    assert nova.run("new", "--template", "classify", "--set", "what").exit_code == 2
    assert nova.run("new", "--set", "what=x").exit_code == 2
    assert nova.run("new", "--template", "classify", "--system", "x").exit_code == 2
    assert nova.json("list", "--json") == []


def test_what_strangers_wrote_is_shown_safely(nova: Nova) -> None:
    id = nova.id("new", "--title", HOSTILE + "{{x}}")
    nova.ok("templates", "--add", id)
    for arguments in ([], ["--json"]):
        assert not set(nova.ok("templates", *arguments)) & {"\x1b", "\x07", "\u202e", "\x9b"}
