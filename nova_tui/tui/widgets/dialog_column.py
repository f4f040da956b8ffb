"""DialogColumn: the rows of a dialog from top to bottom; what is shown, where it stands, how it is painted."""

from __future__ import annotations

import asyncio
from array import array
from collections.abc import Collection, Iterable, Mapping
from datetime import tzinfo
from functools import partial
from typing import Final

from rich.style import Style
from textual import events
from textual.geometry import Region
from textual.selection import Selection
from textual.strip import Strip

from nova_tui.domain.row import Image
from nova_tui.tui.widgets import code_spans
from nova_tui.tui.widgets.anchored_view import AnchoredView
from nova_tui.tui.widgets.dialog_painter import GUTTER, DialogPainter
from nova_tui.tui.widgets.dialog_rows import DialogRows
from nova_tui.tui.widgets.dialog_source import FOLD_HEIGHT, DialogItems, RowHeights, estimates
from nova_tui.tui.widgets.dialog_styles import PREFIX
from nova_tui.tui.widgets.image_shelf import ImageShelf
from nova_tui.tui.widgets.markdown_layout import Find
from nova_tui.tui.widgets.marks import Marks
from nova_tui.tui.widgets.row_renderer import RowRenderer, text_of
from nova_tui.tui.widgets.stable_strip import StableStrip
from nova_tui.tui.widgets.text_selection import LINES

READING_WIDTH: Final = 100
"""Cells that text takes at most, however wide the window is."""
MARGIN: Final = 1
"""Blank cells after the text."""


