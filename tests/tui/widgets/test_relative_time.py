"""Times as people say them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nova_tui.tui.widgets.relative_time import clock_time, day_name, relative_time, same_day

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("time", "said"),
    [
        (NOW, "just now"),
        (NOW - timedelta(seconds=59), "just now"),
        (NOW + timedelta(seconds=30), "just now"),
        (NOW - timedelta(minutes=2), "2 min ago"),
        (NOW - timedelta(minutes=59, seconds=59), "59 min ago"),
        (NOW - timedelta(hours=3), "3 h ago"),
        (datetime(2026, 11, 21, 23, 0, tzinfo=UTC), "yesterday"),
        (datetime(2026, 11, 20, 23, 0, tzinfo=UTC), "20 Nov"),
        (datetime(2026, 1, 2, tzinfo=UTC), "2 Jan"),
        (datetime(2024, 3, 1, tzinfo=UTC), "2024-03-01"),
        (datetime(2026, 11, 22, 20, 0, tzinfo=UTC), "today"),
        (datetime(2027, 3, 1, tzinfo=UTC), "2027-03-01"),
    ],
)
def test_said(time: datetime, said: str) -> None:
    assert relative_time(time, NOW, UTC) == said


def test_days_are_those_of_the_zone() -> None:
    midnight = datetime(2026, 11, 22, 0, 30, tzinfo=UTC)
    late = datetime(2026, 11, 21, 23, 0, tzinfo=UTC)
    assert relative_time(late, midnight + timedelta(hours=1), UTC) == "yesterday"
    assert relative_time(late, midnight + timedelta(hours=1), timezone(timedelta(hours=2))) == "2 h ago"
    assert clock_time(late, timezone(timedelta(hours=2))) == "01:00"
    assert same_day(late, midnight, timezone(timedelta(hours=2)))
    assert not same_day(late, midnight, UTC)
    assert day_name(late, midnight, UTC) == "21 Nov"


@given(st.datetimes(timezones=st.just(UTC)), st.datetimes(timezones=st.just(UTC)), st.integers(-14, 14))
def test_every_time_can_be_said(time: datetime, now: datetime, hours: int) -> None:
    zone = timezone(timedelta(hours=hours))
    assert relative_time(time, now, zone)
    assert clock_time(time, zone)
