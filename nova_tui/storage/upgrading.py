"""What opening a store of an earlier version tells of itself: it may take minutes, so somebody watches and may stop it.

Whoever opens a store listens by `told`; whoever upgrades one tells by `upgrade` and `tell`. Nobody in between has to
know.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Upgrade:
    """How far an upgrade is."""

    copy: Path
    """Where the store is kept as it was."""
    part: float
    """How much is done, of 1."""


Listener = Callable[[Upgrade], None]
"""Takes news, on the thread that upgrades; what it raises ends the upgrade, and the store is as it was."""

_listener: ContextVar[Listener | None] = ContextVar("listener", default=None)
_latest: ContextVar[Upgrade | None] = ContextVar("latest", default=None)


@contextmanager
def told(listener: Listener) -> Iterator[None]:
    """Let a listener know of upgrades inside."""
    token = _listener.set(listener)
    try:
        yield
    finally:
        _listener.reset(token)


@contextmanager
def upgrade(copy: Path) -> Iterator[None]:
    """Begin an upgrade."""
    token = _latest.set(Upgrade(copy, 0.0))
    try:
        tell(0.0)
        yield
    finally:
        _latest.reset(token)


def tell(part: float | None = None) -> None:
    """Say how far the upgrade is, or only that it goes on; outside of one nothing is said."""
    latest, listener = _latest.get(), _listener.get()
    if latest is None:
        return
    if part is not None and part > latest.part:
        latest = Upgrade(latest.copy, min(1.0, part))
        _latest.set(latest)
    if listener is not None:
        listener(latest)
