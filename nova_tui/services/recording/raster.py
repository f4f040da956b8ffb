"""Raster: cells as pixels. Block elements and box lines are drawn, so that they meet; letters are typeset once each."""

from __future__ import annotations

from functools import lru_cache
from math import hypot
from typing import TYPE_CHECKING, Final

from nova_tui.domain.errors import RecordingError
from nova_tui.services.recording.fonts import MISSING, Family
from nova_tui.services.recording.recording import Cell, Colours, Row, cells_of
from nova_tui.services.recording.shapes import SHADES, Lines, blocks, lines

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageDraw import ImageDraw
    from PIL.ImageFont import FreeTypeFont

SIZE: Final = 16
"""Pixels of the font."""
LINE: Final = 1.25
"""Height of a line in sizes of the font."""


def triple(colour: int) -> tuple[int, int, int]:
    """Return red, green and blue."""
    return colour >> 16, colour >> 8 & 255, colour & 255


class Raster:
    """A picture of a screen that is painted row by row."""

    def __init__(self, columns: int, lines: int, colours: Colours) -> None:
        try:
            from PIL import Image  # noqa: PLC0415 - an extra
        except ImportError as error:
            raise RecordingError(MISSING) from error
        self._colours = colours
        self._family = Family(SIZE)
        ascent, descent = self._family.plain.getmetrics()
        self.width = round(self._family.plain.getlength("M"))
        self.height = round(SIZE * LINE)
        self._base = (self.height - ascent - descent + 1) // 2 + ascent
        self.image = Image.new("RGB", (columns * self.width, lines * self.height), triple(colours.background))
        self._tile = lru_cache(maxsize=8192)(self._painted)
        self.unknown: set[str] = set()
        """Characters that no font here has; boxes stand for them."""

    def paint(self, line: int, row: Row) -> None:
        """Paint one row."""
        x = 0
        for cell in cells_of(row):
            if cell.width:
                self.image.paste(self._tile(cell), (x * self.width, line * self.height))
            x += cell.width

    def _painted(self, cell: Cell) -> Image:
        """Return the picture of one cell."""
        from PIL import Image, ImageDraw  # noqa: PLC0415 - an extra

        text, cells, style = cell
        fill, behind = triple(self._colours.foreground_of(style)), triple(self._colours.background_of(style))
        size = width, height = cells * self.width, self.height
        tile = Image.new("RGB", size, behind)
        draw = ImageDraw.Draw(tile)
        if boxes := blocks(text):
            for left, top, right, bottom in boxes:
                corners = round(left * width), round(top * height), round(right * width), round(bottom * height)
                draw.rectangle((corners[0], corners[1], corners[2] - 1, corners[3] - 1), fill=fill)
        elif text in SHADES:
            part = SHADES[text]
            mixed = [round(one * part + other * (1 - part)) for one, other in zip(fill, behind, strict=True)]
            draw.rectangle((0, 0, width, height), fill=tuple(mixed))
        elif (arms := lines(text)) is not None:
            _draw_lines(tile, draw, arms, fill)
        elif text.strip():
            self._write(tile, draw, cell, fill)
        if style.underline:
            draw.line((0, height - 2, width, height - 2), fill=fill)
        if style.strike:
            draw.line((0, height // 2, width, height // 2), fill=fill)
        return tile

    def _write(self, tile: Image, draw: ImageDraw, cell: Cell, fill: tuple[int, int, int]) -> None:
        """Typeset a character into the middle of its cells."""
        face = self._family.face(cell.text, bold=cell.style.bold, italic=cell.style.italic)
        if face is None:
            self.unknown.add(cell.text)
            draw.rectangle((1, 3, tile.width - 3, tile.height - 4), outline=fill)
        elif face.colour:
            _paste_picture(tile, cell.text[0], face.font)
        else:
            text = cell.text if all(face.has(one) for one in cell.text) else cell.text[0]
            left = round((tile.width - face.font.getlength(text)) / 2) if cell.width > 1 else 0
            draw.text((left, self._base), text, font=face.font, fill=fill, anchor="ls")


def _paste_picture(tile: Image, text: str, font: FreeTypeFont) -> None:
    """Put a coloured picture, shrunk to the cell, onto a tile."""
    from PIL import Image, ImageDraw  # noqa: PLC0415 - an extra

    large = Image.new("RGBA", (160, 160))
    ImageDraw.Draw(large).text((0, 0), text, font=font, embedded_color=True)
    box = large.getbbox()
    if box is None:
        return
    picture = large.crop(box)
    picture.thumbnail((tile.width, tile.height - 2), Image.Resampling.LANCZOS)
    tile.paste(picture, ((tile.width - picture.width) // 2, (tile.height - picture.height) // 2), picture)


def _draw_lines(tile: Image, draw: ImageDraw, arms: Lines, fill: tuple[int, int, int]) -> None:
    """Draw a box line from the middle of the cell to its sides."""
    width, height = tile.size
    x, y = width // 2, height // 2
    if arms.rounded:
        _draw_corner(tile, draw, arms, fill)
        return
    for weight, (left, top, right, bottom) in (
        (arms.left, (0, y, x, y)),
        (arms.right, (x, y, width, y)),
        (arms.up, (x, 0, x, y)),
        (arms.down, (x, y, x, height)),
    ):
        if weight:
            across, down = (0, weight - 1) if top == bottom else (weight - 1, 0)
            draw.rectangle((left, top, right + across, bottom + down), fill=fill)


def _draw_corner(tile: Image, draw: ImageDraw, arms: Lines, fill: tuple[int, int, int]) -> None:
    """Draw a rounded corner: a quarter of a circle, each pixel as full as the line covers it, then straight on."""
    from PIL import Image  # noqa: PLC0415 - an extra

    width, height = tile.size
    x, y = width // 2, height // 2
    across, down = 1 if arms.right else -1, 1 if arms.down else -1
    radius = width // 2
    centre_x, centre_y = x + 0.5 + across * radius, y + 0.5 + down * radius
    mask = Image.new("L", tile.size)
    for row in range(height):
        for column in range(width):
            away_x, away_y = (centre_x - column - 0.5) * across, (centre_y - row - 0.5) * down
            if away_x >= 0 and away_y >= 0:
                near = 1 - abs(hypot(away_x, away_y) - radius)
                mask.putpixel((column, row), max(0, round(255 * near)))
    tile.paste(fill, (0, 0, width, height), mask)
    if arms.down:
        draw.line((x, y + radius + 1, x, height), fill=fill)
    else:
        draw.line((x, 0, x, y - radius - 1), fill=fill)
