"""Content blocks as Anthropic's messages, Claude Code and Claude.ai write them."""

from __future__ import annotations

from typing import Any, Final

from nova_tui.domain.row import Image
from nova_tui.formats.values import as_json, as_list, as_mapping, as_text, image_of_base64, image_of_url, text_or_none

_ONLY_HERE: Final = ("tool_use", "tool_result", "thinking", "redacted_thinking", "document", "server_tool_use")


def is_anthropic(item: dict[str, Any]) -> bool:
    """Tell Anthropic's messages from OpenAI's: a system prompt outside the messages, or blocks that only these have."""
    messages = [as_mapping(message) for message in as_list(item.get("messages"))[:20]]
    if not any(as_text(message.get("role")) in ("user", "assistant") for message in messages):
        return False
    if "system" in item and any("content" in message for message in messages):
        return True
    blocks = [as_mapping(block) for message in messages for block in as_list(message.get("content"))]
    return any(
        block.get("type") in _ONLY_HERE or (block.get("type") == "image" and "source" in block) for block in blocks
    )


def text_of(content: object) -> str:
    """Return the text of a text or of the text blocks of a list."""
    if isinstance(content, str):
        return content
    return "\n".join(filter(None, (as_text(as_mapping(block).get("text")) for block in as_list(content))))


def image_of_block(block: dict[str, Any]) -> Image | None:
    """Return the image of a block, None where it has none."""
    source = as_mapping(block.get("source"))
    if block.get("type") != "image":
        return None
    if text_or_none(source.get("url")):
        return image_of_url(source["url"])
    found = image_of_base64(source.get("data"), source.get("media_type"))
    return found or (Image(url=as_text(source.get("file_id")), extra={"missing": True}) if source else None)


def result_of_block(block: dict[str, Any]) -> tuple[str, list[Image]]:
    """Return what a tool answered: its text and images."""
    content = block.get("content")
    if isinstance(content, str):
        return content, []
    parts = [as_mapping(part) for part in as_list(content)]
    images = [image for part in parts if (image := image_of_block(part)) is not None]
    texts = []
    for part in parts:
        if isinstance(part.get("text"), str):
            texts.append(part["text"])
        elif part and part.get("type") != "image":
            texts.append(as_json(part))
    if isinstance(content, dict):
        texts.append(as_json(content))
    return "\n".join(texts), images
