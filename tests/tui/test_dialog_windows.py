"""Large dialogs: only what is in sight is read, whatever a person does."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from textual.geometry import Offset
from textual.selection import Selection

from nova_tui import Dialog, Role, Row, Session, open_store
from nova_tui.services.excerpt import WINDOW, read_excerpt
from nova_tui.storage import sqlite_driver
from nova_tui.tui.screens.main_screen import LIVE_INTERVAL
from nova_tui.tui.widgets.text_selection import key_of
from tests.tui.nova_app import START, Stage, stage

LARGE, SMALL = 10_000, 10


def many(title: str, count: int, hour: int, hidden: range = range(0)) -> Session:
    """Return a session of so many rows."""
    at = START + timedelta(hours=hour)
    rows = tuple(
        Row(
            f"Row number {number}\n\nwith a paragraph {'of some length ' * (number % 12)}",
            Role.USER if number % 2 == 0 else Role.ASSISTANT,
            at + timedelta(seconds=number),
            {"hide_row": True} if number in hidden else {},
            id=f"{number:016x}",
        )
        for number in range(count)
    )
    made = Session.new("alice").with_title(title, at=at)
    return Session(made.id, "alice", Dialog(rows), at, at, made.app_data)


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a store of a small and a large session, to be copied."""
    path = tmp_path_factory.mktemp("large") / "nova.db"
    with open_store(path, user_id="alice") as store:
        store.save(many("Large", LARGE, 1))
        store.save(many("Small", SMALL, 2))
        store.save(many("Folded", 3000, 0, hidden=range(2, 2900)))
    return path


@pytest.fixture
def place(filled: Path, tmp_path: Path) -> str:
    """Return a store that the test may change."""
    return str(shutil.copy(filled, tmp_path / "nova.db"))


class Seen:
    """The statements that ran, and the rows that they read."""

    def __init__(self) -> None:
        self.statements: list[str] = []
        self.rows = 0


@contextmanager
def reading(monkeypatch: pytest.MonkeyPatch) -> Iterator[Seen]:
    """Count what is read from sessions and rows meanwhile."""
    seen = Seen()
    query = sqlite_driver.Connection.query

    def counted(self: sqlite_driver.Connection, sql: str, values: Any = ()) -> Any:
        found = query(self, sql, values)
        if "FROM rows" in sql or "FROM sessions WHERE id = ?" in sql:
            seen.statements.append(sql)
        if sql.startswith("SELECT id, role, at, text") and "FROM rows" in sql:
            seen.rows += len(found)
        return found

    with monkeypatch.context() as patch:
        patch.setattr(sqlite_driver.Connection, "query", counted)
        yield seen


def lines(on: Stage) -> list[str]:
    """Return what the dialog shows."""
    view = on.main.bench.dialog.view
    return [view.paint_line(y).text[3:].strip() for y in range(view.window.height)]


