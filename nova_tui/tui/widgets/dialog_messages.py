"""What a dialog's view says to those around it."""

from __future__ import annotations

from collections.abc import Sequence

from textual.message import Message
from textual.selection import Selection

from nova_tui.services.excerpt import Span
from nova_tui.tui.widgets.dialog_column import DialogColumn


class DialogMessages:
    """The messages of a dialog's view, which are part of its class."""

    class _About(Message):
        """Base of the messages of a dialog."""

        def __init__(self, view: DialogColumn) -> None:
            super().__init__()
            self.view = view

        @property
        def control(self) -> DialogColumn:
            """The view that speaks."""
            return self.view

    class CursorMoved(_About):
        """The cursor is on another row now; None when there are none."""

        def __init__(self, view: DialogColumn, row_id: str | None) -> None:
            super().__init__(view)
            self.row_id = row_id

    class EditRequested(_About):
        """A row is to be edited: Enter, `e` or a double click."""

        def __init__(self, view: DialogColumn, row_id: str) -> None:
            super().__init__(view)
            self.row_id = row_id

    class LinkClicked(_About):
        """A link was clicked; its address is a plain web or mail address, and nothing was opened yet."""

        def __init__(self, view: DialogColumn, url: str) -> None:
            super().__init__(view)
            self.url = url

    class RowsWanted(_About):
        """These rows are about to be seen: answer with `put_rows`. What was wanted before is not any more."""

        def __init__(self, view: DialogColumn, spans: Sequence[Span]) -> None:
            super().__init__(view)
            self.spans = spans

    class SelectionWanted(_About):
        """Text is copied that reaches over rows which are not there: it is to be read, and put into the clipboard."""

        def __init__(self, view: DialogColumn, positions: Sequence[int], selection: Selection) -> None:
            super().__init__(view)
            self.positions, self.selection, self.width = positions, selection, view.text_width
            self.folds = view.renderer.folds.copy()

    class MarksChanged(_About):
        """Other rows are marked now."""

        def __init__(self, view: DialogColumn, count: int) -> None:
            super().__init__(view)
            self.count = count
