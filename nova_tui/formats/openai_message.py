"""One OpenAI-style message and the rows it becomes: text, reasoning, tool calls, their results, images."""

from __future__ import annotations

from typing import Any, Final

from nova_tui.domain.row import Image, Role
from nova_tui.formats.drafting import Draft
from nova_tui.formats.values import as_json, as_list, as_mapping, as_text, as_time, image_of_url, text_or_none

ROLES: Final = {
    "user": Role.USER,
    "assistant": Role.ASSISTANT,
    "system": Role.SYSTEM,
    "developer": Role.SYSTEM,
    "tool": Role.SYSTEM,
    "function": Role.SYSTEM,
}
_CONTENTS: Final = ("content", "tool_calls", "function_call", "reasoning_content", "reasoning", "refusal", "audio")


def is_message(value: object) -> bool:
    """Tell whether a value is a message: a known role, and content of a shape that such messages have."""
    if not isinstance(value, dict) or as_text(value.get("role")) not in ROLES or "childrenIds" in value:
        return False
    content = value.get("content")
    return any(key in value for key in _CONTENTS) and (content is None or isinstance(content, str | list))


def add_message(draft: Draft, message: object, index: int) -> None:
    """Add the rows of one message; what is no message is counted as a loss."""
    if not isinstance(message, dict) or as_text(message.get("role")) not in ROLES:
        draft.losses.append(f"message {index + 1} has no role that is known here and was left out")
        return
    source_role = message["role"]
    role = ROLES[source_role]
    more: dict[str, Any] = {
        "src_id": text_or_none(message.get("id")),
        "time": as_time(message.get("timestamp") or message.get("created_at")),
        "src_index": index,
        "name": text_or_none(message.get("name")),
        "raw": message,
    }
    text, images = content_of(message.get("content"))
    if source_role in ("tool", "function"):
        name = more.pop("name")
        draft.add_result(text, text_or_none(message.get("tool_call_id")), name, images=images, **more)
        return
    thinking = as_text(message.get("reasoning_content")) or as_text(message.get("reasoning")) or _thoughts(message)
    calls = _calls(message)
    if thinking:
        draft.add_thinking(thinking, **more)
        more["raw"] = None
    refusal = as_text(message.get("refusal")) or _refusals(message)
    if refusal:
        text = f"{text}\n{refusal}" if text else refusal
    if text or images or not (calls or thinking):
        draft.add(
            role,
            text,
            images=images,
            counted=None if text or images else "empty",
            source_role="developer" if source_role == "developer" else None,
            refusal=True if refusal else None,
            weight=message.get("weight") if isinstance(message.get("weight"), int | float) else None,
            **more,
        )
        more["raw"] = None
    for name, arguments, call_id in calls:
        draft.add_call(name, arguments, call_id, **{key: value for key, value in more.items() if key != "name"})
        more["raw"] = None


def content_of(content: object) -> tuple[str, list[Image]]:
    """Return the text and the images of a message's content: a text, or parts of several types."""
    if not isinstance(content, list):
        return (content if isinstance(content, str) else "" if content is None else as_json(content)), []
    texts: list[str] = []
    images: list[Image] = []
    for part in content:
        if isinstance(part, str):
            texts.append(part)
            continue
        block = as_mapping(part)
        kind = as_text(block.get("type"))
        if kind in ("image_url", "input_image", "image"):
            images += _image(block)
        elif kind in ("text", "input_text", "output_text", ""):
            texts.append(as_text(block.get("text")) or as_text(block.get("value")) or as_text(block.get("content")))
    return "\n".join(text for text in texts if text), images


def _image(block: dict[str, Any]) -> list[Image]:
    """Return the image of a part; its address may be bare or in a mapping."""
    value = block.get("image_url") or block.get("image") or block.get("url")
    url = value if isinstance(value, str) else as_text(as_mapping(value).get("url"))
    return [image_of_url(url)] if url else []


def _thoughts(message: dict[str, Any]) -> str:
    """Return the reasoning that stands among the parts of the content."""
    parts = [as_mapping(part) for part in as_list(message.get("content"))]
    found = (part.get("value") or part.get("text") for part in parts if part.get("type") == "reasoning")
    return "\n".join(as_text(text) for text in found if as_text(text))


def _refusals(message: dict[str, Any]) -> str:
    """Return the refusals that stand among the parts of the content."""
    parts = [as_mapping(part) for part in as_list(message.get("content"))]
    return "\n".join(as_text(part.get("refusal")) for part in parts if part.get("type") == "refusal")


def _calls(message: dict[str, Any]) -> list[tuple[str, object, str | None]]:
    """Return the tool calls of a message: name, arguments, id."""
    found: list[tuple[str, object, str | None]] = []
    for call in as_list(message.get("tool_calls")):
        entry = as_mapping(call)
        function = as_mapping(entry.get("function")) or as_mapping(entry.get("custom")) or entry
        arguments = function.get("arguments", function.get("input"))
        found.append((as_text(function.get("name")) or "tool", arguments, text_or_none(entry.get("id"))))
    legacy = as_mapping(message.get("function_call"))
    if legacy:
        found.append((as_text(legacy.get("name")) or "function", legacy.get("arguments"), None))
    return found
