"""One record of a Claude Code log and the rows it becomes; see nova_tui.formats.claude_code for the sources."""

from __future__ import annotations

import re
from typing import Any, Final

from nova_tui.domain.row import Role
from nova_tui.formats.anthropic_block import image_of_block, result_of_block, text_of
from nova_tui.formats.drafting import Draft
from nova_tui.formats.values import as_json, as_list, as_mapping, as_text, as_time, text_or_none

_REMINDERS: Final = re.compile(
    r"<(system-reminder|ide_opened_file|ide_selection|ide_diagnostics)>.*?</\1>\s*", re.DOTALL
)
_WRAPPERS: Final = re.compile(
    r"\s*(?:<(?:command-name|command-message|command-args|local-command-stdout|local-command-stderr|"
    r"local-command-caveat|bash-input|bash-stdout|bash-stderr|task-notification)>|Caveat: The messages below)"
)
_COMMAND: Final = re.compile(r"<command-name>\s*([^<]*?)\s*</command-name>")
_CALLS: Final = ("tool_use", "server_tool_use", "mcp_tool_use")


def is_sidechain(value: dict[str, Any]) -> bool:
    """Tell whether a subagent wrote the record."""
    return value.get("isSidechain") is True


def add_record(draft: Draft, value: dict[str, Any]) -> bool:
    """Add the rows of a record; tell whether it is part of the conversation at all."""
    kind = value.get("type")
    message = as_mapping(value.get("message"))
    if kind == "system":
        text = text_of(value.get("content")) or as_text(value.get("subtype"))
        draft.add(
            Role.SYSTEM,
            text,
            kind="event",
            src_id=text_or_none(value.get("uuid")),
            time=as_time(value.get("timestamp")),
            event=text_or_none(value.get("subtype")),
            raw=value,
        )
        return True
    if kind not in ("user", "assistant") or "content" not in message:
        return False
    blocks = _blocks(message.get("content"))
    common = {
        "src_id": text_or_none(value.get("uuid")) or text_or_none(message.get("id")),
        "time": as_time(value.get("timestamp")),
        "parent_id": text_or_none(value.get("parentUuid")),
        "raw": value,
    }
    if kind == "user":
        _add_user(draft, value, blocks, common)
    else:
        _add_assistant(draft, message, blocks, common)
    return True


def _blocks(content: object) -> list[dict[str, Any]]:
    """Return the content as blocks; a text is one block."""
    if isinstance(content, str):
        return [{"type": "text", "text": content}]
    texts = ({"type": "text", "text": block} if isinstance(block, str) else block for block in as_list(content))
    return [block for block in texts if isinstance(block, dict)]


def _add_user(draft: Draft, value: dict[str, Any], blocks: list[dict[str, Any]], common: dict[str, Any]) -> None:
    """Add the rows of a user record: what tools answered, then what was typed."""
    for block in blocks:
        if block.get("type") == "tool_result" or as_text(block.get("type")).endswith("_tool_result"):
            text, images = result_of_block(block)
            call = text_or_none(block.get("tool_use_id"))
            draft.add_result(text, call, is_error=block.get("is_error") is True or None, images=images, **common)
            common = {**common, "raw": None}
    texts = [as_text(block.get("text")) for block in blocks if block.get("type") == "text"]
    images = [image for block in blocks if (image := image_of_block(block)) is not None]
    whole = "\n".join(text for text in texts if text)
    typed = "\n".join(text for text in (_REMINDERS.sub("", text) for text in texts) if text.strip())
    if not (whole.strip() or images):
        if not any("tool" in as_text(block.get("type")) for block in blocks):
            draft.counts.add("empty")
        return
    command = _COMMAND.search(typed)
    if value.get("isCompactSummary") is True:
        draft.add(Role.USER, whole, kind="compact_summary", images=images, **common)
    elif value.get("isMeta") is True or value.get("isVisibleInTranscriptOnly") is True:
        draft.add(Role.USER, whole, kind="hidden", images=images, **common)
    elif _WRAPPERS.match(typed) or not (typed.strip() or images):
        draft.add(Role.USER, whole, kind="hidden", images=images, command=command[1] if command else None, **common)
    else:
        draft.add(Role.USER, typed, images=images, **common)


def _add_assistant(draft: Draft, message: dict[str, Any], blocks: list[dict[str, Any]], common: dict[str, Any]) -> None:
    """Add the rows of an assistant record, in the order of its blocks."""
    model = text_or_none(message.get("model"))
    own = text_or_none(message.get("id"))
    for block in blocks:
        kind = as_text(block.get("type"))
        more = {**common, "model": model, "message_id": own}
        if kind in ("thinking", "redacted_thinking"):
            draft.add_thinking(as_text(block.get("thinking")), signature=text_or_none(block.get("signature")), **more)
        elif kind in _CALLS:
            draft.add_call(
                as_text(block.get("name")) or "tool", block.get("input"), text_or_none(block.get("id")), **more
            )
        elif kind.endswith("tool_result"):
            text, images = result_of_block(block)
            draft.add_result(text, text_or_none(block.get("tool_use_id")), images=images, **more)
        elif kind == "text":
            _add_text(draft, as_text(block.get("text")), own, model, more)
        else:
            draft.add(Role.ASSISTANT, as_json(block), kind="event", counted="empty", **more)
        common = {**common, "raw": None}


def _add_text(draft: Draft, text: str, own: str | None, model: str | None, more: dict[str, Any]) -> None:
    """Add what was said; a message that is written in several records is one row, and a growing one is not repeated."""
    if not text.strip():
        return
    earlier = draft.text_of(own)
    if earlier is not None:
        if text.startswith(earlier):
            draft.set_text(own, text)
        elif text not in earlier:
            draft.set_text(own, f"{earlier}\n\n{text}")
        return
    # the program's own words about an error, not the model's
    hidden = model == "<synthetic>"
    draft.add(Role.ASSISTANT, text, hidden=hidden, counted="assistant", **more)
    draft.remember(own)
