"""Revisions for as long as the process lives, for a provider that keeps none itself."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable, Sequence
from typing import Any, Final

from nova_tui.domain.changes import describe, moves_time
from nova_tui.domain.difference import compare
from nova_tui.domain.errors import RevisionNotFound, SessionNotFound, StorageError
from nova_tui.domain.revision import Revision
from nova_tui.domain.session import Session
from nova_tui.domain.times import later, now
from nova_tui.storage.history import Record, redone_by, undone_by

FOUND: Final = "found"
"""What the history says of a session that was there before the process began."""

Save = Callable[[Session], Session]
"""The provider's own save."""
Delete = Callable[[str], None]
"""The provider's own delete."""


class Journal:
    """What a provider's sessions were, save by save; unchanged rows are shared, so a revision costs little memory."""

    def __init__(self) -> None:
        self._entries: dict[str, list[tuple[Record, Session]]] = {}

    def note(self, before: Session | None, saved: Session, note: str | None) -> None:
        """Take down a save, unless it changed nothing."""
        entries = self._entries.setdefault(saved.id, [])
        if not entries and before is not None:
            entries.append((Record(1, now(), FOUND, 1, 1), before))
        deleted = bool(entries) and entries[-1][0].deleted
        if entries and entries[-1][1] == saved and not deleted:
            return
        previous = entries[-1][1] if entries else None
        note = note or ("create" if previous is None else describe(previous, saved, compare(previous, saved)))
        self._append(saved, note)

    def note_deletion(self, session: Session) -> None:
        """Take down that a session was deleted."""
        if session.id not in self._entries:
            self._entries[session.id] = [(Record(1, now(), FOUND, 1, 1), session)]
        self._append(session, "delete", deleted=True)

    def history(self, session: Session | None, session_id: str) -> Sequence[Revision]:
        """Return the revisions, newest first; `session` is what is stored now."""
        entries = self._entries.get(session_id)
        if entries is None:
            if session is None:
                raise SessionNotFound(session_id)
            return [Revision(1, session.updated_at, FOUND)]
        return [Revision(record.number, record.at, record.note) for record, _ in reversed(entries)]

    def session_at(self, session: Session, revision: int) -> Session:
        """Return the session as of a revision; raise RevisionNotFound."""
        entries = self._entries.get(session.id, [(Record(1, session.updated_at, FOUND, 1, 1), session)])
        if not 1 <= revision <= len(entries):
            raise RevisionNotFound(session.id, revision)
        return dataclasses.replace(entries[revision - 1][1], revision=revision)

    def undo(self, session_id: str, save: Save, delete: Delete) -> Session:
        """Save the state before the last change; raise NothingToUndo."""
        current = self._current(session_id)
        undone = undone_by(session_id, current, lambda number: self._record(session_id, number))
        target = self._record(session_id, undone.number - 1)
        return self._step(session_id, target, f"undo {undone.note}", current.tip, save, delete)

    def redo(self, session_id: str, save: Save, delete: Delete) -> Session:
        """Save the state that was taken back last; raise NothingToUndo."""
        current = self._current(session_id)
        redone, _ = redone_by(session_id, current, lambda number: self._record(session_id, number))
        return self._step(session_id, redone, f"redo {redone.note}", current.tip, save, delete)

    def last(self, session_id: str) -> tuple[Session, bool]:
        """Return what was taken down last of a session, and whether that was its deletion; raise SessionNotFound."""
        if session_id not in self._entries:
            raise SessionNotFound(session_id)
        record, session = self._entries[session_id][-1]
        return session, record.deleted

    def _step(self, session_id: str, target: Record, note: str, tip: int, save: Save, delete: Delete) -> Session:
        """Save the content of an earlier revision, or delete again what was deleted there."""
        content, deleted = self.last(session_id)
        wanted = self._entries[session_id][target.number - 1][1]
        if target.deleted:
            delete(session_id)
            saved = content
        else:
            at = later(content.updated_at) if moves_time(content, wanted) else content.updated_at
            base = None if deleted else content.revision
            saved = save(dataclasses.replace(wanted, updated_at=at, revision=base))
        self._append(saved, note, state=target.state, tip=tip, deleted=target.deleted)
        return saved

    def _append(
        self, session: Session, note: str, *, deleted: bool = False, state: int | None = None, tip: int | None = None
    ) -> None:
        """Add a revision; it is a state of its own unless `state` names an earlier one."""
        entries = self._entries.setdefault(session.id, [])
        number = len(entries) + 1
        entries.append((Record(number, now(), note, state or number, tip or number, deleted), session))

    def _current(self, session_id: str) -> Record:
        """Return the newest revision; raise SessionNotFound."""
        if session_id not in self._entries:
            raise SessionNotFound(session_id)
        return self._entries[session_id][-1][0]

    def _record(self, session_id: str, number: int) -> Record:
        """Return a revision."""
        return self._entries[session_id][number - 1][0]


def keep_journal(provider: Any) -> None:
    """Let a class of providers note its saves and deletions, where its methods are its own."""
    own = vars(provider)
    if "save" in own:
        provider.save = _noting_save(own["save"])
    if "load" in own:
        provider.load = _noting_load(own["load"])
    if "delete" in own:
        provider.delete = _noting_delete(own["delete"])


def _noting_save(plain: Callable[[Any, Session], Session]) -> Any:
    """Wrap a save."""

    @functools.wraps(plain)
    def save(self: Any, session: Session, note: str | None = None) -> Session:
        try:
            before = self.load(session.id)
        except StorageError:
            before = None
        saved = plain(self, session)
        self.journal.note(before, saved, note)
        return saved

    return save


def _noting_load(plain: Callable[[Any, str], Session]) -> Any:
    """Wrap a load."""

    @functools.wraps(plain)
    def load(self: Any, session_id: str, revision: int | None = None) -> Session:
        session = plain(self, session_id)
        return session if revision is None else self.journal.session_at(session, revision)

    return load


def _noting_delete(plain: Callable[[Any, str], None]) -> Any:
    """Wrap a delete."""

    @functools.wraps(plain)
    def delete(self: Any, session_id: str) -> None:
        session = self.load(session_id)
        plain(self, session_id)
        self.journal.note_deletion(session)

    return delete
