"""Times: always aware, always UTC, microseconds at the finest."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from nova_tui.domain.errors import InvalidTime

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def _machine_time() -> datetime:
    """Return what the machine's clock says."""
    return datetime.now(UTC)


_clock: Callable[[], datetime] = _machine_time


def now() -> datetime:
    """Return the time now, in UTC."""
    return _clock()


@contextmanager
def reading(clock: Callable[[], datetime]) -> Iterator[None]:
    """Let the whole program read another clock: a recording has a time of its own."""
    global _clock  # noqa: PLW0603 - there is one time for every thread
    saved, _clock = _clock, clock
    try:
        yield
    finally:
        _clock = saved


def checked_time(value: object, field: str) -> datetime:
    """Return an aware time in UTC; raise InvalidTime for anything else."""
    if not isinstance(value, datetime) or value.utcoffset() is None:
        raise InvalidTime(field, value)
    if value.tzinfo is UTC:
        return value
    try:
        return value.astimezone(UTC)
    except OverflowError as error:
        raise InvalidTime(field, value) from error


def later(than: datetime, at: datetime | None = None) -> datetime:
    """Return `at` (default now), or the next microsecond after `than` where the clock has not moved past it."""
    return max(at if at is not None else now(), than + _MICROSECOND)


def to_microseconds(time: datetime) -> int:
    """Return whole microseconds since 1970."""
    return (time - _EPOCH) // _MICROSECOND


def from_microseconds(count: int) -> datetime:
    """Return the time of so many microseconds since 1970; raise OverflowError outside the years 1 to 9999."""
    return _EPOCH + timedelta(microseconds=count)


def to_text(time: datetime) -> str:
    """Return ISO 8601, as the native format writes it."""
    return time.isoformat()


def from_text(text: str, field: str = "time") -> datetime:
    """Read ISO 8601; a time without a zone is taken as UTC; raise InvalidTime for anything else."""
    try:
        value = datetime.fromisoformat(text)
    except ValueError as error:
        raise InvalidTime(field, text) from error
    return checked_time(value if value.tzinfo else value.replace(tzinfo=UTC), field)
