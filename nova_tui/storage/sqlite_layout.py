"""What marks a SQLite file as a nova-tui store, and opening one with care."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import Final

from nova_tui.domain.errors import StoreReadOnly, StoreUnavailable
from nova_tui.storage.sqlite_driver import Connection, create_private, frozen, wal_is_safe

APPLICATION_ID: Final = 0x4E6F7661
"""`Nova` in the file's header."""
VERSION: Final = 6
"""The newest schema this program knows, kept in `user_version`."""


def open_database(path: Path, *, read_only: bool, place: str) -> Connection:
    """Open a store, made or upgraded where that is needed and allowed; leave any other file as it is.

    Raises StoreUnavailable.
    """
    try:
        present = path.exists()
        if present and not path.is_file():
            raise StoreUnavailable(place, "it is not a file")
        if not present:
            if read_only:
                raise StoreUnavailable(place, "there is no such file")
            create_private(path)
    except OSError as error:
        raise StoreUnavailable(place, os.strerror(error.errno or 0)) from error
    if read_only:
        return _open_read_only(path, place)
    if present:
        _look(path, place)
    connection = Connection(path, mode="rw", place=place)
    try:
        if not present:
            # texts of a few hundred characters waste less of larger pages
            connection.execute("PRAGMA page_size=8192")
        version = _version(connection)
        _choose_journal(connection)
        if version < VERSION:
            # sqlite-utils takes a while to load: only where there is something to do
            from nova_tui.storage.sqlite_schema import migrate  # noqa: PLC0415  as said above

            migrate(connection, path)
    except BaseException:
        connection.close()
        raise
    return connection


def _look(path: Path, place: str) -> None:
    """Look at a file without writing, so that a stranger's database stays as it is; raise StoreUnavailable.

    Where a killed writer's journal waits, nothing can be read before SQLite has undone that write; opening the database
    for writing does that, and looks again before anything else.
    """
    with suppress(StoreReadOnly):
        look = Connection(path, mode="ro", place=place)
        try:
            _version(look)
        finally:
            look.close()


def _open_read_only(path: Path, place: str) -> Connection:
    """Open a store so that not a byte is written, beside it neither where that is possible."""
    signature = frozen(path)
    connection = Connection(path, mode="immutable=1" if signature else "ro", place=place)
    connection.frozen = signature
    try:
        if _version(connection) < VERSION:
            raise StoreUnavailable(place, "it has to be upgraded first; open it once for writing")
    except BaseException:
        connection.close()
        raise
    return connection


def _version(connection: Connection) -> int:
    """Return the schema's version, 0 for an empty file; raise StoreUnavailable for what is not ours or newer."""
    application = connection.value("PRAGMA application_id")
    version = int(connection.value("PRAGMA user_version"))
    if application != APPLICATION_ID and (application or version or connection.value("SELECT 1 FROM sqlite_schema")):
        raise StoreUnavailable(connection.place, "it is another program's database")
    if version > VERSION:
        raise StoreUnavailable(
            connection.place, f"it was written by a newer nova-tui (version {version} of the tables, not {VERSION})"
        )
    return version


def _choose_journal(connection: Connection) -> None:
    """Use WAL where this SQLite is safe with it, else a truncated rollback journal; both with full syncing."""
    wanted = "wal" if wal_is_safe() else "truncate"
    if connection.value("PRAGMA journal_mode") == wanted:
        return
    try:
        found = connection.value(f"PRAGMA journal_mode={wanted}")
    except StoreReadOnly:
        return
    except StoreUnavailable:
        found = connection.value("PRAGMA journal_mode")
    if wanted == "truncate" and found == "wal":
        raise StoreUnavailable(
            connection.place, "a program with another version of SQLite has it open; close that one first"
        )
