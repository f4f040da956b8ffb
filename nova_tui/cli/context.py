"""Context: what the global options say, and the ways in and out that every command shares."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from nova_tui.domain.errors import FormatError, SessionNotFound, StoreUnavailable
from nova_tui.domain.safe_text import clean, clean_line, cleaned_whole, to_json

if TYPE_CHECKING:
    from nova_tui.config import Settings
    from nova_tui.services.library import Library
    from nova_tui.storage.provider import SessionStorageProvider


@dataclass
class Context:
    """The global options and what follows from them; None where an option was not given."""

    store: str | None = None
    user: str | None = None
    config: Path | None = None
    read_only: bool = False
    theme: str | None = None
    _warned: set[str] = field(default_factory=set, repr=False)

    @cached_property
    def settings(self) -> Settings:
        """What is set, by options, environment, file and defaults."""
        from nova_tui.config import Options, read_settings

        values = {"store": self.store, "user": self.user, "theme": self.theme}
        return read_settings(Options(self.config, values))

    # -- the store ---------------------------------------------------------------------------------------------------

    def open_provider(self, *, create: bool = True, trial: bool = False) -> SessionStorageProvider:
        """Open the store for the user; the caller closes it.

        The default store is made where it is missing, another one only where `create` allows it. For a `trial` it is
        open for reading only, and one that would be made is an empty one in memory.
        """
        from nova_tui.storage.url import is_missing, open_store

        store, user_id = self.settings.store, self.settings.user.value
        create = create or store.default
        if trial and create and is_missing(store.value):
            return open_store("memory:", user_id=user_id)
        read_only = self.read_only or trial
        if store.default and not read_only:
            make_private(Path(store.value).parent)
        return open_store(store.value, user_id=user_id, read_only=read_only, create=create)

    @contextmanager
    def library(self, *, create: bool = False, trial: bool = False) -> Iterator[Library]:
        """Open the store, give the user's library, and close the store; only some commands make a missing store.

        A `trial` writes not a byte.
        """
        from nova_tui.services.library import Library

        self.warn_of_settings()
        with self._telling_of_upgrades():
            opened = self.open_provider(create=create, trial=trial)
        with opened as provider:
            library = Library(provider, self.settings.user.value)
            try:
                yield library
            except SessionNotFound as error:
                raise library.explained(error) from error

    @contextmanager
    def _telling_of_upgrades(self) -> Iterator[None]:
        """Say how far an upgrade of the store is, and in the end where it is kept as it was."""
        from nova_tui.cli.progress import progress_of
        from nova_tui.storage.upgrading import Upgrade, told

        copies: list[Path] = []
        with progress_of("upgrading the store") as progress:

            def listen(upgrade: Upgrade) -> None:
                copies[:] = [upgrade.copy]
                progress(int(upgrade.part * 1000), 1000)

            with told(listen):
                yield
        for copy in copies:
            self.say(f"nova-tui: the store was upgraded; as it was it is kept in {clean_line(str(copy))}")

    def warn_of_settings(self) -> None:
        """Say what is wrong with the settings, each thing once."""
        for problem in self.settings.problems:
            if str(problem) not in self._warned:
                self._warned.add(str(problem))
                self.say(f"nova-tui: {problem}")

    @property
    def colour(self) -> bool:
        """Whether standard output is a terminal that may be coloured."""
        wanted = not os.environ.get("NO_COLOR") and os.environ.get("TERM", "dumb") != "dumb"
        return wanted and sys.stdout.isatty()

    @property
    def width(self) -> int | None:
        """The cells of a line where standard output is a terminal, None where it is not."""
        return shutil.get_terminal_size().columns if sys.stdout.isatty() else None

    def styled(self, text: str, **style: Any) -> str:
        """Return a text safe to show, with a style where standard output may be coloured."""
        return click.style(clean(text), **style) if self.colour else clean(text)

    # -- in and out --------------------------------------------------------------------------------------------------

    def say(self, text: str) -> None:
        """Write a message to standard error, safe to show."""
        click.echo(clean(text), err=True)

    def write(self, text: str) -> None:
        """Write a text to standard output, safe to show, and a newline."""
        click.echo(cleaned_whole(text))

    def write_json(self, value: Any, indent: int | None = 2) -> None:
        """Write JSON to standard output, control and bidi characters escaped, and a newline."""
        click.echo(to_json(value, indent))

    def read_text(self) -> str:
        """Return the text on standard input less one trailing newline; raise FormatError when it is not UTF-8."""
        if sys.stdin.isatty():
            self.say("Write the text, and end it with ctrl+d on a line of its own.")
        content = sys.stdin.buffer.read()
        try:
            return content.decode("utf-8").removesuffix("\n")
        except UnicodeDecodeError as error:
            raise FormatError(f"it is not UTF-8 text (byte {error.start})", "standard input") from error


pass_context = click.make_pass_decorator(Context, ensure=True)
"""Give a command the Context as its first argument."""


def make_private(folder: Path) -> None:
    """Make a folder that only its owner can enter; raise StoreUnavailable where that cannot be done."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if folder.stat().st_mode & 0o077:
            folder.chmod(0o700)
    except OSError as error:
        raise StoreUnavailable(str(folder), clean_line(error.strerror or str(error))) from error
