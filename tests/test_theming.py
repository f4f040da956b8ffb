"""Themes: what a file may say, and what the bundled ones look like."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from nova_tui.domain.errors import ThemeError
from nova_tui.theming import (
    COLOURS,
    NAMED,
    OWN_VARIABLES,
    TOOLKIT_COLOURS,
    TOOLKIT_STYLES,
    ThemeSpec,
    bundled_folder,
    check_theme,
    find_theme,
    load_theme_file,
    load_themes,
    theme_files,
    theme_folders,
)

BUNDLED = [load_theme_file(path) for path in theme_files(bundled_folder())]
FILE = Path("mine.yaml")


def luminance(colour: str) -> float:
    """Return the relative luminance of `#rrggbb`, as WCAG 2 defines it."""
    parts = [int(colour[index : index + 2], 16) / 255 for index in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def texts_on_grounds(spec: ThemeSpec) -> Iterator[tuple[str, str, str]]:
    """Yield every pair of text and ground that the screen shows, with a name."""
    colours = {**{name: getattr(spec, name) for name in COLOURS}, **spec.variables}
    grounds = ("background", "surface", "code-background")
    everywhere = ("foreground", "row-muted", "role-user", "role-assistant", "role-system", "primary", "accent")
    states = ("secondary", "warning", "error", "success")
    for ground in grounds:
        for text in everywhere + states:
            yield f"{text} on {ground}", colours[text], colours[ground]
    for text in ("foreground", "role-user", "role-assistant", "role-system", "row-muted"):
        yield f"{text} on panel", colours[text], colours["panel"]
    for part in ("block-cursor", "block-cursor-blurred"):
        yield part, colours[f"{part}-foreground"], colours[f"{part}-background"]
    for part in ("footer", "footer-key", "footer-description"):
        yield part, colours[f"{part}-foreground"], colours["footer-background"]


# -- the bundled ones ---------------------------------------------------------------------------------------------


def test_there_are_eight_themes_and_more_dark_and_light() -> None:
    assert len(BUNDLED) >= 8
    assert {spec.dark for spec in BUNDLED} == {True, False}
    assert {"nova-dark", "nova-light", "high-contrast", "ansi"} <= {spec.name for spec in BUNDLED}


@pytest.mark.parametrize("spec", BUNDLED, ids=lambda spec: spec.name)
def test_a_bundled_theme_bears_the_name_of_its_file_and_says_everything(spec: ThemeSpec) -> None:
    assert spec.path is not None
    assert spec.path.stem == spec.name
    assert None not in spec.arguments().values()
    assert set(OWN_VARIABLES) <= set(spec.variables)


@pytest.mark.parametrize("spec", [spec for spec in BUNDLED if not spec.ansi], ids=lambda spec: spec.name)
def test_text_is_readable_on_every_ground(spec: ThemeSpec) -> None:
    least = 7.0 if spec.name == "high-contrast" else 4.5
    weak = [
        f"{name}: {contrast(text, ground):.2f}"
        for name, text, ground in texts_on_grounds(spec)
        if contrast(text, ground) < least
    ]
    assert not weak
    assert spec.foreground
    assert spec.background
    assert contrast(spec.foreground, spec.background) >= 7


@pytest.mark.parametrize("spec", [spec for spec in BUNDLED if spec.ansi], ids=lambda spec: spec.name)
def test_a_sixteen_colour_theme_names_no_other_colour(spec: ThemeSpec) -> None:
    values = [value for value in [*spec.arguments().values(), *spec.variables.values()] if isinstance(value, str)]
    assert all(value.startswith("ansi") for value in values)


@pytest.mark.parametrize("spec", BUNDLED, ids=lambda spec: spec.name)
def test_the_toolkit_takes_it(spec: ThemeSpec) -> None:
    from textual.theme import Theme

    assert Theme(**spec.arguments()).to_color_system().generate()["border"].lower() == spec.variables["border"]


def test_the_toolkit_knows_the_variables_and_the_words() -> None:
    from textual.color import Color
    from textual.theme import Theme

    known = set(Theme(name="any", primary="#ff0000").to_color_system().generate())
    assert known >= TOOLKIT_COLOURS | TOOLKIT_STYLES
    for name in NAMED:
        Color.parse(name)


# -- what a file may say ------------------------------------------------------------------------------------------


def test_the_least_theme_gets_our_own_variables() -> None:
    spec = check_theme({"name": "mine", "primary": "#123", "foreground": "#eeeeee"}, FILE)
    assert spec.primary == "#123"
    assert spec.background is None
    assert spec.dark
    assert spec.variables == {
        "role-user": "#123",
        "role-assistant": "#123",
        "role-system": "#123",
        "row-muted": "#eeeeee",
        "code-background": "#123",
    }


@pytest.mark.parametrize(
    ("change", "key", "reason"),
    [
        ({"primary": "red; } * { display: none"}, "primary", "is not a colour"),
        ({"primary": "$secret"}, "primary", "is not a colour"),
        ({"primary": None}, "primary", "unquoted #"),
        ({"primary": "#12345"}, "primary", "is not a colour"),
        ({"primary": ["#fff"]}, "primary", "is not a colour"),
        ({"primary": "ansi_greenb"}, "primary", "is not a colour"),
        ({"primery": "#fff"}, "primery", "no such key"),
        ({"dark": "yes"}, "dark", "true or false"),
        ({"ansi": 1}, "ansi", "true or false"),
        ({"name": "../etc"}, "name", "small letters"),
        ({"name": 5}, "name", "small letters"),
        ({"variables": []}, "variables", "not a mapping"),
        ({"variables": {"role_user": "#fff"}}, "variables.role_user", "no such variable"),
        ({"variables": {"role-user": "nope"}}, "variables.role-user", "is not a colour"),
        ({"variables": {"role-user": "#fff 101%"}}, "variables.role-user", "is not a colour"),
        ({"variables": {"role-user": "transparent"}}, "variables.role-user", "is not a colour"),
        ({"variables": {"link-style": "blink"}}, "variables.link-style", "not a style"),
        ({"variables": {"link-style": "bold "}}, "variables.link-style", "not a style"),
    ],
)
def test_a_mistake_names_file_key_and_reason(change: dict[str, Any], key: str, reason: str) -> None:
    with pytest.raises(ThemeError) as caught:
        check_theme({"name": "mine", "primary": "#fff", **change}, FILE)
    assert (caught.value.file, caught.value.key) == ("mine.yaml", key)
    assert reason in caught.value.reason
    assert str(caught.value).startswith("mine.yaml: ")


@pytest.mark.parametrize("value", ["#fff", "#A0b1C2", "ansi_bright_red", "orange", "#fff 30%", "ansi_red 0%"])
def test_a_variable_takes_a_colour_with_a_strength(value: str) -> None:
    assert (
        check_theme({"name": "m", "primary": "#fff", "variables": {"border": value}}, FILE).variables["border"] == value
    )


@pytest.mark.parametrize("value", ["none", "bold", "bold underline", "bold not underline"])
def test_a_style_of_text(value: str) -> None:
    mapping = {"name": "m", "primary": "#fff", "variables": {"link-style": value}}
    assert check_theme(mapping, FILE).variables["link-style"] == value


@pytest.mark.parametrize(
    ("content", "key"),
    [
        (b"- one\n", "file"),
        (b"name: [", "line 2"),
        (b"name: &a x\n", "line 1"),
        (b"name: \xff\n", "file"),
        (b"", "file"),
        (b"name: x\n" + b"#" * 100_001, "file"),
        (b"[" * 100_000, "line 1"),
    ],
)
def test_a_file_that_cannot_be_read(tmp_path: Path, content: bytes, key: str) -> None:
    path = tmp_path / "bad.yaml"
    path.write_bytes(content)
    with pytest.raises(ThemeError) as caught:
        load_theme_file(path)
    assert caught.value.key == key
    assert len(str(caught.value)) < 700


def test_a_folder_is_not_a_theme_and_a_missing_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(ThemeError, match="regular file"):
        load_theme_file(tmp_path)
    with pytest.raises(ThemeError, match="No such file"):
        load_theme_file(tmp_path / "missing.yaml")


# -- finding ------------------------------------------------------------------------------------------------------


def test_a_bad_theme_hurts_only_itself_and_mine_replaces_the_bundled_one(tmp_path: Path) -> None:
    own = tmp_path / "themes"
    own.mkdir()
    (own / "bad.yaml").write_text("name: bad\n")
    (own / "mine.yaml").write_text('name: nova-dark\nprimary: "#ff0000"\n')
    (own / "notes.txt").write_text("not a theme")
    specs, problems = load_themes(theme_folders(tmp_path))
    assert len(specs) == len(BUNDLED)
    assert next(spec for spec in specs if spec.name == "nova-dark").primary == "#ff0000"
    assert [problem.key for problem in problems] == ["primary"]
    assert find_theme("nova-dark", [own]).primary == "#ff0000"


def test_a_missing_folder_holds_no_themes(tmp_path: Path) -> None:
    assert load_themes([tmp_path / "none"]) == ([], [])


def test_an_unknown_theme_is_said_with_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(ThemeError, match="nova-dark"):
        find_theme("none-such", theme_folders(tmp_path))
    with pytest.raises(ThemeError):
        find_theme("../../etc/passwd", theme_folders(tmp_path))
