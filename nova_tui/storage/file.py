"""Sessions in a folder, one YAML file each: for people who read, edit and share them with other tools.

The folder holds `<id>.yaml`; history and trash live in its `.nova-tui/` folder. What a person or another program
writes into a file counts as a revision of its own.
"""

from __future__ import annotations

import dataclasses
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from nova_tui.domain.difference import Difference, Patch, compare
from nova_tui.domain.errors import SessionDamaged, StoreUnavailable
from nova_tui.domain.ids import is_session_id
from nova_tui.domain.session import Session
from nova_tui.domain.summary import SessionSummary
from nova_tui.domain.times import now
from nova_tui.storage.file_history import (
    NO_LOG,
    Log,
    log_name,
    read_log,
    rebuild,
    records_of,
    write_alias,
    write_entry,
)
from nova_tui.storage.file_reading import SUFFIX, Reading, file_name, read_file, to_bytes
from nova_tui.storage.folder import Folder, errors_of
from nova_tui.storage.history import Record
from nova_tui.storage.provider import SessionStorageProvider, page
from nova_tui.storage.session_list import SessionList
from nova_tui.storage.versioned import Head, VersionedStore

OWN_FOLDER: Final = ".nova-tui"
REMEMBERED: Final = 16
"""Sessions kept as they were last read or written."""


@dataclass(frozen=True, slots=True)
class FileHead(Head):
    """A session's file and its log."""

    session: Session | None = None
    log: Log = NO_LOG


