"""Finding in a dialog: what the list looked for, and what is typed in the dialog's own line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from nova_tui import Row, Session
from nova_tui.domain.row import Role
from nova_tui.storage.provider import SessionStorageProvider
from tests.tui.nova_app import START, Stage, stage, titled

LONG = "word " * 2000
CHAT = titled(
    "Chat",
    ("user", "Where is the refund?"),
    ("assistant", "Which refund? There are two."),
    ("user", "The Réfund of order 1881."),
    ("assistant", "Done."),
    hour=2,
)
DEEP = titled("Deep", ("user", "hello"), ("assistant", f"{LONG} needle {LONG}"), ("user", "bye"), hour=1)
OTHER = titled("Other", ("user", "nothing of it"), hour=0)


def reader(on: Stage) -> SessionStorageProvider:
    library = on.main.sessions.storage._reader
    assert library is not None
    return library.store


def dialog_text(on: Stage) -> str:
    left = on.main.bench.dialog.region.x
    return "\n".join(line[left:] for line in on.screen_text().splitlines())


def found(on: Stage) -> list[str]:
    view = on.main.bench.dialog.view
    ground = view.renderer.palette.style("text", "find").bgcolor
    lines = [view.paint_line(y) for y in range(view.window.height)]
    return [one.text for line in lines for one in line if one.style and one.style.bgcolor == ground]


def at(on: Stage) -> int | None:
    view = on.main.bench.dialog.view
    return view.rows.position(view.current_row_id or "")


async def test_the_preview_is_at_the_hit_and_marks_it() -> None:
    async with stage([CHAT, DEEP, OTHER]) as on:
        await on.press("slash")
        await on.type("needle")
        assert found(on) == ["needle"]
        assert "1 of 1 hit · 3 rows" in dialog_text(on)
        await on.press("enter", "enter")
        assert on.main.bench.dialog.view.has_focus
        assert at(on) == 1
        assert found(on) == ["needle"], "opening does not move the window"
        await on.press("escape")
        assert on.main.sessions.session_list.has_focus, "one step back; the filter is the list's"


async def test_a_longer_word_moves_the_mark_of_a_session_that_stays() -> None:
    async with stage([CHAT]) as on:
        await on.press("slash")
        await on.type("or")
        assert found(on) == ["order"]
        await on.press("ctrl+u")
        await on.type("done")
        assert found(on) == ["Done"]
        assert at(on) == 3
        await on.press("escape")
        assert found(on) == []
        assert "hit" not in dialog_text(on)


async def test_n_and_f3_walk_the_hits_round() -> None:
    async with stage([CHAT, OTHER]) as on:
        await on.press("slash")
        await on.type("refund")
        await on.press("enter", "enter")
        assert at(on) == 0
        assert "1 of 3 hits" in dialog_text(on)
        await on.press("n")
        assert at(on) == 1
        await on.press("f3")
        assert at(on) == 2
        assert "3 of 3 hits" in dialog_text(on)
        assert not on.toasts()
        await on.press("n")
        assert at(on) == 0
        assert "From the first again." in on.toasts()
        await on.press("N")
        assert at(on) == 2
        await on.press("shift+f3")
        assert at(on) == 1


async def test_find_in_a_dialog_marks_all_counts_and_ends_where_one_is() -> None:
    async with stage([CHAT, OTHER]) as on:
        await on.press("enter", "j", "slash")
        assert "find in this dialog" in on.screen_text()
        await on.type("refu")
        assert found(on) == ["refund", "refund", "Réfund"]
        assert at(on) == 1, "the first from where one was"
        assert "2 of 3 hits" in dialog_text(on)
        await on.press("down")
        assert at(on) == 2
        await on.press("enter", "n")
        assert at(on) == 0
        await on.press("escape")
        assert found(on) == []
        assert at(on) == 0
        assert on.main.bench.dialog.view.has_focus
        await on.press("escape")
        assert on.main.sessions.session_list.has_focus


async def test_nothing_found_here_is_told_and_unfinished_is_no_error() -> None:
    async with stage([CHAT]) as on:
        await on.press("enter", "slash")
        await on.type("zebra")
        assert "no hits" in dialog_text(on)
        await on.press("ctrl+u")
        await on.type('"two')
        assert not on.toasts()
        await on.press("ctrl+u")
        await on.type("colour:red ")
        assert "There is no filter colour:" in on.screen_text()
        await on.press("escape")
        assert "There is no filter" not in on.screen_text()


async def test_hits_in_hidden_rows_are_reached_and_fold_again() -> None:
    hidden = Row("the secret word", Role.SYSTEM, START, {"hide_row": True})
    session = CHAT.with_dialog(CHAT.dialog.insert(0, hidden))
    async with stage([session, OTHER]) as on:
        view = on.main.bench.dialog.view
        assert "secret" not in dialog_text(on)
        await on.press("enter", "slash")
        await on.type("secret")
        assert view.show_hidden
        assert found(on) == ["secret"]
        await on.press("enter", "escape", "escape", "j")
        assert not view.show_hidden, "the next session folds its hidden rows"


async def test_a_folded_row_opens_at_its_hit() -> None:
    tall = "\n\n".join(f"line {number}" for number in range(400)).replace("line 390", "the needle 390")
    async with stage([titled("Tall", ("user", "x"), ("assistant", tall))]) as on:
        await on.press("slash")
        await on.type("needle")
        assert found(on) == ["needle"]


async def test_hits_far_away_are_read_when_one_goes_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [Row(f"row {number}" + " needle" * (number % 1000 == 999), Role.USER, START) for number in range(3000)]
    session = Session.new("alice").with_title("Many", at=START)
    session = session.with_dialog(type(session.dialog)(tuple(rows)), at=START)
    async with stage([session], place=f"sqlite://{tmp_path / 'nova.db'}") as on:
        asked: list[str] = []
        hits_in = reader(on).hits_in

        def counting(session_id: str, query: str, **options: Any) -> Any:
            asked.append(query)
            return hits_in(session_id, query, **options)

        monkeypatch.setattr(reader(on), "hits_in", counting)
        await on.press("enter", "slash")
        await on.pilot.press(*"needle")
        await on.settle()
        assert asked == ["needle"], "one search when the typing pauses"
        assert "1 of 3 hits" in dialog_text(on)
        assert at(on) == 999
        await on.press("enter", "n")
        assert at(on) == 1999
        assert found(on) == ["needle"]
        assert asked == ["needle"], "walking asks for nothing but rows"


async def test_edited_rows_are_looked_at_again() -> None:
    async with stage([CHAT]) as on:
        await on.press("enter", "slash")
        await on.type("refund")
        await on.press("enter", "d")
        assert "2 hits" in dialog_text(on) or "of 2 hits" in dialog_text(on)
