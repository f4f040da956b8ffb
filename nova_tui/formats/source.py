"""Source: one chat file as an importer sees it: its bytes, what they look like, and their values, each read once."""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, BinaryIO, Final

from nova_tui.domain.errors import FormatError, YamlError
from nova_tui.formats.archive import Archive
from nova_tui.formats.json_text import decode, lines_of, may_hold_bad_characters, mended, read_json, read_line
from nova_tui.yamlio import read_all_yaml

MAX_BYTES: Final = 256 << 20
"""Bytes of a file that is read as a whole; an archive may be larger, its members may not."""
SAMPLE: Final = 50
"""Records that telling a format looks at."""

_MAGIC: Final = (
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"SQLite format 3\0", "sqlite"),
    (b"\x1f\x8b", "gzip"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
)
_LINES: Final = (".jsonl", ".ndjson")
_YAML: Final = (".yaml", ".yml")
_NATIVE_YAML: Final = re.compile(r"""^(?:-[ ]+)?["']?nova_tui["']?[ ]*:""", re.MULTILINE)
_CONVERSATIONS: Final = re.compile(r"(?:.*/)?conversations(?:-\d+)?\.json", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Record:
    """One value of a source and where it stands: the line of a line-by-line file, else its place from 1."""

    number: int
    value: Any


class Source:
    """One file, one archive, or one member of an archive."""

    def __init__(
        self,
        data: bytes = b"",
        name: str = "",
        *,
        modified: datetime | None = None,
        stream: BinaryIO | None = None,
    ) -> None:
        self.name: str = mended(name, lambda _count: None)
        """The file's name without its folder."""
        self.modified = modified
        """When the file was last changed, for rows of formats that keep no times."""
        self.replaced = 0
        """Characters that no database holds and that were replaced in what has been read so far."""
        self._data = data
        self._stream = stream

    # -- bytes -------------------------------------------------------------------------------------------------------

    @cached_property
    def head(self) -> bytes:
        """The first bytes."""
        if self._stream is None:
            return self._data[:64]
        self._stream.seek(0)
        return self._stream.read(64)

    @cached_property
    def data(self) -> bytes:
        """All bytes; raise FormatError when there are more than are read as a whole."""
        data = self._data
        if self._stream is not None:
            self._stream.seek(0)
            data = self._stream.read(MAX_BYTES + 1)
        if len(data) > MAX_BYTES:
            raise FormatError(f"it is larger than {MAX_BYTES >> 20} MB")
        return data

    @cached_property
    def sha256(self) -> str:
        """The hash of the bytes."""
        if self._stream is None:
            return hashlib.sha256(self._data).hexdigest()
        digest = hashlib.sha256()
        self._stream.seek(0)
        while chunk := self._stream.read(1 << 20):
            digest.update(chunk)
        return digest.hexdigest()

    @cached_property
    def text(self) -> str:
        """The bytes as text; raise FormatError."""
        return decode(self.data)

    # -- shape -------------------------------------------------------------------------------------------------------

    @cached_property
    def kind(self) -> str:
        """What the bytes look like: empty, zip, sqlite, gzip, zstd, json, jsonl, yaml or text; raise FormatError."""
        for magic, kind in _MAGIC:
            if self.head.startswith(magic):
                return kind
        text = self.text
        first = text.lstrip()[:1]
        if not first:
            return "empty"
        if first in "{[":
            return self._json_kind()
        return "yaml" if self.name.lower().endswith(_YAML) or _NATIVE_YAML.search(text) else "text"

    def _json_kind(self) -> str:
        """Tell one JSON value from one a line; the value, or why there is none, is kept."""
        lines = lines_of(self.text)
        number, line = next(lines)
        more = next(lines, None) is not None
        try:
            value = read_line(number, line)
        except FormatError as error:
            problem = error
        else:
            if not more:
                self._document = self._mended(value, line)
            return "jsonl" if more else "json"
        if self.name.lower().endswith(_LINES):
            return "jsonl"
        if not more:
            self._problem = FormatError(problem.reason, problem.where)
            return "json"
        try:
            self._document = self._mended(read_json(self.text), self.text)
        except FormatError as error:
            sample = [_is_record(number, line) for number, line in _some(lines_of(self.text))]
            if sum(sample) * 2 >= len(sample):
                return "jsonl"
            self._problem = error
        return "json"

    def _mended(self, value: Any, text: str) -> Any:
        """Return the value with characters replaced that no database holds, and count them."""
        return mended(value, self._count) if may_hold_bad_characters(text) else value

    def _count(self, characters: int) -> None:
        """Count replaced characters."""
        self.replaced += characters

    # -- values ------------------------------------------------------------------------------------------------------

    _document: Any = None
    _problem: FormatError | None = None

    @property
    def document(self) -> Any:
        """The one JSON value of the file; raise FormatError."""
        if self.kind != "json":
            raise FormatError("it is not one JSON value")
        if self._problem is not None:
            raise self._problem
        return self._document

    @cached_property
    def records(self) -> list[Record]:
        """The values of a line-by-line file that could be read; `damaged` says of which lines this is not true."""
        if self.kind == "json":
            return [Record(1, self.document)]
        found = []
        for number, line in lines_of(self.text):
            try:
                found.append(Record(number, self._mended(read_line(number, line), line)))
            except FormatError as error:
                self.damaged.append(error)
        return found

    @cached_property
    def damaged(self) -> list[FormatError]:
        """The lines that could not be read, once `records` has been asked for."""
        return []

    def checked_records(self) -> list[Record]:
        """Return the values of a line-by-line file of which every line must be sound; raise FormatError."""
        records = self.records
        if self.damaged:
            raise self.damaged[0]
        return records

    @cached_property
    def yaml_documents(self) -> list[Any]:
        """The documents of a YAML file; raise FormatError."""
        try:
            found = list(read_all_yaml(self.text))
        except YamlError as error:
            raise FormatError(error.reason, f"line {error.line}" if error.line else "") from error
        return mended(found, self._count) if "\\" in self.text else found

    # -- archives ----------------------------------------------------------------------------------------------------

    @cached_property
    def archive(self) -> Archive:
        """The file as an archive; raise FormatError."""
        return Archive(self._stream if self._stream is not None else io.BytesIO(self._data))

    @cached_property
    def members(self) -> tuple[str, ...]:
        """The members of an archive that hold conversations of a data export, in the order of their names."""
        return tuple(name for name in self.archive.names if _CONVERSATIONS.fullmatch(name))

    def documents(self) -> Iterator[Any]:
        """Yield the JSON value of the file, or of each member of a data export; raise FormatError."""
        if self.kind != "zip":
            yield self.document
            return
        for index, name in enumerate(self.members):
            yield self._first_member if index == 0 else self._member(name)

    @cached_property
    def _first_member(self) -> Any:
        """The value of the first member, which telling the format needs too."""
        return self._member(self.members[0])

    def _member(self, name: str) -> Any:
        """Return the JSON value of a member."""
        inner = Source(self.archive.read(name), name.rpartition("/")[2])
        try:
            value = read_json(inner.text)
        except FormatError as error:
            raise FormatError(error.reason, ", ".join(filter(None, (name, error.where)))) from error
        value = inner._mended(value, inner.text)
        self.replaced += inner.replaced
        return value

    # -- telling the format ------------------------------------------------------------------------------------------

    @cached_property
    def is_list(self) -> bool:
        """Whether the file (or the first member of the archive) is one JSON list."""
        return self.kind in ("json", "zip") and isinstance(self._root, list)

    @cached_property
    def sample(self) -> tuple[Any, ...]:
        """The first records: of a list, of the lines, or the one value."""
        if self.kind == "jsonl":
            found = []
            for number, line in _some(lines_of(self.text)):
                try:
                    found.append(read_line(number, line))
                except FormatError:
                    continue
            return tuple(found)
        if self.kind == "yaml":
            return ()
        root = self._root
        return tuple(root[:SAMPLE]) if isinstance(root, list) else () if root is None else (root,)

    @property
    def mappings(self) -> tuple[dict[str, Any], ...]:
        """The mappings among the sample."""
        return tuple(item for item in self.sample if isinstance(item, dict))

    @property
    def _root(self) -> Any:
        """The value that the sample is taken from, None where there is none."""
        if self.kind == "json":
            return self.document if self._problem is None else None
        return self._first_member if self.kind == "zip" and self.members else None


def _some(lines: Iterator[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """Yield the first lines."""
    for _count, line in zip(range(SAMPLE), lines, strict=False):
        yield line


def _is_record(number: int, line: str) -> bool:
    """Tell whether a line is a JSON object."""
    try:
        return isinstance(read_line(number, line), dict)
    except FormatError:
        return False
