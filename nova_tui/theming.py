"""Themes: a YAML file becomes a checked ThemeSpec, which holds data only and knows no toolkit.

A file names colours as `#rgb`, `#rrggbb`, `ansi_…` or one of a few plain words, and nothing else that a style sheet
would read. A file that cannot be used is a ThemeError with the file, the key and the reason; the others still load.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from nova_tui.domain.errors import ThemeError, YamlError
from nova_tui.yamlio import read_yaml

MAX_FILE: Final = 100_000
"""Bytes of a theme file."""
COLOURS: Final = (
    "primary", "secondary", "accent", "warning", "error", "success",
    "foreground", "background", "surface", "panel", "boost",
)  # fmt: skip
"""The colours of a theme; only `primary` is required."""
OWN_VARIABLES: Final = {
    "role-user": "primary",
    "role-assistant": "success",
    "role-system": "warning",
    "row-muted": "foreground",
    "code-background": "surface",
}
"""nova-tui's own variables, each with the colour that it has where a theme leaves it out."""
_HEADINGS: Final = [f"markdown-h{level}" for level in range(1, 7)]
TOOLKIT_COLOURS: Final = frozenset({
    "text", "text-muted", "text-disabled",
    *(f"text-{name}" for name in COLOURS[:6]), *(f"{name}-muted" for name in COLOURS[:7]),
    "foreground-disabled", "surface-active", "border", "border-blurred", "ansi-background", "ansi-foreground",
    "block-cursor-foreground", "block-cursor-background", "block-cursor-blurred-foreground",
    "block-cursor-blurred-background", "block-hover-background",
    "scrollbar", "scrollbar-hover", "scrollbar-active", "scrollbar-background", "scrollbar-background-hover",
    "scrollbar-background-active", "scrollbar-corner-color",
    "link-color", "link-color-hover", "link-background", "link-background-hover",
    "footer-foreground", "footer-background", "footer-key-foreground", "footer-key-background",
    "footer-description-foreground", "footer-description-background", "footer-item-background",
    "input-cursor-foreground", "input-cursor-background", "input-selection-foreground", "input-selection-background",
    "screen-selection-foreground", "screen-selection-background", "button-foreground", "button-color-foreground",
    *(f"{heading}-color" for heading in _HEADINGS), *(f"{heading}-background" for heading in _HEADINGS),
})  # fmt: skip
"""The toolkit's variables that hold a colour."""
TOOLKIT_STYLES: Final = frozenset({
    "block-cursor-text-style", "block-cursor-blurred-text-style", "input-cursor-text-style", "button-focus-text-style",
    "link-style", "link-style-hover", *(f"{heading}-text-style" for heading in _HEADINGS),
})  # fmt: skip
"""The toolkit's variables that hold a style of text."""
_ANSI: Final = [
    f"ansi_{bright}{name}"
    for bright in ("", "bright_")
    for name in ("black", "red", "green", "yellow", "blue", "magenta", "cyan", "white")
]
_WORDS: Final = ("black", "white", "red", "green", "blue", "yellow", "cyan", "magenta", "gray", "orange", "purple")
NAMED: Final = frozenset({*_WORDS, *_ANSI, "ansi_default"})
"""Colours that are written as a word."""
_HEX: Final = re.compile(r"#(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})")
_STRENGTH: Final = re.compile(r" (?:[1-9]?[0-9]|100)%")
_STYLE: Final = re.compile(r"none|(?:(?:not )?(?:bold|dim|italic|underline|reverse|strike)(?: (?!$)|$))+")
_NAME: Final = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?")


@dataclass(frozen=True, slots=True)
class ThemeSpec:
    """A checked theme. A colour that is None is the toolkit's choice; all of our own variables are filled in."""

    name: str
    primary: str
    secondary: str | None = None
    accent: str | None = None
    warning: str | None = None
    error: str | None = None
    success: str | None = None
    foreground: str | None = None
    background: str | None = None
    surface: str | None = None
    panel: str | None = None
    boost: str | None = None
    dark: bool = True
    ansi: bool = False
    """Whether the colours are the terminal's own sixteen."""
    variables: dict[str, str] = field(default_factory=dict)
    path: Path | None = field(default=None, compare=False)
    """The file it was read from."""

    def arguments(self) -> dict[str, Any]:
        """Return what the toolkit's theme takes, by name."""
        names = [entry.name for entry in dataclasses.fields(self) if entry.name != "path"]
        return {name: getattr(self, name) for name in names}


# -- finding ------------------------------------------------------------------------------------------------------


def bundled_folder() -> Path:
    """Return the folder of the bundled themes: in the package when it is installed, else in the repository."""
    package = Path(__file__).parent
    inside = package / "themes"
    return inside if inside.is_dir() else package.parent / "themes"


def theme_folders(configuration: Path) -> list[Path]:
    """Return where themes are looked for: the bundled ones, then `themes` in the configuration folder."""
    return [bundled_folder(), configuration / "themes"]


def load_themes(folders: Iterable[Path]) -> tuple[list[ThemeSpec], list[ThemeError]]:
    """Read every theme of the folders, by name; a later folder's theme replaces an earlier one of the same name."""
    specs: dict[str, ThemeSpec] = {}
    problems = []
    for folder in folders:
        for path in theme_files(folder):
            try:
                spec = load_theme_file(path)
            except ThemeError as error:
                problems.append(error)
            else:
                specs[spec.name] = spec
    return [specs[name] for name in sorted(specs)], problems


