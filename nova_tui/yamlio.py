"""The one careful reader and writer of YAML: file provider, formats, themes, configuration and demos go through it.

Reading goes over the parser's events, not its constructors, so nothing is executed, nothing recurses and nothing is
guessed: a plain scalar is what JSON would call it (null, true, false, a number) or text; anchors, aliases, tags, merge
keys, repeated keys and deep nesting are refused with the line they stand on.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Sequence
from typing import Any, Final

import yaml

from nova_tui.domain.errors import YamlError
from nova_tui.domain.safe_text import unsafe_character

MAX_DEPTH: Final = 64
MAX_VALUES: Final = 5_000_000
MAX_NUMBER: Final = 400
"""Characters of a number; longer ones are a way to keep a parser busy."""

_PARSER: Final[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_DUMPER: Final[Any] = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
_INTEGER: Final = re.compile(r"-?(?:0|[1-9][0-9]*)")
_FLOAT: Final = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?")
_WORDS: Final[dict[str, bool | None]] = {"": None, "~": None, "null": None, "true": True, "false": False}


def read_yaml(text: str) -> Any:
    """Return the one document of a YAML text as JSON values (an empty text is None); raise YamlError."""
    documents = list(read_all_yaml(text))
    if len(documents) > 1:
        raise YamlError("there is more than one document")
    return documents[0] if documents else None


Place = tuple[str | int, ...]
"""Where a value is in a document: keys and indices from the outside in."""


def read_yaml_lines(text: str) -> tuple[Any, dict[Place, int]]:
    """Return the one document as `read_yaml` does, and the line on which each key or item stands; raise YamlError."""
    lines: dict[Place, int] = {}
    documents = list(_read(text, lines))
    if len(documents) > 1:
        raise YamlError("there is more than one document")
    return documents[0] if documents else None, lines


def read_all_yaml(text: str) -> Iterator[Any]:
    """Yield every document of a YAML text as JSON values; raise YamlError."""
    return _read(text, None)


def _read(text: str, lines: dict[Place, int] | None) -> Iterator[Any]:
    """Yield every document, and note the lines where they are wanted."""
    try:
        yield from _documents(yaml.parse(text, Loader=_PARSER), lines)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        reason = getattr(error, "problem", None) or getattr(error, "reason", None) or "it cannot be read"
        raise YamlError(f"not YAML: {reason}", mark.line + 1 if mark else 0) from error
    except (RecursionError, ValueError) as error:
        raise YamlError(f"not usable YAML: {error}") from error


def _documents(events: Iterator[Any], lines: dict[Place, int] | None) -> Iterator[Any]:
    """Build documents from parser events."""
    stack: list[_Open] = []
    root: Any = None
    for count, event in enumerate(events, 1):
        line = event.start_mark.line + 1
        if count > MAX_VALUES:
            raise YamlError("too many values", line)
        if isinstance(event, yaml.DocumentStartEvent):
            root = None
        elif isinstance(event, yaml.DocumentEndEvent):
            yield root
        elif isinstance(event, yaml.NodeEvent):
            value = _value(event, line)
            place: Place = ()
            if stack:
                place = stack[-1].put(value, line)
                if lines is not None:
                    lines.setdefault(place, line)
            else:
                root = value
            if isinstance(value, dict | list):
                if len(stack) >= MAX_DEPTH:
                    raise YamlError(f"nested deeper than {MAX_DEPTH}", line)
                stack.append(_Open(value, place))
        elif isinstance(event, yaml.CollectionEndEvent):
            stack.pop()


def line_of(text: str, path: Sequence[str | int]) -> int:
    """Return the line on which a value of the first document begins, or the nearest one around it; 0 if unreadable.

    A path names keys of mappings and positions in lists, from 0. For sentences about values that could be read.
    """
    found = 0
    places: list[list[Any]] = []
    """The way to the value that comes next: for each open container whether it is a list, and its key or position."""
    try:
        events: Iterator[Any] = yaml.parse(text, Loader=_PARSER)
        for event in events:
            if isinstance(event, yaml.CollectionEndEvent):
                places.pop()
            if isinstance(event, yaml.NodeEvent):
                line = _line_at(event)
                if places and not places[-1][0] and places[-1][1] is None:
                    places[-1][1] = getattr(event, "value", "")
                    here = [key for _, key in places]
                    if here == list(path[: len(here)]):
                        found = line
                    continue
                here = [key for _, key in places]
                if here == list(path[: len(here)]) and (not places or places[-1][0]):
                    found = line
                if isinstance(event, yaml.CollectionStartEvent):
                    in_list = isinstance(event, yaml.SequenceStartEvent)
                    places.append([in_list, 0 if in_list else None])
                    continue
            elif not isinstance(event, yaml.CollectionEndEvent):
                continue
            if places:
                places[-1][1] = places[-1][1] + 1 if places[-1][0] else None
    except (yaml.YAMLError, RecursionError, ValueError):
        return found
    return found


def _line_at(event: Any) -> int:
    """Return the line on which what an event tells of begins."""
    return int(event.start_mark.line) + 1


class _Open:
    """A mapping or list that is being filled."""

    __slots__ = ("container", "key", "place")

    def __init__(self, container: dict[str, Any] | list[Any], place: Place) -> None:
        self.container = container
        self.place = place
        self.key: str | None = None

    def put(self, value: Any, line: int) -> Place:
        """Take the next value, an item, a key, or the value of the key before it; return its place."""
        if isinstance(self.container, list):
            self.container.append(value)
            return (*self.place, len(self.container) - 1)
        if self.key is not None:
            key, self.key = self.key, None
            self.container[key] = value
            return (*self.place, key)
        if isinstance(value, dict | list):
            raise YamlError("a key must be text", line)
        key = value if isinstance(value, str) else json.dumps(value)
        if key in self.container:
            raise YamlError(f"the key {key} is there twice", line)
        self.key = key
        return (*self.place, key)


def _value(event: Any, line: int) -> Any:
    """Return the value of one node event: a fresh container or a scalar."""
    if isinstance(event, yaml.AliasEvent) or event.anchor:
        raise YamlError("anchors and aliases are not supported", line)
    if event.tag not in (None, "!", "tag:yaml.org,2002:str"):
        raise YamlError("tags are not supported", line)
    if isinstance(event, yaml.SequenceStartEvent):
        return []
    if isinstance(event, yaml.MappingStartEvent):
        return {}
    plain = event.implicit[0] and not event.style and event.tag is None
    return _scalar(event.value, line) if plain else event.value


def _scalar(text: str, line: int) -> Any:
    """Return what a plain scalar is in JSON: null, true, false, a number, else the text itself."""
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in "-0123456789" or not _FLOAT.fullmatch(text):
        return text
    if len(text) > MAX_NUMBER:
        raise YamlError("a number is too long", line)
    if _INTEGER.fullmatch(text):
        return int(text)
    number = float(text)
    if not math.isfinite(number):
        raise YamlError("a number is too large", line)
    return number


# -- writing ----------------------------------------------------------------------------------------------------


class _Dumper(_DUMPER):  # type: ignore[misc]  # which of two classes it is depends on the installation
    """The safe dumper with the styles that a person reads best and that YAML holds exactly."""

    tab = blank = ""
    """What stands for a tab in a block, and for a blank before a line's end."""

    def ignore_aliases(self, _data: Any) -> bool:
        """Write equal values out each time: the reader knows no aliases."""
        return True


