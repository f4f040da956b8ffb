"""NoteSender: tells the notes in a second terminal where a player is, on a thread of its own."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict

from nova_tui.domain.errors import StoreUnavailable
from nova_tui.services.note_channel import NoteChannel
from nova_tui.tui.screens.player_desk import Prompt


class NoteSender:
    """Writes one prompt after the other; where that cannot be done it says so once, and the play goes on."""

    def __init__(self, session_id: str, failed: Callable[[str], None]) -> None:
        self._channel = NoteChannel(session_id)
        self._failed = failed
        self._working = True
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="notes")

    def tell(self, prompt: Prompt | None) -> None:
        """Write a prompt; None is the end."""
        self._thread.submit(self._write, prompt)
        if prompt is None:
            self._thread.shutdown(wait=False)

    def _write(self, prompt: Prompt | None) -> None:
        """Write on the thread."""
        if not self._working:
            return
        try:
            self._channel.write(None if prompt is None else asdict(prompt))
        except StoreUnavailable as error:
            self._working = False
            self._failed(str(error))
