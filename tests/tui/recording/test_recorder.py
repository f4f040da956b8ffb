"""The recorder: what it films is what the app shows, in no time, and always the same."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import subprocess
import sys
import time
from typing import Any, ClassVar

import pytest
from rich.cells import cell_len
from textual import work
from textual.app import App, ComposeResult
from textual.screen import ModalScreen
from textual.widgets import Input, Label, ListItem, ListView, LoadingIndicator, Static

from nova_tui.services.recording import cast, text
from nova_tui.services.recording.recording import Recording, text_of
from nova_tui.tui.recording.recorder import Take, record
from nova_tui.tui.recording.virtual_time import VirtualLoop
from tests.services.recording.test_recording import assert_shows, played

SIZE = (60, 14)


class Question(ModalScreen[None]):
    """A screen above the other one."""

    BINDINGS: ClassVar = [("escape", "dismiss", "close")]
    CSS = "Question { align: center middle; } Question Static { width: 30; height: 3; border: round red; }"

    def compose(self) -> ComposeResult:
        yield Static("Delete it? 日本 👩‍👩‍👧 y / n", markup=False)


class Foreign(App[None]):
    """An app with everything that reads a clock: a worker thread, a toast, an indicator, a cursor, a modal screen."""

    BINDINGS: ClassVar = [("d", "ask", "Delete")]
    CSS = "LoadingIndicator { height: 1; } #raw { height: 1; }"

    def compose(self) -> ComposeResult:
        yield Input(placeholder="search")
        yield LoadingIndicator()
        yield Static("a\x1b]0;evil\x07b", id="raw", markup=False)
        yield ListView(*[ListItem(Label(f"session {number}")) for number in range(30)])

    def on_mount(self) -> None:
        self.query_one(ListView).focus()
        self.load()

    @work(thread=True)
    def load(self) -> None:
        time.sleep(0.02)
        self.call_from_thread(self.notify, "30 sessions loaded", timeout=2)

    def action_ask(self) -> None:
        self.push_screen(Question())


async def tour(take: Take) -> None:
    await take.wait(0.5)
    take.begin()
    await take.wait(0.5)
    take.mark("Move")
    await take.press("down", "down", every=0.3)
    take.mark("Type")
    await take.press("shift+tab", *"topic", "ctrl+a")
    take.mark("Ask")
    await take.press("tab", "d")
    await take.wait(1)
    await take.press("escape")
    take.mark("End")
    await take.wait(5)


def filmed() -> Recording:
    return record(Foreign, tour, SIZE, title="Tour")


def lines_at(recording: Recording, at: int) -> str:
    return "\n".join(text_of(row) for row in recording.screen_at(at))


def test_a_foreign_app_is_filmed_whole() -> None:
    made = filmed()
    chapters = {mark.label: mark.at for mark in made.marks}
    assert list(chapters) == ["Move", "Type", "Ask", "End"]
    assert "30 sessions loaded" in lines_at(made, 0)
    assert "topic" in lines_at(made, chapters["Ask"])
    assert "Delete it? 日本 👩‍👩‍👧 y / n" in lines_at(made, chapters["Ask"] + 900)
    assert "session 1" in lines_at(made, chapters["Ask"] + 900), "the screen below is there too"
    assert "Delete it?" not in lines_at(made, made.length)
    assert "30 sessions loaded" not in lines_at(made, made.length), "the toast went when its time was over"
    assert all(sum(run.width for run in row) == SIZE[0] for row in made.screen_at(made.length))
    assert "".join(key.data for key in made.keys) == "\x1b[B\x1b[B\x1b[Ztopic\x01\td\x1b"


def test_every_run_is_the_same() -> None:
    assert cast.encode(filmed()) == cast.encode(filmed())


def test_another_process_with_other_hashes_films_the_same() -> None:
    program = (
        "import hashlib\nfrom nova_tui.services.recording import cast\n"
        "from tests.tui.recording.test_recorder import filmed\n"
        "print(hashlib.sha256(cast.encode(filmed())).hexdigest())"
    )
    runs = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": seed, **more},
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for seed, more in (("1", {"TZ": "Asia/Tokyo"}), ("9", {"NO_COLOR": "1", "COLUMNS": "33", "TERM": "dumb"}))
    }
    assert len(runs) == 1


def test_the_cast_played_in_a_terminal_is_the_screen_of_every_chapter() -> None:
    made = filmed()
    data = cast.encode(made)
    for at in [*(mark.at for mark in made.marks), made.length]:
        assert_shows(played(data, at), made, at)


def test_what_an_app_lets_through_reaches_no_file() -> None:
    made = filmed()
    assert "\x1b" not in text.encode(made).decode()
    assert "evil" in lines_at(made, 0)
    assert all(cell_len(text_of(row)) <= SIZE[0] for row in made.screen_at(0))


def test_captions_have_a_line_of_their_own() -> None:
    async def script(take: Take) -> None:
        take.begin()
        take.caption("Plain words \x1b[2J are enough")
        await take.wait(1)
        take.caption("")
        await take.wait(1)

    made = record(Foreign, script, SIZE, captions=True)
    assert text_of(made.screen_at(500)[-1]) == " Plain words \u241b[2J are enough"
    assert text_of(made.screen_at(1500)[-1]) == ""
    assert made.lines == SIZE[1]


def test_what_the_script_raises_comes_out() -> None:
    async def script(take: Take) -> None:
        take.begin()
        raise LookupError("no such key")

    with pytest.raises(LookupError, match="no such key"):
        record(Foreign, script, SIZE)
    gc.collect()  # a task whose failure nobody asked for would complain here


def test_what_the_app_raises_comes_out() -> None:
    class Broken(Foreign):
        def action_ask(self) -> None:
            raise ZeroDivisionError("broken")

        def _fatal_error(self) -> None:
            self._close_messages_no_wait()

    with pytest.raises(ZeroDivisionError, match="broken"):
        record(Broken, tour, SIZE)


def test_a_frame_that_cannot_be_taken_is_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_arguments: object) -> None:
        raise ValueError("no frame")

    monkeypatch.setattr("nova_tui.tui.recording.recorder.strips_of", broken)
    with pytest.raises(ValueError, match="no frame"):
        filmed()


def test_an_interrupt_ends_it() -> None:
    async def script(take: Take) -> None:
        take.begin()
        await take.wait(1)
        os.kill(os.getpid(), signal.SIGINT)
        await take.wait(1e6)
        raise AssertionError("it went on")

    with pytest.raises(KeyboardInterrupt):
        record(Foreign, script, SIZE)


def test_the_clock_waits_for_threads_and_for_nothing_else() -> None:
    loop = VirtualLoop()

    async def main() -> tuple[float, float, Any]:
        began = loop.time()
        slow = loop.run_in_executor(None, time.sleep, 0.05)
        await asyncio.sleep(0.001)
        held = loop.time() - began
        done = slow.done()
        await asyncio.sleep(3600)
        return held, loop.time() - began, done

    real = time.monotonic()
    with asyncio.Runner(loop_factory=lambda: loop) as runner:
        held, whole, done = runner.run(main())
    assert held == pytest.approx(0.001)
    assert whole == pytest.approx(3600.001)
    assert done, "the timer came after the thread"
    assert time.monotonic() - real < 30


def test_what_threads_did_is_handed_over_in_order_and_after_all_else() -> None:
    loop = VirtualLoop()
    seen: list[str] = []

    async def ask(name: str, seconds: float) -> None:
        await loop.run_in_executor(None, time.sleep, seconds)
        seen.append(name)

    async def main() -> None:
        slow, quick, dropped = (
            asyncio.create_task(ask(*wish)) for wish in (("slow", 0.1), ("quick", 0.0), ("dropped", 0.0))
        )
        for _ in range(20):
            await asyncio.sleep(0)
        time.sleep(0.05)  # the quick ones are done in their threads
        dropped.cancel()
        for _ in range(20):
            await asyncio.sleep(0)
        seen.append("all else")
        await asyncio.wait([slow, quick, dropped])
        assert dropped.cancelled()

    with asyncio.Runner(loop_factory=lambda: loop) as runner:
        runner.run(main())
    assert seen == ["all else", "slow", "quick"]
