"""Pictures in a dialog: their place is known at once, they arrive from a thread, and nothing is fetched."""

from __future__ import annotations

import io
from typing import Any

import pytest

from nova_tui.domain.row import Image, Role, Row
from nova_tui.services.half_blocks import Box
from nova_tui.tui.widgets.image_shelf import ImageShelf, segments_of
from tests.tui.nova_app import Stage, stage, titled

pillow: Any = pytest.importorskip("PIL.Image", reason="Pillow, the extra images, is not installed")


def png(size: tuple[int, int] = (40, 20), colour: tuple[int, int, int] = (255, 0, 0)) -> bytes:
    """Return a picture."""
    stream = io.BytesIO()
    pillow.new("RGB", size, colour).save(stream, "PNG")
    return stream.getvalue()


def session_with(*images: Image) -> Any:
    """Return a session with one row that holds pictures."""
    session = titled("Pictures", ("user", "before"))
    row = Row("Look:", Role.USER, session.created_at, images=images)
    dialog = session.dialog.insert(1, row)
    return session.with_dialog(dialog.add(Role.ASSISTANT, "after it"))


def line_of(on: Stage, text: str) -> int:
    """Return the line of the screen that holds a text."""
    return next(number for number, line in enumerate(on.screen_text().splitlines()) if text in line)


def test_equal_neighbours_are_one_segment() -> None:
    red, blue = (255, 0, 0), (0, 0, 255)
    (line,) = segments_of([[(red, red), (red, red), (red, blue)]])
    assert [segment.text for segment in line] == ["▀▀", "▀"]


async def test_a_picture_appears_where_its_place_was_kept() -> None:
    async with stage([session_with(Image("image/png", png(), name="a.png"))]) as on:
        text = on.screen_text()
        assert "▣ image a.png · image/png" in text
        assert sum("▀" * 40 in line for line in text.splitlines()) == 10
        assert line_of(on, "after it") - line_of(on, "▣ image") == 13, "ten lines, a blank one, a label"


async def test_the_place_is_kept_before_the_picture_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ImageShelf, "lines", lambda *_: None)
    async with stage([session_with(Image("image/png", png(), name="a.png"))]) as on:
        assert "▀" not in on.screen_text()
        assert line_of(on, "after it") - line_of(on, "▣ image") == 13


async def test_a_broken_picture_says_so_in_its_place() -> None:
    broken = png((24, 10))[:40] + b"nothing more"
    async with stage([session_with(Image("image/png", broken, name="a.png"))]) as on:
        assert "it is damaged" in on.screen_text()
        assert line_of(on, "after it")


def test_only_bytes_that_are_here_are_shown() -> None:
    shelf = ImageShelf(lambda image: None)
    assert shelf.box(Image("image/png", url="https://example.org/a.png", width=9, height=9), 80) is None
    assert shelf.box(Image("image/png", path="/etc/passwd", width=9, height=9), 80) is None
    assert shelf.box(Image("image/png", b"no picture"), 80) is None
    assert shelf.box(Image("image/png", png((600, 600))), 30) == Box(30, 15)
    assert shelf._pool is None, "nothing was decoded for that"


def test_without_colours_there_are_only_names(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    assert ImageShelf(lambda image: None).box(Image("image/png", png()), 80) is None
