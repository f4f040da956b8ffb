"""The drafts of one session of a file store: a small JSON file beside its history."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from nova_tui.domain.draft import Draft
from nova_tui.domain.errors import NovaError
from nova_tui.domain.times import from_text, to_text
from nova_tui.storage.folder import Folder


def draft_name(session_id: str) -> str:
    """Return the name of the file that holds a session's drafts."""
    return f"{session_id}.json"


def read_drafts(folder: Folder | None, session_id: str) -> Mapping[str, Draft]:
    """Return a session's drafts by row id; what cannot be read is left out."""
    found = folder.read(draft_name(session_id)) if folder else None
    return {draft.row_id: draft for draft in _drafts(found[0], session_id)} if found else {}


def _drafts(content: bytes, session_id: str) -> Iterator[Draft]:
    """Yield the drafts of a file."""
    try:
        for entry in json.loads(content):
            yield Draft(session_id, entry["row_id"], entry["text"], from_text(entry["at"]), entry["based_on"])
    except (NovaError, ValueError, TypeError, KeyError):
        return


def write_drafts(folder: Folder, session_id: str, drafts: Mapping[str, Draft]) -> None:
    """Write a session's drafts, durably; without any there is no file."""
    if not drafts:
        folder.remove(draft_name(session_id))
        return
    entries = [
        {"row_id": draft.row_id, "text": draft.text, "at": to_text(draft.at), "based_on": draft.based_on}
        for draft in drafts.values()
    ]
    folder.write(draft_name(session_id), json.dumps(entries, ensure_ascii=False).encode())
