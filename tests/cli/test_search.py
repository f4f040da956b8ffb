"""The command search."""

from __future__ import annotations

import re
from typing import Any

import pytest
from rich.cells import cell_len

from nova_tui.cli.context import Context
from nova_tui.domain.safe_text import unsafe_character
from nova_tui.domain.search import CANDIDATES
from nova_tui.domain.session import Session
from nova_tui.storage.provider import SessionStorageProvider
from nova_tui.storage.url import open_store
from tests.cli.conftest import Nova
from tests.cli.test_history import lasting
from tests.cli.test_sessions import HOSTILE
from tests.cli.test_terminal import seen
from tests.storage.minimal import MinimalStore

__all__ = ["lasting"]


def filled(nova: Nova) -> dict[str, str]:
    """Put a few sessions into a store and return their ids."""
    ids = {title: nova.id("new", "--title", title) for title in ("Refund café", "Payments", "Put away")}
    nova.ok("add", ids["Refund café"], "user", "I want my money back.")
    nova.ok("add", ids["Payments"], "user", "Two payments: refund one, and refund it soon. Refund!")
    nova.ok("add", ids["Payments"], "assistant", "The refund window is 30 days, " + "as it says on the bill " * 20)
    nova.ok("add", ids["Payments"], "system", "No refund without a bill.", "--hidden")
    nova.ok("add", ids["Put away"], "user", "refund")
    nova.ok("tag", ids["Payments"], "+demo")
    nova.ok("archive", ids["Put away"])
    return ids


def found(nova: Nova, *arguments: str) -> list[tuple[str, str | None]]:
    """Return titles and roles of the hits."""
    return [(hit["title"], hit["role"]) for hit in nova.json("search", "--json", *arguments)]


def test_hits_as_json(lasting: Nova) -> None:
    ids = filled(lasting)
    hits = lasting.json("search", "refund", "--json")
    assert [list(hit) for hit in hits] == [
        ["session_id", "row_id", "title", "role", "timestamp", "snippet", "score"]
    ] * 4
    title = hits[0]
    assert (title["session_id"], title["row_id"], title["role"]) == (ids["Refund café"], None, None)
    assert (title["title"], title["snippet"]) == ("Refund café", "Refund café")
    rows = {row["id"]: row for row in lasting.json("show", ids["Payments"], "--format", "json")["dialog"]["rows"]}
    for hit in hits[1:]:
        row = rows[hit["row_id"]]
        assert (hit["role"], hit["timestamp"]) == (row["role"], row["timestamp"])
        assert hit["snippet"].rstrip("…") in row["text"]
    scores = [hit["score"] for hit in hits]
    assert scores == sorted(scores, reverse=True)
    assert lasting.json("search", "nothing", "--json") == []


def test_the_best_or_the_newest_first(lasting: Nova) -> None:
    filled(lasting)
    assert found(lasting, "refund", "--newest") == [
        ("Payments", "system"),
        ("Payments", "assistant"),
        ("Payments", "user"),
        ("Refund café", None),
    ]
    assert found(lasting, "refund")[:2] == [("Refund café", None), ("Payments", "user")]


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        (["REFUND window"], [("Payments", "assistant")]),
        (["refund", "window"], [("Payments", "assistant")]),
        (["refund", "-window", "-one", "-without"], [("Refund café", None)]),
        (["-refund tag:demo role:user"], []),
        (["-two", "-refund", "role:user"], [("Refund café", "user")]),
        (['"refund window"'], [("Payments", "assistant")]),
        (["wind*"], [("Payments", "assistant")]),
        (["cafe"], [("Refund café", None)]),
        (["window", "title:paym*"], [("Payments", "assistant")]),
        (["refund role:user tag:demo"], [("Payments", "user")]),
        (["refund is:archived"], [("Put away", "user")]),
        (["has:hidden", "refund"], [("Payments", "system")]),
        (["money updated:<7d created:>2020-01-01"], [("Refund café", "user")]),
        (["money", "updated:>7d"], []),
    ],
)
def test_the_search_language(nova: Nova, query: list[str], titles: list[tuple[str, str | None]]) -> None:
    filled(nova)
    assert found(nova, *query) == titles


def test_hits_for_reading(lasting: Nova) -> None:
    ids = filled(lasting)
    lines = lasting.ok("search", "refund").splitlines()
    assert len(lines) == 7
    assert re.fullmatch(rf"{ids['Refund café']}  \d{{4}}-\d\d-\d\d \d\d:\d\d  title      Refund café", lines[0])
    assert re.fullmatch(rf"{ids['Payments']}  .{{16}}  user       Payments", lines[1])
    assert lines[2] == "  Two payments: refund one, and refund it soon. Refund!"
    nothing = lasting.run("search", "nothing")
    assert (nothing.exit_code, nothing.stdout, nothing.stderr) == (0, "", "No hits.\n")