class FileStore(VersionedStore):
    """A folder of YAML files."""

    capabilities = frozenset({"users", "trash", "revisions"})

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        self.path = path
        self.place = str(path)
        self.read_only = read_only
        self._adopts = not read_only
        self._depth = 0
        self._readings: dict[str, Reading] = {}
        self._sessions: OrderedDict[str, Session] = OrderedDict()
        with errors_of(self.place):
            self._root = Folder.open(path, create=not read_only, place=self.place)
            own = self._root.inner(OWN_FOLDER, create=not read_only)
            self._own = own
            self._log = own and own.inner("history", create=not read_only)
            self._bin = own and own.inner("trash", create=not read_only)
            if not read_only:
                self._prepare()

    def _prepare(self) -> None:
        """Take away what a killed program left over, and keep our own folder out of git."""
        with self._writing():
            for folder in (self._root, self._own, self._bin):
                if folder is not None:
                    folder.sweep()
            if self._own is not None and self._own.signature(".gitignore") is None:
                self._own.write(".gitignore", b"*\n")

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

    def _look(self, session_id: str) -> Reading | None:
        """Return what a file holds, read again only where it may have changed; None where there is no file."""
        known = self._readings.get(session_id)
        with errors_of(self.place):
            reading, session = read_file(self._root, session_id, known)
        if reading is None:
            self._readings.pop(session_id, None)
        else:
            self._readings[session_id] = reading
            if session is not None:
                self._keep(reading.checksum, session)
        return reading

    # -- life --------------------------------------------------------------------------------------------------------

    def reader(self) -> SessionStorageProvider:
        """Return a provider of the same folder for another thread."""
        reader = FileStore(self.path, read_only=self.read_only)
        reader.read_only = True
        return reader

    def close(self) -> None:
        """Let go of the folders."""
        for folder in (self._bin, self._log, self._own, self._root):
            if folder is not None:
                folder.close()

    # -- reading and writing -----------------------------------------------------------------------------------------

    @contextmanager
    def _writing(self) -> Iterator[None]:
        with errors_of(self.place):
            if self._depth or self._own is None:
                yield
                return
            with self._own.locked("lock"):
                self._depth = 1
                try:
                    yield
                finally:
                    self._depth = 0

    def _reading(self) -> AbstractContextManager[object]:
        return nullcontext()

    def _head(self, session_id: str) -> FileHead | None:
        reading = self._look(session_id)
        with errors_of(self.place):
            log = read_log(self._log, session_id)
            number = log.last["revision"] if log.last else 0
            if reading is None:
                return self._head_in_trash(session_id, number, log)
        if reading.damage is not None:
            owner = reading.owner or self._logged_owner(session_id, number, log)
            return FileHead(session_id, owner, max(1, number), damaged=reading.damage, log=log)
        session = self._session(session_id, reading)
        if log.last is None or log.last["sum"] != reading.checksum or log.last["deleted"]:
            log = self._adopt(session, reading.checksum, log)
            number = log.last["revision"] if log.last else number + 1
        return FileHead(session_id, session.user_id, number, session=session, log=log)

    def _head_in_trash(self, session_id: str, number: int, log: Log) -> FileHead | None:
        """Return the head of a session that is in the trash, or whose file was taken away by hand."""
        reading, session = read_file(self._bin, session_id, None) if self._bin else (None, None)
        if session is None and log.last is not None:
            session = rebuild(log, session_id, number)
        if session is not None:
            return FileHead(session_id, session.user_id, max(1, number), deleted=True, session=session, log=log)
        if reading is not None:
            owner = reading.owner or ""
            return FileHead(session_id, owner, max(1, number), deleted=True, damaged=reading.damage, log=log)
        return None

    def _logged_owner(self, session_id: str, number: int, log: Log) -> str:
        """Return the owner of a damaged file by its log, nobody where that does not tell."""
        try:
            return rebuild(log, session_id, number).user_id
        except SessionDamaged:
            return ""

    def _session(self, session_id: str, reading: Reading) -> Session:
        """Return the session that a file holds."""
        session = self._sessions.get(reading.checksum)
        if session is None or session.id != session_id:
            with errors_of(self.place):
                again, session = read_file(self._root, session_id, None)
            if session is None:
                raise SessionDamaged(session_id, (again and again.damage) or "its file was taken away")
            self._keep(reading.checksum, session)
        return session

    def _content(self, head: Head) -> Session:
        assert isinstance(head, FileHead)
        if head.session is None:
            raise SessionDamaged(head.id, head.damaged or "it cannot be read")
        return dataclasses.replace(head.session, revision=head.revision)

    def _sound_content(self, head: Head) -> Session:
        assert isinstance(head, FileHead)
        return rebuild(head.log, head.id, head.revision) if head.session is None else self._content(head)

    def _adopt(self, session: Session, checksum: str, log: Log) -> Log:
        """Log what a person or another program wrote into a file as a revision of its own."""
        if not self._adopts or self._log is None:
            return log if log.last is None else Log(log.lines, {**log.last, "revision": log.last["revision"] + 1})
        with self._writing():
            log = read_log(self._log, session.id)
            if log.last is not None and log.last["sum"] == checksum and not log.last["deleted"]:
                return log
            number = log.last["revision"] + 1 if log.last else 1
            patch: Patch | None = None
            if log.last is not None:
                with suppress(SessionDamaged):
                    patch = compare(rebuild(log, session.id, number - 1), session).patch
            if patch == Patch() and log.last is not None and not log.last["deleted"]:
                write_alias(self._log, log, session.id, checksum)
            else:
                record = Record(number, now(), "edit outside" if log.last else "found", number, number)
                write_entry(self._log, log, session, record, checksum, patch, durable=False)
            return read_log(self._log, session.id)

    def _records(self, head: Head, newest: int, oldest: int) -> Iterator[Record]:
        assert isinstance(head, FileHead)
        yield from records_of(head.log, head.id, newest, oldest)

    def _back(self, head: Head, number: int) -> Patch:
        assert isinstance(head, FileHead)
        return compare(rebuild(head.log, head.id, number), rebuild(head.log, head.id, number - 1)).patch

    def _content_at(self, head: Head, revision: int) -> Session:
        assert isinstance(head, FileHead)
        self._record(head, revision)
        return dataclasses.replace(rebuild(head.log, head.id, revision), revision=revision)

    def _insert(self, session: Session, record: Record) -> None:
        self._store(session, record, NO_LOG, None)

    def _update(self, head: Head, session: Session, difference: Difference, record: Record) -> None:
        assert isinstance(head, FileHead)
        if record.deleted and not head.deleted and self._bin is not None:
            self._root.move(file_name(session.id), self._bin)
        if record.deleted:
            self._store(session, record, head.log, difference.patch, self._bin)
        else:
            self._store(session, record, head.log, difference.patch)
            if head.deleted and self._bin is not None:
                self._bin.remove(file_name(session.id))

    def _store(
        self, session: Session, record: Record, log: Log, patch: Patch | None, folder: Folder | None = None
    ) -> None:
        """Write a session's file and its revision: the file is safe before the log grows, and named after it did."""
        if self._log is None:
            raise StoreUnavailable(self.place, f"it has no {OWN_FOLDER} folder")
        content, checksum = to_bytes(session)
        with (folder or self._root).replacing(file_name(session.id), content):
            try:
                write_entry(self._log, log, session, record, checksum, patch)
            except OSError:
                with suppress(OSError):
                    self._log.cut(log_name(session.id), log.length)
                raise
        self._keep(checksum, session)

    def _purge(self, head: Head) -> None:
        for folder, name in (
            (self._root, file_name(head.id)),
            (self._bin, file_name(head.id)),
            (self._log, log_name(head.id)),
        ):
            if folder is not None:
                folder.remove(name)

    def _keep(self, checksum: str, session: Session) -> None:
        """Remember what a file holds."""
        self._sessions[checksum] = session
        self._sessions.move_to_end(checksum)
        while len(self._sessions) > REMEMBERED:
            self._sessions.popitem(last=False)