def find_theme(name: str, folders: Iterable[Path]) -> ThemeSpec:
    """Return one theme without reading the others where its file bears its name; raise ThemeError."""
    folders = list(folders)
    if _NAME.fullmatch(name):
        for folder in reversed(folders):
            path = folder / f"{name}.yaml"
            if path.is_file() and (spec := load_theme_file(path)).name == name:
                return spec
    found, _problems = load_themes(folders)
    for spec in found:
        if spec.name == name:
            return spec
    raise ThemeError(name, "name", f"there is no such theme; there are {', '.join(spec.name for spec in found)}")


def theme_files(folder: Path) -> list[Path]:
    """Return the theme files of a folder, by name; none where there is no folder."""
    try:
        return sorted(path for path in folder.iterdir() if path.suffix in (".yaml", ".yml") and path.is_file())
    except OSError:
        return []


# -- checking -----------------------------------------------------------------------------------------------------


def load_theme_file(path: Path) -> ThemeSpec:
    """Read and check one theme file; raise ThemeError."""
    try:
        if path.exists() and not path.is_file():
            raise ThemeError(str(path), "file", "it is not a regular file")
        if path.stat().st_size > MAX_FILE:
            raise ThemeError(str(path), "file", f"it is larger than {MAX_FILE:,} bytes")
        text = path.read_text(encoding="utf-8")
        mapping = read_yaml(text)
    except OSError as error:
        raise ThemeError(str(path), "file", error.strerror or str(error)) from error
    except UnicodeDecodeError as error:
        raise ThemeError(str(path), "file", f"it is not UTF-8 text (byte {error.start})") from error
    except YamlError as error:
        raise ThemeError(str(path), f"line {error.line}" if error.line else "file", error.reason) from error
    try:
        return check_theme(mapping, path)
    except ThemeError as error:
        line = _line_of(error.key, text)
        raise ThemeError(str(path), f"line {line}, {error.key}" if line else error.key, error.reason) from error


def _line_of(key: str, text: str) -> int:
    """Return the line that a key, such as `variables.border`, stands in; 0 where it cannot be told."""
    at, indent = 0, ""
    for part in key.split("."):
        found = re.compile(rf"^{indent}[\"']?{re.escape(part)}[\"']?[ \t]*:", re.MULTILINE).search(text, at)
        if found is None:
            return 0
        at, indent = found.end(), r"[ \t]+"
    return text.count("\n", 0, at) + 1


def check_theme(mapping: Any, path: Path) -> ThemeSpec:
    """Return the theme that a mapping describes; raise ThemeError for the first thing wrong with it."""
    check = _Check(str(path))
    if not isinstance(mapping, dict):
        raise check.error("file", "it is not a mapping of keys to values")
    known = ("name", "dark", "ansi", *COLOURS, "variables")
    for key in mapping:
        if key not in known:
            raise check.error(key, f"there is no such key; there are {', '.join(known)}")
    for key in ("name", "primary"):
        if key not in mapping:
            raise check.error(key, "it is missing")
    colours = {key: check.colour(key, mapping[key]) for key in COLOURS if key in mapping}
    variables = check.variables(mapping.get("variables", {}))
    missing = {key: colours.get(stand_in) for key, stand_in in OWN_VARIABLES.items() if key not in variables}
    return ThemeSpec(
        check.name(mapping["name"]),
        **colours,
        dark=check.switch("dark", mapping.get("dark", True)),
        ansi=check.switch("ansi", mapping.get("ansi", False)),
        variables={**variables, **{key: colour or colours["primary"] for key, colour in missing.items()}},
        path=path,
    )


@dataclass(frozen=True, slots=True)
class _Check:
    """Checks the values of one file."""

    file: str

    def error(self, key: str, reason: str) -> ThemeError:
        """Return the error of a key."""
        return ThemeError(self.file, key, reason)

    def name(self, value: Any) -> str:
        """Return the name of a theme."""
        if not isinstance(value, str) or not _NAME.fullmatch(value):
            raise self.error("name", "it needs small letters, digits and hyphens, 40 at most")
        return value

    def switch(self, key: str, value: Any) -> bool:
        """Return true or false."""
        if not isinstance(value, bool):
            raise self.error(key, "it needs true or false")
        return value

    def colour(self, key: str, value: Any) -> str:
        """Return a colour."""
        if not isinstance(value, str) or not (_HEX.fullmatch(value) or value in NAMED):
            hint = " (YAML takes an unquoted # for a comment; write '#…')" if value is None else ""
            raise self.error(key, f"{_shown(value)} is not a colour; use '#rgb', '#rrggbb' or ansi_red …{hint}")
        return value

    def variables(self, value: Any) -> dict[str, str]:
        """Return the variables."""
        if not isinstance(value, dict):
            raise self.error("variables", "it is not a mapping of names to colours")
        return {name: self.variable(name, entry) for name, entry in value.items()}

    def variable(self, name: str, value: Any) -> str:
        """Return the value of a variable: a colour, perhaps with a strength in percent, or a style of text."""
        key = f"variables.{name}"
        if name in TOOLKIT_STYLES:
            if not isinstance(value, str) or not _STYLE.fullmatch(value):
                raise self.error(key, f"{_shown(value)} is not a style of text; use bold, italic, underline … or none")
            return value
        if name not in OWN_VARIABLES and name not in TOOLKIT_COLOURS:
            raise self.error(key, f"there is no such variable; nova-tui's own are {', '.join(OWN_VARIABLES)}")
        if isinstance(value, str) and (strength := _STRENGTH.search(value)) and strength.end() == len(value):
            return self.colour(key, value[: strength.start()]) + strength[0]
        if value == "transparent" and name.endswith("background"):
            return "transparent"
        return self.colour(key, value)


def _shown(value: Any) -> str:
    """Return a wrong value as the sentence about it shows it."""
    return value if isinstance(value, str) and value else "an empty value" if value in (None, "") else repr(value)
