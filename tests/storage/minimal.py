"""A provider with the four callbacks and nothing else: what it can do, the base class gives."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from nova_tui import (
    InvalidSession,
    Session,
    SessionConflict,
    SessionNotFound,
    SessionStorageProvider,
    StoreReadOnly,
)


class MinimalStore(SessionStorageProvider):
    """A dictionary behind the four callbacks."""

    place = "minimal"

    def __init__(self) -> None:
        self._sessions: dict[str, Session] = {}

    def save(self, session: Session) -> Session:  # type: ignore[override]
        """Store the session."""
        if self.read_only:
            raise StoreReadOnly(self.place)
        stored = self._sessions.get(session.id)
        if stored is not None and stored.user_id != session.user_id:
            raise InvalidSession("another user's session has its id")
        if stored is not None and stored == session:
            return stored
        if stored is not None and stored.revision != session.revision:
            raise SessionConflict(session.id, stored.revision, session.revision)
        saved = dataclasses.replace(session, revision=1 if stored is None else (stored.revision or 0) + 1)
        self._sessions[session.id] = saved
        return saved

    def load(self, session_id: str) -> Session:  # type: ignore[override]
        """Return the session."""
        if session_id not in self._sessions:
            raise SessionNotFound(session_id)
        return self._sessions[session_id]

    def list(self, user_id: str) -> Sequence[Session]:
        """Return that user's sessions."""
        own = [session for session in self._sessions.values() if session.user_id == user_id]
        return sorted(own, key=lambda session: (-session.updated_at.timestamp(), session.id))

    def delete(self, session_id: str) -> None:
        """Take the session out."""
        if self.read_only:
            raise StoreReadOnly(self.place)
        self.load(session_id)
        del self._sessions[session_id]
