"""ImageShelf: pictures as lines of half blocks, made on a thread of their own and kept while they are near."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING, Final

from rich.color import Color
from rich.segment import Segment
from rich.style import Style

from nova_tui.domain.row import Image
from nova_tui.tui.widgets.bounded_cache import BoundedCache

if TYPE_CHECKING:
    from nova_tui.services.half_blocks import Box, Cell, Colour

COLUMNS: Final = 60
"""Cells that a picture is wide at most."""
LINES: Final = 20
"""Lines that it is high at most."""
KEPT: Final = 32
"""Pictures that are kept."""

Lines = Sequence[list[Segment]]


class ImageShelf:
    """Gives pictures that are ready, and makes the others; nothing is ever fetched or read from a path."""

    def __init__(self, arrived: Callable[[Image], object]) -> None:
        self._arrived = arrived
        self._made: BoundedCache[tuple[int, Box, Colour], tuple[Image, Lines]] = BoundedCache(KEPT)
        self._making: set[tuple[int, Box, Colour]] = set()
        self._pool: ThreadPoolExecutor | None = None

    def box(self, image: Image, width: int) -> Box | None:
        """Return the cells that a picture takes in so much room; None where its name is all there is to show.

        This is known before anything is decoded, so that nothing moves when the picture arrives.
        """
        if not image.data or width < 2 or os.environ.get("NO_COLOR"):
            return None
        from nova_tui.services.half_blocks import box_of, can_decode  # noqa: PLC0415  not before there is a picture
        from nova_tui.services.image_size import image_size  # noqa: PLC0415  as said above

        if not can_decode():
            return None
        size = image_size(image)
        return box_of(size, min(COLUMNS, width), LINES) if size is not None else None

    def lines(self, image: Image, box: Box, ground: Colour) -> Lines | None:
        """Return the lines of a picture; None until it is made, empty lines where it cannot be."""
        key = (id(image), box, ground)
        made = self._made.get(key)
        if made is not None and made[0] is image:
            return made[1]
        if key not in self._making:
            self._making.add(key)
            self._pool = self._pool or ThreadPoolExecutor(1, thread_name_prefix="images")
            future = asyncio.get_running_loop().run_in_executor(self._pool, _make, image, box, ground)
            future.add_done_callback(partial(self._done, key, image))
        return None

    def _done(self, key: tuple[int, Box, Colour], image: Image, future: asyncio.Future[Lines]) -> None:
        """Keep a picture and say that it is there."""
        self._making.discard(key)
        if not future.cancelled():
            self._made.put(key, (image, future.result()))
            self._arrived(image)

    def close(self) -> None:
        """Let the thread go."""
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)
            self._pool = None


def _make(image: Image, box: Box, ground: Colour) -> Lines:
    """Decode a picture; one that cannot be decoded is a line that says so, over empty ones."""
    from nova_tui.services.half_blocks import ImageProblem, half_blocks  # noqa: PLC0415  not before there is a picture

    try:
        return segments_of(half_blocks(image.data or b"", box, ground))
    except ImageProblem as problem:
        text = f"▣ {problem}"[: box.columns]
        return [[Segment(text.ljust(box.columns))], *([Segment(" " * box.columns)] for _ in range(box.lines - 1))]


def segments_of(cells: Sequence[Sequence[Cell]]) -> Lines:
    """Return lines of `▀`: its colour is the upper half, its ground the lower; equal neighbours are one segment."""
    styles: dict[Cell, Style] = {}
    lines = []
    for row in cells:
        line: list[Segment] = []
        start = 0
        for end in range(1, len(row) + 1):
            if end == len(row) or row[end] != row[start]:
                cell = row[start]
                if cell not in styles:
                    upper, lower = (Color.from_rgb(*colour) for colour in cell)
                    styles[cell] = Style(color=upper, bgcolor=lower)
                line.append(Segment("▀" * (end - start), styles[cell]))
                start = end
        lines.append(line)
    return lines
