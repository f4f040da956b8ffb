"""Sessions, trash and history as a folder holds them: what a session's file and its log say together."""

from __future__ import annotations

import dataclasses
import hashlib
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from nova_tui.domain.difference import Difference, Patch, compare
from nova_tui.domain.errors import DialogError, SessionDamaged, StoreUnavailable
from nova_tui.domain.session import Session
from nova_tui.domain.times import now
from nova_tui.storage.file_drafts import draft_name
from nova_tui.storage.file_history import (
    NO_LOG,
    Log,
    back_of,
    log_name,
    read_log,
    rebuild,
    records_of,
    write_alias,
    write_entry,
)
from nova_tui.storage.file_index import FileIndex
from nova_tui.storage.file_reading import Reading, aside_name, file_name, is_aside, read_file, to_bytes
from nova_tui.storage.folder import Folder, NotRegular, Watch, errors_of
from nova_tui.storage.history import Record
from nova_tui.storage.moving import MovingStore
from nova_tui.storage.remains import Remains
from nova_tui.storage.versioned import Head

OWN_FOLDER: Final = ".nova-tui"
REMEMBERED: Final = 16
"""Sessions kept as they were last read or written."""


@dataclass(frozen=True, slots=True)
class FileHead(Head):
    """A session's file and its log."""

    session: Session | None = None
    log: Log = NO_LOG


