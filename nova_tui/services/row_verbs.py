"""What a person does to the rows of a dialog: the model's verbs, each with its name in the history and its cursor."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from nova_tui.domain.dialog import Dialog
from nova_tui.domain.row import Row


@dataclass(frozen=True, slots=True)
class Rearranged:
    """A dialog after a verb."""

    dialog: Dialog
    cursor: str | None = None
    """The row that the verb leads to; None where the cursor has no reason to move."""
    note: str | None = None
    """What the history says of it; None leaves that to the difference."""
    rows: Sequence[Row] = ()
    """The rows that the verb was about, as they were before."""


RowVerb = Callable[[Dialog], Rearranged]
"""A verb whose rows are chosen already; it is applied on the thread of the store, to the dialog that is stored."""


def removed(dialog: Dialog, row_ids: Sequence[str]) -> Rearranged:
    """Take rows out."""
    return Rearranged(dialog.remove(row_ids), rows=dialog.rows_of(row_ids))


def moved(dialog: Dialog, row_ids: Sequence[str], by: int, *, show_hidden: bool) -> Rearranged:
    """Move rows as one block over the next row that is shown, down (`by` > 0) or up; at the end they stay."""
    chosen = set(row_ids)
    block = [at for at, row in enumerate(dialog.rows) if row.id in chosen]
    rest = [row for row in dialog.rows if row.id not in chosen]
    edge = block[-1] if by > 0 else block[0]
    position = sum(row.id not in chosen for row in dialog.rows[:edge])  # where the block's edge stands among the rest
    places = range(position, len(rest)) if by > 0 else range(position - 1, -1, -1)
    over = next((at for at in places if show_hidden or not rest[at].hidden), None)
    if over is not None:
        position = over + 1 if by > 0 else over
    return Rearranged(dialog.move(row_ids, position), row_ids[0], f"move {_named(dialog, row_ids)}")


def pasted(dialog: Dialog, rows: Sequence[Row], anchor: str | None, *, below: bool) -> Rearranged:
    """Put copies of rows below or above a row, at the end where that is None; the cursor goes to the first."""
    position = len(dialog) if anchor is None else dialog.position(anchor) + below
    after = dialog.paste(position, rows)
    return Rearranged(after, after.rows[position].id, f"paste {_count(len(rows))}")


def inserting(row: Row, anchor: str | None, *, below: bool, split_at: int | None = None) -> RowVerb:
    """Return the verb that puts a new row below or above another, or at the end; as two rows where it is cut.

    A dialog that holds the row already stays as it is.
    """

    def verb(dialog: Dialog) -> Rearranged:
        if any(known.id == row.id for known in dialog.rows):
            return Rearranged(dialog, row.id)
        position = len(dialog) if anchor is None else dialog.position(anchor) + below
        after = dialog.insert(position, row)
        if split_at is None:
            return Rearranged(after, row.id)
        return replace(split_with(after, row, split_at), note=None)

    return verb


def taken_over(now: Row, seen: Row, mine: Row) -> Row:
    """Return a row as it is now with what somebody changed who began with `seen`."""
    row = now if mine.text == seen.text else now.with_text(mine.text)
    if mine.role is not seen.role:
        row = row.with_role(mine.role)
    if mine.hidden != seen.hidden:
        row = row.with_hidden(mine.hidden)
    if mine.excluded != seen.excluded:
        row = row.with_excluded(mine.excluded)
    return row


def duplicated(dialog: Dialog, row_ids: Sequence[str]) -> Rearranged:
    """Put copies of rows behind the last of them; the cursor goes to the first copy."""
    after = dialog.duplicate(row_ids)
    known = {row.id for row in dialog.rows}
    first = next(row.id for row in after.rows if row.id not in known)
    return Rearranged(after, first, f"duplicate {_named(dialog, row_ids)}")


def joined(dialog: Dialog, row_ids: Sequence[str], *, show_hidden: bool) -> Rearranged:
    """Make one row of several, or of one and the next that is shown; without a next nothing changes."""
    if len(row_ids) == 1:
        behind = dialog.rows[dialog.position(row_ids[0]) + 1 :]
        following = next((row.id for row in behind if show_hidden or not row.hidden), None)
        if following is None:
            return Rearranged(dialog, row_ids[0])
        row_ids = [row_ids[0], following]
    rows = dialog.rows_of(row_ids)
    if len(rows) == 2:
        note = f"join rows {dialog.position(rows[0].id) + 1} and {dialog.position(rows[1].id) + 1}"
    else:
        note = f"join {_count(len(rows))}"
    return Rearranged(dialog.join(row_ids), rows[0].id, note, rows)


def role_cycled(dialog: Dialog, row_ids: Sequence[str]) -> Rearranged:
    """Give rows the role after that of the first of them."""
    role = dialog.rows_of(row_ids)[0].role.next()
    return Rearranged(dialog.set_role(row_ids, role), note=f"make {_named(dialog, row_ids)} {role}")


def hidden_turned(dialog: Dialog, row_ids: Sequence[str]) -> Rearranged:
    """Hide rows, or show them when all are hidden."""
    return Rearranged(dialog.set_hidden(row_ids, not all(row.hidden for row in dialog.rows_of(row_ids))))


def excluded_turned(dialog: Dialog, row_ids: Sequence[str]) -> Rearranged:
    """Leave rows out of dataset exports, or take them in when all are left out."""
    return Rearranged(dialog.set_excluded(row_ids, not all(row.excluded for row in dialog.rows_of(row_ids))))


def split_with(dialog: Dialog, row: Row, at: int) -> Rearranged:
    """Cut a row (as it is given, with what was just typed) at a character; the cursor goes to the second part.

    The line ends at the cut belong to neither part.
    """
    position = dialog.position(row.id)
    head, tail = row.text[:at].rstrip("\n"), row.text[at:].lstrip("\n")
    changed = dialog.replace(row.id, row.with_text(head + tail)).split(row.id, len(head))
    return Rearranged(changed, changed.rows[position + 1].id, f"split row {position + 1}")


def _named(dialog: Dialog, row_ids: Sequence[str]) -> str:
    """Return `row 3` for one row, `2 rows` for several; rows count from 1 as a person counts them."""
    return f"row {dialog.position(row_ids[0]) + 1}" if len(row_ids) == 1 else _count(len(row_ids))


def _count(rows: int) -> str:
    """Return how many rows."""
    return "1 row" if rows == 1 else f"{rows:,} rows"


def texts_of(rows: Iterable[Row]) -> str:
    """Return the texts of rows as one, for the system's clipboard."""
    return "\n\n".join(row.text for row in rows)
