"""What a person does in the player, on virtual time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from nova_tui.domain.row import Role, Row
from nova_tui.domain.session import Session
from nova_tui.performing.playhead import Going
from nova_tui.performing.timeline import Phase
from nova_tui.tui.screens.main_screen import MainScreen
from nova_tui.tui.screens.player_screen import PlayerScreen
from nova_tui.tui.screens.row_screen import RowScreen, StageEditor
from nova_tui.tui.screens.secrets_screen import SecretsScreen
from nova_tui.tui.widgets.player_bars import EndCard, NotesPane, StatusLine
from tests.tui.nova_app import Stage, stage, titled

ANSWER = "Sorry about **that**. " + "I found both payments and gave one back. " * 12
REFUND = titled(
    "Refund flow",
    ("user", "I was charged twice, can you help?"),
    ("assistant", ANSWER),
    ("user", "Thank you!"),
    ("assistant", "You are welcome. " * 8),
)


class OnStage(Stage):
    """The app with the player on top."""

    @property
    def player(self) -> PlayerScreen:
        """The player."""
        screen = self.app.screen
        assert isinstance(screen, PlayerScreen), screen
        return screen

    def going(self) -> Going:
        """Return whether it goes on."""
        return self.player.head.going

    def phase(self) -> Phase:
        """Return what is going on."""
        return self.player.head.state().phase

    async def wait(self, seconds: float) -> None:
        """Let time go by."""
        await asyncio.sleep(seconds)
        await self.settle()

    async def wait_to(self, ms: int) -> None:
        """Let time go by until a moment of the performance."""
        await asyncio.sleep(max(0, ms - self.player.head.position()) / 1000 / self.player.head.speed)


@asynccontextmanager
async def playing(
    *sessions: Session, size: tuple[int, int] = (100, 30), theme: str = "nova-dark", animations: str = "full"
) -> AsyncIterator[OnStage]:
    """Run the app and press F5 on the first session."""
    async with stage(sessions or (REFUND,), size=size, theme=theme) as on:
        on.app.animation_level = animations  # type: ignore[assignment]
        running = OnStage(on.app, on.pilot, on.store)
        await running.pilot.press("f5")
        for _ in range(3):
            await running.pilot._wait_for_screen()
        await asyncio.sleep(0.01)
        yield running


@pytest.mark.parametrize("key", ["f5", "p"])
async def test_the_list_plays_the_session_under_the_cursor(key: str) -> None:
    async with stage([REFUND]) as on:
        await on.press(key)
        assert isinstance(on.app.screen, PlayerScreen)
        assert on.app.screen.head.going is Going.PLAYING


async def test_a_dialog_plays_from_the_row_under_the_cursor() -> None:
    async with stage([REFUND]) as on:
        on.app.animation_level = "full"
        await on.press("enter", "j", "j", "f5")
        assert isinstance(on.app.screen, PlayerScreen)
        assert on.app.screen.head.state().row == 2


async def test_rows_of_the_user_are_typed_then_sent_and_answers_grow() -> None:
    async with playing() as on:
        timeline = on.player.head.timeline
        await on.wait_to(timeline.starts[0] + 900)
        await on.settle()
        text = on.screen_text()
        assert "▏" in text
        assert "I was charged twice, can you help?" not in text
        assert any(f"│ I{rest}" in text for rest in (" ", "▏")), text
        await on.wait_to(timeline.ends[0] + 150)
        await on.settle()
        assert "I was charged twice, can you help?" in on.screen_text()
        await on.wait_to(timeline.starts[1] + 3000)
        await on.settle()
        text = on.screen_text()
        assert "Sorry about that." in text, "Markdown is laid out while it grows"
        assert on.phase() is Phase.STREAMING
        await on.wait_to(timeline.duration)
        await on.wait(1)
        assert on.going() is Going.ENDED
        assert on.player.query_one(EndCard).has_class("-shown")
        assert "4 rows" in on.screen_text()
        assert "0 hidden rows left out" in on.screen_text()


async def test_space_pauses_and_goes_on_where_it_was() -> None:
    async with playing() as on:
        await on.wait(2)
        await on.press("space")
        position = on.player.head.position()
        assert on.going() is Going.PAUSED
        await on.wait(60)
        assert on.player.head.position() == position
        assert "paused" in on.screen_text()
        await on.press("space")
        assert on.going() is Going.PLAYING


async def test_nothing_is_painted_while_it_rests() -> None:
    async with playing() as on:
        await on.wait(2)
        await on.press("space")
        frames = on.player.frames
        assert frames > 5
        await on.wait(60)
        assert on.player.frames == frames
        assert on.player._next_frame is None


async def test_thirty_frames_a_second_at_most_and_none_without_need() -> None:
    async with playing() as on:
        timeline = on.player.head.timeline
        await on.wait_to(timeline.starts[1] + 1000)
        frames, began = on.player.frames, on.player.head.position()
        await on.wait_to(began + 4000)
        passed = on.player.head.position() - began
        assert 30 < on.player.frames - frames <= passed * 30 / 1000 + 2


@pytest.mark.parametrize("key", ["right", "pagedown", "enter"])
async def test_next_keys(key: str) -> None:
    async with playing() as on:
        await on.wait(1)
        timeline = on.player.head.timeline
        await on.press("space", key)
        assert on.player.head.position() == timeline.ends[0]
        await on.press(key)
        assert on.player.head.position() == timeline.ends[1]
        assert "gave one back" in on.screen_text()


@pytest.mark.parametrize("key", ["left", "pageup"])
async def test_back_keys(key: str) -> None:
    async with playing() as on:
        timeline = on.player.head.timeline
        await on.press("space", "right", "right", key)
        assert on.player.head.position() == timeline.ends[0]
        assert "gave one back" not in on.screen_text()


async def test_user_rows_speed_and_chapters() -> None:
    async with playing() as on:
        head = on.player.head
        await on.press("space", "down")
        await on.press("down")
        assert head.position() == head.timeline.starts[2]
        await on.press("up")
        assert head.position() == head.timeline.starts[0]
        await on.press("right_square_bracket")
        assert head.position() == head.timeline.starts[2]
        await on.press("left_square_bracket")
        assert head.position() == head.timeline.starts[0]
        await on.press("plus", "plus")
        assert head.speed == 1.5
        assert "1.5×" in on.screen_text()
        await on.press("minus")
        assert head.speed == 1.25
        await on.press("equals_sign")
        assert head.speed == 1
        await on.press("end")
        assert on.going() is Going.ENDED
        await on.press("home")
        assert head.position() == 0


async def test_instant_shows_rows_whole_and_back() -> None:
    async with playing() as on:
        await on.wait(1)
        await on.press("space", "n")
        assert on.player.instant
        assert on.player.head.state().complete == 1
        await on.press("n")
        assert not on.player.instant
        assert "I was charged twice" in on.screen_text()


async def test_step_stops_after_each_row() -> None:
    async with playing() as on:
        await on.press("s")
        await on.wait(60)
        assert on.going() is Going.WAITING
        assert on.player.head.state().complete == 1
        await on.press("pagedown")
        assert on.going() is Going.PLAYING
        await on.wait(60)
        assert on.player.head.state().complete == 2


async def test_a_presenter_types_with_any_key() -> None:
    async with playing() as on:
        await on.press("home", "t")
        await on.wait(3)
        assert on.player.typing
        for key in ("q", "n", "space", "question_mark", "e", "b", "o", "full_stop", "colon", "0"):
            await on.pilot.press(key)
        await on.settle()
        assert "│ I was char▏" in on.screen_text()
        await on.press("enter")
        assert on.player.head.state().complete == 1
        await on.wait(60)
        assert on.player.head.state().row == 2
        await on.press("x", "escape")
        assert not on.player.head.presenter
        assert on.going() is Going.PLAYING
        await on.wait(60)
        assert on.going() is Going.ENDED


@pytest.mark.parametrize("key", ["b", "full_stop"])
async def test_blank_shows_nothing_and_rests(key: str) -> None:
    async with playing() as on:
        await on.press("space", "right", "space", key)
        assert on.screen_text().strip() == ""
        position = on.player.head.position()
        await on.wait(30)
        await on.press(key)
        assert "charged twice" in on.screen_text()
        assert on.player.head.position() - position < 2000
        assert on.going() is Going.PLAYING


async def test_notes_and_status_come_and_go() -> None:
    row = Row("Hello", Role.USER, metadata={"demo": {"note": "Mention the price", "caption": "Plain words"}})
    session = Session.new("alice").with_title("With notes").with_dialog(REFUND.dialog.insert(0, row))
    async with playing(session) as on:
        await on.press("space", "right")
        assert "Plain words" in on.screen_text()
        assert "Mention the price" not in on.screen_text()
        await on.press("o")
        assert on.player.query_one(NotesPane).has_class("-shown")
        assert "Mention the price" in on.screen_text()
        assert "I was charged twice" in on.screen_text(), "the next row"
        await on.press("o", "i")
        assert "Mention the price" not in on.screen_text()
        assert on.player.query_one(StatusLine).has_class("-off")
        await on.press("i")
        assert "paused" in on.screen_text()


async def test_the_key_that_began_it_never_ends_it() -> None:
    async with playing() as on:
        seen = [on.player.head.going]
        for _ in range(2):  # some remotes send it again and again
            await on.pilot.press("f5")
            seen.append(on.player.head.going)
        assert seen == [Going.PLAYING, Going.PAUSED, Going.PLAYING]


@pytest.mark.parametrize("key", ["q", "escape"])
async def test_leaving(key: str) -> None:
    async with playing() as on:
        await on.press(key)
        assert isinstance(on.app.screen, MainScreen)


async def test_an_edit_on_stage_is_stored_and_comes_back_to_the_same_moment() -> None:
    async with playing() as on:
        timeline = on.player.head.timeline
        await on.wait_to(timeline.starts[1] + 3000)
        await on.press("space")
        offset = on.player.head.position() - timeline.starts[1]
        await on.press("e")
        assert isinstance(on.app.screen, RowScreen)
        on.app.screen.query_one(StageEditor).move_cursor((0, 0))
        await on.type("Dear me. ")
        await on.press("ctrl+s")
        assert on.texts("Refund flow")[1][1] == "Dear me. " + ANSWER
        assert on.player.head.position() - on.player.head.timeline.starts[1] == offset
        assert "Dear me. Sorry about" in on.screen_text()
        await on.press("q", "u")
        assert on.texts("Refund flow")[1][1] == ANSWER, "undo takes it back"


async def test_what_is_typed_on_stage_and_left_is_a_draft() -> None:
    async with playing() as on:
        await on.press("space", "right", "e")
        await on.type(" Really")
        await on.press("escape")
        assert on.texts("Refund flow")[0][1] == "I was charged twice, can you help?"
        await on.press("e")
        assert isinstance(on.app.screen, RowScreen)
        assert on.app.screen.query_one(StageEditor).text.endswith(" Really")
        assert [draft.text for draft in on.store.drafts("alice")] == ["I was charged twice, can you help? Really"]


async def test_what_is_on_stage_stays_in_sight_when_there_is_less_room() -> None:
    async with playing(size=(80, 24)) as on:
        await on.press("space", "right", "right", "right", "right", "o")
        assert "You are welcome." in on.screen_text()
        await on.press("o")
        assert "You are welcome." in on.screen_text()


async def test_resizing_at_any_moment_does_no_harm() -> None:
    async with playing() as on:
        for size in ((40, 12), (140, 50), (20, 6), (80, 24)):
            await on.wait(1.3)
            await on.pilot.resize_terminal(*size)
            await on.settle()
        await on.press("space", "home", "right")
        assert "charged twice" in on.screen_text()


@pytest.mark.parametrize("theme", ["paper", "ansi", "high-contrast"])
async def test_other_themes(theme: str) -> None:
    async with playing(theme=theme) as on:
        await on.wait(5)
        assert "charged twice" in on.screen_text()


async def test_without_animations_rows_appear_whole() -> None:
    async with playing(animations="none") as on:
        assert on.player.instant
        await on.wait(0.5)
        assert "I was charged twice, can you help?" in on.screen_text()


async def test_hidden_rows_are_not_performed() -> None:
    hidden = REFUND.with_dialog(REFUND.dialog.set_hidden(REFUND.dialog.rows[1].id, True))
    async with playing(hidden) as on:
        await on.press("end")
        assert "gave one back" not in on.screen_text()
        assert "1 hidden row left out" in on.screen_text()


async def test_a_session_without_rows_says_so() -> None:
    async with stage([titled("Nothing")]) as on:
        await on.press("p")
        assert isinstance(on.app.screen, MainScreen)
        assert on.toasts() == ["There is nothing to play: 0 hidden rows left out, 0 excluded rows left out."]


KEY = "sk-" + "Ab3" * 10


async def test_secrets_are_reviewed_before_anybody_sees_them() -> None:
    session = titled("Leak", ("user", f"My key is {KEY} ok"), ("assistant", f"Use {KEY} or ann@corp-site.org"))
    async with stage([session]) as on:
        await on.press("p")
        screen = on.app.screen
        assert isinstance(screen, SecretsScreen)
        assert "sk-A…b3" in on.screen_text(), "the review itself shows it in part only"
        await on.press("M")
        assert on.screen_text().count("masked everywhere") == 2
        await on.press("end", "l", "enter")
        assert isinstance(on.app.screen, PlayerScreen)
        await on.press("end")
        assert KEY not in on.screen_text()
        assert "ann@corp-site.org" in on.screen_text()
        assert on.texts("Leak")[0][1] == f"My key is {KEY} ok", "rows stay as they are"
        await on.press("q", "p")
        assert isinstance(on.app.screen, PlayerScreen), "it is not asked again"
        await on.press("space", "home", "right", "e")
        assert not isinstance(on.app.screen, RowScreen), "a masked row is not opened on stage"


async def test_going_back_from_the_review_plays_nothing() -> None:
    session = titled("Leak", ("user", f"My key is {KEY}"))
    async with stage([session]) as on:
        await on.press("p", "escape")
        assert isinstance(on.app.screen, MainScreen)
