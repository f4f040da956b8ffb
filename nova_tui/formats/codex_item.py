"""One item of a Codex rollout and the rows it becomes; see nova_tui.formats.codex for the sources."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from nova_tui.domain.row import Image, Role
from nova_tui.formats.drafting import Draft
from nova_tui.formats.values import as_json, as_list, as_mapping, as_text, image_of_base64, image_of_url, text_or_none

_INJECTED: Final = re.compile(
    r"\s*(?:<(?:environment_context|user_instructions|permissions|skills_instructions|turn_aborted|user_shell_command|"
    r"subagent_notification|collaboration_mode|apps_instructions|plugins_instructions|model_switch|"
    r"personality_spec)\b|# AGENTS\.md instructions)"
)
_IDE: Final = "## My request for Codex:"
_CALLS: Final = {
    "function_call": ("name", "arguments"),
    "custom_tool_call": ("name", "input"),
    "tool_call": ("name", "arguments"),
    "local_shell_call": ("name", "action"),
    "web_search_call": ("name", "action"),
    "tool_search_call": ("name", "arguments"),
    "image_generation_call": ("name", "revised_prompt"),
    "mcp_tool_call": ("name", "arguments"),
}
_RESULTS: Final = (
    "function_call_output",
    "custom_tool_call_output",
    "tool_search_output",
    "tool_search_call_output",
    "local_shell_call_output",
    "tool_result",
    "mcp_tool_call_output",
)
_EVENTS: Final = {"user_message": ("user", Role.USER), "agent_message": ("assistant", Role.ASSISTANT)}
_COMPLETED: Final = {"UserMessage": "user_message", "AgentMessage": "agent_message"}


@dataclass(frozen=True, slots=True)
class Item:
    """One record, whatever its envelope."""

    type: str
    payload: dict[str, Any]
    time: datetime | None
    raw: dict[str, Any]


def is_item(item: Item) -> bool:
    """Tell whether a record is part of what went to and came from the model."""
    return item.type == "response_item"


def add_item(draft: Draft, item: Item) -> bool:
    """Add the rows of a `response_item`; tell whether it is of a known type."""
    payload = item.payload
    kind = as_text(payload.get("type")) or ("message" if "role" in payload else "")
    common: dict[str, Any] = {"src_id": text_or_none(payload.get("id")), "time": item.time, "raw": item.raw}
    if kind == "message":
        _add_message(draft, payload, common)
    elif kind == "agent_message":
        _add_message(draft, {**payload, "role": "assistant"}, common)
    elif kind == "reasoning":
        texts = [*as_list(payload.get("summary")), *as_list(payload.get("content"))]
        text = "\n\n".join(filter(None, (as_text(as_mapping(part).get("text")) for part in texts)))
        draft.add_thinking(text, **common)
    elif kind in _CALLS:
        _add_call(draft, payload, kind, common)
    elif kind in _RESULTS:
        text, is_error = _output(payload.get("output", payload.get("result")))
        call = text_or_none(payload.get("call_id"))
        draft.add_result(text, call, text_or_none(payload.get("name")), is_error=is_error, **common)
    else:
        return False
    return True


def _add_message(draft: Draft, payload: dict[str, Any], common: dict[str, Any]) -> None:
    """Add the row of a message."""
    source_role = as_text(payload.get("role"))
    text, images = _content(payload.get("content"))
    if not (text.strip() or images):
        draft.counts.add("empty")
        return
    if source_role == "user":
        _add_user(draft, text, images, payload, common)
    elif source_role == "assistant":
        draft.add(Role.ASSISTANT, text, images=images, phase=text_or_none(payload.get("phase")), **common)
    else:
        role = source_role if source_role in ("system", "developer") else None
        draft.add(
            Role.SYSTEM,
            text,
            hidden=True,
            counted="system" if role else "hidden",
            images=images,
            source_role=source_role or None,
            **common,
        )


def _add_user(draft: Draft, text: str, images: list[Image], payload: dict[str, Any], common: dict[str, Any]) -> None:
    """Add what the user said, or what the program said in the user's name."""
    passed = as_mapping(payload.get("internal_chat_message_metadata_passthrough"))
    kinds = [as_text(kind) for kind in as_list(passed.get("content_item_kinds"))]
    typed = bool(kinds) and all(kind == "user.text" or kind.startswith("user.") for kind in kinds)
    if _INJECTED.match(text) and not typed:
        draft.add(Role.USER, text, kind="hidden", images=images, **common)
    else:
        draft.add(Role.USER, asked(text), images=images, **common)


def asked(text: str) -> str:
    """Return what was asked without what an editor put before it."""
    return text.rpartition(_IDE)[2].strip() if _IDE in text else text


def _content(content: object) -> tuple[str, list[Image]]:
    """Return the text and the images of a message."""
    if isinstance(content, str):
        return content, []
    parts = [as_mapping(part) for part in as_list(content)]
    urls = (part.get("image_url") for part in parts if as_text(part.get("type")) in ("input_image", "image_url"))
    texts = (as_text(part.get("text")) or as_text(part.get("refusal")) for part in parts)
    found = (as_text(url) or as_text(as_mapping(url).get("url")) for url in urls)
    return "\n".join(filter(None, texts)), [image_of_url(url) for url in found if url]


def _add_call(draft: Draft, payload: dict[str, Any], kind: str, common: dict[str, Any]) -> None:
    """Add a tool call; a generated picture comes with it."""
    key, arguments = _CALLS[kind]
    function = as_mapping(payload.get("function"))
    name = text_or_none(payload.get(key)) or text_or_none(function.get("name")) or kind.removesuffix("_call")
    images = [image] if (image := image_of_base64(payload.get("result"))) and kind == "image_generation_call" else []
    call = text_or_none(payload.get("call_id")) or text_or_none(payload.get("id"))
    draft.add_call(name, payload.get(arguments, function.get("arguments")), call, images=images, **common)


def _output(output: object) -> tuple[str, bool | None]:
    """Return the text of a tool's answer, and whether it says that it failed."""
    if isinstance(output, dict):
        code = as_mapping(output.get("metadata")).get("exit_code")
        failed = (isinstance(code, int) and code != 0) or output.get("success") is False
        inner = output.get("output", output.get("content"))
        return (inner if isinstance(inner, str) else as_json(output)), True if failed else None
    if isinstance(output, list):
        texts = (as_text(as_mapping(part).get("text")) for part in output)
        return "\n".join(filter(None, texts)), None
    return (output if isinstance(output, str) else "" if output is None else as_json(output)), None


def event_message(draft: Draft, item: Item, kind: str, spoken: set[str]) -> None:
    """Add the row of an event that repeats a message, where nothing else holds messages of that role."""
    payload = item.payload
    if kind == "item_completed":
        inner = as_mapping(payload.get("item"))
        kind = _COMPLETED.get(as_text(inner.get("type")), "")
        payload = {"message": _content(inner.get("content"))[0], "id": inner.get("id")}
    if kind not in _EVENTS or _EVENTS[kind][0] in spoken:
        return
    text = as_text(payload.get("message"))
    images = [image_of_url(url) for url in as_list(payload.get("images")) if isinstance(url, str)]
    common: dict[str, Any] = {"src_id": text_or_none(payload.get("id")), "time": item.time, "raw": item.raw}
    if not (text.strip() or images):
        draft.counts.add("empty")
    elif kind == "user_message":
        _add_user(draft, text, images, {}, common)
    else:
        draft.add(Role.ASSISTANT, text, images=images, **common)
