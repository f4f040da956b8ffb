"""Sessions in a folder, one YAML file each: for people who read, edit and share them with other tools.

The folder holds `<id>.yaml`; history and trash live in its `.nova-tui/` folder. What a person or another program
writes into a file counts as a revision of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from nova_tui.domain.draft import Draft
from nova_tui.domain.errors import SessionDamaged, StoreUnavailable
from nova_tui.domain.frozen import checked_text
from nova_tui.domain.ids import is_session_id
from nova_tui.domain.session import Session
from nova_tui.domain.summary import SessionSummary
from nova_tui.domain.times import now
from nova_tui.storage.file_drafts import read_drafts, write_drafts
from nova_tui.storage.file_history import rebuild
from nova_tui.storage.file_reading import SUFFIX, Reading, file_name, named_session, read_file
from nova_tui.storage.file_sessions import OWN_FOLDER, FileHead, FileSessions
from nova_tui.storage.folder import Folder, NotRegular, Signature, errors_of
from nova_tui.storage.ordering import page
from nova_tui.storage.own_files import resolved
from nova_tui.storage.provider import SessionStorageProvider
from nova_tui.storage.session_list import SessionList
from nova_tui.storage.zipping import write_zip


class FileStore(FileSessions):
    """A folder of YAML files."""

    capabilities = frozenset({"users", "trash", "revisions", "drafts", "backup"})
    _seen: dict[str, Signature] | None = None
    """The files when changes were last asked for."""

    # -- looking -----------------------------------------------------------------------------------------------------

    def list(self, user_id: str) -> Sequence[Session]:
        """Return that user's sessions, newest change first; each is loaded when it is looked at."""
        found = page(self._summaries(user_id))
        return SessionList(self, [summary.id for summary in found if summary.damaged is None])

    def summaries(
        self,
        user_id: str,
        *,
        filter: str | None = None,
        sort: str = "updated",
        reverse: bool = False,
        after: str | None = None,
        limit: int | None = 50,
    ) -> Sequence[SessionSummary]:
        """Return a page of what a list shows; only files that changed are read again."""
        found = self._summaries(user_id)
        return page(found, filter=filter, sort=sort, reverse=reverse, after=after, limit=limit)

    def _damaged_summary(self, error: SessionDamaged) -> SessionSummary:
        """Return what a list shows of a damaged file; without a user where it names no owner."""
        reading = self._look(error.session_id)
        if reading is None or reading.damage is None:
            return super()._damaged_summary(error)
        return reading.summary_for(error.session_id, reading.owner or "")

    def trash(self, user_id: str, *, limit: int | None = None) -> Sequence[SessionSummary]:
        """Return what is in the trash, newest change first; a file that was taken away by hand is among it."""
        found = [self._summary_in_trash(head) for head in self._trashed() if head.user_id in (user_id, "")]
        return page((replace(one, user_id=user_id) for one in found), limit=limit)

    def _summary_in_trash(self, head: FileHead) -> SessionSummary:
        """Return what a list shows of a session in the trash; of a damaged file its reason."""
        if head.session is not None:
            return SessionSummary.of(head.session)
        reading, _ = read_file(self._bin, head.id, None) if self._bin else (None, None)
        if reading is None:
            return self._damaged_summary(SessionDamaged(head.id, head.damaged or ""))
        return reading.summary_for(head.id, head.user_id)

    def _trashed(self) -> Iterator[FileHead]:
        """Yield the heads of what is in the trash."""
        present = set(self._ids(self._root))
        with errors_of(self.place):
            logged = {name.removesuffix(".jsonl") for name in self._log.names()} if self._log else set()
        for session_id in sorted(logged.union(self._ids(self._bin)) - present):
            with suppress(SessionDamaged):
                head = self._head(session_id) if is_session_id(session_id) else None
                if head is not None and head.deleted:
                    yield head

    def users(self) -> Sequence[str]:
        """Return the users who own sessions here, in the trash too."""
        users = {reading.owner for reading in self._scan().values() if reading.owner}
        return sorted(users.union(head.user_id for head in self._trashed() if head.user_id))

    def _summaries(self, user_id: str) -> Iterator[SessionSummary]:
        """Yield that user's summaries, and those of damaged files that name no owner."""
        for session_id, reading in self._scan().items():
            if reading.owner in (user_id, None):
                yield reading.summary_for(session_id, user_id)

    def _scan(self) -> dict[str, Reading]:
        """Look at every file, and read those that changed."""
        if self._index is not None:
            self._readings = {**self._index.load(), **self._readings}
        found = {session_id: self._look(session_id) for session_id in self._ids(self._root)}
        self._readings = {session_id: reading for session_id, reading in found.items() if reading is not None}
        if self._index is not None:
            self._index.listed(self._readings)
        return self._readings

    def _ids(self, folder: Folder | None) -> Iterator[str]:
        """Yield the session ids that name a file in a folder."""
        with errors_of(self.place):
            names = folder.names() if folder else []
        for name in names:
            session_id = name.removesuffix(SUFFIX)
            if session_id != name and is_session_id(session_id):
                yield session_id

    # -- care --------------------------------------------------------------------------------------------------------

    def put_draft(self, session_id: str, row_id: str, text: str) -> None:
        """Keep unsaved text."""
        self._check_writable()
        with self._writing():
            head = self._found(session_id)
            if self._drafts is not None:
                draft = Draft(session_id, row_id, checked_text(text, "draft"), now(), head.revision)
                write_drafts(self._drafts, session_id, {**read_drafts(self._drafts, session_id), row_id: draft})

    def drafts(self, user_id: str) -> Sequence[Draft]:
        """Return the drafts for that user's sessions, newest first."""
        own = {summary.id for summary in self._summaries(user_id)}
        with errors_of(self.place):
            names = self._drafts.names() if self._drafts else []
            ids = own.intersection(name.removesuffix(".json") for name in names)
            found = [draft for session_id in ids for draft in read_drafts(self._drafts, session_id).values()]
        return sorted(found, key=lambda draft: draft.at, reverse=True)

    def drop_draft(self, session_id: str, row_id: str) -> None:
        """Forget a draft."""
        self._check_writable()
        if not is_session_id(session_id):
            return
        with self._writing():
            drafts = dict(read_drafts(self._drafts, session_id))
            if self._drafts is not None and drafts.pop(row_id, None) is not None:
                write_drafts(self._drafts, session_id, drafts)

    def changes(self) -> Sequence[str]:
        """Return the ids of sessions whose files changed since the last call.

        A save replaces a file, which changes the folder: asking that costs nothing. An edit inside a file does not, so
        all files are looked at now and then, the less often the longer that takes.
        """
        if self._seen is not None and not self._watch.due(self._root.changed_at()):
            return []
        with self._watch.looking(self._root.changed_at):
            found = {session_id: reading.signature for session_id, reading in self._scan().items()}
        seen, self._seen = self._seen, found
        if seen is None:
            return []
        return sorted(one for one in found.keys() | seen.keys() if found.get(one) != seen.get(one))

    def check(self, *, repair: bool = False) -> Sequence[str]:  # noqa: ARG002  nothing here is mended by itself
        """Return what is wrong: each file is read, and each history rebuilt."""
        wrong = []
        for session_id, reading in self._scan().items():
            if reading.damage is not None:
                wrong.append(str(SessionDamaged(session_id, reading.damage)))
                continue
            try:
                head = self._head(session_id)
                if head is not None and head.log.last is not None:
                    rebuild(head.log, session_id, head.revision)
            except SessionDamaged as error:
                wrong.append(str(error))
        return [*wrong, *self._misnamed()]

    def _misnamed(self) -> Sequence[str]:
        """Return of which files in the folder only the name keeps a session from being read; strangers' are none."""
        with errors_of(self.place):
            names = self._root.names()
        wrong = []
        for name in sorted(names):
            if not name.endswith((SUFFIX, ".yml")) or is_session_id(name.removesuffix(SUFFIX)):
                continue
            with suppress(OSError):
                found = self._root.read(name)
                session_id = named_session(found[0]) if found is not None else None
                if session_id is not None:
                    wanted = file_name(session_id)
                    mend = "import it to have both" if wanted in names else f"rename it to {wanted}"
                    wrong.append(
                        f"{name} holds session {session_id}, but is not named after it, so it is left out; {mend}."
                    )
        return wrong

    def keeps(self, path: Path) -> bool:
        """Tell whether a path is a session's file, or lies in the store's own folder."""
        root = resolved(self.path)
        for found in (resolved(path.parent) / path.name, resolved(path)):
            parts = found.relative_to(root).parts if found.is_relative_to(root) else ()
            if parts[:1] == (OWN_FOLDER,):
                return True
            if len(parts) == 1 and parts[0].endswith(SUFFIX) and is_session_id(parts[0].removesuffix(SUFFIX)):
                return True
        return False

    def backup(self, path: Path) -> None:
        """Write all files, history and trash too, into a ZIP file while nobody else writes."""
        if self.keeps(path):
            raise StoreUnavailable(str(path), "it is a file of the store itself")
        with self._writing():
            write_zip(path, self._files())

    def _files(self) -> Iterator[tuple[str, bytes]]:
        """Yield the names and contents of all files of the store."""
        for prefix, folder in (
            ("", self._root),
            (f"{OWN_FOLDER}/history/", self._log),
            (f"{OWN_FOLDER}/trash/", self._bin),
            (f"{OWN_FOLDER}/drafts/", self._drafts),
        ):
            for name in sorted(folder.names()) if folder else ():
                if is_session_id(name.partition(".")[0]):
                    with suppress(NotRegular):
                        found = folder.read(name) if folder else None
                        if found is not None:
                            yield f"{prefix}{name}", found[0]

    # -- life --------------------------------------------------------------------------------------------------------

    def reader(self) -> SessionStorageProvider:
        """Return a provider of the same folder for another thread."""
        reader = FileStore(self.path, read_only=self.read_only)
        reader.read_only = True
        return reader
