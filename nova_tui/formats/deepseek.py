"""DeepSeek's data export: `conversations.json` alone or in the ZIP.

It looks like ChatGPT's, but a message has no role: its fragments tell who speaks (REQUEST the user, RESPONSE and THINK
the assistant). Other fragments, such as searches, are hidden rows. Facts from andrmkrff/deepseek-chat-export.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from nova_tui.domain.row import Role
from nova_tui.formats.drafting import Draft, branch_of
from nova_tui.formats.format import Conversation, Importer, Reading, Receipt
from nova_tui.formats.mapping import is_deepseek, message_at, parents_of
from nova_tui.formats.source import Source
from nova_tui.formats.tree import MAX_BRANCHES, branches_beside, newest_leaf, path_to
from nova_tui.formats.values import as_list, as_mapping, as_text, as_time, text_or_none, without

NAME: Final = "deepseek"


class DeepSeekImporter(Importer):
    """Reads DeepSeek's data export."""

    name = NAME
    title = "DeepSeek data export"
    extensions = (".zip", ".json")

    def matches(self, source: Source) -> bool:
        """Look for conversations whose messages are made of fragments."""
        return source.kind in ("json", "zip") and any(map(is_deepseek, source.mappings))

    def read(self, source: Source, reading: Reading, receipt: Receipt) -> Iterator[Conversation]:
        """Yield the conversations."""
        for number, item in enumerate((record.value for record in source.entries()), 1):
            if isinstance(item, dict) and isinstance(item.get("mapping"), dict):
                yield from _read(item, number, source, reading)
            else:
                receipt.losses.append(f"conversation {number} has no messages (no mapping) and was left out")


def _read(item: dict[str, Any], number: int, source: Source, reading: Reading) -> Iterator[Conversation]:
    """Yield the conversation's dialog and, when they are wanted, its other branches."""
    mapping = item["mapping"]
    parents = parents_of(mapping)

    def age(node_id: str) -> float:
        message = message_at(mapping, node_id)
        time = as_time(message.get("inserted_at"))
        return time.timestamp() if time else 0.0 if message else -1.0

    current = item.get("current_node")
    known = isinstance(current, str) and current in mapping
    path = path_to(current if known else newest_leaf(parents, age), parents)
    beside = branches_beside(path, parents)
    draft = _draft(item, number, source, reading)
    for node_id in path:
        _add_message(draft, message_at(mapping, node_id), node_id)
    kept = []
    for branch in beside:
        side = _draft(item, number, source, reading)
        for node_id in branch.nodes:
            _add_message(side, message_at(mapping, node_id), node_id)
            draft.counts.offpath += bool(message_at(mapping, node_id))
        if side.rows:
            kept.append(branch_of(branch.leaf, branch.fork, side.rows))
    yield _finish(draft, item, kept)
    for branch in beside[:MAX_BRANCHES] if reading.branches else ():
        nodes = path_to(branch.leaf, parents)
        side = _draft(item, number, source, reading, branch.leaf)
        side.note_origin(branch={"path": list(nodes), "others": len(beside)})
        for node_id in nodes:
            _add_message(side, message_at(mapping, node_id), node_id)
        if side.rows:
            yield _finish(side, item, [])


def _draft(item: dict[str, Any], number: int, source: Source, reading: Reading, branch: str | None = None) -> Draft:
    """Begin the dialog or a branch of a conversation."""
    source_id = text_or_none(item.get("id")) or text_or_none(item.get("conversation_id"))
    created = as_time(item.get("inserted_at") or item.get("create_time"))
    return Draft(NAME, source, reading, number, source_id, created=created, branch=branch)


def _finish(draft: Draft, item: dict[str, Any], branches: list[dict[str, Any]]) -> Conversation:
    """Return the session with what the export says about it."""
    return draft.finish(
        title=text_or_none(item.get("title")),
        updated=as_time(item.get("updated_at") or item.get("update_time")),
        raw=without(item, "mapping", "title"),
        own={"branches": branches},
    )


def _add_message(draft: Draft, message: dict[str, Any], node_id: str) -> None:
    """Add the rows of a message: one for each run of what is said, thought or looked up."""
    if not message:
        return
    common: dict[str, Any] = {
        "src_id": node_id,
        "time": as_time(message.get("inserted_at")),
        "model": text_or_none(message.get("model")),
        "raw": message,
    }
    files = [value for value in as_list(message.get("files")) if isinstance(value, dict)]
    before = len(draft.rows)
    said: dict[Role, list[str]] = {Role.USER: [], Role.ASSISTANT: []}
    for fragment in map(as_mapping, as_list(message.get("fragments"))):
        kind, text = as_text(fragment.get("type")), as_text(fragment.get("content"))
        if kind in ("REQUEST", "RESPONSE"):
            said[Role.USER if kind == "REQUEST" else Role.ASSISTANT].append(text)
        elif kind == "THINK":
            draft.add_thinking(text, **common)
            common["raw"] = None
        elif text:
            draft.add_result(text, name=kind.lower() or None, **common)
            common["raw"] = None
    for role, texts in said.items():
        text = "\n\n".join(filter(None, texts))
        if text.strip() or (files and role is Role.USER and texts):
            draft.add(role, text, files=files or None, **common)
            common["raw"] = None
    if len(draft.rows) == before:
        draft.counts.add("empty")
