"""Frames and their files: what is in them, and that equal input gives equal bytes."""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import subprocess
import sys
import unicodedata
import xml.etree.ElementTree as ET
from collections.abc import Callable
from typing import Any

import pyte
import pytest

from nova_tui.services.recording import cast, svg, text
from nova_tui.services.recording.recording import Recording, Reel, Style, cells_of, plain_row, text_of
from tests.services.recording.recordings import COLUMNS, LINES, recording

CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def pictures() -> Any:
    """Return the module of pictures, where Pillow is there."""
    pytest.importorskip("PIL", reason="pictures need the extra gif")
    pytest.importorskip("fontpkg_jetbrains_mono", reason="pictures need the extra gif")
    from nova_tui.services.recording import pictures as module

    return module


ENCODERS: dict[str, Callable[[Recording], bytes]] = {
    "cast 2": cast.encode,
    "cast 3": lambda recording: cast.encode(recording, 3),
    "text": text.encode,
    "still svg": svg.still,
    "animated svg": svg.animated,
    "png": lambda recording: pictures().png(recording),
    "gif": lambda recording: pictures().gif(recording),
}


def played(data: bytes, until: int | None = None) -> pyte.Screen:
    """Return a terminal that got the output of a cast, until a moment."""
    header, *events = (json.loads(line) for line in data.decode().splitlines())
    size = header if header["version"] == 2 else {"width": header["term"]["cols"], "height": header["term"]["rows"]}
    screen = pyte.Screen(size["width"], size["height"])
    stream = pyte.Stream(screen)
    now = 0
    for time, code, data_ in events:
        at = round(time * 1000)
        now = at if header["version"] == 2 else now + at
        if until is not None and now > until:
            break
        if code == "o":
            stream.feed(data_)
    return screen


def assert_shows(terminal: pyte.Screen, recording: Recording, at: int) -> None:
    """Hold a terminal against the recording's own screen, cell by cell."""
    for number, row in enumerate(recording.screen_at(at)):
        x = 0
        for cell in cells_of(row):
            there = terminal.buffer[number][x]
            # pyte joins a letter and its marks
            assert there.data[:1] == unicodedata.normalize("NFC", cell.text)[:1], (number, x)
            assert there.bold == cell.style.bold
            if cell.style.fg is not None:
                assert there.fg == f"{cell.style.fg:06x}"
            x += cell.width


@pytest.mark.parametrize("version", [2, 3])
def test_a_cast_played_in_a_terminal_shows_the_screens(version: int) -> None:
    made = recording()
    data = cast.encode(made, version)
    for at in [*(mark.at for mark in made.marks), *(frame.at for frame in made.frames), made.length]:
        assert_shows(played(data, at), made, at)


@pytest.mark.parametrize("version", [2, 3])
def test_a_cast_has_chapters_and_keys(version: int) -> None:
    header, *events = (json.loads(line) for line in cast.encode(recording(), version).decode().splitlines())
    assert header["version"] == version
    codes = [(code, data) for _, code, data in events if code in "mix"]
    assert codes[:3] == [("m", "First \u241b[2J chapter"), ("i", "x"), ("m", "Second")]
    assert codes[3:] == ([("x", "0")] if version == 3 else [])
    times = [time for time, *_ in events]
    assert times == sorted(times) if version == 2 else round(sum(times), 3) == 3.0


def test_a_cast_leaves_the_terminal_in_order() -> None:
    last = json.loads(cast.encode(recording()).decode().splitlines()[-1])
    assert last == [3.0, "o", f"\x1b[{LINES};1H\x1b[0m\x1b[?7h\x1b[?25h"]


@pytest.mark.parametrize("name", ENCODERS)
def test_equal_recordings_are_equal_files(name: str) -> None:
    assert ENCODERS[name](recording()) == ENCODERS[name](recording())
    assert ENCODERS[name](recording()) != ENCODERS[name](recording(11)) or name in ("still svg", "png")


def test_another_process_with_other_hashes_makes_the_same_files() -> None:
    pictures()
    program = (
        "import hashlib\nfrom tests.services.recording.test_recording import ENCODERS, recording\n"
        "for name in ENCODERS: print(hashlib.sha256(ENCODERS[name](recording())).hexdigest())"
    )
    runs = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": seed, "TZ": zone},
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for seed, zone in (("1", "UTC"), ("77", "Asia/Tokyo"))
    }
    assert len(runs) == 1
    assert runs.pop().split() == [hashlib.sha256(encode(recording())).hexdigest() for encode in ENCODERS.values()]


@pytest.mark.parametrize("name", ["cast 2", "cast 3", "text", "still svg", "animated svg"])
def test_no_file_holds_a_foreign_control(name: str) -> None:
    shown = ENCODERS[name](recording()).decode()
    assert "\x1b" not in shown
    assert CONTROL.findall(shown) == []


def test_text_shows_every_chapter_and_the_end() -> None:
    shown = text.encode(recording()).decode()
    assert re.findall(r"^--- (.*)$", shown, re.MULTILINE) == [
        "00:00.000 First \u241b[2J chapter", "00:00.700 Second", "00:03.000 end"
    ]  # fmt: skip
    assert shown.count("step xxxxx ") == 1, "the first chapter ends with its fifth step"


