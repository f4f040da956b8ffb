"""What a person does with sessions in the list, one or many, and what becomes of it in the store."""

from __future__ import annotations

from pathlib import Path

import pytest

from nova_tui import open_store
from nova_tui.tui.screens.choice_screen import ChoiceScreen
from nova_tui.tui.screens.tag_screen import TagScreen
from tests.tui.nova_app import Stage, stage, titled

ONE = titled("One", ("user", "first"), hour=3).with_tags(["demo"])
TWO = titled("Two", ("user", "second"), ("assistant", "b"), hour=2)
THREE = titled("Three", ("user", "third"), hour=1)
ALL = [ONE, TWO, THREE]


def listed(on: Stage) -> list[str]:
    """Return the titles that the list holds, in its order."""
    by_id = {one.id: one.title for one in [*on.store.summaries("alice", limit=None), *on.store.trash("alice")]}
    return [by_id[one] for one in on.main.sessions.session_list._ids]


def starred(on: Stage) -> list[str]:
    """Return the titles of the sessions with a star."""
    return [one.title for one in on.store.summaries("alice", filter="is:starred")]


async def test_star_turns_on_and_off_and_is_taken_back() -> None:
    async with stage(ALL) as on:
        await on.press("s")
        assert starred(on) == ["One"]
        assert "★" in on.list_text()
        await on.press("s")
        assert starred(on) == []
        await on.press("u")
        assert starred(on) == ["One"]


async def test_a_star_for_many_is_one_step_of_undo() -> None:
    async with stage(ALL) as on:
        await on.press("j", "s", "ctrl+a")
        assert "3 marked" in on.screen_text()
        await on.press("s")
        assert starred(on) == ["One", "Two", "Three"], "one of them had a star, so all get one"
        assert any("2 sessions" in toast for toast in on.toasts())
        await on.press("u")
        assert starred(on) == ["Two"]
        assert any("Undone: star of 2 sessions" in toast for toast in on.toasts())
        await on.press("ctrl+y")
        assert starred(on) == ["One", "Two", "Three"]
        await on.press("s")
        assert starred(on) == [], "all have one, so it is taken off"
        await on.press("u", "u", "u")
        assert starred(on) == []


async def test_marks_outlive_filter_and_sort_and_verbs_reach_what_is_filtered_out() -> None:
    async with stage(ALL) as on:
        await on.press("space", "slash")
        await on.type("thr")
        await on.press("enter", "space")
        await on.press("d")
        assert on.titles() == ["Two"]
        await on.press("escape", "u")
        assert on.titles() == ["One", "Two", "Three"]


async def test_delete_of_many_and_back() -> None:
    async with stage(ALL) as on:
        await on.press("ctrl+a", "d")
        assert on.titles() == []
        assert "No sessions yet." in on.list_text()
        assert any("Deleted 3 sessions" in toast for toast in on.toasts())
        await on.press("u")
        assert [on.store.load(one.id) for one in ALL] == ALL
        assert listed(on) == ["One", "Two", "Three"]


async def test_quick_deletes_each_take_the_session_that_is_then_under_the_cursor() -> None:
    async with stage(ALL) as on:
        await on.pilot.press("d", "d")
        await on.settle()
        assert on.titles() == ["Three"]


async def test_archive_and_its_shelf() -> None:
    async with stage(ALL) as on:
        await on.press("a")
        assert listed(on) == ["Two", "Three"]
        assert on.main.header.count == "2 sessions"
        await on.press("A")
        assert listed(on) == ["One"]
        assert "Archive" in on.screen_text()
        await on.press("a")
        assert "The archive is empty." in on.list_text()
        await on.press("escape")
        assert listed(on) == ["One", "Two", "Three"]


async def test_the_filter_reaches_the_archive_when_it_says_so() -> None:
    async with stage(ALL) as on:
        await on.press("a", "slash")
        await on.type("is:archived")
        assert listed(on) == ["One"]


async def test_a_filter_that_is_none_is_told_and_the_list_stays() -> None:
    async with stage(ALL) as on:
        await on.press("slash")
        await on.type("t is:new")
        assert "is no filter" not in on.screen_text(), "what is being typed is unfinished, not wrong"
        await on.type(" ")
        assert "is:new is no filter" in on.screen_text()
        assert listed(on) == ["Two", "Three"], "what can be understood holds"
        await on.press("escape", "escape")
        assert listed(on) == ["One", "Two", "Three"]
        assert "is no filter" not in on.screen_text()


