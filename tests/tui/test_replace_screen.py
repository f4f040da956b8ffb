"""Find and replace on the screen."""

from __future__ import annotations

import asyncio
import dataclasses
import time

import pytest

from nova_tui import open_store
from nova_tui.services import patterns, replacing
from nova_tui.tui.screens import hit_finder
from nova_tui.tui.screens.replace_screen import ReplaceScreen
from nova_tui.tui.storage_worker import StorageWorker
from tests.tui.nova_app import Stage, stage, titled

ONE = titled("One", ("user", "a cat and a Cat"), ("assistant", "the cat\x1b[31m [b]sat"), ("user", "dog"), hour=2)
TWO = titled("Two", ("user", "cat"), ("assistant", "none"), hour=1)


def panel(on: Stage) -> ReplaceScreen:
    """Return the panel."""
    assert isinstance(on.app.screen, ReplaceScreen)
    return on.app.screen


def texts(on: Stage, title: str = "One") -> list[str]:
    """Return the stored texts of a session."""
    return [text for _, text, _ in on.texts(title)]


async def until_found(on: Stage) -> None:
    """Wait until all is looked through; a process is waited for in real time."""
    await on.settle()
    assert not panel(on)._found.running


async def test_every_hit_is_shown_before_and_after_and_picked() -> None:
    async with stage([ONE], size=(110, 34)) as on:
        await on.press("enter", "ctrl+f", *"cat", "tab", *"dog")
        await until_found(on)
        text = on.screen_text()
        assert "3 hits" in text
        assert "- a cat and a Cat" in text
        assert "+ a dog and a Cat" in text
        assert "[b]sat" in text
        assert "\x1b" not in text
        assert texts(on) == [row.text for row in ONE.dialog.rows], "nothing is stored yet"
        await on.press("down", "j", "space")
        assert "2 of 3 hits taken" in on.screen_text()
        await on.press("enter")
        assert texts(on) == ["a dog and a Cat", "the dog\x1b[31m [b]sat", "dog"]
        assert on.store.history(ONE.id)[0].note == "replace 2 hits"
        await on.press("u")
        assert texts(on)[0] == "a cat and a Cat"


async def test_capitals_and_regular_expressions() -> None:
    async with stage([ONE]) as on:
        await on.press("enter", "ctrl+f", *"cat", "f3")
        await until_found(on)
        assert "2 hits" in on.screen_text()
        await on.press("f2", "end", "ctrl+u", "left_parenthesis", *"c", "right_parenthesis", "a", "t")
        await on.press("tab", "less_than_sign", "backslash", "1", "greater_than_sign")
        await until_found(on)
        assert "+ a <c> and" in on.screen_text()
        await on.press("enter")
        assert texts(on)[0] == "a <c> and a Cat"
        await on.press("ctrl+f")
        await until_found(on)
        assert "regular expression" in on.screen_text(), "what was typed is there again"
        await on.press("end", "left_parenthesis")
        await until_found(on)
        assert "no regular expression" in on.screen_text()
        await on.press("enter")
        assert panel(on), "there is nothing to replace"


async def test_marked_rows_only() -> None:
    async with stage([ONE]) as on:
        await on.press("enter", "j", "space", "ctrl+f", *"cat")
        await until_found(on)
        assert "in 1 marked row" in on.screen_text()
        assert "1 hit" in on.screen_text()
        await on.press("f4")
        await until_found(on)
        assert "3 hits" in on.screen_text()
        await on.press("escape")
        assert on.main.is_current
        assert texts(on) == [row.text for row in ONE.dialog.rows]


async def test_many_sessions_are_one_step() -> None:
    async with stage([ONE, TWO]) as on:
        await on.press("ctrl+a", "ctrl+f", *"cat", "tab", *"cow")
        await until_found(on)
        assert "2 marked sessions" in on.screen_text()
        assert "4 hits" in on.screen_text()
        await on.press("enter")
        assert texts(on, "Two")[0] == "cow"
        assert texts(on)[0] == "a cow and a cow"
        await on.press("u")
        assert texts(on, "Two")[0] == "cat"
        assert texts(on)[0] == "a cat and a Cat"


async def test_a_runaway_expression_is_stopped_with_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patterns.PatternProcess.__init__, "__defaults__", (1.0,))
    monkeypatch.setattr(replacing.Search.__init__, "__defaults__", (1.0,))
    victim = titled("One", ("user", "a" * 60 + "!"))
    async with stage([victim]) as on:
        await on.press("enter", "ctrl+f", "f2")
        panel(on).query_one("#find").value = "(a+)+$"  # type: ignore[attr-defined]
        await until_found(on)
        assert "was stopped" in on.screen_text()
        await on.press("end", "backspace")
        await until_found(on)
        assert "1 hit" in on.screen_text()


async def test_a_search_that_is_not_wanted_any_more_is_ended() -> None:
    victim = titled("One", ("user", "a" * 60 + "! cat"))
    scope = hit_finder.Scope("here", [victim.id], None, victim)
    with open_store("memory:") as store:
        finder = hit_finder.HitFinder(StorageWorker(lambda: store, "alice"))
        told: list[object] = []
        first = asyncio.ensure_future(finder.find(replacing.Wanted("(a+)+$", "", regex=True), scope, told.append))
        end = time.monotonic() + 60
        while finder._search is None or finder._search._process._process is None:
            assert time.monotonic() < end
            await asyncio.sleep(0)
        began = time.monotonic()
        second = await finder.find(replacing.Wanted("cat", "cow"), scope, told.append)
        assert await first is None
        assert time.monotonic() - began < patterns.TIME_LIMIT, "nobody waited for the first one"
        assert second is not None
        assert [place.hit.found for place in second.places] == ["cat"]
        finder.close()


async def test_what_was_changed_meanwhile_is_not_touched() -> None:
    async with stage([ONE]) as on:
        await on.press("enter", "ctrl+f", *"cat")
        await until_found(on)
        session = on.store.load(ONE.id)
        other = session.dialog.replace_text(session.dialog.rows[0].id, "theirs")
        on.store.save(session.with_dialog(other))
        await on.press("enter")
        assert texts(on)[0] == "theirs"


async def test_no_more_hits_than_can_be_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hit_finder, "MOST", 50)
    many = dataclasses.replace(titled("One", ("user", "x" * 200)))
    async with stage([many]) as on:
        await on.press("enter", "ctrl+f", *"x")
        await until_found(on)
        assert "and more" in on.screen_text()
        assert panel(on).lines.count == 50
