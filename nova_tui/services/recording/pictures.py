"""PNG and GIF, made of painted cells with Pillow."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Final

from nova_tui.services.recording.raster import Raster, triple
from nova_tui.services.recording.recording import Recording, Style

if TYPE_CHECKING:
    from PIL.Image import Image as Picture

STEP: Final = 50
"""Milliseconds of a frame."""
COLOURS: Final = 256
SHADES_OF_PAIR: Final = 14
"""Mixtures of foreground and background that smooth letters need, at most."""
Unknown = Callable[[set[str]], None]
"""Takes the characters for which no font was found."""


def png(recording: Recording, at: int | None = None, unknown: Unknown | None = None) -> bytes:
    """Return the screen at a moment, by default the last, as a PNG picture."""
    raster = Raster(recording.columns, recording.lines, recording.colours)
    for number, row in enumerate(recording.screen_at(recording.length if at is None else at)):
        raster.paint(number, row)
    _tell(raster, unknown)
    out = io.BytesIO()
    raster.image.save(out, "PNG", optimize=False)
    return out.getvalue()


def gif(recording: Recording, unknown: Unknown | None = None) -> bytes:
    """Return the recording as a GIF that repeats; a frame holds only the lines that changed."""
    raster = Raster(recording.columns, recording.lines, recording.colours)
    from PIL import Image  # noqa: PLC0415 - an extra

    sampled = recording.sampled(STEP)
    palette = _palette(sampled)
    width, height = raster.image.size
    out = [
        b"GIF89a" + _numbers(width, height) + b"\xf7\x00\x00",
        bytes(palette.getpalette() or ()).ljust(3 * COLOURS, b"\x00"),
        b"\x21\xff\x0bNETSCAPE2.0\x03\x01\x00\x00\x00",
    ]
    ends = [frame.at for frame in sampled.frames[1:]] + [max(recording.length, sampled.frames[-1].at + STEP)]
    for frame, end in zip(sampled.frames, ends, strict=True):
        for line, row in frame.rows:
            raster.paint(line, row)
        top, bottom = frame.rows[0][0] * raster.height, (frame.rows[-1][0] + 1) * raster.height
        part = raster.image.crop((0, top, width, bottom)).quantize(palette=palette, dither=Image.Dither.NONE)
        # 0x04: the frame stays below the next one
        out.append(b"\x21\xf9\x04\x04" + _numbers(min(65_535, (end - frame.at) // 10)) + b"\x00\x00")
        out.append(b"\x2c" + _numbers(0, top, width, bottom - top) + b"\x00" + _packed(part))
    _tell(raster, unknown)
    return b"".join([*out, b"\x3b"])


def _tell(raster: Raster, unknown: Unknown | None) -> None:
    """Say which characters have no picture."""
    if unknown is not None and raster.unknown:
        unknown(raster.unknown)


def _numbers(*values: int) -> bytes:
    """Return 16-bit numbers as GIF holds them."""
    return b"".join(value.to_bytes(2, "little") for value in values)


def _palette(recording: Recording) -> Picture:
    """Return a picture with the palette: the colours themselves first, then the mixtures of the commonest pairs."""
    from PIL import Image  # noqa: PLC0415 - an extra

    colours = recording.colours
    used: Counter[Style] = Counter()
    for frame in recording.frames:
        for _, row in frame.rows:
            for run in row:
                used[run.style] += run.width
    solid, pairs = Counter({colours.background: 1}), Counter[tuple[int, int]]()
    for style, count in used.items():
        pair = colours.foreground_of(style), colours.background_of(style)
        solid.update({pair[0]: count, pair[1]: count})
        pairs[pair] += count
    # equal counts keep the order in which the colours came, which is the recording's
    chosen = dict.fromkeys(colour for colour, _ in solid.most_common(COLOURS))
    room = max(2, min(SHADES_OF_PAIR, (COLOURS - len(chosen)) // max(1, len(pairs))))
    for colour in _mixtures([pair for pair, _ in pairs.most_common()], room):
        if len(chosen) >= COLOURS:
            break
        chosen.setdefault(colour)
    palette = Image.new("P", (1, 1))
    palette.putpalette([part for colour in chosen for part in triple(colour)])
    return palette


def _mixtures(pairs: list[tuple[int, int]], count: int) -> Iterator[int]:
    """Yield what lies between the colours of each pair."""
    for one, other in pairs:
        for step in range(1, count + 1):
            mixed = [round(a + (b - a) * step / (count + 1)) for a, b in zip(triple(one), triple(other), strict=True)]
            yield mixed[0] << 16 | mixed[1] << 8 | mixed[2]


def _packed(picture: Picture) -> bytes:
    """Return a picture's pixels as GIF packs them, taken out of a GIF of its own."""
    out = io.BytesIO()
    picture.save(out, "GIF", optimize=False, interlace=0)
    data = out.getvalue()
    at = 13 + (3 << (data[10] & 7) + 1 if data[10] & 0x80 else 0)
    while data[at] == 0x21:  # extensions, each a chain of blocks
        at += 2
        while data[at]:
            at += data[at] + 1
        at += 1
    flags = data[at + 9]
    start = at + 10 + (3 << (flags & 7) + 1 if flags & 0x80 else 0)
    return data[start : data.rindex(b"\x3b")]
