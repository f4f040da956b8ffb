"""The palette: commands and sessions, and the choice of a theme."""

from __future__ import annotations

import asyncio
import re
from functools import partial
from pathlib import Path

from nova_tui import open_store
from nova_tui.config import chosen_theme_path, keep_theme, read_settings
from nova_tui.theming import bundled_folder, find_theme, theme_folders
from nova_tui.tui.app import NovaApp, shelf_of
from nova_tui.tui.command_palette import Offer, fitting, marked, offers_of
from nova_tui.tui.screens.key_table import checked_keymap, key_table
from nova_tui.tui.screens.palette_screen import PaletteScreen
from nova_tui.tui.themed_app import LOOK_INTERVAL
from nova_tui.tui.themes import ThemeShelf
from nova_tui.tui.widgets.footer_line import WEIGHTY, FooterLine
from tests.tui.nova_app import NOWHERE, Stage, stage, titled

GARDEN = titled("Garden plan", ("user", "Which soil?"), ("assistant", "Loam."), hour=2)
REFUND = titled("Refund flow", ("user", "I was charged twice."), hour=1)
HOSTILE = "[@click=app.quit]Quit[/] [/nope] [red]\x1b]52;c;aGk=\x07 Zebra"


def shown(on: Stage) -> list[str]:
    """Return the lines of the open palette."""
    assert isinstance(on.app.screen, PaletteScreen)
    return [offer.title for offer in on.app.screen._shown]


# -- what fits, without a screen -----------------------------------------------------------------------------------


def offers(*titles: str) -> list[Offer]:
    return [Offer(title, lambda: None, note="") for title in titles]


def test_whole_words_come_before_parts_and_letters_in_order_last() -> None:
    good, weak = fitting("re", offers("Undo resize", "Spree", "Rename session", "Ring twice"))
    assert [offer.title for offer in good] == ["Rename session", "Undo resize", "Spree"]
    assert [offer.title for offer in weak] == ["Ring twice"]
    assert [offer.title for offer in fitting("", offers("b", "a"))[0]] == ["b", "a"]


def test_accents_and_case_make_no_difference() -> None:
    assert fitting("café", offers("CAFE au lait"))[0]
    assert marked("plan gar", "Garden plan") == [(7, 11), (0, 3)]
    assert marked("i", "İstanbul") == [], "a title whose length changes with its case is not marked"


# -- commands ------------------------------------------------------------------------------------------------------


async def test_only_what_works_here_and_now_is_offered_each_once() -> None:
    async with stage([GARDEN]) as on:
        titles = [offer.title for offer in offers_of(on.main)]
        assert len(titles) == len(set(titles))
        assert titles.count("Quit") == 1
        assert "Palette" not in titles
        assert "Stop import" not in titles, "there is no import to stop"
        assert titles.index("Rename session") < titles.index("Edit row"), "the pane with the focus comes first"
        await on.press("tab")
        titles = [offer.title for offer in offers_of(on.main)]
        assert titles.index("Edit row") < titles.index("Rename session")
    async with stage() as on:
        assert "Rename session" not in [offer.title for offer in offers_of(on.main)], "there is no session"


async def test_the_palette_shows_keys_and_runs_what_is_chosen() -> None:
    async with stage([GARDEN]) as on:
        await on.press("colon")
        await on.type("delete session")
        line = next(line for line in on.screen_text().splitlines() if "Delete session" in line)
        assert re.search(r"brings them back\. +d +│", line)
        await on.press("enter")
        assert on.titles() == []


async def test_keys_typed_behind_ctrl_p_go_into_the_palette() -> None:
    async with stage([GARDEN]) as on:
        await on.press("ctrl+p", *"dele", "escape")
        assert on.titles() == ["Garden plan"]
        assert on.app.screen is on.main


# -- sessions ------------------------------------------------------------------------------------------------------


async def test_a_session_is_found_and_opened() -> None:
    async with stage([GARDEN, REFUND]) as on:
        assert "Which soil?" in on.screen_text()
        await on.press("colon")
        await on.type("refund")
        assert shown(on)[0] == "Refund flow"
        await on.press("enter")
        assert "charged twice" in on.screen_text()
        assert on.main.bench.dialog.view.has_focus
        assert on.main.sessions.session_list.current_id == REFUND.id


