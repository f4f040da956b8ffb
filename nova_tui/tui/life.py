"""How the program ends when it does not end by itself: signals, and defects."""

from __future__ import annotations

import os
import signal
import sys
import tempfile
import traceback
from collections.abc import Callable
from pathlib import Path
from types import FrameType

from textual.worker import WorkerFailed

PATIENCE = 3
"""Seconds for an orderly end after a signal; a terminal that is gone must not keep the program alive."""


def end_on_signals(end: Callable[[int], None]) -> None:
    """Call `end` with the exit status (128 + the signal's number) on SIGTERM, SIGHUP and SIGINT.

    Python's own handlers run between any two steps of the main thread, also where the event loop is blocked; the alarm
    ends the program when the orderly way takes too long.
    """

    def handle(number: int, _frame: FrameType | None) -> None:
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.alarm(PATIENCE)
        end(128 + number)

    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        signal.signal(number, handle)


def write_crash_report(error: BaseException) -> Path | None:
    """Write the traceback, without local variables, to a file only the owner reads; None where that fails."""
    if isinstance(error, WorkerFailed):  # it names the error of the worker, but not where that came from
        error = error.error
    text = "".join(traceback.format_exception(error))
    try:
        handle, name = tempfile.mkstemp(prefix="nova-tui-crash-", suffix=".txt")  # mode 0600 by creation
        with os.fdopen(handle, "w", encoding="utf-8", errors="replace") as file:
            file.write(f"python {sys.version}\n{text}")
    except OSError:
        return None
    return Path(name)
