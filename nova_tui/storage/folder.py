"""A folder of small files that is touched with care: everything goes through one descriptor, and no link is followed.

A write is whole or not at all, and durable when it returns: a temporary file that only its owner may read, synced,
renamed, and the folder synced too.
"""

from __future__ import annotations

import errno
import fcntl
import os
import secrets
import stat
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from nova_tui.domain.errors import StorageError, StoreReadOnly, StoreUnavailable

MAX_BYTES: Final = 256 * 2**20
"""The largest file that is read."""
PATIENCE: Final = 30.0
"""Seconds to wait for another program's lock."""
TEMPORARY: Final = ".tmp"

_READ: Final = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_WRITE: Final = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC

Signature = tuple[int, int, int, int]
"""What tells one state of a file from another without reading it: time of change, size, inode, and the time that the
system noted, which nobody can put back."""


class NotRegular(OSError):
    """Something in the folder that is not a plain file: a link, a device, a folder."""


class Watch:
    """Decides when to look at all files of a folder again."""

    SHARE = 60
    """Looking takes at most one part in so many of the time, unless the folder itself changed."""
    CHEAP = 0.005
    """Seconds that a look may take to be done every time."""
    GRAIN = 50_000_000
    """Nanoseconds within which two changes of a folder may carry the same time."""

    def __init__(self) -> None:
        self._folder_time: int | None = None
        self._next = 0.0

    def due(self, folder_time: int) -> bool:
        """Tell whether files may have changed since the last look: the folder did, or a while has passed."""
        return folder_time != self._folder_time or time.monotonic() >= self._next

    @contextmanager
    def looking(self, changed_at: Callable[[], int]) -> Iterator[None]:
        """Measure a look; a change in the very moment of it makes the next one due at once."""
        began, folder_time = time.monotonic(), changed_at()
        settled = time.time_ns() - folder_time > self.GRAIN
        yield
        took = time.monotonic() - began
        self._folder_time = folder_time if settled else None
        self._next = time.monotonic() + (took * self.SHARE if took > self.CHEAP else 0.0)


