"""Recorder: runs any Textual app without a terminal on virtual time, and keeps what its screen shows."""

from __future__ import annotations

import asyncio
import contextvars
from collections.abc import Awaitable, Callable, Coroutine
from datetime import datetime
from typing import Any, Final

from textual.app import App
from textual.pilot import Pilot

from nova_tui.domain.safe_text import clean_line
from nova_tui.services.recording.recording import Recording, Reel
from nova_tui.services.recording.recording import Style as CellStyle
from nova_tui.tui.recording.capture import Capture, colours_of, row_of
from nova_tui.tui.recording.textual_clock import (
    MOMENT,
    failure_of,
    is_painting,
    resize_app,
    send_key,
    strips_of,
    virtual_clock,
)
from nova_tui.tui.recording.virtual_time import VirtualLoop

FPS: Final = 30
"""Frames in a second, at most."""
KEYS: Final = {
    "enter": "\r", "escape": "\x1b", "tab": "\t", "backspace": "\x7f", "space": " ", "up": "\x1b[A", "down": "\x1b[B",
    "right": "\x1b[C", "left": "\x1b[D", "home": "\x1b[H", "end": "\x1b[F", "pageup": "\x1b[5~", "pagedown": "\x1b[6~",
    "delete": "\x1b[3~", "shift+tab": "\x1b[Z", "f1": "\x1bOP", "f2": "\x1bOQ", "f3": "\x1bOR", "f4": "\x1bOS",
    "f5": "\x1b[15~",
}  # fmt: skip
"""What a terminal sends for a key."""

Script = Callable[["Take"], Awaitable[None]]
"""What is done to the app; when it returns, the recording ends."""
Progress = Callable[[int], None]
"""Takes the milliseconds that are recorded."""


class Take:
    """A recording under way, as a script sees it."""

    def __init__(self, app: App[Any], reel: Reel, loop: VirtualLoop, caption_line: bool, progress: Progress) -> None:
        self.app, self.reel = app, reel
        self._loop, self._caption_line, self._progress = loop, caption_line, progress
        self._began: float | None = None
        self._capture: Capture | None = None
        self._dirty: contextvars.Context | None = None
        self._task: asyncio.Task[None] | None = None
        self.failure: Exception | None = None
        """What the script raised."""

    @property
    def now(self) -> int:
        """Milliseconds since the start."""
        return 0 if self._began is None else round((self._loop.now - self._began) * 1000)

    def begin(self) -> None:
        """Start here: what was on the screen before is not recorded."""
        self._began = self._loop.now
        self._capture = Capture(self.app.ansi_theme)
        self.reel.colours = colours_of(self.app)
        self.painted()
        if self._caption_line:
            self.caption("")

    # -- what a script does -------------------------------------------------------------------------------------------

    async def wait(self, seconds: float) -> None:
        """Let time pass."""
        await asyncio.sleep(seconds)

    async def wait_until(self, at: int) -> None:
        """Let time pass until so many milliseconds after the start."""
        if at > self.now and self._began is not None:
            await asyncio.sleep(self._began + at / 1000 - self._loop.now)

    async def press(self, *keys: str, every: float = 0.1) -> None:
        """Press keys, named as Textual names them."""
        for key in keys:
            character = send_key(self.app, key)
            self.reel.key(self.now, KEYS.get(key) or character or _control(key))
            await asyncio.sleep(every)

    def mark(self, label: str) -> None:
        """Begin a chapter."""
        self.reel.mark(self.now, label)

    def caption(self, text: str) -> None:
        """Show a sentence in the line below the screen."""
        colours = self.reel.colours
        style = CellStyle(colours.background, colours.accent, bold=True) if text else CellStyle()
        self.reel.show(self.now, [(self.reel.lines - 1, row_of(f" {clean_line(text)}", self.reel.columns, style))])

    def resize(self, columns: int, lines: int) -> None:
        """Give the app another size, at most the recording's; the rest of the recording stays empty."""
        resize_app(self.app, columns, lines - self._caption_line)

    # -- its life -----------------------------------------------------------------------------------------------------

    def perform(self, script: Script) -> Callable[[Pilot[Any]], Coroutine[Any, Any, None]]:
        """Return what runs the script and then ends the app; a failure of the script is kept."""

        async def run(_pilot: Pilot[Any]) -> None:
            self._task = asyncio.current_task()
            try:
                await script(self)
            except Exception as error:  # whatever it is, the caller is told; Textual would swallow it
                self.failure = error
                raise
            finally:
                self.reel.show(self.now, ())
                self.app.exit()

        return run

    def cancel(self) -> None:
        """End the script, and with it the app."""
        if self._task is not None:
            self._task.cancel()
        self.app.exit()

    # -- what the app does --------------------------------------------------------------------------------------------

    def painted(self) -> None:
        """Remember that the screen changed; it is looked at when all is done that belongs to this moment."""
        self._dirty = contextvars.copy_context()

    def look(self) -> bool:
        """Have a changed screen recorded before the clock moves; tell whether there is one."""
        if self._dirty is None or self._capture is None:
            return False
        context, self._dirty = self._dirty, None
        self._loop.call_soon(self._grab, self._capture, context=context)
        return True

    def _grab(self, capture: Capture) -> None:
        """Record the screen."""
        if not is_painting(self.app):
            return
        lines = [list(strip) for strip in strips_of(self.app)]
        self.reel.show(self.now, capture.changed(lines, self.reel.columns, self.reel.lines - self._caption_line))
        self._progress(self.now)

    def failed(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        """End when a callback of the loop failed, such as the one that records: a frame would be missing."""
        error = context.get("exception")
        if "handle" in context and isinstance(error, Exception):
            self.failure = error
            self.cancel()
        else:
            loop.default_exception_handler(context)


def _control(key: str) -> str:
    """Return what a terminal sends for a key with ctrl, empty for a key that is not known."""
    letter = key.removeprefix("ctrl+")
    return chr(ord(letter) & 31) if key != letter and len(letter) == 1 and letter.isalpha() else ""


def record(
    make_app: Callable[[], App[Any]],
    script: Script,
    size: tuple[int, int],
    *,
    title: str = "nova-tui",
    captions: bool = False,
    moment: datetime = MOMENT,
    progress: Progress = lambda _: None,
) -> Recording:
    """Run an app at a size (columns × lines), do to it what the script says, and return what its screen showed.

    `moment` is what the program takes for the present at the start. With `captions` the last line is theirs, and the
    app has one line less. An exception of the app or of the script is raised here.
    """
    columns, lines = size
    loop = VirtualLoop()
    reel = Reel(columns, lines, title)

    async def run() -> None:
        app = make_app()
        app.animation_level = "none"
        take = Take(app, reel, loop, captions, progress)
        app.post_display_hook = take.painted  # type: ignore[method-assign]  # Textual means it to be replaced
        loop.settled = take.look
        loop.set_exception_handler(take.failed)
        running = asyncio.create_task(
            app.run_async(headless=True, size=(columns, lines - captions), mouse=False, auto_pilot=take.perform(script))
        )
        try:
            await asyncio.wait([running])
        except asyncio.CancelledError:  # ctrl+c: the script ends, and with it the app
            take.cancel()
            await asyncio.wait([running])
            _ = running.cancelled() or running.exception()
            raise
        ended = None if running.cancelled() else running.exception()  # asked in any case, or asyncio complains
        if (failure := take.failure or failure_of(app) or ended) is not None:
            raise failure

    with virtual_clock(loop.time, FPS, moment), asyncio.Runner(loop_factory=lambda: loop) as runner:
        runner.run(run())
    return reel.finished()