async def test_tags_are_edited_as_words() -> None:
    async with stage(ALL) as on:
        await on.press("t")
        assert isinstance(on.app.screen, TagScreen)
        await on.type('new "two words"')
        await on.press("enter")
        assert on.store.load(ONE.id).tags == ("demo", "new", "two words")
        await on.press("u")
        assert on.store.load(ONE.id).tags == ("demo",)


async def test_tab_completes_known_tags() -> None:
    others = [titled("Four").with_tags(["delta x"]), titled("Five").with_tags(["demo"])]
    async with stage([*ALL, *others]) as on:
        await on.press("j", "t")
        await on.type("de")
        assert "Tab: demo" in on.screen_text()
        await on.press("tab")
        await on.type("de")
        await on.press("tab", "enter")
        assert on.store.load(TWO.id).tags == ("demo", "delta x")


async def test_tags_of_many_are_added_and_taken_off() -> None:
    async with stage(ALL) as on:
        await on.press("ctrl+a", "t")
        await on.type("+Ü -demo")
        await on.press("enter")
        assert [on.store.load(one.id).tags for one in ALL] == [("Ü",)] * 3
        await on.press("u")
        assert [on.store.load(one.id).tags for one in ALL] == [("demo",), (), ()]


async def test_what_signs_mean_is_told_beside_the_tags_that_fit() -> None:
    async with stage(ALL, size=(80, 24)) as on:
        await on.press("space", "space", "t")
        assert "+tag adds, -tag takes off" in on.screen_text()
        assert "Tab: demo" in on.screen_text()


async def test_duplicate_and_fork() -> None:
    async with stage(ALL) as on:
        await on.press("c")
        assert on.titles()[0] == "One (copy)"
        copy = next(iter(on.store.list("alice")))
        assert copy.tags == ("demo",)
        assert [row.text for row in copy.dialog.rows] == ["first"]
        assert on.main.sessions.session_list.current_id == copy.id
        await on.press("u")
        assert on.titles() == ["One", "Two", "Three"]
        await on.press("f")
        fork = next(iter(on.store.list("alice")))
        assert fork.own["lineage"]["forked_from"] == ONE.id
        assert on.main.sessions.session_list.current_id == fork.id


async def test_many_duplicates_are_one_step() -> None:
    async with stage(ALL) as on:
        await on.press("ctrl+a", "c")
        assert len(on.titles()) == 6
        await on.press("u")
        assert on.titles() == ["One", "Two", "Three"]
        await on.press("ctrl+y")
        assert len(on.titles()) == 6


async def test_trash_restores_and_erases_when_asked_twice() -> None:
    async with stage(ALL) as on:
        await on.press("ctrl+a", "d", "T")
        assert "Trash" in on.screen_text()
        assert listed(on) == ["One", "Two", "Three"]
        assert "in the trash" in on.screen_text()
        await on.press("enter")
        assert on.titles() == ["One"]
        await on.press("u")
        assert on.titles() == [], "taking out is taken back, too"
        await on.press("j", "d")
        assert len(on.store.trash("alice")) == 3
        assert any("Press d again" in toast for toast in on.toasts())
        await on.press("d")
        assert [one.title for one in on.store.trash("alice")] == ["One", "Two"]
        await on.press("ctrl+a", "r", "T")
        assert on.titles() == ["One", "Two"]
        assert listed(on) == ["One", "Two"]


async def test_the_trash_shows_what_was_deleted_for_reading_only() -> None:
    long = titled("Long", *[("user", f"row {number}") for number in range(700)], hour=9)
    async with stage([long, *ALL]) as on:
        await on.press("d", "d", "T")
        assert "row 0" in on.screen_text()
        assert "in the trash" in on.screen_text()
        await on.press("f5", "tab", "e", "R", "J", "h")
        assert "row 0" in on.screen_text()
        assert [len(on.store.history(one.id)) for one in on.store.trash("alice")] == [2, 2], "nothing is changed"
        await on.press("G")
        assert "row 699" in on.screen_text(), "rows are read as they come into sight"
        assert on.main.bench.composer.session_id is None
        await on.press("L", "E", "ctrl+t", "i", "g")
        assert on.app.screen is on.main, "no panel opens for it"
        assert len(on.toasts()) == 2, "of the deletions"
        await on.press("enter")
        assert "Long" in on.titles()
        assert on.main.sessions.session_list.has_focus
        assert [one.title for one in on.store.trash("alice")] == ["One"]
        await on.press("T")
        assert on.main.bench.dialog.session is not None
        assert not on.main.bench.dialog.read_only
        assert "in the trash" not in on.screen_text()


