"""Every kind of store, ready to open: a contract test takes the fixture `place` or `store` and runs against all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from nova_tui import SessionStorageProvider, open_store
from nova_tui.storage.bound import BoundStore
from tests.storage.minimal import MinimalStore

URLS: dict[str, Callable[[Path], str]] = {
    "memory": lambda _folder: "memory:",
    "minimal": lambda _folder: "minimal:",
    "sqlite": lambda folder: f"sqlite://{folder / 'nova.db'}",
    "file": lambda folder: f"file://{folder / 'sessions'}",
}
"""What opens each kind of store in a fresh folder: another provider joins the contract with one line here."""
PASSING = ("memory", "minimal")
"""Stores that end with the process: opening them again means looking at the same object."""


class Place:
    """Where a store is; it can be opened again and again."""

    def __init__(self, kind: str, folder: Path) -> None:
        self.kind = kind
        self.folder = folder
        self.url = URLS[kind](folder)
        self.lasting = kind not in PASSING
        self._opened: list[SessionStorageProvider] = []
        self._passing: SessionStorageProvider | None = None

    def open(self, *, user_id: str | None = None, read_only: bool = False) -> SessionStorageProvider:
        """Open the store."""
        if self.lasting:
            store = open_store(self.url, user_id=user_id, read_only=read_only)
            self._opened.append(store)
            return store
        if self._passing is None:
            self._passing = MinimalStore() if self.kind == "minimal" else open_store(self.url)
        self._passing.read_only = read_only
        return self._passing if user_id is None else BoundStore(self._passing, user_id)

    def close(self) -> None:
        """Close whatever was opened."""
        for store in self._opened:
            store.close()


@pytest.fixture(params=list(URLS))
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    """Yield the place of a fresh store of each kind."""
    found = Place(request.param, tmp_path)
    yield found
    found.close()


@pytest.fixture
def store(place: Place) -> SessionStorageProvider:
    """Open a fresh store of each kind."""
    return place.open()


@pytest.fixture(params=[kind for kind in URLS if kind not in PASSING])
def lasting(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    """Yield the place of a fresh store of each kind that keeps data on disk."""
    found = Place(request.param, tmp_path)
    yield found
    found.close()
