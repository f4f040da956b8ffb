"""Rows that are read only when they come into sight: nothing jumps when they arrive."""

from __future__ import annotations

import random

from nova_tui.domain.outline import DialogOutline
from nova_tui.tui.widgets.dialog_rows import DialogRows
from nova_tui.tui.widgets.dialog_view import DialogView
from tests.tui.virtual_clock import settle
from tests.tui.widgets.dialogs import mixed, painted, showing


async def test_what_arrives_does_not_move_the_cursor_row() -> None:
    rows = mixed(400)
    source = random.Random(3)
    async with showing([], size=(70, 20)) as (app, view, pilot):
        view.show(DialogRows(DialogOutline.of(rows), rows[:20], keep=90))
        await settle(pilot)
        for _ in range(60):
            await pilot.press(source.choice(["j", "k", "pagedown", "pageup", "G", "g", "J", "K", "ctrl+d", "ctrl+u"]))
            await settle(pilot)
            for wanted in app.take(DialogView.RowsWanted)[-1:]:
                before, id_ = view.row_region(view.current_row_id or "").y, view.current_row_id
                at_end = view.top_line == view.max_scroll_y
                view.put_rows([row for start, stop in wanted.spans for row in rows[start:stop]])
                await settle(pilot)
                assert view.current_row_id == id_
                if not at_end and 0 <= before < view.window.height:
                    # one that is higher than it was thought to be is pulled up, so that it is seen whole
                    assert view.row_region(id_ or "").y <= before or view.top_line in (0, view.max_scroll_y)
            assert not view.rows.lacking(view.rows_in_sight())
        lazy = painted(view)
        place, top = view.current_row_id, view.top_item()
        view.show(rows, keep=place)
        assert (view.current_row_id, view.top_item()) == (place, top)
        assert painted(view) == lazy