class Folder:
    """A folder, held open."""

    def __init__(self, descriptor: int, place: str) -> None:
        self.descriptor = descriptor
        self.place = place

    @classmethod
    def open(cls, path: Path, *, create: bool, place: str) -> Folder:
        """Open a folder, made for its owner only where it is missing and may be made; raise StoreUnavailable."""
        with errors_of(place):
            if create:
                path.mkdir(mode=0o700, parents=True, exist_ok=True)
            return cls(os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC), place)

    def changed_at(self) -> int:
        """Return when a file was made, renamed or taken away here last, in nanoseconds since 1970."""
        with errors_of(self.place):
            return os.fstat(self.descriptor).st_mtime_ns

    def inode(self) -> int:
        """Return the number that a copy of the folder does not share."""
        return os.fstat(self.descriptor).st_ino

    def inner(self, name: str, *, create: bool) -> Folder | None:
        """Open a folder in this one; None where it is missing and may not be made."""
        if create:
            with suppress(FileExistsError):
                os.mkdir(name, 0o700, dir_fd=self.descriptor)
        try:
            flags = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
            return Folder(os.open(name, flags, dir_fd=self.descriptor), self.place)
        except FileNotFoundError:
            return None

    def close(self) -> None:
        """Let go of the folder; a second time does nothing."""
        if self.descriptor >= 0:
            os.close(self.descriptor)
            self.descriptor = -1

    # -- reading -----------------------------------------------------------------------------------------------------

    def names(self) -> list[str]:
        """Return the names in the folder."""
        return os.listdir(self.descriptor)  # noqa: PTH208  a path could be swapped, a descriptor cannot

    def signature(self, name: str) -> Signature | None:
        """Return a file's signature, None where there is no such name; raise NotRegular."""
        try:
            found = os.stat(name, dir_fd=self.descriptor, follow_symlinks=False)
        except FileNotFoundError:
            return None
        return _signature(found)

    def read(self, name: str) -> tuple[bytes, Signature] | None:
        """Return a file's bytes and signature, None where there is no such name; raise OSError, NotRegular."""
        try:
            descriptor = os.open(name, _READ, dir_fd=self.descriptor)
        except FileNotFoundError:
            return None
        except OSError as error:
            if error.errno == errno.ELOOP:
                raise NotRegular(error.errno, "it is a link, not a plain file") from error
            raise
        try:
            signature = _signature(os.fstat(descriptor))
        except OSError:
            os.close(descriptor)
            raise
        with os.fdopen(descriptor, "rb") as file:
            content = file.read(MAX_BYTES + 1)
            if len(content) > MAX_BYTES:
                raise OSError(0, "it is too large")
            return content, signature

    # -- writing -----------------------------------------------------------------------------------------------------

    @contextmanager
    def replacing(self, name: str, content: bytes, *, durable: bool = True) -> Iterator[None]:
        """Put a file in the place of what has the name, durably, when the context ends well.

        The new file is already safe on the disk, under another name, when the context begins; when it ends badly, or
        with an OSError, everything is as it was.
        """
        temporary = f".{name}.{secrets.token_hex(4)}{TEMPORARY}"
        descriptor = os.open(temporary, _WRITE | os.O_EXCL, 0o600, dir_fd=self.descriptor)
        try:
            with os.fdopen(descriptor, "r+b") as file:
                file.write(content)
                file.flush()
                if durable:
                    os.fsync(file.fileno())
                    file.seek(0)
                    if file.read() != content:
                        raise OSError(errno.EIO, "what was written could not be read back")
            yield
            os.rename(temporary, name, src_dir_fd=self.descriptor, dst_dir_fd=self.descriptor)
        except BaseException:
            with suppress(FileNotFoundError):
                os.unlink(temporary, dir_fd=self.descriptor)
            raise
        if durable:
            os.fsync(self.descriptor)

    def write(self, name: str, content: bytes, *, durable: bool = True) -> None:
        """Put a file in the place of what has the name, durably; raise OSError and leave everything as it was."""
        with self.replacing(name, content, durable=durable):
            pass

    def cut(self, name: str, length: int) -> None:
        """Shorten a file."""
        descriptor = os.open(name, _WRITE, 0o600, dir_fd=self.descriptor)
        try:
            os.ftruncate(descriptor, length)
        finally:
            os.close(descriptor)

    def append(self, name: str, content: bytes, *, keep: int, durable: bool = True) -> None:
        """Put `content` behind the first `keep` bytes of a file, which is made where it is missing."""
        descriptor = os.open(name, _WRITE, 0o600, dir_fd=self.descriptor)
        with os.fdopen(descriptor, "r+b") as file:
            fresh = _signature(os.fstat(file.fileno()))[1] == 0
            file.truncate(keep)
            file.seek(keep)
            file.write(content)
            file.flush()
            if durable:
                os.fsync(file.fileno())
        if fresh and durable:
            os.fsync(self.descriptor)

    def move(self, name: str, target: Folder, new_name: str | None = None) -> None:
        """Move a file to another folder, durably."""
        os.rename(name, new_name or name, src_dir_fd=self.descriptor, dst_dir_fd=target.descriptor)
        os.fsync(target.descriptor)
        os.fsync(self.descriptor)

    def remove(self, name: str) -> None:
        """Take a file away, durably; one that is not there is no error."""
        with suppress(FileNotFoundError):
            os.unlink(name, dir_fd=self.descriptor)
            os.fsync(self.descriptor)

    def sweep(self) -> None:
        """Take away temporary files that a program left over when it was killed; call it with the lock held."""
        for name in self.names():
            if name.startswith(".") and name.endswith(TEMPORARY):
                with suppress(OSError):
                    os.unlink(name, dir_fd=self.descriptor)

    @contextmanager
    def locked(self, name: str) -> Iterator[None]:
        """Keep other writers out while the context is open; raise StoreUnavailable when one stays too long."""
        descriptor = os.open(name, _WRITE, 0o600, dir_fd=self.descriptor)
        try:
            deadline = time.monotonic() + PATIENCE
            while True:
                try:
                    fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except BlockingIOError:
                    if time.monotonic() > deadline:
                        raise StoreUnavailable(self.place, "another program keeps it locked; try again") from None
                    time.sleep(0.005)
            yield
        finally:
            os.close(descriptor)


@contextmanager
def errors_of(place: str) -> Iterator[None]:
    """Raise what an operating system's error is to the caller of a store: the one place that maps them."""
    try:
        yield
    except StorageError:
        raise
    except PermissionError as error:
        raise StoreUnavailable(place, "its files may not be read or written") from error
    except OSError as error:
        if error.errno == errno.EROFS:
            raise StoreReadOnly(place) from error
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise StoreUnavailable(place, "the disk is full; nothing was changed") from error
        raise StoreUnavailable(place, error.strerror or str(error)) from error


def _signature(found: os.stat_result) -> Signature:
    """Return the signature of a plain file; raise NotRegular for anything else."""
    if not stat.S_ISREG(found.st_mode):
        raise NotRegular(0, "it is not a plain file")
    return found.st_mtime_ns, found.st_size, found.st_ino, found.st_ctime_ns
