"""HistoryScreen: a session's revisions at the left, the dialog as it was at the right."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content

from nova_tui.domain.revision import Revision
from nova_tui.domain.safe_text import clean_line
from nova_tui.domain.session import Session
from nova_tui.domain.times import now
from nova_tui.services.comparison import compared
from nova_tui.services.past import Past, read_past
from nova_tui.storage.provider import SessionStorageProvider
from nova_tui.tui.commands import bindings_of
from nova_tui.tui.reporting import reporting
from nova_tui.tui.screens.difference_screen import DifferenceScreen
from nova_tui.tui.screens.history_commands import (
    CompareRevisions,
    HiddenInPast,
    HistoryHost,
    LeaveHistory,
    MarkRevision,
    RestoreRevision,
    ShowDifference,
)
from nova_tui.tui.screens.main_commands import Help, Palette
from nova_tui.tui.storage_worker import StorageWorker
from nova_tui.tui.type_ahead import release_keys
from nova_tui.tui.widgets.cells import fit, shown_line
from nova_tui.tui.widgets.dialog_rows import DialogRows
from nova_tui.tui.widgets.dialog_view import DialogView
from nova_tui.tui.widgets.footer_line import FooterLine
from nova_tui.tui.widgets.line_list import LineList, Part
from nova_tui.tui.widgets.relative_time import clock_time, relative_time

REST = 0.04
"""Seconds the cursor must rest before a revision is read."""
_LOOKING = frozenset(
    f"dialog.{name}"
    for name in (
        *("down", "up", "page_down", "page_up", "half_page_down", "half_page_up", "first", "last"),
        *("next_user", "previous_user"),
    )
)


class PastView(DialogView, inherit_bindings=False):
    """The reader's own view of a dialog, with the keys that only look."""

    BINDINGS: ClassVar[list[BindingType]] = [
        binding for binding in DialogView.BINDINGS if isinstance(binding, Binding) and binding.id in _LOOKING
    ]


