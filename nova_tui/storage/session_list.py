"""A list of sessions that loads each one only when it is looked at."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import overload

from nova_tui.domain.errors import SessionDamaged, SessionNotFound
from nova_tui.domain.session import Session
from nova_tui.storage.provider import SessionStorageProvider


class SessionList(Sequence[Session]):
    """The sessions of a list; each is loaded when it is looked at, and damaged or deleted ones are passed over."""

    def __init__(self, store: SessionStorageProvider, session_ids: Sequence[str]) -> None:
        self._store = store
        self._ids = session_ids

    def __len__(self) -> int:
        return len(self._ids)

    @overload
    def __getitem__(self, index: int) -> Session: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[Session]: ...

    def __getitem__(self, index: int | slice) -> Session | Sequence[Session]:
        if isinstance(index, slice):
            return SessionList(self._store, self._ids[index])
        return self._store.load(self._ids[index])

    def __iter__(self) -> Iterator[Session]:
        for session_id in self._ids:
            with suppress(SessionDamaged, SessionNotFound):
                yield self._store.load(session_id)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Sequence) or isinstance(other, str):
            return NotImplemented
        return len(self) == len(other) and all(one == another for one, another in zip(self, other, strict=False))

    # equal to any sequence of equal sessions, so it has no hash; object says that it has one
    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"<{len(self)} sessions>"
