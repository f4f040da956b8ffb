"""Packed session ids: a sequence like any other."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nova_tui.domain.session_ids import SessionIds

# few different bytes, so that ids overlap one another
IDS = st.lists(st.lists(st.sampled_from(["00", "0a", "a0"]), min_size=16, max_size=16).map("".join), max_size=12)


@given(IDS, st.integers(-14, 14), st.integers(-14, 14), st.sampled_from([-2, -1, 1, 2, None]))
def test_it_is_as_a_list_is(ids: list[str], start: int, stop: int, step: int | None) -> None:
    packed = SessionIds.of(ids)
    assert packed == ids
    assert (len(packed), list(packed), list(reversed(packed))) == (len(ids), ids, ids[::-1])
    assert packed[start:stop:step] == ids[start:stop:step]
    assert packed[:] == packed
    for one in ids:
        assert one in packed
        assert packed.index(one) == ids.index(one)
    if -len(ids) <= start < len(ids):
        assert packed[start] == ids[start]
        one = ids[start]
        place = next((n for n in range(*slice(stop, None).indices(len(ids))) if ids[n] == one), None)
        if place is None:
            with pytest.raises(ValueError, match="not among them"):
                packed.index(one, stop)
        else:
            assert packed.index(one, stop) == place
    else:
        with pytest.raises(IndexError):
            _ = packed[start]


@given(IDS, IDS)
def test_only_what_is_in_it_is_in_it(ids: list[str], others: list[str]) -> None:
    packed = SessionIds.of(ids)
    assert [one in packed for one in others] == [one in ids for one in others]
    assert (packed == SessionIds.of(others)) == (ids == others)
    assert [one in packed for one in ("", "0" * 31, "Z" * 32, "0A" * 16, 7)] == [False] * 5


@pytest.mark.parametrize("wrong", ["", "0" * 31, "0" * 33, "A" * 32, "g" * 32, " " + "0" * 31, "é" * 32])
def test_what_is_no_id_is_not_packed(wrong: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        SessionIds.of(["0" * 32, wrong, "0" * 32])


def test_many_take_sixteen_bytes_each() -> None:
    ids = [f"{number:032x}" for number in range(10_000)]
    packed = SessionIds.of(ids)
    assert len(packed._packed) == 160_000
    assert list(packed) == ids
    assert packed.index(ids[-1]) == 9_999
