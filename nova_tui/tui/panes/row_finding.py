"""RowFinding: what is looked for in a dialog is marked there, and walked from row to row."""

from __future__ import annotations

from functools import partial

from textual import on
from textual.content import Content
from textual.message import Message
from textual.widgets import Input

from nova_tui.domain.errors import QueryError
from nova_tui.domain.marking import places_of
from nova_tui.domain.query import Query, parse_query
from nova_tui.domain.safe_text import clean_line
from nova_tui.domain.search import RowHit, SessionHits
from nova_tui.tui.panes.find_line import FindInput, FindLine
from nova_tui.tui.panes.row_editing import RowEditing
from nova_tui.tui.type_ahead import release_keys
from nova_tui.tui.widgets.dialog_view import DialogView


class RowFinding(RowEditing):
    """Marks what the list, or the person in the dialog's own line, looks for; a hit is a row."""

    class HitsWanted(Message):
        """Asks which rows of a session are found; `take_hits` is the answer."""

        def __init__(self, session_id: str, text: str, *, typed: bool) -> None:
            super().__init__()
            self.session_id, self.text, self.typed = session_id, text, typed

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._listed = ""
        self._own: str | None = None
        self._marked = Query()
        self._origin = 0
        self._unfolded = False
        self._revealing: str | None = None
        self.hits: SessionHits | None = None
        """The rows that are found, where that is known."""

    @property
    def find_line(self) -> FindLine:
        """The dialog's own line."""
        return self.query_one(FindLine)

    @property
    def finds_here(self) -> bool:
        """Whether something is looked for in this dialog alone."""
        return self._own is not None

    @property
    def looked_for(self) -> str:
        """What is looked for here, else in the whole list."""
        return self._listed if self._own is None else self._own

    @property
    def hits_told(self) -> str:
        """Where the cursor is among the hits: `3 of 17 hits`; empty where nothing was found in rows."""
        if self.hits is None or not (self.hits.count or self.finds_here):
            return ""
        if not self.hits.count:
            return "no hits" if self.looked_for.strip() else ""
        total = f"{self.hits.count:,} hit{'' if self.hits.count == 1 else 's'}"
        current = self.view.current_row_id
        at = next((number for number, hit in enumerate(self.hits.rows, 1) if hit.row_id == current), None)
        return total if at is None else f"{at:,} of {total}"

    # -- what is looked for --------------------------------------------------------------------------------------------

    def look_for(self, text: str) -> None:
        """Mark what the list looks for; empty marks nothing."""
        if text != self._listed:
            self._listed = text
            if self._own is None:
                self._find()

    def _find(self, *, typed: bool = False, again: bool = False) -> None:
        """Mark what is looked for now, and ask for the rows that hold it."""
        problem, query = "", Query()
        try:
            query = parse_query(self.looked_for, typing=True)
        except QueryError as error:
            problem = str(error)
        self.border_subtitle = Content(clean_line(problem, 200) if self.finds_here else "")
        if query.wanted != self._marked.wanted:
            self.view.find(partial(places_of, query) if query.wanted else None)
        self._marked = query
        self.hits = self.hits if again else None
        if self.session is not None and query.looks_at_rows:
            self.post_message(self.HitsWanted(self.session.id, self.looked_for, typed=typed))
        self.show_titles()

    def session_shown(self, *, same: bool, open_at: str | None) -> None:
        """Find in a session that is shown now, or shown anew; `open_at` is where it was found."""
        if not same and self._own is not None:
            self._end_own()
        self._revealing = open_at
        self._reveal()
        self._find(again=same)

    def unfold_for_hit(self) -> None:
        """Show hidden rows, because one of them is wanted."""
        if not self.view.show_hidden:
            self.view.show_hidden = self._unfolded = True

    def fold_again(self) -> None:
        """Fold hidden rows that were shown for a hit alone."""
        if self._unfolded:
            self._unfolded = False
            self.view.show_hidden = False

    def take_hits(self, session_id: str, text: str, hits: SessionHits, *, typed: bool) -> None:
        """Take the rows that were found; while typing the cursor goes to the first from where it was."""
        if self.session is None or self.session.id != session_id or text != self.looked_for:
            return
        self.hits = hits
        if typed and hits.rows:
            after = (hit for hit in hits.rows if hit.position >= self._origin)
            self.go_to_row(next(after, hits.rows[0]).row_id)
        self.show_titles()
        self.refresh_bindings()

    # -- going to hits -------------------------------------------------------------------------------------------------

    def go_to_row(self, row_id: str) -> None:
        """Go to a row that was found, unfolding what hides it, and to the place in it."""
        position = self.view.rows.position(row_id)
        if position is None:
            return
        if self.view.rows.outline.hidden[position]:
            self.unfold_for_hit()
        self.view.move_cursor_to(row_id)
        self._revealing = row_id
        self._reveal()

    def _reveal(self) -> None:
        """Scroll to the place in the row, as soon as the row is there."""
        row_id = self._revealing
        if row_id is None:
            return
        if self.view.is_folded(row_id):
            self.view.fold_row(row_id, folded=False)
        if self.view.show_found(row_id):
            self._revealing = None

    def rows_arrived(self) -> None:
        """Go on to a place in a row that was not there."""
        self._reveal()

    def walk_hits(self, by: int) -> None:
        """Go to the next or the previous hit, from the last one round to the first."""
        rows = self.hits.rows if self.hits is not None else ()
        if not rows:
            return
        current = self.view.current_row_id
        here = self.view.rows.position(current) if current is not None else None
        here = -1 if here is None else here
        following: RowHit | None
        if by > 0:
            following = next((hit for hit in rows if hit.position > here), None)
        else:
            following = next((hit for hit in reversed(rows) if hit.position < here), None)
        if following is None:
            following = rows[0 if by > 0 else -1]
            if len(rows) > 1:
                self.app.notify("From the first again." if by > 0 else "From the last again.", timeout=2, markup=False)
        self.go_to_row(following.row_id)

    # -- the dialog's own line -----------------------------------------------------------------------------------------

    def action_find_in_dialog(self) -> None:
        """Open the line; what was looked for here before is chosen in it."""
        line = self.find_line
        if self._own is None:
            self._own = ""
            current = self.view.current_row_id
            self._origin = (self.view.rows.position(current) if current is not None else None) or 0
            with self.prevent(Input.Changed):
                line.input.value = ""
            self._find()
        line.display = True
        line.input.focus()

    @on(Input.Changed)
    def _find_changed(self, event: Input.Changed) -> None:
        """Look for something else."""
        event.stop()
        if self._own is not None:
            self._own = event.value
            self._find(typed=True)

    @on(FindInput.Walked)
    def _find_walked(self, event: FindInput.Walked) -> None:
        """Walk while the line has the focus."""
        event.stop()
        self.walk_hits(event.by)

    @on(FindInput.Left)
    def _find_left(self, event: FindInput.Left) -> None:
        """Go back to the dialog."""
        event.stop()
        if not event.keep:
            self._end_own()
            self._find()
        self.screen.set_focus(self.view if self.view.display else self.empty)
        release_keys(self)

    def _end_own(self) -> None:
        """Look for nothing here any more; the place stays."""
        self._own = None
        self.find_line.display = False

    def action_clear_find(self) -> None:
        """Look for nothing here any more."""
        self._end_own()
        self._find()

    def action_next_hit(self) -> None:
        """Go to the next hit."""
        self.walk_hits(1)

    def action_previous_hit(self) -> None:
        """Go to the previous hit."""
        self.walk_hits(-1)

    @on(DialogView.CursorMoved)
    def _hit_passed(self) -> None:
        """Tell where the cursor is among the hits."""
        if self.hits is not None:
            self.show_titles()

    def show_titles(self) -> None:
        """Name the pane; a subclass says what is shown."""
