"""OutlineScreen: what the user said in a dialog and its chapters, at the side of it, to go there."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import ClassVar, Final

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen

from nova_tui.domain.outline import DialogOutline
from nova_tui.domain.row import Role, Row
from nova_tui.services.excerpt import Span, spans_of
from nova_tui.tui.reporting import reporting
from nova_tui.tui.type_ahead import release_keys
from nova_tui.tui.widgets.cells import shown_line
from nova_tui.tui.widgets.outline_list import OutlineList

WINDOW: Final = 128
"""Rows that are read at a time; what else the screen wants to read comes between."""

ReadRows = Callable[[Span], Awaitable[Sequence[Row] | None]]
"""Reads rows off the screen's thread; None where the session is another by now."""


class OutlineScreen(ModalScreen[int | None]):
    """Lists rows by their first lines, those in sight first; the answer is where the row stands that was chosen."""

    DEFAULT_CSS: ClassVar[str] = """
    OutlineScreen {
        align: right top; background: transparent;
        & > Vertical {
            width: 60%; min-width: 30; max-width: 46; height: 1fr; margin: 1 0; padding: 0;
            border: round $accent; border-title-color: $foreground; border-title-style: bold;
            border-subtitle-color: $row-muted; background: $background;
        }
    }
    """
    BINDINGS = [Binding("escape,q,C", "leave", "leave", id="outline.leave")]

    def __init__(self, outline: DialogOutline, current: int, read: ReadRows, *, show_hidden: bool = False) -> None:
        super().__init__()
        self._outline, self._read = outline, read
        self._list = OutlineList(outline, current, show_hidden=show_hidden)

    def compose(self) -> ComposeResult:
        """Put the list into a frame."""
        with Vertical() as box:
            rows = len(self._list)
            box.border_title = Content("Outline")
            box.border_subtitle = Content(f"{rows:,} row{'' if rows == 1 else 's'} of the user")
            yield self._list

    def on_mount(self) -> None:
        """Take the keys that were typed meanwhile, and read what the rows say."""
        self._list.focus()
        release_keys(self)
        self.call_after_refresh(self._fill)

    @work
    async def _fill(self) -> None:
        """Read all rows, what is in sight before anything else."""
        left = [(start, min(start + WINDOW, len(self._outline))) for start in range(0, len(self._outline), WINDOW)]
        with reporting(self):
            while left and self.is_attached:
                seen = self._list.lacking(self._list.in_sight())
                at = seen[0] if seen else left[0][0]
                window = next((span for span in left if span[0] <= at < span[1]), left[0])
                left.remove(window)
                for span in spans_of(self._outline, range(*window)):
                    rows = await self._read(span)
                    if rows is None:  # somebody saved meanwhile; what is listed still leads to its rows
                        return
                    self._put(span[0], rows)

    def _put(self, start: int, rows: Sequence[Row]) -> None:
        """Take rows that were read."""
        numbered = list(enumerate(rows, start))
        texts = {at: first_line(row) for at, row in numbered if row.role is Role.USER}
        self._list.put(texts, {at: chapter for at, row in numbered if (chapter := chapter_of(row))})

    @on(OutlineList.Chosen)
    def _chosen(self, event: OutlineList.Chosen) -> None:
        """Answer with the row."""
        event.stop()
        self.dismiss(event.position)

    def action_leave(self) -> None:
        """Answer with nothing."""
        self.dismiss(None)


def first_line(row: Row) -> str:
    """Return how a row begins."""
    for line in row.text[:2000].split("\n"):
        if words := line.strip().lstrip("#>*- "):
            return shown_line(words, 120)
    return "▣ image" if row.images else "…" if row.text else "empty"


def chapter_of(row: Row) -> str:
    """Return the chapter that begins with a row, as its metadata say; nothing where none does."""
    cue = row.metadata.get("demo")
    chapter = cue.get("chapter") if isinstance(cue, Mapping) else None
    return shown_line(chapter, 80) if isinstance(chapter, str) else ""
