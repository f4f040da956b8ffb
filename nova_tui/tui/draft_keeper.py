"""DraftKeeper: keeps unsaved text in the store while it is typed, so that nothing is lost with the program."""

from __future__ import annotations

from collections.abc import Sequence

from nova_tui.domain.draft import Draft
from nova_tui.domain.errors import SessionNotFound
from nova_tui.services.library import Library
from nova_tui.tui.storage_worker import StorageWorker

Key = tuple[str, str]
"""Session id and row id; the row id is empty for a new row."""


class DraftKeeper:
    """Gathers what is typed and writes it down when it is told to."""

    def __init__(self, storage: StorageWorker) -> None:
        self._storage = storage
        self._pending: dict[Key, str | None] = {}

    async def load(self) -> Sequence[Draft]:
        """Return the drafts of an earlier run."""
        return await self._storage.read(_load)

    def put(self, session_id: str, row_id: str, text: str | None) -> bool:
        """Take a text, None where there is none any more; True when it is the first since the last `flush`."""
        first = not self._pending
        self._pending[session_id, row_id] = text
        return first

    async def flush(self) -> None:
        """Write down what was typed; a store that cannot keep drafts keeps none."""
        pending, self._pending = self._pending, {}
        if pending:
            await self._storage.write(lambda library: _write(library, pending))


def _keeps_drafts(library: Library) -> bool:
    """Tell whether the store can keep drafts."""
    return "drafts" in library.store.capabilities and not library.store.read_only


def _load(library: Library) -> Sequence[Draft]:
    """Read the user's drafts."""
    return library.store.drafts(library.user_id) if "drafts" in library.store.capabilities else ()


def _write(library: Library, pending: dict[Key, str | None]) -> None:
    """Write drafts and drop those that are done with."""
    if not _keeps_drafts(library):
        return
    for (session_id, row_id), text in pending.items():
        try:
            if text is None:
                library.store.drop_draft(session_id, row_id)
            else:
                library.store.put_draft(session_id, row_id, text)
        except SessionNotFound:
            continue  # the session is gone, and its drafts with it
