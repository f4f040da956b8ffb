"""Settings: what is set, where it was set, and what is wrong with it.

An option on the command line comes before an environment variable, that before the configuration file, that before the
default. A mistake in the file is a ConfigError in `problems`; the setting then has its next best value.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import platformdirs

from nova_tui.domain.errors import ConfigError, DialogError, YamlError
from nova_tui.domain.frozen import checked_text

APP: Final = "nova-tui"
CONFIG_VARIABLE: Final = "NOVA_TUI_CONFIG"
VARIABLES: Final = {"store": "NOVA_TUI_STORE", "user": "NOVA_TUI_USER"}
"""The environment variable of a setting."""
KEYS: Final = ("store", "user", "theme")
"""What a configuration file may set."""
MAX_FILE: Final = 1_000_000
"""Bytes of a configuration file; anything larger is none."""
DEFAULT: Final = "default"
DEFAULT_THEME: Final = "nova-dark"


@dataclass(frozen=True, slots=True)
class Setting:
    """One value and where it was set: an option, a variable, a file, or `default`."""

    value: str
    source: str

    @property
    def default(self) -> bool:
        """Whether nobody set it."""
        return self.source == DEFAULT


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that can be set."""

    path: Path
    """The configuration file, whether it exists or not."""
    store: Setting
    user: Setting
    theme: Setting
    """The name of a theme."""
    problems: tuple[ConfigError, ...] = ()

    @property
    def folder(self) -> Path:
        """The folder of the configuration file; a person's own themes are in its `themes`."""
        return self.path.parent


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line sets; None where it says nothing."""

    config: Path | None = None
    values: Mapping[str, str | None] = field(default_factory=dict)


def default_config_path() -> Path:
    """Return where the configuration file is unless another is named."""
    return platformdirs.user_config_path(APP, appauthor=False) / "config.yaml"


def default_store_path() -> Path:
    """Return where the sessions are unless another store is named."""
    return platformdirs.user_data_path(APP, appauthor=False) / "nova.db"


def read_settings(options: Options | None = None, environment: Mapping[str, str] | None = None) -> Settings:
    """Gather the settings from options, environment, file and defaults.

    Raises ConfigError where the configuration file was named and is not there.
    """
    options = options or Options()
    environment = os.environ if environment is None else environment
    named = options.config or (Path(text) if (text := environment.get(CONFIG_VARIABLE)) else None)
    path = (named or default_config_path()).expanduser()
    problems: list[ConfigError] = []
    written = _read_file(path, problems, required=named is not None)
    found = {key: _first(key, options, environment, written, path, problems) for key in KEYS}
    return Settings(path, **found, problems=tuple(problems))


def _first(
    key: str,
    options: Options,
    environment: Mapping[str, str],
    written: Mapping[str, str],
    path: Path,
    problems: list[ConfigError],
) -> Setting:
    """Return the first usable value of a setting."""
    variable = VARIABLES.get(key, "")
    for value, source in (
        (options.values.get(key), f"--{key}"),
        (environment.get(variable), variable),
        (written.get(key), str(path)),
    ):
        if value:
            try:
                return Setting(checked_text(value, key), source)
            except DialogError as error:
                problems.append(ConfigError(source, key, str(error)))
    return Setting(_default(key), DEFAULT)


def _default(key: str) -> str:
    """Return what a setting is where nobody set it."""
    if key == "store":
        return str(default_store_path())
    return login_name() if key == "user" else DEFAULT_THEME


def login_name() -> str:
    """Return the name of the person at the keyboard, or `user` where the system knows none."""
    import getpass  # noqa: PLC0415  a few milliseconds that most starts need not spend

    try:
        return getpass.getuser() or "user"
    except (KeyError, OSError, ImportError):
        return "user"


# -- the file -----------------------------------------------------------------------------------------------------


def _read_file(path: Path, problems: list[ConfigError], *, required: bool) -> dict[str, str]:
    """Return the usable settings of the file; note what is wrong with the others."""
    try:
        text = _text(path)
    except FileNotFoundError as error:
        if required:
            raise ConfigError(str(path), "file", "it is not there") from error
        return {}
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        problems.append(ConfigError(str(path), "file", reason))
        return {}
    from nova_tui.yamlio import read_yaml  # noqa: PLC0415  only where there is a file to read

    try:
        mapping = read_yaml(text)
    except YamlError as error:
        problems.append(ConfigError(str(path), f"line {error.line}" if error.line else "file", error.reason))
        return {}
    if mapping is None:
        return {}
    if not isinstance(mapping, dict):
        problems.append(ConfigError(str(path), "file", "it is not a mapping of keys to values"))
        return {}
    checked = {key: _checked(path, key, value, problems) for key, value in mapping.items()}
    return {key: value for key, value in checked.items() if value is not None}


def _text(path: Path) -> str:
    """Return the text of a regular file of reasonable size; raise OSError or ValueError with the reason."""
    if path.exists() and not path.is_file():
        raise ValueError("it is not a regular file")
    if path.stat().st_size > MAX_FILE:
        raise ValueError(f"it is larger than {MAX_FILE:,} bytes")
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise ValueError(f"it is not UTF-8 text (byte {error.start})") from error


def _checked(path: Path, key: str, value: Any, problems: list[ConfigError]) -> str | None:
    """Return a setting of the file as text, None where it cannot be used or is left empty."""
    if key not in KEYS:
        problems.append(ConfigError(str(path), key, f"there is no such setting; there are {', '.join(KEYS)}"))
        return None
    if value is None:
        return None
    if not isinstance(value, str) or not value.strip():
        problems.append(ConfigError(str(path), key, f"it needs a text, not {_kind(value)}"))
        return None
    return _anchored(value, path.parent) if key == "store" else value


def _kind(value: Any) -> str:
    """Return what a value is, in a person's words."""
    kinds = {str: "an empty text", bool: "true or false", int: "a number", float: "a number", list: "a list"}
    return kinds.get(type(value), "a mapping")


def _anchored(store: str, folder: Path) -> str:
    """Return a store of the file with `~` spelt out and a relative path taken from the file's own folder."""
    if "://" in store or store.startswith("memory:"):
        return store
    return str(folder / Path(store).expanduser())
