"""The revisions of a session, walked on the screen."""

from __future__ import annotations

from pathlib import Path

from nova_tui import SessionStorageProvider
from nova_tui.tui.screens.difference_screen import DifferenceScreen
from nova_tui.tui.screens.history_screen import HistoryScreen
from tests.tui.nova_app import Stage, stage, titled

ONE = titled("One", ("user", "first"), ("assistant", "second"), ("user", "third [b]\x1b[31m"))


def edit(store: SessionStorageProvider, position: int, text: str) -> None:
    """Change a row in the store."""
    session = store.load(ONE.id)
    store.save(session.with_dialog(session.dialog.replace_text(session.dialog.rows[position].id, text)))


def panel(on: Stage) -> HistoryScreen:
    """Return the panel."""
    assert isinstance(on.app.screen, HistoryScreen)
    return on.app.screen


def shown(on: Stage) -> list[str]:
    """Return the texts of the dialog that the panel shows."""
    rows = panel(on).view.rows
    return [row.text if (row := rows.row(at)) else "?" for at in range(len(rows))]


async def test_the_dialog_shows_each_state_where_it_changed() -> None:
    async with stage([ONE]) as on:
        edit(on.store, 0, "FIRST")
        edit(on.store, 2, "THIRD")
        await on.press("enter", "ctrl+t")
        text = on.screen_text()
        assert "edit row 3" in text
        assert "3 revisions" in text
        assert "as it is now, read-only" in text
        assert shown(on) == ["FIRST", "second", "THIRD"]
        assert panel(on).view.current_row_id == ONE.dialog.rows[2].id
        await on.press("j")
        assert shown(on)[2] == "third [b]\x1b[31m"
        assert "\x1b" not in on.screen_text()
        assert "as it was, read-only" in on.screen_text()
        assert panel(on).view.current_row_id == ONE.dialog.rows[0].id
        await on.press("j")
        assert shown(on) == ["first", "second", "third [b]\x1b[31m"]
        assert [text for _, text, _ in on.texts("One")] == ["FIRST", "second", "THIRD"], "looking changes nothing"
        await on.press("tab", "j", "e", "d", "escape", "escape", "escape")
        assert on.main.is_current


async def test_a_revision_is_restored_and_that_is_taken_back() -> None:
    async with stage([ONE]) as on:
        for number in range(5):
            edit(on.store, 0, f"text {number}")
        await on.press("ctrl+t", "j", "j", "enter")
        assert on.main.is_current
        assert on.texts("One")[0][1] == "text 2"
        assert on.store.history(ONE.id)[0].note == "restore revision 4"
        assert any("Revision 4 is back" in toast for toast in on.toasts())
        await on.press("u")
        assert on.texts("One")[0][1] == "text 4"
        await on.press("ctrl+y")
        assert on.texts("One")[0][1] == "text 2"
        await on.press("ctrl+t", "enter")
        assert panel(on), "what is now need not be restored"


async def test_any_two_revisions_are_compared() -> None:
    async with stage([ONE]) as on:
        for number in range(5):
            edit(on.store, 0, f"text {number}")
        await on.press("ctrl+t", "d")
        assert isinstance(on.app.screen, DifferenceScreen)
        assert "- text 3" in on.screen_text()
        await on.press("escape", "space", "G", "space", "enter")
        assert "From revision 1 to 6" in on.screen_text()
        assert "- first" in on.screen_text()
        assert "+ text 4" in on.screen_text()
        await on.press("escape", "k", "space", "d")
        assert "From revision 2 to 6" in on.screen_text() or "From revision 1 to 2" in on.screen_text()
        await on.press("escape", "escape")
        assert on.main.is_current


async def test_the_past_is_there_after_a_restart(tmp_path: Path) -> None:
    place = str(tmp_path / "s.db")
    async with stage([ONE], place=place) as on:
        await on.press("enter", "d", "d")
        assert len(on.texts("One")) == 1
    async with stage([], place=place) as on:
        await on.press("ctrl+t", "G")
        assert shown(on) == ["first", "second", "third [b]\x1b[31m"]
        await on.press("enter")
        assert len(on.texts("One")) == 3
        await on.press("u")
        assert len(on.texts("One")) == 1


async def test_a_store_for_reading_only_can_be_walked(tmp_path: Path) -> None:
    place = str(tmp_path / "s.db")
    async with stage([ONE], place=place) as on:
        await on.press("enter", "d")
    async with stage([], place=place, read_only=True) as on:
        await on.press("ctrl+t", "j", "enter")
        assert len(shown(on)) == 3
        assert len(on.texts("One")) == 2


async def test_the_panel_fits_small_screens() -> None:
    for size in ((60, 20), (80, 24), (120, 40)):
        async with stage([ONE], size=size) as on:
            await on.press("ctrl+t")
            assert "create" in on.screen_text()
            assert "second" in on.screen_text()
