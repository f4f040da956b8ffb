"""Virtual time for screen tests: an event loop whose clock jumps to the next timer when nothing can run.

Timers, debounces, toasts and delays then take no real time and are the same in every run. Work given to threads with
`loop.run_in_executor` (Textual's thread workers too) still runs in real time: the clock stands still while any is out.
"""

from __future__ import annotations

import asyncio
import contextlib
import selectors
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import textual._time
from textual.pilot import Pilot

_IDLE = 0.05
"""Real seconds to wait for input when nothing at all is scheduled."""


class _VirtualSelector(selectors.SelectSelector):
    """A selector that moves the clock of its loop instead of waiting."""

    loop: VirtualLoop

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(0)
        if ready or timeout == 0:
            return ready
        if self.loop.jobs:
            return super().select(0.01 if timeout is None else min(timeout, 0.01))
        if timeout is None:
            return super().select(_IDLE)
        self.loop.now += timeout
        return []


class VirtualLoop(asyncio.SelectorEventLoop):
    """An event loop with a clock of its own."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.jobs = 0
        selector = _VirtualSelector()
        selector.loop = self
        super().__init__(selector)

    def time(self) -> float:
        return self.now

    def run_in_executor(  # type: ignore[override]
        self, executor: Any, func: Callable[..., Any], *args: Any
    ) -> asyncio.Future[Any]:
        self.jobs += 1
        future = super().run_in_executor(executor, func, *args)
        future.add_done_callback(self._done)
        return future

    def _done(self, _: asyncio.Future[Any]) -> None:
        self.jobs -= 1


@contextlib.contextmanager
def _textual_reads(loop: VirtualLoop) -> Iterator[None]:
    """Let Textual's timers and animator read the loop's clock."""
    saved = textual._time.get_time
    textual._time.get_time = loop.time
    try:
        yield
    finally:
        textual._time.get_time = saved


def run(function: Callable[[], Awaitable[Any]]) -> Any:
    """Run an async function on virtual time."""
    loop = VirtualLoop()

    async def main() -> Any:
        return await function()

    with _textual_reads(loop), asyncio.Runner(loop_factory=lambda: loop) as runner:
        return runner.run(main())


async def settle(pilot: Pilot[Any]) -> None:
    """Wait until every message that was sent is handled and shown."""
    await pilot._wait_for_screen()
    await asyncio.sleep(0.1)
    await pilot._wait_for_screen()


async def wait_until(pilot: Pilot[Any], condition: Callable[[], object], timeout: float = 10.0) -> None:
    """Wait until the condition holds; fail after so many virtual seconds."""
    loop = asyncio.get_running_loop()
    end = loop.time() + timeout
    while not condition():
        assert loop.time() < end, "the condition did not come true in time"
        await pilot._wait_for_screen()
        await asyncio.sleep(0.005)
