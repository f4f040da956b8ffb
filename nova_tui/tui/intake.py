"""Intake: brings sessions into the store from files or from the demo library, with progress and a way to stop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

from nova_tui.services.library import Library
from nova_tui.tui.storage_worker import StorageWorker

if TYPE_CHECKING:
    from nova_tui.services.transfer_receipt import ImportReceipt


class Intake:
    """One import at a time, on the thread that writes."""

    def __init__(self, storage: StorageWorker) -> None:
        self._storage = storage
        self._stop = Event()
        self.running = False

    def stop(self) -> None:
        """Stop after the conversation that is being read; what was saved stays."""
        self._stop.set()

    async def files(self, path: str, progress: Callable[[float], None]) -> ImportReceipt:
        """Import a file, folder or archive; `progress` takes the part that is done, from 0 to 1."""
        loop = asyncio.get_running_loop()

        def tell(done: int, total: int) -> None:
            loop.call_soon_threadsafe(progress, done / total if total else 1.0)

        def work(library: Library) -> ImportReceipt:
            from nova_tui.services.transfer import import_paths  # noqa: PLC0415  not before there is a file to read

            place = str(Path(path).expanduser())
            return import_paths(library.store, library.user_id, [place], progress=tell, cancelled=self._stop.is_set)

        self._stop.clear()
        self.running = True
        try:
            return await self._storage.write(work)
        finally:
            self.running = False

    async def demo_library(self) -> int:
        """Add the demo library's sessions that are not there yet; return how many those were."""
        return await self._storage.write(_add_demo_library)


def _add_demo_library(library: Library) -> int:
    """Save the demo sessions that the store does not have."""
    from nova_tui.services.demo_library import demo_sessions  # noqa: PLC0415  only the few who ask for it need it

    return library.add_missing(demo_sessions(library.user_id))


def told(receipt: ImportReceipt) -> str:
    """Return what an import did, in a sentence or two."""
    from nova_tui.services.transfer_receipt import STATUSES  # noqa: PLC0415

    counts = [f"{receipt.count(status):,} {status}" for status in STATUSES if receipt.count(status)]
    errors = [f"{Path(file.path).name}: {file.error}" for file in receipt.files if file.error]
    more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
    sentence = f"Imported: {', '.join(counts) or 'nothing'}."
    if receipt.cancelled:
        sentence = f"Stopped. {sentence}"
    return f"{sentence} {errors[0]}{more}" if errors else sentence