_LITERAL: Final = re.compile(r"[^\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]*")


_TRAILING: Final = re.compile(r"[ ](?=\n)")


def _represent_text(dumper: Any, text: str) -> Any:
    """Write several lines as a literal block where YAML holds them exactly; quote what would not be read as text.

    The emitters put no tab and no blank before a line's end into a block, though YAML holds both there, and code is
    full of them: they pass as characters that the documents do not use.
    """
    if "\n" in text:
        literal = _LITERAL.fullmatch(text) and text.strip("\n \t") and not re.search(r"[ \t]\Z|\A[\n \t]", text)
        if literal and dumper.tab and dumper.blank:
            text = _TRAILING.sub(dumper.blank, text.replace("\t", dumper.tab))
        return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if literal else '"')
    quoted = not text or text in _WORDS or _FLOAT.fullmatch(text) or not _LITERAL.fullmatch(text)
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style='"' if quoted else None)


def _represent_float(dumper: Any, number: float) -> Any:
    """Write a float as JSON does, with the point that YAML 1.1 wants, so that every reader takes it for a float."""
    text = json.dumps(number, allow_nan=False)
    return dumper.represent_scalar("tag:yaml.org,2002:float", text if "." in text else text.replace("e", ".0e"))


def _represent_mapping(dumper: Any, mapping: dict[str, Any]) -> Any:
    """Keep the order of the keys."""
    return dumper.represent_mapping("tag:yaml.org,2002:map", mapping.items())


