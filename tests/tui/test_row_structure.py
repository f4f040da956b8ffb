"""Rows are rearranged by keys: one row, marked rows, ranges; each time one change, and undo takes it back whole."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from nova_tui import Image, Row, Session, open_store
from nova_tui.tui.panes.find_commands import FIND_COMMANDS
from nova_tui.tui.panes.reading_commands import READING_COMMANDS
from tests.tui.nova_app import Stage, nova_app, stage, titled

TEA = titled("Tea", ("system", "S"), ("user", "A"), ("assistant", "B"), ("user", "C"), ("assistant", "D"), hour=2)
SOIL = titled("Soil", ("user", "X"), ("assistant", "Y"), hour=1)


@pytest.fixture(params=["memory", "sqlite"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Name a store in memory and one on disk."""
    return "memory:" if request.param == "memory" else str(tmp_path / "nova.db")


def stored(on: Stage, session: Session = TEA) -> str:
    """Return the texts of the stored rows, one after the other."""
    return " ".join(row.text.replace("\n", "/") for row in on.store.load(session.id).dialog.rows)


def note(on: Stage, session: Session = TEA) -> str:
    """Return what the history says of the last change."""
    return on.store.history(session.id)[0].note


def cursor(on: Stage) -> str:
    """Return the text of the row under the cursor."""
    row = on.main.bench.dialog.current_row
    return "" if row is None else row.text


def marked(on: Stage) -> str:
    """Return the texts of the marked rows."""
    dialog = on.store.load(str(on.main.bench.dialog.session and on.main.bench.dialog.session.id)).dialog
    return " ".join(dialog.row(row_id).text for row_id in on.main.bench.dialog.view.marked)


ROW_A = ("g", "j")
A_AND_B = ("g", "j", "space", "space")
RANGE_B_TO_C = ("g", "j", "j", "v", "j")


@pytest.mark.parametrize(
    ("keys", "verb", "texts", "note_after", "cursor_after", "marked_after"),
    [
        (ROW_A, "d", "S B C D", "remove row 2", "B", ""),
        (("G",), "d", "S A B C", "remove row 5", "C", ""),
        (A_AND_B, "d", "S C D", "remove 2 rows", "C", ""),
        (RANGE_B_TO_C, "d", "S A D", "remove 2 rows", "D", ""),
        (ROW_A, "alt+down", "S B A C D", "move row 2", "A", ""),
        (ROW_A, "greater_than_sign", "S B A C D", "move row 2", "A", ""),
        (ROW_A, "alt+up", "A S B C D", "move row 2", "A", ""),
        (ROW_A, "less_than_sign", "A S B C D", "move row 2", "A", ""),
        (A_AND_B, "alt+down", "S C A B D", "move 2 rows", "A", "A B"),
        (RANGE_B_TO_C, "alt+up", "S B C A D", "move 2 rows", "B", "B C"),
        (("g", "space", "j", "space"), "alt+down", "A C S B D", "move 2 rows", "S", "S B"),
        (ROW_A, "X", "S B C D", "remove row 2", "B", ""),
        (RANGE_B_TO_C, "X", "S A D", "remove 2 rows", "D", ""),
        (ROW_A, "c", "S A A B C D", "duplicate row 2", "A", ""),
        (A_AND_B, "c", "S A B A B C D", "duplicate 2 rows", "A", ""),
        (ROW_A, "ampersand", "S A/B C D", "join rows 2 and 3", "A\nB", ""),
        (RANGE_B_TO_C, "ampersand", "S A B/C D", "join rows 3 and 4", "B\nC", ""),
        (("g", "space", "j", "space", "space"), "ampersand", "S/B/C A D", "join 3 rows", "S\nB\nC", ""),
    ],
)
async def test_verbs_change_the_order_in_one_step(
    keys: Sequence[str], verb: str, texts: str, note_after: str, cursor_after: str, marked_after: str
) -> None:
    async with stage([TEA]) as on:
        await on.press("enter", *keys, verb)
        assert stored(on) == texts
        assert note(on) == note_after
        assert cursor(on) == cursor_after
        assert marked(on) == marked_after
        assert not on.main.bench.dialog.view._marks.ranging, "a range ends with the verb"
        assert len(on.store.history(TEA.id)) == 2
        await on.press("u")
        assert on.store.load(TEA.id).dialog == TEA.dialog
        await on.press("ctrl+y")
        assert stored(on) == texts


@pytest.mark.parametrize("keys", [ROW_A, RANGE_B_TO_C])
async def test_role_hidden_and_excluded_are_turned_for_all_and_stay_marked(keys: Sequence[str]) -> None:
    async with stage([TEA]) as on:
        on.main.bench.dialog.view.show_hidden = True
        await on.press("enter", *keys)
        chosen = on.main.bench.dialog.targets
        first = on.store.load(TEA.id).dialog.rows_of(chosen)[0]
        await on.press("R", "h", "H")
        rows = on.store.load(TEA.id).dialog.rows_of(chosen)
        assert {row.role for row in rows} == {first.role.next()}
        assert all(row.hidden and row.excluded for row in rows)
        several = len(chosen) > 1
        notes = [revision.note for revision in on.store.history(TEA.id)][:3]
        what = "2 rows" if several else "row 2"
        assert notes == [f"exclude {what}", f"hide {what}", f"make {what} {first.role.next()}"]
        assert on.main.bench.dialog.targets == chosen
        assert "hidden · excluded" in on.screen_text()
        await on.press("h", "H")
        assert not any(row.hidden or row.excluded for row in on.store.load(TEA.id).dialog.rows)
        await on.press("u", "u", "u", "u", "u")
        assert on.store.load(TEA.id).dialog == TEA.dialog


