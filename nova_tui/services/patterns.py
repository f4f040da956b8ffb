"""Regular expressions that can be stopped: they run in a process of their own.

A match holds Python's one lock from its beginning to its end, so in this process a pattern that runs away could not be
stopped, and would stop the screen too, whatever thread it is on.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, Self

from nova_tui.domain.errors import PatternError

TIME_LIMIT: Final = 5.0
"""Seconds that one request may take."""
START_LIMIT: Final = 60.0
"""Seconds that the process may take to start, on a machine with much else to do."""
_PROGRAM: Final = Path(__file__).with_name("pattern_worker.py")

Place = tuple[int, int, str]
"""Where a pattern matches, from start to end, and what shall stand there."""


class PatternProcess:
    """The process that looks for a regular expression; it starts with the first request, and again after a stop."""

    def __init__(self, time_limit: float = TIME_LIMIT) -> None:
        self.time_limit = time_limit
        self._process: subprocess.Popen[bytes] | None = None
        self._stopped = threading.Event()

    def find(
        self, pattern: str, template: str, texts: Sequence[str], *, ignore_case: bool = False
    ) -> list[list[Place]]:
        """Return for each text where the pattern matches, with the template filled in; raise PatternError."""
        if self._stopped.is_set():
            self.close()  # it was killed, maybe just after its last answer
        self._stopped.clear()
        if self._process is None:
            self._start()
        request = {"pattern": pattern, "template": template, "ignore_case": ignore_case, "texts": list(texts)}
        reply = self._answer(json.dumps(request).encode() + b"\n", self.time_limit)
        if "error" in reply:
            raise PatternError(str(reply["error"]))
        return [[(start, end, new) for start, end, new in places] for places in reply["hits"]]

    def stop(self) -> None:
        """End a request that another thread waits for; that one raises PatternError."""
        self._stopped.set()
        if self._process is not None:
            self._process.kill()

    def close(self) -> None:
        """End the process."""
        if self._process is None:
            return
        self._process.kill()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                with suppress(OSError):
                    stream.close()
        self._process.wait()
        self._process = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()

    def _start(self) -> None:
        """Start the process and wait until it is ready."""
        self._process = subprocess.Popen(  # noqa: S603  a program of our own
            [sys.executable, "-I", "-S", str(_PROGRAM)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        self._answer(b"", START_LIMIT)

    def _answer(self, request: bytes, seconds: float) -> dict[str, Any]:
        """Send a line and return the answer; raise PatternError where it takes too long."""
        process = self._process
        if process is None or process.stdin is None or process.stdout is None:
            raise PatternError("The search was stopped.")
        late = threading.Event()

        def end() -> None:
            late.set()
            process.kill()

        timer = threading.Timer(seconds, end)
        timer.daemon = True
        timer.start()
        try:
            with suppress(BrokenPipeError):
                process.stdin.write(request)
                process.stdin.flush()
            line = process.stdout.readline()
        finally:
            timer.cancel()
        if not line.endswith(b"\n"):
            self.close()
            if late.is_set():
                raise PatternError(f"The search pattern took longer than {seconds:g} seconds and was stopped.")
            raise PatternError("The search was stopped." if self._stopped.is_set() else "The search pattern failed.")
        reply: dict[str, Any] = json.loads(line)
        return reply
