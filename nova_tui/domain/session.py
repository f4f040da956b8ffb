"""Session: one conversation, who owns it, and what applications attached to it."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from nova_tui.domain.dialog import Dialog, RowIds
from nova_tui.domain.errors import InvalidValue, TooFewRows
from nova_tui.domain.frozen import EMPTY, FrozenDict, checked_text, freeze_mapping
from nova_tui.domain.ids import checked_session_id, new_session_id
from nova_tui.domain.row import Image, Role, Row
from nova_tui.domain.times import checked_time, later, now, to_text

OWN_KEY: Final = "nova_tui"
"""The one key of the app data under which nova-tui keeps its own things."""
UNTITLED: Final = "Untitled"


@dataclass(frozen=True, slots=True)
class Session:
    """One conversation. `updated_at` moves when content changes, and only then; `revision` is the store's mark."""

    id: str
    user_id: str
    dialog: Dialog
    created_at: datetime
    updated_at: datetime
    app_data: Mapping[str, Any] = EMPTY
    revision: int | None = field(default=None, compare=False)
    """The stored revision that was loaded or saved; None before the first save."""
    extra: Mapping[str, Any] = field(default=EMPTY, kw_only=True)
    """Keys of the source that the model does not know, kept as they are."""

    def __post_init__(self) -> None:
        checked_session_id(self.id)
        checked_text(self.user_id, "user id")
        if not self.user_id:
            raise InvalidValue("user id", "an empty text")
        object.__setattr__(self, "created_at", checked_time(self.created_at, "created_at"))
        object.__setattr__(self, "updated_at", checked_time(self.updated_at, "updated_at"))
        object.__setattr__(self, "app_data", freeze_mapping(self.app_data, "app data"))
        object.__setattr__(self, "extra", freeze_mapping(self.extra, "session"))

    @classmethod
    def new(cls, user_id: str, initial_prompt: str | None = None) -> Session:
        """Return a session with a fresh id, empty or with the prompt as its first, system row."""
        at = now()
        return cls(new_session_id(), user_id, Dialog.new(initial_prompt), at, at)

    # -- what nova-tui keeps about a session -------------------------------------------------------------------------

    @property
    def own(self) -> Mapping[str, Any]:
        """What nova-tui itself keeps in the app data: title, tags, star, archive, lineage, import origin …"""
        own = self.app_data.get(OWN_KEY)
        return own if isinstance(own, FrozenDict) else EMPTY

    @property
    def typed_title(self) -> str | None:
        """The title that a person or a source gave, None where there is none."""
        title = self.own.get("title")
        return title if isinstance(title, str) and title.strip() else None

    @property
    def title(self) -> str:
        """The given title, else the first line of the first visible user row, else `Untitled`."""
        return self.typed_title or derived_title(self.dialog)

    @property
    def tags(self) -> tuple[str, ...]:
        """The tags, in the order they were given."""
        tags = self.own.get("tags")
        return tuple(tag for tag in tags if isinstance(tag, str)) if isinstance(tags, list) else ()

    @property
    def starred(self) -> bool:
        """Whether a star marks the session."""
        return self.own.get("starred") is True

    @property
    def archived(self) -> bool:
        """Whether the session is put away from the list."""
        return self.own.get("archived") is True

    # -- changing ----------------------------------------------------------------------------------------------------

    def with_dialog(self, dialog: Dialog, *, at: datetime | None = None) -> Session:
        """Return the session with another dialog; `updated_at` moves when the two differ."""
        if dialog == self.dialog:
            return self
        return dataclasses.replace(self, dialog=dialog, updated_at=later(self.updated_at, at))

    def with_title(self, title: str | None, *, at: datetime | None = None) -> Session:
        """Return the session with a typed title; None or blank goes back to the derived one."""
        return self._with_own("title", title if title and title.strip() else None, at)

    def with_tags(self, tags: Iterable[str]) -> Session:
        """Return the session with these tags, each once."""
        return self._with_own("tags", list(dict.fromkeys(tags)) or None)

    def with_star(self, starred: bool = True) -> Session:
        """Return the session with a star, or without."""
        return self._with_own("starred", starred or None)

    def with_archive(self, archived: bool = True) -> Session:
        """Return the session put away, or back in the list."""
        return self._with_own("archived", archived or None)

    def _with_own(self, key: str, value: Any, at: datetime | None = None) -> Session:
        """Set one of nova-tui's own keys; None takes it away."""
        own = {**self.own, key: value}
        if value is None:
            del own[key]
        return self.put_app_data(OWN_KEY, own, at=at)

    def get_app_data(self, key: str, default: Any = None) -> Any:
        """Return an application's data, or `default`."""
        return self.app_data.get(key, default)

    def put_app_data(self, key: str, value: Any, *, at: datetime | None = None) -> Session:
        """Attach an application's data; `updated_at` moves for other applications' data and for the title."""
        changed = dataclasses.replace(self, app_data={**self.app_data, key: value})
        if changed.app_data == self.app_data:
            return self
        if key == OWN_KEY and changed.typed_title == self.typed_title:
            return changed
        return dataclasses.replace(changed, updated_at=later(self.updated_at, at))

    def drop_app_data(self, key: str, *, at: datetime | None = None) -> Session:
        """Take an application's data away; `updated_at` moves as for `put_app_data`."""
        if key not in self.app_data:
            return self
        app_data = freeze_mapping(self.app_data, "app data").without(key)
        changed = dataclasses.replace(self, app_data=app_data)
        if key == OWN_KEY and changed.typed_title == self.typed_title:
            return changed
        return dataclasses.replace(changed, updated_at=later(self.updated_at, at))

    # -- adding rows -------------------------------------------------------------------------------------------------

    def add_message(
        self,
        role: Role | str,
        text: str,
        metadata: Mapping[str, Any] | None = None,
        images: Iterable[Image] | None = None,
    ) -> Session:
        """Append a row."""
        return self.with_dialog(self.dialog.add(role, text, metadata, images))

    def add_user(self, text: str) -> Session:
        """Append a user row."""
        return self.with_dialog(self.dialog.add_user(text))

    def add_assistant(self, text: str) -> Session:
        """Append an assistant row."""
        return self.with_dialog(self.dialog.add_assistant(text))

    def add_system(self, text: str, hidden: bool = False) -> Session:
        """Append a system row, hidden or not."""
        return self.with_dialog(self.dialog.add_system(text, hidden))

    def fork(self, at_row_id: str | None = None, *, at: datetime | None = None) -> Session:
        """Return a new session with copies of the rows up to and with `at_row_id` (default all), and its lineage."""
        rows = self.dialog.rows if at_row_id is None else self.dialog.rows[: self.dialog.position(at_row_id) + 1]
        return self._descendant(rows, {"forked_from": self.id, "at_row": rows[-1].id if rows else None}, at)

    def extract(self, row_ids: RowIds, *, at: datetime | None = None) -> Session:
        """Return a new session with copies of these rows, and its lineage; raise RowNotFound or TooFewRows."""
        rows = self.dialog.rows_of(row_ids)
        if not rows:
            raise TooFewRows("extract", 1)
        return self._descendant(rows, {"extracted_from": self.id, "rows": [row.id for row in rows]}, at)

    def merged_with(self, *others: Session, by_time: bool = False, at: datetime | None = None) -> Session:
        """Return a new session with copies of the rows of this one and of others, one session behind the other.

        With `by_time` the rows stand in the order of their times; what this session has beside its rows is kept.
        """
        rows = [row for session in (self, *others) for row in session.dialog.rows]
        if by_time:
            rows.sort(key=lambda row: row.timestamp)
        merged = self._descendant(rows, {"merged_from": [session.id for session in (self, *others)]}, at)
        return merged.with_tags([tag for session in (self, *others) for tag in session.tags])

    def _descendant(self, rows: Iterable[Row], lineage: Mapping[str, Any], at: datetime | None) -> Session:
        """Return a new session with copies of rows, and where they come from."""
        time = at if at is not None else now()
        own = {key: value for key, value in self.own.items() if key not in ("starred", "archived", "template")}
        own["lineage"] = {**lineage, "at": to_text(time)}
        return Session(
            new_session_id(),
            self.user_id,
            dataclasses.replace(self.dialog, rows=tuple(row.copied() for row in rows)),
            time,
            time,
            {**self.app_data, OWN_KEY: own},
            extra=self.extra,
        )


def derived_title(rows: Dialog | Iterable[Row]) -> str:
    """Return the first line of the first visible user row, `Untitled` where there is none."""
    for row in rows.rows if isinstance(rows, Dialog) else rows:
        if row.role is Role.USER and not row.hidden:
            return next((line.strip() for line in row.text.splitlines() if line.strip()), UNTITLED)
    return UNTITLED
