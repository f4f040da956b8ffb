"""How the list was left comes back: view, cursor, place on the screen, width, kept views; for each user."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from nova_tui import Session, open_store
from nova_tui.domain.times import now
from nova_tui.services.list_state import ListState, read_state, state_path
from nova_tui.services.list_view import ListView
from nova_tui.storage.sqlite import SqliteStore
from nova_tui.tui.screens.choice_screen import ChoiceScreen
from tests.tui.nova_app import START, stage, titled

MANY = [titled(f"Number {number:02}", ("user", "x"), hour=100 - number) for number in range(40)]


@pytest.fixture(params=["sqlite", "file"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return the place of a fresh store on disk."""
    return f"sqlite://{tmp_path / 'nova.db'}" if request.param == "sqlite" else f"file://{tmp_path / 'sessions'}"


async def test_view_cursor_place_and_width_come_back(place: str, tmp_path: Path) -> None:
    states = tmp_path / "states"
    async with stage(MANY, place=place, states=states) as on:
        await on.press("o", "j", "j", "enter")
        await on.press("ctrl+right", "V", "3", "enter", "g", *["j"] * 20, "k", "k")
        listed = on.main.sessions.session_list
        current, line, width = listed.current_id, listed.cursor_line, on.main.desk.outer_size.width
        assert line not in (0, listed.size.height - 3)
        assert width == 32
    async with stage(place=place, states=states) as on:
        listed = on.main.sessions.session_list
        assert (listed.current_id, listed.cursor_line) == (current, line)
        assert on.main.sessions.view.sort == "title"
        assert on.main.desk.outer_size.width == width
        assert sorted(on.main.desk.saved_views) == [3]
        assert "Number 18" in on.screen_text().splitlines()[1], "its dialog is shown"


async def test_days_have_headings_where_that_is_wanted_and_the_order_is_one_of_time(tmp_path: Path) -> None:
    place, states = f"sqlite://{tmp_path / 'nova.db'}", tmp_path / "states"
    hours = (now() - START) // timedelta(hours=1)
    days = [titled(f"Number {number:02}", ("user", "x"), hour=hours - 24 * number) for number in range(7)]
    async with stage(days, place=place, states=states) as on:
        listed = on.main.sessions.session_list
        assert not listed.groups.starts
        await on.press("b")
        assert list(listed.groups.starts) == [0, 1, 2, 3, 4, 5, 6]
        newest_first = listed.groups.periods
        assert "Yesterday ─" in on.list_text()
        await on.press("o", "j", "j", "enter")
        assert not listed.groups.starts, "titles have no days"
        await on.press("b")
        assert on.main.sessions.view.by_day, "the key does nothing where there are none"
        await on.press("o", "k", "enter", "o", "enter")
        assert on.main.sessions.view.reverse
        assert listed.groups.periods == newest_first[::-1]
    async with stage(place=place, states=states) as on:
        assert on.main.sessions.session_list.groups.starts
        await on.press("d", "T")
        assert len(on.main.sessions.session_list.groups.starts) == 1, "the trash has them too"


async def test_the_filter_and_the_shelf_come_back(tmp_path: Path) -> None:
    place = f"sqlite://{tmp_path / 'nova.db'}"
    async with stage(MANY, place=place, states=tmp_path) as on:
        await on.press("a", "A", "slash")
        await on.type("number")
        await on.press("enter")
    async with stage(place=place, states=tmp_path) as on:
        assert on.main.sessions.view.shelf == "archive"
        assert on.main.sessions.filter_input.value == "number"
        assert on.main.sessions.session_list.count == 1
        await on.press("escape", "escape")
        assert on.main.sessions.session_list.count == 39


async def test_a_damaged_state_is_no_trouble(tmp_path: Path) -> None:
    place = f"sqlite://{tmp_path / 'nova.db'}"
    states = tmp_path / "states"
    states.mkdir()
    state_path(states, str(tmp_path / "nova.db"), "alice").write_text("{ damaged")
    async with stage(MANY[:2], place=place, states=states) as on:
        assert on.main.sessions.session_list.count == 2
        await on.press("j")
    assert read_state(state_path(states, str(tmp_path / "nova.db"), "alice")).cursor == MANY[1].id


async def test_a_memory_store_leaves_nothing(tmp_path: Path) -> None:
    async with stage(MANY[:2], states=tmp_path) as on:
        await on.press("j", "V", "1", "enter")
        assert sorted(on.main.desk.saved_views) == [1]
    assert list(tmp_path.iterdir()) == []


async def test_a_store_for_reading_is_not_written_when_the_state_is(tmp_path: Path) -> None:
    path, states = tmp_path / "nova.db", tmp_path / "states"
    with open_store(f"sqlite://{path}", user_id="alice") as store:
        store.save_many(MANY)
    before = {found: found.read_bytes() for found in tmp_path.iterdir() if found.is_file()}
    async with stage(place=f"sqlite://{path}", states=states, read_only=True) as on:
        await on.press("s", "d", "j", "o", "j", "enter", "u", "ctrl+y")
        assert "undo" not in on.screen_text().splitlines()[-1]
        assert on.toasts() == [], "what cannot be done is not tried either"
    # the test's own look at the store may leave files beside it, never other bytes in it
    assert path.read_bytes() == before[path]
    assert read_state(state_path(states, str(path), "alice")) != ListState()


