"""RecordingDesk: from sessions to a file of a recording, by way of format, path, and the review of secrets."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from pathlib import Path

from textual.app import App

from nova_tui.domain.safe_text import clean_line
from nova_tui.domain.session import Session
from nova_tui.performing.masks import with_masks
from nova_tui.performing.performance import Performance
from nova_tui.services.library import Library
from nova_tui.tui.record_child import RecordChild, Recorded
from nova_tui.tui.screens.choice_screen import ChoiceScreen
from nova_tui.tui.screens.path_question import ask_path
from nova_tui.tui.storage_worker import StorageWorker
from nova_tui.tui.type_ahead import release_keys

KINDS = [
    (".cast", "cast", "asciinema: plays in terminals and on the web"),
    (".gif", "gif", "a moving picture"),
    (".svg", "svg", "a moving picture, sharp at any size"),
    (".html", "html", "a page to read and to play"),
    (".txt", "txt", "what was on the screen, as text"),
    (".png", "png", "the last screen"),
]
"""What can be made: the ending, its name, and what it is."""
SCREENS = 2
"""Screens that are there when nothing is over the main one, whose header tells how far a recording is."""
Review = Callable[[Performance], Awaitable[Performance | None]]
"""Lets a person decide about what looks like a secret; None when they go back."""
Tell = Callable[[str], None]
"""Takes how far it is; empty when it is over."""


class RecordingDesk:
    """Records one thing at a time, in a process of its own."""

    def __init__(
        self, app: App[None], storage: StorageWorker, review: Review, tell: Tell, config: Path | None = None
    ) -> None:
        self._app, self._storage, self._review, self._tell, self._config = app, storage, review, tell, config
        self._child: RecordChild | None = None
        self._over = asyncio.Event()
        self._over.set()

    @property
    def running(self) -> bool:
        """Whether a recording is being made."""
        return not self._over.is_set()

    async def finished(self) -> None:
        """Wait until nothing is being recorded."""
        await self._over.wait()

    def stop(self) -> None:
        """Stop the recording; no file is written then."""
        if self._child is not None:
            self._child.stop()

    async def sessions(self, session_ids: Sequence[str]) -> None:
        """Record sessions of the store, one after the other; call it in a worker."""
        if self._refuse():
            return
        sessions = [await self._storage.read(partial(_load, session_id)) for session_id in session_ids]
        performances = [await asyncio.to_thread(Performance.of, session) for session in sessions]
        await self._record(performances)

    async def performance(self, performance: Performance) -> None:
        """Record what is performed; call it in a worker."""
        if not self._refuse():
            await self._record([performance])

    def _refuse(self) -> bool:
        """Say that there is a recording already."""
        if self.running:
            release_keys(self._app.screen)
            self._app.notify("One recording at a time; the list's X stops the one that is running.", markup=False)
        return self.running

    async def _record(self, performances: Sequence[Performance]) -> None:
        """Ask what is to be asked, and record."""
        if not any(performance.scene.rows for performance in performances):
            release_keys(self._app.screen)
            self._app.notify(f"There is nothing to record: {performances[0].left_out()}", markup=False)
            return
        kind = await self._app.push_screen_wait(ChoiceScreen("Record as", KINDS))
        if kind is None:
            return
        path = await ask_path(self._app, str(Path.cwd() / f"{_stem(performances)}{kind}"))
        if path is None:
            return
        reviewed = []
        for performance in performances:
            looked_at = await self._review(performance)
            if looked_at is None:
                return
            reviewed.append(looked_at)
        if not self._refuse():  # the person may have taken a while
            await self._run(reviewed, path)

    async def _run(self, performances: Sequence[Performance], path: Path) -> None:
        """Let the process record, and say what became of it."""
        options = ["--theme", self._app.theme]
        if self._config is not None:
            options += ["--config", str(self._config)]
        wishes = ["-o", str(path)]
        if len(performances) == 1 and performances[0].script.path:
            wishes += ["--script", performances[0].script.path]
        loop, child = asyncio.get_running_loop(), RecordChild(options, wishes)
        sessions = [with_masks(performance.session, performance.masks) for performance in performances]
        self._child = child
        self._over.clear()
        self._tell("recording…")
        if len(self._app.screen_stack) > SCREENS:
            self._app.notify("Recording… A message tells when it is done.", timeout=3, markup=False)

        def progress(percent: int) -> None:
            loop.call_soon_threadsafe(self._tell, f"recording {percent} %")

        try:
            text = await asyncio.to_thread(_as_text, sessions)
            done = await asyncio.to_thread(child.run, text, progress)
        finally:
            child.stop()
            self._child = None
            self._over.set()
            self._tell("")
        self._report(done)

    def _report(self, done: Recorded) -> None:
        """Say what became of it."""
        words = " ".join(clean_line(line, 300) for line in done.said)
        if done.stopped:
            self._app.notify("The recording was stopped; nothing was written.", markup=False)
        elif done.status:
            told = words.removeprefix("nova-tui: ") or f"The recording failed ({done.status})."
            self._app.notify(clean_line(told, 500), severity="error", timeout=10, markup=False)
        else:
            warned = any(line.startswith("WARNING") for line in done.said)
            told = f"Recorded {clean_line(done.receipt, 400)}. {words}"
            self._app.notify(told, severity="warning" if warned else "information", timeout=10, markup=False)


def _as_text(sessions: Sequence[Session]) -> str:
    """Return sessions as the child reads them."""
    from nova_tui.formats.registry import exporter_named  # noqa: PLC0415  not before there is something to record

    return "".join(exporter_named("nova-jsonl").write(sessions, True, []))


def _stem(performances: Sequence[Performance]) -> str:
    """Return what the file is called: the title as the audience sees it."""
    from nova_tui.services.transfer_out import safe_name  # noqa: PLC0415  as said above

    return safe_name(performances[0].scene.title) if len(performances) == 1 else "sessions"


def _load(session_id: str, library: Library) -> Session:
    """Read a session, on the thread of the store."""
    return library.store.load(session_id)
