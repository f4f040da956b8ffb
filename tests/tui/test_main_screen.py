"""What a person does on the main screen, and what becomes of it in the store."""

from __future__ import annotations

import asyncio

import pytest

from nova_tui.tui.screens.conflict_screen import ConflictScreen
from nova_tui.tui.screens.help_screen import HelpScreen
from nova_tui.tui.screens.main_screen import LIVE_INTERVAL
from nova_tui.tui.screens.prompt_screen import PromptScreen
from tests.tui.nova_app import stage, titled

REFUND = titled(
    "Refund flow", ("system", "Be kind."), ("user", "I was charged twice."), ("assistant", "Sorry."), hour=2
)
GARDEN = titled("Garden plan", ("user", "Which soil?"), ("assistant", "Loam."), hour=1)
EMPTY = titled("Nothing yet", hour=0)


async def test_the_dialog_follows_the_cursor_of_the_list() -> None:
    async with stage([REFUND, GARDEN]) as on:
        assert "I was charged twice." in on.screen_text()
        await on.press("j")
        assert "Which soil?" in on.screen_text()
        assert "charged" not in on.screen_text()
        assert on.main.bench.composer.session_id == GARDEN.id


async def test_filter_narrows_and_escape_widens_again() -> None:
    async with stage([REFUND, GARDEN]) as on:
        await on.press("slash", "g", "a", "r")
        assert on.main.sessions.session_list.count == 1
        assert on.main.header.count == "1 of 2 · 1 hit"
        assert "Which soil?" in on.screen_text()
        await on.type(" nothing")
        assert "holds “gar nothing”." in on.list_text()
        await on.press("escape")
        assert on.main.sessions.session_list.count == 2
        assert on.main.sessions.filter_input.has_focus, "the first escape clears the filter, the second leaves it"
        await on.press("escape")
        assert on.main.sessions.session_list.has_focus
        assert on.main.header.count == "2 sessions"


async def test_new_session_is_written_at_once() -> None:
    async with stage([GARDEN]) as on:
        await on.press("n")
        await on.type("Hello there")
        await on.press("ctrl+s")
        assert on.titles() == ["Hello there", "Garden plan"]
        assert on.main.bench.composer.box.text == ""
        assert on.main.bench.composer.role == "assistant", "the other speaker is next"
        await on.type("Hi")
        await on.press("ctrl+s")
        assert on.texts("Hello there") == [("user", "Hello there", False), ("assistant", "Hi", False)]


async def test_rows_of_each_role_hidden_or_not() -> None:
    async with stage([EMPTY]) as on:
        on.main.action_write_row()
        for role, hidden in (("user", False), ("assistant", True), ("system", True)):
            while on.main.bench.composer.role != role:
                await on.press("ctrl+t")
            if hidden:
                await on.press("ctrl+o")
            await on.type(f"by {role}")
            await on.press("ctrl+s")
        assert on.texts("Nothing yet") == [
            ("user", "by user", False),
            ("assistant", "by assistant", True),
            ("system", "by system", True),
        ]
        assert "3 rows · 2 hidden" in on.screen_text()


async def test_an_empty_row_is_not_added() -> None:
    async with stage([EMPTY]) as on:
        on.main.action_write_row()
        await on.type("   ")
        await on.press("ctrl+s")
        assert on.texts("Nothing yet") == []
        assert on.toasts()


async def test_rename_and_take_it_back() -> None:
    async with stage([GARDEN]) as on:
        await on.press("r")
        assert isinstance(on.app.screen, PromptScreen)
        await on.type("Soil")
        await on.press("enter")
        assert on.titles() == ["Soil"]
        assert "Soil" in on.screen_text()
        await on.press("u")
        assert on.titles() == ["Garden plan"]


async def test_delete_leaves_a_toast_and_undo_brings_it_back() -> None:
    async with stage([REFUND, GARDEN]) as on:
        await on.press("d")
        assert on.titles() == ["Garden plan"]
        assert any("Refund flow" in toast for toast in on.toasts())
        assert "Which soil?" in on.screen_text(), "the next session is shown"
        await on.press("u")
        assert on.titles() == ["Refund flow", "Garden plan"]
        assert on.store.load(REFUND.id) == REFUND
        await on.press("ctrl+y")
        assert on.titles() == ["Garden plan"]


