"""Output: from a recording to a file, its kind told by the file's ending; written whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from nova_tui.domain.errors import RecordingError
from nova_tui.services.recording import cast, html, pictures, svg, text
from nova_tui.services.recording.recording import Recording
from nova_tui.storage.own_files import check_not_database

KINDS: Final = (".cast", ".gif", ".svg", ".html", ".txt", ".png")
"""The endings."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """How a file is wanted."""

    cast_version: int = 2
    still: bool = False
    at: int | None = None
    """The moment that a still shows, in milliseconds; None for the end."""


def kind_of(path: Path) -> str:
    """Return the ending of a file; raise RecordingError for one that no recording has."""
    kind = path.suffix.lower()
    if kind not in KINDS:
        raise RecordingError(f"{path}: a recording ends in {', '.join(KINDS[:-1])} or {KINDS[-1]}")
    return kind


def encoded(
    kind: str, recording: Recording, wanted: Wanted, unknown: Callable[[set[str]], None] = lambda _: None
) -> bytes:
    """Return the bytes of a file; characters that no font here has go to `unknown`."""
    if kind == ".cast":
        return cast.encode(recording, wanted.cast_version)
    if kind == ".txt":
        return text.encode(recording)
    if kind == ".html":
        return html.storyboard(recording)
    if kind == ".svg":
        return svg.still(recording, wanted.at) if wanted.still else svg.animated(recording)
    if kind == ".png":
        return pictures.png(recording, wanted.at, unknown)
    return pictures.gif(recording, unknown)


def is_stale(path: Path, data: bytes) -> bool:
    """Tell whether a file is missing or holds something else."""
    try:
        return path.read_bytes() != data
    except FileNotFoundError:
        return True


def write(path: Path, data: bytes) -> None:
    """Write a file beside its place and put it there whole; raise RecordingError."""
    if path.exists() and not path.is_file():
        raise RecordingError(f"{path}: it is not a regular file")
    try:
        check_not_database(path)
        descriptor, temporary = tempfile.mkstemp(prefix=".nova-tui-", dir=path.parent)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)
            mask = os.umask(0)
            os.umask(mask)
            Path(temporary).chmod(0o666 & ~mask)
            Path(temporary).replace(path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise RecordingError(f"{path}: it cannot be written: {error.strerror or error}") from error
