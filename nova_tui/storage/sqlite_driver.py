"""The one module that picks the SQLite driver and opens connections with it.

The driver is pysqlite3 where it is installed, because sqlite-utils prefers it too: two SQLite libraries in one process
drop each other's locks. Versions before 3.51.3 (but for 3.50.7 and 3.44.6) can damage a database in WAL mode when a
second connection checkpoints, so those keep to a rollback journal.
"""

from __future__ import annotations

import os
import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, Final, NoReturn, TypeVar
from urllib.parse import quote

from nova_tui.domain.errors import DAMAGED, INTERRUPTED, StorageError, StoreReadOnly, StoreUnavailable

if TYPE_CHECKING:
    import sqlite3
else:
    try:
        from pysqlite3 import dbapi2 as sqlite3
    except ImportError:
        import sqlite3

WAL_FIXES: Final = ((3, 51, 3), (3, 50, 7), (3, 44, 6))
"""The first versions without the WAL-reset race, one for each branch that got the fix."""
PATIENCE: Final = 30.0
"""Seconds to wait for another program's lock; SQLite's own waiting is not fair, so some of it is ours."""
SHORT_WAIT: Final = 1.0
"""Seconds that SQLite waits by itself before we try again."""
PRAGMAS: Final = ("foreign_keys=ON", "cell_size_check=ON", "synchronous=FULL", "secure_delete=ON")
"""What every connection is told; secure_delete leaves nothing of what is purged, nor of what was deleted before."""

_REASONS: Final = {
    3: "its file may not be read",
    5: "another program keeps it locked; try again when that has finished",
    6: "another program keeps it locked; try again when that has finished",
    7: "there is not enough memory",
    9: INTERRUPTED,
    10: "the disk reported an error; nothing was changed",
    11: DAMAGED,
    13: "the disk is full; nothing was changed",
    14: "it cannot be opened; look at the path and its permissions",
    23: "access was denied",
    26: "it is not a SQLite database",
}
ERRORS: Final = (sqlite3.Error, UnicodeDecodeError)
"""What the driver raises; the second where SQLite quotes bytes of a damaged file that are no text."""
COPIED_AT_ONCE: Final = 1_000
"""Pages that are copied between two words on how far a copy is."""
_READ_ONLY: Final = 8
_CORRUPT: Final = 11
_BUSY: Final = (5, 6)
_UNDECODABLE: Final = "Could not decode to UTF-8"
_creating = Lock()
_open_files: Counter[tuple[int, int]] = Counter()
_T = TypeVar("_T")


class FileDamaged(StoreUnavailable):
    """A database of which a part cannot be read; the rest may be sound."""


def wal_is_safe(version: str = sqlite3.sqlite_version) -> bool:
    """Tell whether this SQLite holds the fix of the WAL-reset race."""
    number = tuple(int(part) for part in version.split("."))
    return number >= WAL_FIXES[0] or any(number[:2] == fix[:2] and number >= fix for fix in WAL_FIXES[1:])


@cache
def triggers_may_index() -> bool:
    """Tell whether triggers of an untrusted schema may write a full-text index, which older libraries refuse.

    The search index is kept in step by triggers, so where they refuse it the schema has to be trusted for writing.
    """
    probe = sqlite3.connect(":memory:")
    try:
        probe.executescript(
            "CREATE TABLE texts(text); CREATE VIRTUAL TABLE found USING fts5(text); CREATE TRIGGER added "
            "AFTER INSERT ON texts BEGIN INSERT INTO found(text) VALUES (new.text); END; "
            "PRAGMA trusted_schema=OFF; INSERT INTO texts VALUES ('word');"
        )
    except sqlite3.Error:
        return False
    finally:
        probe.close()
    return True


def error_code(error: Exception) -> int:
    """Return SQLite's primary result code of an error, 0 where there is none."""
    return int(getattr(error, "sqlite_errorcode", 0) or 0) & 0xFF


def storage_error(error: Exception, place: str) -> StorageError:
    """Return what a native error is to the caller of a store: the one place that maps them."""
    if isinstance(error, UnicodeDecodeError):
        return FileDamaged(place, _REASONS[_CORRUPT])
    code = error_code(error)
    if code == _READ_ONLY:
        return StoreReadOnly(place)
    if code == _CORRUPT:
        return FileDamaged(place, _REASONS[_CORRUPT])
    return StoreUnavailable(place, _REASONS.get(code, str(error)))


