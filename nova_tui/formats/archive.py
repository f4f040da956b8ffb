"""ZIP archives that strangers made: members are looked at by name and read into memory, nothing is written anywhere.

Names are only compared, never used as paths. What a header says about sizes is not believed: what comes out is counted.
"""

from __future__ import annotations

import lzma
import zipfile
import zlib
from functools import cached_property
from typing import BinaryIO, Final

from nova_tui.domain.errors import FormatError

MAX_MEMBERS: Final = 100_000
MAX_MEMBER: Final = 256 << 20
"""Bytes that one member may unpack to."""
MAX_TOTAL: Final = 1 << 30
"""Bytes that all members together may unpack to."""

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

    def read(self, name: str, limit: int | None = None) -> bytes:
        """Return the bytes of a member; raise FormatError when it is encrypted, damaged or unpacks to too much."""
        chunks, size, limit = [], 0, MAX_MEMBER if limit is None else limit
        try:
            member = self._zip.getinfo(name)
            if member.flag_bits & 1:
                raise FormatError("it is encrypted; unpack it first", name)
            with self._zip.open(member) as file:
                while chunk := file.read(_CHUNK):
                    size += len(chunk)
                    self._total += len(chunk)
                    if size > limit or self._total > MAX_TOTAL:
                        raise FormatError("it unpacks to more than is read from an archive", name)
                    chunks.append(chunk)
        except _FAILURES as error:
            raise FormatError(f"it cannot be unpacked: {error}", name) from error
        return b"".join(chunks)
