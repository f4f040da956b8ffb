"""What other programs do to the store, and what is typed when this one ends."""

from __future__ import annotations

import asyncio
from functools import partial
from pathlib import Path

import pytest

from nova_tui import open_store
from nova_tui.tui.panes.workbench import DRAFT_DELAY
from nova_tui.tui.screens.main_screen import LIVE_INTERVAL
from tests.tui.nova_app import Stage, nova_app, stage, titled

REFUND = titled("Refund flow", ("user", "Charged twice."), ("assistant", "Sorry."), hour=2)
GARDEN = titled("Garden plan", ("user", "Which soil?"), ("assistant", "Loam."), hour=1)


@pytest.fixture(params=["memory", "sqlite", "file"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Name a store of each kind."""
    return {"memory": "memory:", "sqlite": str(tmp_path / "nova.db"), "file": f"file://{tmp_path / 'sessions'}"}[
        request.param
    ]


async def a_moment(on: Stage) -> None:
    """Wait for the next look at the store, and for all that follows."""
    await asyncio.sleep(LIVE_INTERVAL * 2)
    await on.settle()


async def test_what_others_change_is_shown_within_a_second(place: str) -> None:
    async with stage([REFUND, GARDEN], place=place) as on:
        await a_moment(on)
        theirs = on.store.load(REFUND.id)
        on.store.save(theirs.add_assistant("From elsewhere").with_title("Another title"))
        await a_moment(on)
        assert "From elsewhere" in on.screen_text()
        assert "Another title" in on.list_text()
        on.store.save(titled("Brand new", ("user", "Hello"), hour=3))
        await a_moment(on)
        assert on.main.sessions.session_list.count == 3
        assert on.main.sessions.session_list.current_id == REFUND.id, "the cursor stays where it was"
        on.store.delete(GARDEN.id)
        await a_moment(on)
        assert on.main.sessions.session_list.count == 2
        assert "Garden" not in on.list_text()


async def test_others_do_not_disturb_what_is_being_written(place: str) -> None:
    async with stage([REFUND], place=place) as on:
        await on.press("w")
        await on.type("half a row")
        on.store.save(on.store.load(REFUND.id).add_assistant("From elsewhere"))
        await a_moment(on)
        assert on.main.bench.composer.box.text == "half a row"
        assert on.main.bench.composer.box.has_focus
        await on.press("escape", "g", "e")
        await on.type(" Really")
        on.store.save(on.store.load(REFUND.id).add_assistant("Once more"))
        await a_moment(on)
        editor = on.main.bench.dialog.editor
        assert editor is not None
        assert editor.has_focus
        assert editor.text == "Charged twice. Really"
        await on.press("ctrl+s")
        assert [text for _, text, _ in on.texts("Refund flow")] == [
            "Charged twice. Really",
            "Sorry.",
            "From elsewhere",
            "Once more",
        ]


@pytest.mark.parametrize("place", ["sqlite", "file"], indirect=True)
async def test_what_was_typed_is_there_in_the_next_run(place: str) -> None:
    async with stage([REFUND, GARDEN], place=place) as on:
        await on.press("w")
        await on.type("a new row, not added")
        await on.press("escape", "escape", "j", "enter", "g", "e")
        await on.type(" an edit, not kept")
        await asyncio.sleep(DRAFT_DELAY * 2)
        await on.settle()
        kept = {(draft.session_id, draft.text) for draft in on.store.drafts("alice")}
        assert kept == {(REFUND.id, "a new row, not added"), (GARDEN.id, "Which soil? an edit, not kept")}
    async with stage(place=place) as on:
        assert any("2 unsaved texts" in toast for toast in on.toasts())
        assert on.main.bench.composer.box.text == "a new row, not added"
        await on.press("j", "enter", "g", "e")
        assert on.main.bench.dialog.editor is not None
        assert on.main.bench.dialog.editor.text == "Which soil? an edit, not kept"
        await on.press("ctrl+s", "escape", "j")  # what was just changed stands first
        await on.press("w", "ctrl+s")
        await asyncio.sleep(DRAFT_DELAY * 2)
        await on.settle()
        assert not on.store.drafts("alice"), "what is kept is no draft any more"
        assert on.texts("Refund flow")[-1] == ("user", "a new row, not added", False)


async def test_what_was_typed_last_is_written_down_at_the_end(tmp_path: Path) -> None:
    place = str(tmp_path / "nova.db")
    async with stage([REFUND], place=place) as on:
        await on.press("w")
        await on.pilot.press("x", "y")
    with open_store(place, user_id="alice") as store:
        assert [draft.text for draft in store.drafts("alice")] == ["xy"]


async def test_a_store_for_reading_only_offers_no_changes(tmp_path: Path) -> None:
    place = str(tmp_path / "nova.db")
    with open_store(place, user_id="alice") as store:
        store.save(REFUND)
    app = nova_app(partial(open_store, place, user_id="alice", read_only=True))
    async with app.run_test(size=(100, 30), notifications=True) as pilot:
        with open_store(place, user_id="alice", read_only=True) as store:
            on = Stage(app, pilot, store)
            await on.settle()
            footer = on.screen_text().splitlines()[-1]
            assert "new" not in footer
            assert "delete" not in footer
            await on.press("n", "d", "r", "enter", "e", "h", "d", "w", *"text")
            assert on.main.bench.dialog.editor is None
            assert "The store is open for reading only." in on.screen_text()
            assert "read-only" in on.screen_text()
            assert store.load(REFUND.id) == REFUND
            assert on.toasts() == []
