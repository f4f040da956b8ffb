"""ReadingState: how a person likes to read, in every store; kept in a small file beside those of the lists."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from nova_tui.services.state_file import read_mapping, write_mapping

ABSOLUTE: Final = "absolute"
RELATIVE: Final = "relative"
OFF: Final = "off"
TIMES: Final = (ABSOLUTE, RELATIVE, OFF)
"""How the times of rows are told: `09:12`, `2 h ago`, not at all."""
_FILE: Final = "reading.json"


@dataclass(frozen=True, slots=True)
class ReadingState:
    """What is chosen once for all dialogs."""

    times: str = ABSOLUTE
    """One of TIMES."""


def read_reading_state(folder: Path) -> ReadingState:
    """Return what is kept in a folder; what is no value of ours is left at its default."""
    times = read_mapping(folder / _FILE).get("times")
    return ReadingState(times if isinstance(times, str) and times in TIMES else ABSOLUTE)


def write_reading_state(folder: Path, state: ReadingState) -> None:
    """Keep it."""
    write_mapping(folder / _FILE, {"nova_tui_state": 1, "times": state.times})
