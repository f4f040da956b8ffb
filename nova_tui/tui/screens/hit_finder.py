"""HitFinder: looks for what is to be replaced on threads of its own; a search that is not wanted any more is ended."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from time import monotonic
from typing import Final

from nova_tui.domain.errors import PatternError, SessionDamaged, SessionNotFound
from nova_tui.domain.row import Row
from nova_tui.domain.session import Session
from nova_tui.services.replacing import Hit, Search, Wanted
from nova_tui.tui.session_reader import ReadingStopped, SessionReader
from nova_tui.tui.storage_worker import StorageWorker

MOST: Final = 10_000
"""Hits that are shown and replaced at once."""
AROUND: Final = 80
"""Characters kept before and after a hit, to show where it stands."""
TELL: Final = 0.15
"""Seconds between two looks at how far it is."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Where to look: sessions, or rows of the only one."""

    words: str
    """How a person calls it."""
    session_ids: Sequence[str]
    row_ids: Sequence[str] | None = None
    session: Session | None = None
    """The only session, where it was read already."""


@dataclass(frozen=True, slots=True)
class Place:
    """A hit, and what a person is shown of where it is."""

    session_id: str
    hit: Hit
    title: str
    number: int
    """The row, from 1."""
    role: str
    before: str
    after: str


@dataclass(slots=True)
class Found:
    """What was found so far."""

    places: list[Place] = field(default_factory=list)
    done: int = 0
    """Sessions that were looked through."""
    total: int = 0
    more: bool = False
    """Whether there is more than is shown."""
    running: bool = True


class HitFinder:
    """One search at a time; the next one ends the one before it."""

    def __init__(self, storage: StorageWorker) -> None:
        self._storage = storage
        self._turn = asyncio.Lock()
        self._search: Search | None = None
        self._ended = threading.Event()
        self._reader: SessionReader | None = None

    async def find(self, wanted: Wanted, scope: Scope, told: Callable[[Found], object]) -> Found | None:
        """Look for what is wanted; None where another search ended this one. Raises PatternError.

        `told` hears on this thread, now and then, what was found so far.
        """
        self.end()
        async with self._turn:
            self._ended = ended = threading.Event()
            reader = self._reader = SessionReader(self._storage)
            loop = asyncio.get_running_loop()
            search = self._search = self._search or Search(wanted)
            search.wanted = wanted
            found = Found(total=len(scope.session_ids))

            def tell() -> None:
                loop.call_soon_threadsafe(told, found)

            work = asyncio.ensure_future(asyncio.to_thread(_gather, search, scope, reader, found, ended, tell))
            try:
                await asyncio.shield(work)
            except ReadingStopped:
                return None
            except PatternError:
                if ended.is_set():
                    return None
                raise
            except asyncio.CancelledError:
                self.end()
                work.add_done_callback(_let_go)
                await asyncio.wait([work])  # the next search has the process for itself
                raise
            found.running = False
            return None if ended.is_set() else found

    def end(self) -> None:
        """End the search that is running."""
        self._ended.set()
        if self._reader is not None:
            self._reader.stopped = True
        if self._search is not None and self._turn.locked():
            self._search.stop()

    def close(self) -> None:
        """End all; the process goes, too."""
        self.end()
        search, self._search = self._search, None
        if search is not None:
            threading.Thread(target=search.close, daemon=True).start()


def _let_go(work: asyncio.Future[None]) -> None:
    """Look at how a search ended that nobody waits for."""
    if not work.cancelled():
        work.exception()


def _gather(
    search: Search, scope: Scope, reader: SessionReader, found: Found, ended: threading.Event, tell: Callable[[], None]
) -> None:
    """Look through the sessions, one after the other; on a thread."""
    told = monotonic()
    for session_id in scope.session_ids:
        try:
            session = scope.session if scope.session is not None else reader.load(session_id)
        except (SessionDamaged, SessionNotFound):
            found.done += 1
            continue
        for place in _places(search, session, scope.row_ids, ended):
            if len(found.places) >= MOST:
                found.more = True
                return
            found.places.append(place)
        found.done += 1
        if ended.is_set():
            return
        if monotonic() - told > TELL:
            told = monotonic()
            tell()


def _places(search: Search, session: Session, row_ids: Sequence[str] | None, ended: threading.Event) -> Iterator[Place]:
    """Yield the hits of a session with what stands around them."""
    wanted = None if row_ids is None else set(row_ids)
    numbered = {
        row.id: (at, row) for at, row in enumerate(session.dialog.rows, 1) if wanted is None or row.id in wanted
    }

    def rows() -> Iterator[Row]:
        for _, row in numbered.values():
            if ended.is_set():
                return
            yield row

    for hit in search.hits(rows()):
        at, row = numbered[hit.row_id]
        before = row.text[max(0, hit.start - AROUND) : hit.start]
        after = row.text[hit.end : hit.end + AROUND]
        yield Place(session.id, hit, session.title, at, row.role.value, before, after)
