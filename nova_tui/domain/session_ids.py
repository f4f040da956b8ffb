"""SessionIds: the ids of a hundred thousand sessions in as few bytes as they have."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Final, overload

SESSION_ID_BYTES: Final = 16
_HEX: Final = 2 * SESSION_ID_BYTES
_AT_ONCE: Final = 4096


class SessionIds(Sequence[str]):
    """A sequence of session ids: 16 bytes each instead of a string of its own."""

    __slots__ = ("_packed",)
    __hash__ = None  # type: ignore[assignment]  # it is equal to a list of the same ids

    def __init__(self, packed: bytes = b"") -> None:
        self._packed = packed

    @classmethod
    def of(cls, ids: Iterable[str]) -> SessionIds:
        """Pack ids; raise ValueError where one is no session id."""
        found, rest = [], iter(ids)
        while several := list(islice(rest, _AT_ONCE)):
            text = "".join(several)
            packed = bytes.fromhex(text)
            if packed.hex() != text or set(map(len, several)) != {_HEX}:
                raise ValueError("one of them is no session id")
            found.append(packed)
        return cls(b"".join(found))

    def __len__(self) -> int:
        return len(self._packed) // SESSION_ID_BYTES

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> SessionIds: ...
    def __getitem__(self, index: int | slice) -> str | SessionIds:
        if isinstance(index, slice):
            start, stop, step = index.indices(len(self))
            if step == 1:
                return SessionIds(self._packed[start * SESSION_ID_BYTES : max(start, stop) * SESSION_ID_BYTES])
            return SessionIds(b"".join(self._at(place) for place in range(start, stop, step)))
        place = index + len(self) if index < 0 else index
        if not 0 <= place < len(self):
            raise IndexError(index)
        return self._at(place).hex()

    def __iter__(self) -> Iterator[str]:
        for start in range(0, len(self), _AT_ONCE):
            text = self._packed[start * SESSION_ID_BYTES : (start + _AT_ONCE) * SESSION_ID_BYTES].hex()
            for place in range(0, len(text), _HEX):
                yield text[place : place + _HEX]

    def __contains__(self, session_id: object) -> bool:
        return self._find(session_id, 0, len(self)) >= 0

    def __eq__(self, other: object) -> bool:
        if isinstance(other, SessionIds):
            return self._packed == other._packed
        return list(self) == list(other) if isinstance(other, list | tuple) else NotImplemented

    def __repr__(self) -> str:
        return f"SessionIds({list(self)!r})"

    def index(self, value: object, start: int = 0, stop: int | None = None) -> int:
        """Return where an id stands; raise ValueError."""
        first, last, _step = slice(start, stop).indices(len(self))
        found = self._find(value, first, last)
        if found < 0:
            raise ValueError(f"{value!r} is not among them")
        return found

    def _at(self, place: int) -> bytes:
        """Return the bytes of one id."""
        return self._packed[place * SESSION_ID_BYTES : (place + 1) * SESSION_ID_BYTES]

    def _find(self, session_id: object, start: int, stop: int) -> int:
        """Return where an id stands, -1 where it does not."""
        if not isinstance(session_id, str) or len(session_id) != _HEX:
            return -1
        try:
            wanted = bytes.fromhex(session_id)
        except ValueError:
            return -1
        if wanted.hex() != session_id:
            return -1
        place, end = start * SESSION_ID_BYTES, stop * SESSION_ID_BYTES
        while (place := self._packed.find(wanted, place, end)) >= 0:
            # the end of one id and the beginning of the next may look like it
            if place % SESSION_ID_BYTES == 0:
                return place // SESSION_ID_BYTES
            place += 1
        return -1
