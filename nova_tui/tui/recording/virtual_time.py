"""Virtual time: an event loop whose clock jumps to the next timer when nothing can run.

Delays then take no real time and are the same in every run. Work that was given to threads with `run_in_executor`
(Textual's thread workers too) still takes real time: the clock stands still while any is out. What came of it is handed
over in the order in which it was asked for, when there is nothing else to do: so it never depends on how fast a thread
was, and work that is cancelled in the moment in which it began is always cancelled in time.
"""

from __future__ import annotations

import asyncio
import selectors
from collections import deque
from collections.abc import Callable
from typing import Any, Final

START: Final = 1000.0
"""What the clock says first."""
_IDLE: Final = 0.05
"""Real seconds to wait for a thread when nothing at all is scheduled."""
_HELD: Final = 0.01
"""Real seconds to wait for a thread that is at work."""


class _VirtualSelector(selectors.SelectSelector):
    """A selector that moves the clock of its loop instead of waiting."""

    loop: VirtualLoop

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """Return what is ready; if nothing is, nor can become so by itself, move the clock by the timeout."""
        ready = super().select(0)
        if ready or timeout == 0:
            return ready
        if self.loop.hand_over():
            return []
        if self.loop.jobs:
            return super().select(_HELD if timeout is None else min(timeout, _HELD))
        if self.loop.settle():
            return []
        if timeout is None:
            return super().select(_IDLE)
        self.loop.now += timeout
        return []


class VirtualLoop(asyncio.SelectorEventLoop):
    """An event loop with a clock of its own."""

    def __init__(self) -> None:
        self.now = START
        self.jobs: deque[tuple[asyncio.Future[Any], asyncio.Future[Any]]] = deque()
        """Jobs that are out in threads: what the thread fills, and what was promised."""
        self.settled: Callable[[], bool] | None = None
        """Asked each time before the clock moves: whether it scheduled something that comes first."""
        selector = _VirtualSelector()
        selector.loop = self
        super().__init__(selector)

    def time(self) -> float:
        """Return the virtual time in seconds."""
        return self.now

    def settle(self) -> bool:
        """Tell whether something is to be done before the clock moves."""
        return self.settled is not None and self.settled()

    def run_in_executor(  # type: ignore[override]  # typeshed binds the arguments by a type variable tuple
        self, executor: Any, func: Callable[..., Any], *args: Any
    ) -> asyncio.Future[Any]:
        """Give a job to a thread and hold the clock until it is done."""
        promised = self.create_future()
        self.jobs.append((super().run_in_executor(executor, func, *args), promised))
        return promised

    def hand_over(self) -> bool:
        """Keep the oldest promise, if that can be done by now; tell whether one was kept."""
        while self.jobs and self.jobs[0][1].cancelled():
            self.jobs.popleft()[0].cancel()
        if not self.jobs or not self.jobs[0][0].done():
            return False
        done, promised = self.jobs.popleft()
        if done.cancelled():
            promised.cancel()
        elif (failure := done.exception()) is not None:
            promised.set_exception(failure)
        else:
            promised.set_result(done.result())
        return True
