"""Settings: what is set, where it was set, and what is wrong with it.

An option on the command line comes before an environment variable, that before the configuration file, that before what
was chosen in the screen, that before the default. A mistake in the file is a ConfigError in `problems`; the setting
then has its next best value.
"""

from __future__ import annotations

import os
import re
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
KEYS: Final = ("store", "user", "theme", "motion")
"""What a configuration file may set, as a text each."""
KEYMAP: Final = "keys"
"""What it may set as a mapping of binding ids to keys."""
MAX_FILE: Final = 1_000_000
"""Bytes of a configuration file; anything larger is none."""
DEFAULT: Final = "default"
DEFAULT_THEME: Final = "nova-dark"
MOTIONS: Final = ("full", "reduced")
"""Whether things may move on the screen; the first is the default."""
_THEME_NAME: Final = re.compile(r"[a-z0-9-]{1,40}")


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
    motion: Setting = Setting(MOTIONS[0], DEFAULT)
    """One of MOTIONS: `reduced` lets nothing be animated, typed or streamed."""
    keys: Mapping[str, str] = field(default_factory=dict)
    """Other keys for the screen: the id of a binding, and its keys separated by commas. Ids are checked where the
    screen is known."""
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


def chosen_theme_path() -> Path:
    """Return where the theme is kept that was chosen in the screen."""
    return platformdirs.user_state_path(APP, appauthor=False) / "theme"


def keep_theme(path: Path, name: str) -> None:
    """Keep the theme that was chosen in the screen; raise OSError."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    draft.write_text(f"{name}\n", encoding="utf-8")
    draft.replace(path)


def _chosen_theme() -> Setting | None:
    """Return the theme that was chosen in the screen, if one was."""
    path = chosen_theme_path()
    try:
        name = path.read_bytes()[:100].decode("ascii", "replace").strip()
    except OSError:
        return None
    return Setting(name, str(path)) if _THEME_NAME.fullmatch(name) else None


def default_state_path() -> Path:
    """Return the folder of what the screen remembers of how it was left; it is no part of a store."""
    return platformdirs.user_state_path(APP, appauthor=False)


def read_settings(options: Options | None = None, environment: Mapping[str, str] | None = None) -> Settings:
    """Gather the settings from options, environment, file and defaults.

    Raises ConfigError where the configuration file was named and is not there.
    """
    options = options or Options()
    environment = os.environ if environment is None else environment
    named = options.config or (Path(text) if (text := environment.get(CONFIG_VARIABLE)) else None)
    path = (named or default_config_path()).expanduser()
    problems: list[ConfigError] = []
    mapping = _read_file(path, problems, required=named is not None)
    keys = _checked_keys(path, mapping.pop(KEYMAP, None), problems)
    checked = {key: _checked(path, key, value, problems) for key, value in mapping.items()}
    written = {key: value for key, value in checked.items() if value is not None}
    found = {key: _first(key, options, environment, written, path, problems) for key in KEYS}
    if found["theme"].default:
        found["theme"] = _chosen_theme() or found["theme"]
    return Settings(path, **found, keys=keys, problems=tuple(problems))


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
    if key == "motion":
        return MOTIONS[0]
    return login_name() if key == "user" else DEFAULT_THEME


def login_name() -> str:
    """Return the name of the person at the keyboard, or `user` where the system knows none."""
    import getpass  # noqa: PLC0415  a few milliseconds that most starts need not spend

    try:
        return getpass.getuser() or "user"
    except (KeyError, OSError, ImportError):
        return "user"


# -- the file -----------------------------------------------------------------------------------------------------


def _read_file(path: Path, problems: list[ConfigError], *, required: bool) -> dict[str, Any]:
    """Return the mapping of the file, an empty one where it cannot be used; note why."""
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
    return dict(mapping)


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
        known = ", ".join((*KEYS, KEYMAP))
        problems.append(ConfigError(str(path), str(key), f"there is no such setting; there are {known}"))
        return None
    if value is None:
        return None
    if not isinstance(value, str) or not value.strip():
        problems.append(ConfigError(str(path), key, f"it needs a text, not {_kind(value)}"))
        return None
    if key == "motion" and value not in MOTIONS:
        problems.append(ConfigError(str(path), key, f"it is one of {', '.join(MOTIONS)}"))
        return None
    return _anchored(value, path.parent) if key == "store" else value


def _checked_keys(path: Path, value: Any, problems: list[ConfigError]) -> dict[str, str]:
    """Return the keys of the file that are texts, or lists of texts."""
    if value is None:
        return {}
    if not isinstance(value, dict):
        problems.append(ConfigError(str(path), KEYMAP, f"it needs a mapping of ids to keys, not {_kind(value)}"))
        return {}
    found = {}
    for name, keys in value.items():
        parts = keys if isinstance(keys, list) else [keys]
        texts = [str(part) if type(part) is int else part for part in parts]
        if texts and all(isinstance(text, str) and text.strip() for text in texts):
            found[str(name)] = ",".join(texts)
        else:
            hint = " (YAML takes an unquoted # for a comment)" if keys is None else ""
            problems.append(ConfigError(str(path), f"{KEYMAP}.{name}", f"it needs a key, such as ctrl+n{hint}"))
    return found


def _kind(value: Any) -> str:
    """Return what a value is, in a person's words."""
    kinds = {str: "an empty text", bool: "true or false", int: "a number", float: "a number", list: "a list"}
    return kinds.get(type(value), "a mapping")


def _anchored(store: str, folder: Path) -> str:
    """Return a store of the file with `~` spelt out and a relative path taken from the file's own folder."""
    if "://" in store or store.startswith("memory:"):
        return store
    return str(folder / Path(store).expanduser())
