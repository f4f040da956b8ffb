"""Anthropic's messages, written: one request as an object, several as a list; see nova_tui.formats.anthropic.

A system prompt stands beside the messages, so system rows go there. Calls and answers of tools are blocks; reasoning is
left out, because the API takes it only with its signature.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator
from typing import Any

from nova_tui.domain.row import Image, Role, Row
from nova_tui.domain.safe_text import to_json
from nova_tui.domain.session import Session
from nova_tui.formats.dataset import json_list
from nova_tui.formats.format import Exported, Exporter
from nova_tui.formats.tool_turns import answered, call_id, is_answer, is_call


class AnthropicExporter(Exporter):
    """Writes Anthropic's messages."""

    name = "anthropic"
    title = "Anthropic messages"
    extension = ".json"
    dataset = True
    escapes = True

    def write(self, sessions: Iterable[Session], hidden: bool, receipt: list[Exported]) -> Iterator[str]:
        """Yield the file, session by session."""
        found = (to_json(request_of(*self.chosen(session, hidden, receipt)), 2) for session in sessions)
        first, second = next(found, None), next(found, None)
        if first is not None and second is None:
            yield first + "\n"
            return

        def values() -> Iterator[str]:
            yield from (text for text in (first, second) if text is not None)
            yield from found

        yield from json_list(values())


def request_of(session: Session, entry: Exported) -> dict[str, Any]:
    """Return a session as a request; what has no place is counted in the receipt's entry."""
    rows = session.dialog.rows
    calls = answered(rows)
    system: list[str] = []
    messages: list[dict[str, Any]] = []
    for row in rows:
        if is_call(row) and call_id(row) in calls and row.function_calls:
            call = row.function_calls[0]
            arguments = call.parameters if isinstance(call.parameters, dict) else {"input": call.parameters}
            block = {"type": "tool_use", "id": call_id(row), "name": call.function_name, "input": arguments}
            _put(messages, "assistant", [block])
        elif is_answer(row) and row.id in calls:
            _put(messages, "user", [{"type": "tool_result", "tool_use_id": calls[row.id], "content": row.text}])
        elif is_call(row) or is_answer(row):
            entry.rows -= 1
            entry.losses.append("a tool call without its answer, or an answer without its call, was left out")
        elif row.hidden and row.kind in ("thinking", "event"):
            entry.rows, entry.hidden = entry.rows - 1, entry.hidden + 1
        elif row.role is Role.SYSTEM:
            if messages:
                entry.losses.append("a system row in the middle was put before all messages")
            system.append(row.text)
        else:
            _put(messages, row.role.value, _blocks(row, entry))
    for message in messages:
        if len(message["content"]) == 1 and message["content"][0]["type"] == "text":
            message["content"] = message["content"][0]["text"]
    return {**({"system": "\n\n".join(system)} if system else {}), "messages": messages}


def _put(messages: list[dict[str, Any]], role: str, blocks: list[dict[str, Any]]) -> None:
    """Add blocks to the last message when it is of that role, else as a new one: roles alternate."""
    if messages and messages[-1]["role"] == role:
        messages[-1]["content"] += blocks
    else:
        messages.append({"role": role, "content": blocks})


def _blocks(row: Row, entry: Exported) -> list[dict[str, Any]]:
    """Return what a row says as blocks."""
    images = [block for image in row.images or () if (block := _image(image, entry)) is not None]
    return [*images, *([{"type": "text", "text": row.text}] if row.text or not images else [])]


def _image(image: Image, entry: Exported) -> dict[str, Any] | None:
    """Return an image as a block; None where there is neither an address nor bytes."""
    if image.data is not None:
        data = base64.b64encode(image.data).decode("ascii")
        return {"type": "image", "source": {"type": "base64", "media_type": image.mime or "image/png", "data": data}}
    if image.url is not None and image.url.startswith(("http:", "https:")):
        return {"type": "image", "source": {"type": "url", "url": image.url}}
    entry.losses.append("an image without an address or bytes was left out")
    return None
