"""FilterLine: the line over the list in which a filter is typed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal
from textual.message import Message
from textual.suggester import Suggester
from textual.widgets import Input, Static

from nova_tui.services.completion import completions
from nova_tui.tui.type_ahead import hold_keys

HISTORY = 50
"""Filters that are remembered while the program runs."""


class SearchInput(Input):
    """One line for words of the search language, without a frame."""

    DEFAULT_CSS: ClassVar[str] = """
    SearchInput {
        height: 1; width: 1fr; border: none; padding: 0 1 0 0; background: $background;
        &:focus { border: none; background: $background; }
    }
    """


class LineFrame(Horizontal):
    """A slash before what is typed; a click anywhere is for the text."""

    DEFAULT_CSS: ClassVar[str] = """
    LineFrame { height: 1; & > .slash { width: 3; padding: 0 1; color: $row-muted; } }
    """

    @property
    def input(self) -> SearchInput:
        """The text box."""
        return self.query_one(SearchInput)

    def on_click(self) -> None:
        """Take the focus."""
        self.input.can_focus = True
        self.input.focus()


class _Ghost(Suggester):
    """Shows behind the cursor what Tab would complete."""

    def __init__(self, line: FilterInput) -> None:
        super().__init__(use_cache=False, case_sensitive=True)
        self._line = line

    async def get_suggestion(self, value: str) -> str | None:
        """Return the likeliest completion."""
        found = completions(value, self._line.tags)
        return found[0] if found and found[0].startswith(value) else None


class FilterInput(SearchInput):
    """The filter: focused by `/`, passed over by Tab."""

    BINDINGS = [
        Binding("tab", "complete", "complete", id="filter.complete"),
        Binding("escape", "clear", "clear", id="filter.clear"),
        Binding("escape", "leave", "to the list", id="filter.leave"),
        Binding("enter,down", "leave", "to the list", show=False, id="filter.go"),
        Binding("up", "recall", show=False, id="filter.recall"),
    ]

    class Left(Message):
        """The person is done with the filter."""

    def __init__(self) -> None:
        super().__init__(placeholder="filter titles and texts", compact=True, select_on_focus=False)
        self.suggester = _Ghost(self)
        self.can_focus = False
        self.tags: Sequence[str] = ()
        """Tags that can be completed, the most used first."""
        self._cycle: list[str] = []
        self._history: list[str] = []
        self._recalled: int | None = None

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Tab goes on as ever where there is nothing to complete; Escape clears first."""
        if action == "complete":
            return self._following() is not None
        if action == "clear":
            return bool(self.value)
        if action == "recall":
            return bool(self._history)
        return super().check_action(action, parameters)

    def _following(self) -> str | None:
        """Return what Tab puts in: the likeliest completion, or the next one after it."""
        if self.value in self._cycle and len(self._cycle) > 1:
            return self._cycle[(self._cycle.index(self.value) + 1) % len(self._cycle)]
        found = completions(self.value, self.tags) if self.cursor_position == len(self.value) else []
        return found[0] if found else None

    @on(Input.Changed)
    def _changed(self) -> None:
        """Other keys may do something now."""
        if self.value not in self._cycle:
            self._cycle = []
        self.refresh_bindings()

    def action_complete(self) -> None:
        """Complete the last word, or put the next completion in its place."""
        following = self._following()
        if following is None:
            return
        if self.value not in self._cycle:
            self._cycle = completions(self.value, self.tags)
        if following.endswith(":"):
            self._cycle = []  # a value comes next
        self.value = following
        self.cursor_position = len(following)

    def action_clear(self) -> None:
        """Empty the line."""
        self.value = ""

    def action_recall(self) -> None:
        """Bring back an earlier filter, the latest first."""
        last = len(self._history) if self._recalled is None else self._recalled
        self._recalled = (last - 1) % len(self._history)
        self.value = self._history[self._recalled]
        self.cursor_position = len(self.value)

    def action_leave(self) -> None:
        """Go to the list; the filter stays."""
        hold_keys(self)
        self._recalled = None
        if self.value.strip() and self.value not in self._history[-1:]:
            self._history = [*self._history, self.value][-HISTORY:]
        self.post_message(self.Left())

    def on_focus(self, _event: events.Focus) -> None:
        """Other keys may do something now."""
        self.refresh_bindings()


class FilterLine(LineFrame):
    """The filter over the list."""

    DEFAULT_CSS: ClassVar[str] = """
    FilterLine { margin-bottom: 1; }
    """

    def compose(self) -> ComposeResult:
        """Slash and text."""
        yield Static("/", classes="slash")
        yield FilterInput()
