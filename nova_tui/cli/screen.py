"""Opening the screen: on the user's store, or on the demo library."""

from __future__ import annotations

import dataclasses
import gc
import os
import sys
from pathlib import PurePath
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import click

from nova_tui.cli.context import Context, pass_context
from nova_tui.cli.failure import USAGE
from nova_tui.config import DEFAULT, DEFAULT_THEME, Setting, Settings
from nova_tui.domain.errors import ConfigError, ThemeError

if TYPE_CHECKING:
    from collections.abc import Callable

    from nova_tui.performing.script import Script
    from nova_tui.storage.provider import SessionStorageProvider


class NoTerminal(click.ClickException):
    """The screen was asked for where there is none."""

    exit_code = USAGE


def open_screen(
    context: Context, open_provider: Callable[[], SessionStorageProvider] | None = None, place: str | None = None
) -> int:
    """Open the screen, on the user's store unless another is given, and return the exit status."""
    require_terminal()
    gc.disable()  # loading makes next to no garbage; the app turns the collector on again
    settings = with_known_theme(context.settings)
    from nova_tui.tui.app import run_screen

    return run_screen(
        open_provider or context.open_provider,
        user_id=settings.user.value,
        place=place or place_of(settings.store.value),
        theme=settings.theme.value,
        settings=settings,
    )


def play_screen(
    context: Context, session_id: str, row_id: str | None, speed: float, *, step: bool, script: Script | None
) -> int:
    """Open the screen with the player of a session on it; it ends with the player. Return the exit status."""
    require_terminal("nova-tui play --plain")
    gc.disable()  # as above
    from nova_tui.tui.app import run_screen
    from nova_tui.tui.screens.performing import PlayWish
    from nova_tui.tui.screens.player_desk import Desk

    settings = with_known_theme(context.settings)
    return run_screen(
        context.open_provider,
        user_id=settings.user.value,
        place=place_of(settings.store.value),
        theme=settings.theme.value,
        settings=settings,
        play=PlayWish(session_id, Desk(row_id, speed=speed, step=step), script),
    )


def with_known_theme(settings: Settings) -> Settings:
    """Return the settings with a theme that there is; raise ThemeError for an unknown one named on the command line."""
    from nova_tui.theming import find_theme, theme_folders

    if settings.theme.default:
        return settings
    try:
        find_theme(settings.theme.value, theme_folders(settings.folder))
    except ThemeError as error:
        if settings.theme.source == "--theme":
            raise
        problem = ConfigError(settings.theme.source, "theme", error.reason)
        theme = Setting(DEFAULT_THEME, DEFAULT)
        return dataclasses.replace(settings, theme=theme, problems=(*settings.problems, problem))
    return settings


@click.command("demo")
@click.pass_context
@pass_context
def demo_command(context: Context, ctx: click.Context) -> None:
    """Open the screen on a built-in library of sample sessions.

    They are kept in memory only: nothing is written.
    """
    ctx.exit(open_screen(context, lambda: demo_provider(context.settings.user.value), "demo"))


def demo_provider(user_id: str) -> SessionStorageProvider:
    """Return a memory store with the demo library in it."""
    from nova_tui.services.demo_library import demo_sessions
    from nova_tui.storage.url import open_store

    provider = open_store("memory:", user_id=user_id)
    provider.save_many(demo_sessions(user_id))
    return provider


def require_terminal(instead: str = "nova-tui list") -> None:
    """Raise NoTerminal where there is nothing to draw on; it names what needs no terminal."""
    streams = (sys.stdin, "standard input"), (sys.stdout, "standard output")
    missing = [words for stream, words in streams if not stream.isatty()]
    if missing:
        raise NoTerminal(f"The screen needs a terminal, and {missing[-1]} is none; {instead} needs none.")
    if os.environ.get("TERM", "dumb") in ("", "dumb", "unknown"):
        raise NoTerminal(f"The screen needs a terminal that TERM names; {instead} needs none.")


def place_of(store: str) -> str:
    """Return a store's URL as a short name that holds no password."""
    if "://" not in store:
        return PurePath(store).name or store
    parts = urlsplit(store)
    return PurePath(parts.path).name if parts.scheme in ("file", "sqlite") else f"{parts.hostname or ''}{parts.path}"
