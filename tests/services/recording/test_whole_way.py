"""From a session's file to every kind of recording, by the command: the same bytes everywhere, and no secrets."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest

from nova_tui import Dialog, FunctionCall, Image, Session
from nova_tui.domain.row import Role, Row
from nova_tui.formats.registry import exporter_named
from nova_tui.performing.masks import Mask, with_masks

PILLOW = pytest.importorskip("PIL.Image", reason="pictures need the extra gif")
pytest.importorskip("fontpkg_jetbrains_mono", reason="pictures need the extra gif")
AT = datetime(2026, 1, 1, 12, tzinfo=UTC)
CANARY = "canary-4711"
GREEN, MAGENTA = (0, 200, 0), (200, 0, 200)
NAMES = ("a.cast", "a.gif", "a.svg", "a.html", "a.txt", "a.png")


def picture(colour: tuple[int, int, int], name: str) -> Image:
    """Return a picture of one colour."""
    file = io.BytesIO()
    PILLOW.new("RGB", (24, 16), colour).save(file, "PNG")
    return Image(data=file.getvalue(), mime="image/png", name=name, alt=CANARY, width=24, height=16)


def session() -> Session:
    """Return a session with everything that is hard: pictures, tool calls, scripts, code, and what must not be seen."""
    cue = {"chapter": f"Look {CANARY}", "caption": f"Caption {CANARY}", "highlight": ["fast"], "note": f"n {CANARY}"}
    call = FunctionCall("look", {"for": CANARY}, {CANARY: 1})
    dialog = (
        Dialog.new()
        .add("system", f"Hidden {CANARY}", timestamp=AT, metadata={"hide_row": True})
        .add("user", f"Is it fast, {CANARY}? 日本 👩‍👩‍👧", timestamp=AT, metadata={"demo": cue})
        .insert(2, Row("A picture", Role.USER, AT, images=(picture(GREEN, CANARY),)))
        .insert(
            3, Row("Not this one", Role.USER, AT, images=(picture(MAGENTA, "secret.png"),), metadata={"hide_row": True})
        )
        .add("assistant", f"Yes.\n\n```python\nprint('{CANARY}')\n```\n\n| a | b |\n|---|---|\n| 1 | 2 |", timestamp=AT)
        .add("assistant", "", timestamp=AT, metadata={"function_calls": [call.to_mapping()]})
    )
    made = Session.new("alice").with_title(f"About {CANARY}").with_dialog(dialog)
    return with_masks(made, [Mask(CANARY)])


@cache
def exported() -> bytes:
    """Return the session's file; it has one set of ids."""
    return "".join(exporter_named("nova-json").write([session()], True, [])).encode()


def made_by(python: str, folder: Path, **environment: str) -> dict[str, bytes]:
    """Let the command make every kind of file in a process of its own."""
    folder.mkdir()
    outputs = [word for name in NAMES for word in ("-o", name)]
    subprocess.run(
        [python, "-m", "nova_tui", "record", "-i", "-", "--size", "60x18", "--speed", "3", *outputs],
        input=exported(),
        cwd=folder,
        env={**os.environ, "HOME": str(folder), **environment},
        capture_output=True,
        check=True,
        timeout=240,
    )
    return {name: (folder / name).read_bytes() for name in NAMES}


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Return the files."""
    return made_by(sys.executable, tmp_path_factory.mktemp("made") / "one", PYTHONHASHSEED="1", TZ="UTC")


def test_other_hashes_another_zone_and_terminal_make_the_same_bytes(files: dict[str, bytes], tmp_path: Path) -> None:
    more = {"PYTHONHASHSEED": "99", "TZ": "Asia/Tokyo", "COLUMNS": "33", "TERM": "dumb", "NO_COLOR": "1", "LANG": "C"}
    again = made_by(sys.executable, tmp_path / "two", **more)
    assert [name for name in NAMES if again[name] != files[name]] == []


def test_another_python_makes_the_same_bytes(files: dict[str, bytes], tmp_path: Path) -> None:
    other = os.environ.get("NOVA_TUI_OTHER_PYTHON")
    if not other:
        pytest.skip("NOVA_TUI_OTHER_PYTHON names no other Python that has nova-tui")
    again = made_by(other, tmp_path / "other", PYTHONHASHSEED="5")
    assert [name for name in NAMES if again[name] != files[name]] == []


def test_what_is_hidden_or_masked_is_in_no_file(files: dict[str, bytes]) -> None:
    for name, data in files.items():
        assert CANARY.encode() not in data, name
        assert b"Not this one" not in data, name
    assert "••••••".encode() in files["a.txt"]


def test_pictures_are_seen_and_hidden_ones_are_not(files: dict[str, bytes]) -> None:
    gif = PILLOW.open(io.BytesIO(files["a.gif"]))
    seen: set[tuple[int, int, int]] = set()
    for number in range(gif.n_frames):
        gif.seek(number)
        frame = gif.convert("RGB")
        seen.update(colour for _, colour in frame.getcolors(1 << 24) or ())
    assert any(_near(colour, GREEN) for colour in seen)
    assert not any(_near(colour, MAGENTA) for colour in seen)
    assert b"38;2;0;200;0" in files["a.cast"]
    for name in ("a.cast", "a.svg", "a.html"):
        assert b"38;2;200;0;200" not in files[name]
        assert b"c800c8" not in files[name].lower()


def _near(colour: tuple[int, ...], wanted: tuple[int, int, int]) -> bool:
    """Tell whether a colour is another, as far as a palette keeps it."""
    return all(abs(one - other) < 24 for one, other in zip(colour, wanted, strict=True))
