"""RowStructure: rearranges the rows of a dialog: the one under the cursor, or all that are marked, as one change."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from nova_tui.domain.row import Row
from nova_tui.domain.session import Session
from nova_tui.services import row_verbs
from nova_tui.services.library import made_of
from nova_tui.services.row_verbs import Rearranged, RowVerb, texts_of
from nova_tui.tui import messages
from nova_tui.tui.panes.row_editing import RowEditing
from nova_tui.tui.type_ahead import hold_keys


class RowStructure(RowEditing):
    """Says which rows a verb is about; the verb itself is applied where the rows are stored."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.clipboard: Sequence[Row] = ()
        """The rows that were cut or copied last, whatever session they are of."""

    @property
    def targets(self) -> tuple[str, ...]:
        """The rows that a verb is about: the marked ones, in the dialog's order, else the one under the cursor."""
        if marked := self.view.marked:
            return marked
        return () if self.view.current_row_id is None else (self.view.current_row_id,)

    def _ask(self, verb: RowVerb, done: Callable[[Rearranged], None] | None = None) -> None:
        """Ask for a change; the next key waits until it is seen, because it may be about the same rows."""
        if self.session is not None:
            self.view.end_range()
            hold_keys(self)
            self.post_message(messages.ChangeRows(self.session.id, verb, done))

    def _with_targets(self, verb: Callable[..., Rearranged], **options: object) -> RowVerb:
        """Return a verb about the rows that are meant now."""
        targets = self.targets
        return lambda dialog: verb(dialog, targets, **options)

    # -- switches and roles: the marks stay, so that the verb can be given again ---------------------------------------

    def action_hide_row(self) -> None:
        """Hide rows, or show them."""
        self._ask(self._with_targets(row_verbs.hidden_turned))

    def action_exclude_row(self) -> None:
        """Leave rows out of exports, or take them in."""
        self._ask(self._with_targets(row_verbs.excluded_turned))

    def action_cycle_role(self) -> None:
        """Give rows the next role."""
        self._ask(self._with_targets(row_verbs.role_cycled))

    # -- places --------------------------------------------------------------------------------------------------------

    def action_move_row_down(self) -> None:
        """Move rows down."""
        self._ask(self._with_targets(row_verbs.moved, by=1, show_hidden=self.view.show_hidden))

    def action_move_row_up(self) -> None:
        """Move rows up."""
        self._ask(self._with_targets(row_verbs.moved, by=-1, show_hidden=self.view.show_hidden))

    def action_duplicate_row(self) -> None:
        """Put copies behind the rows."""
        self._ask(self._with_targets(row_verbs.duplicated), self._unmark)

    def action_join_rows(self) -> None:
        """Make one row of several."""
        self._ask(self._with_targets(row_verbs.joined, show_hidden=self.view.show_hidden), self._joined)

    def _joined(self, done: Rearranged) -> None:
        """Say where there was nothing to join."""
        self.view.clear_marks()
        if not done.rows:
            self.app.notify("There is no row below to join with.", timeout=3, markup=False)

    def _unmark(self, _done: Rearranged) -> None:
        """Take the marks away: the verb is not one to be given again on the same rows."""
        self.view.clear_marks()

    # -- out and in ----------------------------------------------------------------------------------------------------

    def action_delete_row(self) -> None:
        """Take rows out."""
        self._ask(self._with_targets(row_verbs.removed), self._deleted)

    def _deleted(self, done: Rearranged) -> None:
        """Say how to get them back."""
        words = "Row deleted. Press u to bring it back."
        if len(done.rows) != 1:
            words = f"{len(done.rows):,} rows deleted. Press u to bring them back."
        self.app.notify(words, timeout=4, markup=False)

    def action_cut_row(self) -> None:
        """Take rows out and keep them for pasting."""
        self._ask(self._with_targets(row_verbs.removed), lambda done: self.take_rows(done.rows, "cut"))

    def action_copy_row(self) -> None:
        """Keep rows for pasting; marked ones may have to be read first."""
        targets, row = self.targets, self.current_row
        if row is not None and targets == (row.id,):
            self.take_rows([row], "copied")
        elif targets:
            hold_keys(self)
            self.post_message(messages.CopyRows(targets))

    def take_rows(self, rows: Sequence[Row], how: str) -> None:
        """Keep rows for pasting, and put their texts into the system's clipboard."""
        self.clipboard = tuple(rows)
        self.app.copy_to_clipboard(texts_of(rows))
        self.view.end_range()
        words = "Row" if len(rows) == 1 else f"{len(rows):,} rows"
        self.app.notify(f"{words} {how}.", timeout=2, markup=False)
        self.refresh_bindings()

    def action_paste_below(self) -> None:
        """Put what was cut or copied below the row under the cursor."""
        self._paste(below=True)

    def action_paste_above(self) -> None:
        """Put what was cut or copied above the row under the cursor."""
        self._paste(below=False)

    def _paste(self, *, below: bool) -> None:
        """Put copies of the kept rows beside the row under the cursor; into an empty dialog as its first."""
        anchor, rows = self.view.current_row_id, self.clipboard
        self._ask(lambda dialog: row_verbs.pasted(dialog, rows, anchor, below=below))

    # -- drafts --------------------------------------------------------------------------------------------------------

    @property
    def drafts_here(self) -> list[str]:
        """The names of the drafts of the row under the cursor and of new rows beside it."""
        if self.session is None or (row_id := self.view.current_row_id) is None:
            return []
        return self.drafts.keys_at(self.session.id, row_id)

    def action_discard_draft(self) -> None:
        """Forget the first of them; its text stays in the clipboard."""
        if self.session is not None and (keys := self.drafts_here):
            text = self.drop_draft(self.session.id, keys[0])
            self.app.copy_to_clipboard(text or "")
            self.app.notify("The draft is thrown away; its text is in the clipboard.", markup=False)
            self.show_drafts()
            self.refresh_bindings()

    # -- other sessions ------------------------------------------------------------------------------------------------

    def action_fork_here(self) -> None:
        """Go on in a new session with the rows up to this one."""
        if self.session is not None and (row_id := self.view.current_row_id) is not None:
            self._make(partial(_fork, row_id=row_id), "fork", "A fork with the rows up to here; you are in it now.")

    def action_extract_rows(self) -> None:
        """Make a new session of the rows."""
        if targets := self.targets:
            rows = "row" if len(targets) == 1 else f"{len(targets):,} rows"
            told = f"A new session with copies of the {rows}; you are in it now."
            self._make(partial(_extract, row_ids=targets), "extract", told)

    def _make(self, make: Callable[[Session], Session], verb: str, told: str) -> None:
        """Ask for a session that is made of this one."""
        if self.session is not None:
            self.view.clear_marks()
            hold_keys(self)
            self.post_message(messages.MakeSession(self.session.id, make, made_of(verb, self.session.title), told))


def _fork(session: Session, row_id: str) -> Session:
    """Return a fork whose title tells it from the session that it comes from."""
    fork = session.fork(row_id)
    return fork.with_title(f"{session.title} (fork)", at=fork.created_at)


def _extract(session: Session, row_ids: Sequence[str]) -> Session:
    """Return a session of some rows, with a title of its own."""
    extract = session.extract(row_ids)
    return extract.with_title(f"{session.title} (extract)", at=extract.created_at)
