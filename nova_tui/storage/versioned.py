"""What every provider with revisions does alike: compare with what is stored, then refuse or write the difference."""

from __future__ import annotations

import dataclasses
from abc import abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Final

from nova_tui.domain.difference import Difference, compare
from nova_tui.domain.errors import InvalidSession, SessionConflict, SessionNotFound, StorageError, StoreReadOnly
from nova_tui.domain.ids import is_session_id
from nova_tui.domain.session import Session
from nova_tui.storage.provider import SessionStorageProvider

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


class VersionedStore(SessionStorageProvider):
    """A provider that keeps a revision number with each session; subclasses read and write, this class decides."""

    # -- what a subclass gives ---------------------------------------------------------------------------------------

    @abstractmethod
    def _writing(self) -> AbstractContextManager[object]:
        """Return a context in which nobody else writes; leaving it makes all changes durable, or none."""

    @abstractmethod
    def _reading(self) -> AbstractContextManager[object]:
        """Return a context in which everything that is read belongs together."""

    @abstractmethod
    def _head(self, session_id: str) -> Head | None:
        """Return what is known of a stored session, None where there is none."""

    @abstractmethod
    def _content(self, head: Head) -> Session:
        """Return the stored session; raise SessionDamaged."""

    @abstractmethod
    def _insert(self, session: Session) -> None:
        """Store a session that was not there."""

    @abstractmethod
    def _update(self, head: Head, session: Session, difference: Difference) -> None:
        """Store what changed since `head`; `session` carries the new revision."""

    @abstractmethod
    def _delete(self, head: Head) -> None:
        """Take a stored session out."""

    # -- the callbacks -----------------------------------------------------------------------------------------------

    def save(self, session: Session) -> Session:
        """Store the session and return it with its revision; see the contract."""
        self._check_writable()
        with self._writing():
            return self._save(session)

    def save_many(self, sessions: Iterable[Session]) -> Sequence[Session]:
        """Store several sessions, many in one transaction; where one is refused, those before it stay saved."""
        self._check_writable()
        saved: list[Session] = []
        for batch in _batches(sessions):
            refusal: StorageError | None = None
            with self._writing():
                for session in batch:
                    try:
                        saved.append(self._save(session))
                    except (SessionConflict, InvalidSession) as error:
                        refusal = error
                        break
            if refusal is not None:
                raise refusal
        return saved

    def load(self, session_id: str) -> Session:
        """Return the session; raise SessionNotFound or SessionDamaged."""
        with self._reading():
            return self._content(self._found(session_id))

    def delete(self, session_id: str) -> None:
        """Take the session out; raise SessionNotFound."""
        self._check_writable()
        with self._writing():
            self._delete(self._found(session_id))

    def owner(self, session_id: str) -> str:
        """Return the user whom a session belongs to; raise SessionNotFound."""
        with self._reading():
            return self._found(session_id).user_id

    # -- deciding ----------------------------------------------------------------------------------------------------

    def _found(self, session_id: str) -> Head:
        """Return the head of a stored session; raise SessionNotFound."""
        head = self._head(session_id) if is_session_id(session_id) else None
        if head is None:
            raise SessionNotFound(session_id)
        return head

    def _save(self, session: Session) -> Session:
        """Compare with what is stored and write the difference, inside a write."""
        head = self._head(session.id)
        if head is None:
            saved = dataclasses.replace(session, revision=1)
            self._insert(saved)
            return saved
        if head.user_id != session.user_id:
            raise InvalidSession("another user's session has its id")
        stored = self._content(head)
        difference = compare(stored, session)
        if not difference:
            return stored
        if session.revision != head.revision:
            raise SessionConflict(session.id, head.revision, session.revision)
        saved = dataclasses.replace(session, revision=head.revision + 1)
        self._update(head, saved, difference)
        return saved

    def _check_writable(self) -> None:
        """Raise StoreReadOnly where the store was opened for reading only."""
        if self.read_only:
            raise StoreReadOnly(self.place)


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