def _represent_list(dumper: Any, items: list[Any]) -> Any:
    """Write a list."""
    return dumper.represent_sequence("tag:yaml.org,2002:seq", items)


_Dumper.add_representer(str, _represent_text)
_Dumper.add_representer(float, _represent_float)
_Dumper.add_multi_representer(dict, _represent_mapping)
_Dumper.add_multi_representer(list, _represent_list)


class _EscapingDumper(_Dumper):
    """The dumper that quotes what holds a character which a terminal must not get."""


def _represent_escaped(dumper: Any, text: str) -> Any:
    """Quote a text with such a character: only in quotes can it be escaped."""
    if unsafe_character().search(text):
        return dumper.represent_scalar("tag:yaml.org,2002:str", text, style='"')
    return _represent_text(dumper, text)


_EscapingDumper.add_representer(str, _represent_escaped)


def write_yaml(value: Any, *, escape: bool = False) -> str:
    """Return JSON values as YAML; `read_yaml(write_yaml(value)) == value`.

    With `escape`, control and bidi characters are written as escapes, so that a terminal can show the YAML.
    """
    text = _dumped([value], _EscapingDumper if escape else _Dumper, explicit_start=False)
    return unsafe_character().sub(lambda match: f"\\U{ord(match[0]):08x}", text) if escape else text


def write_all_yaml(values: list[Any]) -> str:
    """Return several documents as YAML."""
    return _dumped(values, _Dumper, explicit_start=True)


def _dumped(values: list[Any], dumper: type[Any], *, explicit_start: bool) -> str:
    """Write documents.

    libyaml writes what lies beyond U+FFFF, emoji for example, as escapes in one long quoted line. So such characters
    pass through it as private ones that the documents do not use; so do tabs and blanks in blocks.
    """
    used = set(json.dumps(values, ensure_ascii=False))
    beyond = sorted(one for one in used if one > "\uffff" and not unsafe_character().match(one))
    free = (chr(code) for code in range(0xE000, 0xF900) if chr(code) not in used)
    tab, blank = next(free, ""), next(free, "")
    stand_ins = dict(zip(beyond, free, strict=False))
    there, back = str.maketrans(stand_ins), str.maketrans({stand: real for real, stand in stand_ins.items()})

    def with_spaces(*arguments: Any, **options: Any) -> Any:
        """Make the dumper, and tell it what stands for a tab and for a blank."""
        made = dumper(*arguments, **options)
        made.tab, made.blank = tab, blank
        return made

    text: str = yaml.dump_all(
        [_translated(value, there) for value in values] if stand_ins else values,
        Dumper=with_spaces,
        allow_unicode=True,
        sort_keys=False,
        width=2**30,
        explicit_start=explicit_start,
    )
    if tab and blank:
        text = text.replace(tab, "\t").replace(blank, " ")
    return text.translate(back) if stand_ins else text


def _translated(value: Any, table: dict[int, str]) -> Any:
    """Return JSON values with the characters of their texts exchanged."""
    if isinstance(value, str):
        return value if value.isascii() else value.translate(table)
    if isinstance(value, dict):
        return {_translated(key, table): _translated(item, table) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_translated(item, table) for item in value]
    return value
