"""Fonts for pictures: one monospace family from a package, so that pictures are the same everywhere.

What it lacks, other scripts and emoji, comes from the fonts of the system.
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Final

from nova_tui.domain.errors import RecordingError

if TYPE_CHECKING:
    from PIL.ImageFont import FreeTypeFont

PACKAGE: Final = "fontpkg_jetbrains_mono"
UPRIGHT: Final = "JetBrainsMono[wght].ttf"
ITALIC: Final = "JetBrainsMono-Italic[wght].ttf"
MISSING: Final = "pictures need Pillow and a font: pip install 'nova-tui[gif]'"
FALLBACKS: Final = (
    "DejaVuSansMono.ttf", "NotoSansMono-Regular.ttf", "NotoSansMonoCJK-Regular.ttc", "NotoSansMonoCJKsc-Regular.otf",
    "NotoSansCJK-Regular.ttc", "wqy-microhei.ttc", "DroidSansFallbackFull.ttf", "NotoColorEmoji.ttf",
    "NotoEmoji-Regular.ttf", "NotoSansSymbols2-Regular.ttf", "NotoSansArabic-Regular.ttf", "NotoSansHebrew-Regular.ttf",
    "NotoSansDevanagari-Regular.ttf", "NotoSansThai-Regular.ttf", "DejaVuSans.ttf", "FreeSans.ttf", "Menlo.ttc",
    "PingFang.ttc", "Hiragino Sans GB.ttc", "Apple Color Emoji.ttc", "Arial Unicode.ttf", "consola.ttf",
    "msgothic.ttc", "msyh.ttc", "seguiemj.ttf", "seguisym.ttf",
)  # fmt: skip
"""System fonts that are asked in turn."""
COLOUR_SIZES: Final = {"NotoColorEmoji.ttf": 109, "Apple Color Emoji.ttc": 96}
"""The one size that a font of coloured pictures has."""
_NOWHERE: Final = "\U0010fffd"
"""A character that no font has."""


class Face:
    """One font at one size."""

    def __init__(self, font: FreeTypeFont, *, colour: bool = False) -> None:
        self.font, self.colour = font, colour
        self._missing = bytes(font.getmask(_NOWHERE))

    def has(self, text: str) -> bool:
        """Tell whether the font has a picture of its own for the first character."""
        mask = self.font.getmask(text[0], mode="RGBA" if self.colour else "L")
        return mask.getbbox() is not None and (self.colour or bytes(mask) != self._missing)


class Family:
    """The four styles of the monospace font, and the fonts behind it."""

    def __init__(self, size: int) -> None:
        self.size = size
        self._own = {
            (bold, italic): Face(_own(size, bold, italic)) for bold in (False, True) for italic in (False, True)
        }
        self._found: dict[str, Face | None] = {}

    @property
    def plain(self) -> FreeTypeFont:
        """The upright font, which gives the cell its size."""
        return self._own[False, False].font

    def face(self, text: str, *, bold: bool, italic: bool) -> Face | None:
        """Return the font that has a character, None where no font has it."""
        own = self._own[bold, italic]
        if text.isascii() or own.has(text):
            return own
        if text not in self._found:
            self._found[text] = next((face for face in _fallbacks(self.size) if face.has(text)), None)
        return self._found[text]


def _own(size: int, bold: bool, italic: bool) -> FreeTypeFont:
    """Return a style of the monospace font; raise RecordingError where it or Pillow is missing."""
    try:
        from PIL import ImageFont  # noqa: PLC0415 - an extra

        path = files(PACKAGE) / "files" / (ITALIC if italic else UPRIGHT)
        font = ImageFont.truetype(io.BytesIO(path.read_bytes()), size, layout_engine=ImageFont.Layout.BASIC)
    except (ImportError, OSError) as error:
        raise RecordingError(MISSING) from error
    font.set_variation_by_axes([700 if bold else 400])
    return font


@cache
def _fallbacks(size: int) -> tuple[Face, ...]:
    """Return the system's fonts of the list, in its order."""
    from PIL import ImageFont  # noqa: PLC0415 - an extra

    paths = {path.name: path for path in _system_files() if path.name in FALLBACKS}
    faces = []
    for name in FALLBACKS:
        if name in paths:
            try:
                font = ImageFont.truetype(
                    str(paths[name]), COLOUR_SIZES.get(name, size), layout_engine=ImageFont.Layout.BASIC
                )
            except OSError:  # a font that this FreeType cannot read
                continue
            faces.append(Face(font, colour=name in COLOUR_SIZES))
    return tuple(faces)


def _system_files() -> Iterator[Path]:
    """Yield the files in the folders where systems keep fonts."""
    home = Path.home()
    if sys.platform == "win32":
        folders = [Path(os.environ.get("WINDIR", r"C:\Windows")) / "Fonts"]
    elif sys.platform == "darwin":
        folders = [Path("/System/Library/Fonts"), Path("/Library/Fonts"), home / "Library/Fonts"]
    else:
        folders = [Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), home / ".local/share/fonts"]
    for folder in folders:
        yield from sorted(folder.rglob("*"))
