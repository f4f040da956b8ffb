"""Dialog: the ordered rows of a session and the verbs that edit them.

Every verb returns a new dialog and raises a named error where it cannot do what its name says. A verb that takes
`row_ids` takes one id or several; rows keep the dialog's order whatever the order of the ids.
"""

from __future__ import annotations

import dataclasses
import re
import warnings
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from nova_tui.domain.errors import DuplicateRow, InvalidPosition, InvalidValue, RowNotFound, TooFewRows
from nova_tui.domain.frozen import EMPTY, freeze_mapping
from nova_tui.domain.ids import new_row_id
from nova_tui.domain.row import HIDE, Image, Role, Row
from nova_tui.domain.times import now

RowIds = str | Iterable[str]
"""One row id or several."""


@dataclass(frozen=True, slots=True)
class Dialog:
    """An ordered sequence of rows, each with an id of its own."""

    rows: tuple[Row, ...] = ()
    extra: Mapping[str, Any] = field(default=EMPTY, kw_only=True)
    """Keys of the source that the model does not know, kept as they are."""

    def __post_init__(self) -> None:
        rows = tuple(self.rows)
        object.__setattr__(self, "rows", rows)
        object.__setattr__(self, "extra", freeze_mapping(self.extra, "dialog"))
        if len({row.id for row in rows}) != len(rows):
            seen: set[str] = set()
            for row in rows:
                if row.id in seen:
                    raise DuplicateRow(row.id)
                seen.add(row.id)

    @classmethod
    def new(cls, initial_prompt: str | None = None, role: Role | str = Role.SYSTEM) -> Dialog:
        """Return a dialog that is empty, or holds the prompt as its one row."""
        return cls() if initial_prompt is None else cls().add(role, initial_prompt)

    def __len__(self) -> int:
        return len(self.rows)

    # -- looking -----------------------------------------------------------------------------------------------------

    def messages(self, role: Role | str | None = None) -> tuple[Row, ...]:
        """Return all rows, or those of one role."""
        if role is None:
            return self.rows
        wanted = Role.parse(role)
        return tuple(row for row in self.rows if row.role is wanted)

    def visible(self, show_hidden: bool = False) -> tuple[Row, ...]:
        """Return the rows that are not hidden, or all."""
        return self.rows if show_hidden else tuple(row for row in self.rows if not row.hidden)

    def last_text(self) -> str:
        """Return the text of the last row, empty when there is none."""
        return self.rows[-1].text if self.rows else ""

    def row(self, row_id: str) -> Row:
        """Return the row of that id; raise RowNotFound."""
        return self.rows[self.position(row_id)]

    def rows_of(self, row_ids: RowIds) -> tuple[Row, ...]:
        """Return rows in the dialog's order; raise RowNotFound."""
        chosen = self._chosen(row_ids)
        return tuple(row for row in self.rows if row.id in chosen)

    def between(self, one: str, other: str) -> tuple[str, ...]:
        """Return the ids of two rows and of those between them, whichever comes first; raise RowNotFound."""
        first, last = sorted((self.position(one), self.position(other)))
        return tuple(row.id for row in self.rows[first : last + 1])

    def position(self, row_id: str) -> int:
        """Return where the row stands, from 0; raise RowNotFound."""
        for index, row in enumerate(self.rows):
            if row.id == row_id:
                return index
        raise RowNotFound(row_id)

    # -- adding ------------------------------------------------------------------------------------------------------

    def add(
        self,
        role: Role | str,
        text: str,
        metadata: Mapping[str, Any] | None = None,
        images: Iterable[Image] | None = None,
        *,
        timestamp: datetime | None = None,
        id: str | None = None,
    ) -> Dialog:
        """Append a row; its time is now and its id new unless they are given."""
        row = Row(
            text,
            Role.parse(role),
            timestamp if timestamp is not None else now(),
            metadata if metadata is not None else EMPTY,
            tuple(images) if images is not None else None,
            id=id if id is not None else new_row_id(),
        )
        return self._with((*self.rows, row))

    def add_user(self, text: str) -> Dialog:
        """Append a user row."""
        return self.add(Role.USER, text)

    def add_assistant(self, text: str) -> Dialog:
        """Append an assistant row."""
        return self.add(Role.ASSISTANT, text)

    def add_system(self, text: str, hidden: bool = False) -> Dialog:
        """Append a system row, hidden or not."""
        return self.add(Role.SYSTEM, text, {HIDE: True} if hidden else None)

    def insert(self, position: int, rows: Row | Iterable[Row]) -> Dialog:
        """Put one row or several before the row that stands at `position` (0 to the number of rows)."""
        added = (rows,) if isinstance(rows, Row) else tuple(rows)
        _check_position(position, 0, len(self.rows))
        return self._with((*self.rows[:position], *added, *self.rows[position:]))

    def paste(self, position: int, rows: Iterable[Row]) -> Dialog:
        """Put copies of rows, with new ids, before the row that stands at `position`; they may be of another dialog."""
        return self.insert(position, [row.copied() for row in rows])

    # -- changing ----------------------------------------------------------------------------------------------------

    def replace(self, row_id: str, row: Row) -> Dialog:
        """Put `row` in the place of the row of that id; the id stays."""
        position = self.position(row_id)
        if row.id != row_id:
            row = dataclasses.replace(row, id=row_id)
        return self._with((*self.rows[:position], row, *self.rows[position + 1 :]))

    def with_rows(self, rows: Iterable[Row]) -> Dialog:
        """Put rows in the places of those with the same ids; raise RowNotFound."""
        new = {row.id: row for row in rows}
        return self._changed(new, lambda row: new[row.id])

    def replace_text(
        self, row_ids: RowIds, text: str, *, find: str | re.Pattern[str] | None = None, regex: bool = False
    ) -> Dialog:
        """Give rows another text; with `find`, change only what it matches (plain text, or a pattern with `regex`)."""
        if find is None:
            return self._changed(row_ids, lambda row: row.with_text(text))
        if isinstance(find, str) and not regex:
            plain = find
            if not plain:
                raise InvalidValue("search text", "an empty text")
            return self._changed(row_ids, lambda row: row.with_text(row.text.replace(plain, text)))
        try:
            with warnings.catch_warnings():
                # Python warns of patterns whose meaning may change one day; that is nothing to tell a person
                warnings.simplefilter("ignore", FutureWarning)
                pattern = re.compile(find)
            return self._changed(row_ids, lambda row: row.with_text(pattern.sub(text, row.text)))
        except (re.error, IndexError) as error:
            raise InvalidValue("search pattern", f"an invalid expression ({error})") from error

    def set_role(self, row_ids: RowIds, role: Role | str) -> Dialog:
        """Give rows another role."""
        wanted = Role.parse(role)
        return self._changed(row_ids, lambda row: row if row.role is wanted else row.with_role(wanted))

    def cycle_role(self, row_ids: RowIds) -> Dialog:
        """Give all rows the role that comes after that of the first of them: user, assistant, system, and again."""
        chosen = self.rows_of(row_ids)
        return self.set_role(row_ids, chosen[0].role.next()) if chosen else self

    def set_hidden(self, row_ids: RowIds, hidden: bool = True) -> Dialog:
        """Hide rows, or show them again."""
        return self._changed(row_ids, lambda row: row.with_hidden(hidden))

    def set_excluded(self, row_ids: RowIds, excluded: bool = True) -> Dialog:
        """Leave rows out of dataset exports, or take them in again."""
        return self._changed(row_ids, lambda row: row.with_excluded(excluded))

    # -- restructuring -----------------------------------------------------------------------------------------------

    def remove(self, row_ids: RowIds) -> Dialog:
        """Take rows out."""
        chosen = self._chosen(row_ids)
        return self._with(tuple(row for row in self.rows if row.id not in chosen)) if chosen else self

    def move(self, row_ids: RowIds, position: int) -> Dialog:
        """Take rows out and put them, in the dialog's order, so that the first of them stands at `position`."""
        chosen = self._chosen(row_ids)
        rest = tuple(row for row in self.rows if row.id not in chosen)
        _check_position(position, 0, len(rest))
        moved = tuple(row for row in self.rows if row.id in chosen)
        return self._with((*rest[:position], *moved, *rest[position:]))

    def split(self, row_id: str, at: int) -> Dialog:
        """Cut a row's text before character `at`; the first part keeps the id and the images, the second is new."""
        position = self.position(row_id)
        row = self.rows[position]
        _check_position(at, 0, len(row.text))
        second = dataclasses.replace(row.copied(), text=row.text[at:], images=None)
        return self._with((*self.rows[:position], row.with_text(row.text[:at]), second, *self.rows[position + 1 :]))

    def join(self, row_ids: RowIds, separator: str = "\n") -> Dialog:
        """Make one row of several: the first keeps its id, role and time and gets the others' texts and images."""
        chosen = self._chosen(row_ids)
        rows = [row for row in self.rows if row.id in chosen]
        if len(rows) < 2:
            raise TooFewRows("join", 2)
        images = tuple(image for row in rows for image in row.images or ())
        metadata: dict[str, Any] = {}
        for row in rows:
            metadata |= {key: value for key, value in row.metadata.items() if key not in metadata}
        joined = dataclasses.replace(
            rows[0],
            text=separator.join(row.text for row in rows),
            metadata=metadata,
            images=images or rows[0].images,
        )
        gone = chosen - {joined.id}
        return self._with(tuple(joined if row.id == joined.id else row for row in self.rows if row.id not in gone))

    def duplicate(self, row_ids: RowIds) -> Dialog:
        """Put copies of rows, with new ids, behind the last of them."""
        chosen = self._chosen(row_ids)
        if not chosen:
            return self
        after = max(index for index, row in enumerate(self.rows) if row.id in chosen) + 1
        copies = tuple(row.copied() for row in self.rows if row.id in chosen)
        return self._with((*self.rows[:after], *copies, *self.rows[after:]))

    # -- shared ------------------------------------------------------------------------------------------------------

    def _with(self, rows: tuple[Row, ...]) -> Dialog:
        """Return the dialog with other rows."""
        return dataclasses.replace(self, rows=rows)

    def _chosen(self, row_ids: RowIds) -> set[str]:
        """Return the ids as a set; raise RowNotFound for one that the dialog does not hold."""
        ids = [row_ids] if isinstance(row_ids, str) else list(row_ids)
        held = {row.id for row in self.rows}
        for row_id in ids:
            if row_id not in held:
                raise RowNotFound(row_id)
        return set(ids)

    def _changed(self, row_ids: RowIds, change: Callable[[Row], Row]) -> Dialog:
        """Apply `change` to rows; the same dialog comes back when nothing changes."""
        chosen = self._chosen(row_ids)
        rows = tuple(change(row) if row.id in chosen else row for row in self.rows)
        return self if rows == self.rows else self._with(rows)


def _check_position(position: int, low: int, high: int) -> None:
    """Raise InvalidPosition outside low to high."""
    if isinstance(position, bool) or not isinstance(position, int) or not low <= position <= high:
        raise InvalidPosition(position, low, high)
