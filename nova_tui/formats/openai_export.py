"""OpenAI-style messages, written: one list of messages (`openai-json`), or `{"messages": […]}` a line (`openai-jsonl`).

Hidden system prompts are part of what a model sees and are written; reasoning and events have no place and are left
out. A tool's answer is written only behind its call, and a call only where its answer follows: the API refuses others.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Iterator
from typing import Any, Final

from nova_tui.domain.row import Image, Row
from nova_tui.domain.safe_text import to_json
from nova_tui.domain.session import Session
from nova_tui.formats.dataset import json_list
from nova_tui.formats.format import Exported, Exporter
from nova_tui.formats.tool_turns import answered, call_id, is_answer, is_call

_NO_PLACE: Final = ("thinking", "event")
_KEPT: Final = ("name", "weight")


class _OpenAIExporter(Exporter):
    """What both files share."""

    dataset = True
    escapes = True

    def messages(
        self, sessions: Iterable[Session], hidden: bool, receipt: list[Exported]
    ) -> Iterator[list[dict[str, Any]]]:
        """Yield the messages of each session."""
        for session in sessions:
            chosen, entry = self.chosen(session, hidden, receipt)
            yield messages_of(chosen, entry)


class OpenAIJsonExporter(_OpenAIExporter):
    """Writes the messages of one session as a list; several sessions as a list of objects with `messages`."""

    name = "openai-json"
    title = "OpenAI-style messages, one JSON value"
    extension = ".json"

    def write(self, sessions: Iterable[Session], hidden: bool, receipt: list[Exported]) -> Iterator[str]:
        """Yield the file, session by session."""
        found = self.messages(sessions, hidden, receipt)
        first, second = next(found, None), next(found, None)
        if first is not None and second is None:
            yield to_json(first, 2) + "\n"
            return

        def values() -> Iterator[str]:
            yield from (to_json({"messages": messages}, 2) for messages in (first, second) if messages is not None)
            yield from (to_json({"messages": messages}, 2) for messages in found)

        yield from json_list(values())


class OpenAIJsonlExporter(_OpenAIExporter):
    """Writes one session a line, as fine-tuning wants it."""

    name = "openai-jsonl"
    title = "OpenAI-style messages, one training example a line"
    extension = ".jsonl"

    def write(self, sessions: Iterable[Session], hidden: bool, receipt: list[Exported]) -> Iterator[str]:
        """Yield the file, line by line."""
        for messages in self.messages(sessions, hidden, receipt):
            yield to_json({"messages": messages}) + "\n"


def messages_of(session: Session, entry: Exported) -> list[dict[str, Any]]:
    """Return a session's rows as messages; what has no place is counted in the receipt's entry."""
    rows = session.dialog.rows
    matched = answered(rows)
    messages: list[dict[str, Any]] = []
    origin: object = None
    for row in rows:
        if row.hidden and row.kind in _NO_PLACE:
            entry.rows, entry.hidden = entry.rows - 1, entry.hidden + 1
        elif is_call(row):
            calls = [call for call in _calls(row) if call["id"] in matched]
            if not calls:
                _lose(entry, "a tool call without an answer behind it was left out")
            elif messages and messages[-1]["role"] == "assistant" and _source(row) == origin is not None:
                messages[-1].setdefault("tool_calls", []).extend(calls)
            else:
                messages.append({"role": "assistant", "content": None, "tool_calls": calls})
                origin = _source(row)
        elif is_answer(row):
            call = matched.get(row.id)
            if call is None:
                _lose(entry, "a tool's answer without its call was left out")
            else:
                messages.append({"role": "tool", "tool_call_id": call, "content": row.text})
        else:
            messages.append(_message(row, entry))
            origin = _source(row)
    return messages


def _lose(entry: Exported, loss: str) -> None:
    """Count a row that was left out."""
    entry.rows -= 1
    entry.losses.append(loss)


def _source(row: Row) -> object:
    """Return which message of its source a row comes from, None where that is not known."""
    for key in ("src_index", "message_id", "src_id"):
        if row.metadata.get(key) is not None:
            return key, row.metadata[key]
    return None


def _calls(row: Row) -> list[dict[str, Any]]:
    """Return the tool calls of a row in the API's form."""
    return [
        {
            "id": call_id(row) if index == 0 else f"{call_id(row)}_{index}",
            "type": "function",
            "function": {"name": call.function_name, "arguments": _arguments(call.parameters)},
        }
        for index, call in enumerate(row.function_calls)
    ]


def _arguments(parameters: Any) -> str:
    """Return the arguments as the text that the API wants."""
    if isinstance(parameters, str):
        return parameters
    return "{}" if parameters is None else json.dumps(parameters, ensure_ascii=False)


def _message(row: Row, entry: Exported) -> dict[str, Any]:
    """Return a row that says something as a message."""
    role = "developer" if row.metadata.get("source_role") == "developer" else row.role.value
    images = [part for image in row.images or () if (part := _image(image, entry)) is not None]
    content: Any = row.text
    if images:
        content = [*([{"type": "text", "text": row.text}] if row.text else []), *images]
    message = {"role": role, "content": content}
    for key in _KEPT:
        value = row.metadata.get(key)
        if isinstance(value, str | int | float) and not isinstance(value, bool):
            message[key] = value
    return message


def _image(image: Image, entry: Exported) -> dict[str, Any] | None:
    """Return an image as a part of a message; None where there is neither an address nor bytes."""
    url = image.url
    if image.data is not None:
        url = f"data:{image.mime or 'image/png'};base64,{base64.b64encode(image.data).decode('ascii')}"
    if url is None or not url.startswith(("data:", "http:", "https:")):
        entry.losses.append("an image without an address or bytes was left out")
        return None
    return {"type": "image_url", "image_url": {"url": url}}
