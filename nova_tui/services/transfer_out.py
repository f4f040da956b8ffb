"""Files out: sessions to one file, or one file a session in a folder; a file appears whole or not at all."""

from __future__ import annotations

import os
import re
import tempfile
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Protocol

from nova_tui.domain.errors import FormatError, SessionDamaged, SessionNotFound, StoreUnavailable
from nova_tui.domain.session import Session
from nova_tui.formats.format import Exported, Exporter
from nova_tui.storage.own_files import check_not_database

_NAME_LENGTH: Final = 60
_SHORT_ID: Final = 8


@dataclass(slots=True)
class ExportReceipt:
    """What an export wrote and what it left out."""

    format: str
    sessions: list[Exported] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    """Sessions that could not be read, and why."""
    strict: bool = False

    @property
    def losses(self) -> list[str]:
        """What the format could not hold."""
        return [loss for entry in self.sessions for loss in entry.losses]

    @property
    def failed(self) -> bool:
        """Whether a session could not be read, or, where that is asked for, something was lost."""
        return bool(self.failures) or (self.strict and bool(self.losses))

    def to_mapping(self) -> dict[str, Any]:
        """Return it as JSON values."""
        return {
            "format": self.format,
            "strict": self.strict,
            "failed": self.failed,
            "files": self.files,
            "sessions": [entry.to_mapping() for entry in self.sessions],
            "failures": self.failures,
            "totals": {
                "sessions": len(self.sessions),
                "rows": sum(entry.rows for entry in self.sessions),
                "hidden_left_out": sum(entry.hidden for entry in self.sessions),
                "excluded_left_out": sum(entry.excluded for entry in self.sessions),
                "losses": len(self.losses),
            },
        }


class SessionSource(Protocol):
    """What an export needs of a store."""

    def load(self, session_id: str) -> Session:
        """Return a session; raise SessionNotFound or SessionDamaged."""

    def keeps(self, path: Path) -> bool:
        """Tell whether a path is one of the store's own files."""


class Export:
    """One export: sessions of a store, in a format, with hidden rows or without (None: what the format is used to)."""

    def __init__(
        self,
        store: SessionSource,
        session_ids: Iterable[str],
        exporter: Exporter,
        hidden: bool | None = None,
        strict: bool = False,
        progress: Callable[[int], None] = lambda _done: None,
    ) -> None:
        self._store = store
        self._session_ids = list(session_ids)
        self._exporter = exporter
        self._hidden = exporter.hidden_by_default if hidden is None else hidden
        self._progress = progress
        self.receipt = ExportReceipt(exporter.name, strict=strict)

    def text(self) -> Iterator[str]:
        """Yield the text of one file with all sessions."""
        yield from self._exporter.write(self._sessions(), self._hidden, self.receipt.sessions)

    def to_file(self, path: Path) -> ExportReceipt:
        """Write one file with all sessions, unless strictness forbids it; raise FormatError where it cannot be."""
        self._write(path, self.text())
        return self.receipt

    def to_folder(self, folder: Path) -> ExportReceipt:
        """Write a file a session, named after its title and id, into a folder that is made where it is missing."""
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise FormatError(f"the folder cannot be made: {error.strerror or error}", str(folder)) from error
        for session in self._sessions():
            name = f"{safe_name(session.title)}-{session.id[:_SHORT_ID]}{self._exporter.extension}"
            if str(folder / name) in self.receipt.files:
                name = f"{safe_name(session.title)}-{session.id}{self._exporter.extension}"
            self._write(folder / name, self._exporter.write([session], self._hidden, self.receipt.sessions))
        return self.receipt

    def _sessions(self) -> Iterator[Session]:
        """Yield the sessions; one that cannot be read is named and passed over."""
        for done, session_id in enumerate(self._session_ids, 1):
            try:
                yield self._store.load(session_id)
            except (SessionDamaged, SessionNotFound) as error:
                self.receipt.failures.append(str(error))
            self._progress(done)

    def _write(self, path: Path, chunks: Iterator[str]) -> None:
        """Write a file beside its place and move it there; under strictness only when nothing was lost."""
        before = len(self.receipt.sessions)
        if path.exists() and not path.is_file():
            raise FormatError("it is not a regular file", str(path))
        temporary = None
        try:
            if self._store.keeps(path):
                raise StoreUnavailable(str(path), "it is a file of the store itself")
            check_not_database(path)
            descriptor, temporary = tempfile.mkstemp(prefix=".nova-tui-", dir=path.parent)
            with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
                file.writelines(chunks)
                file.flush()
                os.fsync(file.fileno())
            lost = any(entry.losses for entry in self.receipt.sessions[before:])
            if not (self.receipt.strict and lost):
                Path(temporary).replace(path)
                self.receipt.files.append(str(path))
        except OSError as error:
            raise FormatError(f"it cannot be written: {error.strerror or error}", str(path)) from error
        finally:
            if temporary is not None:
                with suppress(OSError):
                    Path(temporary).unlink()


def safe_name(title: str) -> str:
    """Return a title as a part of a file name: letters, digits and dashes of any script, of bearable length."""
    plain = unicodedata.normalize("NFC", title).lower()
    words = re.sub(r"[\W_]+", "-", plain)[:_NAME_LENGTH].strip("-")
    while len(words.encode("utf-8")) > 2 * _NAME_LENGTH:
        words = words[:-1].strip("-")
    return words or "session"