async def test_enter_waits_for_the_store() -> None:
    async with stage([GARDEN, REFUND]) as on:
        await on.press("colon", *"refund", "enter")
        shown_session = on.main.bench.dialog.session
        assert shown_session is not None
        assert shown_session.id == REFUND.id
        assert on.app.screen is on.main


async def test_the_store_is_asked_for_few_sessions() -> None:
    many = [titled(f"Zebra {number}", hour=number) for number in range(50)]
    async with stage(many) as on:
        reader = on.app._storage._reader
        assert reader is not None
        asked: list[tuple[object, object]] = []
        summaries = reader.store.summaries

        def counted(user_id: str, **options: object) -> object:
            asked.append((options.get("filter"), options.get("limit")))
            return summaries(user_id, **options)  # type: ignore[arg-type]

        reader.store.summaries = counted  # type: ignore[assignment]
        await on.press("colon", *"zebra")
        assert asked[-1] == ("zebra", 30)
        assert {limit for _, limit in asked} == {30}
        assert shown(on)[:2] == ["Zebra 49", "Zebra 48"]
        assert len(shown(on)) == 30


async def test_hostile_titles_are_plain_text() -> None:
    async with stage([titled(HOSTILE)]) as on:
        await on.press("colon", *"zebra")
        text = on.screen_text()
        assert "[@click=app.quit]Quit[/] [/nope] [red]" in text
        assert not set(text) & {"\x1b", "\x07"}
        await on.press("enter")
        assert on.app.screen is on.main, "the session was opened, and nothing in its title ran"


# -- other keys ----------------------------------------------------------------------------------------------------


async def test_keys_of_the_configuration_act_and_are_shown() -> None:
    keymap, problems = checked_keymap({"list.rename": "f7", "dialog.delete": "f8"}, "c.yaml")
    assert not problems
    async with stage([GARDEN], keys=keymap) as on:
        assert "F7 rename" in on.screen_text().splitlines()[-1]
        await on.press("r")
        assert on.app.screen is on.main, "the default key is free now"
        await on.press("question_mark", *"rename")
        assert "F7" in on.screen_text()
        await on.press("escape", "f7")
        assert on.app.screen is not on.main
        await on.press("escape", "d")
        assert on.titles() == [], "a binding that shared a key with one that moved keeps it"


async def test_the_footer_drops_what_matters_less_and_never_half_a_word() -> None:
    async with stage([GARDEN], size=(110, 24)) as on:
        await on.press("tab")
        for width in (110, 80, 60, 44):
            await on.pilot.resize_terminal(width, 24)
            await on.settle()
            footer = on.screen_text().splitlines()[-1]
            assert footer.endswith("? help  ^p palette")
            words = footer.split("? help")[0].split("  ")
            labels = [word.strip() for word in words if word.strip()]
            assert len(labels) <= 7
            assert "e edit" in labels, width
            offered = {f"{hint.shown} {hint.label}" for hint in on.main.query_one(FooterLine)._hints()[0]}
            assert set(labels) <= offered


def test_what_the_footer_prefers_exists() -> None:
    assert set(WEIGHTY) <= {entry.id for entry in key_table()}


async def test_in_a_text_box_the_footer_names_keys_that_are_not_typed() -> None:
    async with stage([GARDEN]) as on:
        await on.press("w")
        footer = on.screen_text().splitlines()[-1]
        assert footer.endswith("F1 help  ^p palette")
        assert "^s add row" in footer
        assert "u undo" not in footer


# -- themes --------------------------------------------------------------------------------------------------------


def themed(folder: Path, theme: str = "nova-dark", pinned: str | None = None) -> NovaApp:
    """Return the app with the themes of a folder of its own."""
    store = open_store("memory:", user_id="alice")
    folders = theme_folders(folder)
    shelf = ThemeShelf(folders, chosen=folder / "state" / "theme", pinned=pinned)
    spec = find_theme(theme, folders)
    return NovaApp(lambda: store, user_id="alice", place="test", themes=[spec], theme=theme, shelf=shelf)


