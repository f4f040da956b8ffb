"""The history of one session of a file store: a log of JSON lines that is only ever appended to.

The first line holds the whole session, each later one what changed, so that any revision can be rebuilt even when the
session's own file is lost, and the way back, so that a recent one is found from the present. Each line carries the
checksum of the file's bytes after that revision: where the file has another one, a person or another program has
changed it. A line that was cut short by a crash is passed over.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from nova_tui.domain.difference import Patch
from nova_tui.domain.errors import NovaError, SessionDamaged
from nova_tui.domain.native import session_from_mapping, session_to_mapping
from nova_tui.domain.session import Session
from nova_tui.domain.times import from_text, to_text
from nova_tui.storage.folder import Folder
from nova_tui.storage.history import Record
from nova_tui.storage.patches import patch_from_mapping, patch_to_mapping

_UNREADABLE: Final = (NovaError, ValueError, TypeError, KeyError)


@dataclass(frozen=True, slots=True)
class Log:
    """What the log holds: its whole lines, and the last of them read."""

    lines: tuple[bytes, ...]
    last: Mapping[str, Any] | None

    @property
    def length(self) -> int:
        """Bytes of the whole lines; the next line goes behind them."""
        return sum(len(line) + 1 for line in self.lines)


NO_LOG: Final = Log((), None)


def log_name(session_id: str) -> str:
    """Return the name of a session's log."""
    return f"{session_id}.jsonl"


def read_log(folder: Folder | None, session_id: str) -> Log:
    """Return a session's log, empty where there is none; what follows an unreadable last line is left out."""
    found = folder.read(log_name(session_id)) if folder else None
    lines = found[0].split(b"\n")[:-1] if found else []
    while lines:
        last = _line(lines[-1])
        if last is not None:
            return Log(tuple(lines), last)
        lines.pop()
    return NO_LOG


def _line(line: bytes) -> Mapping[str, Any] | None:
    """Return a line as a mapping, None where it is none."""
    try:
        mapping = json.loads(line)
    except ValueError:
        return None
    return mapping if isinstance(mapping, dict) and isinstance(mapping.get("revision"), int) else None


def write_entry(
    folder: Folder,
    log: Log,
    session: Session | str,
    record: Record,
    checksum: str,
    patch: Patch | None,
    back: Patch | None = None,
    *,
    durable: bool = True,
) -> None:
    """Append a revision: what changed and the way back, or the whole session where `patch` is None.

    With a patch the session's id will do.
    """
    entry: dict[str, Any] = {
        "revision": record.number,
        "at": to_text(record.at),
        "note": record.note,
        "state": record.state,
        "tip": record.tip,
        "deleted": record.deleted,
        "sum": checksum,
    }
    if isinstance(session, str):
        session_id = session
        entry["change"] = patch_to_mapping(patch or Patch())
    elif patch is None:
        session_id, entry["session"] = session.id, session_to_mapping(session)
    else:
        session_id, entry["change"] = session.id, patch_to_mapping(patch)
    if back is not None:
        entry["back"] = patch_to_mapping(back)
    line = json.dumps(entry, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
    folder.append(log_name(session_id), line, keep=log.length, durable=durable)


def write_alias(folder: Folder, log: Log, session_id: str, checksum: str) -> None:
    """Note that the last revision is also what another form of the file holds."""
    entry = {**(log.last or {}), "sum": checksum, "same": True}
    for key in ("session", "change", "back"):
        entry.pop(key, None)
    line = json.dumps(entry, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
    folder.append(log_name(session_id), line, keep=log.length, durable=False)


def records_of(log: Log, session_id: str, newest: int, oldest: int) -> Iterator[Record]:
    """Yield revisions, newest first."""
    for entry in _entries(log, newest):
        if entry["revision"] < oldest:
            return
        yield _record(entry, session_id)


def back_of(log: Log, revision: int) -> Patch | None:
    """Return the way from a revision to the one before it, None where the log does not tell it."""
    for entry in _entries(log, revision):
        if entry["revision"] != revision or "back" not in entry:
            return None
        try:
            return patch_from_mapping(entry["back"])
        except _UNREADABLE:
            return None
    return None


def _entries(log: Log, newest: int) -> Iterator[Mapping[str, Any]]:
    """Yield the lines of revisions, newest first; of those behind the first one hardly any is read."""
    # each revision behind it has a line of its own, unless somebody took lines away
    behind = log.last["revision"] - newest if log.last else 0
    at = len(log.lines) - 1 - max(0, behind)
    while at + 1 < len(log.lines) and ((entry := _line(log.lines[at + 1])) is None or entry["revision"] <= newest):
        at += 1
    for index in range(at, -1, -1):
        entry = _line(log.lines[index])
        if entry is not None and "same" not in entry and entry["revision"] <= newest:
            yield entry


def _record(entry: Mapping[str, Any], session_id: str) -> Record:
    """Read the facts of one revision; raise SessionDamaged."""
    try:
        at: datetime = from_text(entry["at"])
        return Record(entry["revision"], at, entry["note"], entry["state"], entry["tip"], entry["deleted"])
    except _UNREADABLE as error:
        raise SessionDamaged(session_id, f"its history cannot be read ({error})") from error


def rebuild(log: Log, session_id: str, revision: int) -> Session:
    """Return the session as of a revision, from the log alone; raise SessionDamaged."""
    session: Session | None = None
    try:
        for line in log.lines:
            entry = json.loads(line)
            if entry["revision"] > revision:
                break
            if "session" in entry:
                session = session_from_mapping(entry["session"])
            elif session is not None and "same" not in entry:
                session = patch_from_mapping(entry["change"]).apply(session)
    except _UNREADABLE as error:
        raise SessionDamaged(session_id, f"its history cannot be read ({error})") from error
    if session is None:
        raise SessionDamaged(session_id, f"its history has no revision {revision}")
    return session