class DialogColumn(AnchoredView):
    """Paints the rows of a dialog; only those in sight are ever parsed and laid out."""

    def __init__(
        self,
        *,
        name: str | None = None,
        id: str | None = None,
        classes: str | None = None,
        zone: tzinfo | None = None,
    ) -> None:
        super().__init__(name=name, id=id, classes=classes)
        self._rows = DialogRows.of(())
        self._items = DialogItems()
        self._cursor = 0
        self._marks = Marks()
        self._width = 0
        self._row_heights = RowHeights(array("q"))
        self._reserved: dict[str, int] = {}
        self._loading: set[str] = set()
        self._stale_styles = False
        self._images = ImageShelf(self._picture_arrived)
        self.renderer = RowRenderer(self._resolve, zone, self._images)
        """Lays out the rows; its `laid` counts them."""
        self._painter = DialogPainter(self.renderer)

    # -- what is shown -----------------------------------------------------------------------------------------------

    @property
    def hidden_count(self) -> int:
        """How many rows are hidden, whether they are shown now or not."""
        return self._rows.outline.hidden.count(1)

    @property
    def text_width(self) -> int:
        """Cells that text takes."""
        return max(1, min(READING_WIDTH, self.window.width - GUTTER - MARGIN))

    def take_rows(self, rows: DialogRows, changed: Collection[str] | None, *, show_hidden: bool) -> None:
        """Take other rows, of which only those `changed` differ (None: nobody knows); what is known of others stays."""
        old, self._rows = self._rows, rows
        self._row_heights = self._row_heights.carried(
            old.ids, rows.outline, self.text_width, changed or (), self.renderer.folds.from_lines
        )
        if changed is None:
            positions = rows.outline.positions
            self._row_heights = self._row_heights.only(positions[row_id] for row_id in rows.adopt(old))
        self._reserved = {id: height for id, height in self._reserved.items() if rows.position(id) is not None}
        self._painter.forget()
        if self.is_attached and self.text_selection is not None:
            self.screen.clear_selection()
        self.fold_rows(show_hidden=show_hidden)

    def fold_rows(self, *, show_hidden: bool) -> None:
        """Fold hidden rows or not."""
        self._items = DialogItems(self._rows.outline.hidden, show_hidden=show_hidden)
        self.restore_heights()

    def restore_heights(self) -> None:
        """Take the heights that are known of the rows, and those that are reserved."""
        self.set_heights(self._items.heights(self._row_heights.lines))
        for row_id, height in self._reserved.items():
            item = self.item_of_id(row_id)
            if item is not None:
                self.heights.set(item, height)

    def annotate(self, notes: Mapping[str, str]) -> None:
        """Let the labels of rows, by id, say something more."""
        if notes != self.renderer.notes:
            self.renderer.notes = dict(notes)
            self._painter.forget_labels()
            self.refresh()

    def show_times(self, times: str) -> None:
        """Say in the labels when rows were written: one of TIMES."""
        self.renderer.times = times
        self._painter.forget()
        self.refresh()

    def find(self, find: Find | None, row_id: str | None = None) -> None:
        """Mark what is found in the texts, or in that of one row; None marks nothing."""
        self.renderer.find, self.renderer.find_in = find, row_id
        self.renderer.forget_laid()
        self.refresh()

    def show_found(self, row_id: str) -> bool:
        """Scroll so that what is found in a row is in the window; False where the row is not there yet."""
        item, position = self.item_of_id(row_id), self._rows.position(row_id)
        row = self._rows.row(position) if position is not None else None
        if item is None or row is None or not (self.window.height and self._width):
            return False
        self._check_styles()
        line = self.renderer.found_line(row)
        if line is None:
            return True
        self.correct(item)
        if not 0 < self.item_y(item) + line + 1 < self.window.height - 1:
            self.put_item(item, self.window.height // 3 - line - 1)
        return True

    # -- where rows are ----------------------------------------------------------------------------------------------

    def item_of_id(self, row_id: str) -> int | None:
        """Return the item that shows a row; None when the row is folded away or not in the dialog."""
        position = self._rows.position(row_id)
        if position is None:
            return None
        item = self._items.item_of(position)
        return None if self._items.is_fold(item) else item

    def row_region(self, row_id: str) -> Region:
        """Return the lines of a row in the window, label included; it may lie outside. Empty when it is not shown."""
        item = self.item_of_id(row_id)
        if item is None:
            return Region()
        return Region(0, self.item_y(item), self.window.width, max(0, self.heights[item] - 1))

    def text_region(self, row_id: str) -> Region:
        """Return the place of a row's text in the window, where an editor may lie over it."""
        region = self.row_region(row_id)
        return Region(GUTTER, region.y + 1, self.text_width, region.height - 1) if region.height > 1 else Region()

    def reserve(self, row_id: str, height: int | None) -> None:
        """Give a row so many lines (label and the blank line after it included) for an editor over it; None ends it."""
        if height is None:
            self._reserved.pop(row_id, None)
        else:
            self._reserved[row_id] = max(3, height)
        changed = self.item_of_id(row_id)
        if changed is None or not self._width:
            return
        # the item at the top stays in place, unless it is the changed one and has become too low for that
        item, offset = self.top_item()
        self.correct(changed)
        self.put_item(item, -min(offset, self.heights[item] - 1))

    def scroll_row_visible(self, row_id: str) -> None:
        """Scroll as little as needed to show a row, its start when it is higher than the window."""
        item = self.item_of_id(row_id)
        if item is not None:
            self.show_item(item)

    def show_item(self, item: int) -> None:
        """Scroll as little as needed to show an item; the fold above the first row comes with it."""
        window = self.window.height
        if self.has_no_size(partial(self.show_item, item)):
            return
        self.correct(item)
        y, height = self.item_y(item), self.heights[item] - 1
        if self._items.next_row(item - 1, -1) is None and self.heights.before(item) + height <= window:
            self.put_item(0, 0)
        elif (y < 0 or height >= window) and y != 0:
            self.put_item(item, 0)
        elif y + height > window > height:
            self.put_item(item, window - height)

    def measure(self, item: int) -> int:
        """Return the exact height of a row or a fold; what was not read yet keeps the height it was thought to have."""
        if self._items.is_fold(item):
            return FOLD_HEIGHT
        position = self._items.row_at(item)
        if self._reserved and (reserved := self._reserved.get(self._rows.id(position))) is not None:
            return reserved
        known = self._row_heights.exact(position)
        if known is not None:
            return known
        row = self._rows.row(position)
        if row is None:
            return self._row_heights.lines[position]
        self._check_styles()
        laid = self.renderer.render(row)
        self._load_languages(laid.languages)
        return self._row_heights.set(position, laid.height)

    def _on_resize(self, event: events.Resize) -> None:  # noqa: ARG002 - the event's own signature
        """Lay out for another width; what is at the top stays at the top."""
        self._fit_width()
        self._painter.forget()
        self.settle()

    def _fit_width(self) -> None:
        """Measure anew when the width is another."""
        if not (self.window.width and self.window.height):
            return
        if self.text_width == self._width:
            self.catch_up()
            return
        item, offset = self.top_item() if len(self.heights) else (0, 0)
        share = offset / max(1, self.heights[item]) if len(self.heights) else 0.0
        self._width = self.renderer.width = self.text_width
        self.estimate_heights()
        self.set_heights(self._items.heights(self._row_heights.lines))
        if len(self.heights) and not self.catch_up():
            self.correct(item)
            self.put_item(item, -int(share * self.heights[item]))

    def estimate_heights(self) -> None:
        """Forget how high rows are; each is laid out again when it comes into sight."""
        folded = self.renderer.folds.from_lines
        self._row_heights = RowHeights(estimates(self._rows.outline, self.text_width, folded=folded))
        self.renderer.forget_laid()
        self._painter.forget()

    # -- painting ----------------------------------------------------------------------------------------------------

    def render_lines(self, crop: Region) -> list[Strip]:
        """Return the lines of the window; the first may be wanted before the widget heard of its size."""
        self._fit_width()
        return super().render_lines(crop)

    def _resolve(self, names: tuple[str, ...]) -> Style:
        """Return the style of component classes, by their short names."""
        return self.component_style(*(PREFIX + name for name in names))

    def forget_painted(self) -> None:
        """Look at the styles again before the next line is painted."""
        self._stale_styles = True

    def _check_styles(self) -> None:
        """Drop what is painted in other colours than the theme's."""
        if self._stale_styles:
            self._stale_styles = False
            if self.renderer.check_styles():
                self._painter.forget()

    def paint_line(self, y: int) -> StableStrip:
        """Return one line of the window."""
        self._check_styles()
        item, line = self.heights.locate(self.top_line + y)
        width = self.window.width
        if item >= len(self.heights):
            return self._painter.blank(width)
        position = self._items.row_at(item)
        if self._items.is_fold(item):
            count = self._items.rows_in(item)
            return self._painter.fold(count, self._rows.outline.kinds[position : position + count], line, width)
        row, row_id = self._rows.row(position), self._rows.id(position)
        here = position == self._cursor
        cursor = here and self.has_focus
        last = line == self.heights[item] - 1
        if row is None or (line and row_id in self._reserved):
            outline = self._rows.outline
            return self._painter.bar(
                outline.role(position), width, hidden=outline.hidden[position] == 1, last=last, cursor=cursor
            )
        if line == 0:
            before = self._rows.row(position - 1) if position else None
            state = "current" if cursor else "cursor" if here else ""
            return self._painter.label(row, before, width, state, marked=row.id in self._marks.ids)
        selection = self.text_selection
        if selection is not None:
            style = self.screen.get_component_rich_style("screen--selection")
            if strip := self._painter.selected(row, position, line, width, selection, style, cursor=cursor):
                return strip
        return self._painter.text(row, line, width, cursor=cursor)

    def render_line(self, y: int) -> Strip:
        """Return one line with the places of its characters, for Textual to find what the mouse selects."""
        item, line = self.heights.locate(self.top_line + y)
        if item >= len(self.heights):
            return self._painter.placed(self.window.width, len(self._rows), 0)
        position = self._items.row_at(item)
        row, row_id, strip = self._rows.row(position), self._rows.id(position), None
        if row is not None and line and not self._items.is_fold(item) and row_id not in self._reserved:
            strip = self._painter.placed_text(row, position, line, self.window.width)
        return strip or self._painter.placed(self.window.width, position, line)

    def refresh_row(self, position: int) -> None:
        """Repaint one row, as far as it is in sight."""
        if position < len(self._rows):
            item = self._items.item_of(position)
            region = Region(0, self.item_y(item), self.size.width, self.heights[item])
            if visible := region.intersection(self.size.region):
                self.refresh(visible)

    def _load_languages(self, languages: Iterable[str]) -> None:
        """Load what colours code in these languages, in a thread; it is painted in colour when that is done."""
        for language in languages:
            if language not in self._loading:
                self._loading.add(language)
                self.run_worker(self._load(language), group="languages", exit_on_error=False)

    async def _load(self, language: str) -> None:
        """Load a language and paint its code again."""
        await asyncio.get_running_loop().run_in_executor(None, code_spans.load, language)
        self._loading.discard(language)
        if self.renderer.forget_rows_with(language):
            self.refresh()

    def _picture_arrived(self, image: Image) -> None:
        """Paint a picture in the place that was kept for it."""
        if self.renderer.forget_rows_showing(image):
            self.refresh()

    def on_unmount(self) -> None:
        """Make no more pictures."""
        self._images.close()

    # -- selection ---------------------------------------------------------------------------------------------------

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """Return the selected text of the rows; labels and bars are not part of it."""
        if not self._rows:
            return None
        rows = [(at, row) for at in self.selected_positions(selection) if (row := self._rows.row(at)) is not None]
        return text_of(rows, self.text_width, selection, self.renderer.folds), "\n"

    def selected_positions(self, selection: Selection) -> list[int]:
        """Return where the rows stand of which something is selected."""
        start, end = selection
        first = start.y // LINES if start is not None else 0
        last = min(end.y // LINES if end is not None else len(self._rows), len(self._rows) - 1)
        items = range(self._items.item_of(first), self._items.item_of(last) + 1)
        return [self._items.row_at(item) for item in items if not self._items.is_fold(item)]

    def selection_updated(self, selection: Selection | None) -> None:  # noqa: ARG002 - Textual's own signature
        """Paint the selection."""
        self.refresh()
