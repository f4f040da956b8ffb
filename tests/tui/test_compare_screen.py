"""Two sessions side by side, and rows copied across."""

from __future__ import annotations

import dataclasses

from nova_tui import Session
from nova_tui.tui.screens.compare_screen import CompareScreen
from tests.tui.nova_app import Stage, stage, titled

ONE = titled("One", ("user", "same"), ("assistant", "the old answer"), ("user", "only left [b]\x1b[31m"), hour=2)
TWO = titled("Two", ("user", "same"), ("assistant", "the new answer"), ("assistant", "only right"), hour=1)


def panel(on: Stage) -> CompareScreen:
    """Return the panel."""
    assert isinstance(on.app.screen, CompareScreen)
    return on.app.screen


def texts(on: Stage, title: str) -> list[str]:
    """Return the stored texts of a session."""
    return [text for _, text, _ in on.texts(title)]


async def test_two_marked_sessions_stand_side_by_side() -> None:
    async with stage([ONE, TWO]) as on:
        await on.press("C")
        assert on.main.is_current, "one session is nothing to compare"
        await on.press("ctrl+a", "C")
        lines = on.screen_text().splitlines()
        assert any("One" in line and "Two" in line for line in lines)
        assert any("the old answer" in line and "the new answer" in line for line in lines)
        assert "3 of 4 rows differ" in on.screen_text()
        assert "\x1b" not in on.screen_text()
        assert "only left [b]" in on.screen_text()
        assert panel(on).rows.cursor == 1, "the first difference"
        await on.press("n")
        assert panel(on).rows.cursor == 2
        await on.press("escape")
        assert on.main.is_current


async def test_rows_are_copied_both_ways_and_taken_back() -> None:
    async with stage([ONE, TWO]) as on:
        await on.press("ctrl+a", "C", "right")
        assert texts(on, "Two")[1] == "the old answer"
        assert "2 of 4 rows differ" in on.screen_text()
        assert on.store.history(TWO.id)[0].note == "copy 1 row across"
        await on.press("u")
        assert texts(on, "Two")[1] == "the new answer"
        await on.press("left")
        assert texts(on, "One")[1] == "the new answer"
        await on.press("ctrl+a", "right")
        assert texts(on, "Two") == texts(on, "One")
        assert "Both say the same" in on.screen_text()
        await on.press("u", "u")
        assert texts(on, "One") == [row.text for row in ONE.dialog.rows]
        assert texts(on, "Two") == [row.text for row in TWO.dialog.rows]


async def test_two_revisions_are_compared_and_old_rows_come_back() -> None:
    async with stage([ONE]) as on:
        session = on.store.load(ONE.id)
        on.store.save(session.with_dialog(session.dialog.replace_text(session.dialog.rows[1].id, "edited")))
        await on.press("enter", "ctrl+t", "c")
        lines = on.screen_text().splitlines()
        assert any("the old answer" in line and "edited" in line for line in lines)
        await on.press("left")
        assert texts(on, "One")[1] == "edited", "the past cannot be changed"
        await on.press("right")
        assert texts(on, "One")[1] == "the old answer"
        await on.press("escape", "escape", "u")
        assert texts(on, "One")[1] == "edited"


def long(title: str, hour: int, changed: int) -> Session:
    """Return a session of many rows, one of which is another."""
    session = titled(title, *((("user", "assistant")[at % 2], f"row {at} of many") for at in range(10_000)), hour=hour)
    row = session.dialog.rows[changed]
    other = dataclasses.replace(row, text="another text")
    return dataclasses.replace(session, dialog=session.dialog.replace(row.id, other))


async def test_of_many_rows_only_those_in_sight_are_laid_out() -> None:
    async with stage([long("A", 2, 7000), long("B", 1, 9000)]) as on:
        await on.press("ctrl+a", "C")
        assert panel(on).rows.cursor == 7000
        assert "another text" in on.screen_text()
        assert panel(on).rows.laid < 200
        await on.press("n", "n", "g", "G")
        assert panel(on).rows.laid < 400


async def test_it_fits_any_screen() -> None:
    for size in ((40, 12), (80, 24), (160, 50)):
        async with stage([ONE, TWO], size=size) as on:
            await on.press("ctrl+a", "C")
            assert "rows differ" in on.screen_text()
            await on.pilot.resize_terminal(60, 20)
            await on.press("j", "k", "pagedown", "pageup")
            assert "rows differ" in on.screen_text()
