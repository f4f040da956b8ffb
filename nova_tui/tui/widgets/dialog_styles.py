"""The looks of a dialog: component classes and their colours in dark, light and 16-colour themes."""

from __future__ import annotations

from typing import Final

PREFIX: Final = "dialog-view--"
COMPONENTS: Final = (
    # the text
    "text",
    *(f"h{level}" for level in range(1, 7)),
    *("strong", "em", "strike", "link", "address", "image", "call", "note", "marker", "quote-bar", "rule"),
    *("table-head", "find", "hidden", "plain"),
    # code
    *("code-inline", "code", "code-bar", "code-language", "code-comment", "code-keyword", "code-string"),
    *("code-number", "code-function", "code-type", "code-constant", "code-inserted", "code-deleted"),
    # around the text
    *("label", "label-about", "label-time", "role-user", "role-assistant", "role-system", "role-hidden"),
    *("cursor", "current", "mark", "fold"),
)
"""Names of the component classes, without their prefix."""

_RULES: Final = {
    "text": "color: $foreground;",
    "h1": "color: $text-primary; text-style: bold underline;",
    "h2": "color: $text-primary; text-style: bold;",
    "h3": "text-style: bold;",
    "h4": "text-style: bold;",
    "h5": "text-style: bold;",
    "h6": "text-style: bold;",
    "strong": "text-style: bold;",
    "em": "text-style: italic;",
    "strike": "text-style: strike;",
    "link": "color: $text-accent; text-style: underline;",
    "address": "color: $row-muted;",
    "image": "color: $row-muted;",
    "call": "color: $row-muted;",
    "note": "color: $row-muted; text-style: italic;",
    "marker": "color: $row-muted;",
    "quote-bar": "color: $row-muted;",
    "rule": "color: $row-muted;",
    "table-head": "text-style: bold;",
    "find": "color: $background; background: $warning; text-style: bold;",
    "hidden": "color: $row-muted;",
    "code-inline": "color: $text-warning;",
    "code": "background: $code-background;",
    "code-bar": "color: $row-muted;",
    "code-language": "color: $row-muted;",
    "code-comment": "color: $row-muted; text-style: italic;",
    "code-keyword": "color: $text-accent;",
    "code-string": "color: $text-success;",
    "code-number": "color: $text-warning;",
    "code-function": "color: $text-primary;",
    "code-type": "color: $text-secondary;",
    "code-constant": "color: $text-warning;",
    "code-inserted": "color: $text-success;",
    "code-deleted": "color: $text-error;",
    "label": "text-style: bold;",
    "label-about": "color: $row-muted;",
    "label-time": "color: $row-muted;",
    "role-user": "color: $role-user;",
    "role-assistant": "color: $role-assistant;",
    "role-system": "color: $role-system;",
    "role-hidden": "color: $row-muted;",
    "cursor": "background: $foreground 6%;",
    "current": "background: $accent 16%;",
    "mark": "color: $accent; text-style: bold;",
    "fold": "color: $row-muted;",
}
_ANSI_RULES: Final = {
    "find": "color: ansi_black; background: ansi_yellow;",
    "cursor": "background: ansi_default; text-style: underline;",
    "current": "background: ansi_default; text-style: bold underline;",
}


def _css() -> str:
    """Return the style sheet of the view."""
    rules = "\n".join(f"    & > .{PREFIX}{name} {{ {rule} }}" for name, rule in _RULES.items())
    ansi = "\n".join(f"    &:ansi > .{PREFIX}{name} {{ {rule} }}" for name, rule in _ANSI_RULES.items())
    return f"""
DialogView {{
    background: $background;
    color: $foreground;
    scrollbar-color: $foreground 15%;
    scrollbar-color-hover: $foreground 30%;
    scrollbar-color-active: $foreground 40%;
    scrollbar-background: $background;
    scrollbar-background-hover: $background;
    scrollbar-background-active: $background;
    &:ansi {{
        scrollbar-color: ansi_bright_black;
        scrollbar-color-hover: ansi_white;
        scrollbar-color-active: ansi_white;
    }}
{rules}
{ansi}
}}
"""


DIALOG_CSS: Final = _css()
