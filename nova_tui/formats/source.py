"""Source: one chat file as an importer sees it: its bytes, what they look like, and their values, each read once."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import islice
from typing import Any, BinaryIO, Final, TypeVar

from nova_tui.domain.errors import FormatError, YamlError
from nova_tui.formats.archive import Archive
from nova_tui.formats.json_text import decode, lines_of, may_hold_bad_characters, mended, read_json, read_line
from nova_tui.formats.source_bytes import SourceBytes
from nova_tui.formats.streaming import LINES, SAMPLE, kind_of_pieces, lines_in, value_of, values_in
from nova_tui.yamlio import read_all_yaml

Text = TypeVar("Text")

WHOLE: Final = 8 << 20
"""Bytes up to which lines and lists are read as a whole too: nothing of them is taken before all of it is sound."""

_MAGIC: Final = (
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"SQLite format 3\0", "sqlite"),
    (b"\x1f\x8b", "gzip"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
)
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
        unpacked: Callable[[], Iterator[bytes]] | None = None,
        size: int = 0,
    ) -> None:
        self.name: str = mended(name, lambda _count: None)
        """The file's name without its folder."""
        self.modified = modified
        """When the file was last changed, for rows of formats that keep no times."""
        self.replaced = 0
        """Characters that no database holds and that were replaced in what has been read so far."""
        self.part = 0.0
        """How much of the source has been read, of 1."""
        self._stream = stream if stream is not None else io.BytesIO(data)
        self.content = SourceBytes(self._stream) if unpacked is None else SourceBytes(unpacked, size)
        """Its bytes."""

    # -- bytes -------------------------------------------------------------------------------------------------------

    @property
    def head(self) -> bytes:
        """The first bytes."""
        return self.content.beginning[:64]

    @property
    def data(self) -> bytes:
        """All bytes; raise FormatError when there are more than are read as a whole."""
        return self.content.whole

    @property
    def sha256(self) -> str:
        """The hash of the bytes."""
        return self.content.sha256

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
        if found := self._kind_of_pieces:
            return found
        text = self.text
        first = text.lstrip()[:1]
        if not first:
            return "empty"
        if first in "{[":
            return self._json_kind()
        return "yaml" if self.name.lower().endswith(_YAML) or _NATIVE_YAML.search(text) else "text"

    @property
    def streams(self) -> bool:
        """Whether the source is so large that its values come one by one as they are read."""
        return self.kind != "zip" and self._kind_of_pieces is not None

    @cached_property
    def _kind_of_pieces(self) -> str | None:
        """What a large file is that can be read piece by piece: jsonl, or json for a list; None for any other."""
        return kind_of_pieces(self.name, self.content) if self.content.size > WHOLE else None

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
        if self.name.lower().endswith(LINES):
            return "jsonl"
        if not more:
            self._problem = FormatError(problem.reason, problem.where)
            return "json"
        try:
            self._document = self._mended(read_json(self.text), self.text)
        except FormatError as error:
            sample = [isinstance(value_of(*line), dict) for line in _some(lines_of(self.text))]
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
        if self.streams and self._document is None and self._problem is None:
            self._json_kind()
        if self._problem is not None:
            raise self._problem
        return self._document

    def entries(self) -> Iterator[Record]:
        """Yield the values of the file, one for each line or item of its list; of an archive, of its conversations.

        Raises FormatError. Where the source streams, what cannot be read is left out, and that is said at the end;
        else the first one is not given before all of them are known to be sound.
        """
        if self.kind == "zip":
            yield from self._packed_entries()
        elif self.streams:
            yield from self._lines_one_by_one() if self.kind == "jsonl" else self._items_one_by_one()
        else:
            yield from self._all_at_once(self.all_entries())

    def all_entries(self) -> list[Record]:
        """Return the values of the file at once; raise FormatError where one is not sound, or there is too much."""
        if self.kind == "jsonl":
            return self.checked_records()
        documents = self.yaml_documents if self.kind == "yaml" else [self.document]
        values = [value for found in documents for value in (found if isinstance(found, list) else [found])]
        return [Record(number, value) for number, value in enumerate(values, 1)]

    def _told(self) -> Iterator[bytes]:
        """Yield the bytes piece by piece and note how much of them has been read."""
        done = 0
        for chunk in self.content.chunks():
            done += len(chunk)
            self.part = min(1.0, done / self.content.size)
            yield chunk

    def _all_at_once(self, records: list[Record]) -> Iterator[Record]:
        """Yield what has been read."""
        for count, record in enumerate(records, 1):
            self.part = count / len(records)
            yield record

    def _lines_one_by_one(self) -> Iterator[Record]:
        """Yield the values of the lines; raise FormatError at the end where some could not be read."""
        damaged: list[FormatError] = []
        for number, line in lines_in(self._told()):
            try:
                if isinstance(line, FormatError):
                    raise line
                value = self._mended(read_line(number, line), line)
            except FormatError as error:
                damaged.append(error)
            else:
                yield Record(number, value)
        if damaged:
            raise FormatError(f"{damaged[0].reason} ({_left_out(len(damaged))})", damaged[0].where)

    def _items_one_by_one(self) -> Iterator[Record]:
        """Yield the values of the list; raise FormatError behind the last one that can be read."""
        values = enumerate(values_in(self._told()), 1)
        number = 0
        try:
            for number, (value, text) in values:
                yield Record(number, self._mended(value, text))
        except FormatError as error:
            if not number:
                raise
            raise FormatError(f"{error.reason} (what stands before it was read)", error.where) from error

    def _packed_entries(self) -> Iterator[Record]:
        """Yield the values of all members."""
        number = 0
        for index, name in enumerate(self.members):
            inner = self._inner(name)
            if inner is None:
                document = self._first_member if index == 0 else self._member(name)
                records = self._all_at_once(
                    [Record(at, value) for at, value in enumerate(document, 1)]
                    if isinstance(document, list)
                    else [Record(1, document)]
                )
            else:
                records = inner.entries()
            try:
                for record in records:
                    number += 1
                    within = self.part if inner is None else inner.part
                    self.part = (index + within) / len(self.members)
                    yield Record(number, record.value)
            except FormatError as error:
                raise FormatError(error.reason, ", ".join(filter(None, (name, error.where)))) from error
            if inner is not None:
                self.replaced += inner.replaced

    def _inner(self, name: str) -> Source | None:
        """Return a member that is read piece by piece, None for one that is not."""
        size = self.archive.size(name)
        if size <= WHOLE:
            return None
        inner = Source(name=name.rpartition("/")[2], unpacked=lambda: self.archive.chunks(name), size=size)
        return inner if inner.streams else None

    @property
    def single(self) -> bool:
        """Whether the source holds one value only."""
        return not self.streams and self.kind != "zip" and len(self.all_entries()) == 1

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
        return Archive(self._stream)

    @cached_property
    def members(self) -> tuple[str, ...]:
        """The members of an archive that hold conversations of a data export, in the order of their names."""
        return tuple(name for name in self.archive.names if _CONVERSATIONS.fullmatch(name))

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
        return self.kind in ("json", "zip") and (self._sampled is not None or isinstance(self._root, list))

    @cached_property
    def sample(self) -> tuple[Any, ...]:
        """The first records: of a list, of the lines, or the one value."""
        if self.kind == "yaml":
            return ()
        if self._sampled is not None:
            return self._sampled
        if self.kind == "jsonl":
            found = []
            for number, line in _some(lines_in(self.content.chunks()) if self.streams else lines_of(self.text)):
                with suppress(FormatError):
                    found.append(read_line(number, line if isinstance(line, str) else ""))
            return tuple(found)
        root = self._root
        return tuple(root[:SAMPLE]) if isinstance(root, list) else () if root is None else (root,)

    @cached_property
    def _sampled(self) -> tuple[Any, ...] | None:
        """The first values of a list that is read piece by piece, None where there is none."""
        inner = self._inner(self.members[0]) if self.kind == "zip" and self.members else self
        if inner is None or not inner.streams or inner.kind != "json":
            return None
        found: list[Any] = []
        with suppress(FormatError):
            found.extend(value for value, _text in islice(values_in(inner.content.chunks()), SAMPLE))
        return tuple(found)

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


def _some(lines: Iterable[tuple[int, Text]]) -> Iterator[tuple[int, Text]]:
    """Yield the first lines."""
    return islice(lines, SAMPLE)


def _left_out(count: int) -> str:
    """Say that lines were left out."""
    return "the line was left out, the others were read" if count == 1 else f"{count} such lines were left out"
