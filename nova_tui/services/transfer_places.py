"""Where programs keep their conversations on this machine, for `import --from`."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final


@dataclass(frozen=True, slots=True)
class Place:
    """A folder of a program: an environment variable that names it, else where it is below the home folder."""

    variable: str
    default: str
    inside: tuple[str, ...]
    """Folders in it that hold conversations."""
    pattern: str


PLACES: Final[dict[str, Place]] = {
    "claude-code": Place("CLAUDE_CONFIG_DIR", ".claude", ("projects",), "*.jsonl"),
    "codex": Place("CODEX_HOME", ".codex", ("sessions", "archived_sessions"), "*.jsonl"),
}
"""Places by the name of the program."""


def files_of(name: str, environment: Mapping[str, str] = os.environ) -> list[str]:
    """Return the files that a program keeps, sorted; none where it keeps nothing."""
    place = PLACES[name]
    root = Path(environment.get(place.variable) or Path.home() / place.default)
    folders = [root / inside for inside in place.inside]
    return sorted(str(file) for folder in folders if folder.is_dir() for file in folder.rglob(place.pattern))
