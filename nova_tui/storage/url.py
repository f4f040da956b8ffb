"""From a store's URL to its provider: the one place that knows them all."""

# ruff: noqa: PLC0415  a provider is imported only where it is asked for, so that this module loads none of them

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from nova_tui.domain.errors import StoreUnavailable, StoreUnsupported, UnknownStore
from nova_tui.storage.bound import BoundStore
from nova_tui.storage.provider import SessionStorageProvider

SQLITE: Final = "sqlite://"
FILE: Final = "file://"
POSTGRES: Final = ("postgresql://", "postgres://")
SUFFIXES: Final = (".db", ".sqlite")


def open_store(
    url: str | os.PathLike[str], *, user_id: str | None = None, read_only: bool = False, create: bool = True
) -> SessionStorageProvider:
    """Open the store that a URL or a bare path names, bound to a user where one is given.

    A store that is not there yet is made where `create` allows it. Raises UnknownStore, StoreUnsupported or
    StoreUnavailable.
    """
    if not create and (missing := _missing(os.fspath(url))):
        raise StoreUnavailable(str(missing), "there is no such store; new or import makes one")
    store = _provider(os.fspath(url), read_only)
    return store if user_id is None else BoundStore(store, user_id)


def is_missing(url: str) -> bool:
    """Tell whether a URL names a store on disk that is not there."""
    return _missing(url) is not None


def _provider(url: str, read_only: bool) -> SessionStorageProvider:
    """Make the provider that a URL names."""
    if url == "memory:":
        from nova_tui.storage.memory import MemoryStore

        return MemoryStore(read_only=read_only)
    if url.startswith(POSTGRES):
        raise StoreUnsupported("PostgreSQL driver yet; use a SQLite file or a folder")
    if url.startswith(SQLITE) or (not url.startswith(FILE) and url.endswith(SUFFIXES) and not _is_folder(url)):
        from nova_tui.storage.sqlite import SqliteStore

        return SqliteStore(_place(url, SQLITE), read_only=read_only)
    if url.startswith(FILE) or _is_folder(url):
        from nova_tui.storage.file import FileStore

        return FileStore(_place(url, FILE), read_only=read_only)
    raise UnknownStore(url)


def _missing(url: str) -> Path | None:
    """Return the place of a store on disk that is not there, None for any other."""
    for scheme in (SQLITE, FILE):
        if url.startswith(scheme) or (scheme == SQLITE and url.endswith(SUFFIXES)):
            place = _place(url, scheme)
            return None if os.path.lexists(place) else place
    return None


def _is_folder(url: str) -> bool:
    """Tell whether a bare path is an existing folder."""
    try:
        return Path(url).expanduser().is_dir()
    except (OSError, ValueError, RuntimeError):
        return False


def _place(url: str, scheme: str) -> Path:
    """Return the path: after the scheme it stands as it is, a bare one may begin with ~; raise UnknownStore."""
    text = url.removeprefix(scheme)
    if not text or "\0" in text:
        raise UnknownStore(url)
    if not url.startswith(scheme):
        try:
            return Path(text).expanduser()
        except RuntimeError as error:
            raise UnknownStore(url) from error
    place = Path(text)
    if not place.is_absolute():
        raise StoreUnavailable(
            url, f"behind {scheme} stands a whole path; a relative one is written without it: {text}"
        )
    return place
