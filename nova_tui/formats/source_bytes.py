"""The bytes of a source: a file or a member of an archive, piece by piece or, up to a limit, as a whole."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import BinaryIO, Final

from nova_tui.domain.errors import FormatError

MAX_BYTES: Final = 256 << 20
"""Bytes that are read as a whole; archives, lines and lists may be larger."""
CHUNK: Final = 1 << 20
"""Bytes that are read at once."""


class SourceBytes:
    """Bytes that can be read from their beginning again and again."""

    def __init__(self, origin: BinaryIO | Callable[[], Iterator[bytes]], size: int | None = None) -> None:
        self._origin = origin
        self.size = size or 0
        """How many there are, or, of a member of an archive, are said to be."""
        if not callable(origin):
            self.size = origin.seek(0, io.SEEK_END)

    def chunks(self) -> Iterator[bytes]:
        """Yield the bytes piece by piece, whatever else is read from the file meanwhile."""
        if callable(self._origin):
            yield from self._origin()
            return
        place = 0
        while True:
            self._origin.seek(place)
            chunk = self._origin.read(CHUNK)
            if not chunk:
                return
            place += len(chunk)
            yield chunk

    @cached_property
    def beginning(self) -> bytes:
        """The first piece."""
        return next(self.chunks(), b"")

    @cached_property
    def whole(self) -> bytes:
        """All bytes; raise FormatError when there are more than are read as a whole."""
        found, size = [], 0
        for chunk in self.chunks():
            size += len(chunk)
            if size > MAX_BYTES:
                raise FormatError(f"it is larger than {MAX_BYTES >> 20} MB; only lists and lines may be; divide it")
            found.append(chunk)
        return b"".join(found)

    @cached_property
    def sha256(self) -> str:
        """The hash of the bytes."""
        digest = hashlib.sha256()
        for chunk in self.chunks():
            digest.update(chunk)
        return digest.hexdigest()
