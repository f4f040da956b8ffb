"""ChatGPT's data export: `conversations.json` (or shards of it) alone or in the ZIP, and single conversations.

A conversation is a tree of messages; its path from `current_node` to the root is the dialog, the other branches are
kept beside it. Facts from mohamed-chs/convoviz (docs/dev/chatgpt-spec.md, convoviz/message_logic.py), from the schema
that Sinity/polylogue inferred from real exports, and from danny-avila/LibreChat's fixtures. Of the archive only the
conversations, the pictures that they name and the table of the pictures' names are read; never user.json and the like.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from nova_tui.formats.chatgpt_assets import Assets
from nova_tui.formats.chatgpt_message import add_message
from nova_tui.formats.drafting import Draft, branch_of
from nova_tui.formats.format import Conversation, Importer, Reading, Receipt
from nova_tui.formats.mapping import is_deepseek, message_at, parents_of
from nova_tui.formats.source import Source
from nova_tui.formats.tree import MAX_BRANCHES, branches_beside, newest_leaf, path_to
from nova_tui.formats.values import as_time, text_or_none, without

NAME: Final = "chatgpt"


class ChatGPTImporter(Importer):
    """Reads ChatGPT's data export."""

    name = NAME
    title = "ChatGPT data export"
    extensions = (".zip", ".json")

    def matches(self, source: Source) -> bool:
        """Look for conversations with a `mapping`; DeepSeek's look alike."""
        if source.kind not in ("json", "jsonl", "zip"):
            return False
        items = [item for item in _listed(source.sample) if isinstance(item.get("mapping"), dict)]
        return bool(items) and not any(map(is_deepseek, items))

    def read(self, source: Source, reading: Reading, receipt: Receipt) -> Iterator[Conversation]:
        """Yield the conversations, each id once."""
        assets = Assets(source.archive) if source.kind == "zip" else None
        seen: set[str] = set()
        number = 0
        for item in _items(source):
            number += 1
            if not isinstance(item, dict) or not isinstance(item.get("mapping"), dict):
                receipt.losses.append(f"conversation {number} has no messages (no mapping) and was left out")
                continue
            source_id = _id(item)
            if source_id is not None and source_id in seen:
                receipt.notes.append(f"conversation {number} is there a second time and was left out")
                continue
            seen.add(source_id or "")
            yield from _read(item, number, source, reading, assets)


def _listed(values: Any) -> list[dict[str, Any]]:
    """Return the mappings among values, looking into `{"conversations": […]}`."""
    found: list[dict[str, Any]] = []
    for value in values if isinstance(values, list | tuple) else [values]:
        if isinstance(value, dict):
            inner = value.get("conversations")
            found += [item for item in inner[:50] if isinstance(item, dict)] if isinstance(inner, list) else [value]
    return found


def _items(source: Source) -> Iterator[Any]:
    """Yield what should be conversations."""
    for record in source.entries():
        inner = record.value.get("conversations") if isinstance(record.value, dict) else None
        yield from inner if isinstance(inner, list) else [record.value]


def _id(item: dict[str, Any]) -> str | None:
    """Return the conversation's own id; the oldest exports have only `id`, some only `conversation_id`."""
    return text_or_none(item.get("conversation_id")) or text_or_none(item.get("id"))


def _read(
    item: dict[str, Any], number: int, source: Source, reading: Reading, assets: Assets | None
) -> Iterator[Conversation]:
    """Yield the conversation's dialog and, when they are wanted, its other branches."""
    mapping = item["mapping"]
    parents = parents_of(mapping)

    def age(node_id: str) -> float:
        message = message_at(mapping, node_id)
        time = as_time(message.get("create_time"))
        return time.timestamp() if time else 0.0 if message else -1.0

    current = item.get("current_node")
    dangling = not isinstance(current, str) or current not in mapping
    path = path_to(newest_leaf(parents, age) if dangling else current, parents)
    beside = branches_beside(path, parents)

    draft = _draft(item, number, source, reading)
    for node_id in path:
        add_message(draft, message_at(mapping, node_id), node_id, assets)
    kept = []
    for branch in beside:
        messages = [node_id for node_id in branch.nodes if message_at(mapping, node_id)]
        draft.counts.offpath += len(messages)
        side = _draft(item, number, source, reading)
        for node_id in messages:
            add_message(side, message_at(mapping, node_id), node_id, assets)
        if side.rows:
            kept.append(branch_of(branch.leaf, branch.fork, side.rows))
    if dangling and current:
        draft.notes.append("its current message does not exist; the newest branch was taken")
    if assets is not None and assets.missing:
        draft.notes.append(f"{assets.missing} pictures are not in the archive; their names are kept")
        assets.missing = 0
    yield _finish(draft, item, kept)
    if not reading.branches:
        return
    for branch in beside[:MAX_BRANCHES]:
        nodes = path_to(branch.leaf, parents)
        side = _draft(item, number, source, reading, branch.leaf)
        side.note_origin(branch={"path": list(nodes), "others": len(beside)})
        for node_id in nodes:
            add_message(side, message_at(mapping, node_id), node_id, assets)
        if side.rows:
            yield _finish(side, item, [])
    if len(beside) > MAX_BRANCHES:
        draft.losses.append(f"only the first {MAX_BRANCHES} of {len(beside)} branches became sessions")


def _draft(item: dict[str, Any], number: int, source: Source, reading: Reading, branch: str | None = None) -> Draft:
    """Begin the dialog or a branch of a conversation."""
    created = as_time(item.get("create_time"))
    draft = Draft(NAME, source, reading, number, _id(item), created=created, branch=branch)
    draft.note_origin(model=text_or_none(item.get("default_model_slug")), project=text_or_none(item.get("gizmo_id")))
    return draft


def _finish(draft: Draft, item: dict[str, Any], branches: list[dict[str, Any]]) -> Conversation:
    """Return the session with what the export says about it."""
    own = {
        "branches": branches,
        "archived": True if item.get("is_archived") is True else None,
        "starred": True if item.get("is_starred") is True else None,
    }
    return draft.finish(
        title=text_or_none(item.get("title")),
        updated=as_time(item.get("update_time")),
        raw=without(item, "mapping", "title", "create_time", "update_time"),
        own=own,
    )
