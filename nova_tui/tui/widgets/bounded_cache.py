"""BoundedCache: a mapping that forgets what was used longest ago."""

from __future__ import annotations

from collections import OrderedDict
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class BoundedCache(Generic[K, V]):
    """A cache of at most `size` values; reading one makes it young again. None is no value."""

    __slots__ = ("_items", "size")

    def __init__(self, size: int) -> None:
        self.size = size
        """How many values are kept at most."""
        self._items: OrderedDict[K, V] = OrderedDict()

    def __len__(self) -> int:
        return len(self._items)

    def __contains__(self, key: object) -> bool:
        return key in self._items

    def get(self, key: K) -> V | None:
        """Return the value, None where there is none."""
        value = self._items.get(key)
        if value is not None:
            self._items.move_to_end(key)
        return value

    def put(self, key: K, value: V) -> V:
        """Keep a value, forget the oldest beyond the size, and return the value."""
        self._items[key] = value
        self._items.move_to_end(key)
        if len(self._items) > self.size:
            self._items.popitem(last=False)
        return value

    def values(self) -> list[V]:
        """Return all values."""
        return list(self._items.values())

    def drop(self, key: K) -> None:
        """Forget one value, if it is there."""
        self._items.pop(key, None)

    def clear(self) -> None:
        """Forget all."""
        self._items.clear()
