"""RowReading: reading a dialog: folding its rows, copying parts of them, following their links."""

from __future__ import annotations

from nova_tui.tui.panes.row_editing import RowEditing


class RowReading(RowEditing):
    """What a reader does with rows; nothing here changes a session."""

    # -- folding -------------------------------------------------------------------------------------------------------

    def action_fold_row(self) -> None:
        """Fold the row under the cursor, or unfold it."""
        if row := self.current_row:
            self.view.fold_row(row.id, folded=not self.view.is_folded(row.id))

    def action_fold_all_rows(self) -> None:
        """Fold all that can be folded, or unfold all."""
        self.view.fold_every_row(self.view.folds_every is not True)
