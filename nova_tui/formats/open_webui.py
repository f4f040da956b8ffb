"""Open WebUI's chat export, written: a list of chats that its settings page imports.

A chat holds its messages twice: as a tree (`history`) and as the path that is shown (`messages`). Its messages are the
user's and the assistant's; system rows become the chat's system prompt. Facts from open-webui's own exports.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator
from typing import Any, Final

from nova_tui.domain.row import Image, Role, Row
from nova_tui.domain.safe_text import to_json
from nova_tui.domain.session import Session
from nova_tui.formats.dataset import json_list
from nova_tui.formats.format import Exported, Exporter
from nova_tui.formats.values import as_mapping, text_or_none

_NO_PLACE: Final = ("thinking", "event", "tool_call", "tool_result")


class OpenWebUIExporter(Exporter):
    """Writes a list of chats."""

    name = "open-webui"
    title = "Open WebUI chats"
    extension = ".json"
    dataset = True
    escapes = True

    def write(self, sessions: Iterable[Session], hidden: bool, receipt: list[Exported]) -> Iterator[str]:
        """Yield the file, chat by chat."""
        yield from json_list(to_json(_chat(*self.chosen(session, hidden, receipt), session), 2) for session in sessions)


def _chat(chosen: Session, entry: Exported, session: Session) -> dict[str, Any]:
    """Return a session as a chat; what has no place is counted in the receipt's entry."""
    system: list[str] = []
    messages: list[dict[str, Any]] = []
    model = text_or_none(as_mapping(session.own.get("import")).get("model")) or "unknown"
    for row in chosen.dialog.rows:
        if row.hidden and row.kind in _NO_PLACE:
            entry.rows, entry.hidden = entry.rows - 1, entry.hidden + 1
        elif row.role is Role.SYSTEM:
            if messages:
                entry.losses.append("a system row in the middle was put before all messages")
            system.append(row.text)
        else:
            messages.append(_message(row, messages, model, entry))
    created, updated = int(session.created_at.timestamp()), int(session.updated_at.timestamp())
    return {
        "id": session.id,
        "user_id": "",
        "title": session.title,
        "chat": {
            "id": session.id,
            "title": session.title,
            "models": [model],
            "params": {"system": "\n\n".join(system)} if system else {},
            "history": {
                "messages": {message["id"]: message for message in messages},
                "currentId": messages[-1]["id"] if messages else None,
            },
            "messages": messages,
            "tags": list(session.tags),
            "timestamp": created * 1000,
            "files": [],
        },
        "created_at": created,
        "updated_at": updated,
        "share_id": None,
        "archived": session.archived,
        "pinned": session.starred,
        "meta": {"tags": list(session.tags)},
        "folder_id": None,
    }


def _message(row: Row, before: list[dict[str, Any]], model: str, entry: Exported) -> dict[str, Any]:
    """Return a row as a message, linked to the one before it."""
    if before:
        before[-1]["childrenIds"].append(row.id)
    message: dict[str, Any] = {
        "id": row.id,
        "parentId": before[-1]["id"] if before else None,
        "childrenIds": [],
        "role": row.role.value,
        "content": row.text,
        "timestamp": int(row.timestamp.timestamp()),
    }
    if row.role is Role.ASSISTANT:
        own = text_or_none(row.metadata.get("model")) or model
        message |= {"model": own, "modelName": own, "modelIdx": 0, "done": True}
    else:
        message["models"] = [model]
    files = [{"type": "image", "url": url} for image in row.images or () if (url := _url(image, entry))]
    return message | {"files": files} if files else message


def _url(image: Image, entry: Exported) -> str | None:
    """Return an image as an address; None where there is neither an address nor bytes."""
    if image.data is not None:
        return f"data:{image.mime or 'image/png'};base64,{base64.b64encode(image.data).decode('ascii')}"
    if image.url is not None and image.url.startswith(("data:", "http:", "https:")):
        return image.url
    entry.losses.append("an image without an address or bytes was left out")
    return None