async def test_opening_reads_the_rows_in_sight(place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async with stage(place=place) as on:
        counts = []
        for key, title in (("j", "Large"), ("k", "Small"), ("j", "Large")):
            with reading(monkeypatch) as seen:
                await on.press(key)
            shown = on.main.bench.dialog.session
            assert shown is not None
            assert shown.title == title
            assert "Row number 0" in lines(on)
            # the list asks for summaries by id, too
            counts.append(len([sql for sql in seen.statements if "seq" in sql or "FROM rows" in sql]))
            assert seen.rows <= 2 * WINDOW
        assert counts[1] == counts[2] == counts[0] - 1 <= 4  # outlines that were read lately are kept
        assert "10,000 rows" in on.screen_text()


async def test_a_page_down_reads_a_window_at_most(place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async with stage(place=place) as on:
        await on.press("j", "enter")
        total = 0
        for _ in range(30):
            with reading(monkeypatch) as seen:
                await on.press("pagedown")
            assert len(seen.statements) <= 2
            assert seen.rows <= WINDOW
            assert "Row number" in " ".join(lines(on))
            total += seen.rows
        view = on.main.bench.dialog.view
        assert total <= view.rows_in_sight()[-1] + 2 * WINDOW, "no row is read twice"


async def test_edit_at_the_end_and_take_it_back(place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async with stage(place=place) as on:
        await on.press("j")
        with reading(monkeypatch) as seen:
            await on.press("enter", "G", "e")
        assert seen.rows <= 2 * WINDOW
        editor = on.main.bench.dialog.editor
        assert editor is not None
        assert editor.text.startswith("Row number 9999")
        with reading(monkeypatch) as seen:
            await on.type(" and more")
        assert not [sql for sql in seen.statements if "FROM rows" in sql]
        await on.press("ctrl+s")
        assert on.main.bench.dialog.editor is None
        assert any(line.endswith("and more") for line in lines(on))
        assert on.store.load(on.main.bench.dialog.session.id).dialog.rows[-1].text.endswith("and more")  # type: ignore[union-attr]
        with reading(monkeypatch) as seen:
            await on.press("k", "h")
        assert seen.rows == 0, "the thread that saves has the session, the screen has the rows"
        assert "1 hidden row" in " ".join(lines(on))
        await on.press("u", "u")
        assert not any(line.endswith("and more") for line in lines(on))
        assert "Row number 9999" in lines(on)


@pytest.mark.parametrize("title", ["Large", "Small"])
async def test_a_new_row_is_typed_without_a_look_at_the_others(
    place: str, title: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with stage(place=place) as on:
        await on.press(*(["j"] if title == "Large" else []), "enter", "pagedown", "o")
        view, editor = on.main.bench.dialog.view, on.main.bench.dialog.editor
        assert editor is not None
        rows, laid = view.rows, view.renderer.laid
        assert rows.added is not None
        with reading(monkeypatch) as seen:
            await on.type("some words")
            await on.press("ctrl+t", "ctrl+o")
        assert not [sql for sql in seen.statements if "FROM rows" in sql]
        assert view.rows is rows, "what the view knows of the dialog is not made anew"
        assert view.renderer.laid == laid, "no row is laid out again"
        await on.press("escape")
        assert view.rows.added is None


async def test_a_row_far_away_is_deleted_without_reading_the_others(place: str) -> None:
    async with stage(place=place) as on:
        await on.press("j", "enter", *["pagedown"] * 3)
        view = on.main.bench.dialog.view
        row = view.current_row
        assert row is not None
        laid = view.renderer.laid
        before = lines(on)
        await on.press("d")
        assert view.rows.position(row.id) is None
        assert view.renderer.laid - laid <= view.window.height, "what is in sight was laid out before"
        assert "9,999 rows" in on.screen_text()
        await on.press("u")
        assert lines(on) == before


async def test_what_others_change_comes_without_a_jump(place: str) -> None:
    async with stage(place=place) as on:
        await on.press("j", "enter", *["pagedown"] * 5)
        await asyncio.sleep(LIVE_INTERVAL * 2)
        await on.settle()
        view = on.main.bench.dialog.view
        seen, before = view.current_row_id, lines(on)
        shown = on.main.bench.dialog.session
        assert shown is not None
        theirs = on.store.load(shown.id)
        on.store.save(theirs.with_dialog(theirs.dialog.remove(theirs.dialog.rows[1].id).add_user("the last")))
        await asyncio.sleep(LIVE_INTERVAL * 2)
        await on.settle()
        assert (view.current_row_id, lines(on)) == (seen, before)
        await on.press("G")
        assert "the last" in lines(on)


async def test_rows_of_two_revisions_are_never_mixed(place: str) -> None:
    async with stage(place=place) as on:
        await on.press("j", "enter")
        shown = on.main.bench.dialog.session
        assert shown is not None
        theirs = on.store.load(shown.id)
        on.store.save(theirs.with_dialog(theirs.dialog.insert(0, Row("first of all", id="f" * 16))))
        await on.press("G")  # before the next look at the store
        now = on.main.bench.dialog.session
        assert now is not None
        assert now.revision == (shown.revision or 0) + 1
        assert len(now.rows) == LARGE + 1
        assert "Row number 9999" in lines(on)


async def test_a_long_fold_is_not_read(place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async with stage(place=place) as on:
        with reading(monkeypatch) as seen:
            await on.press("j", "j", "enter")
            assert "2,898 hidden rows" in " ".join(lines(on))
            assert "Row number 2900" in " ".join(lines(on))
            await on.press("G")
        assert "Row number 2999" in lines(on)
        assert seen.rows <= 4 * WINDOW
        await on.press("g", "full_stop")
        assert "Row number 2" in " ".join(lines(on))


async def test_keys_wait_for_the_row_they_are_for(place: str) -> None:
    async with stage(place=place) as on:
        await on.press("j", "enter")
        await on.press("G", "k", "h", "g", "j", "h")
        stored = on.store.outline(on.main.bench.dialog.session.id)  # type: ignore[union-attr]
        assert [at for at, hidden in enumerate(stored.rows.hidden) if hidden] == [1, LARGE - 2]


async def test_a_session_is_opened_at_a_row(place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async with stage(place=place) as on:
        large = next(one for one in on.store.summaries("alice") if one.title == "Large")
        with reading(monkeypatch) as seen:
            on.main.bench.open(large.id, open_at=f"{7000:016x}")
            await on.settle()
        assert on.main.bench.dialog.view.current_row_id == f"{7000:016x}"
        assert "Row number 7000" in lines(on)
        assert seen.rows <= 2 * WINDOW


def test_an_excerpt_is_of_one_revision(place: str) -> None:
    with open_store(place, user_id="alice") as store, open_store(place, user_id="alice") as other:
        large = next(one for one in store.summaries("alice") if one.title == "Large")
        window = store.window

        def late(session_id: str, start: int, stop: int) -> Any:
            if not done:
                done.append(other.save(other.load(large.id).with_dialog(other.load(large.id).dialog.remove("0" * 16))))
            return window(session_id, start, stop)

        done: list[Session] = []
        store.window = late  # type: ignore[method-assign]
        excerpt = read_excerpt(store, large.id)
        assert len(excerpt.session.rows) == LARGE - 1
        assert excerpt.session.revision == done[0].revision
        assert [*excerpt.rows] == [*excerpt.session.rows.ids[: len(excerpt.rows)]]


async def test_marked_rows_are_copied_wherever_they_are(place: str) -> None:
    async with stage(place=place) as on:
        await on.press("j", "enter", "j", "space", "G", "space", "y")
        stored = on.store.load(on.main.bench.dialog.session.id)  # type: ignore[union-attr]
        assert on.app.clipboard == "\n\n".join(stored.dialog.rows[at].text for at in (1, LARGE - 1))
        assert "2 rows copied." in on.toasts()
        await on.press("escape", "v", *["pagedown"] * 20, "y")
        await on.press("ctrl+a", "y")
        assert on.app.clipboard.count("Row number") == LARGE


async def test_selected_text_is_copied_also_where_its_rows_are_gone(place: str) -> None:
    async with stage(place=place) as on:
        await on.press("j", "enter")
        view = on.main.bench.dialog.view
        selection = Selection(Offset(4, key_of(1, 1)), Offset(10, key_of(1500, 1)))
        on.main.selections = {view: selection}
        await on.settle()
        await on.press("ctrl+c")
        copied = on.app.clipboard
        assert copied.startswith("number 1\n")
        assert copied.endswith("\n\nRow number")
        assert [f"Row number {at}\n" in copied for at in (2, 700, 1499)] == [True] * 3
        assert copied.count("with a paragraph") == 1499


async def test_a_damaged_row_is_told_of_when_it_comes_into_sight(place: str) -> None:
    async with stage(place=place) as on:
        with closing(sqlite_driver.sqlite3.connect(place)) as raw, raw:  # type: ignore[attr-defined]
            raw.execute("UPDATE rows SET processed = 0 WHERE id = ?", (f"{9990:016x}",))
        await on.press("j", "enter")
        assert "Row number 0" in lines(on)
        await on.press("G")
        assert "checksum" in on.screen_text()
        await on.press("escape", "k")
        assert "Row number 0" in lines(on)
