"""Large files piece by piece: the lines of a text, or the values of one JSON list, without holding the whole of it."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, Final

from nova_tui.domain.errors import FormatError
from nova_tui.formats.json_text import CutJson, decode, read_first, read_line
from nova_tui.formats.source_bytes import SourceBytes

MAX_PIECE: Final = 256 << 20
"""Bytes, or characters, of one line or one value."""

LINES: Final = (".jsonl", ".ndjson")
"""Endings of files of one value a line."""
_BLANK: Final = re.compile(r"[ \t\r\n]*")
SAMPLE: Final = 50
"""Records that telling a format looks at."""


def kind_of_pieces(name: str, content: SourceBytes) -> str | None:
    """Tell what a text is that can be read piece by piece: jsonl, or json for a list; None for any other."""
    start = content.beginning.removeprefix(codecs.BOM_UTF8).lstrip()
    if start[:1] not in (b"{", b"["):
        return None
    if name.lower().endswith(LINES):
        return "jsonl"
    listed = start[:1] == b"["
    if listed and b"\n" not in start:
        return "json"
    try:
        lines = [(number, line) for number, line in islice(lines_in(content.chunks()), SAMPLE) if isinstance(line, str)]
    except FormatError:
        return None
    values = [value_of(number, line) for number, line in lines]
    records = sum(isinstance(value, dict) for value in values)
    if len(values) > 1 and (values[0] is not None or records * 2 >= len(values)):
        return "jsonl"
    return "json" if listed else None


def value_of(number: int, line: str) -> Any:
    """Return the value of a line, None where it is not JSON."""
    try:
        return read_line(number, line)
    except FormatError:
        return None


def lines_in(chunks: Iterable[bytes]) -> Iterator[tuple[int, str | FormatError]]:
    """Yield the lines that are not blank, with their numbers from 1, and in place of one that is no text why not."""
    parts: list[bytes] = []
    number = size = 0
    for chunk in chunks:
        *whole, rest = chunk.split(b"\n")
        for end in whole:
            number += 1
            yield from _line(number, b"".join((*parts, end)) if parts else end)
            parts, size = [], 0
        parts.append(rest)
        size += len(rest)
        if size > MAX_PIECE:
            raise FormatError(f"it is longer than {MAX_PIECE >> 20} MB", f"line {number + 1}")
    yield from _line(number + 1, b"".join(parts))


def _line(number: int, line: bytes) -> Iterator[tuple[int, str | FormatError]]:
    """Yield one line unless it is blank."""
    if not line or line.isspace():
        return
    try:
        yield number, decode(line)
    except FormatError as error:
        yield number, FormatError(error.reason, f"line {number}")


def values_in(chunks: Iterable[bytes]) -> Iterator[tuple[Any, str]]:
    """Yield the values of a JSON list and the text of each; raise FormatError where it is none, or is cut."""
    text = _Window(chunks)
    if text.next_sign() != "[":
        raise FormatError("it is not a JSON list")
    number = 0
    while True:
        sign = text.next_sign(take=False)
        if sign == "]" and not number:
            text.next_sign()
            break
        number += 1
        yield text.value(number)
        sign = text.next_sign()
        if sign == "]":
            break
        if sign != ",":
            raise FormatError("the list is cut" if not sign else "a comma is missing in the list", f"record {number}")
    if text.next_sign():
        raise FormatError("there is more behind the list", f"record {number}")


class _Window:
    """The part of a text that is looked at."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._chunks = iter(chunks)
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")()
        self._text = ""
        self._place = 0
        self._ended = False

    def _grow(self) -> bool:
        """Take more of the text, at least as much again; tell whether there was any. Raises FormatError."""
        found = [self._text[self._place :]]
        wanted = len(found[0]) + 1
        self._text, self._place = "", 0
        try:
            while wanted > 0 and not self._ended:
                chunk = next(self._chunks, b"")
                self._ended = not chunk
                found.append(self._decoder.decode(chunk, final=self._ended))
                wanted -= len(found[-1])
        except UnicodeDecodeError as error:
            raise FormatError("it is not UTF-8 text; save it as UTF-8") from error
        before = len(found[0])
        self._text = "".join(found)
        return len(self._text) > before

    def next_sign(self, *, take: bool = True) -> str:
        """Return the next character that is not blank, empty at the end."""
        while True:
            found = _BLANK.match(self._text, self._place)
            self._place = found.end() if found else self._place
            if self._place < len(self._text):
                sign = self._text[self._place]
                self._place += take
                return sign
            if not self._grow():
                return ""

    def value(self, number: int) -> tuple[Any, str]:
        """Return the value that begins here and its text; raise FormatError."""
        while True:
            try:
                value, end = read_first(self._text, self._place)
                # a number at the very end may go on
                if end < len(self._text) or self._ended:
                    text = self._text[self._place : end]
                    self._place = end
                    return value, text
            except FormatError as error:
                if self._ended or not isinstance(error, CutJson):
                    raise FormatError(error.reason, f"record {number}") from error
            if len(self._text) - self._place > MAX_PIECE:
                raise FormatError(f"it is longer than {MAX_PIECE >> 20} MB", f"record {number}")
            self._grow()
