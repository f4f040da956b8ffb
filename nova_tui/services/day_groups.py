"""DayGroups: where in a list that is in an order of time each day begins; what is of earlier years goes by months."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Final

from nova_tui.domain.times import from_microseconds, to_microseconds

DAYS: Final = 7
"""So many days, today among them, have a heading each also where the year began meanwhile."""
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Period:
    """A day, or the whole month that it is the first of."""

    day: date
    month: bool = False

    @classmethod
    def of(cls, day: date, today: date) -> Period:
        """Return what a day is listed under."""
        if day.year == today.year or 0 <= (today - day).days < DAYS:
            return cls(day)
        return cls(day.replace(day=1), month=True)


@dataclass(frozen=True, slots=True)
class DayGroups:
    """Periods and the positions of their first sessions, in the order of the list."""

    starts: Sequence[int] = ()
    periods: Sequence[Period] = ()

    @classmethod
    def of(cls, times: Sequence[int], now: datetime, zone: tzinfo | None = None, *, reverse: bool = False) -> DayGroups:
        """Find the groups among times that fall (or rise, with `reverse`), in microseconds since 1970.

        Each group is looked for by halves: the cost goes by the number of groups, not of sessions. Days are those of
        `zone`, by default of this machine.
        """
        found = [*_groups(times, _local(to_microseconds(now), zone).date(), zone, reverse=reverse)]
        return cls([start for start, _ in found], [period for _, period in found])


def _groups(times: Sequence[int], today: date, zone: tzinfo | None, *, reverse: bool) -> Iterator[tuple[int, Period]]:
    """Yield where each group begins, and what it is."""
    start, last = 0, None
    while start < len(times):
        period = Period.of(_local(times[start], zone).date(), today)
        if period != last:
            yield start, period
        last = period
        if reverse:
            after = bisect_left(times, _begin(_following(period, today), zone), start)
        else:
            after = bisect_right(times, -_begin(period.day, zone), start, key=int.__neg__)
        start = max(after, start + 1)


def _following(period: Period, today: date) -> date:
    """Return the first day behind a period; the latest days are no part of a month of last year."""
    if not period.month:
        return period.day + _DAY if period.day < date.max else date.max
    following = (period.day + 31 * _DAY).replace(day=1) if period.day < date.max - 31 * _DAY else date.max
    latest = today - (DAYS - 1) * _DAY if today.toordinal() > DAYS else date.min
    return min(following, latest) if period.day < latest else following


def _begin(day: date, zone: tzinfo | None) -> int:
    """Return when a day begins."""
    try:
        return to_microseconds(datetime.combine(day, time(), zone).astimezone())
    except (OverflowError, ValueError):  # the first and last days of the calendar begin nowhere else
        return to_microseconds(datetime.combine(day, time(), UTC))


def _local(microseconds: int, zone: tzinfo | None) -> datetime:
    """Return a time in a zone; what is outside the calendar is at its end."""
    moment = datetime(9999 if microseconds > 0 else 1, 1, 1, tzinfo=UTC)
    with suppress(OverflowError):
        moment = from_microseconds(microseconds)
    with suppress(OverflowError, ValueError):
        moment = moment.astimezone(zone)
    return moment
