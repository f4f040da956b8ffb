"""RowDrafts: rows that were typed and not kept yet, of any session, each under the name of its row or its place."""

from __future__ import annotations

from typing import NamedTuple

from nova_tui.domain.row import Row
from nova_tui.services.row_verbs import taken_over
from nova_tui.tui.widgets.row_editor import Place


class _Typed(NamedTuple):
    """A row as it was typed, and what it was when that began."""

    seen: Row
    row: Row


class RowDrafts:
    """What comes back when a row is opened again; of an earlier run only the text is known."""

    def __init__(self) -> None:
        self._drafts: dict[tuple[str, str], _Typed | str] = {}

    def put(self, session_id: str, key: str, seen: Row, row: Row) -> None:
        """Keep a row as it was typed, and what it was when that began."""
        self._drafts[session_id, key] = _Typed(seen, row)

    def put_text(self, session_id: str, key: str, text: str) -> None:
        """Take a text of an earlier run; what is being typed has precedence."""
        self._drafts.setdefault((session_id, key), text)

    def drop(self, session_id: str, key: str) -> str | None:
        """Forget a draft; return its text, None where there was none."""
        draft = self._drafts.pop((session_id, key), None)
        return draft.row.text if isinstance(draft, _Typed) else draft

    def text(self, session_id: str, key: str) -> str | None:
        """Return the text of a draft."""
        draft = self._drafts.get((session_id, key))
        return draft.row.text if isinstance(draft, _Typed) else draft

    def on(self, session_id: str, key: str, row: Row) -> Row | None:
        """Return the draft of a row: what was typed and turned, on what the row is now."""
        draft = self._drafts.get((session_id, key))
        if isinstance(draft, _Typed):
            return taken_over(row, draft.seen, draft.row)
        return None if draft is None else row.with_text(draft)

    def keys_at(self, session_id: str, row_id: str) -> list[str]:
        """Return the names of the drafts of a row and of new rows beside it."""
        keys = (row_id, Place(row_id, below=True).key, Place(row_id, below=False).key)
        return [key for key in keys if (session_id, key) in self._drafts]

    def notes(self, session_id: str) -> dict[str, str]:
        """Return what the labels of rows say of drafts, by row id."""
        notes: dict[str, list[str]] = {}
        for session, key in self._drafts:
            where, colon, anchor = key.partition(":")
            if session == session_id and key:
                beside = colon and where in ("below", "above")
                notes.setdefault(anchor if beside else key, []).append(f"draft {where}" if beside else "draft")
        return {row_id: " · ".join(sorted(words)) for row_id, words in notes.items()}
