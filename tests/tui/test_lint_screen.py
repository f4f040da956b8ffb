"""The findings of a session on the screen."""

from __future__ import annotations

from nova_tui.tui.screens.lint_screen import LintScreen
from tests.tui.nova_app import stage, titled

BAD = titled(
    "Bad",
    ("user", " padded "),
    ("assistant", "answer"),
    ("assistant", "[red]again\x1b[2J"),
    ("user", ""),
    ("user", "last"),
)


def texts(on: object) -> list[str]:
    """Return the texts of the stored rows."""
    return [text for _, text, _ in on.texts("Bad")]  # type: ignore[attr-defined]


async def test_findings_are_listed_and_enter_goes_to_the_row() -> None:
    async with stage([BAD]) as on:
        await on.press("L")
        screen = on.app.screen
        assert isinstance(screen, LintScreen)
        text = on.screen_text()
        assert "begins or ends with blanks" in text
        assert "[red]again" in text
        assert "\x1b" not in text
        assert "5 findings" in text
        assert screen.under is not None
        await on.press("G")
        assert screen.under.row_id == BAD.dialog.rows[-1].id
        await on.press("enter")
        assert on.app.screen is on.main
        assert on.main.bench.dialog.view.has_focus
        assert on.main.bench.dialog.view.current_row_id == BAD.dialog.rows[-1].id


async def test_one_or_all_are_mended_and_taken_back() -> None:
    async with stage([BAD]) as on:
        await on.press("enter", "L", "m")
        assert texts(on)[0] == "padded"
        assert isinstance(on.app.screen, LintScreen)
        assert "4 findings" in on.screen_text()
        await on.press("M")
        assert texts(on) == ["padded", "answer\n\n[red]again\x1b[2J", "last"]
        assert "1 finding " in on.screen_text()
        assert on.store.history(BAD.id)[0].note == "mend 3 findings"
        await on.press("u")
        assert "4 findings" in on.screen_text()
        await on.press("escape", "u")
        assert texts(on)[0] == " padded "


async def test_a_profile_adds_the_rules_of_a_format() -> None:
    async with stage([BAD]) as on:
        await on.press("L")
        assert "0 errors" in on.screen_text()
        await on.press("p", "p")
        assert "profile: sharegpt" in on.screen_text()
        assert "0 errors" not in on.screen_text()
        await on.press("escape")
        assert on.app.screen is on.main


async def test_a_clean_session_says_so() -> None:
    async with stage([titled("Clean", ("user", "a"), ("assistant", "b"))]) as on:
        await on.press("L")
        assert "it is clean" in on.screen_text()
        await on.press("enter", "m", "M")
        assert isinstance(on.app.screen, LintScreen)
