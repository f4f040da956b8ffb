"""Content blocks as Anthropic's messages, Claude Code and Claude.ai write them."""

from __future__ import annotations

from typing import Any

from nova_tui.domain.row import Image
from nova_tui.formats.values import as_json, as_list, as_mapping, as_text, image_of_base64, image_of_url, text_or_none


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