def uri(path: Path, mode: str) -> str:
    """Return the SQLite URI of a file: mode is ro, rw, or an option such as immutable=1."""
    return f"file:{quote(os.fsencode(path.absolute()))}?{mode if '=' in mode else f'mode={mode}'}"


def create_private(path: Path) -> None:
    """Make an empty file that only its owner may read, and the folders above it, unless they are there."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _creating, suppress(FileExistsError):
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))


def frozen(path: Path) -> tuple[int, int, int] | None:
    """Return the signature of a WAL database that nobody has open, None for any other.

    Such a file can be read without a byte being written, as if it could not change; the moment a log appears beside it
    it has to be opened anew. Its header is read by itself only where no connection of this process has the file open,
    because closing it would drop that connection's locks.
    """
    found = path.stat()
    if _log_of(path).exists() or _open_files[found.st_dev, found.st_ino]:
        return None
    with path.open("rb") as file:
        header = file.read(20)
    return (found.st_mtime_ns, found.st_size, found.st_ino) if header[18:20] == b"\x02\x02" else None


def still_frozen(path: Path, signature: tuple[int, int, int]) -> bool:
    """Tell whether nobody has opened or changed a frozen database since."""
    try:
        found = path.stat()
    except OSError:
        return False
    return not _log_of(path).exists() and (found.st_mtime_ns, found.st_size, found.st_ino) == signature


def _log_of(path: Path) -> Path:
    """Return the write-ahead log of a database."""
    return path.with_name(path.name + "-wal")


class Connection:
    """One SQLite connection: waits for locks, maps errors, and belongs to the thread that made it."""

    def __init__(self, path: Path, *, mode: str, place: str) -> None:
        self.place = place
        self.frozen: tuple[int, int, int] | None = None
        """The file's signature where it is read as if it could not change."""
        self._file: tuple[int, int] | None = None
        self._interrupts = self._heeded = 0
        try:
            self.raw = sqlite3.connect(uri(path, mode), uri=True, timeout=SHORT_WAIT, isolation_level=None)
        except ERRORS as error:
            raise storage_error(error, place) from error
        try:
            for pragma in PRAGMAS:
                self.raw.execute(f"PRAGMA {pragma}")
            trusted = mode == "rw" and not triggers_may_index()
            self.raw.execute(f"PRAGMA trusted_schema={'ON' if trusted else 'OFF'}")
            if sys.platform == "darwin":
                self.raw.execute("PRAGMA fullfsync=ON")
            found = path.stat()
            self._file = (found.st_dev, found.st_ino)
            _open_files[self._file] += 1
        except ERRORS as error:
            self.close()
            raise storage_error(error, place) from error

    def interrupt(self) -> None:
        """Stop what another thread reads here, also where it is between two statements of one reading."""
        self._interrupts += 1
        self.raw.interrupt()

    def heed(self) -> None:
        """Raise StoreUnavailable where another thread wants what is being read stopped."""
        if self._interrupts != self._heeded:
            raise StoreUnavailable(self.place, INTERRUPTED)

    def query(self, sql: str, values: Sequence[Any] = ()) -> list[Any]:
        """Run a statement and return all its rows."""
        try:
            return self._patiently(lambda: self.raw.execute(sql, values).fetchall())
        except StoreUnavailable as error:
            if _UNDECODABLE not in error.reason:
                raise
        # damaged text is shown as such, and no longer fits its checksum; the rest of the answer is sound
        self.raw.text_factory = lambda content: content.decode("utf-8", "replace")
        try:
            return self._patiently(lambda: self.raw.execute(sql, values).fetchall())
        finally:
            self.raw.text_factory = str

    def each(self, sql: str, values: Sequence[Any] = ()) -> Iterator[Any]:
        """Run a statement and yield its rows as they are found, so that the caller may stop early."""
        cursor = self._patiently(lambda: self.raw.execute(sql, values))
        try:
            yield from cursor
        except ERRORS as error:
            self._fail(error)
        finally:
            cursor.close()

    def value(self, sql: str, values: Sequence[Any] = ()) -> Any:
        """Run a statement and return the first column of its first row, None when there is no row."""
        rows = self.query(sql, values)
        return rows[0][0] if rows else None

    def execute(self, sql: str, values: Sequence[Any] = ()) -> int:
        """Run a statement that writes and return how many rows it changed."""
        return self._patiently(lambda: self.raw.execute(sql, values).rowcount)

    def insert(self, sql: str, values: Sequence[Any] = ()) -> int:
        """Run an INSERT of one row and return its rowid."""
        return self._patiently(lambda: self.raw.execute(sql, values).lastrowid or 0)

    def execute_many(self, sql: str, values: Iterable[Sequence[Any]]) -> None:
        """Run a statement that writes once for each of several rows of values."""
        try:
            self.raw.executemany(sql, values)
        except ERRORS as error:
            self._fail(error)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Take the write lock at once, and commit at the end or undo everything."""
        self.execute("BEGIN IMMEDIATE")
        try:
            yield
            self.execute("COMMIT")
        except ERRORS as error:  # of what spoke to the bare connection, as migrations do
            self._roll_back()
            self._fail(error)
        except BaseException:
            self._roll_back()
            raise

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Let everything that is read inside belong to one moment."""
        if self.raw.in_transaction:
            yield
            return
        self._heeded = self._interrupts
        self.execute("BEGIN")
        try:
            yield
        finally:
            self._roll_back()

    def copy_to(
        self, path: Path, tell: Callable[[float], None] | None = None, check: str | None = "integrity_check"
    ) -> None:
        """Copy the whole database as it is at one moment into an empty file, and make sure that the copy is sound.

        `tell` takes the part that is copied; `check` is the pragma that looks at the copy, None where it may be
        damaged.
        """

        def copied(_status: int, remaining: int, total: int) -> None:
            if tell is not None:
                tell(1 - remaining / total if total else 1.0)

        try:
            target = sqlite3.connect(uri(path, "rw"), uri=True, isolation_level=None)
            try:
                self.raw.backup(target, pages=COPIED_AT_ONCE if tell else -1, progress=copied)
                target.execute("PRAGMA journal_mode=delete")
                if tell is not None:
                    # the look at a large copy takes its time, and can be given up too
                    target.set_progress_handler(lambda: tell(1.0), 100_000)
                found = target.execute(f"PRAGMA {check}(1)").fetchone()[0] if check else "ok"
            finally:
                target.close()
        except ERRORS as error:
            self._fail(error)
        if found != "ok":
            raise StoreUnavailable(self.place, f"the copy is damaged ({found})")

    @contextmanager
    def interruptible(self, alive: Callable[[], None]) -> Iterator[None]:
        """Call something every few milliseconds while statements run; where it raises, the statement is interrupted."""

        def look() -> int:
            alive()
            return 0

        self.raw.set_progress_handler(look, 100_000)
        try:
            yield
        finally:
            self.raw.set_progress_handler(None, 0)

    def empty_log(self) -> None:
        """Take what was deleted out of the write-ahead log too, as far as no reader still needs it."""
        if self.value("PRAGMA journal_mode") == "wal":
            self.query("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        """Let go of the file."""
        self.raw.close()
        if self._file is not None:
            _open_files[self._file] -= 1
            self._file = None

    def _roll_back(self) -> None:
        """End the open transaction; one that SQLite has already ended needs nothing."""
        if self.raw.in_transaction:
            with suppress(*ERRORS):
                self.raw.execute("ROLLBACK")

    def _patiently(self, action: Callable[[], _T]) -> _T:
        """Do something again while another program holds the lock, up to PATIENCE seconds."""
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                return action()
            except ERRORS as error:
                if error_code(error) not in _BUSY or time.monotonic() > deadline:
                    self._fail(error)
                # a random pause keeps two waiting programs from meeting again
                time.sleep(random.uniform(0.001, 0.02))  # noqa: S311

    def _fail(self, error: Exception) -> NoReturn:
        """Raise what a native error is to the caller."""
        raise storage_error(error, self.place) from error
