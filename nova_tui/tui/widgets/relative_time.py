"""Times as people say them."""

from __future__ import annotations

from datetime import date, datetime, tzinfo
from typing import Final

from nova_tui.services.day_groups import Period

_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_WEEKDAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def relative_time(time: datetime, now: datetime, zone: tzinfo | None = None) -> str:
    """Say when `time` was, seen from `now`: `2 min ago`, `3 h ago`, `yesterday`, `12 Nov`, `2024-03-01`.

    Days are those of `zone`, by default of this machine. A time still to come is said by its day.
    """
    seconds = (now - time).total_seconds()
    if -60 < seconds < 60:
        return "just now"
    if 0 <= seconds < 3600:
        return f"{int(seconds // 60)} min ago"
    day, today = _day(time, zone), _day(now, zone)
    ago = (today - day).days
    if ago == 0:
        return f"{int(seconds // 3600)} h ago" if seconds >= 0 else "today"
    if ago == 1:
        return "yesterday"
    return day_name(time, now, zone)


def day_name(time: datetime, now: datetime, zone: tzinfo | None = None) -> str:
    """Return the day: `12 Nov` in the year of `now`, else `2024-03-01`."""
    day, today = _day(time, zone), _day(now, zone)
    return f"{day.day} {_MONTHS[day.month - 1]}" if day.year == today.year else f"{day:%Y-%m-%d}"


def period_name(period: Period, today: date) -> str:
    """Return what sessions stand under: `Today`, `Yesterday`, `Friday`, `12 Nov`, `2024-03-01`, a month `2025-11`."""
    day = period.day
    if period.month:
        return f"{day:%Y-%m}"
    ago = (today - day).days
    if 0 <= ago < len(_WEEKDAYS):
        return ("Today", "Yesterday")[ago] if ago < 2 else _WEEKDAYS[day.weekday()]
    return f"{day.day} {_MONTHS[day.month - 1]}" if day.year == today.year else f"{day:%Y-%m-%d}"


def local_day(time: datetime, zone: tzinfo | None = None) -> date:
    """Return the day of a time in `zone`, by default this machine's."""
    return _day(time, zone).date()


def clock_time(time: datetime, zone: tzinfo | None = None) -> str:
    """Return hours and minutes in `zone`, by default this machine's."""
    return f"{_local(time, zone):%H:%M}"


def same_day(one: datetime, other: datetime, zone: tzinfo | None = None) -> bool:
    """Return whether both times are on one day of `zone`."""
    return _day(one, zone) == _day(other, zone)


def _local(time: datetime, zone: tzinfo | None) -> datetime:
    """Return the time in a zone; the first and last hours of the calendar, which have no other zone, as they are."""
    try:
        return time.astimezone(zone)
    except (OverflowError, ValueError):
        return time


def _day(time: datetime, zone: tzinfo | None) -> datetime:
    """Return midnight of the day, without a zone."""
    return _local(time, zone).replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)