async def test_a_theme_is_previewed_given_back_and_kept(tmp_path: Path) -> None:
    app = themed(tmp_path)
    async with app.run_test(size=(100, 30), notifications=True) as pilot:
        on = Stage(app, pilot, open_store("memory:", user_id="alice"))
        await asyncio.sleep(LOOK_INTERVAL)
        await on.press("f9")
        assert shown(on)[0] == "nova-dark"
        await on.press("down")
        second = shown(on)[1]
        assert app.theme == second, "it is shown before it is chosen"
        await on.press("escape")
        assert app.theme == "nova-dark"
        await on.press("f9", *"paper")
        assert app.theme == "paper"
        await on.press("enter")
        assert app.theme == "paper"
        assert (tmp_path / "state" / "theme").read_text() == "paper\n"
        assert on.toasts() == []


async def test_a_theme_that_the_configuration_names_wins_at_the_next_start(tmp_path: Path) -> None:
    app = themed(tmp_path, pinned="/etc/config.yaml")
    async with app.run_test(size=(100, 30), notifications=True) as pilot:
        on = Stage(app, pilot, open_store("memory:", user_id="alice"))
        await asyncio.sleep(LOOK_INTERVAL)
        await on.press("f9", *"paper", "enter")
        assert on.toasts() == ["paper until you leave: config.yaml names another theme for the next start."]


def test_the_choice_is_the_theme_of_the_next_start_unless_something_names_one(
    tmp_path: Path, monkeypatch: object
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))  # type: ignore[attr-defined]
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))  # type: ignore[attr-defined]
    assert read_settings(environment={}).theme.default
    keep_theme(chosen_theme_path(), "paper")
    settings = read_settings(environment={})
    assert (settings.theme.value, settings.theme.source) == ("paper", str(chosen_theme_path()))
    assert shelf_of(settings).pinned is None
    config = tmp_path / "mine.yaml"
    config.write_text("theme: dusk\n")
    settings = read_settings(environment={"NOVA_TUI_CONFIG": str(config)})
    assert settings.theme.value == "dusk"
    assert shelf_of(settings).pinned == str(config)
    chosen_theme_path().write_bytes(b"\x1b[2J\xff")
    assert read_settings(environment={}).theme.default


async def test_a_theme_follows_its_file(tmp_path: Path) -> None:
    mine = tmp_path / "themes" / "mine.yaml"
    mine.parent.mkdir()
    mine.write_text("name: mine\nprimary: '#123456'\nbackground: '#101010'\n")
    app = themed(tmp_path, "mine")
    async with app.run_test(size=(100, 30), notifications=True) as pilot:
        on = Stage(app, pilot, open_store("memory:", user_id="alice"))
        await asyncio.sleep(LOOK_INTERVAL)
        assert app.screen.styles.background.hex == "#101010"
        mine.write_text("name: mine\nprimary: '#123456'\nbackground: '#202020'\n# longer\n")
        await asyncio.sleep(2 * LOOK_INTERVAL)
        await on.settle()
        assert app.screen.styles.background.hex == "#202020"
        mine.write_text("name: mine\nprimary: '#123456'\nbackground: nope\n")
        await asyncio.sleep(2 * LOOK_INTERVAL)
        await on.settle()
        assert app.screen.styles.background.hex == "#202020", "a broken file leaves the colours as they were"
        assert on.toasts() == [f"{mine}: line 3, background: nope is not a colour; use '#rgb', '#rrggbb' or ansi_red …"]
        mine.unlink()
        await asyncio.sleep(2 * LOOK_INTERVAL)
        assert app.screen.styles.background.hex == "#202020", "so does one that is gone"
        mine.write_text("name: mine\nprimary: '#123456'\nbackground: '#303030'\n")
        await asyncio.sleep(2 * LOOK_INTERVAL)
        await on.settle()
        assert app.screen.styles.background.hex == "#303030"


def test_the_shelf_reads_only_what_changed(tmp_path: Path) -> None:
    shelf = ThemeShelf([bundled_folder(), tmp_path])
    first = shelf.look()
    assert first is not None
    assert len(first.specs) >= 8
    assert shelf.look() is None
    (tmp_path / "a.yaml").write_text("name: a\n")
    second = shelf.look()
    assert second is not None
    assert [str(problem) for problem in second.problems] == [f"{tmp_path}/a.yaml: primary: it is missing"]
    assert shelf.look() is None, "what is wrong is said once"
    assert partial(ThemeShelf, [NOWHERE])().look() is not None
