"""The careful reader of JSON that strangers wrote: bytes become text, text becomes values, or a FormatError says why.

What Python's own reader lets pass is refused or mended here: nesting that would exhaust the stack, repeated keys, NaN
and infinities, numbers of thousands of digits. Characters that no database holds (NUL, halves of surrogate pairs) are
replaced, and how many is said.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterator
from typing import Any, Final, NoReturn

from nova_tui.domain.errors import FormatError

MAX_DEPTH: Final = 64
"""Mappings and lists inside each other."""
MAX_DIGITS: Final = 400
"""Characters of a number."""
REPLACEMENT: Final = "\ufffd"
_LONGEST_WORD: Final = 16
"""Characters; a sign of JSON that a text ends within begins less far from its end, unless it is a string."""

_BOMS: Final = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_STRING: Final = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"', re.DOTALL)
_NO_BRACKET: Final = re.compile(r"[^\[\]{}]+")
_LONG_NUMBER: Final = re.compile(rf"[0-9]{{{MAX_DIGITS}}}|[eE]\+?[0-9]{{3}}")
_BAD_ESCAPE: Final = re.compile(r"\\u(?:0000|[dD][89a-fA-F])")
_BAD_CHARACTER: Final = re.compile("[\0\ud800-\udfff]")


class CutJson(FormatError):
    """A JSON value that may go on where the text ends."""


def decode(data: bytes) -> str:
    """Return the bytes as text: UTF-8, or UTF-16 where a mark at the beginning says so; raise FormatError."""
    mark, encoding = next((known for known in _BOMS if data.startswith(known[0])), (b"", "utf-8"))
    try:
        return data[len(mark) :].decode(encoding)
    except UnicodeDecodeError as error:
        if encoding == "utf-8" and b"\0" in data[:4096]:
            raise FormatError("it is not text but binary data of a kind that is not known here") from error
        place = error.start + len(mark)
        raise FormatError(f"it is not {encoding.upper()} text; save it as UTF-8", f"byte {place}") from error


def read_json(text: str) -> Any:
    """Return the value of a JSON text, strings as they are (see `mended`); raise FormatError with line and column."""
    bare = _STRING.sub("", text)
    _check_depth(bare)
    hooks: dict[str, Any] = {}
    if _LONG_NUMBER.search(bare):
        hooks = {"parse_int": _read_int, "parse_float": _read_float}
    try:
        return json.loads(text, object_pairs_hook=_mapping, parse_constant=_refuse_constant, **hooks)
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise FormatError(f"it is not JSON: {error.msg}", where) from error
    except (RecursionError, ValueError) as error:
        raise FormatError(f"it is not usable JSON: {error}") from error


def read_first(text: str, start: int) -> tuple[Any, int]:
    """Return the JSON value that begins at a place of a text, and where it ends; raise FormatError, CutJson.

    What the careful reader looks at beforehand is looked at afterwards here, because nobody knows yet where it ends.
    """
    try:
        value, end = _DECODER.raw_decode(text, start)
    except json.JSONDecodeError as error:
        cut = error.pos > len(text) - _LONGEST_WORD or error.msg.startswith("Unterminated")
        raise (CutJson if cut else FormatError)(f"it is not JSON: {error.msg}") from error
    except (RecursionError, ValueError) as error:
        raise FormatError(f"it is not usable JSON: {error}") from error
    bare = _STRING.sub("", text[start:end])
    _check_depth(bare)
    return (read_json(text[start:end]) if _LONG_NUMBER.search(bare) else value), end


def _check_depth(bare: str) -> None:
    """Refuse deep nesting before the parser sees it: peel brackets, level by level, off a text without strings."""
    if bare.count("[") + bare.count("{") <= MAX_DEPTH:
        return
    brackets = _NO_BRACKET.sub("", bare)
    for _level in range(MAX_DEPTH):
        peeled = brackets.replace("[]", "").replace("{}", "")
        if peeled == brackets:
            break
        brackets = peeled
    else:
        if brackets:
            raise FormatError(f"it is nested deeper than {MAX_DEPTH}")
    # what is left has brackets that do not match: the parser says so best, unless they would make it recurse
    if brackets.count("[") + brackets.count("{") > MAX_DEPTH:
        raise FormatError(f"it is nested deeper than {MAX_DEPTH}")


def _mapping(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return a mapping; refuse a repeated key, of which Python would silently keep the last."""
    mapping = dict(pairs)
    if len(mapping) != len(pairs):
        seen: set[str] = set()
        for key, _value in pairs:
            if key in seen:
                raise FormatError(f"the key {key!r} is there twice in one object")
            seen.add(key)
    return mapping


def _refuse_constant(name: str) -> NoReturn:
    """Refuse NaN and infinities, which are no JSON."""
    raise FormatError(f"{name} is not a number that JSON knows")


_DECODER: Final = json.JSONDecoder(object_pairs_hook=_mapping, parse_constant=_refuse_constant)


def _read_int(text: str) -> int:
    """Return a whole number of bearable length."""
    if len(text) > MAX_DIGITS:
        raise FormatError(f"a number has more than {MAX_DIGITS} digits")
    return int(text)


def _read_float(text: str) -> float:
    """Return a finite number."""
    number = float(text)
    if len(text) > MAX_DIGITS or not math.isfinite(number):
        raise FormatError("a number is too large")
    return number


# -- characters that no database holds ------------------------------------------------------------------------------


def may_hold_bad_characters(text: str) -> bool:
    """Tell whether the values of this JSON text may hold NUL or a lone surrogate."""
    return _BAD_ESCAPE.search(text) is not None or _BAD_CHARACTER.search(text) is not None


def mended(value: Any, tell: Callable[[int], None]) -> Any:
    """Return the value with NUL and lone surrogates replaced in every string; `tell` gets how many in each."""
    if isinstance(value, str):
        fixed, count = _BAD_CHARACTER.subn(REPLACEMENT, value)
        if count:
            tell(count)
        return fixed
    if isinstance(value, list):
        return [mended(item, tell) for item in value]
    if isinstance(value, dict):
        return {mended(key, tell): mended(item, tell) for key, item in value.items()}
    return value


# -- one value a line -----------------------------------------------------------------------------------------------


def lines_of(text: str) -> Iterator[tuple[int, str]]:
    """Yield the lines that are not blank, with their numbers from 1; only a newline ends a line."""
    start, number, end = 0, 0, len(text)
    while start < end:
        stop = text.find("\n", start)
        stop = end if stop < 0 else stop
        number += 1
        line = text[start:stop]
        if line and not line.isspace():
            yield number, line
        start = stop + 1


def read_line(number: int, line: str) -> Any:
    """Return the value of one line; raise FormatError with the line's number."""
    try:
        return read_json(line)
    except FormatError as error:
        column = error.where.partition(", ")[2]
        raise FormatError(error.reason, f"line {number}, {column}" if column else f"line {number}") from error
