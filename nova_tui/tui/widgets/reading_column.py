"""ReadingColumn: a dialog whose rows are read when they come into sight, and not before."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any

from nova_tui.domain.row import Row
from nova_tui.services.excerpt import Span
from nova_tui.tui.type_ahead import hold_keys, release_keys
from nova_tui.tui.widgets.dialog_column import DialogColumn


class ReadingColumn(DialogColumn):
    """Asks for the rows that are about to be seen; what is not there yet is a bar as high as its row may be."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._asked: Sequence[Span] = ()
        self._asking = False
        self._holding = False
        self._again: Callable[[], None] | None = None

    def want_rows(self, spans: Sequence[Span]) -> None:
        """Ask for rows, and for no others any more; `put_rows` or `forget_asked` is the answer."""

    # -- asking ------------------------------------------------------------------------------------------------------

    def rows_in_sight(self, *, near: int = 0) -> list[int]:
        """Return the positions of the rows in the window, and of so many items around it; rising."""
        if not len(self.heights):
            return []
        first, _ = self.top_item()
        last = self.item_at(max(0, self.window.height - 1))
        last = len(self._items) - 1 if last is None else last
        items = range(max(0, first - near), min(len(self._items), last + near + 1))
        return [self._items.row_at(item) for item in items if not self._items.is_fold(item)]

    def settle(self, *, up: bool = False) -> None:
        """Keep in place what is in sight, and ask for what is missing of it."""
        super().settle(up=up)
        if not self._asking and not self._rows.is_whole:
            self._asking = True
            self.call_next(self._ask)

    def _ask(self) -> None:
        """Ask for rows in sight and near it; keys that are for a row wait until it is there."""
        self._asking = False
        near = self.window.height // 3 + 1
        positions = {*self.rows_in_sight(near=near), *([self._cursor] if self._rows else [])}
        lacking = self._rows.lacking(sorted(positions))
        self._hold(self.has_focus and self._cursor in lacking)
        if not all(any(start <= at < stop for start, stop in self._asked) for at in lacking):
            self._asked = self._rows.windows(lacking)
            self.want_rows(self._asked)

    def _hold(self, hold: bool) -> None:
        """Let keys wait, or go on."""
        if hold != self._holding:
            self._holding = hold
            (hold_keys if hold else release_keys)(self)

    # -- taking ------------------------------------------------------------------------------------------------------

    def put_rows(self, rows: Iterable[Row]) -> None:
        """Take rows that were read; what the reader looks at stays where it is."""
        seen = self._rows.lacking(self.rows_in_sight())
        self._rows.put(rows)
        self._asked = ()
        if len(self._rows.lacking(seen)) < len(seen):
            again, self._again = self._again, None
            item = self._anchor()
            (again or partial(self.put_item, item, self.item_y(item)))()
            self.refresh()
        self._ask()

    def forget_asked(self) -> None:
        """Take note that what was asked for does not come."""
        self._asked = ()
        self._hold(False)

    def _anchor(self) -> int:
        """Return the item that stays in place: the cursor's where it begins in sight, else the one at the top."""
        item = self._items.item_of(self._cursor)
        return item if 0 <= self.item_y(item) < self.window.height else self.top_item()[0]

    # -- going to rows that are not there yet --------------------------------------------------------------------------

    def go_to_end(self) -> None:
        """Scroll to the last line."""
        super().go_to_end()
        self._aim(self.go_to_end)

    def show_item(self, item: int) -> None:
        """Scroll as little as needed to show an item."""
        super().show_item(item)
        self._aim(partial(self.show_item, item))

    def _aim(self, again: Callable[[], None]) -> None:
        """Remember how the window came to its place, as long as rows in it are missing."""
        self._again = again if self._rows.lacking(self.rows_in_sight()) else None

    def scrolled(self, old_value: float, new_value: float) -> None:
        """Settle; a place that was scrolled to has no other aim."""
        self._again = None
        super().scrolled(old_value, new_value)

    def fold_rows(self, *, show_hidden: bool) -> None:
        """Fold hidden rows or not; other items are in sight now."""
        self._again = None
        self._asked = ()
        super().fold_rows(show_hidden=show_hidden)
