"""What `record --input` reads: the sessions of a file, without a store."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from nova_tui.domain.errors import FormatError

if TYPE_CHECKING:
    from nova_tui.domain.session import Session

STDIN = Path("-")


def sessions_of(path: Path, user_id: str) -> list[Session]:
    """Return all sessions of a file, or of standard input; raise FormatError.

    Rows without a time get the recorder's moment, so that the same file always makes the same recording.
    """
    from nova_tui.formats.format import Reading, read_source
    from nova_tui.formats.registry import detect
    from nova_tui.formats.source import Source
    from nova_tui.tui.recording.textual_clock import MOMENT

    name = "standard input" if path == STDIN else str(path)
    try:
        if path != STDIN and path.exists() and not path.is_file():
            raise FormatError("it is not a regular file", name)
        data = sys.stdin.buffer.read() if path == STDIN else path.read_bytes()
    except OSError as error:
        raise FormatError(error.strerror or str(error), name) from error
    source = Source(data, path.name, modified=MOMENT)
    try:
        return read_source(detect(source), source, Reading(user_id, MOMENT)).sessions
    except FormatError as error:
        raise FormatError(error.reason, name) from error
