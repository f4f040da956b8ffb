"""StorageWorker: the two threads that speak to the store, so that the screen never waits for it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event, Lock
from typing import TypeVar

from nova_tui.domain.errors import StoreUnavailable
from nova_tui.services.library import Library
from nova_tui.storage.provider import SessionStorageProvider
from nova_tui.storage.upgrading import Upgrade, told

Result = TypeVar("Result")
Work = Callable[[Library], Result]
"""Something to do with a library, on the thread that owns its store."""


class StorageWorker:
    """One thread writes and one reads, each with a provider of its own; a store that knows no second has one thread."""

    def __init__(self, open_provider: Callable[[], SessionStorageProvider], user_id: str) -> None:
        self._open_provider = open_provider
        self.user_id = user_id
        self._writing = ThreadPoolExecutor(1, thread_name_prefix="store-write")
        self._reading = self._writing
        self._writer: Library | None = None
        self._reader: Library | None = None
        self._closing = Event()
        self.upgrading: Callable[[Upgrade], None] = lambda _upgrade: None
        """Called on the screen's thread while a store of an earlier version is upgraded."""
        self._lock = Lock()
        self._searching: object | None = None
        self.pending = 0
        """Writes that were asked for and have not been answered."""

    async def start(self) -> SessionStorageProvider:
        """Open the store; raise StorageError where it cannot be opened."""
        loop = asyncio.get_running_loop()
        store = await loop.run_in_executor(self._writing, self._open, loop)
        self._writer = self._reader = Library(store, self.user_id)
        if await loop.run_in_executor(self._writing, lambda: store.reader() is not None):
            self._reading = ThreadPoolExecutor(1, thread_name_prefix="store-read")
            second = await loop.run_in_executor(self._reading, store.reader)
            self._reader = Library(second or store, self.user_id)
        return store

    def _open(self, loop: asyncio.AbstractEventLoop) -> SessionStorageProvider:
        """Open the store and pass on how far its upgrade is, where it needs one; closing ends that."""
        shown = -1

        def listen(upgrade: Upgrade) -> None:
            nonlocal shown
            if self._closing.is_set():
                raise StoreUnavailable("store", "it was closed before it was upgraded; nothing was changed")
            if shown != (percent := int(upgrade.part * 100)):
                shown = percent
                loop.call_soon_threadsafe(self.upgrading, upgrade)

        with told(listen):
            return self._open_provider()

    def switch_user(self, user_id: str) -> None:
        """Show another user's sessions of the same store from now on; raise StoreUnsupported."""
        writer, reader = self._writer, self._reader
        if writer is None or reader is None:
            raise RuntimeError("the storage worker was not started")
        self._writer = Library(writer.store.bound_to(user_id), user_id)
        self._reader = self._writer if reader is writer else Library(reader.store.bound_to(user_id), user_id)
        self.user_id = user_id

    async def write(self, work: Work[Result]) -> Result:
        """Do something that changes the store; it is done once this returns, even when the caller is cancelled."""
        library = self._writer
        if library is None:
            raise RuntimeError("the storage worker was not started")
        self.pending += 1
        try:
            return await asyncio.shield(
                asyncio.get_running_loop().run_in_executor(self._writing, work, library),
            )
        finally:
            self.pending -= 1

    async def read(self, work: Work[Result]) -> Result:
        """Do something that only looks at the store."""
        library = self._reader
        if library is None:
            raise RuntimeError("the storage worker was not started")
        return await asyncio.get_running_loop().run_in_executor(self._reading, work, library)

    async def search(self, work: Work[Result]) -> Result:
        """Do something that only looks at the store; when the caller is cancelled it ends at once, begun or not."""
        library = self._reader
        if library is None:
            raise RuntimeError("the storage worker was not started")
        token = object()

        def run() -> Result:
            with self._lock:
                self._searching = token
            try:
                return work(library)
            finally:
                with self._lock:
                    self._searching = None

        try:
            return await asyncio.get_running_loop().run_in_executor(self._reading, run)
        except asyncio.CancelledError:
            with self._lock:  # whatever is read next begins after this
                if self._searching is token:
                    library.store.interrupt()
            raise

    async def close(self) -> None:
        """Finish what was asked for, then let go of the store."""
        self._closing.set()
        loop = asyncio.get_running_loop()
        if self._reader is not None and self._reader is not self._writer:
            await loop.run_in_executor(self._reading, self._reader.store.close)
            self._reading.shutdown(wait=False)
        if self._writer is not None:
            await loop.run_in_executor(self._writing, self._writer.store.close)
        self._writing.shutdown(wait=False)
        self._writer = self._reader = None
