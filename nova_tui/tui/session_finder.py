"""SessionFinder: sessions by their titles, for the palette."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial

from nova_tui.domain.safe_text import clean_line
from nova_tui.domain.summary import SessionSummary
from nova_tui.tui.command_palette import Offer
from nova_tui.tui.storage_worker import StorageWorker
from nova_tui.tui.widgets.relative_time import relative_time

MOST = 30
"""Sessions that are offered."""


class SessionFinder:
    """Asks the store, on its own thread, for the sessions whose titles hold what was typed."""

    def __init__(self, storage: StorageWorker, open_session: Callable[[str], object]) -> None:
        self._storage = storage
        self._open_session = open_session

    async def __call__(self, text: str) -> Sequence[Offer]:
        """Return the newest that fit, as offers that open them."""
        found = await self._storage.read(
            lambda library: library.store.summaries(library.user_id, filter=text, limit=MOST)
        )
        now = datetime.now(UTC)
        return [self._offer(summary, now) for summary in found]

    def _offer(self, summary: SessionSummary, now: datetime) -> Offer:
        """Return what opens a session."""
        rows = "1 row" if summary.rows == 1 else f"{summary.rows:,} rows"
        note = f"session · {rows} · {relative_time(summary.updated_at, now)}"
        return Offer(clean_line(summary.title, 200), partial(self._open_session, summary.id), note=note)
