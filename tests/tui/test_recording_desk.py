"""What a person does to make a recording without leaving the screen; the process that makes it is the real one."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from nova_tui.performing.playhead import Going
from nova_tui.tui.record_child import RecordChild
from nova_tui.tui.screens.choice_screen import ChoiceScreen
from nova_tui.tui.screens.main_screen import MainScreen
from nova_tui.tui.screens.player_screen import PlayerScreen
from nova_tui.tui.screens.prompt_screen import PromptScreen
from nova_tui.tui.screens.secrets_screen import SecretsScreen
from tests.tui.nova_app import Stage, stage, titled

REFUND = titled("Refund flow", ("user", "I was charged twice"), ("assistant", "Sorry about **that**."))
SECOND = titled("Second act", ("user", "And now?"), hour=-1)
SECRET = "sk-" + "Ab3" * 10


@pytest.fixture(autouse=True)
def _somewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


async def ask(on: Stage, *keys: str, kind: str = ".cast") -> None:
    """Ask for a recording, choose what kind, and take the path that is offered."""
    await on.press(*keys)
    assert isinstance(on.app.screen, ChoiceScreen), on.screen_text()
    await on.press(*["j"] * [".cast", ".gif", ".svg", ".html", ".txt", ".png"].index(kind), "enter")
    assert isinstance(on.app.screen, PromptScreen)
    await on.press("enter")


async def made(on: Stage) -> list[str]:
    """Wait for the recording to be over and return what the person is told."""
    assert on.app._recording is not None
    await on.app._recording.finished()
    await on.settle()
    return on.toasts()


async def test_the_list_records_the_session_under_the_cursor(tmp_path: Path) -> None:
    async with stage([REFUND]) as on:
        await ask(on, "f6", kind=".txt")
        told = await made(on)
        file = tmp_path / "refund-flow.txt"
        assert "Sorry about that." in file.read_text()
        left_out = "Refund flow: 0 hidden rows left out, 0 excluded rows left out."
        assert told == [f"Recorded {file}: {file.stat().st_size:,} bytes. {left_out}"]
        assert on.main.header.status == "not kept", "the header says again what it says at rest"
        assert not on.main.desk.recording


async def test_the_header_tells_how_far_it_is_and_stopping_leaves_no_file(tmp_path: Path) -> None:
    long = titled("Long", ("assistant", "word " * 20_000))
    async with stage([long]) as on:
        seen: list[str] = []
        desk, tell = on.main.desk, on.main.desk.tell_recording

        def hear(words: str) -> None:
            seen.append(words)
            tell(words)
            if words.startswith("recording ") and "0 %" not in words[:12]:
                desk.run_worker(desk.run_action("stop_work"))

        on.app._recorder()._tell = hear
        await ask(on, "f6")
        assert await made(on) == ["The recording was stopped; nothing was written."]
        assert seen[0] == "recording…"
        assert any(words.endswith("%") for words in seen)
        assert seen[-1] == ""
        assert list(tmp_path.iterdir()) == []


async def test_marked_sessions_become_a_playlist(tmp_path: Path) -> None:
    async with stage([REFUND, SECOND]) as on:
        await ask(on, "space", "space", "f6", kind=".txt")
        await made(on)
        words = (tmp_path / "sessions.txt").read_text()
        assert words.startswith("Refund flow · Second act")
        assert "And now?" in words


async def test_a_dialog_is_recorded_and_a_file_that_is_there_is_asked_about(tmp_path: Path) -> None:
    file = tmp_path / "refund-flow.html"
    file.write_text("mine")
    async with stage([REFUND]) as on:
        await ask(on, "enter", "f6", kind=".html")
        assert isinstance(on.app.screen, ChoiceScreen)
        assert file.read_text() == "mine"
        await on.press("j", "enter")
        await made(on)
        assert "Sorry about" in file.read_text()


async def test_secrets_are_reviewed_before_anything_is_recorded(tmp_path: Path) -> None:
    async with stage([titled("Leak", ("user", f"My key is {SECRET} ok"))]) as on:
        await ask(on, "f6", kind=".txt")
        assert isinstance(on.app.screen, SecretsScreen)
        assert list(tmp_path.iterdir()) == []
        await on.press("M", "enter")
        await made(on)
        assert SECRET[:8] not in (tmp_path / "leak.txt").read_text()
        await ask(on, "f6", kind=".cast")
        assert not isinstance(on.app.screen, SecretsScreen), "it is not asked again"
        await made(on)


async def test_what_nobody_decided_about_is_said_loudly(tmp_path: Path) -> None:
    async with stage([titled("Leak", ("user", f"My key is {SECRET} ok"))]) as on:
        await ask(on, "f6", kind=".txt")
        await on.press("enter")
        assert "WARNING: Leak: 1 thing that nobody reviewed may be secrets (API key)." in (await made(on))[0]
        assert SECRET in (tmp_path / "leak.txt").read_text()


async def test_going_back_anywhere_records_nothing(tmp_path: Path) -> None:
    async with stage([titled("Leak", ("user", f"My key is {SECRET} ok"))]) as on:
        await on.press("f6", "escape")
        assert isinstance(on.app.screen, MainScreen)
        await on.press("f6", "enter", "escape")
        assert isinstance(on.app.screen, MainScreen)
        await ask(on, "f6")
        await on.press("escape")
        assert isinstance(on.app.screen, MainScreen)
        assert list(tmp_path.iterdir()) == []


async def test_the_end_card_records_the_performance_as_it_is(tmp_path: Path) -> None:
    async with stage([REFUND]) as on:
        on.app.animation_level = "full"
        await on.press("f5")
        player = on.app.screen
        assert isinstance(player, PlayerScreen)
        assert not player.can_record, "not while an audience looks on"
        await on.press("end")
        assert player.head.going is Going.ENDED
        assert "r record" in on.screen_text()
        await ask(on, "r")
        await made(on)
        events = [json.loads(line) for line in (tmp_path / "refund-flow.cast").read_text().splitlines()[1:]]
        assert "".join(data for _, code, data in events if code == "i") == "I was charged twice\r"


async def test_a_failure_is_told_in_the_command_s_words(tmp_path: Path) -> None:
    async with stage([REFUND]) as on:
        await on.press("f6", "enter")
        await on.press(*"home")  # typed over what is offered
        await on.press("enter")
        told = await made(on)
        assert "a recording ends in .cast" in told[0], told
        assert list(tmp_path.iterdir()) == []


def test_a_child_that_is_stopped_before_it_began_ends_at_once(tmp_path: Path) -> None:
    child = RecordChild([], ["-o", str(tmp_path / "x.cast")])
    child.stop()
    done = asyncio.run(asyncio.to_thread(child.run, "", lambda _percent: None))
    assert done.stopped
    assert list(tmp_path.iterdir()) == []
