"""DialogView under random keys, edits and sizes: it never fails, and what is in sight is always exact."""

from __future__ import annotations

import dataclasses
import random

import pytest

from nova_tui.domain.row import HIDE
from nova_tui.tui.widgets.dialog_view import DialogView
from tests.tui.virtual_clock import settle
from tests.tui.widgets.dialogs import mixed, row, showing

KEYS = "j k g G J K pagedown pageup ctrl+d ctrl+u full_stop space v ctrl+a escape".split()  # noqa: SIM905


def check(view: DialogView) -> None:
    """Check that what is in sight has its true height, and every line the width of the window."""
    assert 0 <= view.top_line <= view.max_scroll_y
    assert view.heights.total == sum(view.heights[item] for item in range(len(view.heights)))
    y = 0
    while y < view.window.height and (item := view.item_at(y)) is not None:
        assert view.heights[item] == view.measure(item)
        y = max(y + 1, view.item_y(item) + view.heights[item])
    assert {view.paint_line(y).cell_length for y in range(view.window.height)} <= {view.window.width}
    assert view.current_row_id is None or view.item_of_id(view.current_row_id) is not None


@pytest.mark.parametrize("seed", range(5))
async def test_a_random_story(seed: int) -> None:
    source = random.Random(seed)
    rows = mixed(60, seed)
    async with showing(rows) as (_, view, pilot):
        for step in range(60):
            match source.randrange(8):
                case 0:
                    position = source.randrange(len(rows) + 1)
                    rows = [*rows[:position], row(1000 + step, "new " * source.randrange(300)), *rows[position:]]
                    view.show(rows, keep=source.choice([None, f"row{1000 + step}"]))
                case 1 if rows:
                    del rows[source.randrange(len(rows))]
                    view.show(list(rows), keep=view.current_row_id, at_end=source.random() < 0.2)
                case 2 if rows:
                    position = source.randrange(len(rows))
                    hidden = {HIDE: True} if source.random() < 0.7 else {}
                    rows = [*rows]
                    rows[position] = dataclasses.replace(rows[position], metadata=hidden)
                    view.show(rows)
                case 3:
                    await pilot.resize_terminal(source.choice([12, 40, 80, 140]), source.choice([4, 10, 24, 50]))
                case 4 if view.current_row_id:
                    view.reserve(view.current_row_id, source.choice([None, 3, 9, 30]))
                case 5:
                    view.jump(source.randrange(view.heights.total + 1))
                case _:
                    await pilot.press(source.choice(KEYS))
            await settle(pilot)
            check(view)
