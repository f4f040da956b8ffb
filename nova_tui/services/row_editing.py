"""Editing rows by name: which rows are meant, what a verb did to them, and what it would do."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from nova_tui.domain.dialog import Dialog
from nova_tui.domain.difference import Difference, compare
from nova_tui.domain.errors import RowNotFound
from nova_tui.domain.row import Row
from nova_tui.domain.session import Session
from nova_tui.domain.times import to_text
from nova_tui.services.library import Library, resolve_row

RANGE = ".."
"""Stands between the first and the last row of a range."""

Verb = Callable[[Dialog], Dialog]
"""A change of a dialog, made of the model's verbs."""


def chosen_rows(dialog: Dialog, names: Iterable[str]) -> list[str]:
    """Return the ids of rows that are named by id, by a unique beginning of it, or as a range `FIRST..LAST`.

    They come in the order of the names, each once. Raises RowNotFound.
    """
    found: list[str] = []
    for name in names:
        found += _named(dialog, name)
    return list(dict.fromkeys(found))


def _named(dialog: Dialog, name: str) -> Iterable[str]:
    """Return the ids that one name stands for; an id may hold the dots of a range itself."""
    try:
        return [resolve_row(dialog, name)]
    except RowNotFound:
        first, dots, last = name.partition(RANGE)
        if not (first and dots and last):
            raise
        return dialog.between(resolve_row(dialog, first), resolve_row(dialog, last))


@dataclass(frozen=True)
class Edited:
    """A session before and after a verb; saved, unless it was only a trial."""

    before: Session
    after: Session
    trial: bool = False

    @cached_property
    def difference(self) -> Difference:
        """What the verb did to the rows."""
        return compare(self.before, self.after)

    @property
    def changed(self) -> bool:
        """Whether the verb did anything."""
        return self.difference.touches_rows

    @property
    def new_rows(self) -> list[Row]:
        """The rows that the verb added, in the dialog's order."""
        return [row for _, row in self.difference.inserted]

    def to_mapping(self) -> dict[str, Any]:
        """Return what was done as JSON values: every row that differs, as it was and as it is."""
        difference, places = self.difference, {row.id: at for at, row in enumerate(self.after.dialog.rows)}
        changes = [
            *({"change": "remove", "before": row_to_listing(at, row)} for at, row in difference.removed),
            *({"change": "insert", "after": row_to_listing(at, row)} for at, row in difference.inserted),
            *(
                {"change": "edit", "before": row_to_listing(at, old), "after": row_to_listing(places[new.id], new)}
                for at, old, new in difference.changed
            ),
            *(
                {"change": "move", "id": row_id, "position_before": old, "position": new}
                for row_id, old, new in difference.moved
            ),
        ]
        return {
            "session_id": self.after.id,
            "revision": self.after.revision,
            "dry_run": self.trial,
            "changed": self.changed,
            "changes": changes,
        }


def edit_rows(library: Library, prefix: str, verb: Verb, note: str | None = None, *, trial: bool = False) -> Edited:
    """Apply a verb to the rows of a session and save the outcome, or only try it.

    Raises SessionConflict where somebody else changed the same rows meanwhile, and what the verb raises.
    """
    before = library.load(prefix)
    after = before.with_dialog(verb(before.dialog))
    if trial or after is before:
        return Edited(before, after, trial)
    return Edited(before, library.store.save(after, note))


def row_to_listing(position: int, row: Row) -> dict[str, Any]:
    """Return a row as `rows --json` writes it; pictures without their bytes."""
    return {
        "position": position,
        "id": row.id,
        "role": row.role.value,
        "text": row.text,
        "timestamp": to_text(row.timestamp),
        "hidden": row.hidden,
        "excluded": row.excluded,
        "kind": row.kind,
        "images": [
            {
                "mime": image.mime,
                "name": image.name,
                "bytes": None if image.data is None else len(image.data),
                "path": image.path,
                "url": image.url,
                "alt": image.alt,
            }
            for image in row.images or ()
        ],
        "metadata": row.metadata,
    }
