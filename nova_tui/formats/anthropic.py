"""Anthropic's messages, read: requests with `system` and `messages`, alone, in a list or one a line.

What a tool answered stands in a user's message there; it becomes rows of its own before what the user says. Source:
Anthropic's API reference (messages).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from nova_tui.domain.row import Role
from nova_tui.formats.anthropic_block import image_of_block, is_anthropic, result_of_block, text_of
from nova_tui.formats.dataset import dataset_records
from nova_tui.formats.drafting import Draft
from nova_tui.formats.format import Conversation, Importer, Reading, Receipt
from nova_tui.formats.source import Source
from nova_tui.formats.values import as_list, as_mapping, as_text, text_or_none, without

NAME: Final = "anthropic"
_ROLES: Final = {"user": Role.USER, "assistant": Role.ASSISTANT, "system": Role.SYSTEM}


class AnthropicImporter(Importer):
    """Reads Anthropic's messages."""

    name = NAME
    title = "Anthropic messages"
    extensions = (".json", ".jsonl")

    def matches(self, source: Source) -> bool:
        """Look for messages with a system prompt beside them, or with blocks that only these messages have."""
        return source.kind in ("json", "jsonl") and any(map(is_anthropic, source.mappings))

    def read(self, source: Source, reading: Reading, receipt: Receipt) -> Iterator[Conversation]:
        """Yield one conversation a request."""
        for record, where in dataset_records(source):
            item = as_mapping(record.value)
            messages = [as_mapping(message) for message in as_list(item.get("messages"))]
            if not any(as_text(found.get("role")) in _ROLES and _content(found) is not None for found in messages):
                receipt.losses.append(f"{where} holds no list of messages")
                continue
            draft = Draft(NAME, source, reading, record.number)
            draft.note_origin(model=text_or_none(item.get("model")), source_id=text_or_none(item.get("id")))
            system = text_of(item.get("system"))
            if system.strip():
                draft.add(Role.SYSTEM, system)
            for index, message in enumerate(messages):
                _add_message(draft, message, index)
            yield draft.finish(raw=without(item, "messages"))


def _content(message: dict[str, Any]) -> str | list[Any] | None:
    """Return the content of a message, None where it is no content."""
    content = message.get("content")
    return content if isinstance(content, str | list) else None


def _add_message(draft: Draft, message: dict[str, Any], index: int) -> None:
    """Add the rows of a message: thinking, tools and answers in the order of its blocks, what it says as one row."""
    role = _ROLES.get(as_text(message.get("role")))
    content = _content(message)
    if role is None or content is None:
        draft.losses.append(f"message {index + 1} has no role or content that is known here and was left out")
        return
    blocks = [as_mapping(block) for block in content] if isinstance(content, list) else []
    text = text_of([block for block in blocks if block.get("type") in ("text", None)]) if blocks else text_of(content)
    images = [image for block in blocks if (image := image_of_block(block)) is not None]
    spoken = [place for place, block in enumerate(blocks) if block.get("type") in ("text", "image", None)]
    # what is said stands where its last block does
    place = spoken[-1] if spoken else len(blocks)
    common: dict[str, Any] = {"src_id": text_or_none(message.get("id")), "src_index": index, "raw": message}
    before = len(draft.rows)

    def rest() -> dict[str, Any]:
        return common if len(draft.rows) == before else {**common, "raw": None}

    for block in blocks[:place]:
        _add_block(draft, block, rest())
    if text.strip() or images:
        draft.add(role, text, images=images, **rest())
    for block in blocks[place:]:
        _add_block(draft, block, rest())
    if len(draft.rows) == before:
        draft.add(role, text, counted="empty", **rest())


def _add_block(draft: Draft, block: dict[str, Any], common: dict[str, Any]) -> None:
    """Add the hidden row of a block, where it has one."""
    kind = as_text(block.get("type"))
    if kind in ("thinking", "redacted_thinking"):
        draft.add_thinking(as_text(block.get("thinking")), signature=text_or_none(block.get("signature")), **common)
    elif kind in ("tool_use", "server_tool_use"):
        tool = as_text(block.get("name")) or "tool"
        draft.add_call(tool, block.get("input"), text_or_none(block.get("id")), **common)
    elif kind.endswith("tool_result"):
        text, images = result_of_block(block)
        failed = block.get("is_error") is True or None
        draft.add_result(text, text_or_none(block.get("tool_use_id")), is_error=failed, images=images, **common)
