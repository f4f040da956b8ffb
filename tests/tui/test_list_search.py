"""Finding sessions as one types: by their titles at once, by what they hold soon after."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Sequence
from typing import Any

import pytest

from nova_tui.domain.errors import StoreUnavailable
from nova_tui.domain.search import SearchHit
from nova_tui.storage.provider import SessionStorageProvider
from tests.tui.nova_app import Stage, stage, titled
from tests.tui.widgets.texts import HOSTILE

FLOW = titled("Refund flow", ("user", "I was charged twice."), ("assistant", "I refund one of them."), hour=5)
POLICY = titled("Policy", ("user", "How long?"), ("assistant", "The Réfund window is 30 days."), hour=4)
GARDEN = titled("Garden plan", ("user", "Which soil?"), ("assistant", "Loam, 東京タワー."), hour=3)
OLD = titled("Old mail", ("user", "a refund of two payments"), hour=2).with_tags(["mail", "year end"])
AWAY = titled("Away", ("user", "refund in the archive"), hour=1).with_archive()
ALL = [FLOW, POLICY, GARDEN, OLD, AWAY]


def listed(on: Stage) -> list[str]:
    known = {one.id: one.title for one in ALL}
    return [known[session_id] for session_id in on.main.sessions.session_list._ids]


def reader(on: Stage) -> SessionStorageProvider:
    library = on.main.sessions.storage._reader
    assert library is not None
    return library.store


class Counts:
    """How often a store was asked, and what became of it."""

    def __init__(self, on: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
        store = reader(on)
        self.texts: list[str] = []
        self.titles: list[str | None] = []
        self.counted: list[str] = []
        self.stopped = 0
        search, ids, count = store.search_sessions, store.session_ids, store.count

        def counting(user_id: str, query: str, **options: Any) -> Sequence[SearchHit]:
            self.texts.append(query)
            try:
                return search(user_id, query, **options)
            except StoreUnavailable:
                self.stopped += 1
                raise

        def counting_ids(user_id: str, **options: Any) -> Sequence[str]:
            self.titles.append(options.get("filter"))
            return ids(user_id, **options)

        def counting_hits(user_id: str, query: str, **options: Any) -> int:
            self.counted.append(query)
            return count(user_id, query, **options)

        monkeypatch.setattr(store, "search_sessions", counting)
        monkeypatch.setattr(store, "session_ids", counting_ids)
        monkeypatch.setattr(store, "count", counting_hits)


async def test_titles_come_first_then_what_sessions_hold_each_once() -> None:
    async with stage(ALL, size=(120, 40)) as on:
        await on.press("slash")
        await on.type("refund")
        assert listed(on) == ["Refund flow", "Policy", "Old mail"]
        assert "The Réfund window" in on.list_text()
        assert "14" not in on.list_text()
        assert on.main.header.count == "3 of 4 · 4 hits"


async def test_titles_are_there_before_texts_are_searched(monkeypatch: pytest.MonkeyPatch) -> None:
    async with stage(ALL) as on:
        counts = Counts(on, monkeypatch)
        await on.press("slash")
        await on.pilot.press("r", "e", "f")
        for _ in range(200):
            if listed(on) == ["Refund flow"]:
                break
            await asyncio.sleep(0.001)
        assert listed(on) == ["Refund flow"]
        assert counts.texts == [], "texts wait until the typing pauses"
        await on.settle()
        assert listed(on) == ["Refund flow", "Policy", "Old mail"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("ref", ["Refund flow", "Policy", "Old mail"]),
        ("ref*", ["Refund flow", "Policy", "Old mail"]),
        ("refund -window", ["Refund flow", "Old mail"]),
        ('"two payments"', ["Old mail"]),
        ('"two pay', ["Old mail"]),
        ("role:user refund", ["Old mail"]),
        ("refund tag:mail", ["Old mail"]),
        ('tag:"year end"', ["Old mail"]),
        ("refund is:archived", ["Away"]),
        ("is:archived refund", ["Away"]),
        ("title:flow", ["Refund flow"]),
        ("京タ", ["Garden plan"]),
        ("REFÜND", ["Refund flow", "Policy", "Old mail"]),
        ("refund updated:>2020-01-01", ["Refund flow", "Policy", "Old mail"]),
        ("refund updated:<1d", []),
        ("updated:", ["Refund flow", "Policy", "Garden plan", "Old mail"]),
        ("tag:", ["Refund flow", "Policy", "Garden plan", "Old mail"]),
        ("is:st", ["Refund flow", "Policy", "Garden plan", "Old mail"]),
        ("-", ["Refund flow", "Policy", "Garden plan", "Old mail"]),
        ("has:image", []),
        ("unds", []),
        ("efun", ["Refund flow"]),
    ],
)
async def test_the_whole_search_language_is_a_filter(text: str, found: list[str]) -> None:
    async with stage(ALL) as on:
        await on.press("slash")
        on.main.sessions.filter_input.value = text
        await on.settle()
        assert [title for title in listed(on) if on.main.sessions.session_list.display] == found
        assert not on.toasts()
        assert "no filter" not in on.screen_text()


async def test_an_unknown_filter_is_told_in_a_sentence() -> None:
    async with stage(ALL, size=(120, 40)) as on:
        await on.press("slash")
        await on.type("colour:red x")
        assert "There is no filter colour:" in on.screen_text()
        await on.press("escape")
        assert "There is no filter" not in on.screen_text()


async def test_eight_letters_are_one_search_of_the_texts(monkeypatch: pytest.MonkeyPatch) -> None:
    async with stage(ALL) as on:
        counts = Counts(on, monkeypatch)
        await on.press("slash")
        await on.pilot.press(*"payments")
        await on.settle()
        assert counts.texts == ["payments"]
        assert counts.counted == ["payments"]
        assert len(counts.titles) <= 9, "the shelf's total is known; titles are asked for at most once a letter"
        assert listed(on) == ["Old mail"]


async def test_a_slow_search_is_stopped_by_the_next_letter(monkeypatch: pytest.MonkeyPatch) -> None:
    async with stage(ALL) as on:
        counts, typed = Counts(on, monkeypatch), threading.Event()
        store: Any = reader(on)
        store = store._store  # what is behind the one user's view
        every, loop = store.list, asyncio.get_running_loop()

        def slow(user_id: str) -> Any:
            for session in every(user_id):
                if counts.texts and not typed.is_set():
                    typed.set()
                    before, patience = store._interrupts, time.monotonic() + 20
                    loop.call_soon_threadsafe(on.app.simulate_key, "e")
                    while store._interrupts == before and time.monotonic() < patience:
                        time.sleep(0.001)
                yield session

        monkeypatch.setattr(store, "list", slow)
        await on.press("slash", "r")
        await on.settle()
        assert counts.texts == ["r", "re"]
        assert counts.stopped == 1, "the first search ended when it was no longer wanted"
        assert counts.counted == ["re"]
        assert listed(on) == ["Refund flow", "Policy", "Old mail"]
        assert not on.toasts()


async def test_keys_behind_the_filter_wait_for_what_the_texts_hold() -> None:
    async with stage(ALL) as on:
        for key in ("slash", *"window", "enter", "enter"):
            on.app.simulate_key(key)
        await on.settle()
        assert on.main.bench.dialog.session is not None
        assert on.main.bench.dialog.session.id == POLICY.id
        assert on.main.bench.dialog.view.has_focus


async def test_tab_completes_names_and_values_and_else_goes_on() -> None:
    async with stage(ALL) as on:
        field = on.main.sessions.filter_input
        await on.press("slash")
        assert "Tab complete" not in on.screen_text()
        await on.type("ta")
        assert "Tab complete" in on.screen_text()
        await on.press("tab")
        assert field.value == "tag:"
        await on.press("tab")
        assert field.value == "tag:mail"
        await on.press("tab")
        assert field.value == 'tag:"year end"'
        assert listed(on) == ["Old mail"]
        await on.type(" refund")
        assert "Tab complete" not in on.screen_text()
        await on.press("tab")
        assert not field.has_focus
        assert field.value == 'tag:"year end" refund'


async def test_nothing_found_says_what_was_searched_and_how_to_find_more() -> None:
    async with stage(ALL) as on:
        await on.press("slash")
        await on.type("archive")
        assert "No title or text among 4 sessions holds “archive”." in on.list_text()
        assert "look in the archive" in on.list_text()
        on.main.sessions.action_look_in_archive()
        await on.settle()
        assert listed(on) == ["Away"]


async def test_f3_walks_from_session_to_session_and_round() -> None:
    async with stage(ALL) as on:
        await on.press("f3")
        assert on.main.sessions.session_list.cursor == 0, "nothing was looked for"
        await on.press("slash")
        await on.type("refund")
        await on.press("enter", "f3", "f3")
        assert on.main.sessions.session_list.current_id == OLD.id
        await on.press("f3")
        assert on.main.sessions.session_list.current_id == FLOW.id
        assert "From the first again." in on.toasts()
        await on.press("shift+f3")
        assert on.main.sessions.session_list.current_id == OLD.id


async def test_earlier_filters_come_back() -> None:
    async with stage(ALL) as on:
        await on.press("slash", *"soil", "enter", "escape", "slash", *"loam", "enter", "escape", "slash", "up")
        assert on.main.sessions.filter_input.value == "loam"
        await on.press("up")
        assert on.main.sessions.filter_input.value == "soil"
        assert listed(on) == ["Garden plan"]


async def test_hostile_titles_and_texts_are_text() -> None:
    text = HOSTILE.replace("\0", "")
    async with stage([titled(f"needle {text}", ("user", "x")), titled("Other", ("user", f"needle {text}"))]) as on:
        await on.press("slash")
        await on.type("needle")
        assert on.main.sessions.session_list.count == 2
        assert not any((ord(c) < 32 and c != "\n") or 127 <= ord(c) < 160 for c in on.screen_text())


async def test_a_star_given_to_a_hit_does_not_move_the_list() -> None:
    async with stage(ALL) as on:
        await on.press("slash")
        await on.type("refund")
        await on.press("enter", "j", "s")
        assert listed(on) == ["Refund flow", "Policy", "Old mail"]
        assert on.main.sessions.session_list.current_id == POLICY.id
