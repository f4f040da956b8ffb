"""The command palette's source: every command of the screen that is available here and now."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.content import Content

from nova_tui.tui.commands import Command, CommandHost, hosts_of, key_label


class CommandProvider(Provider):
    """Offers the commands of all panes of the screen."""

    def _offers(self) -> Iterator[tuple[type[Command], CommandHost]]:
        """Yield commands with the pane that carries them out."""
        for host in hosts_of(self.screen):
            for command in host.available_commands():
                yield command, host

    async def discover(self) -> Hits:
        """Offer everything."""
        for command, host in self._offers():
            run = partial(host.run_action, command.action())
            yield DiscoveryHit(_title(command), run, help=command.tooltip())

    async def search(self, query: str) -> Hits:
        """Offer what fits the query, the hit letters marked."""
        matcher = self.matcher(query)
        for command, host in self._offers():
            title = _title(command)
            score, offsets = matcher.fuzzy_search.match(query, title)
            if score > 0:
                shown = Content(title)
                for offset in offsets:
                    shown = shown.stylize("bold underline", offset, offset + 1)
                run = partial(host.run_action, command.action())
                yield Hit(score, shown, run, text=title, help=command.tooltip())


def _title(command: type[Command]) -> str:
    """Return what the palette calls a command, with its first key."""
    key = key_label(command.keys.split(",")[0]) if command.keys else ""
    words = command.action().replace("_", " ")
    return f"{words[:1].upper()}{words[1:]}" + (f"  ({key})" if key else "")
