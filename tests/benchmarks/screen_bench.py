"""The screen in a pseudo-terminal, beside the least Textual app there is: ratios to the bars of the performance page.

    python -m tests.benchmarks.screen_bench --probe PTYPROBE.py --small S.db --large L.db --user NAME [--runs 5]

Both stores hold, newest first, a session "TINY session" of 10 rows and a "GIANT session" of 10,000 rows over the others
(100 and 100,000 of them). `--fresh FILE` also times the first start after an import of that file. The screen is driven
as a person would: nothing in it is patched. Absolute times mean nothing on a shared machine; the ratios do.
"""

from __future__ import annotations

import argparse
import compileall
import fcntl
import importlib.util
import os
import re
import resource
import shutil
import signal
import statistics
import struct
import subprocess
import sys
import tempfile
import termios
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent.parent
DEBOUNCE = 60.0
"""Milliseconds that a preview waits by design."""
TINY, GIANT = r"TINY session ─.* 10 rows", r"GIANT session ─.* 10,000 rows"
FRAME = b"\x1b[?2026l"


@dataclass
class Bench:
    """What is measured with, and what was found."""

    probe: Any
    """The module that drives a program in a pseudo-terminal."""
    user: str
    runs: int
    lines: list[tuple[str, str, str, float, float | None]] = field(default_factory=list)
    """Number of the bar, what, the measured values in words, the ratio, the bar."""

    def tell(self, number: str, what: str, measured: str, ratio: float, bar: float | None) -> None:
        """Take a result down and show it."""
        self.lines.append((number, what, measured, ratio, bar))
        met = "" if bar is None else "ok" if ratio <= bar else "MISSED"
        shown = "" if bar is None else f"≤ {bar:g}"
        say(f"{number:>3}  {what:<46} {measured:<44} {ratio:7.2f} {shown:>7}  {met}")

    def screen(self, store: str, *arguments: str) -> Any:
        """Return the program over a store, in a home of its own."""
        command = [sys.executable, "-m", "nova_tui", "--store", store, "--user", self.user, *arguments]
        return self.probe.Tui(command, cwd=str(ROOT), env={"PYTHONPATH": str(ROOT)})

    def floor(self) -> Any:
        """Return the least app."""
        return self.probe.Tui([sys.executable, "-m", "tests.benchmarks.floor_app"], cwd=str(ROOT))


def say(text: str) -> None:
    """Write a line at once."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def percentile(values: list[float], part: float) -> float:
    """Return the value below which that part of the values lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * part))]


def median(values: list[float]) -> float:
    """Return the middle one."""
    return statistics.median(values)


# -- the floor ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Floor:
    """What the least app costs in this hour."""

    start: float
    key: float
    memory: float


def measure_floor(bench: Bench) -> Floor:
    """Measure first paint, key and memory of the least app."""
    starts, keys, memory = [], [], []
    for _ in range(bench.runs):
        with bench.floor() as tui:
            tui.wait_text("Line number 1")
            starts.append(tui.first_paint())
            tui.wait_idle(0.5)
            memory.append(tui.mem()[0])
            keys += [first for first, _ in tui.keys("down", 20)]
    floor = Floor(median(starts), median(keys), median(memory))
    say(f"floor: first paint {floor.start:.3f} s, key {floor.key:.1f} ms, {floor.memory:.0f} MB\n")
    return floor


# -- the bars -----------------------------------------------------------------------------------------------------


def start_and_memory(bench: Bench, floor: Floor, small: str, large: str) -> None:
    """Bars 1, 2, 3."""
    found: dict[str, list[float]] = {small: [], large: []}
    memory: list[float] = []
    for _ in range(bench.runs):
        for store in (small, large):  # in turn, so that a busy minute hits both
            with bench.screen(store) as tui:
                seconds = tui.wait_text(TINY, 60)
                found[store].append(seconds if seconds is not None else 60.0)
                if store == large:
                    tui.wait_idle(0.5)
                    memory.append(tui.mem()[0])
    little, much = median(found[small]), median(found[large])
    bench.tell("1", "start, 100,000 sessions, preview shown", f"{much:.3f} s", much / floor.start, 1.7)
    bench.tell("2", "start, 100,000 ÷ 100 sessions", f"{much:.3f} / {little:.3f} s", much / little, 1.2)
    bench.tell("3", "memory after start", f"{median(memory):.0f} MB", median(memory) / floor.memory, 1.6)
    with bench.screen(large) as tui:
        tui.wait_text(TINY, 60)
        tui.burst("pgdn", 350, gap=0.02)
        after = tui.mem()[0]
    bench.tell("3", "memory after paging through 5,000", f"{after:.0f} MB", after / floor.memory, 2.0)


