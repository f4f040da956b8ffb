"""New sessions from templates, and sessions as templates, on the screen."""

from __future__ import annotations

from nova_tui.services.templating import is_template
from nova_tui.tui.screens.choice_screen import ChoiceScreen
from nova_tui.tui.screens.template_screen import TemplateScreen
from tests.tui.nova_app import stage, titled

MINE = titled("Ask {{who}}", ("user", "What does {{who}} say of {{what}}?"), hour=1)


async def test_a_session_becomes_a_template_and_new_ones_are_made_of_it() -> None:
    async with stage([MINE]) as on:
        await on.press("M")
        assert is_template(on.store.load(MINE.id))
        await on.press("N")
        assert isinstance(on.app.screen, ChoiceScreen)
        on.app.screen.dismiss(MINE.id)
        await on.settle()
        assert isinstance(on.app.screen, TemplateScreen)
        await on.press(*"Ada", "enter", *"tea", "enter")
        assert on.main.is_current
        assert on.texts("Ask Ada") == [("user", "What does Ada say of tea?", False)]
        assert on.main.bench.dialog.session is not None
        assert on.main.bench.dialog.session.title == "Ask Ada"
        await on.press("escape", "u")
        assert "Ask Ada" not in on.titles()


async def test_what_is_left_empty_stays_open_and_escape_makes_nothing() -> None:
    async with stage([MINE]) as on:
        await on.press("M", "N")
        on.app.screen.dismiss(MINE.id)
        await on.settle()
        await on.press("escape")
        assert len(on.titles()) == 1
        await on.press("N")
        on.app.screen.dismiss(MINE.id)
        await on.settle()
        await on.press("down", *"tea", "ctrl+s")
        assert ("user", "What does {{who}} say of tea?", False) in [
            row for session in on.titles() for row in on.texts(session)
        ]


async def test_templates_of_the_program_need_no_session() -> None:
    async with stage([]) as on:
        await on.press("N")
        assert isinstance(on.app.screen, ChoiceScreen)
        assert "built in" in on.screen_text()


async def test_a_template_becomes_a_session_again() -> None:
    async with stage([MINE]) as on:
        await on.press("M", "M")
        assert not is_template(on.store.load(MINE.id))
        await on.press("u")
        assert is_template(on.store.load(MINE.id))
