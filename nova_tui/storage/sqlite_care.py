"""Looking after a SQLite store: drafts, what changed, whether all is sound, and backups."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from itertools import count
from pathlib import Path

from nova_tui.domain.draft import Draft
from nova_tui.domain.errors import StorageError, StoreUnavailable
from nova_tui.domain.frozen import checked_text
from nova_tui.domain.times import from_microseconds, now, to_microseconds
from nova_tui.storage.own_files import is_of_database
from nova_tui.storage.sqlite_sessions import SqliteSessions
from nova_tui.storage.zipping import new_file


class SqliteCare(SqliteSessions):
    """The parts of a SQLite store that are not about a session's content."""

    _seen: int | None = None
    """The newest revision of any session when changes were last asked for."""

    def put_draft(self, session_id: str, row_id: str, text: str) -> None:
        """Keep unsaved text."""
        self._check_writable()
        with self._writing():
            head = self._found(session_id)
            self.connection.execute(
                "INSERT OR REPLACE INTO drafts(session, row_id, text, at, based_on) VALUES (?, ?, ?, ?, ?)",
                (head.seq, row_id, checked_text(text, "draft"), to_microseconds(now()), head.revision),
            )

    def drafts(self, user_id: str) -> Sequence[Draft]:
        """Return the drafts for that user's sessions, newest first."""
        found = self.connection.query(
            "SELECT s.id, d.row_id, d.text, d.at, d.based_on FROM drafts AS d JOIN sessions AS s ON s.seq = d.session "
            "WHERE s.user_id = ? AND s.deleted_at IS NULL ORDER BY d.at DESC",
            (user_id,),
        )
        return [
            Draft(session_id, row_id, text, from_microseconds(at), based_on)
            for session_id, row_id, text, at, based_on in found
        ]

    def drop_draft(self, session_id: str, row_id: str) -> None:
        """Forget a draft."""
        self._check_writable()
        with self._writing():
            self.connection.execute(
                "DELETE FROM drafts WHERE session = (SELECT seq FROM sessions WHERE id = ?) AND row_id = ?",
                (session_id, row_id),
            )

    def changes(self) -> Sequence[str]:
        """Return the ids of sessions that anybody changed since the last call, by their revisions."""
        newest = self.connection.value("SELECT max(seq) FROM revisions") or 0
        if newest == self._seen:  # this is asked all the time, and is nearly always so
            return []
        with self._reading():
            newest = self.connection.value("SELECT max(seq) FROM revisions") or 0
            seen, self._seen = self._seen, newest
            if seen is None or seen >= newest:
                return []
            found = self.connection.query(
                "SELECT DISTINCT s.id FROM revisions AS r JOIN sessions AS s ON s.seq = r.session WHERE r.seq > ?",
                (seen,),
            )
        return sorted(session_id for (session_id,) in found)

    def check(self, *, repair: bool = False) -> Sequence[str]:
        """Return what is wrong: SQLite's own check, every row against its checksum, the counts and the indexes."""
        wrong = [text for (text,) in self.connection.query("PRAGMA integrity_check") if text != "ok"]
        wrong += [
            f"A row of {table} belongs to nothing." for table, *_ in self.connection.query("PRAGMA foreign_key_check")
        ]
        for (session_id,) in self.connection.query("SELECT id FROM sessions"):
            self._remembered.clear()
            self._outlined.clear()
            try:
                with self._reading():
                    self._content(self._found(session_id, trashed=True))
            except StorageError as error:
                wrong.append(str(error))
        if not self.read_only:
            self._note_damage()
            unfit = self._unfit_indexes()
            wrong += [f"The search index {index} does not fit the texts." for index in unfit]
            if repair and wrong:
                wrong.append(f"As it was it is kept in {self._keep_copy()}.")
                self._make_anew(unfit)
        return wrong

    def _note_damage(self) -> None:
        """Note which sessions could not be read, so that every list says so from now on, and which can be again."""
        damage: dict[str, str | None] = {session_id: reason for session_id, (_, reason) in self._damaged.items()}
        for session_id, noted in self.connection.query("SELECT id, damage FROM sessions WHERE damage IS NOT NULL"):
            if damage.get(session_id) != noted:
                damage.setdefault(session_id, None)
            else:
                del damage[session_id]
        if damage:
            with suppress(StorageError), self._writing():
                self.connection.execute_many(
                    "UPDATE sessions SET damage = ? WHERE id = ?", ((reason, one) for one, reason in damage.items())
                )

    def _unfit_indexes(self) -> Sequence[str]:
        """Return the search indexes that do not fit the texts."""
        unfit = []
        for index in ("row_text", "title_text"):
            try:
                with self._writing():
                    self.connection.execute(f"INSERT INTO {index}({index}, rank) VALUES ('integrity-check', 1)")
            except StorageError:
                unfit.append(index)
        return unfit

    def _keep_copy(self) -> Path:
        """Copy the database, damaged as it may be, before anything in it is mended; raise StoreUnavailable."""
        names = (self.path.with_stem(f"{self.path.stem}.before-repair-{number}") for number in count(1))
        copy = next(name for name in names if not name.exists())
        with new_file(copy) as temporary:
            self.connection.copy_to(temporary, check=None)
        return copy

    def _make_anew(self, unfit: Sequence[str]) -> None:
        """Make the indexes anew: all those of tables, and the search indexes that do not fit."""
        with suppress(StorageError), self._writing():
            # where the tables themselves are damaged this cannot be done, and the next check says so
            self.connection.execute("REINDEX")
        for index in unfit:
            with self._writing():
                self.connection.execute(f"INSERT INTO {index}({index}) VALUES ('rebuild')")

    def keeps(self, path: Path) -> bool:
        """Tell whether a path is the database or a file that SQLite keeps beside it."""
        return is_of_database(path, self.path)

    def backup(self, path: Path) -> None:
        """Copy the database while it is in use, by SQLite's own means; raise StoreUnavailable."""
        if self.keeps(path):
            raise StoreUnavailable(str(path), "it is a file of the store itself")
        with new_file(path) as temporary:
            self.connection.copy_to(temporary)

    def interrupt(self) -> None:
        """Stop what another thread searches or reads here."""
        if self._open is not None:
            self._open.interrupt()
