"""Settings: precedence, sources, and what may be wrong with them."""

from __future__ import annotations

from pathlib import Path

import pytest

from nova_tui.config import (
    DEFAULT_THEME,
    Options,
    Settings,
    default_config_path,
    default_store_path,
    login_name,
    read_settings,
)
from nova_tui.domain.errors import ConfigError


def settings_of(folder: Path, text: str | None = None, **environment: str) -> Settings:
    """Read settings from a file with that text, or from none."""
    path = folder / "config.yaml"
    if text is not None:
        path.write_text(text, encoding="utf-8")
        environment["NOVA_TUI_CONFIG"] = str(path)
    return read_settings(environment=environment)


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME"):
        monkeypatch.setenv(name, str(tmp_path / name.lower()))


def test_nothing_set_gives_the_defaults() -> None:
    settings = read_settings(environment={})
    assert settings.path == default_config_path()
    assert settings.store.value == str(default_store_path())
    assert settings.user.value == login_name()
    assert settings.theme.value == DEFAULT_THEME
    assert all(setting.default for setting in (settings.store, settings.user, settings.theme))
    assert settings.problems == ()
    assert default_store_path().name == "nova.db"
    assert default_config_path().parent.name == default_store_path().parent.name == "nova-tui"


def test_an_option_wins_over_a_variable_over_the_file(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text("store: /file.db\nuser: filer\ntheme: paper\n")
    environment = {"NOVA_TUI_CONFIG": str(path), "NOVA_TUI_USER": "varia", "NOVA_TUI_STORE": "/variable.db"}
    settings = read_settings(Options(values={"store": "/option.db", "user": None}), environment)
    assert (settings.store.value, settings.store.source) == ("/option.db", "--store")
    assert (settings.user.value, settings.user.source) == ("varia", "NOVA_TUI_USER")
    assert (settings.theme.value, settings.theme.source) == ("paper", str(path))
    assert settings.folder == tmp_path
    other = tmp_path / "other.yaml"
    other.write_text("theme: dusk\n")
    assert read_settings(Options(other), environment).theme.value == "dusk"


def test_motion_is_full_or_reduced(tmp_path: Path) -> None:
    assert settings_of(tmp_path).motion.value == "full"
    assert settings_of(tmp_path, "motion: reduced\n").motion.value == "reduced"
    wrong = settings_of(tmp_path, "motion: none\n")
    assert wrong.motion.value == "full"
    assert [str(problem) for problem in wrong.problems] == [
        f"{tmp_path / 'config.yaml'}: motion: it is one of full, reduced"
    ]


def test_an_empty_variable_says_nothing(tmp_path: Path) -> None:
    settings = settings_of(tmp_path, "user: filer\n", NOVA_TUI_USER="", NOVA_TUI_STORE="")
    assert settings.user.value == "filer"
    assert settings.store.default
    assert read_settings(environment={"NOVA_TUI_CONFIG": ""}).path == default_config_path()


@pytest.mark.parametrize(
    ("written", "store"),
    [
        ("chats.db", "{folder}/chats.db"),
        ("~/chats.db", "{home}/chats.db"),
        ("/var/chats.db", "/var/chats.db"),
        ("memory:", "memory:"),
        ("sqlite:///a/b.db", "sqlite:///a/b.db"),
    ],
)
def test_a_store_in_the_file_is_anchored(tmp_path: Path, written: str, store: str) -> None:
    settings = settings_of(tmp_path, f'store: "{written}"\n')
    assert settings.store.value == store.format(folder=tmp_path, home=tmp_path / "home")


@pytest.mark.parametrize("text", ["", "# nothing\n", "user:\n", "store: ~\n"])
def test_an_empty_file_sets_nothing(tmp_path: Path, text: str) -> None:
    settings = settings_of(tmp_path, text)
    assert settings.user.default
    assert settings.store.default
    assert settings.problems == ()


@pytest.mark.parametrize(
    ("text", "key", "reason"),
    [
        ("stor: x.db\n", "stor", "there is no such setting"),
        ("user: 5\n", "user", "not a number"),
        ("user: true\n", "user", "not true or false"),
        ("user: '  '\n", "user", "not an empty text"),
        ("theme: [a]\n", "theme", "not a list"),
        ("store: {a: b}\n", "store", "not a mapping"),
        ("- a\n", "file", "not a mapping"),
        ("user: [\n", "line 2", "not YAML"),
        ("user: a\nuser: b\n", "line 2", "twice"),
        ("user: &a b\n", "line 1", "anchors"),
        ("---\na: b\n---\nc: d\n", "file", "more than one document"),
        ('user: "a\\0b"\n', "user", "NUL"),
    ],
)
def test_a_mistake_names_file_key_and_reason(tmp_path: Path, text: str, key: str, reason: str) -> None:
    settings = settings_of(tmp_path, text)
    (problem,) = settings.problems
    assert problem.key == key
    assert reason in problem.reason
    assert str(problem).startswith(f"{tmp_path}/config.yaml: {key}: ")
    assert settings.user.default


def test_a_mistake_spoils_only_its_own_setting(tmp_path: Path) -> None:
    settings = settings_of(tmp_path, "user: 5\ntheme: paper\ncolour: red\n")
    assert settings.theme.value == "paper"
    assert [problem.key for problem in settings.problems] == ["user", "colour"]


def test_a_file_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_bytes(b"user: \xff\n")
    assert "not UTF-8" in read_settings(Options(path), {}).problems[0].reason
    path.write_bytes(b"#" * 1_000_001)
    assert "larger" in read_settings(Options(path), {}).problems[0].reason
    assert "regular file" in read_settings(Options(tmp_path), {}).problems[0].reason


def test_a_named_file_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="it is not there"):
        read_settings(Options(tmp_path / "none.yaml"), {})
    with pytest.raises(ConfigError, match="it is not there"):
        read_settings(environment={"NOVA_TUI_CONFIG": str(tmp_path / "none.yaml")})


def test_a_login_without_a_name_is_user(monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody() -> str:
        raise KeyError("getpwuid(): uid not found")

    monkeypatch.setattr("getpass.getuser", nobody)
    assert login_name() == "user"
