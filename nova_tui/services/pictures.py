"""Pictures on disk: read with care, named by what they hold."""

from __future__ import annotations

import os
import stat
import struct
from pathlib import Path
from typing import Final

from nova_tui.domain.errors import FormatError
from nova_tui.domain.row import Image

MAX_PICTURE: Final = 20_000_000
"""Bytes of a picture."""
_MAGIC: Final = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"BM", "image/bmp"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
)


def read_picture(path: Path) -> Image:
    """Read a picture file; raise FormatError when it is none, is too large or cannot be read."""
    try:
        data = _content(path)
    except OSError as error:
        raise FormatError(f"it cannot be read: {error.strerror or error}", str(path)) from error
    if len(data) > MAX_PICTURE:
        raise FormatError(f"it is larger than {MAX_PICTURE // 1_000_000} MB", str(path))
    mime = mime_of(data)
    if mime is None:
        raise FormatError("it is not a picture (PNG, JPEG, GIF, WebP, BMP or TIFF)", str(path))
    width, height = size_of(data) or (None, None)
    return Image(mime, data, name=path.name, width=width, height=height)


def _content(path: Path) -> bytes:
    """Return the bytes of a regular file, and one more than are allowed at most."""
    # without O_NONBLOCK, opening a named pipe would wait for ever
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise FormatError("it is not a regular file", str(path))
        with os.fdopen(descriptor, "rb", closefd=False) as file:
            return file.read(MAX_PICTURE + 1)
    finally:
        os.close(descriptor)


def mime_of(data: bytes) -> str | None:
    """Return the MIME type that the first bytes of a picture tell, None for anything else."""
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    return next((mime for magic, mime in _MAGIC if data.startswith(magic)), None)


def size_of(data: bytes) -> tuple[int, int] | None:
    """Return the width and height in pixels that a PNG, GIF or JPEG tells of itself, None where it does not."""
    if data.startswith(b"\x89PNG\r\n\x1a\n") and data[12:16] == b"IHDR" and len(data) >= 24:
        return struct.unpack(">II", data[16:24])
    if data[:6] in (b"GIF87a", b"GIF89a") and len(data) >= 10:
        return struct.unpack("<HH", data[6:10])
    return _jpeg_size(data) if data.startswith(b"\xff\xd8\xff") else None


def _jpeg_size(data: bytes) -> tuple[int, int] | None:
    """Return the size in a JPEG's start of frame, behind as many segments as there are."""
    at = 2
    while at + 9 <= len(data) and data[at] == 0xFF:
        marker, length = data[at + 1], int.from_bytes(data[at + 2 : at + 4], "big")
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", data[at + 5 : at + 9])
            return width, height
        if marker == 0xFF:
            at += 1
        else:
            at += 2 + length
    return None
