"""Small files that remember how the screen was left; they are no part of a store and may be lost without harm."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

MAX_FILE: Final = 100_000
"""Bytes of a state file; anything larger is none of ours."""


def read_mapping(path: Path) -> Mapping[str, Any]:
    """Return what the file holds; a damaged, foreign or missing one is as good as an empty one."""
    try:
        if not path.is_file() or path.stat().st_size > MAX_FILE:
            return {}
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def write_mapping(path: Path, mapping: Mapping[str, Any]) -> None:
    """Write the file, whole or not at all, for its owner only; where that fails the next start begins anew."""
    temporary = None
    with suppress(OSError):
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor, temporary = tempfile.mkstemp(prefix=f".{path.stem[:4]}-", dir=path.parent)
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                json.dump(mapping, file)
            Path(temporary).replace(path)
            temporary = None
        finally:
            if temporary is not None:
                Path(temporary).unlink()