async def test_edit_in_place_grows_keeps_and_is_stored() -> None:
    async with stage([GARDEN]) as on:
        await on.press("tab", "g", "e")
        editor = on.main.bench.dialog.editor
        assert editor is not None
        assert editor.has_focus
        await on.type("\nand compost\nand sand")
        assert editor.size.height == 3
        assert "Which soil?" in on.screen_text()
        await on.press("ctrl+s")
        assert on.main.bench.dialog.editor is None
        assert on.texts("Garden plan")[0] == ("user", "Which soil?\nand compost\nand sand", False)
        assert on.store.load(GARDEN.id).dialog.rows[0].id == GARDEN.dialog.rows[0].id
        await on.press("u")
        assert on.texts("Garden plan")[0] == ("user", "Which soil?", False)


async def test_what_was_typed_is_a_draft_after_escape() -> None:
    async with stage([REFUND, GARDEN]) as on:
        await on.press("tab", "g", "e")
        await on.type(" Really")
        await on.press("escape")
        assert on.main.bench.dialog.editor is None
        assert on.texts("Refund flow")[0] == ("system", "Be kind.", False)
        await on.press("escape", "j")
        await on.press("k")
        await on.press("tab", "g", "e")
        assert on.main.bench.dialog.editor is not None
        assert on.main.bench.dialog.editor.text == "Be kind. Really"


async def test_each_session_has_a_draft_of_its_own() -> None:
    async with stage([REFUND, GARDEN]) as on:
        await on.press("w")
        await on.type("half a row")
        await on.press("escape", "escape")
        await on.press("j")
        assert on.main.bench.composer.box.text == ""
        await on.press("k")
        assert on.main.bench.composer.box.text == "half a row"


async def test_hide_a_row_and_show_what_is_hidden() -> None:
    async with stage([REFUND]) as on:
        await on.press("tab", "g", "h")
        assert on.texts("Refund flow")[0] == ("system", "Be kind.", True)
        assert "Be kind." not in on.screen_text()
        assert "1 hidden" in on.screen_text()
        await on.press("full_stop")
        assert "Be kind." in on.screen_text()
        await on.press("full_stop")
        assert "Be kind." not in on.screen_text()


async def test_role_and_delete_of_a_row_and_back() -> None:
    async with stage([GARDEN]) as on:
        await on.press("tab", "g", "R")
        assert on.texts("Garden plan")[0][0] == "assistant"
        await on.press("d")
        assert on.texts("Garden plan") == [("assistant", "Loam.", False)]
        await on.press("u", "u")
        assert on.store.load(GARDEN.id).dialog == GARDEN.dialog


@pytest.mark.parametrize("keys", [("u",), ("tab", "u")])
async def test_where_the_history_begins_undo_says_so_without_an_id(keys: tuple[str, ...]) -> None:
    async with stage([GARDEN]) as on:
        await on.press(*keys)
        assert on.toasts() == ["There is nothing to undo."]


async def test_what_somebody_else_changed_is_shown_not_overwritten() -> None:
    async with stage([GARDEN]) as on:
        await on.press("tab", "g", "e")
        theirs = on.store.load(GARDEN.id)
        theirs = theirs.with_dialog(theirs.dialog.replace_text(theirs.dialog.rows[0].id, "Their words"))
        on.store.save(theirs)
        await on.type(" mine")
        await on.press("ctrl+s")
        assert on.texts("Garden plan")[0][1] == "Their words"
        assert isinstance(on.app.screen, ConflictScreen)
        await on.press("escape")
        assert on.main.bench.dialog.editor is not None, "what was typed is still there"
        assert "mine" in on.main.bench.dialog.editor.text
        await on.press("ctrl+s", "f")
        assert sorted(on.titles()) == ["Garden plan", "Garden plan (mine)"]
        assert on.toasts() == ["Yours is a session of its own: “Garden plan (mine)”."]
        mine = on.store.load(str(on.main.sessions.session_list.current_id))
        assert [row.text for row in mine.dialog.rows] == ["Which soil? mine", "Loam."]
        assert on.store.load(GARDEN.id).dialog.rows[0].text == "Their words"