def list_keys(bench: Bench, floor: Floor, large: str) -> None:
    """Bar 4."""
    first: list[float] = []
    last: list[float] = []
    with bench.screen(large) as tui:
        tui.wait_text(TINY, 60)
        tui.wait_idle(0.5)
        tui.keys("down", 5, calm=0.3)
        before = tui.cpu()
        for one, two in tui.keys("down", 40, calm=0.3):
            first.append(one)
            last.append(two)
        cpu = (tui.cpu() - before) * 1000 / len(first)
    middle, high, preview = median(first), percentile(first, 0.95), median(last)
    bench.tell(
        "4", "key down in the list, p50", f"{middle:.1f} ms ({cpu:.1f} CPU, preview too)", middle / floor.key, 1.5
    )
    bench.tell("4", "key down in the list, p95", f"{high:.1f} ms", high / floor.key, 4)
    bench.tell("4", "key to the preview, less the debounce", f"{preview:.1f} ms", (preview - DEBOUNCE) / floor.key, 8)


def open_dialogs(bench: Bench, floor: Floor, store: str) -> None:
    """Bars 5, 19."""
    times: dict[str, list[float]] = {TINY: [], GIANT: []}
    added = 0.0
    with bench.screen(store) as tui:
        tui.wait_text(TINY, 60)
        tui.wait_idle(0.5)
        before = tui.mem()[0]
        for turn in range(2 * bench.runs + 2):
            key, goal = ("down", GIANT) if turn % 2 == 0 else ("up", TINY)
            tui.wait_calm(0.3, 2)
            at = tui.send(key)
            seen = tui.wait_text(goal, 20)
            times[goal].append(((seen if seen is not None else 20.0) - at) * 1000)
            if turn == 0:
                tui.wait_idle(0.5)
                added = tui.mem()[0] - before
    giant, tiny = median(times[GIANT][1:]), median(times[TINY][1:])
    bench.tell("5", "opening 10,000 ÷ 10 rows, from the key", f"{giant:.0f} / {tiny:.0f} ms", giant / tiny, 1.3)
    less = (giant - DEBOUNCE) / max(1.0, tiny - DEBOUNCE)
    bench.tell("5", "the same less the debounce", f"{giant - DEBOUNCE:.0f} / {tiny - DEBOUNCE:.0f} ms", less, None)
    bench.tell("19", "memory added by the 10,000-row dialog", f"{added:.1f} MB", added / floor.memory, 0.3)


def read_and_edit(bench: Bench, floor: Floor, store: str) -> None:
    """Bars 6, 7, 8."""
    pages: list[float] = []
    typed: dict[str, float] = {}
    for goal, moves in ((TINY, 0), (GIANT, 1)):
        with bench.screen(store) as tui:
            tui.wait_text(TINY, 60)
            for _ in range(moves):
                tui.key("down", calm=0.4)
            tui.wait_text(goal, 20)
            tui.key("enter", calm=0.3)
            if goal == GIANT:
                pages = [first for first, _ in tui.keys("pgdn", 100)]
                toggles(bench, floor, tui)
            tui.key("e", calm=0.3)
            keys = [first for first, _ in tui.keys("x", 30)] + [first for first, _ in tui.keys("bs", 30)]
            typed[goal] = median(keys)
            tui.key("esc", calm=0.3)
    middle, high = median(pages), percentile(pages, 0.99)
    bench.tell("6", "page down, cold rows, p50", f"{middle:.1f} ms", middle / floor.key, 3)
    bench.tell("6", "page down, cold rows, p99", f"{high:.1f} ms", high / floor.key, 6)
    giant, tiny = typed[GIANT], typed[TINY]
    bench.tell("7", "typing in an edit, 10,000 ÷ 10 rows", f"{giant:.1f} / {tiny:.1f} ms", giant / tiny, 1.2)


def on_a_copy(store: str, measure: Callable[[str], None]) -> None:
    """Measure what changes a session on a copy of a SQLite file, so that another run finds the same order."""
    with tempfile.TemporaryDirectory() as folder:
        measure(shutil.copy(store, f"{folder}/copy.db"))


def toggles(bench: Bench, floor: Floor, tui: Any) -> None:
    """Bar 8, in the open dialog of 10,000 rows."""
    tui.key("h", calm=0.5)
    folds = [last for _, last in tui.keys(".", 8)]
    tui.key("u", calm=0.5)
    sizes = [resized(tui, columns) for columns in (110, 120) * 4]
    tui.key("\x1b[20~", calm=0.4)  # F9
    themes = [last - 50 for _, last in tui.keys("down", 6, calm=0.3)]  # the preview waits 50 ms
    tui.key("esc", calm=0.4)
    for what, values in (("hidden rows toggle", folds), ("resize", sizes), ("theme switch", themes)):
        if values:
            bench.tell("8", f"{what} at 10,000 rows", f"{median(values):.1f} ms", median(values) / floor.key, 8)


def resized(tui: Any, columns: int) -> float:
    """Return the milliseconds from a change of the window to the last change on the screen."""
    tui.wait_calm(0.3, 2)
    seen = len(tui.events)
    at = time.perf_counter() - tui.t0
    fcntl.ioctl(tui.fd, termios.TIOCSWINSZ, struct.pack("HHHH", tui.rows, columns, 0, 0))
    os.kill(tui.pid, signal.SIGWINCH)
    time.sleep(0.8)
    tui.pump()
    changes = [event[0] for event in tui.events[seen:] if event[2]]
    return float((changes[-1] - at) * 1000) if changes else 800.0


