"""From a checked theme to a Textual theme."""

from __future__ import annotations

from textual.theme import Theme

from nova_tui.theming import ThemeSpec

DEFAULT_THEME = "nova-dark"

VARIABLE_DEFAULTS = {
    "role-user": "ansi_blue",
    "role-assistant": "ansi_green",
    "role-system": "ansi_magenta",
    "row-muted": "ansi_bright_black",
    "code-background": "ansi_default",
}
"""What our own variables are where a theme says nothing of them."""


def to_textual(spec: ThemeSpec) -> Theme:
    """Return the Textual theme of a spec."""
    return Theme(**spec.arguments())
