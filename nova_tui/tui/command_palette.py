"""What the command palette offers: the commands that work here and now, and which of them fit what is typed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from textual.fuzzy import FuzzySearch
from textual.screen import Screen
from textual.widget import Widget

from nova_tui.domain.folding import fold
from nova_tui.tui.commands import Command, hosts_of, key_label, keys_of


@dataclass(frozen=True, slots=True)
class Offer:
    """One line of a palette. All its texts are shown as they are, cleaned by whoever makes the offer."""

    title: str
    run: Callable[[], object]
    """What choosing it does."""
    key: str = ""
    """Its key, as people write it."""
    note: str = ""
    """What it means, in a few words."""


LEFT_OUT = ("screen.palette",)
"""Commands that are of no use in the palette."""


def offers_of(screen: Screen[Any]) -> Iterator[Offer]:
    """Yield what is available, the pane with the focus first."""
    focused = screen.focused
    around = list(focused.ancestors_with_self) if focused is not None else []
    seen: set[str] = set()
    near = [widget for widget in around if isinstance(widget, Widget)]
    for host in dict.fromkeys((*near, *hosts_of(screen))):
        for command in getattr(host, "INTENTIONS", ()):
            if command.id not in seen and command.id not in LEFT_OUT and command.available(host):
                seen.add(command.id)
                yield _offer(command, host)


def _offer(command: type[Command], host: Widget) -> Offer:
    """Return the offer of a command."""
    keys = keys_of(command.id, command.keys, host.app)
    run = partial(host.run_action, command.action())
    return Offer(command.title(), run, key_label(keys[0]) if keys else "", command.tooltip())


# -- what fits ----------------------------------------------------------------------------------------------------


def fitting(query: str, offers: Iterable[Offer]) -> tuple[list[Offer], list[Offer]]:
    """Return the offers that hold all words of the query, best first, and those that only have its letters in order."""
    words = fold(query).split()
    if not words:
        return list(offers), []
    letters = FuzzySearch()
    good: list[tuple[int, Offer]] = []
    weak: list[tuple[float, Offer]] = []
    for offer in offers:
        rank = _rank(words, fold(offer.title), fold(offer.note))
        if rank is not None:
            good.append((rank, offer))
        elif (score := letters.match(query.replace(" ", ""), offer.title)[0]) > 0:
            weak.append((-score, offer))
    return [offer for _, offer in sorted(good, key=_first)], [offer for _, offer in sorted(weak, key=_first)]


def _first(pair: tuple[float, Offer]) -> float:
    """Return what offers are ordered by."""
    return pair[0]


def _rank(words: Sequence[str], title: str, note: str) -> int | None:
    """Tell how well a title fits: its words begin so, they hold it, the note holds it, or not at all."""
    if all(any(part.startswith(word) for part in title.split()) for word in words):
        return 0 if title.startswith(words[0]) else 1
    if all(word in title for word in words):
        return 2
    return 3 if all(word in f"{title} {note}" for word in words) else None


def marked(query: str, title: str) -> list[tuple[int, int]]:
    """Return the parts of a title, from and to, that are what was typed."""
    lowered = title.lower()
    if len(lowered) != len(title):
        return []
    starts = [(lowered.find(word), len(word)) for word in query.lower().split()]
    return [(start, start + length) for start, length in starts if start >= 0]
