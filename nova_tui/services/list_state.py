"""ListState: how a person left the list, kept in a small file for each store and user; it is no part of the store."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from nova_tui.domain.ids import is_session_id
from nova_tui.services.list_view import ListView
from nova_tui.services.state_file import read_mapping, write_mapping

NUMBERS: Final = range(1, 10)
"""The numbers under which views are kept."""


@dataclass(frozen=True, slots=True)
class ListState:
    """What comes back as it was left."""

    view: ListView = field(default_factory=ListView)
    cursor: str | None = None
    """The session under the cursor."""
    line: int = 0
    """The line of the window on which that stood."""
    width: int | None = None
    """Cells of the list's pane, where the person chose them."""
    views: Mapping[int, ListView] = field(default_factory=dict)
    """The views that were kept, by number."""

    def to_mapping(self) -> dict[str, Any]:
        """Return it as JSON values."""
        return {
            "nova_tui_state": 1,
            "view": self.view.to_mapping(),
            "cursor": self.cursor,
            "line": self.line,
            "width": self.width,
            "views": {str(number): view.to_mapping() for number, view in self.views.items()},
        }

    @classmethod
    def from_mapping(cls, mapping: object) -> ListState:
        """Read it back; what is no value of ours is left at its default."""
        if not isinstance(mapping, Mapping) or mapping.get("nova_tui_state") != 1:
            return cls()
        cursor, views = mapping.get("cursor"), mapping.get("views")
        kept = views if isinstance(views, Mapping) else {}
        return cls(
            ListView.from_mapping(mapping.get("view")),
            cursor if isinstance(cursor, str) and is_session_id(cursor) else None,
            _number(mapping.get("line")) or 0,
            _number(mapping.get("width")),
            {number: ListView.from_mapping(kept[str(number)]) for number in NUMBERS if str(number) in kept},
        )


def state_path(folder: Path, place: str, user_id: str) -> Path:
    """Return the file of one store and user; its name tells neither."""
    name = hashlib.sha256(f"{place}\0{user_id}".encode("utf-8", "surrogatepass")).hexdigest()[:24]
    return folder / f"list-{name}.json"


def read_state(path: Path) -> ListState:
    """Return what the file holds; a damaged, foreign or missing one is as good as none."""
    return ListState.from_mapping(read_mapping(path))


def write_state(path: Path, state: ListState) -> None:
    """Write the file, whole or not at all, for its owner only; where that fails the next start begins anew."""
    write_mapping(path, state.to_mapping())


def _number(value: object) -> int | None:
    """Return a small whole number, else None."""
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 10_000 else None
