"""Rows and sessions as trees, on the screen."""

from __future__ import annotations

import dataclasses
import struct
import zlib
from pathlib import Path

from nova_tui import Row, Session
from nova_tui.tui.screens.conflict_screen import ConflictScreen
from nova_tui.tui.screens.inspector_screen import InspectorScreen
from nova_tui.tui.screens.main_screen import MainScreen
from nova_tui.tui.screens.picture_screen import PictureScreen
from nova_tui.tui.screens.prompt_screen import PromptScreen
from tests.tui.nova_app import Stage, stage, titled

CALLS = [
    {
        "function_name": "find",
        "parameters": {"q": "[b]x"},
        "result": None,
        "completion_id": None,
        "finish_reason": "stop",
    }
]
KEYS = {
    " ": "space",
    ".": "full_stop",
    "/": "slash",
    '"': "quotation_mark",
    ":": "colon",
    "_": "underscore",
    "{": "left_curly_bracket",
    "}": "right_curly_bracket",
    "[": "left_square_bracket",
    "]": "right_square_bracket",
    "-": "minus",
}
METADATA = {"score": 1.5, "ok": True, "name\x1b[31m": "evil\x1b[2J", "function_calls": CALLS, "void": None}


def one() -> Session:
    """Return a session whose first row has metadata."""
    session = titled("One", ("user", "first"), ("assistant", "second"))
    row = dataclasses.replace(session.dialog.rows[0], metadata=METADATA)
    return dataclasses.replace(session, dialog=session.dialog.replace(row.id, row))