async def test_the_border_is_dragged_and_stays_within_the_screen() -> None:
    async with stage(MANY[:2]) as on:
        desk = on.main.desk
        await on.pilot.mouse_down(offset=(desk.region.right - 1, 10))
        await on.pilot.hover(offset=(44, 10))
        await on.pilot.mouse_up(offset=(44, 10))
        await on.settle()
        assert desk.outer_size.width == 45
        await on.press(*["ctrl+right"] * 12)
        assert desk.outer_size.width == 70
        await on.press(*["ctrl+left"] * 20)
        assert desk.outer_size.width == 20


async def test_another_user_is_chosen_and_each_has_a_state(tmp_path: Path) -> None:
    place = f"sqlite://{tmp_path / 'nova.db'}"
    with open_store(place, user_id="bob") as store:
        store.save_many([Session.new("bob").with_title(title) for title in ("His", "Hers")])
    async with stage(MANY[:3], place=place, states=tmp_path / "states") as on:
        await on.press("j", "s", "U")
        assert isinstance(on.app.screen, ChoiceScreen)
        assert "shown now" in on.screen_text()
        await on.press("j", "enter")
        assert on.main.header.count == "2 sessions"
        assert on.main.header.owner.startswith("bob · ")
        await on.press("u")
        with open_store(place, user_id="alice") as look:
            assert look.load(MANY[1].id).starred, "another user's undo does not reach it"
        await on.press("n")
        await on.type("by bob")
        await on.press("ctrl+s", "escape", "escape")
        with open_store(place, user_id="bob") as look:
            assert len(look.session_ids("bob")) == 3
        await on.press("U", "k", "enter")
        assert on.main.sessions.session_list.current_id == MANY[1].id, "as it was left"


async def test_the_first_page_comes_before_the_order_and_moving_asks_for_no_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def counted(name: str) -> Any:
        real = getattr(SqliteStore, name)

        def count(self: SqliteStore, *arguments: Any, **options: Any) -> Any:
            asked.append(name)
            return real(self, *arguments, **options)

        return count

    for name in ("session_ids", "summaries"):
        monkeypatch.setattr(SqliteStore, name, counted(name))
    async with stage(MANY, place=f"sqlite://{tmp_path / 'nova.db'}") as on:
        assert asked == ["summaries", "session_ids"], "what is visible, then all"
        asked.clear()
        await on.press(*["j"] * 10, "G", "g", "space", "v", "j")
        assert asked == []
        await on.press("escape", "s")
        assert asked == ["session_ids"], "one for the change, none when the store says that something changed"


@pytest.mark.parametrize(
    ("keys", "times"),
    [("s", 1), ("d u", 2), ("n", 1), ("space space s", 1), ("e x ctrl+s", 1)],
)
async def test_what_we_changed_ourselves_is_no_news(
    keys: str, times: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = f"sqlite://{tmp_path / 'nova.db'}"
    async with stage(MANY, place=place) as on:
        listed: list[str] = []
        real = ListView.listed

        def counted(self: ListView, *arguments: Any, **options: Any) -> Any:
            listed.append(self.shelf)
            return real(self, *arguments, **options)

        monkeypatch.setattr(ListView, "listed", counted)
        if keys.startswith("e"):
            await on.press("enter")
        for key in keys.split():
            await on.press(key)
        for _ in range(3):
            await on.pilot.pause(0.6)
            await on.settle()
        assert len(listed) == times
        with open_store(place, user_id="alice") as other:
            other.save(other.load(MANY[20].id).with_title("by another program"))
        for _ in range(4):
            await on.pilot.pause(0.6)
            await on.settle()
        assert len(listed) == times + 1, "what others change is"


async def test_the_total_follows_what_is_taken_back_also_behind_a_filter(tmp_path: Path) -> None:
    async with stage(MANY, place=f"sqlite://{tmp_path / 'nova.db'}") as on:
        await on.press("slash")
        await on.type("number 0")
        await on.press("enter", "d")
        assert on.main.header.count.startswith("12 of 39")
        await on.press("u")
        assert on.main.header.count.startswith("13 of 40")


@pytest.mark.parametrize("key", ["T", "A"])
@pytest.mark.parametrize("back", ["escape", "same"])
async def test_a_look_at_trash_or_archive_comes_back_to_filter_cursor_and_line(key: str, back: str) -> None:
    async with stage(MANY) as on:
        await on.press("d", "d", "a", "a", "slash")
        await on.type("number")
        await on.press("enter", *["j"] * 20, "k", "k")
        listed = on.main.sessions.session_list
        current, line = listed.current_id, listed.cursor_line
        assert line > 0
        await on.press(key)
        assert (listed.count, listed.cursor) == (2, 0), "another shelf begins with its first session"
        await on.press("j", key if back == "same" else back)
        assert (listed.current_id, listed.cursor_line) == (current, line)
        assert on.main.sessions.filter_text == "number"
        await on.press(key)
        assert listed.cursor == 1, "the shelf, too, is as it was left"
