"""Which paths are a store's own files, so that nothing else is written over them."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from nova_tui.domain.errors import StoreUnavailable

SQLITE_MAGIC: Final = b"SQLite format 3\0"
"""What every SQLite file begins with."""
COMPANIONS: Final = ("-wal", "-shm", "-journal")
"""What SQLite adds to the name of a database for the files beside it."""


def is_of_database(path: Path, database: Path) -> bool:
    """Tell whether a path is a database or a file that SQLite keeps beside it, by whatever name or link."""
    if path.exists() and database.exists() and path.samefile(database):
        return True
    whole = str(resolved(database))
    return str(resolved(path)) in {whole, *(whole + companion for companion in COMPANIONS)}


def check_not_database(path: Path) -> None:
    """Raise StoreUnavailable where writing a file there would hurt a SQLite database, whosever it is; or OSError."""
    if _is_database(path):
        raise StoreUnavailable(str(path), "it is a SQLite database, which is not overwritten")
    for companion in COMPANIONS:
        if path.name.endswith(companion) and _is_database(path.with_name(path.name.removesuffix(companion))):
            raise StoreUnavailable(str(path), "it belongs to a SQLite database, which is not overwritten")


def resolved(path: Path) -> Path:
    """Return a path without links; one that leads in a circle stays as it is, where `Path.resolve` would fail."""
    return Path(os.path.realpath(path))


def _is_database(path: Path) -> bool:
    """Tell whether a file begins as SQLite files do."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(len(SQLITE_MAGIC)) == SQLITE_MAGIC
