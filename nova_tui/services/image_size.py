"""The size of a picture, from what is stored with it or from the first bytes of its file; nothing is decoded."""

from __future__ import annotations

import struct
from typing import Final

from nova_tui.domain.row import Image

HEAD: Final = 512 * 1024
"""Bytes in which a size is looked for."""
MOST: Final = 1_000_000
"""Pixels of a side; anything larger is no size."""
_TURNED: Final = (5, 6, 7, 8)
"""Orientations of a photograph that lies on its side."""


def image_size(image: Image) -> tuple[int, int] | None:
    """Return width and height in pixels, the stored ones first; None where nobody knows them."""
    for size in ((image.width, image.height), header_size(image.data or b"")):
        if size is not None and size[0] and size[1] and 0 < size[0] <= MOST and 0 < size[1] <= MOST:
            return size[0], size[1]
    return None


def header_size(data: bytes) -> tuple[int, int] | None:
    """Return what the header of a PNG, GIF, JPEG, WebP or BMP file says, as it is meant to be seen."""
    data = data[:HEAD]
    try:
        if data.startswith(b"\x89PNG\r\n\x1a\n"):
            return _pair(">II", data, 16)
        if data.startswith((b"GIF87a", b"GIF89a")):
            return _pair("<HH", data, 6)
        if data.startswith(b"\xff\xd8"):
            return _jpeg(data)
        if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
            return _webp(data)
        if data.startswith(b"BM"):
            width, height = _pair("<ii", data, 18)
            return width, abs(height)
    except (struct.error, IndexError):
        pass
    return None


def _pair(form: str, data: bytes, at: int) -> tuple[int, int]:
    """Return two numbers."""
    one, two = struct.unpack_from(form, data, at)
    return one, two


def _jpeg(data: bytes) -> tuple[int, int] | None:
    """Walk the segments of a JPEG file up to the frame."""
    at, turned = 2, False
    while at + 4 <= len(data):
        if data[at] != 0xFF:
            return None
        marker = data[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        (length,) = struct.unpack_from(">H", data, at + 2)
        if marker == 0xE1 and data[at + 4 : at + 10] == b"Exif\0\0":
            turned = _orientation(data[at + 10 : at + 2 + length]) in _TURNED
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = _pair(">HH", data, at + 5)
            return (height, width) if turned else (width, height)
        at += 2 + max(2, length)
    return None


def _orientation(tiff: bytes) -> int:
    """Return how a photograph was held; 1 where it says nothing."""
    order = "<" if tiff[:2] == b"II" else ">"
    try:
        (start,) = struct.unpack_from(f"{order}I", tiff, 4)
        (count,) = struct.unpack_from(f"{order}H", tiff, start)
        for entry in range(min(count, 64)):
            tag, _kind, _number, value = struct.unpack_from(f"{order}HHIH", tiff, start + 2 + 12 * entry)
            if tag == 0x0112:
                return int(value)
    except struct.error:
        pass
    return 1


def _webp(data: bytes) -> tuple[int, int] | None:
    """Read the first chunk of a WebP file."""
    kind = data[12:16]
    if kind == b"VP8X":
        return 1 + int.from_bytes(data[24:27], "little"), 1 + int.from_bytes(data[27:30], "little")
    if kind == b"VP8L":
        bits = int.from_bytes(data[21:25], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    if kind == b"VP8 ":
        width, height = _pair("<HH", data, 26)
        return width & 0x3FFF, height & 0x3FFF
    return None
