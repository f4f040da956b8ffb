"""Heights against a plain list."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from nova_tui.tui.widgets.heights import Heights

HEIGHTS = st.lists(st.integers(0, 9), max_size=60)


@given(HEIGHTS)
def test_sums_are_those_of_the_list(heights: list[int]) -> None:
    sums = Heights(heights)
    assert len(sums) == len(heights)
    assert sums.total == sum(heights)
    assert [sums.before(index) for index in range(len(heights) + 1)] == [
        sum(heights[:index]) for index in range(len(heights) + 1)
    ]


@given(HEIGHTS, st.integers(0, 600))
def test_locate_finds_the_item_of_a_line(heights: list[int], line: int) -> None:
    item, offset = Heights(heights).locate(line)
    lines = [(index, number) for index, height in enumerate(heights) for number in range(height)]
    expected = lines[line] if line < len(lines) else (len(heights), line - len(lines))
    assert (item, offset) == expected


@given(st.data())
def test_changes_are_summed(data: st.DataObject) -> None:
    heights = data.draw(st.lists(st.integers(0, 9), min_size=1, max_size=40))
    sums = Heights(heights)
    for index, height in data.draw(
        st.lists(st.tuples(st.integers(0, len(heights) - 1), st.integers(0, 99)), max_size=20)
    ):
        assert sums.set(index, height) == height - heights[index]
        heights[index] = height
        assert sums[index] == height
    assert sums.total == sum(heights)
    assert [sums.before(index) for index in range(len(heights) + 1)] == [
        sum(heights[:index]) for index in range(len(heights) + 1)
    ]


def test_no_items() -> None:
    assert Heights().locate(3) == (0, 3)
    assert Heights().total == 0
