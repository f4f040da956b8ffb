"""Opening the screen: on the user's store, or on the demo library."""

from __future__ import annotations

import os
import sys
from pathlib import PurePath
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import click

from nova_tui.cli.context import Context, pass_context

if TYPE_CHECKING:
    from collections.abc import Callable

    from nova_tui.storage.provider import SessionStorageProvider


def open_screen(
    context: Context, open_provider: Callable[[], SessionStorageProvider] | None = None, place: str | None = None
) -> int:
    """Open the screen, on the user's store unless another is given, and return the exit status."""
    require_terminal()
    from nova_tui.tui.app import run_screen

    settings = context.settings
    return run_screen(
        open_provider or context.open_provider,
        user_id=settings.user.value,
        place=place or place_of(settings.store.value),
        theme=settings.theme.value or None,
        settings=settings,
    )


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


def require_terminal() -> None:
    """Raise UsageError where there is no terminal to draw on."""
    streams = (sys.stdin, "standard input"), (sys.stdout, "standard output")
    missing = [words for stream, words in streams if not stream.isatty()]
    if missing:
        raise click.UsageError(f"The screen needs a terminal, and {missing[-1]} is none; nova-tui list needs none.")
    if os.environ.get("TERM", "dumb") in ("", "dumb", "unknown"):
        raise click.UsageError("The screen needs a terminal that TERM names; nova-tui list needs none.")


def place_of(store: str) -> str:
    """Return a store's URL as a short name that holds no password."""
    if "://" not in store:
        return PurePath(store).name or store
    parts = urlsplit(store)
    return PurePath(parts.path).name if parts.scheme in ("file", "sqlite") else f"{parts.hostname or ''}{parts.path}"
