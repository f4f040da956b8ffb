"""Claude.ai's data export: `conversations.json` alone or in the ZIP, and single conversations.

Messages that name their parents form a tree: the branch of the newest message (or of the leaf that the file names) is
the dialog, the others are kept beside it. Without parents the messages are one after the other. Only conversations.json
is read of the archive; users.json holds addresses and memories.json looks like a conversation without being one. Facts
from osteele/claude-chat-viewer (docs/schemas.md) and Sinity/polylogue (claude-ai schemas).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from nova_tui.domain.row import Role
from nova_tui.formats.anthropic_block import image_of_block, result_of_block
from nova_tui.formats.drafting import Draft, branch_of
from nova_tui.formats.format import Conversation, Importer, Reading, Receipt
from nova_tui.formats.source import Source
from nova_tui.formats.tree import MAX_BRANCHES, branches_beside, newest_leaf, path_to
from nova_tui.formats.values import as_list, as_mapping, as_text, as_time, text_or_none, without

NAME: Final = "claude"
_ROLES: Final = {"human": Role.USER, "user": Role.USER, "assistant": Role.ASSISTANT}


class ClaudeAIImporter(Importer):
    """Reads Claude.ai's data export."""

    name = NAME
    title = "Claude.ai data export"
    extensions = (".zip", ".json")

    def matches(self, source: Source) -> bool:
        """Look for conversations with `chat_messages`."""
        if source.kind not in ("json", "zip"):
            return False
        return any(isinstance(item.get("chat_messages"), list) for item in source.mappings)

    def read(self, source: Source, reading: Reading, receipt: Receipt) -> Iterator[Conversation]:
        """Yield the conversations."""
        for number, item in enumerate((record.value for record in source.entries()), 1):
            if isinstance(item, dict) and isinstance(item.get("chat_messages"), list):
                yield from _read(item, number, source, reading)
            else:
                receipt.losses.append(f"conversation {number} has no messages and was left out")


def _read(item: dict[str, Any], number: int, source: Source, reading: Reading) -> Iterator[Conversation]:
    """Yield the conversation's dialog and, when they are wanted, its other branches."""
    messages: dict[str, dict[str, Any]] = {}
    for place, value in enumerate(item["chat_messages"]):
        message = as_mapping(value)
        key = text_or_none(message.get("uuid")) or f"message {place + 1}"
        messages[key if key not in messages else f"{key} {place + 1}"] = message
    tree = any("parent_message_uuid" in message for message in messages.values())
    parents = {key: _parent(message, messages) for key, message in messages.items()}

    def age(key: str) -> float:
        time = as_time(messages[key].get("created_at"))
        return time.timestamp() if time else 0.0

    leaf = item.get("current_leaf_message_uuid")
    path = tuple(messages)
    if tree:
        path = path_to(leaf if isinstance(leaf, str) and leaf in messages else newest_leaf(parents, age), parents)
    beside = branches_beside(path, parents) if tree else []
    draft = _draft(item, number, source, reading)
    for key in path:
        _add_message(draft, messages[key], key)
    kept = []
    for branch in beside:
        draft.counts.offpath += len(branch.nodes)
        side = _draft(item, number, source, reading)
        for key in branch.nodes:
            _add_message(side, messages[key], key)
        if side.rows:
            kept.append(branch_of(branch.leaf, branch.fork, side.rows))
    yield _finish(draft, item, kept)
    for branch in beside[:MAX_BRANCHES] if reading.branches else ():
        nodes = path_to(branch.leaf, parents)
        side = _draft(item, number, source, reading, branch.leaf)
        side.note_origin(branch={"path": list(nodes), "others": len(beside)})
        for key in nodes:
            _add_message(side, messages[key], key)
        if side.rows:
            yield _finish(side, item, [])


def _parent(message: dict[str, Any], messages: dict[str, dict[str, Any]]) -> str | None:
    """Return the message's parent; the root's is an id of zeros that is no message."""
    parent = message.get("parent_message_uuid")
    return parent if isinstance(parent, str) and parent in messages else None


def _draft(item: dict[str, Any], number: int, source: Source, reading: Reading, branch: str | None = None) -> Draft:
    """Begin the dialog or a branch of a conversation."""
    created = as_time(item.get("created_at"))
    draft = Draft(NAME, source, reading, number, text_or_none(item.get("uuid")), created=created, branch=branch)
    draft.note_origin(model=text_or_none(item.get("model")), project=text_or_none(item.get("project_uuid")))
    return draft


def _finish(draft: Draft, item: dict[str, Any], branches: list[dict[str, Any]]) -> Conversation:
    """Return the session with what the export says about it."""
    return draft.finish(
        title=text_or_none(item.get("name")),
        updated=as_time(item.get("updated_at")),
        raw=without(item, "chat_messages", "name", "created_at", "updated_at", "account"),
        own={"branches": branches, "starred": True if item.get("is_starred") is True else None},
    )


def _add_message(draft: Draft, message: dict[str, Any], key: str) -> None:
    """Add the rows of a message: thinking and tools in the order of its blocks, what it says as one row."""
    role = _ROLES.get(as_text(message.get("sender")).lower(), Role.SYSTEM)
    content = message.get("content")
    blocks = [as_mapping(block) for block in as_list(content)]
    texts = [content] if isinstance(content, str) else [_text(block) for block in blocks]
    text = "\n".join(filter(None, texts)) or as_text(message.get("text"))
    last = max((place for place, block in enumerate(blocks) if _text(block)), default=len(blocks))
    attachments = [_attachment(value) for value in as_list(message.get("attachments")) if isinstance(value, dict)]
    files = [value for value in as_list(message.get("files")) if isinstance(value, dict)]
    images = [image for block in blocks if (image := image_of_block(block)) is not None]
    common: dict[str, Any] = {"src_id": key, "time": as_time(message.get("created_at")), "raw": message}
    before = len(draft.rows)

    def say() -> None:
        nonlocal common
        if text.strip() or attachments or files or images:
            draft.add(
                role,
                text,
                images=images,
                kind="hidden" if role is Role.SYSTEM else None,
                attachments=attachments or None,
                files=files or None,
                **common,
            )
            common = {**common, "raw": None}

    for place, block in enumerate(blocks):
        if _add_block(draft, block, common):
            common = {**common, "raw": None}
        if place == last:
            say()
    if last == len(blocks):
        say()
    if len(draft.rows) == before:
        draft.counts.add("empty")


def _text(block: dict[str, Any]) -> str:
    """Return what a block says."""
    return as_text(block.get("text")) if block.get("type") in ("text", "voice_note", None) else ""


def _add_block(draft: Draft, block: dict[str, Any], common: dict[str, Any]) -> bool:
    """Add the hidden row of a block; tell whether it has one."""
    kind = block.get("type")
    if kind == "thinking":
        draft.add_thinking(as_text(block.get("thinking")), signature=text_or_none(block.get("signature")), **common)
    elif kind == "tool_use":
        tool = as_text(block.get("name")) or "tool"
        draft.add_call(tool, block.get("input"), text_or_none(block.get("id")), **common)
    elif kind == "tool_result":
        text, images = result_of_block(block)
        call, name = text_or_none(block.get("tool_use_id")), text_or_none(block.get("name"))
        draft.add_result(text, call, name, block.get("is_error") is True or None, images=images, **common)
    else:
        return False
    return True


def _attachment(value: dict[str, Any]) -> dict[str, Any]:
    """Return an attachment: pasted text is kept here, not in the row's text."""
    names = {"name": "file_name", "size": "file_size", "type": "file_type", "content": "extracted_content"}
    return {name: value[key] for name, key in names.items() if key in value}
