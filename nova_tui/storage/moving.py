"""Moving to another store: sessions are given with all their revisions, and taken over with them."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence

from nova_tui.domain.difference import compare
from nova_tui.domain.errors import InvalidSession, SessionConflict, SessionDamaged, StorageError
from nova_tui.domain.session import Session
from nova_tui.storage.history import Record
from nova_tui.storage.versioned import Head, VersionedStore


class MovingStore(VersionedStore):
    """A store with revisions that can be carried to another one."""

    def past(self, session_id: str) -> Sequence[tuple[Record, Session]]:
        """Return every revision of a session with what it held, the oldest first; see the contract."""
        with self._reading():
            return self._past(self._found(session_id, trashed=True))

    def take_over(self, pasts: Iterable[Sequence[tuple[Record, Session]]]) -> Sequence[int | StorageError]:
        """Store sessions with their revisions; see the contract."""
        self._check_writable()
        outcomes: list[int | StorageError] = []
        with self._writing():
            for past in pasts:
                try:
                    outcomes.append(self._take_over(past))
                except (SessionConflict, InvalidSession, SessionDamaged) as error:
                    outcomes.append(error)
        return outcomes

    def _past(self, head: Head) -> list[tuple[Record, Session]]:
        """Return every revision of a session with what it held, the oldest first."""
        states = [self._content(head)]
        for number in range(head.revision, 1, -1):
            states.append(self._step_back(head, states[-1], number))
        return list(zip(self._records(head, head.revision, 1), states, strict=True))[::-1]

    def _take_over(self, past: Sequence[tuple[Record, Session]]) -> int:
        """Write the revisions of a session that are not here yet, and return how many they are."""
        (_, first), (newest, _) = past[0], past[-1]
        head = self._head(first.id)
        if head is not None and head.user_id != first.user_id:
            raise InvalidSession("another user's session has its id")
        known = self._past(head) if head is not None else []
        if any(one != other for one, other in zip(known, past, strict=False)):
            raise SessionConflict(first.id, len(known), newest.number)
        before = known[-1][1] if known else first
        for record, state in past[len(known) :]:
            session = dataclasses.replace(state, revision=record.number)
            if head is None:
                self._insert(session, record)
            else:
                self._update(head, session, compare(before, session), record)
            head, before = self._head(session.id), session
        return max(0, len(past) - len(known))
