"""What a list shows of each file, kept beside the history, so that the first list of a process parses next to nothing.

The index is never believed by itself: an entry holds for a file only while its size, times and inode are what they
were, and where the file had changed just before it was read, only while its bytes are the same. What is damaged, or
written for another folder, is no index. Damaged files are not in it: another version may be able to read them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Final

from nova_tui.domain.ids import is_session_id
from nova_tui.domain.summary import SessionSummary
from nova_tui.domain.times import from_microseconds, to_microseconds
from nova_tui.storage.file_reading import Reading
from nova_tui.storage.folder import Folder

INDEX: Final = "index.json"
VERSION: Final = 1
LISTED_AT_LEAST: Final = 32
LISTED_SHARE: Final = 8
"""After a list the index is written when so many files, and one of so many, were read since it was."""
CLOSED_SHARE: Final = 64
"""At the end it is written when one of so many files was."""


class FileIndex:
    """The index of one folder, as it was read or written last."""

    def __init__(self, root: Folder, own: Folder | None, *, writable: bool) -> None:
        self._root = root
        self._own = own
        self._writable = writable
        self._kept: Mapping[str, Reading] | None = None

    def load(self) -> Mapping[str, Reading]:
        """Return what it says of each file the first time, nothing later on."""
        if self._kept is not None:
            return {}
        self._kept = {}
        with suppress(OSError, ValueError, TypeError, KeyError, OverflowError, RecursionError):
            found = self._own.read(INDEX) if self._own else None
            self._kept = _decoded(found[0], self._root.inode()) if found else {}
        return self._kept

    def listed(self, readings: Mapping[str, Reading]) -> None:
        """Write it after a list, where much was read since it was."""
        outdated = self._outdated(readings)
        if outdated >= LISTED_AT_LEAST and outdated * LISTED_SHARE >= len(readings):
            self._write(readings)

    def closed(self, readings: Mapping[str, Reading]) -> None:
        """Write it at the end, where something was read since it was and the others are not too many for that."""
        outdated = self._outdated(readings)
        if outdated and outdated * CLOSED_SHARE >= len(readings):
            self._write(readings)

    def _outdated(self, readings: Mapping[str, Reading]) -> int:
        """Return how many entries differ from what is known by now; none before a list."""
        if self._kept is None or not self._writable:
            return 0
        kept = self._kept
        fresh = sum(_differ(kept.get(one), reading) for one, reading in readings.items() if reading.summary)
        return fresh + sum(session_id not in readings for session_id in kept)

    def _write(self, readings: Mapping[str, Reading]) -> None:
        """Put it in the place of the one before; where that cannot be done there is none, which hurts nobody."""
        self._kept = {one: reading for one, reading in readings.items() if reading.summary is not None}
        if self._own is not None:
            with suppress(OSError):
                self._own.write(INDEX, _encoded(self._kept, self._root.inode()), durable=False)


def _differ(kept: Reading | None, reading: Reading) -> bool:
    """Tell whether an entry is not what is known by now."""
    return kept is not reading and kept != reading


def _encoded(readings: Mapping[str, Reading], inode: int) -> bytes:
    """Return the file: the checksum of what follows, a line break, and the entries."""
    entries = {session_id: _entry(reading) for session_id, reading in readings.items()}
    content = {"version": VERSION, "folder": inode, "sessions": entries}
    body = json.dumps(content, separators=(",", ":")).encode()
    return hashlib.sha256(body).hexdigest().encode() + b"\n" + body


def _decoded(content: bytes, inode: int) -> dict[str, Reading]:
    """Read the file, nothing where it is damaged or of another folder; raise ValueError, TypeError or KeyError."""
    checksum, _, body = content.partition(b"\n")
    if hashlib.sha256(body).hexdigest().encode() != checksum:
        return {}
    found = json.loads(body)
    if (found["version"], found["folder"]) != (VERSION, inode):
        return {}
    return {one: _reading(one, entry) for one, entry in found["sessions"].items() if is_session_id(one)}


def _entry(reading: Reading) -> list[Any]:
    """Return the reading of a sound file as JSON values."""
    found = reading.summary
    assert found is not None
    return [
        reading.signature,
        reading.checksum,
        reading.settled,
        found.user_id,
        found.title,
        to_microseconds(found.created_at),
        to_microseconds(found.updated_at),
        found.rows,
        found.hidden_rows,
        found.tags,
        found.starred,
        found.archived,
        found.source,
    ]


def _reading(session_id: str, entry: list[Any]) -> Reading:
    """Read an entry; raise ValueError or TypeError."""
    (changed, size, inode, noted), checksum, settled, owner, title, created, updated, rows, hidden, tags, *rest = entry
    times = from_microseconds(created), from_microseconds(updated)
    summary = SessionSummary(session_id, owner, title, *times, rows, hidden, tuple(tags), *rest)
    return Reading((changed, size, inode, noted), checksum, owner, summary, None, settled)