async def test_the_first_press_on_another_session_does_not_count() -> None:
    async with stage(ALL) as on:
        await on.press("ctrl+a", "d", "T", "d", "j", "d")
        assert len(on.store.trash("alice")) == 3


@pytest.mark.parametrize(
    ("keys", "words"),
    [("S", "No session has a star."), ("A", "The archive is empty."), ("T", "The trash is empty.")],
)
async def test_an_empty_shelf_says_so_and_escape_leads_back(keys: str, words: str) -> None:
    async with stage(ALL) as on:
        await on.press(keys)
        assert words in on.list_text()
        assert "all sessions" in on.screen_text().splitlines()[-1]
        await on.press("escape")
        assert listed(on) == ["One", "Two", "Three"]


async def test_order_is_chosen_from_a_menu_and_turned_round() -> None:
    async with stage(ALL) as on:
        assert "updated ↓" in on.screen_text()
        await on.press("j", "o", "j", "j", "enter")
        assert listed(on) == ["One", "Three", "Two"]
        assert on.main.sessions.session_list.current_id == TWO.id, "the cursor stays on its session"
        await on.press("o", "enter")
        assert listed(on) == ["Two", "Three", "One"]
        assert "title Z–A" in on.screen_text()


async def test_a_click_on_the_order_asks_for_another() -> None:
    async with stage(ALL) as on:
        pane = on.main.sessions
        await on.pilot.click(offset=(pane.region.right - 6, pane.region.y))
        await on.settle()
        assert isinstance(on.app.screen, ChoiceScreen)


async def test_views_are_kept_and_come_back() -> None:
    async with stage(ALL) as on:
        await on.press("slash")
        await on.type("t")
        await on.press("enter", "V", "2", "enter", "escape")
        assert listed(on) == ["One", "Two", "Three"]
        await on.press("2")
        assert listed(on) == ["Two", "Three"]
        assert on.main.sessions.filter_input.value == "t"
        await on.press("3")
        assert listed(on) == ["Two", "Three"], "nothing was kept there"


async def test_a_store_for_reading_offers_no_changes() -> None:
    async with stage(ALL) as on:
        on.main.desk.read_only = True
        await on.press("s", "d", "a", "c", "f", "t", "n")
        assert on.titles() == ["One", "Two", "Three"]
        assert starred(on) == []
        assert not isinstance(on.app.screen, TagScreen)


async def test_marked_sessions_are_merged_as_they_are_listed() -> None:
    one = titled("One", ("user", "A"), ("assistant", "B"), hour=2)
    two = titled("Two", ("user", "C"), hour=1)
    async with stage([one, two]) as on:
        await on.press("ampersand")
        assert on.titles() == ["One", "Two"], "one alone is not merged"
        await on.press("space", "space", "ampersand")
        assert on.titles() == ["One (merged)", "One", "Two"]
        assert [text for _, text, _ in on.texts("One (merged)")] == ["A", "B", "C"]
        merged = on.store.list("alice")[0]
        assert on.main.sessions.session_list.current_id == merged.id
        assert not on.main.sessions.session_list.marked
        assert on.store.history(merged.id)[0].note == "merge of 2 sessions"
        await on.press("u")
        assert on.titles() == ["One", "Two"]


async def test_a_damaged_session_is_deleted_brought_back_and_erased(tmp_path: Path) -> None:
    path = tmp_path / "nova.db"
    with open_store(path) as store:
        store.save_many(ALL)
    content = path.read_bytes()
    path.write_bytes(content.replace(b"second", b"\xf3econd"))
    async with stage(place=str(path)) as on:
        await on.press("j", "d")
        assert listed(on) == ["One", "Three"]
        assert [one.title for one in on.store.trash("alice")] == ["Two"]
        assert any("Deleted" in toast for toast in on.toasts())
        await on.press("u")
        assert listed(on) == ["One", "Two", "Three"]