class FileSessions(MovingStore):
    """The sessions of a folder."""

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        self.path = path
        self.place = str(path)
        self.read_only = read_only
        self._adopts = not read_only
        self._depth = 0
        self._readings: dict[str, Reading] = {}
        self._index: FileIndex | None = None
        self._sessions: OrderedDict[str, Session] = OrderedDict()
        self._watch = Watch()
        self._own: Folder | None = None
        self._log: Folder | None = None
        self._bin: Folder | None = None
        self._drafts: Folder | None = None
        with errors_of(self.place):
            self._root = Folder.open(path, create=not read_only, place=self.place)
        try:
            self._open_own_folders(create=not read_only)
            self._index = FileIndex(self._root, self._own, writable=self._adopts)
        except BaseException:
            self.close()
            raise

    def _open_own_folders(self, *, create: bool) -> None:
        """Open our own folders in it, made where that is allowed."""
        with errors_of(self.place):
            self._own = self._root.inner(OWN_FOLDER, create=create)
            if self._own is not None:
                self._log = self._own.inner("history", create=create)
                self._bin = self._own.inner("trash", create=create)
                self._drafts = self._own.inner("drafts", create=create)
            if create:
                self._prepare()

    def _prepare(self) -> None:
        """Take away what a killed program left over, and keep our own folder out of git."""
        with self._writing():
            for folder in (self._root, self._own, self._bin, self._drafts):
                if folder is not None:
                    folder.sweep()
            if self._own is not None and self._own.signature(".gitignore") is None:
                self._own.write(".gitignore", b"*\n")

    def close(self) -> None:
        """Let go of the folders, the index written where that is worth it."""
        if self._index is not None:
            self._index.closed(self._readings)
            self._index = None
        for folder in (self._drafts, self._bin, self._log, self._own, self._root):
            if folder is not None:
                folder.close()

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
        head, checksum = self._observe(session_id)
        if checksum is None or not self._adopts:
            return head
        # what was seen may have been the middle of a save: only what still stands under the lock is an edit by hand
        with self._writing():
            head, checksum = self._observe(session_id)
            if checksum is None or head is None or head.session is None:
                return head
            log = self._adopt(head.session, checksum, head.log)
            return dataclasses.replace(head, revision=(log.last or {}).get("revision", head.revision), log=log)

    def _observe(self, session_id: str) -> tuple[FileHead | None, str | None]:
        """Return what is there, and the file's checksum where the log does not know of it."""
        reading = self._look(session_id)
        with errors_of(self.place):
            log = read_log(self._log, session_id)
            number = log.last["revision"] if log.last else 0
            if reading is None:
                return self._head_in_trash(session_id, number, log), None
        if reading.damage is None:
            reading, session = self._session(session_id, reading)
        if reading.damage is not None or session is None:
            owner = reading.owner or self._logged_owner(session_id, number, log)
            return FileHead(session_id, owner, max(1, number), damaged=reading.damage, log=log), None
        known = log.last is not None and log.last["sum"] == reading.checksum and not log.last["deleted"]
        head = FileHead(session_id, session.user_id, number + (not known), session=session, log=log)
        return head, None if known else reading.checksum

    def _head_in_trash(self, session_id: str, number: int, log: Log) -> FileHead | None:
        """Return the head of a session that is in the trash, or whose file was taken away by hand."""
        reading, session = read_file(self._bin, session_id, None) if self._bin else (None, None)
        if session is None and log.last is not None:
            try:
                session = rebuild(log, session_id, number)
            except SessionDamaged as error:
                if reading is None:
                    owner = self._logged_owner(session_id, number, log)
                    return FileHead(session_id, owner, max(1, number), deleted=True, damaged=error.reason, log=log)
        if session is not None:
            return FileHead(session_id, session.user_id, max(1, number), deleted=True, session=session, log=log)
        if reading is not None:
            owner = reading.owner or self._logged_owner(session_id, number, log)
            return FileHead(session_id, owner, max(1, number), deleted=True, damaged=reading.damage, log=log)
        return None

    def _logged_owner(self, session_id: str, number: int, log: Log) -> str:
        """Return the owner of a damaged file by its log, nobody where that does not tell."""
        for revision in (number, 1):
            with suppress(SessionDamaged):
                return rebuild(log, session_id, revision).user_id
        return ""

    def _session(self, session_id: str, reading: Reading) -> tuple[Reading, Session | None]:
        """Return the session that a file holds, read again unless it is remembered, and the reading it is from."""
        session = self._sessions.get(reading.checksum)
        if session is not None and session.id == session_id:
            return reading, session
        with errors_of(self.place):
            again, session = read_file(self._root, session_id, None)
        if again is None:
            raise SessionDamaged(session_id, "its file was taken away")
        if session is not None:
            self._keep(again.checksum, session)
        return again, session

    def _content(self, head: Head) -> Session:
        assert isinstance(head, FileHead)
        if head.session is None:
            raise SessionDamaged(head.id, head.damaged or "it cannot be read")
        return dataclasses.replace(head.session, revision=head.revision)

    def _remains(self, head: Head) -> Remains:
        assert isinstance(head, FileHead)
        if head.session is not None:
            return Remains(self._content(head))
        return Remains(rebuild(head.log, head.id, head.revision))

    def _adopt(self, session: Session, checksum: str, log: Log) -> Log:
        """Log what a person or another program wrote into a file as a revision of its own, with the lock held."""
        assert self._log is not None
        number = log.last["revision"] + 1 if log.last else 1
        difference: Difference | None = None
        if log.last is not None:
            with suppress(SessionDamaged):
                difference = compare(rebuild(log, session.id, number - 1), session)
        if difference == Difference() and log.last is not None and not log.last["deleted"]:
            write_alias(self._log, log, session.id, checksum)
        else:
            record = Record(number, now(), "edit outside" if log.last else "found", number, number)
            patch, back = (None, None) if difference is None else (difference.patch, difference.back)
            write_entry(self._log, log, session, record, checksum, patch, back, durable=False)
        return read_log(self._log, session.id)

    def _records(self, head: Head, newest: int, oldest: int) -> Iterator[Record]:
        assert isinstance(head, FileHead)
        yield from records_of(head.log, head.id, newest, oldest)

    def _back(self, head: Head, number: int) -> Patch:
        assert isinstance(head, FileHead)
        back = back_of(head.log, number)
        if back is not None:
            return back
        return compare(rebuild(head.log, head.id, number), rebuild(head.log, head.id, number - 1)).patch

    def _content_at(self, head: Head, revision: int) -> Session:
        assert isinstance(head, FileHead)
        self._record(head, revision)
        found = self._before(head, revision) or rebuild(head.log, head.id, revision)
        return dataclasses.replace(found, revision=revision)

    def _before(self, head: FileHead, revision: int) -> Session | None:
        """Return the session as of a revision by going back from the present, None where another way is needed."""
        session, newest = head.session, head.log.last["revision"] if head.log.last else 0
        # from the beginning it may be less far, and what lies in the trash is not compared with the log
        if head.deleted or head.revision != newest or newest - revision > revision:
            return None
        for number in range(newest, revision, -1):
            back = back_of(head.log, number)
            if session is None or back is None:
                return None
            try:
                session = back.apply(session)
            except (ValueError, DialogError):
                return None
        return session

    def _mark(self, head: Head, record: Record, reason: str) -> None:  # noqa: ARG002  each look finds the reason
        assert isinstance(head, FileHead)
        if self._log is None or self._bin is None:
            raise StoreUnavailable(self.place, f"it has no {OWN_FOLDER} folder")
        name, source, target = file_name(head.id), self._root, self._bin
        if head.deleted:
            source, target = target, source
        else:
            self._set_aside(head.id, self._bin)
        source.move(name, target)
        if head.log.last is not None:
            # the file is as it was, and so is what the log says of its content
            write_entry(self._log, head.log, head.id, record, str(head.log.last["sum"]), Patch(), Patch())

    def _insert(self, session: Session, record: Record) -> None:
        if self._log is None:
            raise StoreUnavailable(self.place, f"it has no {OWN_FOLDER} folder")
        content, checksum = to_bytes(session)
        # here the file comes first: killed after it, there is a file without a log, which is a session; killed after
        # the log, there would be a log without a file, which is a session that somebody took away
        self._root.write(file_name(session.id), content)
        try:
            write_entry(self._log, NO_LOG, session, record, checksum, None)
        except OSError:
            self._root.remove(file_name(session.id))
            raise
        self._keep(checksum, session)

    def _update(self, head: Head, session: Session, difference: Difference, record: Record) -> None:
        assert isinstance(head, FileHead)
        if head.damaged is not None and not head.deleted:
            self._set_aside(head.id, self._root)
        if record.deleted and not head.deleted and self._bin is not None:
            self._root.move(file_name(session.id), self._bin)
        if record.deleted:
            self._store(session, record, head.log, difference, self._bin)
        else:
            self._store(session, record, head.log, difference)
            if head.deleted and self._bin is not None:
                self._set_aside(head.id, self._bin)
                self._bin.remove(file_name(session.id))

    def _set_aside(self, session_id: str, folder: Folder) -> None:
        """Keep a copy of a file that cannot be read among the sessions: somebody may have written it by hand."""
        reading, session = read_file(folder, session_id, None)
        with suppress(NotRegular):
            found = folder.read(file_name(session_id)) if reading is not None and session is None else None
            if found is not None:
                name = aside_name(session_id, hashlib.sha256(found[0]).hexdigest())
                self._root.write(name, found[0])

    def _store(
        self, session: Session, record: Record, log: Log, difference: Difference, folder: Folder | None = None
    ) -> None:
        """Write a session's file and its revision: the file is safe before the log grows, and named after it did."""
        if self._log is None:
            raise StoreUnavailable(self.place, f"it has no {OWN_FOLDER} folder")
        content, checksum = to_bytes(session)
        with (folder or self._root).replacing(file_name(session.id), content):
            try:
                write_entry(self._log, log, session, record, checksum, difference.patch, difference.back)
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
            (self._drafts, draft_name(head.id)),
        ):
            if folder is not None:
                folder.remove(name)
        for name in self._root.names():
            if is_aside(name, head.id):
                self._root.remove(name)

    def _keep(self, checksum: str, session: Session) -> None:
        """Remember what a file holds."""
        self._sessions[checksum] = session
        self._sessions.move_to_end(checksum)
        while len(self._sessions) > REMEMBERED:
            self._sessions.popitem(last=False)