@pytest.mark.parametrize("encode", [svg.still, svg.animated])
def test_a_drawing_is_xml_without_script_font_or_address(encode: Callable[[Recording], bytes]) -> None:
    data = encode(recording())
    root = ET.fromstring(data)
    tags = {element.tag.rpartition("}")[2] for element in root.iter()}
    assert tags <= {"svg", "title", "style", "rect", "g", "text", "path", "defs", "use"}
    assert re.findall(rb"url\(|@import|@font-face|https?:(?!//www\.w3\.org/2000/svg)|javascript|on\w+=", data) == []
    assert "step" in "".join(root.itertext())


def test_a_still_shows_the_moment() -> None:
    made = recording()
    assert b"xxxxxxxxxxx" in svg.still(made)
    assert b">step x<" in svg.still(made, 135)
    assert b"xx" not in svg.still(made, 135)


def test_an_animation_shows_its_end_where_motion_is_not_wanted() -> None:
    shown = svg.animated(recording()).decode()
    assert "@media (prefers-reduced-motion:reduce){.f{animation:none!important;visibility:visible}}" in shown
    assert shown.count("@keyframes") == len(recording().sampled(svg.STEP).frames) - 1


def test_a_picture_has_the_size_of_its_cells() -> None:
    image = pytest.importorskip("PIL.Image", reason="pictures need the extra gif")
    still = image.open(io.BytesIO(pictures().png(recording())))
    assert still.size == (COLUMNS * 10, LINES * 20)
    assert still.getpixel((0, LINES * 20 - 1)) == (0x12, 0x12, 0x12)


def test_the_frames_of_a_gif_are_the_pictures() -> None:
    image = pytest.importorskip("PIL.Image", reason="pictures need the extra gif")
    chops = pytest.importorskip("PIL.ImageChops")
    made = recording()
    moving = image.open(io.BytesIO(pictures().gif(made)))
    sampled = made.sampled(50)
    assert moving.size == (COLUMNS * 10, LINES * 20)
    assert moving.n_frames == len(sampled.frames)
    durations = []
    for number, frame in enumerate(sampled.frames):
        moving.seek(number)
        durations.append(moving.info["duration"])
        still = image.open(io.BytesIO(pictures().png(made, frame.at + 25)))
        worst = max(high for _, high in chops.difference(moving.convert("RGB"), still.convert("RGB")).getextrema())
        assert worst < 48, number  # letters have fewer shades
    assert sum(durations) == made.length


def test_a_wide_character_fills_its_two_cells_and_moves_nothing() -> None:
    image = pytest.importorskip("PIL.Image", reason="pictures need the extra gif")
    reel = Reel(12, 1)
    wide = recording().screen_at(0)[1][1]
    assert wide.width == 2
    reel.show(0, [(0, (*plain_row("ab", 2), wide, *plain_row("│", 8, Style(0xFFFFFF))))])
    picture = image.open(io.BytesIO(pictures().png(reel.finished(100))))
    assert [picture.getpixel((45, y)) for y in range(20)] == [(255, 255, 255)] * 20, "the line stands in the fifth cell"
    assert max(high for _, high in picture.crop((20, 0, 40, 20)).getextrema()) > 0x80


def test_without_pillow_one_sentence_says_what_to_install() -> None:
    program = (
        "import sys; sys.modules['PIL'] = None\n"
        "from nova_tui.services.recording import pictures\n"
        "from nova_tui import RecordingError\n"
        "from tests.services.recording.recordings import recording\n"
        "try: pictures.png(recording())\nexcept RecordingError as error: print(error)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "pictures need Pillow and a font: pip install 'nova-tui[gif]'\n"


def test_the_last_of_a_moment_counts_and_nothing_is_kept_twice() -> None:
    reel = Reel(4, 1)
    for at, words in ((0, "a"), (0, "b"), (5, "b"), (9, "c")):
        reel.show(at, [(0, plain_row(words, 4))])
    made = reel.finished()
    assert [(frame.at, text_of(frame.rows[0][1])) for frame in made.frames] == [(0, "b"), (9, "c")]
    assert made.length == 9


def test_sampling_keeps_the_last_of_each_step() -> None:
    made = recording().sampled(500)
    assert all(frame.at % 500 == 0 for frame in made.frames)
    assert [text_of(row) for row in made.screen_at(3000)] == [text_of(row) for row in recording().screen_at(3000)]
    assert len(made.frames) < len(recording().frames)


def test_the_asciinema_client_plays_version_2(tmp_path: Any) -> None:
    pytest.importorskip("asciinema", reason="the asciinema client is not installed")
    file = tmp_path / "demo.cast"
    made = recording()
    file.write_bytes(cast.encode(made))
    done = subprocess.run(
        [sys.executable, "-m", "asciinema", "cat", str(file)], capture_output=True, timeout=60, check=True
    )
    terminal = pyte.Screen(COLUMNS, LINES)
    pyte.ByteStream(terminal).feed(done.stdout)
    assert_shows(terminal, made, made.length)