class HistoryScreen(HistoryHost):
    """Walks the revisions; answers with the number of the one to restore, with two to compare, or None."""

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (70, "-medium"), (110, "-wide")]
    DEFAULT_CSS: ClassVar[str] = """
    HistoryScreen {
        background: $background;
        & .pane {
            border: round $border-blurred; border-title-color: $row-muted; border-subtitle-color: $row-muted;
            background: $background; height: 1fr;
            &:focus-within { border: round $accent; border-title-color: $foreground; border-title-style: bold; }
        }
        & #revisions { width: 42; }
        & #past { width: 1fr; border: round $warning; border-title-color: $text-warning; }
        & #past:focus-within { border: round $warning; border-title-color: $text-warning; }
        &.-medium #revisions { width: 34; }
        &.-narrow Horizontal { layout: vertical; }
        &.-narrow #revisions { width: 1fr; height: 40%; }
    }
    """
    INTENTIONS = (
        RestoreRevision,
        MarkRevision,
        ShowDifference,
        CompareRevisions,
        HiddenInPast,
        LeaveHistory,
        Help,
        Palette,
    )
    BINDINGS = bindings_of(*INTENTIONS)

    def __init__(
        self,
        storage: StorageWorker,
        session: Session,
        revisions: Sequence[Revision],
        *,
        read_only: bool = False,
        at: int | None = None,
    ) -> None:
        """Show the revisions of a session, the newest first; the cursor begins at the number `at`."""
        super().__init__()
        self._storage, self._session_id, self._name = storage, session.id, session.title
        self.revisions, self.read_only = revisions, read_only
        self._at = at
        self.past: Past | None = None
        """What is shown."""

    def compose(self) -> ComposeResult:
        """Revisions, dialog, footer."""
        with Horizontal():
            with Vertical(id="revisions", classes="pane") as box:
                box.border_title = Content("History")
                count = len(self.revisions)
                box.border_subtitle = Content(f"{count:,} revision{'' if count == 1 else 's'}")
                yield LineList()
            with Vertical(id="past", classes="pane"):
                yield PastView()
        yield FooterLine()

    def on_mount(self) -> None:
        """Begin at what is now."""
        numbers = [revision.number for revision in self.revisions]
        self.lines.show(len(numbers), self._lay, numbers.index(self._at) if self._at in numbers else 0)
        self.lines.focus()
        release_keys(self)

    @property
    def lines(self) -> LineList:
        """The list of revisions."""
        return self.query_one(LineList)

    @property
    def view(self) -> PastView:
        """The dialog."""
        return self.query_one(PastView)

    @property
    def under(self) -> Revision:
        """The revision under the cursor."""
        return self.revisions[self.lines.cursor]

    def _lay(self, index: int, width: int) -> Sequence[Sequence[Part]]:
        """Return the line of a revision: number, what it did, when."""
        revision = self.revisions[index]
        number = f"{revision.number:>{len(str(self.revisions[0].number))},}"
        when = relative_time(revision.at, now()) if index else "now"
        room = width - len(number) - 3 - len(when)
        mark = ("●", "accent") if revision.number in self.marked else (" ", "text")
        note = fit(shown_line(revision.note), max(4, room))
        style = "strong" if index == self.lines.cursor else "text"
        return [[mark, (number, "quiet"), (" ", "text"), (note, style), (" ", "text"), (when, "quiet")]]

    # -- looking ------------------------------------------------------------------------------------------------------

    @on(LineList.Moved)
    def _moved(self, event: LineList.Moved) -> None:
        """Show the dialog as it was."""
        event.stop()
        self.refresh_bindings()
        self._show(self.under)

    @work(exclusive=True, group="past")
    async def _show(self, revision: Revision) -> None:
        """Read a revision once the cursor rests, and show it where it changed something."""
        await asyncio.sleep(REST)
        box = self.query_one("#past")
        with reporting(self):
            past, rows = await self._storage.read(
                lambda library: _prepared(library.store, self._session_id, revision.number)
            )
            self.past = past
            outline = rows.outline
            if past.place is not None and outline.hidden[outline.positions[past.place]]:
                self.view.show_hidden = True
            self.view.show(rows, keep=past.place)
            state = "as it is now" if revision == self.revisions[0] else "as it was"
            box.border_title = Content(f"{clean_line(past.session.title, 60)} · {state}, read-only")
            at = f"{relative_time(revision.at, now())}, {clock_time(revision.at)}"
            count = len(rows)
            box.border_subtitle = Content(
                f"revision {revision.number:,} · {at} · {count:,} row{'' if count == 1 else 's'}"
            )

    def action_hidden_in_past(self) -> None:
        """Turn hidden rows on or off."""
        self.view.show_hidden = not self.view.show_hidden

    # -- commands -----------------------------------------------------------------------------------------------------

    @on(LineList.Chosen)
    def _chosen(self, event: LineList.Chosen) -> None:
        """Restore, or compare what is marked."""
        event.stop()
        if RestoreRevision.available(self):
            self.action_restore_revision()

    def action_mark_revision(self) -> None:
        """Mark the revision under the cursor; of three the oldest mark goes."""
        number = self.under.number
        if number in self.marked:
            self.marked = tuple(one for one in self.marked if one != number)
        else:
            self.marked = tuple(sorted((*self.marked, number)[-2:]))
        self.lines.lay_anew()
        self.refresh_bindings()

    def action_restore_revision(self) -> None:
        """Answer with the revision under the cursor, or show what lies between the marked ones."""
        if len(self.marked) == 2:
            self.action_show_difference()
        elif self.under != self.revisions[0]:
            self.dismiss(self.under.number)

    @work(exclusive=True, group="difference")
    async def action_show_difference(self) -> None:
        """Show what lies between two revisions."""
        if self.pair is None:
            return
        older, newer = self.pair
        with reporting(self):
            before, after = await self._storage.read(
                lambda library: [library.store.load(self._session_id, number) for number in (older, newer)]
            )
            lines = await asyncio.to_thread(lambda: list(compared(before, after)))
            title = f"From revision {older:,} to {newer:,}"
            await self.app.push_screen_wait(DifferenceScreen(before, after, title, lines))

    def action_compare_revisions(self) -> None:
        """Answer with two revisions."""
        if self.pair is not None:
            self.dismiss(self.pair)

    def action_leave_history(self) -> None:
        """Go back."""
        if self.view.has_focus:
            self.lines.focus()
        else:
            self.dismiss(None)


def _prepared(store: SessionStorageProvider, session_id: str, number: int) -> tuple[Past, DialogRows]:
    """Read a revision and measure its rows, on the storage thread."""
    past = read_past(store, session_id, number)
    return past, DialogRows.of(past.session.dialog.rows)