def png(path: Path) -> Path:
    """Write a picture of four pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 2, 2, 8, 2, 0, 0, 0)
    lines = b"\0\xff\0\0\0\xff\0" * 2
    data = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(lines)) + chunk(b"IEND", b"")
    path.write_bytes(data)
    return path


def row(on: Stage) -> Row:
    """Return the stored first row."""
    (session,) = on.store.list("alice")
    return session.dialog.rows[0]


def panel(on: Stage) -> InspectorScreen:
    """Return the inspector."""
    assert isinstance(on.app.screen, InspectorScreen)
    return on.app.screen


async def go(on: Stage, *place: str | int) -> None:
    """Put the cursor on a value."""
    screen = panel(on)
    screen.lines.move_to([node.path for node in screen._shown].index(place))
    await on.settle()


async def typed(on: Stage, text: str) -> None:
    """Type into the prompt instead of what is there, and take it."""
    assert isinstance(on.app.screen, PromptScreen)
    await on.press("end", "ctrl+u", *(KEYS.get(character, character) for character in text), "enter")


async def test_a_row_is_a_tree_that_is_safe_to_show() -> None:
    async with stage([one()], size=(120, 40)) as on:
        await on.press("enter", "i")
        text = on.screen_text()
        for words in ("Row 1 of 2", "metadata", "score", "1.5", "number", "function_name", '"find"', "boolean"):
            assert words in text
        assert "\x1b" not in text
        assert "[b]x" in text
        await on.press("escape")
        assert on.main.is_current


async def test_what_a_value_is_has_its_place_beside_a_long_value_on_a_small_screen() -> None:
    session = one()
    async with stage([session], size=(80, 24)) as on:
        await on.press("enter", "I")
        [line] = [line for line in on.screen_text().splitlines() if session.id in line]
        assert "text, fixed" in line


async def test_scalars_keep_their_type() -> None:
    async with stage([one()]) as on:
        await on.press("enter", "i")
        await go(on, "metadata", "score")
        await on.press("e")
        await typed(on, '"2"')
        assert isinstance(on.app.screen, PromptScreen), "what cannot be taken stays, with the reason"
        assert "wants a number" in on.screen_text()
        await typed(on, "2")
        assert row(on).metadata["score"] == 2
        assert on.store.history(on.store.list("alice")[0].id)[0].note == "set metadata.score"
        node = panel(on).node
        assert node is not None
        assert node.path == ("metadata", "score")
        await go(on, "metadata", "ok")
        await on.press("enter")
        assert row(on).metadata["ok"] is False
        await on.press("u")
        assert row(on).metadata["ok"] is True
        await on.press("t")
        await typed(on, "[1]")
        assert row(on).metadata["ok"] == [1]
        assert list(row(on).metadata) == list(METADATA), "the others and their order are as they were"
        assert row(on).metadata["function_calls"] == CALLS


async def test_keys_are_added_renamed_and_removed() -> None:
    async with stage([one()]) as on:
        await on.press("enter", "i")
        await go(on, "metadata")
        await on.press("a")
        await typed(on, "score")
        assert isinstance(on.app.screen, PromptScreen), "a key that is there already"
        await typed(on, "fresh")
        await typed(on, '{"a": 1')
        assert isinstance(on.app.screen, PromptScreen), "broken JSON"
        await typed(on, '{"a": 1}')
        assert row(on).metadata["fresh"] == {"a": 1}
        await go(on, "metadata", "fresh")
        await on.press("r")
        await typed(on, "stale")
        assert list(row(on).metadata)[-1] == "stale"
        await on.press("d")
        assert row(on).metadata == METADATA
        await on.press("escape", "u", "u", "u")
        assert row(on).metadata == METADATA
        assert "fresh" not in row(on).metadata


async def test_the_session_has_title_tags_and_app_data() -> None:
    async with stage([one()]) as on:
        await on.press("enter", "I")
        await go(on, "title")
        await on.press("enter")
        await typed(on, "Other")
        assert on.titles() == ["Other"]
        await go(on, "app_data")
        await on.press("a")
        await typed(on, "mine")
        await typed(on, "a text")
        assert on.store.list("alice")[0].app_data["mine"] == "a text"
        await on.press("escape", "u", "u")
        assert on.titles() == ["One"]


async def test_a_picture_is_attached_after_a_look_and_removed(tmp_path: Path) -> None:
    async with stage([one()], size=(100, 40)) as on:
        await on.press("enter", "i", "p")
        await typed(on, str(tmp_path / "none"))
        assert isinstance(on.app.screen, PromptScreen)
        assert "cannot be read" in on.screen_text()
        await typed(on, str(png(tmp_path / "red.png")))
        assert isinstance(on.app.screen, PictureScreen)
        assert "2×2" in on.screen_text()
        assert row(on).images is None
        await on.press("enter")
        assert [image.name for image in row(on).images or ()] == ["red.png"]
        assert "red.png" in on.screen_text()
        await on.press("d")
        assert row(on).images is None
        await on.press("u", "escape", "u")
        assert row(on).images is None


async def test_what_others_do_meanwhile_is_respected() -> None:
    async with stage([one()]) as on:
        await on.press("enter", "i")
        (session,) = on.store.list("alice")
        on.store.save(session.with_dialog(session.dialog.remove(row(on).id)))
        await go(on, "metadata", "ok")
        await on.press("enter")
        if isinstance(on.app.screen, ConflictScreen):  # it asks before or after the inspector has gone
            await on.press("escape")
        assert isinstance(on.app.screen, MainScreen), "the row is gone"


async def test_lists_and_large_trees_fold(tmp_path: Path) -> None:
    session = titled("Large", ("user", "first"))
    large = dataclasses.replace(session.dialog.rows[0], metadata={"many": list(range(5000))})
    session = dataclasses.replace(session, dialog=session.dialog.replace(large.id, large))
    async with stage([session]) as on:
        await on.press("enter", "i")
        assert "5,000 items" in on.screen_text()
        assert panel(on).lines.count < 20
        await go(on, "metadata", "many")
        await on.press("space")
        assert panel(on).lines.count > 5000
        await on.press("j", "d")
        assert len(row(on).metadata["many"]) == 4999


async def test_a_store_for_reading_only_is_looked_at(tmp_path: Path) -> None:
    place = str(tmp_path / "s.db")
    async with stage([one()], place=place) as on:
        assert on.titles() == ["One"]
    async with stage([], place=place, read_only=True) as on:
        await on.press("enter", "i")
        await go(on, "metadata", "ok")
        await on.press("enter", "d", "a", "p")
        assert panel(on)
        assert row(on).metadata == METADATA
