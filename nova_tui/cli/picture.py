"""Pictures on disk: read with care, named by what they hold."""

from __future__ import annotations

import os
import stat
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
    """Read a picture file; raise FormatError when it is none, OSError when it cannot be read."""
    # without O_NONBLOCK, opening a named pipe would wait for ever
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise FormatError("it is not a regular file", str(path))
        with os.fdopen(descriptor, "rb", closefd=False) as file:
            data = file.read(MAX_PICTURE + 1)
    finally:
        os.close(descriptor)
    if len(data) > MAX_PICTURE:
        raise FormatError(f"it is larger than {MAX_PICTURE // 1_000_000} MB", str(path))
    mime = mime_of(data)
    if mime is None:
        raise FormatError("it is not a picture (PNG, JPEG, GIF, WebP, BMP or TIFF)", str(path))
    return Image(mime, data, name=path.name)


def mime_of(data: bytes) -> str | None:
    """Return the MIME type that the first bytes of a picture tell, None for anything else."""
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    return next((mime for magic, mime in _MAGIC if data.startswith(magic)), None)