async def test_a_mixed_choice_is_hidden_first_and_shown_then() -> None:
    async with stage([TEA]) as on:
        on.main.bench.dialog.view.show_hidden = True
        await on.press("enter", "g", "h", "ctrl+a", "h")
        assert all(row.hidden for row in on.store.load(TEA.id).dialog.rows)
        await on.press("h")
        assert not any(row.hidden for row in on.store.load(TEA.id).dialog.rows)


async def test_keys_of_one_burst_each_find_the_row_that_is_there_then(place: str) -> None:
    async with stage([TEA], place=place) as on:
        await on.press("enter", "g", "j", "d", "d")
        assert stored(on) == "S C D"
        await on.press("g", "alt+down", "alt+down")
        assert stored(on) == "C D S"
        assert not [toast for toast in on.toasts() if "no row" in toast]


async def test_undo_and_redo_go_where_something_changed() -> None:
    async with stage([TEA]) as on:
        await on.press("enter", *ROW_A, "R", "G", "u")
        assert cursor(on) == "A"
        await on.press("G", "ctrl+y")
        assert cursor(on) == "A"
        await on.press("d", "G", "u")
        assert cursor(on) == "A"


async def test_moving_at_the_end_changes_nothing() -> None:
    async with stage([TEA]) as on:
        await on.press("enter", "g", "alt+up", "G", "alt+down")
        assert len(on.store.history(TEA.id)) == 1
        await on.press("ampersand")
        assert any("no row below" in toast for toast in on.toasts())


async def test_moving_goes_over_folded_rows_as_it_is_seen() -> None:
    async with stage([TEA]) as on:
        await on.press("enter", *ROW_A, "j", "h", "g", "j", "alt+down")  # B is hidden and folded
        assert stored(on) == "S B C A D"
        await on.press("full_stop", "alt+up", "alt+up")
        assert stored(on) == "S A B C D"


async def test_rows_are_pasted_whole_with_ids_of_their_own_also_elsewhere(place: str) -> None:
    picture = Row("P", images=(Image(mime="image/png", data=b"\x89PNG"),), metadata={"mood": ["calm", 1]})
    whole = TEA.with_dialog(TEA.dialog.insert(2, picture))
    async with stage([whole, SOIL], place=place) as on:
        await on.press("enter", "g", "j", "space", "space", "y")  # A and P
        assert on.app.clipboard == "A\n\nP"
        assert marked(on) == "A P"
        await on.press("escape", "escape", "j", "enter", "g", "p")
        assert stored(on, SOIL) == "X A P Y"
        assert note(on, SOIL) == "paste 2 rows"
        assert cursor(on) == "A"
        copy = on.store.load(SOIL.id).dialog.rows[2]
        assert (copy.images, copy.metadata) == (picture.images, picture.metadata)
        assert copy.id != picture.id
        await on.press("g", "P")
        assert stored(on, SOIL) == "A P X A P Y"
        await on.press("u", "u")
        assert on.store.load(SOIL.id).dialog == SOIL.dialog
        assert stored(on, whole) == "S A P B C D"


async def test_rows_are_cut_from_one_session_into_an_empty_one() -> None:
    async with stage([TEA, titled("Empty", hour=1)]) as on:
        await on.press("enter", "g", "X")
        assert on.app.clipboard == "S"
        await on.press("escape")
        empty = next(session for session in on.store.list("alice") if session.title == "Empty")
        await on.press("j", "enter")
        on.main.bench.dialog.empty.focus()
        await on.press("p")
        assert stored(on, empty) == "S"
        assert cursor(on) == "S"


async def test_a_fork_here_is_opened_and_said() -> None:
    async with stage([TEA, SOIL]) as on:
        await on.press("enter", *ROW_A, "f")
        shown = on.main.bench.dialog.session
        assert shown is not None
        assert shown.id != TEA.id
        assert shown.title == "Tea (fork)"
        assert stored(on, on.store.load(shown.id)) == "S A"
        assert any("you are in it now" in toast for toast in on.toasts())
        assert on.main.bench.dialog.view.has_focus
        assert on.main.sessions.session_list.current_id == shown.id
        await on.press("u")
        assert on.titles() == ["Tea", "Soil"]


async def test_marked_rows_become_a_session() -> None:
    async with stage([TEA]) as on:
        await on.press("enter", *RANGE_B_TO_C, "F")
        shown = on.main.bench.dialog.session
        assert shown is not None
        assert shown.title == "Tea (extract)"
        assert stored(on, on.store.load(shown.id)) == "B C"
        assert on.store.load(TEA.id).dialog == TEA.dialog


async def test_nothing_is_offered_in_a_store_for_reading_only(tmp_path: Path) -> None:
    path = tmp_path / "nova.db"
    with open_store(path, user_id="alice") as store:
        store.save(TEA)
    app = nova_app(lambda: open_store(path, user_id="alice", read_only=True))
    async with app.run_test(size=(100, 30)) as pilot:
        on = Stage(app, pilot, open_store(path, user_id="alice", read_only=True))
        await on.settle()
        await on.press("enter", "g", "y")
        offered = {command.id for command in on.main.bench.dialog.available_commands()}
        reading = {command.id for command in (*READING_COMMANDS, *FIND_COMMANDS)}
        assert offered - reading == {"dialog.copy", "dialog.play", "dialog.record", "dialog.back"}
        await on.press("d", "X", "p", "P", "c", "ampersand", "R", "h", "H", "f", "F", "alt+up", "e", "o", "O")
        assert on.store.load(TEA.id).dialog == TEA.dialog
        assert len(on.store.history(TEA.id)) == 1
        on.store.close()
