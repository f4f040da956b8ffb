"""From checked themes to Textual's, and the shelf that watches the files they come from."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from textual.theme import Theme

from nova_tui.config import keep_theme
from nova_tui.domain.errors import ThemeError
from nova_tui.theming import ThemeSpec, bundled_folder, load_themes, theme_files

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


class Shelved(NamedTuple):
    """What the folders hold now."""

    specs: Sequence[ThemeSpec]
    problems: Sequence[ThemeError]


class ThemeShelf:
    """The theme files, and where the choice among them is kept. It reads and writes disks: use it from a thread."""

    def __init__(self, folders: Iterable[Path], *, chosen: Path | None = None, pinned: str | None = None) -> None:
        self._folders = tuple(folders)
        self._chosen = chosen
        self.pinned = pinned
        """What names a theme and comes before the choice at every start: a file or an option."""
        self._seen: object = None

    def look(self) -> Shelved | None:
        """Return all themes when a file was saved, made or removed since the last look (always the first time).

        The bundled ones do not change.
        """
        own = (folder for folder in self._folders if folder != bundled_folder())
        seen = [(str(path), *_mark(path)) for folder in own for path in theme_files(folder)]
        if seen == self._seen:
            return None
        self._seen = seen
        return Shelved(*load_themes(self._folders))

    def keep(self, name: str) -> None:
        """Keep the choice for the next start; raise ThemeError where that cannot be done."""
        if self._chosen is not None:
            try:
                keep_theme(self._chosen, name)
            except OSError as error:
                raise ThemeError(str(self._chosen), "theme", error.strerror or str(error)) from error


def _mark(path: Path) -> tuple[int, int, int]:
    """Return what changes when a file is saved; zeros for one that is gone again."""
    with contextlib.suppress(OSError):
        found = os.stat(path)  # noqa: PTH116
        return found.st_mtime_ns, found.st_size, found.st_ino
    return 0, 0, 0
