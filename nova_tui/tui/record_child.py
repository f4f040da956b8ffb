"""RecordChild: the command `record` as a process of its own, so that the screen never waits for a recording."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from threading import Thread

STOPPED = 130
"""The status of a recording that was stopped."""
PATIENCE = 5.0
"""Seconds that it has to end by itself."""
_PERCENT = re.compile(r"(\d{1,3}) %\n?")


@dataclass(frozen=True, slots=True)
class Recorded:
    """What became of a recording."""

    status: int
    receipt: str
    """The file and its size."""
    said: tuple[str, ...]
    """What was left out, and what is wrong."""

    @property
    def stopped(self) -> bool:
        """Whether somebody stopped it."""
        return self.status in (STOPPED, -signal.SIGINT, -signal.SIGKILL)


class RecordChild:
    """One run of the command; sessions go to it through a pipe, so it needs no store."""

    def __init__(self, options: Sequence[str], wishes: Sequence[str]) -> None:
        self._command = [
            sys.executable, "-m", "nova_tui", *options, "record", "--input", "-", "--progress", *wishes,
        ]  # fmt: skip
        self._process: subprocess.Popen[str] | None = None
        self._stopped = False

    def run(self, sessions: str, progress: Callable[[int], None]) -> Recorded:
        """Run it to its end, on a thread; `progress` takes the per cent."""
        said: list[str] = []
        with subprocess.Popen(  # noqa: S603  our own program
            self._command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            errors="replace",
        ) as process:
            self._process = process
            if self._stopped:
                self.stop()
            feeder = Thread(target=self._feed, args=(process, sessions), daemon=True)
            feeder.start()
            assert process.stderr is not None
            assert process.stdout is not None
            for line in process.stderr:
                if match := _PERCENT.fullmatch(line):
                    progress(int(match[1]))
                else:
                    said.append(line.strip())
            receipt = process.stdout.read().strip()
            feeder.join()
        return Recorded(process.returncode, receipt, tuple(said))

    def _feed(self, process: subprocess.Popen[str], sessions: str) -> None:
        """Hand the sessions over; a child that ended has no use for them."""
        assert process.stdin is not None
        with suppress(OSError, ValueError):
            process.stdin.write(sessions)
        with suppress(OSError, ValueError):
            process.stdin.close()

    def stop(self) -> None:
        """End it; nothing is written then. Any thread may do it."""
        self._stopped = True
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)
            Thread(target=self._make_sure, args=(self._process,), daemon=True).start()

    def _make_sure(self, process: subprocess.Popen[str]) -> None:
        """End by force what does not end by itself."""
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