async def test_their_side_of_a_conflict_can_be_taken() -> None:
    async with stage([GARDEN]) as on:
        await on.press("tab", "g", "e")
        theirs = on.store.load(GARDEN.id)
        on.store.save(theirs.with_dialog(theirs.dialog.replace_text(theirs.dialog.rows[0].id, "Their words")))
        await on.type(" mine")
        await on.press("ctrl+s", "d")
        assert "- Their words" in on.screen_text()
        assert "+ Which soil? mine" in on.screen_text()
        await on.press("escape", "t")
        assert on.main.bench.dialog.editor is None
        assert on.app.clipboard == "Which soil? mine", "nothing typed is lost"
        assert on.toasts() == ["What you typed is in the clipboard."]
        assert "Their words" in on.screen_text()
        assert on.titles() == ["Garden plan"]


async def test_changes_of_other_rows_are_merged() -> None:
    async with stage([GARDEN]) as on:
        await on.press("tab", "g", "e")
        theirs = on.store.load(GARDEN.id)
        on.store.save(theirs.with_dialog(theirs.dialog.replace_text(theirs.dialog.rows[1].id, "Their words")))
        await on.type(" mine")
        await on.press("ctrl+s")
        assert [text for _, text, _ in on.texts("Garden plan")] == ["Which soil? mine", "Their words"]
        assert "Their words" in on.screen_text()


async def test_a_narrow_terminal_shows_one_pane_at_a_time() -> None:
    async with stage([REFUND, GARDEN], size=(60, 20)) as on:
        assert "Refund flow" in on.screen_text()
        assert "charged" not in on.screen_text()
        await on.press("enter")
        assert "charged" in on.screen_text()
        assert "Garden plan" not in on.screen_text()
        await on.press("escape")
        assert "Garden plan" in on.screen_text()


async def test_an_empty_store_says_what_to_do() -> None:
    async with stage() as on:
        text = on.list_text()
        for words in ("No sessions yet.", "n new session", "D demo library", "I import files"):
            assert words in text
        await on.press("D")
        assert len(on.titles()) >= 5
        assert on.main.sessions.session_list.count == len(on.titles())


async def test_help_and_palette_know_the_commands() -> None:
    async with stage([GARDEN]) as on:
        await on.press("question_mark")
        await on.type("composer")
        assert "Go to the composer." in on.screen_text()
        await on.press("escape", "colon")
        await on.type("rename")
        assert "Rename session" in on.screen_text()
        await on.press("enter")
        await on.settle()
        assert isinstance(on.app.screen, PromptScreen)


async def test_the_footer_follows_the_focus() -> None:
    async with stage([GARDEN]) as on:
        assert "rename" in on.screen_text().splitlines()[-1]
        await on.press("tab")
        assert "edit" in on.screen_text().splitlines()[-1]
        await on.press("tab")
        assert "add row" in on.screen_text().splitlines()[-1]


async def test_titles_and_rows_are_never_markup_or_escape_sequences() -> None:
    hostile = "[@click=app.quit]x[/] [/nope] [red]\x1b]52;c;aGk=\x07\x1b[2J \u202egnp.exe"
    async with stage([titled(hostile, ("user", hostile))]) as on:
        text = on.screen_text()
        assert "[@click=app.quit]" in text
        assert not set(text) & {"\x1b", "\x07", "\u202e"}
        await on.press("r")
        assert "Rename" in on.screen_text()
        await on.press("escape", "d")
        assert on.titles() == []
        assert "\x1b" not in on.screen_text()


async def test_the_mouse_turns_switches_presses_keys_and_opens() -> None:
    async with stage([REFUND, GARDEN]) as on:
        composer = on.main.bench.composer
        region = composer.region
        await on.pilot.click(offset=(region.x + 4, region.y))
        await on.settle()
        assert composer.role == "assistant", "a click turns the role"
        await on.pilot.click(offset=(region.right - 5, region.y))
        await on.settle()
        assert composer.hidden
        footer = on.screen_text().splitlines()[-1]
        await on.pilot.click(offset=(footer.index("help"), on.app.size.height - 1))
        await on.settle()
        assert isinstance(on.app.screen, HelpScreen)
        await on.press("escape")
        listed = on.main.sessions.session_list.region
        await on.pilot.click(offset=(listed.x + 5, listed.y + 3))
        await on.settle()
        assert "Which soil?" in on.screen_text()
        await on.pilot.click(offset=(listed.x + 5, listed.y + 3), times=2)
        await on.settle()
        assert on.main.bench.dialog.view.has_focus


