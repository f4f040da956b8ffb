"""The `config` command."""

from __future__ import annotations

import click

from nova_tui.cli.context import Context, pass_context
from nova_tui.cli.failure import REPORTED
from nova_tui.cli.screen import with_known_theme
from nova_tui.cli.table import table
from nova_tui.config import KEYS, Settings
from nova_tui.domain.errors import ConfigError, ThemeError
from nova_tui.domain.safe_text import clean_line
from nova_tui.theming import load_themes, theme_folders


@click.command("config")
@click.argument("action", type=click.Choice(["path", "show", "check"]), default="show")
@click.pass_context
@pass_context
def config_command(context: Context, ctx: click.Context, action: str) -> None:
    """Show what is set, and from where (the default), where the file is, or what is wrong."""
    settings = context.settings
    if action == "path":
        context.write(str(settings.path))
    elif action == "show":
        context.write("\n".join(table(["SETTING", "VALUE", "FROM"], lines_of(settings), None)))
        context.warn_of_settings()
    else:
        problems = problems_of(settings)
        for problem in problems:
            context.say(f"nova-tui: {problem}")
        if problems:
            ctx.exit(REPORTED)
        where = str(settings.path) if settings.path.exists() else f"{settings.path} (not there; nothing needs it)"
        context.write(f"{clean_line(where, 1000)}: nothing is wrong.")


def lines_of(settings: Settings) -> list[list[str]]:
    """Return each setting with its value and its source, passwords left out."""
    found = [(key, getattr(settings, key)) for key in KEYS]
    return [
        [key, clean_line(without_password(entry.value), 1000), clean_line(entry.source, 1000)] for key, entry in found
    ]


def problems_of(settings: Settings) -> list[str]:
    """Return what is wrong with the settings and with the person's own themes."""
    try:
        settings = with_known_theme(settings)
        problems = [str(problem) for problem in settings.problems]
    except ThemeError as error:
        problems = [*map(str, settings.problems), str(error)]
    _specs, bad_themes = load_themes(theme_folders(settings.folder))
    return [*problems, *map(str, problems_of_keys(settings)), *map(str, bad_themes)]


def problems_of_keys(settings: Settings) -> list[ConfigError]:
    """Return what is wrong with the keys, for which the whole screen is loaded."""
    if not settings.keys:
        return []
    from nova_tui.tui.screens.key_table import checked_keymap

    return checked_keymap(settings.keys, str(settings.path))[1]


def without_password(store: str) -> str:
    """Return a store's URL with its password as stars."""
    scheme, found, rest = store.partition("://")
    account, at, place = rest.rpartition("@")
    name, colon, _password = account.partition(":")
    return f"{scheme}://{name}:***@{place}" if found and at and colon else store
