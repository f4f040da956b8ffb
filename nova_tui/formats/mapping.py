"""Conversations whose messages are nodes of a `mapping`, as ChatGPT and DeepSeek export them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nova_tui.formats.values import as_list, as_mapping


def is_deepseek(item: dict[str, Any]) -> bool:
    """Tell a DeepSeek conversation: its messages are fragments, its times `inserted_at`."""
    mapping = item.get("mapping")
    if not isinstance(mapping, dict):
        return False
    nodes = list(mapping.values())[:20]
    return "inserted_at" in item or any("fragments" in as_mapping(as_mapping(node).get("message")) for node in nodes)


def parents_of(mapping: Mapping[str, Any]) -> dict[str, str | None]:
    """Return each node's parent; where no node names one, the lists of children tell."""
    parents: dict[str, str | None] = {}
    for node_id, node in mapping.items():
        parent = as_mapping(node).get("parent")
        parents[node_id] = parent if isinstance(parent, str) and parent in mapping else None
    if not any(parents.values()):
        for node_id, node in mapping.items():
            for child in as_list(as_mapping(node).get("children")):
                if isinstance(child, str) and child in parents and child != node_id:
                    parents[child] = node_id
    return parents


def message_at(mapping: Mapping[str, Any], node_id: str) -> dict[str, Any]:
    """Return the message of a node, empty where it has none."""
    return as_mapping(as_mapping(mapping.get(node_id)).get("message"))
