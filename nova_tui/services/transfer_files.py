"""Finding and opening the files of an import: regular files only, folders in sorted order, archives of single files."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import BinaryIO, Final, cast

from nova_tui.domain.errors import FormatError
from nova_tui.formats.source import WHOLE, Source

STDIN: Final = "-"
_FLAGS: Final = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NOCTTY", 0)
_PACKED: Final = (".json", ".jsonl", ".ndjson", ".yaml", ".yml", ".txt", ".md")
COMPANIONS: Final = frozenset(
    {
        "user.json",
        "users.json",
        "user_settings.json",
        "message_feedback.json",
        "model_comparisons.json",
        "shared_conversations.json",
        "group_chats.json",
        "shopping.json",
        "sora.json",
        "projects.json",
        "memories.json",
        "chat.html",
        "conversation_asset_file_names.json",
        "library_files.json",
    }
)
"""Files of data exports that hold no conversations (some hold addresses and numbers): passed over in folders."""


@dataclass(frozen=True, slots=True)
class FoundFile:
    """One file to import."""

    path: str
    """As a person would name it."""
    size: int = 0
    passed_over: bool = False
    """Whether it is only named, because it belongs to a data export and holds no conversation."""


def found_files(paths: Iterable[str]) -> list[FoundFile]:
    """Return the files that the paths name: themselves, and what is in folders, sorted; dot-files are not looked at."""
    found = []
    for path in paths:
        if path != STDIN and Path(path).is_dir():
            found += [FoundFile(name, _size(name), Path(name).name in COMPANIONS) for name in sorted(_walk(path))]
        else:
            found.append(FoundFile(path, 0 if path == STDIN else _size(path)))
    return found


def _walk(folder: str) -> Iterator[str]:
    """Yield the paths of what is not a folder; links to folders are not followed."""
    for place, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        yield from (str(Path(place) / name) for name in names if not name.startswith("."))


def _size(path: str) -> int:
    """Return the size of a file, 0 where it cannot be told."""
    try:
        found = Path(path).stat()
    except (OSError, ValueError):
        return 0
    return found.st_size if stat.S_ISREG(found.st_mode) else 0


def stamps(paths: Iterable[str]) -> dict[str, tuple[int, int]]:
    """Return when each file that the paths name was last changed, and its size, to see what changes."""
    found = {}
    for file in found_files(paths):
        with suppress(OSError, ValueError):
            if not file.passed_over:
                state = Path(file.path).stat()
                found[file.path] = (state.st_mtime_ns, state.st_size)
    return found


@contextmanager
def opened(path: str, stdin: BinaryIO | None = None) -> Iterator[Source]:
    """Open a file for an importer; raise FormatError for what is no regular file or cannot be opened."""
    if path == STDIN:
        with SpooledTemporaryFile(WHOLE) as kept:
            if stdin is not None:
                shutil.copyfileobj(stdin, kept, 1 << 20)
            yield Source(name="standard input", stream=cast("BinaryIO", kept))
        return
    try:
        descriptor = os.open(path, _FLAGS)
    except (OSError, ValueError) as error:
        raise FormatError(f"it cannot be opened: {getattr(error, 'strerror', None) or error}") from error
    with os.fdopen(descriptor, "rb") as file:
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode):
            raise FormatError("it is not a regular file")
        yield Source(name=Path(path).name, modified=_modified(found.st_mtime), stream=file)


def _modified(seconds: float) -> datetime | None:
    """Return the time of the last change, None where the file system's is unusable."""
    try:
        time = datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, ValueError, OSError):
        return None
    return time if time.year > 1970 else None


def packed(source: Source) -> Iterator[tuple[str, Source | FormatError]]:
    """Yield the single files of an archive that is no data export: the name inside, and the file or why not."""
    for name in source.archive.names:
        base = name.rpartition("/")[2]
        if not base.endswith(_PACKED) or base.startswith(".") or base in COMPANIONS:
            continue
        try:
            size = source.archive.size(name)
            if size > WHOLE:
                pieces = partial(source.archive.chunks, name)
                yield name, Source(name=base, modified=source.modified, unpacked=pieces, size=size)
            else:
                yield name, Source(source.archive.read(name), base, modified=source.modified)
        except FormatError as error:
            yield name, FormatError(error.reason)
