"""SessionChanges: carries out what a person asks for, one change after the other, and remembers how to take it back."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol

from nova_tui.domain.errors import NothingToUndo, RevisionNotFound, SessionConflict, SessionDamaged, SessionNotFound
from nova_tui.domain.outline import SessionOutline
from nova_tui.domain.session import Session
from nova_tui.domain.summary import SessionSummary
from nova_tui.services.editing import Change, UndoLog, make_again, take_back
from nova_tui.services.excerpt import Excerpt
from nova_tui.services.library import Library
from nova_tui.storage.provider import SessionStorageProvider
from nova_tui.tui.storage_worker import StorageWorker

Verb = Callable[[Session], Session]
"""A change of a session, made of the model's verbs."""


class Shown(Protocol):
    """What the screen knows of a session that is to be changed."""

    @property
    def id(self) -> str:
        """The session."""

    @property
    def revision(self) -> int | None:
        """The revision that is shown."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a session, made ready for the screen by the thread that stored it."""

    session: Session
    excerpt: Excerpt
    summary: SessionSummary

    @classmethod
    def of(cls, before: Session | None, session: Session) -> Outcome:
        """Compare a session with what it was before; None where that is not known."""
        excerpt = Excerpt.after(before, session) if before is not None else Excerpt(SessionOutline.of(session), {})
        return cls(session, excerpt, SessionSummary.of(session))


@dataclass(frozen=True, slots=True)
class Step:
    """What undo or redo did: its name in the history, what became of the session (None in the trash), and its id."""

    note: str
    outcome: Outcome | None
    session_id: str

    @property
    def session(self) -> Session | None:
        """The session as it is now, None in the trash."""
        return self.outcome.session if self.outcome is not None else None


class SessionChanges:
    """The person's changes, in the order they were asked for; each is stored before the next begins."""

    def __init__(self, storage: StorageWorker) -> None:
        self._storage = storage
        self.turn = asyncio.Lock()
        """Held by whoever changes sessions."""
        self.log = UndoLog()
        """What undo and redo walk."""
        self._latest: Session | None = None

    def forget_latest(self) -> None:
        """Build upon nothing that was kept in mind: the stored sessions were changed some other way."""
        self._latest = None

    async def create(self) -> Session:
        """Make an empty session."""
        return await self.add(Session.new(self._storage.user_id))

    async def add(self, session: Session) -> Session:
        """Store a session that is not there yet."""
        async with self.turn:
            saved = await self._storage.write(lambda library: library.store.save(session))
            self.log.record(Change(saved.id, created=True))
            return saved

    async def change(self, shown: Shown, verb: Verb, *, anew: bool = False) -> Session:
        """Change the session that is shown and store it; see `carry_out`."""
        return (await self.carry_out(shown, verb, anew=anew)).session

    async def derive(self, shown: Shown, make: Verb, note: str) -> Session:
        """Store a new session that is made of the one that is shown."""

        def work(library: Library) -> Session:
            return library.store.save(make(self._base(library.store, shown)), note)

        async with self.turn:
            saved = await self._storage.write(work)
            self.log.record(Change(saved.id, created=True))
            return saved

    async def merge(self, session_ids: Sequence[str]) -> Session:
        """Store a new session with copies of the rows of sessions, one session behind the other."""

        def work(library: Library) -> Session:
            first, *others = (library.store.load(session_id) for session_id in session_ids)
            merged = first.merged_with(*others)
            return library.store.save(
                merged.with_title(f"{first.title} (merged)", at=merged.created_at),
                f"merge of {len(session_ids)} sessions",
            )

        async with self.turn:
            saved = await self._storage.write(work)
            self.log.record(Change(saved.id, created=True))
            return saved

    async def carry_out(
        self, shown: Shown, verb: Verb, *, anew: bool = False, note: Callable[[], str | None] | None = None
    ) -> Outcome:
        """Change the session that is shown (or what this object made of it meanwhile) and store it, on its thread.

        `note` is asked, once the verb is applied, what the history shall say; else it tells the difference.

        Raises SessionConflict when the store holds a later revision; with `anew` the verb is then applied to that one,
        which is right for verbs that overwrite nothing.
        """

        def work(library: Library) -> tuple[Outcome, bool]:
            before = self._base(library.store, shown)
            after = verb(before)
            if after is before:
                return Outcome.of(before, before), False
            try:
                saved = library.store.save(after, note() if note is not None else None)
            except SessionConflict as error:
                self._latest = None
                if not anew:
                    error.mine = error.mine or after
                    raise
                saved = library.store.save(verb(library.store.load(shown.id)), note() if note is not None else None)
            self._latest = saved
            return Outcome.of(before, saved), True

        async with self.turn:
            outcome, changed = await self._storage.write(work)
            if changed:
                self.log.record(Change(outcome.session.id))
            return outcome

    def _base(self, store: SessionStorageProvider, shown: Shown) -> Session:
        """Return the session that a change begins with: the last one made here, else the one that is shown."""
        latest = self._latest
        if latest is not None and latest.id == shown.id and (latest.revision or 0) >= (shown.revision or 0):
            return latest
        stored = store.load(shown.id)
        if shown.revision is None or stored.revision == shown.revision:
            return stored
        try:
            return store.load(shown.id, shown.revision)
        except RevisionNotFound:
            return stored

    async def delete(self, session_id: str) -> Session:
        """Delete a session and return what it was."""
        async with self.turn:
            session = await self._storage.write(lambda library: library.delete(session_id))
            self.log.record(Change(session.id))
            return session

    async def undo(self, session_id: str | None) -> Step | None:
        """Take back the last change of a session, or the last of all; None when there is none."""
        async with self.turn:
            change = self.log.to_undo(session_id)
            return None if change is None else await self._walk(change, take_back, self.log.undone)

    async def redo(self, session_id: str | None) -> Step | None:
        """Make the change again that was taken back last."""
        async with self.turn:
            change = self.log.to_redo(session_id)
            return None if change is None else await self._walk(change, make_again, self.log.redone)

    async def _walk(
        self,
        change: Change,
        walk: Callable[[SessionStorageProvider, Change], Session | None],
        walked: Callable[[Change], None],
    ) -> Step | None:
        """Walk one step through the history of a session; None where it has no such step."""

        def work(library: Library) -> Step:
            self._latest = before = None
            with suppress(SessionNotFound, SessionDamaged):
                before = library.store.load(change.session_id)
            session = walk(library.store, change)
            outcome = None if session is None else Outcome.of(before, session)
            return Step(library.store.history(change.session_id)[0].note, outcome, change.session_id)

        try:
            step = await self._storage.write(work)
        except NothingToUndo:
            return None
        walked(change)
        return step