async def test_a_new_session_is_under_the_cursor_also_where_a_filter_was() -> None:
    async with stage([REFUND, GARDEN]) as on:
        await on.press("slash", *"garden", "enter", "n")
        new = on.main.bench.dialog.session
        assert new is not None
        assert on.main.sessions.session_list.current_id == new.id
        assert on.main.sessions.filter_input.value == ""


async def test_a_second_ctrl_s_adds_no_second_row() -> None:
    async with stage([EMPTY]) as on:
        await on.press("w", *"once", "ctrl+s", "ctrl+s")
        assert on.texts("Nothing yet") == [("user", "once", False)]
        await on.press(*"twice", "ctrl+s")
        assert len(on.texts("Nothing yet")) == 2


async def test_the_focus_is_somewhere_when_the_last_row_is_gone() -> None:
    async with stage([titled("One row", ("user", "only"))]) as on:
        await on.press("enter", "d")
        assert on.texts("One row") == []
        assert on.main.bench.dialog.empty.has_focus
        await on.press("u")
        assert on.texts("One row") == [("user", "only", False)]
        assert on.main.bench.dialog.view.has_focus
        await on.press("escape")
        assert on.main.sessions.session_list.has_focus


async def test_a_narrow_terminal_shows_the_pane_that_has_the_focus() -> None:
    async with stage([REFUND, GARDEN], size=(100, 20)) as on:
        await on.press("tab")
        await on.pilot.resize_terminal(60, 20)
        await on.settle()
        assert "charged" in on.screen_text()
        await on.press("escape")
        assert "Garden plan" in on.screen_text()


async def test_an_open_row_keeps_the_focus_in_a_window_of_few_lines() -> None:
    async with stage([REFUND]) as on:
        await on.press("enter", "e")
        await on.pilot.resize_terminal(100, 8)
        await on.settle()
        await on.pilot.resize_terminal(100, 30)
        await on.settle()
        editor = on.main.bench.dialog.editor
        assert editor is not None
        assert editor.has_focus
        await on.press(*"quit")
        assert editor.text.endswith("quit")


async def test_text_of_a_row_that_is_deleted_elsewhere_is_not_lost() -> None:
    async with stage([GARDEN]) as on:
        await on.press("enter", "g", "e", *"mine")
        theirs = on.store.load(GARDEN.id)
        on.store.save(theirs.with_dialog(theirs.dialog.remove(theirs.dialog.rows[0].id)))
        await asyncio.sleep(LIVE_INTERVAL * 2)
        await on.settle()
        composer = on.main.bench.composer
        assert composer.box.text == "Which soil?mine"
        assert composer.box.has_focus
        await on.press("d")
        assert on.texts("Garden plan") == [("assistant", "Loam.", False)]


async def test_slash_in_the_dialog_finds_there() -> None:
    async with stage([REFUND, GARDEN]) as on:
        await on.press("enter", "slash", *"dqd")
        assert on.main.bench.dialog.looked_for == "dqd"
        assert on.main.sessions.filter_text == ""
        assert on.titles() == ["Refund flow", "Garden plan"]


async def test_undo_reaches_back_before_this_run_from_the_list() -> None:
    changed = GARDEN.with_title("Soil")
    async with stage([GARDEN]) as on:
        on.store.save(on.store.load(GARDEN.id).with_title(changed.title))
        await asyncio.sleep(LIVE_INTERVAL * 2)
        await on.settle()
        await on.press("u")
        assert on.titles() == ["Garden plan"]
        assert any("Undone: rename" in toast for toast in on.toasts())


async def test_help_finds_commands_by_their_name() -> None:
    async with stage([GARDEN]) as on:
        await on.press("question_mark", *"undo")
        assert "Take back the last change." in on.screen_text()
