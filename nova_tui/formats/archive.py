"""ZIP archives that strangers made: members are looked at by name and read into memory, nothing is written anywhere.

Names are only compared, never used as paths. What a header says about sizes is not believed: what comes out is counted.
"""

from __future__ import annotations

import lzma
import zipfile
import zlib
from collections.abc import Iterator
from functools import cached_property
from typing import BinaryIO, Final

from nova_tui.domain.errors import FormatError

MAX_MEMBERS: Final = 100_000
MAX_MEMBER: Final = 256 << 20
"""Bytes that one member may unpack to."""
MAX_TOTAL: Final = 1 << 30
"""Bytes that all members together may unpack to."""
MAX_STREAMED: Final = 8 << 30
"""Bytes that a member may unpack to which is read piece by piece."""

_CHUNK: Final = 1 << 20
_FAILURES: Final = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    lzma.LZMAError,
    RuntimeError,
    NotImplementedError,
    EOFError,
    OSError,
    ValueError,
    KeyError,
    IndexError,
    OverflowError,
)


class Archive:
    """The members of a ZIP archive."""

    def __init__(self, stream: BinaryIO) -> None:
        self._total = 0
        try:
            self._zip = zipfile.ZipFile(stream)
        except _FAILURES as error:
            raise FormatError(f"it is not a usable archive: {error}") from error
        if len(self._zip.infolist()) > MAX_MEMBERS:
            raise FormatError(f"the archive holds more than {MAX_MEMBERS:,} files")

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The names of the files in it, each once, in the order of their names."""
        names = {member.filename for member in self._zip.infolist()}
        return tuple(sorted(name for name in names if name and not name.endswith("/")))

    def size(self, name: str) -> int:
        """Return what the header says that a member unpacks to, which need not be true."""
        return self._zip.getinfo(name).file_size

    def read(self, name: str, limit: int | None = None) -> bytes:
        """Return the bytes of a member; raise FormatError when it is encrypted, damaged or unpacks to too much."""
        chunks = []
        for chunk in self.chunks(name, MAX_MEMBER if limit is None else limit):
            self._total += len(chunk)
            if self._total > MAX_TOTAL:
                raise _too_much(name)
            chunks.append(chunk)
        return b"".join(chunks)

    def chunks(self, name: str, limit: int = MAX_STREAMED) -> Iterator[bytes]:
        """Yield the bytes of a member piece by piece; raise FormatError as `read` does."""
        size = 0
        try:
            member = self._zip.getinfo(name)
            if member.flag_bits & 1:
                raise FormatError("it is encrypted; unpack it first", name)
            with self._zip.open(member) as file:
                while chunk := file.read(_CHUNK):
                    size += len(chunk)
                    if size > limit:
                        raise _too_much(name)
                    yield chunk
        except _FAILURES as error:
            raise FormatError(f"it cannot be unpacked: {error}", name) from error


def _too_much(name: str) -> FormatError:
    """Return why a member is not read."""
    return FormatError("it unpacks to more than is read from an archive", name)
