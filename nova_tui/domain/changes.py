"""Words for what a difference does, for the history and for a list of changes."""

from __future__ import annotations

from nova_tui.domain.difference import Difference
from nova_tui.domain.frozen import FrozenDict, freeze_mapping
from nova_tui.domain.session import OWN_KEY, Session


def describe(before: Session, after: Session, difference: Difference) -> str:
    """Return in a few words what was done; rows count from 1 as a person counts them."""
    if difference.touches_rows:
        return _describe_rows(before, difference)
    if before.typed_title != after.typed_title:
        return "rename"
    if before.tags != after.tags:
        return "tag"
    if before.starred != after.starred:
        return "star" if after.starred else "unstar"
    if before.archived != after.archived:
        return "archive" if after.archived else "unarchive"
    return "change app data" if before.app_data != after.app_data else "change details"


def _describe_rows(before: Session, difference: Difference) -> str:
    """Return what was done to rows; several kinds at once are counted together."""
    removed, inserted, moved = difference.removed, difference.inserted, difference.moved
    changed = difference.changed
    kinds = [kind for kind in (removed, inserted, changed, moved) if kind]
    if len(kinds) > 1:
        touched = {row.id for _, row in (*removed, *inserted)} | {row.id for _, row, _ in changed}
        return f"change {_rows(len(touched | {row_id for row_id, _, _ in moved}))}"
    if inserted:
        at_end = inserted[0][0] == len(before.dialog.rows)
        verb = "add" if at_end else "insert"
        if len(inserted) > 1:
            return f"{verb} {_rows(len(inserted))}"
        return "add row" if at_end else f"insert row {inserted[0][0] + 1}"
    if removed:
        return f"remove row {removed[0][0] + 1}" if len(removed) == 1 else f"remove {_rows(len(removed))}"
    if moved:
        return f"move row {moved[0][1] + 1}" if len(moved) == 1 else f"move {_rows(len(moved))}"
    verb = _verb_of_change(difference)
    if len(changed) > 1:
        return f"{verb} {_rows(len(changed))}"
    return f"{verb} row {changed[0][0] + 1}"


def _verb_of_change(difference: Difference) -> str:
    """Return what all changed rows have in common: hide, show, exclude, include, or edit."""
    verbs = set()
    for _, old, new in difference.changed:
        if old.text == new.text and old.hidden != new.hidden:
            verbs.add("hide" if new.hidden else "show")
        elif old.text == new.text and old.excluded != new.excluded:
            verbs.add("exclude" if new.excluded else "include")
        else:
            verbs.add("edit")
    return verbs.pop() if len(verbs) == 1 else "edit"


def _rows(count: int) -> str:
    """Return a number of rows in words."""
    return "1 row" if count == 1 else f"{count:,} rows"


def moves_time(before: Session, after: Session) -> bool:
    """Tell whether the content differs, so that `updated_at` has to move: rows, title, other applications' data."""
    return (
        before.dialog != after.dialog
        or before.extra != after.extra
        or before.typed_title != after.typed_title
        or _others_data(before) != _others_data(after)
    )


def _others_data(session: Session) -> FrozenDict:
    """Return the app data less nova-tui's own."""
    return freeze_mapping(session.app_data, "app data").without(OWN_KEY)
