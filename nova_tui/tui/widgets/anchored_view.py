"""AnchoredView: a scrolling column of items of different heights, of which only those in sight are measured.

Heights of all others are estimates. One is corrected when its item comes into sight, and what the reader looks at stays
where it is: a correction above the window moves the scroll position by as much.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial

from textual.geometry import Size
from textual.widget import Widget

from nova_tui.tui.widgets.fast_scroll_view import FastScrollView
from nova_tui.tui.widgets.heights import Heights
from nova_tui.tui.widgets.textual_private import extend_selection_to_pointer


class AnchoredView(FastScrollView):
    """Keeps heights and scroll position; a subclass measures and paints the items."""

    def __init__(self, *, name: str | None = None, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(name=name, id=id, classes=classes)
        self.heights = Heights()
        """Lines of each item, exact or estimated."""
        self._later: Callable[[], None] | None = None

    def measure(self, item: int) -> int:
        """Return the exact height of an item at the present width."""
        raise NotImplementedError

    # -- where things are --------------------------------------------------------------------------------------------

    @property
    def max_scroll_y(self) -> int:
        """The last line that the window can start with."""
        return max(0, self.heights.total - self.window.height)

    def top_item(self) -> tuple[int, int]:
        """Return the item at the top of the window and how many of its lines are above."""
        item, offset = self.heights.locate(self.top_line)
        return (item, offset) if item < len(self.heights) else (max(0, len(self.heights) - 1), 0)

    def item_at(self, y: int) -> int | None:
        """Return the item on a line of the window."""
        item, _ = self.heights.locate(self.top_line + y)
        return item if item < len(self.heights) else None

    def item_y(self, item: int) -> int:
        """Return the line of the window that an item starts on; it may lie outside."""
        return self.heights.before(item) - self.top_line

    # -- moving ------------------------------------------------------------------------------------------------------

    def set_heights(self, heights: Iterable[int]) -> None:
        """Take other items."""
        self.heights = Heights(heights)
        self._tell_height()

    def put_item(self, item: int, y: int) -> None:
        """Scroll so that an item starts on line `y` of the window, as far as the ends allow."""
        if self.has_no_size(partial(self.put_item, item, y)) or not len(self.heights):
            return
        before = self.scroll_y
        self.correct(item)
        self._move(self.heights.before(item) - y)
        self.settle()
        # what came into sight above may have another height than was thought
        drift = self.item_y(item) - y
        if drift and 0 < self.top_line < self.max_scroll_y:
            self._move(self.top_line + drift)
            self.settle()
        self._announce(before)

    def go_to_end(self) -> None:
        """Scroll to the last line."""
        if self.has_no_size(self.go_to_end):
            return
        before, item, lines = self.scroll_y, len(self.heights), 0
        while item > 0 and lines < self.window.height:
            item -= 1
            self.correct(item)
            lines += self.heights[item]
        self._move(self.heights.total)
        self.settle()
        self._announce(before)

    def scroll_lines(self, lines: int) -> bool:
        """Scroll by lines; False when nothing moved."""
        before = self.top_line
        self.jump(before + lines)
        return self.top_line != before

    def _move(self, line: int) -> None:
        """Set the scroll position without settling."""
        line = max(0, min(line, self.max_scroll_y))
        self.set_reactive(Widget.scroll_y, float(line))
        self.set_reactive(Widget.scroll_target_y, float(line))

    def has_no_size(self, later: Callable[[], None]) -> bool:
        """Return whether the widget has no place yet; `later` is what to do when it has one."""
        if self.window.width and self.window.height:
            return False
        self._later = later
        return True

    def catch_up(self) -> bool:
        """Go where the view was sent before it had a place; False when it was not."""
        later, self._later = self._later, None
        if later is not None:
            later()
        return later is not None

    def _announce(self, before: float) -> None:
        """Let everybody who watches `scroll_y` see a position that was set quietly."""
        after = self.scroll_y
        if after != before:
            self.set_reactive(Widget.scroll_y, before)
            self.scroll_y = after
        self.refresh()

    # -- corrections -------------------------------------------------------------------------------------------------

    def correct(self, item: int) -> int:
        """Make the height of an item exact; return by how much it grew."""
        return self.heights.set(item, self.measure(item))

    def settle(self, *, up: bool = False) -> None:
        """Measure what is in sight and keep it in place: what is below the top when moving up, else the top itself."""
        if not len(self.heights) or not self.window.height or not self.window.width:
            return
        for _ in range(self.window.height + 8):
            self._settle_top(up=up)
            lines = self._settle_below()
            missing = min(self.window.height - lines, self.top_line)
            if missing <= 0:
                break
            # the content ends above the window's last line: pull it down, and keep its end in place
            self._move(self.top_line - missing)
            up = True
        self._tell_height()

    def _settle_top(self, *, up: bool) -> None:
        """Measure the item at the top of the window."""
        for _ in range(self.window.height + 8):
            item, offset = self.top_item()
            change = self.correct(item)
            if not change:
                return
            if up:
                self._move(self.top_line + change)
            elif offset >= self.heights[item]:
                self._move(self.heights.before(item) + self.heights[item] - 1)

    def _settle_below(self) -> int:
        """Measure from the top of the window down to its end; return how many lines there are."""
        item, offset = self.top_item()
        lines = -offset
        while item < len(self.heights) and lines < self.window.height:
            self.correct(item)
            lines += self.heights[item]
            item += 1
        return lines

    def _tell_height(self) -> None:
        """Tell how many lines there are."""
        self.set_reactive(Widget.virtual_size, Size(self.window.width, self.heights.total))
        self.tell_scrollbar()

    def scrolled(self, old_value: float, new_value: float) -> None:
        """Settle what came into sight, and let a selection that is being made follow."""
        self.settle(up=new_value < old_value)
        extend_selection_to_pointer(self)
