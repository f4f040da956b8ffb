"""Sessions in memory: the reference for every other provider, and the test double."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from threading import RLock

from nova_tui.domain.difference import Difference, Patch
from nova_tui.domain.draft import Draft
from nova_tui.domain.frozen import checked_text
from nova_tui.domain.native import session_to_mapping
from nova_tui.domain.session import Session
from nova_tui.domain.summary import SessionSummary
from nova_tui.domain.times import now, to_microseconds
from nova_tui.storage.history import Record
from nova_tui.storage.moving import MovingStore
from nova_tui.storage.provider import SessionStorageProvider
from nova_tui.storage.versioned import Head


@dataclass
class Kept:
    """A session, its revisions and the ways back from them."""

    session: Session
    records: list[Record] = field(default_factory=list)
    backs: list[Patch] = field(default_factory=list)

    @property
    def deleted(self) -> bool:
        """Whether the session is in the trash."""
        return self.records[-1].deleted


class MemoryStore(MovingStore):
    """A dictionary of sessions that several threads may use; it ends with the process."""

    capabilities = frozenset({"users", "trash", "revisions", "drafts", "backup"})

    def __init__(self, *, read_only: bool = False) -> None:
        self.place = "memory (not kept)"
        self.read_only = read_only
        self._lock = RLock()
        self._kept: dict[str, Kept] = {}
        self._drafts: dict[tuple[str, str], Draft] = {}
        self._changed: list[str] = []
        self._watching = False

    def list(self, user_id: str) -> Sequence[Session]:
        """Return that user's sessions, newest change first."""
        return self._sessions(user_id, deleted=False)

    def trash(self, user_id: str, *, limit: int | None = None) -> Sequence[SessionSummary]:
        """Return what is in the trash, newest change first."""
        return [SessionSummary.of(session) for session in self._sessions(user_id, deleted=True)[:limit]]

    def users(self) -> Sequence[str]:
        """Return the users who own sessions here, in the trash too."""
        with self._lock:
            return sorted({kept.session.user_id for kept in self._kept.values()})

    def changes(self) -> Sequence[str]:
        """Return the ids of sessions that were changed since the last call."""
        with self._lock:
            found = sorted(set(self._changed)) if self._watching else []
            self._changed, self._watching = [], True
        return found

    def put_draft(self, session_id: str, row_id: str, text: str) -> None:
        """Keep unsaved text."""
        self._check_writable()
        with self._lock:
            head = self._found(session_id)
            self._drafts[session_id, row_id] = Draft(
                session_id, row_id, checked_text(text, "draft"), now(), head.revision
            )

    def drafts(self, user_id: str) -> Sequence[Draft]:
        """Return the drafts for that user's sessions, newest first."""
        with self._lock:
            own = {session.id for session in self._sessions(user_id, deleted=False)}
            found = [draft for draft in self._drafts.values() if draft.session_id in own]
        return sorted(found, key=lambda draft: draft.at, reverse=True)

    def drop_draft(self, session_id: str, row_id: str) -> None:
        """Forget a draft."""
        self._check_writable()
        with self._lock:
            self._drafts.pop((session_id, row_id), None)

    def backup(self, path: Path) -> None:
        """Write all sessions, those in the trash too, as YAML into a ZIP file."""
        with self._lock:
            kept = [entry.session for entry in self._kept.values()]
        from nova_tui.storage.zipping import write_zip  # noqa: PLC0415  only a backup needs YAML and ZIP
        from nova_tui.yamlio import write_yaml  # noqa: PLC0415  as said above

        write_zip(path, ((f"{one.id}.yaml", write_yaml(session_to_mapping(one)).encode()) for one in kept))

    def reader(self) -> SessionStorageProvider:
        """Return this provider itself: any thread may use it."""
        return self

    def _sessions(self, user_id: str, *, deleted: bool) -> Sequence[Session]:
        """Return that user's sessions, in the list or in the trash."""
        with self._lock:
            found = [
                kept.session
                for kept in self._kept.values()
                if kept.session.user_id == user_id and kept.deleted == deleted
            ]
        return sorted(found, key=lambda session: (-to_microseconds(session.updated_at), session.id))

    def _writing(self) -> AbstractContextManager[object]:
        return self._lock

    def _reading(self) -> AbstractContextManager[object]:
        return self._lock

    def _head(self, session_id: str) -> Head | None:
        kept = self._kept.get(session_id)
        if kept is None:
            return None
        return Head(session_id, kept.session.user_id, kept.records[-1].number, deleted=kept.deleted)

    def _content(self, head: Head) -> Session:
        return self._kept[head.id].session

    def _records(self, head: Head, newest: int, oldest: int) -> Iterator[Record]:
        yield from reversed(self._kept[head.id].records[oldest - 1 : newest])

    def _back(self, head: Head, number: int) -> Patch:
        return self._kept[head.id].backs[number - 1]

    def _insert(self, session: Session, record: Record) -> None:
        self._kept[session.id] = Kept(session, [record], [Patch()])
        self._changed.append(session.id)

    def _update(self, head: Head, session: Session, difference: Difference, record: Record) -> None:
        kept = self._kept[head.id]
        kept.session = session
        kept.records.append(record)
        kept.backs.append(difference.back)
        self._changed.append(head.id)

    def _purge(self, head: Head) -> None:
        del self._kept[head.id]
        self._drafts = {key: draft for key, draft in self._drafts.items() if key[0] != head.id}
        self._changed.append(head.id)
