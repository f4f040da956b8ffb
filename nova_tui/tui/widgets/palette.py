"""Palette: one Rich style object for each combination of style names, shared by everything that is painted with it."""

from __future__ import annotations

from collections.abc import Callable

from rich.style import Style

Resolve = Callable[[tuple[str, ...]], Style]
"""Gives the style of names that are laid over each other from left to right."""

LINK = "link"
"""Key of the address in the meta of a style; `event.style.meta` has it on a click."""


class Palette:
    """Styles by names. Sharing them matters: a style computes its escape sequence once, not once a piece of text."""

    def __init__(self, resolve: Resolve, over: tuple[str, ...] = ()) -> None:
        self._resolve = resolve
        self._over = over
        self._styles: dict[tuple[str, ...], Style] = {}
        self._links: dict[tuple[tuple[str, ...], str], Style] = {}

    @property
    def is_true(self) -> bool:
        """Whether the styles are still what their names stand for."""
        return all(self._resolve((*names, *self._over)) == style for names, style in self._styles.items())

    def style(self, *names: str) -> Style:
        """Return the style of these names, and over them the palette's own."""
        style = self._styles.get(names)
        if style is None:
            style = self._styles[names] = self._resolve((*names, *self._over))
        return style

    def link(self, names: tuple[str, ...], url: str) -> Style:
        """Return the style of a link to an address."""
        key = (names, url)
        style = self._links.get(key)
        if style is None:
            if len(self._links) > 1000:
                self._links.clear()
            style = self._links[key] = self.style(*names) + Style.from_meta({LINK: url})
        return style
