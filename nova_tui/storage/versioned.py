"""What every provider with revisions does alike: compare with what is stored, then refuse or write the difference."""

from __future__ import annotations

import dataclasses
from abc import abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from nova_tui.domain.changes import describe, moves_time
from nova_tui.domain.difference import Difference, Patch, compare
from nova_tui.domain.errors import (
    DialogError,
    InvalidSession,
    RevisionNotFound,
    SessionConflict,
    SessionDamaged,
    SessionInTrash,
    SessionNotFound,
    StorageError,
    StoreReadOnly,
)
from nova_tui.domain.ids import is_session_id
from nova_tui.domain.merging import merge
from nova_tui.domain.revision import Revision
from nova_tui.domain.session import Session
from nova_tui.domain.summary import import_format
from nova_tui.domain.times import later, now
from nova_tui.storage.history import Record, redone_by, undone_by
from nova_tui.storage.provider import SessionStorageProvider
from nova_tui.storage.remains import Remains

BATCH_ROWS: Final = 20_000
"""Rows that a bulk save writes in one transaction."""
BATCH_SESSIONS: Final = 2_000
"""Sessions that a bulk save writes in one transaction."""


@dataclass(frozen=True, slots=True)
class Head:
    """What a store knows of a session without reading its rows."""

    id: str
    user_id: str
    revision: int
    deleted: bool = False
    """Whether the session is in the trash."""
    damaged: str | None = None
    """Why what is stored cannot be read, where that is known already."""