def test_a_limit_says_that_there_is_more(nova: Nova) -> None:
    filled(nova)
    result = nova.run("search", "refund", "--limit", "2", "--json")
    assert result.exit_code == 0
    assert result.stdout.count('"score"') == 2
    assert result.stderr == "There is more than these 2 hits; --limit shows more.\n"
    assert nova.run("search", "refund", "--limit", "4").stderr == ""
    none = nova.run("search", "refund", "--limit", "0")
    assert (none.exit_code, none.output) == (0, "")
    for wrong in ("-1", "x"):
        assert nova.run("search", "refund", "--limit", wrong).exit_code == 2


def test_only_so_many_hits_are_ranked(nova: Nova) -> None:
    with open_store(nova.environment["NOVA_TUI_STORE"], user_id="alice") as store:
        store.save_many(Session.new("alice").add_user("refund") for _ in range(CANDIDATES + 1))
    result = nova.run("search", "refund", "--limit", "1000", "--json")
    assert result.stderr == f"These are the best of the newest {CANDIDATES}; --newest finds all.\n"
    everything = nova.run("search", "refund", "--limit", "1000", "--json", "--newest")
    assert (everything.stdout.count('"score"'), everything.stderr) == (CANDIDATES + 1, "")


def test_hits_on_a_terminal_fit_and_are_marked(nova: Nova) -> None:
    ids = filled(nova)
    text = seen(nova, "search", "REFUND")
    assert "\x1b[33m\x1b[1mrefund\x1b[0m" in text
    assert "\x1b[33m\x1b[1mRefund\x1b[0m café" in text
    assert ids["Payments"] not in text
    plain = seen(nova, "search", "REFUND", NO_COLOR="1")
    assert "\x1b" not in plain
    assert max(map(cell_len, plain.splitlines())) <= 60
    assert ids["Payments"][:8] in plain


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ('"open', "The quote at character 1 of the search is not closed."),
        ("colour:red", "There is no filter colour:"),
        ("role:tool", "role:tool is no filter"),
        ("updated:soon", "updated:soon is no time"),
        ("", "There is nothing to search for."),
        ("* -", "There is nothing to search for."),
        ("x" * 3000, "longer than 2,000 characters"),
        ("\x1b[2J:x", "nothing"),
    ],
)
def test_a_query_that_cannot_be_understood_is_one_sentence(nova: Nova, query: str, said: str) -> None:
    result = nova.run("search", query)
    assert result.stdout == ""
    assert result.stderr.count("\n") == 1
    assert "\x1b" not in result.stderr
    if said != "nothing":
        assert result.exit_code == 1
        assert said in result.stderr


@pytest.mark.parametrize(
    "query", ["'", "a'b; --", "NEAR(a b)", "a OR b", "title: ", "^", "col:*", "%", "\\", "a\0b", "{}"]
)
def test_no_query_is_a_database_error(lasting: Nova, query: str) -> None:
    filled(lasting)
    result = lasting.run("search", query)
    assert result.exit_code in (0, 1)
    assert "fault of nova-tui" not in result.stderr


def test_a_query_is_wanted(nova: Nova) -> None:
    assert nova.run("search").exit_code == 2
    for arguments in (["-h"], ["--help"], ["refund", "--help"]):
        assert "Usage: nova-tui search" in nova.ok("search", *arguments)


def test_other_users_and_the_trash_are_not_searched(lasting: Nova) -> None:
    id = lasting.id("new", "--title", "refund", "--user", "bob")
    assert found(lasting, "refund") == []
    assert len(found(lasting, "refund", "--user", "bob")) == 1
    lasting.ok("delete", id, "--user", "bob")
    assert found(lasting, "refund", "--user", "bob") == []
    lasting.ok("undo", id, "--user", "bob")
    assert len(found(lasting, "refund", "--user", "bob", "--read-only")) == 1


def test_hostile_text_never_reaches_the_terminal(nova: Nova) -> None:
    id = nova.id("new", "--title", f"owned {HOSTILE}")
    nova.ok("add", id, "user", stdin=f"owned {HOSTILE}")
    for arguments in (["search", "owned"], ["search", "owned", "--json"], ["search", f"owned {HOSTILE}"]):
        result = nova.run(*arguments)
        assert result.exit_code == 0
        assert not unsafe_character().search(result.stdout)
        assert not unsafe_character().search(result.stderr)
    text = seen(nova, "search", "owned")
    assert not unsafe_character().search(re.sub(r"\x1b\[[0-9;]*m", "", text))


def test_any_store_can_be_searched(nova: Nova, monkeypatch: pytest.MonkeyPatch) -> None:
    store = MinimalStore()
    store.save(Session.new("alice").add_user("refund"))

    def open_provider(_context: Context, *, create: bool, trial: bool) -> SessionStorageProvider:
        return store

    monkeypatch.setattr(Context, "open_provider", open_provider)
    hits: list[Any] = nova.json("search", "refund", "--json")
    assert [hit["snippet"] for hit in hits] == ["refund"]
