"""The `help` command: a command's own help, or a page about what they share."""

from __future__ import annotations

from typing import Final

import click

from nova_tui.cli.context import Context, pass_context

PAGES: Final = {
    "query": """What search and the filter of the list understand

  refund order          both words, in any order, in one row or title
  "charged twice"       these words next to each other
  refu*                 words that begin so
  -draft                not this word
  role:user             rows of that speaker: user, assistant, system
  tag:demo title:plan   sessions with that tag, with that word in the title
  has:image has:hidden  rows with an image, hidden rows
  is:starred is:archived
  updated:<7d           changed in the last seven days; also h, w, m, y
  created:>2026-01-01   made after that day

Case and accents make no difference. The trash is never searched, the archive only with is:archived.""",
    "stores": """What --store and NOVA_TUI_STORE take

  /path/to/file.db                  a SQLite file (the default, in the user-data folder)
  sqlite:///path/to/file.db         the same
  /path/to/folder  file:///folder   one YAML file a session, to read, edit and share
  postgresql://user@host/database   a PostgreSQL server (not in this version yet)
  memory:                           nothing is kept

nova-tui copy --from URL --to URL takes everything from one to another.""",
    "settings": """What is set, and where

An option comes before an environment variable, that before the configuration file, that before the default.

  --store URL      NOVA_TUI_STORE    store: URL
  --user ID        NOVA_TUI_USER     user: ID
  --theme NAME                       theme: NAME    (else the one chosen in the screen with F9)
  --config FILE    NOVA_TUI_CONFIG
                                     keys: {list.new: ctrl+n}    (nova-tui keys lists the ids)

nova-tui config shows the values and their sources, nova-tui config check what is wrong with them.
A person's own themes are in the folder themes beside the configuration file; the screen follows them as they are
saved.""",
}
"""Pages that belong to no command."""


@click.command("help")
@click.argument("topic", nargs=-1)
@click.pass_context
@pass_context
def help_command(context: Context, ctx: click.Context, topic: tuple[str, ...]) -> None:
    """Show the help of a command, or a page: query, stores, settings.

    Without a TOPIC it shows the help of the program.
    """
    root = ctx.find_root()
    group = root.command
    if not topic:
        click.echo(root.get_help())
        click.echo(f"\nPages: {', '.join(PAGES)}; nova-tui help PAGE shows one.")
        return
    if len(topic) == 1 and topic[0] in PAGES:
        context.write(PAGES[topic[0]])
        return
    within = root
    for word in topic:
        command = group.get_command(within, word) if isinstance(group, click.Group) else None
        if command is None:
            raise click.UsageError(_unknown(" ".join(topic), group, within), ctx)
        within = click.Context(command, parent=within, info_name=word)
        group = command
    click.echo(within.get_help())


def _unknown(topic: str, group: click.Command, within: click.Context) -> str:
    """Say which topics there are that look like a wrong one."""
    from difflib import get_close_matches

    names = [*(group.list_commands(within) if isinstance(group, click.Group) else ()), *PAGES]
    near = get_close_matches(topic, names, 3, 0.5)
    hint = (
        f"do you mean {' or '.join(near)}?" if near else f"pages are {', '.join(PAGES)}, and each command is a topic."
    )
    return f"There is no help on {topic!r}; {hint}"
