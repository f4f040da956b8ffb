"""Performing for a recording: a stage, and a timeline that tells it what to show."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from textual.app import App, ComposeResult
from textual.color import Color
from textual.content import Content
from textual.filter import LineFilter
from textual.widgets import Static

from nova_tui.domain.safe_text import clean_line
from nova_tui.performing.timeline import Kind, Timeline
from nova_tui.services.recording.joining import joined
from nova_tui.services.recording.recording import Colours, Recording, hex_of
from nova_tui.theming import ThemeSpec
from nova_tui.tui.line_filter import GuardFilter
from nova_tui.tui.recording.recorder import FPS, Take, record
from nova_tui.tui.recording.textual_clock import MOMENT
from nova_tui.tui.themes import VARIABLE_DEFAULTS, to_textual
from nova_tui.tui.widgets.stage import Stage

CARD_SECONDS = 2.0
"""How long a title card is shown."""
SETTLE_SECONDS = 0.2
"""How long an app has to come up before it is recorded."""


class TitleCard(Static):
    """A title in the middle of the screen."""

    DEFAULT_CSS = """
    TitleCard { width: 100%; height: 100%; content-align: center middle; text-align: center; text-style: bold; }
    """

    def __init__(self, title: str, below: str) -> None:
        super().__init__(Content.assemble(clean_line(title), "\n\n", (clean_line(below), "$row-muted not bold")))


class StageApp(App[None]):
    """Nothing but a stage, and a title card before it where there are several performances."""

    ENABLE_COMMAND_PALETTE = False
    CSS = "Screen { background: $background; } Stage, TitleCard.-gone { display: none; } Stage.-on { display: block; }"

    def __init__(self, timeline: Timeline, theme: ThemeSpec, card: str | None) -> None:
        self._guard = GuardFilter()
        super().__init__()
        self._timeline, self._card = timeline, card
        self.register_theme(to_textual(theme))
        self.theme = theme.name

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Supply our own variables where a theme says nothing of them."""
        return VARIABLE_DEFAULTS

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Guard every line."""
        return [*super().get_line_filters(), self._guard]

    def compose(self) -> ComposeResult:
        """Card and stage."""
        if self._card is not None:
            yield TitleCard(self._timeline.scene.title, self._card)
        yield Stage(self._timeline.scene)

    def raise_curtain(self) -> None:
        """Show the stage, empty as it is before the first row."""
        for card in self.query(TitleCard):
            card.add_class("-gone")
        self.query_one(Stage).add_class("-on")
        self.show(0)

    def show(self, ms: int) -> None:
        """Show what is on stage at a moment."""
        state = self._timeline.state(ms)
        chapter = self._timeline.chapters[state.chapter].label if state.chapter >= 0 else ""
        self.query_one(Stage).show(state, chapter)


def moments(timeline: Timeline) -> Iterator[int]:
    """Yield the moments at which there is something else to see, at most one a frame."""
    change = timeline.next_change(0)
    while change is not None:
        at = min(-(-change * FPS // 1000) * 1000 // FPS, timeline.duration)
        yield at
        change = timeline.next_change(at)


def record_timelines(
    timelines: Sequence[Timeline],
    size: tuple[int, int],
    theme: ThemeSpec,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> Recording:
    """Return the recording of one performance, or of several one after the other, each behind a title card."""
    total = sum(timeline.duration for timeline in timelines)
    parts, done = [], 0
    for number, timeline in enumerate(timelines, 1):
        card = f"{number} of {len(timelines)}" if len(timelines) > 1 else None

        def progressed(ms: int, before: int = done) -> None:
            progress(min(total, before + ms), total)

        parts.append(_recorded(timeline, size, theme, card, progressed))
        done += timeline.duration
    return joined(parts)


def _recorded(
    timeline: Timeline, size: tuple[int, int], theme: ThemeSpec, card: str | None, progress: Callable[[int], None]
) -> Recording:
    """Return the recording of one performance."""

    async def script(take: Take) -> None:
        app = take.app
        assert isinstance(app, StageApp)
        if card is None:
            app.raise_curtain()
        await take.wait(SETTLE_SECONDS)
        take.begin()
        if card is not None:
            take.mark(timeline.scene.title)
            await take.wait(CARD_SECONDS)
            app.raise_curtain()
        began = take.now
        for event in timeline.events():
            if event.kind is Kind.KEY:
                take.reel.key(began + event.ms, event.text.replace("\n", "\r"))
            elif event.kind is Kind.SEND:
                take.reel.key(began + event.ms, "\r")
            elif event.kind is Kind.CHAPTER:
                take.reel.mark(began + event.ms, event.text)
        for at in moments(timeline):
            await take.wait_until(began + at)
            app.show(at)
        await take.wait_until(began + timeline.duration)

    return record(
        lambda: StageApp(timeline, theme, card),
        script,
        size,
        title=timeline.scene.title,
        moment=max((scene_row.row.timestamp for scene_row in timeline.scene.rows), default=MOMENT),
        progress=progress,
    )


def page_colours(theme: ThemeSpec) -> dict[str, str]:
    """Return the colours of a page in this theme; where the terminal would choose them, those of a dark one."""
    made = to_textual(theme)
    variables = {**VARIABLE_DEFAULTS, **made.to_color_system().generate(), **made.variables}
    own = Colours()
    plain = {"background": own.background, "foreground": own.foreground, "accent": own.accent, "muted": 0x999999,
             "code": 0x1E1E1E, "user": 0x3B8EEA, "assistant": 0x0DBC79, "system": 0xBC3FBC}  # fmt: skip
    names = {"background": "background", "foreground": "foreground", "accent": "accent", "muted": "row-muted",
             "code": "code-background", "user": "role-user", "assistant": "role-assistant",
             "system": "role-system"}  # fmt: skip
    if made.ansi:
        return {name: hex_of(colour) for name, colour in plain.items()}
    return {name: Color.parse(variables[variable]).hex6.lower() for name, variable in names.items()}
