"""The commands config and themes, and the settings of the screen."""

from __future__ import annotations

import pytest

from nova_tui.cli.config import without_password
from nova_tui.cli.screen import demo_provider, place_of, with_known_theme
from nova_tui.config import Options, read_settings
from nova_tui.domain.errors import ThemeError
from tests.cli.conftest import Nova


def written(nova: Nova, text: str) -> str:
    """Write the configuration file and return its path."""
    path = nova.folder / "config" / "nova-tui" / "config.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return str(path)


# -- config -------------------------------------------------------------------------------------------------------


def test_config_path(nova: Nova) -> None:
    assert nova.ok("config", "path") == f"{nova.folder}/config/nova-tui/config.yaml\n"
    assert nova.ok("config", "path", "--config", written(nova, "")).endswith("config.yaml\n")


def test_config_shows_values_and_sources(nova: Nova) -> None:
    path = written(nova, "theme: paper\nuser: filer\n")
    lines = [line.split() for line in nova.ok("config", "show", "--store", "memory:").splitlines()]
    assert lines == [
        ["SETTING", "VALUE", "FROM"],
        ["store", "memory:", "--store"],
        ["user", "alice", "NOVA_TUI_USER"],
        ["theme", "paper", path],
        ["motion", "full", "default"],
    ]
    assert nova.ok("config") == nova.ok("config", "show")
    assert "default" in nova.ok("config", NOVA_TUI_USER="", NOVA_TUI_STORE="")


def test_config_shows_no_password(nova: Nova) -> None:
    assert "hunter2" not in nova.ok("config", "--store", "postgresql://alice:hunter2@db.example/chats")
    assert without_password("postgresql://a:b@h/d") == "postgresql://a:***@h/d"
    assert without_password("postgresql://a@h/d") == "postgresql://a@h/d"
    assert without_password("/a:b@c.db") == "/a:b@c.db"


def test_config_check_finds_nothing(nova: Nova) -> None:
    assert "nothing is wrong" in nova.ok("config", "check")
    written(nova, "theme: dusk\n")
    assert "nothing is wrong" in nova.ok("config", "check")


def test_config_check_says_everything_that_is_wrong(nova: Nova) -> None:
    path = written(nova, "theme: none-such\nstor: x\n")
    themes = nova.folder / "config" / "nova-tui" / "themes"
    themes.mkdir()
    (themes / "bad.yaml").write_text("name: bad\nprimary: nope\n")
    result = nova.run("config", "check")
    lines = result.stderr.splitlines()
    assert result.exit_code == 1
    assert result.stdout == ""
    assert lines[0].startswith(f"nova-tui: {path}: stor: there is no such setting")
    assert lines[1].startswith(f"nova-tui: {path}: theme: there is no such theme; there are ansi")
    assert lines[2].startswith(f"nova-tui: {themes}/bad.yaml: line 2, primary: nope is not a colour")
    assert len(lines) == 3


def test_config_wants_a_known_word(nova: Nova) -> None:
    assert nova.run("config", "set").exit_code == 2


# -- themes -------------------------------------------------------------------------------------------------------


def test_themes_lists_all_and_marks_the_current_one(nova: Nova) -> None:
    lines = nova.ok("themes").splitlines()
    assert len(lines) >= 9
    assert [line for line in lines if line.startswith("✓")] == ["✓  nova-dark      dark               nova-tui"]
    assert "✓  paper" in nova.ok("themes", "--theme", "paper")


def test_my_own_themes_are_listed_and_a_bad_one_is_said(nova: Nova) -> None:
    themes = nova.folder / "config" / "nova-tui" / "themes"
    themes.mkdir(parents=True)
    (themes / "mine.yaml").write_text('name: mine\nprimary: "#ff0000"\ndark: false\n')
    (themes / "bad.yaml").write_text("name: \x1b[2J\n")
    result = nova.run("themes")
    assert result.exit_code == 0
    assert f"mine           light              {themes}/mine.yaml" in result.stdout
    assert f"nova-tui: {themes}/bad.yaml: " in result.stderr
    assert "\x1b" not in result.output


def test_themes_check(nova: Nova) -> None:
    good, bad = nova.folder / "good.yaml", nova.folder / "bad.yaml"
    good.write_text('name: good\nprimary: "#123456"\n')
    bad.write_text("name: bad\nprimary: '#123456'\ncolour: red\n")
    assert nova.ok("themes", "--check", str(good)) == f"{good}: the theme good can be used.\n"
    result = nova.run("themes", "--check", str(bad))
    assert result.exit_code == 1
    assert result.stderr.startswith(f"nova-tui: {bad}: line 3, colour: there is no such key")
    assert nova.run("themes", "--check", str(nova.folder / "none.yaml")).exit_code == 1


# -- the screen's settings ----------------------------------------------------------------------------------------


def test_an_unknown_theme_on_the_command_line_is_refused_elsewhere_it_is_a_problem(nova: Nova) -> None:
    with pytest.raises(ThemeError):
        with_known_theme(read_settings(Options(values={"theme": "none-such"}), {}))
    path = nova.folder / "config.yaml"
    path.write_text("theme: none-such\n")
    settings = with_known_theme(read_settings(Options(path), {}))
    assert settings.theme.value == "nova-dark"
    assert settings.theme.default
    assert [problem.key for problem in settings.problems] == ["theme"]
    path.write_text("theme: paper\n")
    assert with_known_theme(read_settings(Options(path), {})).theme.value == "paper"


@pytest.mark.parametrize(
    ("store", "place"),
    [
        ("memory:", "memory:"),
        ("/a/b/chats.db", "chats.db"),
        ("chats.db", "chats.db"),
        ("sqlite:///a/chats.db", "chats.db"),
        ("file:///a/team", "team"),
        ("postgresql://alice:hunter2@db.example/chats", "db.example/chats"),
    ],
)
def test_a_place_is_short_and_holds_no_password(store: str, place: str) -> None:
    assert place_of(store) == place


def test_the_demo_is_in_memory_and_the_users_own() -> None:
    with demo_provider("alice") as provider:
        assert len(provider.summaries("alice")) >= 5
        assert not provider.summaries("bob")
