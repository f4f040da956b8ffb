"""Opening a dialog of 10,000 rows against one of 10, in a SQLite store: `python -m tests.benchmarks.dialog_bench`.

CPU of the whole process, its storage threads included, and the memory that opening the large dialog adds.
"""

from __future__ import annotations

import asyncio
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from nova_tui import Session, open_store
from tests.tui.nova_app import Stage, stage
from tests.tui.test_dialog_windows import LARGE, SMALL, many


def resident() -> float:
    """Return the megabytes that the process holds."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


PAIRS = 8
"""Sessions of each size: more than are remembered, so that each is opened as if for the first time."""


async def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        place = str(Path(folder) / "nova.db")
        with open_store(place, user_id="alice") as store:
            pairs = [
                (store.save(many("Small", SMALL, 2 * hour + 1)), store.save(many("Large", LARGE, 2 * hour)))
                for hour in range(PAIRS)
            ]
        del store
        async with stage(place=place) as on:
            before = resident()
            await opened(on, pairs[:2])
            added = resident() - before
            for words, round_of in (("first", [*pairs, *pairs]), ("again", [pairs[0]] * 12)):
                small, large = await opened(on, round_of)
                sys.stdout.write(
                    f"opened {words}: 10 rows {small:.1f} ms CPU, 10,000 rows {large:.1f}: ratio {large / small:.2f}\n"
                )
        sys.stdout.write(f"memory that opening two of each added: {added:.1f} MB\n")


async def opened(on: Stage, pairs: Sequence[tuple[Session, Session]]) -> list[float]:
    """Open pairs of sessions in turns; return the median of each size, in milliseconds."""
    spent: tuple[list[float], list[float]] = ([], [])
    for pair in pairs:
        for times, session in zip(spent, pair, strict=True):
            start = time.process_time()
            on.main.bench.open(session.id)
            await on.settle()
            times.append((time.process_time() - start) * 1000)
    return [statistics.median(times) for times in spent]


if __name__ == "__main__":
    asyncio.run(main())
