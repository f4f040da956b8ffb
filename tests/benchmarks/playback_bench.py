"""How long a frame of live playback takes, beside a key of the least app: `python -m tests.benchmarks.playback_bench`.

Both paint 100×30 cells through the driver of a terminal that is not there, on the real clock. The streamed answer has
20,000 tokens at eight times the usual speed, so that every frame has something new. Times are wall time, and the CPU
time of the thread that paints.
"""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import Awaitable, Callable
from typing import Any

from textual.app import App
from textual.drivers.headless_driver import HeadlessDriver
from textual.pilot import Pilot

from nova_tui import open_store
from nova_tui.performing.performance import Performance
from nova_tui.tui.recording.textual_clock import send_key
from nova_tui.tui.screens.player_desk import Desk
from nova_tui.tui.screens.player_screen import PlayerScreen
from tests.benchmarks.floor_app import FloorApp
from tests.benchmarks.recording_bench import long_answer
from tests.tui.nova_app import nova_app, titled

FRAMES = 200
KEYS = 60
BARS = {"mean": 3.0, "p95": 6.0}


class NowhereDriver(HeadlessDriver):
    """A terminal that takes everything and shows nothing."""

    @property
    def is_headless(self) -> bool:
        """Whether nothing needs to be painted: it does."""
        return False

    def write(self, data: str) -> None:
        """Take it."""


class Stopwatch:
    """Takes the time from a beginning to the end of the next paint."""

    def __init__(self, app: App[Any]) -> None:
        self.wall: list[float] = []
        self.cpu: list[float] = []
        self._began: tuple[float, float] | None = None
        app.driver_class = NowhereDriver
        app.post_display_hook = self._painted  # type: ignore[method-assign]

    def start(self) -> None:
        """Begin."""
        self._began = time.perf_counter(), time.thread_time()

    @property
    def running(self) -> bool:
        """Whether the paint is still to come."""
        return self._began is not None

    def _painted(self) -> None:
        if self._began is not None:
            self.wall.append((time.perf_counter() - self._began[0]) * 1000)
            self.cpu.append((time.thread_time() - self._began[1]) * 1000)
            self._began = None


async def run(app: App[Any], script: Callable[[], Awaitable[None]]) -> None:
    """Run an app and what is done to it."""

    async def pilot(_pilot: Pilot[Any]) -> None:
        try:
            await script()
        finally:
            app.exit()

    await app.run_async(headless=False, size=(100, 30), mouse=False, auto_pilot=pilot)


async def floor() -> Stopwatch:
    """Time keys of the least app."""
    app = FloorApp()
    watch = Stopwatch(app)

    async def script() -> None:
        await asyncio.sleep(1)
        for number in range(KEYS):
            watch.start()
            send_key(app, "down" if number % 30 < 15 else "up")
            while watch.running:
                await asyncio.sleep(0)
            await asyncio.sleep(0.03)

    await run(app, script)
    return watch


async def playback() -> Stopwatch:
    """Time frames of the player."""
    store = open_store("memory:", user_id="alice")
    app = nova_app(lambda: store)
    watch = Stopwatch(app)
    performance = Performance.of(titled("Long", ("assistant", long_answer(20_000))))

    async def script() -> None:
        await asyncio.sleep(1)
        player = PlayerScreen(performance, Desk(speed=8))
        draw = player._draw

        def timed() -> None:
            watch.start()
            draw()

        player._draw = timed  # type: ignore[method-assign]
        app.push_screen(player)
        await asyncio.sleep(1)
        player.head.seek(performance.timeline.duration // 2)
        watch.wall.clear()
        watch.cpu.clear()
        while len(watch.wall) < FRAMES:
            await asyncio.sleep(0.1)

    await run(app, script)
    return watch


def main() -> None:
    """Print the table."""
    least, live = asyncio.run(floor()), asyncio.run(playback())
    print(f"{'':<6}{'floor key ms':>14}{'frame mean':>12}{'÷':>6}{'bar':>6}{'frame p95':>12}{'÷':>6}{'bar':>6}")  # noqa: T201
    for name, key, frames in (("wall", least.wall, live.wall), ("CPU", least.cpu, live.cpu)):
        middle, mean = statistics.median(key), statistics.fmean(frames)
        high = statistics.quantiles(frames, n=20)[-1]
        print(  # noqa: T201
            f"{name:<6}{middle:14.2f}{mean:12.2f}{mean / middle:6.1f}{BARS['mean']:6.1f}"
            f"{high:12.2f}{high / middle:6.1f}{BARS['p95']:6.1f}"
        )


if __name__ == "__main__":
    main()