class VersionedStore(SessionStorageProvider):
    """A provider that keeps revisions; subclasses read and write, this class decides."""

    # -- what a subclass gives ---------------------------------------------------------------------------------------

    @abstractmethod
    def _writing(self) -> AbstractContextManager[object]:
        """Return a context in which nobody else writes; leaving it makes all changes durable, or none."""

    def _writing_many(self, rows: int) -> AbstractContextManager[object]:  # noqa: ARG002  for those who can use it
        """Return a context for writing several sessions with so many rows."""
        return self._writing()

    @abstractmethod
    def _reading(self) -> AbstractContextManager[object]:
        """Return a context in which everything that is read belongs together."""

    @abstractmethod
    def _head(self, session_id: str) -> Head | None:
        """Return what is known of a session, one in the trash too; None where there is none."""

    @abstractmethod
    def _content(self, head: Head) -> Session:
        """Return the stored session; raise SessionDamaged."""

    @abstractmethod
    def _records(self, head: Head, newest: int, oldest: int) -> Iterator[Record]:
        """Yield revisions, newest first, from one number down to another."""

    @abstractmethod
    def _back(self, head: Head, number: int) -> Patch:
        """Return the way from a revision to the one before it; raise SessionDamaged."""

    @abstractmethod
    def _insert(self, session: Session, record: Record) -> None:
        """Store a session that was not there, with its first revision."""

    @abstractmethod
    def _update(self, head: Head, session: Session, difference: Difference, record: Record) -> None:
        """Store what changed since `head`, and the revision."""

    def _mark(self, head: Head, record: Record, reason: str) -> None:  # noqa: ARG002  for those who can do it
        """Move a damaged session into the trash or out of it as it is: nothing of its content is read or written."""
        raise SessionDamaged(head.id, reason)

    @abstractmethod
    def _purge(self, head: Head) -> None:
        """Take a session and its history out for ever."""

    # -- the callbacks -----------------------------------------------------------------------------------------------

    def save(self, session: Session, note: str | None = None) -> Session:
        """Store the session as a new revision and return it; see the contract."""
        self._check_writable()
        with self._writing():
            return self._save(session, note)

    def save_many(self, sessions: Iterable[Session], note: str | None = None) -> Sequence[Session]:
        """Store several sessions, many in one transaction; where one is refused, those before it stay saved."""
        self._check_writable()
        saved: list[Session] = []
        for batch in _batches(sessions):
            refusal: StorageError | None = None
            with self._writing_many(sum(len(session.dialog.rows) for session in batch)):
                for session in batch:
                    try:
                        saved.append(self._save(session, note))
                    except (SessionConflict, InvalidSession) as error:
                        refusal = error
                        break
            if refusal is not None:
                raise refusal
        return saved

    def load(self, session_id: str, revision: int | None = None) -> Session:
        """Return the session, now or as of a revision; raise SessionNotFound, RevisionNotFound or SessionDamaged."""
        with self._reading():
            head = self._found(session_id)
            return self._content(head) if revision is None else self._content_at(head, revision)

    def delete(self, session_id: str) -> None:
        """Move the session to the trash, a damaged one as it is; raise SessionNotFound."""
        self._check_writable()
        with self._writing():
            head = self._found(session_id)
            try:
                content = self._content(head)
            except SessionDamaged as error:
                number = head.revision + 1
                self._mark(head, Record(number, now(), "delete", number, number, deleted=True), error.reason)
            else:
                self._advance(head, content, Difference(), "delete", deleted=True)

    def load_trashed(self, session_id: str) -> Session:
        """Return a session that is in the trash, as it was deleted; raise SessionNotFound or SessionDamaged."""
        with self._reading():
            head = self._found(session_id, trashed=True)
            if not head.deleted:
                raise SessionNotFound(session_id)
            return self._content(head)

    def owner(self, session_id: str) -> str:
        """Return the user whom a session belongs to, one in the trash too; raise SessionNotFound."""
        with self._reading():
            return self._found(session_id, trashed=True).user_id

    # -- history -----------------------------------------------------------------------------------------------------

    def history(self, session_id: str) -> Sequence[Revision]:
        """Return the session's revisions, newest first; raise SessionNotFound."""
        with self._reading():
            head = self._found(session_id, trashed=True)
            return [Revision(found.number, found.at, found.note) for found in self._records(head, head.revision, 1)]

    def undo(self, session_id: str) -> Session:
        """Take the last change back, as a new revision; raise NothingToUndo."""
        self._check_writable()
        with self._writing():
            head = self._found(session_id, trashed=True)
            current = self._record(head, head.revision)
            undone = undone_by(session_id, current, lambda number: self._record(head, number))
            before = self._record(head, undone.number - 1)
            note = f"undo {undone.note}"
            try:
                content = self._content(head)
            except SessionDamaged as error:
                if before.deleted == head.deleted:
                    raise
                record = Record(head.revision + 1, now(), note, before.state, current.tip, before.deleted)
                self._mark(head, record, error.reason)
            else:
                wanted = self._step_back(head, content, undone.number)
                return self._step(head, content, wanted, note, before, current.tip)
        return self._left(session_id)

    def redo(self, session_id: str) -> Session:
        """Make the change again that was taken back last, as a new revision; raise NothingToUndo."""
        self._check_writable()
        with self._writing():
            head = self._found(session_id, trashed=True)
            current = self._record(head, head.revision)
            redone, nearest = redone_by(session_id, current, lambda number: self._record(head, number))
            content = self._content(head)
            wanted = self._walk_back(head, content, nearest)
            return self._step(head, content, wanted, f"redo {redone.note}", redone, current.tip)

    def restore(self, session_id: str, revision: int | None = None) -> Session:
        """Take the session out of the trash, or back to an earlier revision; raise RevisionNotFound."""
        self._check_writable()
        with self._writing():
            head = self._found(session_id, trashed=True)
            if revision is not None:
                return self._restore(head, revision)
            note, number = "restore from the trash", head.revision + 1
            try:
                content = self._content(head)
            except SessionDamaged as error:
                if not head.deleted:
                    raise
                self._mark(head, Record(number, now(), note, number, number), error.reason)
            else:
                return self._advance(head, content, Difference(), note) if head.deleted else content
        return self._left(session_id)

    def purge(self, session_id: str) -> None:
        """Take the session and its history out for ever; raise SessionNotFound."""
        self._check_writable()
        with self._writing():
            self._purge(self._found(session_id, trashed=True))

    # -- deciding ----------------------------------------------------------------------------------------------------

    def _restore(self, head: Head, revision: int) -> Session:
        """Go back to a revision, inside a write; what was damaged stays in the history as far as it can be read."""
        wanted = self._content_at(head, revision)
        remains = self._remains(head)
        content = remains.session
        wanted = dataclasses.replace(wanted, updated_at=_time_after(content, wanted))
        difference = compare(content, wanted)
        if not difference and not head.deleted and not head.damaged:
            return content
        return self._advance(head, wanted, difference, f"restore revision {revision}{remains.note}")

    def _left(self, session_id: str) -> Session:
        """Return what can be read of a damaged session; raise SessionDamaged where that is nothing."""
        with self._reading():
            return self._remains(self._found(session_id, trashed=True)).session

    def _found(self, session_id: str, *, trashed: bool = False) -> Head:
        """Return the head of a stored session, of one in the trash only where that is asked; raise SessionNotFound."""
        head = self._head(session_id) if is_session_id(session_id) else None
        if head is None or (head.deleted and not trashed):
            raise SessionNotFound(session_id)
        return head

    def _save(self, session: Session, note: str | None) -> Session:
        """Compare with what is stored and write the difference, inside a write."""
        head = self._head(session.id)
        if head is None:
            saved = dataclasses.replace(session, revision=1)
            self._insert(saved, Record(1, now(), note or _first_note(session), 1, 1))
            return saved
        stored = self._content(head)
        if head.user_id != session.user_id:
            raise InvalidSession("another user's session has its id")
        if head.deleted:
            raise SessionInTrash(session.id, session.revision)
        difference = compare(stored, session)
        if not difference:
            return stored
        if session.revision != head.revision:
            session = self._merged(head, stored, session)
            difference = compare(stored, session)
            if not difference:
                return stored
        return self._advance(head, session, difference, note or describe(stored, session, difference))

    def _merged(self, head: Head, stored: Session, session: Session) -> Session:
        """Return what is stored with the changes of a save that is based on an earlier revision.

        Raises SessionConflict where both touch the same row, or where it is not known what the save is based on.
        """
        known = session.revision is not None and 1 <= session.revision <= head.revision
        base = self._content_at(head, session.revision) if known and session.revision is not None else None
        merged = merge(base, stored, session) if base is not None else None
        if merged is None:
            raise SessionConflict(session.id, head.revision, session.revision, base=base, theirs=stored, mine=session)
        # my time of change alone is no change: a retry finds all of it stored
        unchanged = dataclasses.replace(merged, updated_at=stored.updated_at)
        return unchanged if unchanged == stored else merged

    def _advance(
        self, head: Head, session: Session, difference: Difference, note: str, *, deleted: bool = False
    ) -> Session:
        """Write a fresh revision."""
        number = head.revision + 1
        saved = dataclasses.replace(session, revision=number)
        self._update(head, saved, difference, Record(number, now(), note, number, number, deleted))
        return saved

    def _step(self, head: Head, content: Session, wanted: Session, note: str, target: Record, tip: int) -> Session:
        """Write a revision that has the content of an earlier one."""
        saved = dataclasses.replace(wanted, updated_at=_time_after(content, wanted), revision=head.revision + 1)
        record = Record(head.revision + 1, now(), note, target.state, tip, target.deleted)
        self._update(head, saved, compare(content, saved), record)
        return saved

    def _record(self, head: Head, number: int) -> Record:
        """Return one revision."""
        for record in self._records(head, number, number):
            return record
        raise RevisionNotFound(head.id, number)

    def _content_at(self, head: Head, revision: int) -> Session:
        """Return the session as of a revision; raise RevisionNotFound."""
        if not 1 <= revision <= head.revision:
            raise RevisionNotFound(head.id, revision)
        remains = self._remains(head)
        try:
            found = self._walk_back(head, remains.session, revision)
        except SessionDamaged as error:
            raise SessionDamaged(head.id, remains.reason or error.reason) from error
        return remains.vouch(found)

    def _walk_back(self, head: Head, session: Session, revision: int) -> Session:
        """Return what the session was at an earlier revision, from what it is now."""
        for number in range(head.revision, revision, -1):
            session = self._step_back(head, session, number)
        return dataclasses.replace(session, revision=revision)

    def _step_back(self, head: Head, session: Session, number: int) -> Session:
        """Return what the session was before a revision; raise SessionDamaged where the history does not fit."""
        try:
            return self._back(head, number).apply(session)
        except (ValueError, DialogError) as error:
            raise SessionDamaged(head.id, f"revision {number} of its history cannot be read ({error})") from error

    def _remains(self, head: Head) -> Remains:
        """Return what is stored, or what can be read of it, or was before the damage; raise SessionDamaged."""
        return Remains(self._content(head))

    def _check_writable(self) -> None:
        """Raise StoreReadOnly where the store was opened for reading only."""
        if self.read_only:
            raise StoreReadOnly(self.place)


def _first_note(session: Session) -> str:
    """Return what made a session that is saved for the first time."""
    return "create" if import_format(session) is None else "import"


def _time_after(content: Session, wanted: Session) -> datetime:
    """Return the time of change of what follows `content`: a later one where rows, title or other data differ."""
    return later(content.updated_at) if moves_time(content, wanted) else content.updated_at


def _batches(sessions: Iterable[Session]) -> Iterator[list[Session]]:
    """Gather sessions into what one transaction writes."""
    batch: list[Session] = []
    rows = 0
    for session in sessions:
        batch.append(session)
        rows += len(session.dialog.rows)
        if rows >= BATCH_ROWS or len(batch) >= BATCH_SESSIONS:
            yield batch
            batch, rows = [], 0
    if batch:
        yield batch
