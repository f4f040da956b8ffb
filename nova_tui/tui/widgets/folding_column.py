"""FoldingColumn: rows that are folded to their first lines, or to one, and unfolded again."""

from __future__ import annotations

from nova_tui.domain.row import Row
from nova_tui.tui.widgets.dialog_source import estimates
from nova_tui.tui.widgets.reading_column import ReadingColumn
from nova_tui.tui.widgets.row_folds import can_fold


class FoldingColumn(ReadingColumn):
    """Folds rows; the row under the cursor stays where it is."""

    @property
    def folds_every(self) -> bool | None:
        """Whether all rows that can be are folded or unfolded; None where they are as they open."""
        return self.renderer.folds.every

    def can_fold(self, row_id: str) -> bool:
        """Tell whether there is anything to fold of a row, as far as it was read."""
        row = self._row_of(row_id)
        return row is not None and can_fold(row)

    def is_folded(self, row_id: str) -> bool:
        """Tell whether a row is folded."""
        row = self._row_of(row_id)
        return row is not None and self.renderer.folds.folded(row)

    def fold_row(self, row_id: str, *, folded: bool) -> None:
        """Fold one row or unfold it; its label stays in place, or comes to the top where it was above."""
        row, item = self._row_of(row_id), self.item_of_id(row_id)
        if row is None or self.renderer.folds.folded(row) == folded:
            return
        self.renderer.folds.set(row_id, folded)
        self.renderer.forget_row(row_id)
        self._refold()
        position = self._rows.outline.positions[row_id]
        about = estimates(self._rows.outline, self.text_width, position, position + 1)[0]
        self._row_heights.forget(position, about)
        if item is not None:
            self.put_item(item, max(0, self.item_y(item)))
        self.refresh()

    def fold_every_row(self, folded: bool | None) -> None:
        """Fold all tool rows and all long ones, or unfold them; None leaves them as they open."""
        if folded is None and self.renderer.folds.every is None:
            return
        self.renderer.folds.set_every(folded)
        if not len(self.heights):
            return
        item = self._anchor()
        y = self.item_y(item)
        self._refold()
        self.estimate_heights()
        self.restore_heights()
        self.put_item(item, max(0, y))
        self.refresh()

    def leaves_out(self, item: int, y: int) -> bool:
        """Tell whether a line of the window says what is left out of a folded row, or is all that is seen of one."""
        row = self._rows.row(self._items.row_at(item))
        if row is None or not (laid := self.renderer.render(row)).folded:
            return False
        line = y - self.item_y(item)
        if laid.summary:
            return line == 0
        return 0 < line <= len(laid.lines) and laid.lines[line - 1].text.startswith("… ")

    def _refold(self) -> None:
        """Let go of what was painted and selected."""
        self._painter.forget()
        if self.text_selection is not None:
            self.screen.clear_selection()

    def _row_of(self, row_id: str) -> Row | None:
        """Return a row by its id; None where it was not read, or is not there."""
        position = self._rows.position(row_id)
        return None if position is None else self._rows.row(position)
