"""One message of a ChatGPT export and the row it becomes; see nova_tui.formats.chatgpt for the sources."""

from __future__ import annotations

import json
import re
from typing import Any, Final

from nova_tui.domain.row import FunctionCall, Image, Role
from nova_tui.formats.chatgpt_assets import Assets, missing_image
from nova_tui.formats.drafting import Draft
from nova_tui.formats.values import as_json, as_list, as_mapping, as_text, as_time, kept, parsed, text_or_none, without

_ROLES: Final = {
    "user": Role.USER,
    "human": Role.USER,
    "assistant": Role.ASSISTANT,
    "ai": Role.ASSISTANT,
    "bot": Role.ASSISTANT,
    "model": Role.ASSISTANT,
    "system": Role.SYSTEM,
    "developer": Role.SYSTEM,
    "tool": Role.SYSTEM,
}
_CONTEXT: Final = ("user_editable_context", "model_editable_context")
_THINKING: Final = ("thoughts", "reasoning_recap")
_MARKER: Final = re.compile("\ue200([^\ue200\ue201]*)\ue201")
_SOURCE: Final = re.compile(r"【[^【】\n]{0,200}†[^【】\n]{0,200}】")


def add_message(draft: Draft, message: dict[str, Any], node_id: str, assets: Assets | None) -> None:
    """Add the row of one message: what the reader saw, or a hidden row; an empty message is only counted."""
    if not message:
        return
    author = as_mapping(message.get("author"))
    source_role = as_text(author.get("role")).lower()
    role = _ROLES.get(source_role, Role.SYSTEM)
    content = as_mapping(message.get("content"))
    metadata = as_mapping(message.get("metadata"))
    content_type = as_text(content.get("content_type"))
    recipient = text_or_none(message.get("recipient")) or "all"
    text, images, known = content_of(content, content_type, assets)
    attachments = [item for item in as_list(metadata.get("attachments")) if isinstance(item, dict)]
    concealed = metadata.get("is_visually_hidden_from_conversation") is True or content_type in _CONTEXT
    kind = _kind(role, source_role, content_type, recipient)
    instructions = metadata.get("is_user_system_message") is True
    counted = "hidden" if concealed else None
    if not (text.strip() or images or attachments):
        draft.counts.add(counted or "empty")
        return
    if instructions:
        role = Role.SYSTEM
    if kind is None and (concealed or not known or source_role not in _ROLES):
        kind = "hidden"
    if role is Role.SYSTEM and kind is None:
        counted = counted or "system"
    more: dict[str, Any] = {}
    name = text_or_none(author.get("name"))
    if kind == "tool_call":
        call = FunctionCall(recipient, kept(parsed(text)), None, text_or_none(message.get("id")))
        more = {
            "tool": {"id": None, "name": recipient, "input": call.parameters},
            "function_calls": [call.to_mapping()],
        }
    elif kind == "tool_result":
        more = {"tool": {"id": None, "name": name, "is_error": content_type == "system_error" or None}}
    draft.add(
        role,
        strip_citations(text) if role is Role.ASSISTANT and kind is None else text,
        src_id=text_or_none(message.get("id")) or node_id,
        time=as_time(message.get("create_time")),
        kind=kind,
        hidden=concealed or role is Role.SYSTEM,
        counted=counted,
        images=images,
        model=text_or_none(metadata.get("model_slug")),
        name=name,
        content_type=content_type if content_type not in ("text", "multimodal_text") else None,
        source_role=source_role if source_role not in ("user", "assistant", "system") else None,
        attachments=attachments or None,
        **more,
        raw=message,
    )


def _kind(role: Role, source_role: str, content_type: str, recipient: str) -> str | None:
    """Return what a hidden row is, None for what people say."""
    if source_role == "tool":
        return "tool_result"
    if content_type in _THINKING:
        return "thinking"
    return "tool_call" if role is Role.ASSISTANT and recipient != "all" else None


def content_of(content: dict[str, Any], content_type: str, assets: Assets | None) -> tuple[str, list[Image], bool]:
    """Return the text and the images of a message's content, and whether its type could be made sense of."""
    parts = content.get("parts")
    if content_type == "thoughts" and as_list(content.get("thoughts")):
        thoughts = [as_mapping(thought) for thought in content["thoughts"]]
        told = ["\n".join(filter(None, (as_text(t.get("summary")), as_text(t.get("content"))))) for t in thoughts]
        return "\n\n".join(filter(None, told)), [], True
    if content_type in _CONTEXT:
        return (
            "\n\n".join(as_text(value) for value in without(content, "content_type").values() if as_text(value)),
            [],
            True,
        )
    if isinstance(parts, list):
        return *_parts(parts, content_type, assets), True
    for key in ("text", "result", "content", "output_str", "summary"):
        if isinstance(content.get(key), str):
            return content[key], [], True
    if content_type == "computer_output":
        return "", _pointer(as_mapping(content.get("screenshot")), assets), True
    rest = without(content, "content_type")
    return (as_json(rest) if any(rest.values()) else ""), [], False


def _parts(parts: list[Any], content_type: str, assets: Assets | None) -> tuple[str, list[Image]]:
    """Return the text and the images of a list of parts, which may be texts or mappings."""
    texts: list[str] = []
    images: list[Image] = []
    for part in parts:
        block = as_mapping(part)
        if isinstance(part, str):
            texts.append(part)
        elif block.get("content_type") == "image_asset_pointer" or as_text(block.get("asset_pointer")).startswith(
            "file"
        ):
            images += _pointer(block, assets) if "audio" not in as_text(block.get("content_type")) else []
        elif isinstance(block.get("text"), str):
            texts.append(block["text"])
    return ("" if content_type == "text" else "\n").join(text for text in texts if text), images


def _pointer(block: dict[str, Any], assets: Assets | None) -> list[Image]:
    """Return the image that a part points at."""
    pointer = text_or_none(block.get("asset_pointer"))
    if pointer is None:
        return []
    dalle = as_mapping(as_mapping(block.get("metadata")).get("dalle"))
    more = {"width": _size(block, "width"), "height": _size(block, "height"), "alt": text_or_none(dalle.get("prompt"))}
    return [assets.find(pointer, **more) if assets is not None else missing_image(pointer, **more)]


def _size(block: dict[str, Any], key: str) -> int | None:
    """Return a width or height."""
    value = block.get(key)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def strip_citations(text: str) -> str:
    """Take the marks of citations out of a reply, which the program shows as links; what a mark names stays."""
    if "\ue200" in text:
        text = _MARKER.sub(_shown, text)
    return _SOURCE.sub("", text) if "†" in text else text


def _shown(match: re.Match[str]) -> str:
    """Return what a mark shows: a link's words, an entity's name, nothing for a reference."""
    kind, *rest = match[1].split("\ue202")
    if kind == "url" and rest:
        return rest[0]
    if kind == "entity" and rest:
        try:
            return str(json.loads(rest[0])[1])
        except (ValueError, LookupError, TypeError, RecursionError):
            return ""
    return ""
