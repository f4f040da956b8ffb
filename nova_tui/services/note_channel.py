"""NoteChannel: by which the notes in a second terminal follow a player: a small file that only its user can read."""

from __future__ import annotations

import json
import os
import stat
import time
import warnings
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import platformdirs

from nova_tui.domain.errors import StoreUnavailable

MAX_FILE: Final = 200_000
"""Bytes of the file; anything larger is none."""


def runtime_folder() -> Path:
    """Return the folder of what lives only as long as programs run."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # another folder is found where the system's is not private
        return platformdirs.user_runtime_path("nova-tui", appauthor=False)


class NoteChannel:
    """One performance of a session: the player writes where it is, the notes read it."""

    def __init__(self, session_id: str, folder: Path | None = None) -> None:
        self._folder = folder or runtime_folder()
        self.path = self._folder / f"play-{session_id}.json"
        """The file."""

    def write(self, facts: Mapping[str, Any] | None) -> None:
        """Put facts there, whole or not at all; None takes the file away. Raises StoreUnavailable."""
        try:
            if facts is None:
                self.path.unlink(missing_ok=True)
                return
            self._make_folder()
            content = json.dumps({**facts, "at": time.time()}).encode()
            beside = self.path.with_suffix(f".{os.getpid()}")
            with suppress(FileNotFoundError):
                beside.unlink()
            number = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0), 0o600)
            with os.fdopen(number, "wb") as file:
                file.write(content)
            beside.replace(self.path)
        except OSError as error:
            raise StoreUnavailable(str(self.path), error.strerror or str(error)) from error

    def _make_folder(self) -> None:
        """Make the folder for its user alone; one that is somebody else's is not used."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = self._folder.lstat()
        for place in (found, self._folder.parent.lstat()):
            if not stat.S_ISDIR(place.st_mode) or (hasattr(os, "getuid") and place.st_uid not in (os.getuid(), 0)):
                raise PermissionError(1, "it is somebody else's folder")
        if found.st_mode & 0o077:
            self._folder.chmod(0o700)

    def read(self) -> dict[str, Any] | None:
        """Return what was put there last, None where nothing is performed."""
        try:
            number = os.open(self.path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
            with os.fdopen(number, "rb") as file:
                found = os.fstat(file.fileno())
                if not stat.S_ISREG(found.st_mode) or (hasattr(os, "getuid") and found.st_uid != os.getuid()):
                    return None
                facts = json.loads(file.read(MAX_FILE))
        except (OSError, ValueError, RecursionError):
            return None
        return facts if isinstance(facts, dict) else None
