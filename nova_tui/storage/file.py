"""Sessions in a folder, one YAML file each: for people who read, edit and share them with other tools.

The folder holds `<id>.yaml`; history and trash live in its `.nova-tui/` folder. What a person or another program
writes into a file counts as a revision of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress

from nova_tui.domain.errors import SessionDamaged
from nova_tui.domain.ids import is_session_id
from nova_tui.domain.session import Session
from nova_tui.domain.summary import SessionSummary
from nova_tui.storage.file_reading import SUFFIX, Reading
from nova_tui.storage.file_sessions import FileSessions
from nova_tui.storage.folder import Folder, errors_of
from nova_tui.storage.provider import SessionStorageProvider, page
from nova_tui.storage.session_list import SessionList


class FileStore(FileSessions):
    """A folder of YAML files."""

    capabilities = frozenset({"users", "trash", "revisions"})

    # -- looking -----------------------------------------------------------------------------------------------------

    def list(self, user_id: str) -> Sequence[Session]:
        """Return that user's sessions, newest change first; each is loaded when it is looked at."""
        found = page(self._summaries(user_id), filter=None, sort="updated", after=None, limit=None)
        return SessionList(self, [summary.id for summary in found if summary.damaged is None])

    def summaries(
        self,
        user_id: str,
        *,
        filter: str | None = None,
        sort: str = "updated",
        after: str | None = None,
        limit: int | None = 50,
    ) -> Sequence[SessionSummary]:
        """Return a page of what a list shows; only files that changed are read again."""
        return page(self._summaries(user_id), filter=filter, sort=sort, after=after, limit=limit)

    def trash(self, user_id: str) -> Sequence[SessionSummary]:
        """Return what is in the trash, newest change first; a file that was taken away by hand is among it."""
        present = set(self._ids(self._root))
        with errors_of(self.place):
            logged = {name.removesuffix(".jsonl") for name in self._log.names()} if self._log else set()
        found = []
        for session_id in sorted(logged.union(self._ids(self._bin)) - present):
            with suppress(SessionDamaged):
                head = self._head(session_id) if is_session_id(session_id) else None
                if head is not None and head.deleted and head.user_id == user_id and head.session is not None:
                    found.append(SessionSummary.of(head.session))
        return page(found, filter=None, sort="updated", after=None, limit=None)

    def users(self) -> Sequence[str]:
        """Return the users who own sessions here."""
        return sorted({reading.owner for reading in self._scan().values() if reading.owner})

    def _summaries(self, user_id: str) -> Iterator[SessionSummary]:
        """Yield that user's summaries, and those of damaged files that name no owner."""
        for session_id, reading in self._scan().items():
            if reading.owner in (user_id, None):
                yield reading.summary_for(session_id, user_id)

    def _scan(self) -> dict[str, Reading]:
        """Look at every file, and read those that changed."""
        found = {session_id: self._look(session_id) for session_id in self._ids(self._root)}
        self._readings = {session_id: reading for session_id, reading in found.items() if reading is not None}
        return self._readings

    def _ids(self, folder: Folder | None) -> Iterator[str]:
        """Yield the session ids that name a file in a folder."""
        with errors_of(self.place):
            names = folder.names() if folder else []
        for name in names:
            session_id = name.removesuffix(SUFFIX)
            if session_id != name and is_session_id(session_id):
                yield session_id

    # -- life --------------------------------------------------------------------------------------------------------

    def reader(self) -> SessionStorageProvider:
        """Return a provider of the same folder for another thread."""
        reader = FileStore(self.path, read_only=self.read_only)
        reader.read_only = True
        return reader
