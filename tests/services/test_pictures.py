"""Pictures on disk are named by what they hold, and refused with a sentence."""

from __future__ import annotations

import os
import struct
from pathlib import Path

import pytest

from nova_tui import FormatError, Row
from nova_tui.services.inspecting import with_image
from nova_tui.services.pictures import MAX_PICTURE, read_picture, size_of

PNG = b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 13, b"IHDR", 640, 480)
GIF = b"GIF89a" + struct.pack("<HH", 3, 4)
FRAME = b"\xff\xc2" + struct.pack(">HBHH", 11, 8, 200, 300) + b"\x03"
JPEG = b"\xff\xd8\xff\xe0" + struct.pack(">H", 16) + b"x" * 14 + b"\xff" + FRAME


@pytest.mark.parametrize(
    ("data", "size"),
    [
        (PNG, (640, 480)),
        (GIF, (3, 4)),
        (JPEG, (300, 200)),
        (PNG[:20], None),
        (GIF[:8], None),
        (JPEG[:24], None),
        (b"\xff\xd8\xff" + b"\xff" * 100, None),
        (b"\xff\xd8\xff\xe0\x00\x00" + b"\xff\xe0\x00\x00" * 9, None),
        (b"BM", None),
    ],
)
def test_a_picture_tells_its_size(data: bytes, size: tuple[int, int] | None) -> None:
    assert size_of(data) == size


def test_a_picture_is_attached_to_a_row(tmp_path: Path) -> None:
    path = tmp_path / "cat.txt"
    path.write_bytes(PNG)
    row = with_image(Row("look"), read_picture(path))
    assert row.images is not None
    (image,) = row.images
    assert (image.mime, image.data, image.name, image.width, image.height) == ("image/png", PNG, "cat.txt", 640, 480)


def test_what_is_no_picture_is_refused_with_its_name(tmp_path: Path) -> None:
    words, large, pipe = tmp_path / "words.png", tmp_path / "large.png", tmp_path / "pipe.png"
    words.write_text("not a picture")
    with large.open("wb") as file:
        file.write(PNG)
        file.truncate(MAX_PICTURE + 1)
    os.mkfifo(pipe)
    for path, sentence in (
        (words, "it is not a picture"),
        (large, "it is larger than 20 MB"),
        (pipe, "it is not a regular file"),
        (tmp_path, "it is not a regular file"),
        (tmp_path / "nowhere.png", "it cannot be read: No such file"),
    ):
        with pytest.raises(FormatError, match=sentence) as caught:
            read_picture(path)
        assert path.name in str(caught.value)
