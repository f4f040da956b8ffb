"""Keys that come in one piece do what they would do one by one."""

from __future__ import annotations

import asyncio
import time

from textual import events

from nova_tui.tui.screens.prompt_screen import PromptScreen
from tests.tui.nova_app import Stage, stage, titled

REFUND = titled("Refund flow", ("user", "Charged twice."), ("assistant", "Sorry."), hour=2)
GARDEN = titled("Garden plan", ("user", "Which soil?"), hour=1)


async def burst(on: Stage, *keys: str) -> None:
    """Send keys without a pause between them."""
    for key in keys:
        name, character = (key, key) if len(key) == 1 else (key, None)
        on.app.post_message(events.Key(name, character))
    await on.settle()


async def test_a_filter_in_one_piece_deletes_nothing() -> None:
    async with stage([REFUND, GARDEN]) as on:
        await burst(on, "slash", *"garden")
        assert on.main.sessions.filter_text == "garden"
        assert on.titles() == ["Refund flow", "Garden plan"]


async def test_a_new_session_with_its_first_row_in_one_piece() -> None:
    async with stage([REFUND]) as on:
        await burst(on, "n", *"dud", "ctrl+s")
        assert on.texts("dud") == [("user", "dud", False)]
        assert len(on.titles()) == 2


async def test_an_edit_in_one_piece() -> None:
    async with stage([GARDEN]) as on:
        await burst(on, "enter", "e", *"dd", "ctrl+s")
        assert on.texts("Garden plan") == [("user", "Which soil?dd", False)]


async def test_a_new_title_in_one_piece() -> None:
    async with stage([GARDEN]) as on:
        await burst(on, "r", *"duds")
        assert isinstance(on.app.screen, PromptScreen)
        await burst(on, "enter", "j", "k")
        assert on.titles() == ["duds"]


async def test_many_moves_in_one_piece_all_count() -> None:
    sessions = [titled(f"number {hour:02}", hour=hour) for hour in range(40)]
    async with stage(sessions) as on:
        await burst(on, *("j" * 30), "k")
        assert on.main.sessions.session_list.current_id == sessions[40 - 30].id


async def test_keys_wait_for_a_screen_that_is_slow_to_follow() -> None:
    async with stage([REFUND]) as on:
        await on.press("tab")
        on.app.screen.call_later(asyncio.sleep, 0.3)  # the next key gets no further than the screen until then
        on.app.post_message(events.Key("tab", None))
        await asyncio.sleep(0.1)
        time.sleep(0.06)
        on.app.post_message(events.Key("A", "A"))
        await on.settle()
        assert on.main.bench.composer.box.text == "A"


async def test_keys_behind_enter_act_on_the_session_that_was_opened() -> None:
    async with stage([REFUND, GARDEN]) as on:
        await burst(on, "j", "enter", "d")
        assert on.texts("Refund flow") == [("user", "Charged twice.", False), ("assistant", "Sorry.", False)]
        assert on.texts("Garden plan") == []


async def test_keys_behind_the_filter_act_on_the_list() -> None:
    async with stage([REFUND, GARDEN]) as on:
        await burst(on, "slash", *"gar", "enter", "r", *"X", "enter")
        assert on.main.sessions.filter_text == "gar"
        assert "X" in on.titles()


async def test_keys_behind_the_end_of_a_filter_wait_for_the_whole_list() -> None:
    sessions = [titled(f"number {hour:02}", hour=hour) for hour in range(40)]
    async with stage(sessions) as on:
        await on.press("slash")
        await on.type("nothing like it")
        await on.press("enter")
        assert on.main.sessions.session_list.count == 0
        await burst(on, "escape", "down", "down", "enter")
        assert on.main.bench.dialog.session is not None
        assert on.main.bench.dialog.session.title == "number 37"
