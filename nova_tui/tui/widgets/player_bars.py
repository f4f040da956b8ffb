"""What only the one who performs needs: the status line, the speaker's notes, the card at the end."""

from __future__ import annotations

from typing import ClassVar

from textual.app import RenderResult
from textual.content import Content
from textual.widget import Widget

from nova_tui.domain.safe_text import clean, clean_line
from nova_tui.performing.playhead import Going

SIGNS = {Going.PLAYING: "▶ ", Going.PAUSED: "▮▮", Going.WAITING: "▷ ", Going.ENDED: "■ "}
"""How the status line shows whether it goes on."""


def clock_text(ms: float) -> str:
    """Return a time as people write it: 1:05, 1:01:05."""
    seconds = int(ms // 1000)
    hours, rest = divmod(seconds, 3600)
    return f"{hours}:{rest // 60:02}:{rest % 60:02}" if hours else f"{rest // 60}:{rest % 60:02}"


class StatusLine(Widget):
    """One line: whether it goes on, how far it is, how fast, in which way."""

    DEFAULT_CSS: ClassVar[str] = """
    StatusLine { height: 1; padding: 0 1; color: $row-muted; background: $background; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._facts: tuple[object, ...] = ()

    def show(
        self, going: Going, position: int, duration: int, chapters: tuple[int, ...], words: tuple[str, ...]
    ) -> None:
        """Show these facts; `chapters` are moments, `words` what is special now."""
        width = max(8, min(40, self.content_size.width - 36))
        filled = width * min(position, duration) // duration if duration else width
        facts = (going, position // 1000, duration // 1000, filled, words)
        if facts == self._facts:
            return
        self._facts = facts
        ticks = {width * ms // duration for ms in chapters if 0 < ms < duration} if duration else set()
        self._bar = "".join(
            ("┿" if index in ticks else "━") if index < filled else ("┼" if index in ticks else "─")
            for index in range(width)
        )
        self._filled = filled
        self.refresh()

    def render(self) -> RenderResult:
        """Sign, bar, times, words."""
        if not self._facts:
            return Content("")
        going, position, duration, _, words = self._facts
        assert isinstance(going, Going)
        assert isinstance(position, int)
        assert isinstance(duration, int)
        assert isinstance(words, tuple)
        times = f" {clock_text(position * 1000)} / {clock_text(duration * 1000)}"
        return Content.assemble(
            (f"{SIGNS[going]} ", "$accent"),
            (self._bar[: self._filled], "$accent"),
            self._bar[self._filled :],
            times,
            *(f" · {clean_line(word, 40)}" for word in words),
        )


class NotesPane(Widget):
    """The speaker's notes and what comes next."""

    DEFAULT_CSS: ClassVar[str] = """
    NotesPane {
        height: 8; padding: 0 1; border: round $border-blurred; background: $background; color: $foreground;
        border-title-color: $row-muted; display: none;
        &.-shown { display: block; }
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self.border_title = Content("notes")
        self._note = self._coming = ""

    def show(self, note: str, coming: str) -> None:
        """Show a note and the row that comes next."""
        if (note, coming) != (self._note, self._coming):
            self._note, self._coming = note, coming
            self.refresh()

    def render(self) -> RenderResult:
        """Put the next row first, since the note may be long."""
        return Content.assemble(
            ("next  ", "$row-muted"),
            clean_line(self._coming, 200),
            "\n",
            clean(self._note) or ("no note", "$row-muted"),
        )


class EndCard(Widget):
    """What is there when everything was performed."""

    DEFAULT_CSS: ClassVar[str] = """
    EndCard {
        layer: card; dock: bottom; height: 5; width: 100%; padding: 0 1; content-align: center middle;
        border: round $accent; background: $background; color: $foreground; display: none; text-align: center;
        &.-shown { display: block; }
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self._text = Content("")

    def tell(self, title: str, facts: str) -> None:
        """Take what the card says."""
        hint = "space again · ← back · e edit · r record · q leave"
        self._text = Content.assemble((clean_line(title, 80), "bold"), f"\n{facts}\n", (hint, "$row-muted"))
        self.refresh()

    def render(self) -> RenderResult:
        """Show the card."""
        return self._text
