"""The player where it is hard: long rows, the same words elsewhere, secrets typed on stage, storms."""

from __future__ import annotations

import random
from datetime import UTC, datetime

import pytest

from nova_tui import Dialog, Session
from nova_tui.performing.playhead import Going
from nova_tui.tui.screens.player_screen import PlayerScreen
from nova_tui.tui.screens.row_screen import RowScreen, StageEditor
from nova_tui.tui.screens.secrets_screen import SecretsScreen
from tests.tui.nova_app import stage, titled
from tests.tui.test_player import OnStage, playing

KEY = "sk-" + "Ab3" * 10
AT = datetime(2026, 1, 1, tzinfo=UTC)


def lit_lines(on: OnStage) -> list[str]:
    """Return the lines of the stage on which something is marked, and the marked words."""
    style = on.player.query_one("StageView").get_component_rich_style("dialog-view--find", partial=True)
    strips = on.app.screen._compositor.render_strips(on.app.size)
    return [
        segment.text
        for strip in strips
        for segment in strip
        if segment.style and segment.style.bgcolor == style.bgcolor
    ]


async def test_a_highlight_is_seen_in_its_own_row_only() -> None:
    dialog = (
        Dialog.new()
        .add("user", "Is binary search fast?", timestamp=AT)
        .add("assistant", "Yes: binary search is.", timestamp=AT, metadata={"demo": {"highlight": ["binary search"]}})
        .add("user", "More about binary search", timestamp=AT)
    )
    session = Session.new("alice").with_title("Lit").with_dialog(dialog)
    async with playing(session) as on:
        await on.press("space", "right", "right")
        assert "Is binary search fast?" in on.screen_text()
        assert lit_lines(on) == ["binary search"]
        await on.press("right")
        assert lit_lines(on) == []


async def test_a_row_longer_than_the_screen_is_scrolled_while_it_rests() -> None:
    text = "\n\n".join(f"Paragraph {number}" for number in range(60))
    async with playing(titled("Long", ("assistant", text), ("user", "Thanks"))) as on:
        await on.press("space", "right")
        assert "Paragraph 59" in on.screen_text()
        await on.press("k", "k", "k", "k", "k", "k", "k", "k", "k", "k")
        assert "Paragraph 0" in on.screen_text()
        assert "Paragraph 59" not in on.screen_text()
        await on.press("j", "ctrl+d")
        assert "Paragraph 0\n" not in on.screen_text()
        await on.press("space")
        await on.wait(10)
        assert "Thanks" in on.screen_text()


async def test_nothing_is_folded_on_stage_however_long_it_is() -> None:
    text = "\n\n".join(f"Paragraph {number}" for number in range(400))
    async with playing(titled("Long", ("assistant", text))) as on:
        await on.press("space", "right")
        assert "Paragraph 399" in on.screen_text()
        await on.press("k", "j")
        assert "Paragraph 399" in on.screen_text()


async def test_scrolling_while_it_plays_lets_it_rest() -> None:
    async with playing() as on:
        await on.wait(6)
        await on.press("k")
        assert on.going() is Going.PAUSED


@pytest.mark.parametrize("decided", [True, False])
async def test_a_secret_typed_on_stage_is_reviewed(decided: bool) -> None:
    async with playing(titled("Talk", ("user", "Hello"), ("assistant", "Hi"))) as on:
        await on.press("space", "right", "e")
        assert isinstance(on.app.screen, RowScreen)
        on.app.screen.query_one(StageEditor).text = f"My key is {KEY}"
        await on.press("ctrl+s")
        assert isinstance(on.app.screen, SecretsScreen)
        await on.press(*("l", "enter") if decided else ("escape",))
        assert isinstance(on.app.screen, PlayerScreen)
        assert (KEY in on.screen_text()) is decided
        assert on.texts("Talk")[0][1] == f"My key is {KEY}", "what was typed is kept in any case"
        assert ("What looks like a secret stays covered in this performance." in on.toasts()) is not decided


async def test_a_storm_of_sizes_themes_and_keys_does_no_harm() -> None:
    """Whatever comes in whatever order, the player stands, and shows at the end what there is at the end."""
    dice = random.Random(7)
    keys = [
        "space", "right", "left", "up", "down", "plus", "minus", "equals_sign", "n", "s",
        "b", "o", "i", "j", "k", "left_square_bracket", "right_square_bracket", "home", "end", "pagedown",
        "pageup", "full_stop",
    ]  # fmt: skip
    async with playing() as on:
        themes = [name for name in ("nova-dark", "paper", "ansi", "high-contrast") if name in on.app.available_themes]
        for _ in range(80):
            what = dice.random()
            if what < 0.3:
                await on.pilot.resize_terminal(dice.choice([20, 40, 80, 100, 180]), dice.choice([5, 8, 24, 30, 60]))
            elif what < 0.5:
                on.app.theme = dice.choice(themes)
            elif what < 0.8:
                await on.pilot.press(dice.choice(keys))
            else:
                await on.wait(dice.random() * 2)
        assert isinstance(on.app.screen, PlayerScreen)
        await on.pilot.resize_terminal(100, 30)
        if on.player.has_class("-blank"):
            await on.press("b")
        await on.press("end", "space", "space", "end")
        assert "You are welcome." in on.screen_text()


async def test_the_list_s_own_state_is_untouched_by_a_performance() -> None:
    async with stage([titled("One", ("user", "a")), titled("Two", ("user", "b"), hour=-1)]) as on:
        await on.press("down")
        before = on.list_text()
        await on.press("p", "end", "q")
        assert on.list_text() == before
