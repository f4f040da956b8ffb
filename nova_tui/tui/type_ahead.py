"""TypeAhead: keys that come faster than the screen can follow wait for their turn.

Textual hands every key at once to the widget that has the focus. When several come in one piece (a slow line, a script,
quick fingers), the keys behind `/` would still go to the list, where `d` deletes. Here a key waits until the one before
it has done its work, and, where that opens a text box, until the box has the focus.
"""

from __future__ import annotations

from collections import deque
from typing import Any

from textual import events
from textual.app import App
from textual.message_pump import MessagePump
from textual.timer import Timer
from textual.widget import Widget

LONGEST = 3.0
"""Seconds that keys are held at most for a text box that does not come."""


class TypeAheadApp(App[None]):
    """An app whose keys wait for each other."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._waiting: deque[events.Key] = deque()
        self._under_way = False
        self._holding: Timer | None = None

    async def on_event(self, event: events.Event) -> None:
        """Let a key wait while another is under way."""
        if not isinstance(event, events.Key) or event.is_forwarded:
            await super().on_event(event)
        elif self._waiting or self._holding is not None or self._under_way:
            self._waiting.append(event)
        else:
            await self._handle(event)

    def hold_keys(self) -> None:
        """Hold keys until `release_keys`, because a text box is about to take the focus."""
        if self._holding is not None:
            self._holding.stop()
        self._holding = self.set_timer(LONGEST, self.release_keys)

    def release_keys(self) -> None:
        """Let the keys go on."""
        if self._holding is not None:
            self._holding.stop()
            self._holding = None
        if self._waiting:
            self.call_later(self._next)

    async def _handle(self, event: events.Key) -> None:
        """Hand a key over and follow it: queues keep their order, so what comes after finds it done."""
        self._under_way = True
        node = self.focused or self.screen
        await super().on_event(event)
        self._pass(event, node)

    def _pass(self, event: events.Key, node: MessagePump | None) -> None:
        """Wait at one node until the key has passed it, then at its parent, up to the app."""

        def passed() -> None:
            stopped = event._stop_propagation  # noqa: SLF001  there is no public way to ask
            self._pass(event, None if stopped or node is self else node._parent if node else None)  # noqa: SLF001

        if node is None or not node.call_later(passed):
            self.call_later(self._arrived)

    def _arrived(self) -> None:
        """Go on behind what the key set off, such as a change of the focus."""
        self.call_later(self._done)

    async def _done(self) -> None:
        """Take note that a key has done its work."""
        self._under_way = False
        await self._next()

    async def _next(self) -> None:
        """Hand over the next key that waits."""
        if self._waiting and self._holding is None and not self._under_way:
            await self._handle(self._waiting.popleft())


def hold_keys(widget: Widget) -> None:
    """Hold keys until the text box that is about to open has the focus."""
    if isinstance(widget.app, TypeAheadApp):
        widget.app.hold_keys()


def release_keys(widget: Widget) -> None:
    """Let the keys go on: the text box has the focus, or does not come."""
    if isinstance(widget.app, TypeAheadApp):
        widget.app.call_later(widget.app.release_keys)
