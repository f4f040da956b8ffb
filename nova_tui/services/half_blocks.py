"""Half blocks: a picture as cells of two colours, one above the other; it needs Pillow, the extra `images`.

The bytes may be anything: only five plain formats are tried, a picture that is too large is refused before it is
decoded, and whatever a decoder stumbles over is an ImageProblem.
"""

from __future__ import annotations

import io
import math
import struct
import warnings
import zlib
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING, Final

from nova_tui.domain.errors import NovaError

if TYPE_CHECKING:
    from PIL.Image import Image as Picture

MOST_BYTES: Final = 32 * 1024 * 1024
"""Bytes of a picture that is tried."""
MOST_PIXELS: Final = 50_000_000
"""Pixels of a picture that is decoded."""
TOO_MANY: Final = f"it has more than {MOST_PIXELS // 1_000_000} million pixels"
FORMATS: Final = ("PNG", "JPEG", "GIF", "WEBP", "BMP")
"""What is tried; other formats of Pillow start programs or are rarely looked at for safety."""
STUMBLES: Final = (
    OSError,
    SyntaxError,
    ValueError,
    ArithmeticError,
    LookupError,
    TypeError,
    AttributeError,
    EOFError,
    MemoryError,
    RuntimeError,
    AssertionError,
    struct.error,
    zlib.error,
    Warning,
)
"""What decoders raise on a hostile file."""

Colour = tuple[int, int, int]
"""Red, green, blue, 0 to 255."""
Cell = tuple[Colour, Colour]
"""The upper and the lower half of a cell."""


class ImageProblem(NovaError):
    """A picture cannot be shown: why."""

    template = "{reason}"

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason=reason)


@dataclass(frozen=True, slots=True)
class Box:
    """The cells that a picture takes."""

    columns: int
    lines: int


def box_of(size: tuple[int, int], columns: int = 60, lines: int = 20) -> Box:
    """Return the cells for a picture of so many pixels: never larger than it is, nor than the room there is."""
    width, height = size
    scale = min(1.0, columns / width, 2 * lines / height)
    return Box(
        max(1, min(columns, round(width * scale))),
        max(1, min(lines, math.ceil(round(height * scale, 6) / 2))),
    )


def can_decode() -> bool:
    """Tell whether Pillow is there, without loading it."""
    return find_spec("PIL") is not None


def half_blocks(data: bytes, box: Box, ground: Colour = (0, 0, 0)) -> list[list[Cell]]:
    """Return the picture in the middle of its box, over the ground; raise ImageProblem."""
    if not can_decode():
        raise ImageProblem("Pillow is not installed: pip install nova-tui[images]")
    if len(data) > MOST_BYTES:
        raise ImageProblem(f"it is larger than {MOST_BYTES >> 20} MB")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            canvas = _on_ground(data, box, ground)
    except STUMBLES as error:
        raise ImageProblem("it is damaged or of an unknown format") from error
    pixels = canvas.tobytes()
    colours = [(pixels[at], pixels[at + 1], pixels[at + 2]) for at in range(0, len(pixels), 3)]
    wide = box.columns
    return [
        list(zip(colours[top * wide : (top + 1) * wide], colours[(top + 1) * wide : (top + 2) * wide], strict=True))
        for top in range(0, 2 * box.lines, 2)
    ]


def _on_ground(data: bytes, box: Box, ground: Colour) -> Picture:
    """Decode the first frame, turn it upright, shrink it and lay it on the ground."""
    from PIL import Image, ImageOps  # noqa: PLC0415  an extra

    try:
        opened = Image.open(io.BytesIO(data), formats=FORMATS)
    except Image.DecompressionBombError as error:
        raise ImageProblem(TOO_MANY) from error
    with opened as picture:
        if picture.width * picture.height > MOST_PIXELS:
            raise ImageProblem(TOO_MANY)
        room = (box.columns, 2 * box.lines)
        picture.draft("RGB", (2 * max(room), 2 * max(room)))
        upright = ImageOps.exif_transpose(picture)
        scale = min(1.0, room[0] / upright.width, room[1] / upright.height)
        size = (max(1, round(upright.width * scale)), max(1, round(upright.height * scale)))
        small = upright.convert("RGBA").resize(size, Image.Resampling.BOX)
        canvas = Image.new("RGBA", room, (*ground, 255))
        canvas.alpha_composite(small, ((room[0] - size[0]) // 2, (room[1] - size[1]) // 2))
        return canvas.convert("RGB")
