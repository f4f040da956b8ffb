"""TagScreen: asks for tags as words; Tab completes those that are used already."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

from textual import on
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static

from nova_tui.domain.folding import fold
from nova_tui.domain.safe_text import clean_line
from nova_tui.tui.screens.prompt_screen import PromptScreen

SHOWN: Final = 12
"""Known tags that are shown under the line at most."""
_WORD: Final = re.compile(r'([+-]?)(?:"([^"]*)"?|(\S+))')
_LAST: Final = re.compile(r'([+-]?)("[^"]*|[^\s"]*)$')


class TagScreen(PromptScreen):
    """Asks for a line of tags; a tag of several words stands between quotes."""

    BINDINGS = [Binding("tab", "complete", "complete", priority=True, id="tags.complete")]

    def __init__(self, question: str, tags: Sequence[str], known: Sequence[str], hint: str) -> None:
        super().__init__(question, "".join(f"{written(tag)} " for tag in tags), hint)
        self._known = known

    def on_mount(self) -> None:
        """Write on behind what is there; the hint goes to the frame, below the tags that fit."""
        super().on_mount()
        self.query_one(Vertical).border_subtitle = Content(self._hint)
        box = self.query_one(Input)
        box.select_on_focus = False
        box.cursor_position = len(box.value)
        self._offer()

    @on(Input.Changed)
    def _offer(self) -> None:
        """Show the tags that the last word may become."""
        found = self._fitting()
        tags = "  ".join(clean_line(written(tag), 30) for tag in found[:SHOWN])
        self.query_one(Static).update(Content(f"Tab: {tags}" if tags else ""))

    def action_complete(self) -> None:
        """Complete the last word with the tag that fits best."""
        box = self.query_one(Input)
        found = self._fitting()
        match = _LAST.search(box.value)
        if found and match:
            box.value = f"{box.value[: match.start()]}{match[1]}{written(found[0])} "
            box.cursor_position = len(box.value)

    def _fitting(self) -> list[str]:
        """Return the known tags that begin with the last word and are not there yet."""
        line = self.query_one(Input).value
        match = _LAST.search(line)
        word = fold(match[2].lstrip('"')) if match else ""
        there = {tag for _, tag in tags_of(line[: match.start()] if match else line)}
        return [tag for tag in self._known if tag not in there and fold(tag).startswith(word) and fold(tag) != word]


def written(tag: str) -> str:
    """Return a tag as it is written in the line."""
    return f'"{tag}"' if re.search(r"\s", tag) or tag[:1] in "+-" else tag


def tags_of(line: str) -> list[tuple[str, str]]:
    """Return the signs (`+`, `-` or none) and tags of a line, each once."""
    found = [(sign, " ".join((quoted or plain or "").split())) for sign, quoted, plain in _WORD.findall(line)]
    return list(dict.fromkeys((sign, tag) for sign, tag in found if tag))


def retagged(tags: Iterable[str], words: Iterable[tuple[str, str]]) -> list[str]:
    """Return tags with those of `-words` taken off and the others added."""
    words = list(words)
    off = {tag for sign, tag in words if sign == "-"}
    return list(dict.fromkeys([*(tag for tag in tags if tag not in off), *(tag for sign, tag in words if sign != "-")]))
