"""A row open for typing: new rows, switches beside the text, splitting, drafts that come back, the own editor."""

from __future__ import annotations

import asyncio
import stat
from pathlib import Path

import pytest
from textual.drivers.headless_driver import HeadlessDriver

from nova_tui import Row, open_store
from nova_tui.tui.panes.workbench import DRAFT_DELAY
from nova_tui.tui.screens.conflict_screen import ConflictScreen
from nova_tui.tui.widgets.row_editor import EditorLabel
from nova_tui.tui.widgets.text_box import TextBox
from tests.tui.nova_app import Stage, stage, titled

TEA = titled("Tea", ("system", "S"), ("user", "A"), ("assistant", "B"), ("user", "C"), hour=2)
SOIL = titled("Soil", ("user", "X"), ("assistant", "Y"), hour=1)


@pytest.fixture(params=["memory", "sqlite"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Name a store in memory and one on disk."""
    return "memory:" if request.param == "memory" else str(tmp_path / "nova.db")


def rows(on: Stage) -> list[tuple[str, str]]:
    """Return role and text of the stored rows."""
    return [(row.role.value, row.text) for row in on.store.load(TEA.id).dialog.rows]


def box(on: Stage) -> TextBox:
    """Return the open text box."""
    editor = on.main.bench.dialog.editor
    assert editor is not None
    return editor


def is_closed(on: Stage) -> bool:
    """Tell whether no row is open, and nothing is left of one."""
    dialog = on.main.bench.dialog
    return dialog.editor is None and dialog.view.rows.added is None and dialog.view.has_focus


def cursor(on: Stage) -> str:
    """Return the text of the row under the cursor."""
    row = on.main.bench.dialog.current_row
    return "" if row is None else row.text


@pytest.mark.parametrize(
    ("keys", "key", "role", "position"),
    [
        (("g",), "o", "user", 1),
        (("g", "j"), "o", "assistant", 2),
        (("G",), "o", "assistant", 4),
        (("g", "j"), "O", "user", 1),
        (("G",), "O", "user", 3),
        (("g",), "O", "user", 0),
    ],
)
async def test_a_row_is_written_beside_another(keys: tuple[str, ...], key: str, role: str, position: int) -> None:
    async with stage([TEA]) as on:
        await on.press("enter", *keys, key)
        assert box(on).has_focus
        await on.type("New one")
        assert rows(on) == [(row.role.value, row.text) for row in TEA.dialog.rows], "nothing is stored yet"
        await on.press("ctrl+s")
        assert rows(on)[position] == (role, "New one")
        assert len(rows(on)) == 5
        assert is_closed(on)
        assert cursor(on) == "New one"
        notes = [revision.note for revision in on.store.history(TEA.id)]
        assert len(notes) == 2, "one change"
        assert notes[0] == ("add row" if position == 4 else f"insert row {position + 1}")
        assert not on.store.drafts("alice")
        await on.press("u")
        assert on.store.load(TEA.id).dialog == TEA.dialog


async def test_above_a_first_user_row_stands_the_system() -> None:
    async with stage([SOIL]) as on:
        await on.press("enter", "g", "O")
        await on.type("Be brief")
        await on.press("ctrl+s")
        assert on.texts("Soil")[0] == ("system", "Be brief", False)


async def test_nothing_typed_leaves_no_row(place: str) -> None:
    async with stage([TEA], place=place) as on:
        await on.press("enter", "g", "j", "o")
        assert "new row" in on.screen_text()
        await on.press("escape")
        assert is_closed(on)
        assert cursor(on) == "A"
        assert "new row" not in on.screen_text()
        await on.press("o", "ctrl+t", "escape", "o", "ctrl+s")
        assert any("nothing to add" in toast for toast in on.toasts())
        await on.press("escape")
        assert len(on.store.history(TEA.id)) == 1
        assert not on.store.drafts("alice")


@pytest.mark.parametrize("key", ["o", "O"])
async def test_a_row_that_was_left_comes_back_also_in_the_next_run(key: str, tmp_path: Path) -> None:
    place = str(tmp_path / "nova.db")
    async with stage([TEA], place=place) as on:
        await on.press("enter", "g", "j", key)
        await on.type("half")
        await on.press("escape")
        assert is_closed(on)
        assert f"user · draft {'below' if key == 'o' else 'above'}" in on.screen_text()
        await on.press(key)
        assert box(on).text == "half"
        await on.type(" a row")
        await asyncio.sleep(DRAFT_DELAY * 2)
        await on.settle()
    async with stage(place=place) as on:
        await on.press("enter", "g", "j", key)
        assert box(on).text == "half a row"
        await on.press("ctrl+s")
        assert rows(on)[2 if key == "o" else 1][1] == "half a row"
        await on.settle()
        await asyncio.sleep(DRAFT_DELAY * 2)
        await on.settle()
        assert not on.store.drafts("alice")
        assert "· draft" not in on.screen_text()


async def test_role_and_switches_are_kept_with_the_text_as_one_change(place: str) -> None:
    async with stage([TEA], place=place) as on:
        on.main.bench.dialog.view.show_hidden = True
        await on.press("enter", "g", "j", "e")
        await on.type("!")
        await on.press("ctrl+t", "ctrl+o", "ctrl+l")
        assert "assistant ▾   hidden ●   excluded ●" in on.screen_text()
        assert rows(on)[1] == ("user", "A")
        await on.press("ctrl+s")
        row = on.store.load(TEA.id).dialog.rows[1]
        assert (row.text, row.role.value, row.hidden, row.excluded) == ("A!", "assistant", True, True)
        assert row.id == TEA.dialog.rows[1].id
        assert len(on.store.history(TEA.id)) == 2
        await on.press("u")
        assert on.store.load(TEA.id).dialog == TEA.dialog


async def test_a_switch_alone_is_a_draft_too_and_escape_changes_nothing() -> None:
    async with stage([TEA]) as on:
        await on.press("enter", "g", "j", "e", "ctrl+o", "escape")
        assert on.store.load(TEA.id).dialog == TEA.dialog
        assert "user · draft" in on.screen_text()
        await on.press("e")
        assert "hidden ●" in on.screen_text()
        await on.press("ctrl+o", "escape")
        assert "· draft" not in on.screen_text(), "what is as it was is no draft"


async def test_a_draft_comes_back_on_what_the_row_is_by_then() -> None:
    async with stage([TEA]) as on:
        await on.press("enter", "g", "j", "e")
        await on.type("!")
        await on.press("escape", "H", "e")
        assert box(on).text == "A!"
        assert "excluded ●" in on.screen_text(), "what was turned meanwhile stays"
        await on.press("ctrl+s")
        row = on.store.load(TEA.id).dialog.rows[1]
        assert (row.text, row.excluded) == ("A!", True)


async def test_the_switches_are_clicked() -> None:
    async with stage([TEA]) as on:
        await on.press("enter", "g", "j", "e")
        label = on.app.screen.query_one(EditorLabel)
        await on.pilot.click(label, offset=(2, 0))
        await on.pilot.click(label, offset=(12 + 4, 0))
        await on.pilot.click(label, offset=(12 + 13, 0))
        await on.settle()
        editor = on.main.bench.dialog.open_row
        assert editor is not None
        assert (editor.role.value, editor.hidden, editor.excluded) == ("assistant", True, True)
        assert box(on).has_focus


async def test_undo_and_redo_inside_the_box_are_the_box_s_own() -> None:
    async with stage([TEA]) as on:
        await on.press("enter", "g", "j", "e")
        await on.type("bc")
        await on.press("ctrl+z")
        assert box(on).text == "A"
        await on.press("ctrl+y")
        assert box(on).text == "Abc"
        assert len(on.store.history(TEA.id)) == 1


@pytest.mark.parametrize("typed", ["", "tail"])
async def test_a_row_is_split_at_the_cursor(typed: str, place: str) -> None:
    long = TEA.with_dialog(TEA.dialog.replace_text(TEA.dialog.rows[1].id, "first part\n\nsecond part"))
    async with stage([long], place=place) as on:
        await on.press("enter", "g", "j", "e")
        await on.type(typed)
        await on.press("ctrl+g")
        assert any("where the second row" in toast for toast in on.toasts()), "at the end there is nothing to split"
        box(on).move_cursor((2, 0))
        await on.press("ctrl+g")
        assert rows(on)[1:3] == [("user", "first part"), ("user", f"second part{typed}")]
        assert on.store.history(TEA.id)[0].note == "split row 2"
        assert len(on.store.history(TEA.id)) == 2
        assert cursor(on) == f"second part{typed}"
        assert is_closed(on)
        await on.press("u")
        assert on.store.load(TEA.id).dialog == long.dialog


async def test_a_new_row_is_split_too() -> None:
    async with stage([TEA]) as on:
        await on.press("enter", "g", "o")
        await on.type("onetwo")
        box(on).move_cursor((0, 3))
        await on.press("ctrl+g")
        assert [text for _, text in rows(on)] == ["S", "one", "two", "A", "B", "C"]
        assert len(on.store.history(TEA.id)) == 2


async def test_the_composer_is_split_too_and_says_that_something_waits() -> None:
    async with stage([TEA]) as on:
        await on.press("w")
        await on.type("onetwo")
        assert "· draft" not in on.screen_text()
        on.main.bench.composer.box.move_cursor((0, 3))
        await on.press("ctrl+g")
        assert rows(on)[-1] == ("assistant", "one")
        assert on.main.bench.composer.box.text == "two"
        assert on.main.bench.composer.role == "user"
        await on.press("escape")
        assert "user ▾ · draft" in on.screen_text()
        await on.press("w", "ctrl+s")
        assert rows(on)[-2:] == [("assistant", "one"), ("user", "two")]
        await on.press("escape")
        assert "· draft" not in on.screen_text()


async def test_a_draft_is_seen_and_thrown_away() -> None:
    async with stage([TEA]) as on:
        await on.press("enter", "g", "j", "D", "e")
        await on.type(" and more")
        await on.press("escape")
        assert "user · draft" in on.screen_text()
        await on.press("D")
        assert "· draft" not in on.screen_text()
        assert on.app.clipboard == "A and more"
        await asyncio.sleep(DRAFT_DELAY * 2)
        await on.settle()
        assert not on.store.drafts("alice")
        await on.press("e")
        assert box(on).text == "A"


async def test_a_tool_call_without_text_opens_no_empty_box() -> None:
    call = Row("", "assistant", metadata={"function_calls": [{"function_name": "look_up"}]})  # type: ignore[arg-type]
    async with stage([TEA.with_dialog(TEA.dialog.insert(2, call))]) as on:
        await on.press("enter", "g", "j", "j", "e")
        assert on.main.bench.dialog.editor is None
        assert any("tool call" in toast for toast in on.toasts())


async def test_a_hidden_new_row_is_told_by_its_fold() -> None:
    async with stage([TEA]) as on:
        await on.press("enter", "g", "j", "o", "ctrl+o")
        await on.type("aside")
        await on.press("ctrl+s")
        assert on.store.load(TEA.id).dialog.rows[2].hidden
        assert "1 hidden row" in on.screen_text()
        assert is_closed(on)
        assert cursor(on) == "B"


async def test_others_may_change_the_dialog_around_a_new_row(place: str) -> None:
    async with stage([TEA], place=place) as on:
        await on.press("enter", "g", "j", "o")
        await on.type("mine")
        on.store.save(on.store.load(TEA.id).add_assistant("From elsewhere"))
        await asyncio.sleep(1.5)
        await on.settle()
        assert box(on).text == "mine"
        assert box(on).has_focus
        assert "From elsewhere" in on.screen_text()
        await on.press("ctrl+s")
        assert [text for _, text in rows(on)] == ["S", "A", "mine", "B", "C", "From elsewhere"]


async def test_a_new_row_whose_neighbour_goes_keeps_its_text(place: str) -> None:
    async with stage([TEA], place=place) as on:
        await on.press("enter", "g", "j", "o")
        await on.type("mine")
        session = on.store.load(TEA.id)
        on.store.save(session.with_dialog(session.dialog.remove(session.dialog.rows[1].id)))
        await asyncio.sleep(1.5)
        await on.settle()
        assert on.main.bench.dialog.editor is None
        assert on.main.bench.composer.box.text == "mine"


@pytest.mark.parametrize("seen", [False, True])
async def test_both_texts_are_offered_where_somebody_else_changed_the_row(seen: bool, tmp_path: Path) -> None:
    path = tmp_path / "nova.db"
    async with stage([TEA], place=str(path)) as on:
        await on.press("enter", "g", "j", "e")
        await on.type(" mine")
        with open_store(path, user_id="alice") as other:
            theirs = other.load(TEA.id)
            other.save(theirs.with_dialog(theirs.dialog.replace_text(theirs.dialog.rows[1].id, "theirs")))
        if seen:
            await asyncio.sleep(1.5)
            await on.settle()
        await on.press("ctrl+s")
        assert isinstance(on.app.screen, ConflictScreen)
        await on.press("escape")
        assert box(on).text == "A mine", "the text stays as it was typed"
        await on.press("ctrl+s", "f")
        texts = sorted(session.dialog.rows[1].text for session in on.store.list("alice"))
        assert texts == ["A mine", "theirs"]
        assert is_closed(on)


async def test_a_switch_of_mine_and_a_text_of_theirs_are_both_kept(place: str) -> None:
    async with stage([TEA], place=place) as on:
        await on.press("enter", "g", "j", "e", "ctrl+l")
        session = on.store.load(TEA.id)
        on.store.save(session.with_dialog(session.dialog.replace_text(session.dialog.rows[1].id, "theirs")))
        await asyncio.sleep(1.5)
        await on.settle()
        await on.press("ctrl+s")
        row = on.store.load(TEA.id).dialog.rows[1]
        assert (row.text, row.excluded) == ("theirs", True)


# -- the person's own editor ---------------------------------------------------------------------------------------


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the app lend its terminal, which a headless one cannot."""
    monkeypatch.setattr(HeadlessDriver, "can_suspend", property(lambda _self: True))
    monkeypatch.delenv("VISUAL", raising=False)


def an_editor(tmp_path: Path, script: str) -> str:
    """Write an editor that is a script; the file to edit is $1."""
    path = tmp_path / "editor"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


@pytest.mark.usefixtures("terminal")
@pytest.mark.parametrize("where", ["row", "composer"])
async def test_f4_goes_on_in_the_person_s_editor(where: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EDITOR", an_editor(tmp_path, 'printf "%s, typed outside\\n" "$(cat "$1")" > "$1"'))
    async with stage([TEA]) as on:
        await on.press(*(("enter", "g", "j", "e") if where == "row" else ("w",)))
        await on.type("!")
        edited = box(on) if where == "row" else on.main.bench.composer.box
        before = edited.text
        await on.press("f4")
        assert edited.text == f"{before}, typed outside"
        await on.press("ctrl+z")
        assert edited.text == before, "one step of the box's own undo"
        await on.press("ctrl+y", "ctrl+s")
        assert rows(on)[1 if where == "row" else -1][1] == f"{before}, typed outside"


@pytest.mark.usefixtures("terminal")
@pytest.mark.parametrize(
    ("script", "told"),
    [("exit 3", "failed with status 3"), ('echo lost > "$1"; exit 3', "is in /"), ("true", "came back at once")],
)
async def test_an_editor_that_fails_loses_nothing(
    script: str, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EDITOR", an_editor(tmp_path, script))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    async with stage([TEA]) as on:
        await on.press("enter", "g", "j", "e")
        await on.type("!")
        await on.press("f4")
        assert box(on).text == "A!"
        assert any(told in toast for toast in on.toasts())


async def test_an_editor_that_is_missing_or_has_no_terminal_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VISUAL", "/nowhere/editor")
    async with stage([TEA]) as on:
        await on.press("enter", "g", "j", "e", "f4")
        assert any("no terminal to lend" in toast for toast in on.toasts())
        monkeypatch.setattr(HeadlessDriver, "can_suspend", property(lambda _self: True))
        await on.press("f4")
        assert any("cannot be started" in toast for toast in on.toasts())
        assert box(on).text == "A"
