"""Files that say how something is performed: read with care, and every mistake told with its line."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from nova_tui.domain.errors import ScriptError, YamlError
from nova_tui.domain.safe_text import clean_line
from nova_tui.yamlio import Place, read_yaml_lines

MAX_FILE: Final = 1_000_000
"""Bytes that such a file may have."""


def text_of(path: Path) -> str:
    """Return what is in a file; raise ScriptError."""
    try:
        if path.exists() and not path.is_file():
            raise ScriptError(str(path), "file", "it is not a regular file")
        if path.stat().st_size > MAX_FILE:
            raise ScriptError(str(path), "file", f"it is larger than {MAX_FILE:,} bytes")
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise ScriptError(str(path), "file", error.strerror or str(error)) from error
    except UnicodeDecodeError as error:
        raise ScriptError(str(path), "file", f"it is not UTF-8 text (byte {error.start})") from error


def parsed(text: str, path: str) -> tuple[Any, Mapping[Place, int]]:
    """Return the value of a YAML text and the line of each place in it; raise ScriptError."""
    try:
        return read_yaml_lines(text)
    except YamlError as error:
        raise ScriptError(path, f"line {error.line}" if error.line else "file", error.reason) from error


@dataclass(frozen=True, slots=True)
class FileCheck:
    """Checks the values of one file."""

    path: str
    lines: Mapping[Place, int]

    def error(self, place: Place, reason: str) -> ScriptError:
        """Return the error of a place."""
        line = self.lines.get(place, 0)
        names = [step for step in place if isinstance(step, str)]
        name = f"{clean_line(names[-1], 60)}: " if names else ""
        return ScriptError(self.path, f"line {line}" if line else "file", f"{name}{reason}")

    def top(self, value: Any, keys: Collection[str]) -> dict[str, Any]:
        """Return the mapping that a file is, of no keys but these."""
        if not isinstance(value, dict):
            raise self.error((), "it is not a mapping of keys to values")
        for key in value:
            if key not in keys:
                raise self.error((key,), f"there is no such key; there are {', '.join(keys)}")
        return value
