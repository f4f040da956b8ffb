"""Immutable JSON values: what metadata and application data are made of."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any, Final, NoReturn, Self

from nova_tui.domain.errors import InvalidText, InvalidValue

MAX_DEPTH: Final = 56
"""Mappings and lists inside each other that a value may have."""

MAX_BITS: Final = 1328
"""Bits of an integer; longer ones, of more than 400 digits, are a way to keep a parser busy."""


def checked_text(text: object, field: str) -> str:
    """Return `text` when a database can hold it; raise InvalidText for a NUL or a lone surrogate."""
    if not isinstance(text, str):
        raise InvalidValue(field, f"a value of type {type(text).__name__}")
    if "\0" in text:
        raise InvalidText(field, "a NUL character", text.index("\0"))
    if not text.isascii():
        try:
            text.encode("utf-8")
        except UnicodeEncodeError as error:
            raise InvalidText(field, "half of a surrogate pair", error.start) from error
    return text


class FrozenDict(dict[str, Any]):
    """A mapping with text keys that cannot change.

    It equals a plain dict by dict's own rules, and another FrozenDict only when keys, their order and the JSON types of
    the values are the same: 1, 1.0 and true are three values.
    """

    __slots__ = ()

    def _refuse(self, *_args: object, **_kwargs: object) -> NoReturn:
        """Refuse any change in place."""
        raise TypeError("this mapping cannot change; make a new one")

    __setitem__ = __delitem__ = __ior__ = _refuse
    clear = pop = popitem = setdefault = update = _refuse

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, _memo: object) -> Self:
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        return (type(self), (dict(self),))

    # a dict takes keys of any type; these are texts
    def __or__(self, other: Mapping[str, Any]) -> FrozenDict:  # type: ignore[override]
        return freeze_mapping({**self, **other}, "mapping")

    def __eq__(self, other: object) -> bool:
        if isinstance(other, FrozenDict):
            return self is other or (list(self) == list(other) and all(map(_same, self.values(), other.values())))
        return dict.__eq__(self, other)

    def __ne__(self, other: object) -> bool:
        return not self == other

    # unlike dict and list it cannot change, so it may be hashed
    def __hash__(self) -> int:  # type: ignore[override]
        return hash(frozenset(self.items()))

    def without(self, *keys: str) -> FrozenDict:
        """Return the mapping less these keys."""
        return FrozenDict({key: value for key, value in self.items() if key not in keys})


class FrozenList(list[Any]):
    """A list that cannot change; equality as for FrozenDict."""

    __slots__ = ()

    def _refuse(self, *_args: object, **_kwargs: object) -> NoReturn:
        """Refuse any change in place."""
        raise TypeError("this list cannot change; make a new one")

    __setitem__ = __delitem__ = __iadd__ = __imul__ = _refuse
    append = clear = extend = insert = pop = remove = reverse = sort = _refuse

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, _memo: object) -> Self:
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        return (type(self), (list(self),))

    def __eq__(self, other: object) -> bool:
        if isinstance(other, FrozenList):
            return len(self) == len(other) and all(map(_same, self, other))
        return list.__eq__(self, other)

    def __ne__(self, other: object) -> bool:
        return not self == other

    # unlike dict and list it cannot change, so it may be hashed
    def __hash__(self) -> int:  # type: ignore[override]
        return hash(tuple(self))


def _same(one: object, other: object) -> bool:
    """Compare two JSON values, types included."""
    return one.__class__ is other.__class__ and one == other


EMPTY: Final = FrozenDict()


def freeze(value: object, field: str, depth: int = 0) -> Any:
    """Return a JSON value that cannot change; raise InvalidValue or InvalidText for what cannot be stored."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return str(checked_text(value, field))
    if isinstance(value, int):
        if value.bit_length() > MAX_BITS:
            raise InvalidValue(field, "a number of more than 400 digits")
        return int(value)
    if isinstance(value, float):
        if not math.isfinite(value):
            raise InvalidValue(field, str(value))
        return float(value)
    if isinstance(value, FrozenDict | FrozenList):
        return value
    if depth >= MAX_DEPTH:
        raise InvalidValue(field, f"values nested deeper than {MAX_DEPTH}")
    if isinstance(value, Mapping):
        return _freeze_items(value.items(), field, depth)
    if isinstance(value, list | tuple):
        return FrozenList(freeze(item, field, depth + 1) for item in value)
    raise InvalidValue(field, f"a value of type {type(value).__name__}")


def _freeze_items(items: Iterable[tuple[object, object]], field: str, depth: int) -> FrozenDict:
    """Freeze the items of a mapping."""
    return FrozenDict((checked_text(key, f"{field} key"), freeze(item, field, depth + 1)) for key, item in items)


def freeze_mapping(value: Mapping[str, Any] | None, field: str) -> FrozenDict:
    """Return a mapping that cannot change; None is the empty one."""
    if not value:
        return EMPTY
    if isinstance(value, FrozenDict):
        return value
    if not isinstance(value, Mapping):
        raise InvalidValue(field, f"a value of type {type(value).__name__}")
    return _freeze_items(value.items(), field, 0)
