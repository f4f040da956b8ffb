"""Sessions in memory: the reference for every other provider, and the test double."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from threading import RLock

from nova_tui.domain.difference import Difference
from nova_tui.domain.session import Session
from nova_tui.domain.times import to_microseconds
from nova_tui.storage.provider import SessionStorageProvider
from nova_tui.storage.versioned import Head, VersionedStore


class MemoryStore(VersionedStore):
    """A dictionary of sessions that several threads may use; it ends with the process."""

    capabilities = frozenset({"users"})

    def __init__(self, *, read_only: bool = False) -> None:
        self.place = "memory (not kept)"
        self.read_only = read_only
        self._lock = RLock()
        self._sessions: dict[str, Session] = {}

    def list(self, user_id: str) -> Sequence[Session]:
        """Return that user's sessions, newest change first."""
        with self._lock:
            own = [session for session in self._sessions.values() if session.user_id == user_id]
        return sorted(own, key=lambda session: (-to_microseconds(session.updated_at), session.id))

    def users(self) -> Sequence[str]:
        """Return the users who own sessions here."""
        with self._lock:
            return sorted({session.user_id for session in self._sessions.values()})

    def reader(self) -> SessionStorageProvider:
        """Return this provider itself: any thread may use it."""
        return self

    def _writing(self) -> AbstractContextManager[object]:
        return self._lock

    def _reading(self) -> AbstractContextManager[object]:
        return self._lock

    def _head(self, session_id: str) -> Head | None:
        session = self._sessions.get(session_id)
        return None if session is None else Head(session.id, session.user_id, session.revision or 0)

    def _content(self, head: Head) -> Session:
        return self._sessions[head.id]

    def _insert(self, session: Session) -> None:
        self._sessions[session.id] = session

    def _update(self, head: Head, session: Session, difference: Difference) -> None:  # noqa: ARG002
        self._sessions[head.id] = session

    def _delete(self, head: Head) -> None:
        del self._sessions[head.id]
