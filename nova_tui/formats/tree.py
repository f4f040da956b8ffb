"""Message trees: which path a conversation shows, which branches lie beside it; safe on loops."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

MAX_BRANCHES: Final = 1000
"""Branches of one conversation that become sessions of their own."""


@dataclass(frozen=True, slots=True)
class Branch:
    """The nodes from behind `fork` (on the path or on an earlier branch; None at a root) down to `leaf`."""

    leaf: str
    fork: str | None
    nodes: tuple[str, ...]


def path_to(node: str | None, parents: Mapping[str, str | None]) -> tuple[str, ...]:
    """Return the nodes from the root to `node`; a loop ends where it closes."""
    path: list[str] = []
    seen: set[str] = set()
    while node is not None and node in parents and node not in seen:
        seen.add(node)
        path.append(node)
        node = parents[node]
    return tuple(reversed(path))


def leaves(parents: Mapping[str, str | None]) -> list[str]:
    """Return the nodes that are nobody's parent, in the order of the mapping."""
    inner = set(parents.values())
    return [node for node in parents if node not in inner]


def newest_leaf(parents: Mapping[str, str | None], age: Callable[[str], float]) -> str | None:
    """Return the leaf with the greatest age key, the later in order among equals.

    A negative age means that the node holds nothing; where no leaf holds anything, any node may be the leaf.
    """
    newest = max(reversed(leaves(parents)), key=age, default=None)
    if newest is None or age(newest) < 0:
        newest = max(reversed(list(parents)), key=age, default=None)
    return newest


def branches_beside(path: tuple[str, ...], parents: Mapping[str, str | None]) -> list[Branch]:
    """Return what is not on the path, each node in one branch: from each other leaf up to what is known already."""
    known = set(path)
    found = []
    # behind the leaves come all nodes, so that those of a loop, which has no leaf, are not lost
    for leaf in (*leaves(parents), *reversed(list(parents))):
        if leaf in known:
            continue
        nodes: list[str] = []
        node: str | None = leaf
        while node is not None and node in parents and node not in known:
            known.add(node)
            nodes.append(node)
            node = parents[node]
        found.append(Branch(leaf, node if node in parents else None, tuple(reversed(nodes))))
    return found