def filter_as_you_type(bench: Bench, floor: Floor, large: str) -> None:
    """Bar 12."""
    settled: list[float] = []
    with bench.screen(large) as tui:
        tui.wait_text(TINY, 60)
        tui.wait_idle(0.5)
        tui.key("/", calm=0.3)
        for word in ("kumquat", "error", "zephyr"):
            settled += [
                last for letter in word if (found := tui.key(letter, calm=1.2, need_text=True)) for last in found[1:]
            ]
            for _ in word:
                tui.key("bs", calm=0.2)
    middle = median(settled)
    bench.tell("12", "filter: key to its results, less 80 ms", f"{middle:.0f} ms", (middle - 80) / floor.key, 20)


def idle(bench: Bench, large: str) -> None:
    """Bar 15."""
    with bench.screen(large) as tui:
        tui.wait_text(TINY, 60)
        tui.wait_idle(1.5)
        time.sleep(2)
        chunks, cpu = len(tui.chunks), tui.cpu()
        time.sleep(10)
        frames = sum(chunk.count(FRAME) for _, chunk in tui.chunks[chunks:])
        spent = (tui.cpu() - cpu) * 10
    bench.tell("15", "idle for 10 s: frames", f"{frames}", frames, 0)
    bench.tell("15", "idle for 10 s: CPU in percent", f"{spent:.2f} %", spent, 0.3)


def listing(bench: Bench, large: str) -> None:
    """Bar 16."""
    ours = [sys.executable, "-m", "nova_tui", "list", "--store", large, "--user", bench.user, "--json", "--limit", "20"]
    least = [sys.executable, "-c", "import click, sqlite3"]
    pairs = [(_cpu_of(ours), _cpu_of(least)) for _ in range(bench.runs)]
    one, two = median([pair[0] for pair in pairs]), median([pair[1] for pair in pairs])
    bench.tell("16", "list --json --limit 20, CPU", f"{one * 1000:.0f} / {two * 1000:.0f} ms", one / two, 3)


def _cpu_of(command: list[str]) -> float:
    """Run a command and return its CPU seconds."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=ROOT)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def first_start(bench: Bench, file: Path) -> None:
    """Bar 22."""
    cold: list[float] = []
    warm: list[float] = []
    for _ in range(bench.runs):
        with tempfile.TemporaryDirectory() as folder:
            store = f"{folder}/fresh.db"
            command = [sys.executable, "-m", "nova_tui", "import", str(file), "--store", store, "--user", bench.user]
            subprocess.run(command, check=True, capture_output=True, cwd=ROOT)
            for times in (cold, warm, warm):
                with bench.screen(store) as tui:
                    seconds = tui.wait_text(r" · saved", 60)
                    times.append(seconds if seconds is not None else 60.0)
    bench.tell(
        "22", "first start after an import ÷ a warm one", f"{median(cold):.3f} / {median(warm):.3f} s",
        median(cold) / median(warm), 1.2,
    )  # fmt: skip


# -- the run ------------------------------------------------------------------------------------------------------


def parts(bench: Bench, floor: Floor, small: str, large: str, fresh: Path | None) -> Iterator[Callable[[], None]]:
    """Yield what is measured, in order."""
    yield lambda: start_and_memory(bench, floor, small, large)
    yield lambda: list_keys(bench, floor, large)
    yield lambda: open_dialogs(bench, floor, large)
    yield lambda: on_a_copy(small, lambda store: read_and_edit(bench, floor, store))
    yield lambda: filter_as_you_type(bench, floor, large)
    yield lambda: idle(bench, large)
    yield lambda: listing(bench, large)
    if fresh is not None:
        yield lambda: first_start(bench, fresh)


def main() -> None:
    """Measure everything and say which bars are missed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--probe", required=True, type=Path, help="the module that drives a pseudo-terminal")
    parser.add_argument("--small", required=True)
    parser.add_argument("--large", required=True)
    parser.add_argument("--user", required=True)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--fresh", type=Path)
    parser.add_argument("--only", help="a regular expression for the names of the parts")
    given = parser.parse_args()
    spec = importlib.util.spec_from_file_location("ptyprobe", given.probe)
    if spec is None or spec.loader is None:
        raise SystemExit(f"{given.probe} is no module")
    probe = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(probe)
    bench = Bench(probe, given.user, given.runs)
    # as an installed program is: without its bytecode a start takes half as long again
    compileall.compile_dir(ROOT / "nova_tui", quiet=1)
    floor = measure_floor(bench)
    for part in parts(bench, floor, given.small, given.large, given.fresh):
        if given.only is None or any(re.search(given.only, name) for name in part.__code__.co_names):
            part()
    missed = [f"{number} {what}" for number, what, _, ratio, bar in bench.lines if bar is not None and ratio > bar]
    say("\nmissed: " + ("; ".join(missed) or "none"))


if __name__ == "__main__":
    main()
