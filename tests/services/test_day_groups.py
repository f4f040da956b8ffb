"""Where the days of a list begin: as looking at each time would tell, but without looking at each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from typing import overload
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nova_tui.domain.times import from_microseconds, to_microseconds
from nova_tui.services.day_groups import DayGroups, Period

NOW = datetime(2026, 11, 22, 15, tzinfo=UTC)
ZONES = st.sampled_from([UTC, ZoneInfo("Europe/Berlin"), ZoneInfo("America/Sao_Paulo"), ZoneInfo("Asia/Kolkata")])
TIMES = st.integers(-800 * 24 * 60, 500 * 24 * 60).map(lambda minutes: NOW + timedelta(minutes=minutes))


@given(st.lists(TIMES, max_size=40), TIMES, ZONES, st.booleans())
def test_groups_are_those_that_looking_at_each_time_gives(
    moments: list[datetime], now: datetime, zone: ZoneInfo, reverse: bool
) -> None:
    times = sorted(map(to_microseconds, moments), reverse=not reverse)
    today = now.astimezone(zone).date()

    def period(index: int) -> Period:
        return Period.of(from_microseconds(times[index]).astimezone(zone).date(), today)

    wanted = [(next(group), one) for one, group in groupby(range(len(times)), period)]
    found = DayGroups.of(times, now, zone, reverse=reverse)
    assert list(zip(found.starts, found.periods, strict=True)) == wanted


class Counted(Sequence[int]):
    """A hundred thousand times, one a minute; counts how many are looked at."""

    looked = 0

    def __len__(self) -> int:
        return 100_000

    @overload
    def __getitem__(self, index: int) -> int: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[int]: ...
    def __getitem__(self, index: int | slice) -> int | Sequence[int]:
        assert isinstance(index, int)
        self.looked += 1
        return to_microseconds(NOW) - index * 60_000_000


def test_the_cost_goes_by_the_groups_not_by_the_sessions() -> None:
    times = Counted()
    groups = DayGroups.of(times, NOW, UTC)
    assert len(groups.starts) == 70
    assert times.looked < 70 * 20


def test_days_of_this_year_then_months_and_the_last_week_always_by_days() -> None:
    now = datetime(2026, 1, 3, 12, tzinfo=UTC)
    times = [to_microseconds(now - timedelta(days=ago)) for ago in (0, 0, 1, 4, 6, 7, 20, 40, 400)]
    found = DayGroups.of(times, now, UTC)
    assert list(found.starts) == [0, 2, 3, 4, 5, 7, 8]
    assert found.periods[2:5] == [
        Period(date(2025, 12, 30)),
        Period(date(2025, 12, 28)),
        Period(date(2025, 12, 1), month=True),
    ]


@pytest.mark.parametrize("zone", [None, UTC, ZoneInfo("Asia/Kolkata"), ZoneInfo("America/Sao_Paulo")])
@pytest.mark.parametrize("reverse", [False, True])
def test_the_ends_of_the_calendar_are_no_trouble(zone: ZoneInfo | None, reverse: bool) -> None:
    first, last = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
    times = [2**62, to_microseconds(last), to_microseconds(NOW), to_microseconds(first), -(2**62)]
    for now in (first, NOW, last):
        found = DayGroups.of(times[::-1] if reverse else times, now, zone, reverse=reverse)
        assert 3 <= len(found.starts) <= 5
