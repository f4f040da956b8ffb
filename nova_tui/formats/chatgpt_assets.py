"""The pictures of a ChatGPT export: where a message's pointer leads in the archive."""

from __future__ import annotations

import re
from typing import Any, Final

from nova_tui.domain.errors import FormatError
from nova_tui.domain.row import Image
from nova_tui.formats.archive import Archive
from nova_tui.formats.json_text import decode, mended, read_json
from nova_tui.formats.values import as_mapping, image_mime, text_or_none

MAX_IMAGE: Final = 32 << 20
"""Bytes of a picture."""
MAX_IMAGES: Final = 512 << 20
"""Bytes of all pictures of one archive."""

_SCHEME: Final = re.compile(r"[a-z-]+://")
_NAMES: Final = "conversation_asset_file_names.json"
_KEY: Final = re.compile(r"(file[-_][0-9A-Za-z]+)")


class Assets:
    """Finds the pictures that messages point at, by the ids that members' names begin with."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._members: dict[str, str] = {}
        self._names: dict[str, Any] = {}
        self._read = 0
        self.missing = 0
        """Pictures that were asked for and are not there, since it was last set to 0."""
        for member in archive.names:
            base = member.rpartition("/")[2]
            self._members.setdefault(base, member)
            self._members.setdefault(base.partition(".")[0], member)
            if found := _KEY.match(base):
                self._members.setdefault(found[1], member)
            if base == _NAMES:
                self._names = self._table(member)

    def _table(self, member: str) -> dict[str, Any]:
        """Return the table of the pictures' own names, empty when it cannot be read."""
        try:
            return as_mapping(mended(read_json(decode(self._archive.read(member))), lambda _count: None))
        except FormatError:
            return {}

    def find(self, pointer: str, **more: Any) -> Image:
        """Return the picture that a pointer names: its bytes, or the pointer where they are not in the archive."""
        key = _SCHEME.sub("", pointer, count=1).partition("#")[0].partition("?")[0]
        shorter = _KEY.match(key)
        member = self._members.get(key) or (self._members.get(shorter[1]) if shorter else None)
        data = self._bytes(member) if member else None
        if data is None:
            self.missing += 1
            return missing_image(pointer, **more)
        base = (member or "").rpartition("/")[2]
        name = text_or_none(self._names.get(base)) or text_or_none(self._names.get(base.partition(".")[0])) or base
        return Image(image_mime(data), data, name=name, **more)

    def _bytes(self, member: str) -> bytes | None:
        """Return a member's bytes, None where it cannot be read or there are too many."""
        if self._read > MAX_IMAGES:
            return None
        try:
            data = self._archive.read(member, MAX_IMAGE)
        except FormatError:
            return None
        self._read += len(data)
        return data


def missing_image(pointer: str, **more: Any) -> Image:
    """Return what is known of a picture that is not there."""
    return Image(url=pointer, extra={"missing": True}, **more)
