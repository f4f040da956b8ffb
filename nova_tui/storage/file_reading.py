"""One session's file: its bytes, and what they hold."""

from __future__ import annotations

import dataclasses
import hashlib
import re
import time
from dataclasses import dataclass
from typing import Final

from nova_tui.domain.errors import InvalidSession, NovaError
from nova_tui.domain.ids import is_session_id
from nova_tui.domain.native import session_from_mapping, session_to_mapping
from nova_tui.domain.session import UNTITLED, Session
from nova_tui.domain.summary import SessionSummary
from nova_tui.domain.times import from_microseconds
from nova_tui.storage.folder import Folder, Signature
from nova_tui.yamlio import read_yaml, write_yaml

SUFFIX: Final = ".yaml"
ASIDE: Final = ".unreadable-"
"""Stands in the name of a copy of a file that could not be read, before it was written anew."""
RACY: Final = 2_000_000_000
"""Nanoseconds in which a file may change twice without its time telling them apart, on the coarsest file systems."""
_OWNER: Final = re.compile(r"^user_id: *([^\s\"'#\[{|>&*!%@`][^#\n]*?) *$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file held when it was last read."""

    signature: Signature
    checksum: str
    owner: str | None
    summary: SessionSummary | None
    damage: str | None
    settled: bool
    """Whether the file was old enough then that an equal signature proves an equal file."""

    def summary_for(self, session_id: str, user_id: str) -> SessionSummary:
        """Return what a list shows; of a damaged file its reason and the time of its last change."""
        if self.summary is not None:
            return self.summary
        changed = from_microseconds(self.signature[0] // 1000)
        return SessionSummary(session_id, user_id, UNTITLED, changed, changed, 0, 0, damaged=self.damage)


def file_name(session_id: str) -> str:
    """Return the name of a session's file."""
    return session_id + SUFFIX


def aside_name(session_id: str, checksum: str) -> str:
    """Return the name under which a file that cannot be read is kept, once for each content."""
    return f"{session_id}{ASIDE}{checksum[:8]}"


def is_aside(name: str, session_id: str) -> bool:
    """Tell whether a name is that of such a copy."""
    return name.startswith(session_id + ASIDE)


def to_bytes(session: Session) -> tuple[bytes, str]:
    """Return the file of a session and its checksum, checked by reading it; raise InvalidSession."""
    content = write_yaml(session_to_mapping(session)).encode()
    if session_from_mapping(read_yaml(content.decode())) != session:
        raise InvalidSession("it cannot be written as YAML without a loss")
    return content, hashlib.sha256(content).hexdigest()


def read_file(folder: Folder, session_id: str, known: Reading | None) -> tuple[Reading | None, Session | None]:
    """Read a session's file, unless it is known and did not change; without a file there is neither.

    The session comes back only where the file was read. Raises OSError where the folder itself cannot be used.
    """
    name = file_name(session_id)
    try:
        if known is not None and known.settled and folder.signature(name) == known.signature:
            return known, None
        looked_at = time.time_ns()
        found = folder.read(name)
    except OSError as error:
        return Reading((0, 0, 0, 0), "", None, None, error.strerror or str(error), settled=False), None
    if found is None:
        return None, None
    content, signature = found
    checksum = hashlib.sha256(content).hexdigest()
    settled = looked_at - max(signature[0], signature[3]) > RACY
    # where a file names no times, its time of change stands in for them
    if known is not None and (known.checksum, known.signature[0]) == (checksum, signature[0]):
        return dataclasses.replace(known, signature=signature, settled=settled), None
    try:
        session = _parse(content, session_id, signature)
    except (NovaError, UnicodeDecodeError) as error:
        return Reading(signature, checksum, _owner(content), None, _reason(error), settled), None
    return Reading(signature, checksum, session.user_id, SessionSummary.of(session), None, settled), session


def named_session(content: bytes) -> str | None:
    """Return the id of the session that a file holds, None where it holds none."""
    try:
        mapping = read_yaml(content.decode("utf-8-sig"))
        found = mapping.get("id") if isinstance(mapping, dict) else None
        return session_from_mapping(mapping).id if isinstance(found, str) and is_session_id(found) else None
    except (NovaError, UnicodeDecodeError):
        return None


def _parse(content: bytes, session_id: str, signature: Signature) -> Session:
    """Return the session of a file; what is missing is filled in the same way each time."""
    mapping = read_yaml(content.decode("utf-8-sig"))
    if not isinstance(mapping, dict):
        raise InvalidSession("it is not a mapping")
    changed = from_microseconds(signature[0] // 1000)
    session = session_from_mapping(mapping, new_id=lambda: session_id, at=changed)
    if session.id != session_id:
        raise InvalidSession(f"its id is {session.id}, which is not its file's name")
    return session


def _owner(content: bytes) -> str | None:
    """Return the owner that a damaged file still names."""
    match = _OWNER.search(content.decode("utf-8", "replace"))
    return match[1] if match else None


def _reason(error: NovaError | UnicodeDecodeError) -> str:
    """Return why a file cannot be read, in a sentence."""
    if isinstance(error, UnicodeDecodeError):
        return f"it is not UTF-8 text (byte {error.start})"
    return error.reason if isinstance(error, InvalidSession) else str(error)
