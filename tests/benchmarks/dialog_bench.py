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
from pathlib import Path

from nova_tui import open_store
from tests.tui.nova_app import stage
from tests.tui.test_dialog_windows import LARGE, SMALL, many


def resident() -> float:
    """Return the megabytes that the process holds."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


async def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        place = str(Path(folder) / "nova.db")
        with open_store(place, user_id="alice") as store:
            sessions = [store.save(many("Small", SMALL, 2)), store.save(many("Large", LARGE, 1))]
        del store
        spent: dict[str, list[float]] = {"Small": [], "Large": []}
        async with stage(place=place) as on:
            before = resident()
            for _ in range(12):
                for session in reversed(sessions):
                    start = time.process_time()
                    on.main.bench.open(session.id)
                    await on.settle()
                    spent[session.title].append((time.process_time() - start) * 1000)
            added = resident() - before
        small, large = (statistics.median(spent[title][2:]) for title in ("Small", "Large"))
        sys.stdout.write(f"open 10 rows {small:.1f} ms CPU, 10,000 rows {large:.1f}: ratio {large / small:.2f}\n")
        sys.stdout.write(f"memory that opening them added: {added:.1f} MB\n")


if __name__ == "__main__":
    asyncio.run(main())
