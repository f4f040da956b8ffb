"""SessionReader: lets work on a thread of its own read sessions one by one, so that nobody waits for all of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from nova_tui.domain.session import Session
from nova_tui.services.library import Library
from nova_tui.tui.storage_worker import StorageWorker

Result = TypeVar("Result")


class ReadingStopped(Exception):
    """The person stopped what was reading."""


class SessionReader:
    """Reads on the store's thread, one session at a time; other reads come between."""

    def __init__(self, storage: StorageWorker) -> None:
        self._storage = storage
        self._loop = asyncio.get_running_loop()
        self.stopped = False
        """Set to stop before the next session."""

    def load(self, session_id: str) -> Session:
        """Return a session; raise SessionNotFound, SessionDamaged or ReadingStopped."""
        if self.stopped:
            raise ReadingStopped
        return self._read(lambda library: library.store.load(session_id))

    def keeps(self, path: Path) -> bool:
        """Tell whether a path is one of the store's own files."""
        return self._read(lambda library: library.store.keeps(path))

    def _read(self, work: Callable[[Library], Result]) -> Result:
        """Wait for the store's thread; never called on the screen's."""
        return asyncio.run_coroutine_threadsafe(self._storage.read(work), self._loop).result()
