"""CPU of the list and the dialog for each key, small against large: `python -m tests.benchmarks.widgets_bench`.

Absolute times mean nothing on a shared machine; the ratios do. The floor is the same key in an OptionList of 50 lines.
"""

from __future__ import annotations

import asyncio
import gc
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

from textual.app import App, ComposeResult
from textual.pilot import Pilot
from textual.widgets import OptionList

from nova_tui.domain.outline import DialogOutline
from nova_tui.tui.widgets.dialog_rows import DialogRows
from nova_tui.tui.widgets.dialog_view import DialogView
from nova_tui.tui.widgets.session_list import SessionList
from tests.tui.widgets.dialogs import mixed
from tests.tui.widgets.test_session_list import ListApp, ids
from tests.tui.widgets.tiny_app import TinyApp

SIZE = (120, 40)


class Floor(App[None]):
    """The smallest app there is to compare with."""

    def compose(self) -> ComposeResult:
        yield OptionList(*(f"Option {number}" for number in range(50)))


async def cpu(pilot: Pilot[Any], key: str, times: int) -> list[float]:
    """Return CPU milliseconds of each press."""
    spent = []
    for _ in range(times):
        await pilot.pause()
        start = time.process_time()
        await pilot.press(key)
        await pilot._wait_for_screen()
        spent.append((time.process_time() - start) * 1000)
    return spent


def once(function: Callable[[], object]) -> float:
    """Return CPU milliseconds of a call."""
    start = time.process_time()
    function()
    return (time.process_time() - start) * 1000


def report(name: str, values: list[float]) -> None:
    """Print a line of the table."""
    ordered = sorted(values)
    p99 = ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))]
    sys.stdout.write(f"{name:44} p50 {statistics.median(values):7.2f}  p99 {p99:7.2f}  ms CPU ({len(values)})\n")


async def dialog(count: int) -> None:
    """Measure a dialog of so many rows."""
    rows = mixed(count)
    view = DialogView()
    app = TinyApp(view)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        outline = DialogOutline.of(rows)
        report(f"dialog {count:,}: outline (in a thread)", [once(lambda: DialogOutline.of(rows)) for _ in range(5)])
        opened = []
        for _ in range(5):
            view.show([])
            await pilot.pause()
            opened.append(once(lambda: view.show(DialogRows(outline, rows))))
        report(f"dialog {count:,}: show", opened)
        await pilot.pause(0.3)
        report(f"dialog {count:,}: j", await cpu(pilot, "j", 40))
        report(f"dialog {count:,}: page down, rows never seen", await cpu(pilot, "pagedown", min(250, count)))
        report(f"dialog {count:,}: page up, rows seen", await cpu(pilot, "pageup", 40))
        report(f"dialog {count:,}: hidden rows on, off", await cpu(pilot, "full_stop", 10))
        report(f"dialog {count:,}: end, start", await cpu(pilot, "G", 1) + await cpu(pilot, "g", 1))
        for width in (100, 120, 90, 110):
            start = time.process_time()
            await pilot.resize_terminal(width, 40)
            await pilot.pause()
            report(f"dialog {count:,}: {width} cells wide", [(time.process_time() - start) * 1000])


async def sessions(count: int) -> None:
    """Measure a list of so many sessions."""
    app = ListApp(width=48)
    everything = ids(count)
    async with app.run_test(size=SIZE) as pilot:
        widget: SessionList = app.widget
        report(f"list {count:,}: set_sessions", [once(lambda: widget.set_sessions(everything)) for _ in range(5)])
        report(
            f"list {count:,}: set_sessions, keep the middle one",
            [once(lambda: widget.set_sessions(everything, keep=everything[count // 2])) for _ in range(5)],
        )
        await pilot.pause()
        report(f"list {count:,}: j", await cpu(pilot, "j", 40))
        report(f"list {count:,}: page down", await cpu(pilot, "pagedown", 60))
        report(f"list {count:,}: end, start", await cpu(pilot, "G", 1) + await cpu(pilot, "g", 1))
        report(f"list {count:,}: mark all", await cpu(pilot, "ctrl+a", 2))


async def main() -> None:
    """Measure everything."""
    async with Floor().run_test(size=SIZE) as pilot:
        await cpu(pilot, "down", 5)
        report("floor: down in an OptionList", await cpu(pilot, "down", 40))
    for count in (100, 100_000):
        await sessions(count)
    for count in (10, 10_000):
        gc.collect()
        await dialog(count)


if __name__ == "__main__":
    asyncio.run(main())
