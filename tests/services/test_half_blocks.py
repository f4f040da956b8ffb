"""Pictures as half blocks: sizes from headers, colours, limits, and files that mean harm."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nova_tui.domain.row import Image
from nova_tui.services.half_blocks import Box, ImageProblem, box_of, half_blocks
from nova_tui.services.image_size import header_size, image_size

pillow: Any = pytest.importorskip("PIL.Image", reason="Pillow, the extra images, is not installed")
RED, GREEN, BLUE, CLEAR = (255, 0, 0), (0, 255, 0), (0, 0, 255), (0, 0, 0, 0)
FORMATS = ("PNG", "GIF", "JPEG", "WEBP", "BMP")


def file_of(picture: Any, form: str = "PNG", **options: Any) -> bytes:
    """Return the bytes of a picture."""
    stream = io.BytesIO()
    picture.save(stream, form, **options)
    return stream.getvalue()


def plain(size: tuple[int, int], form: str = "PNG", colour: Any = RED, mode: str = "RGB", **options: Any) -> bytes:
    """Return a picture of one colour."""
    return file_of(pillow.new(mode, size, colour), form, **options)


# -- sizes ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("size", [(1, 1), (7, 300), (640, 480)])
def test_a_header_tells_the_size(form: str, size: tuple[int, int]) -> None:
    assert header_size(plain(size, form)) == size


def test_every_kind_of_webp_tells_its_size() -> None:
    assert header_size(plain((30, 20), "WEBP", lossless=True)) == (30, 20)
    assert header_size(plain((30, 20), "WEBP", (1, 2, 3, 4), "RGBA")) == (30, 20)


def test_a_photograph_that_lies_on_its_side_is_measured_upright() -> None:
    exif = pillow.Exif()
    exif[0x0112] = 6
    data = plain((40, 20), "JPEG", exif=exif)
    assert header_size(data) == (20, 40)
    cells = half_blocks(data, Box(10, 10))
    assert cells[0][5][0][0] > 200, "it fills the upright box"
    assert cells[0][0][0][0] > 200


def test_a_stored_size_comes_first_unless_it_is_none() -> None:
    data = plain((8, 6))
    assert image_size(Image(data=data, width=80, height=60)) == (80, 60)
    assert image_size(Image(data=data, width=-1, height=0)) == (8, 6)
    assert image_size(Image(data=data, width=10**9, height=3)) == (8, 6)
    assert image_size(Image(url="https://example.org/a.png")) is None


@pytest.mark.parametrize(
    ("size", "box"),
    [
        ((640, 480), Box(53, 20)),
        ((600, 60), Box(60, 3)),
        ((4, 4), Box(4, 2)),
        ((1, 100_000), Box(1, 20)),
        ((1, 1), Box(1, 1)),
    ],
)
def test_a_box_keeps_the_shape_and_the_room(size: tuple[int, int], box: Box) -> None:
    assert box_of(size) == box


@given(st.integers(1, 10**6), st.integers(1, 10**6), st.integers(1, 200), st.integers(1, 60))
def test_a_box_is_never_too_large(width: int, height: int, columns: int, lines: int) -> None:
    box = box_of((width, height), columns, lines)
    assert 1 <= box.columns <= columns
    assert 1 <= box.lines <= lines


# -- colours -------------------------------------------------------------------------------------------------------


def test_two_pixels_are_one_cell() -> None:
    picture = pillow.new("RGB", (2, 2))
    for at, colour in (((0, 0), RED), ((1, 0), GREEN), ((0, 1), BLUE), ((1, 1), RED)):
        picture.putpixel(at, colour)
    assert half_blocks(file_of(picture), Box(2, 1)) == [[(RED, BLUE), (GREEN, RED)]]


def test_what_is_clear_shows_the_ground() -> None:
    assert half_blocks(plain((1, 2), colour=CLEAR, mode="RGBA"), Box(1, 1), (9, 8, 7)) == [[((9, 8, 7), (9, 8, 7))]]
    assert half_blocks(plain((1, 2), colour=(255, 0, 0, 128), mode="RGBA"), Box(1, 1), BLUE)[0][0][0] == (128, 0, 127)


def test_of_an_animation_the_first_frame_is_shown() -> None:
    frames = [pillow.new("RGB", (2, 2), colour) for colour in (GREEN, RED)]
    data = file_of(frames[0], "GIF", save_all=True, append_images=frames[1:], duration=50)
    assert half_blocks(data, Box(2, 1))[0][0] == (GREEN, GREEN)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "CMYK", "I;16", "RGBA"])
def test_every_mode_can_be_shown(mode: str) -> None:
    form = "JPEG" if mode == "CMYK" else "PNG"
    assert len(half_blocks(file_of(pillow.new(mode, (4, 4)), form), Box(4, 2))) == 2


# -- files that mean harm ------------------------------------------------------------------------------------------


def bomb(width: int, height: int) -> bytes:
    """Return a PNG of a few bytes that says it has so many pixels."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(100))) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (bomb(100_000, 100_000), "it has more than 50 million pixels"),
        (bomb(8_000, 8_000), "it has more than 50 million pixels"),
        (b"", "it is damaged or of an unknown format"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(x) run\n", "it is damaged or of an unknown format"),
        (plain((50, 50), "JPEG")[:200], "it is damaged or of an unknown format"),
        (bytes(33 * 1024 * 1024), "it is larger than 32 MB"),
    ],
)
def test_what_cannot_be_shown_is_one_sentence(data: bytes, reason: str) -> None:
    with pytest.raises(ImageProblem, match=reason):
        half_blocks(data, Box(4, 4))


@given(st.sampled_from(FORMATS), st.data())
def test_a_broken_file_does_no_harm(form: str, draw: st.DataObject) -> None:
    data = bytearray(plain((12, 9), form, (200, 100, 50)))
    for _ in range(draw.draw(st.integers(1, 8))):
        data[draw.draw(st.integers(0, len(data) - 1))] = draw.draw(st.integers(0, 255))
    cut = bytes(data[: draw.draw(st.integers(0, len(data)))])
    header_size(cut)
    try:
        cells = half_blocks(cut, Box(6, 3))
    except ImageProblem:
        return
    assert [len(row) for row in cells] == [6, 6, 6]


@given(
    st.sampled_from([b"\x89PNG\r\n\x1a\n", b"GIF89a", b"\xff\xd8\xff\xe1", b"RIFF\0\0\0\0WEBPVP8X", b"BM"]), st.binary()
)
def test_any_bytes_have_a_size_or_none(start: bytes, rest: bytes) -> None:
    header_size(start + rest)
