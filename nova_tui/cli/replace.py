"""The `replace` command."""

from __future__ import annotations

import click

from nova_tui.cli.context import Context, pass_context
from nova_tui.cli.difference_text import difference_lines
from nova_tui.cli.failure import REPORTED
from nova_tui.cli.listing import SHORT_ID
from nova_tui.cli.minus import MinusCommand, unshielded
from nova_tui.cli.progress import progress_of
from nova_tui.domain.errors import NovaError
from nova_tui.domain.safe_text import clean_line
from nova_tui.services.replacing import Replaced, Search, Wanted, replace_in_sessions


@click.command("replace", cls=MinusCommand)
@click.argument("pattern")
@click.argument("text")
@click.argument("ids", metavar="[ID]...", nargs=-1)
@click.option(
    "--regex", is_flag=True, help="PATTERN is a regular expression; TEXT may name its groups: \\1, \\g<name>."
)
@click.option("--ignore-case", is_flag=True, help="Capitals and small letters are alike.")
@click.option("--dry-run", "trial", is_flag=True, help="Only show what would be changed.")
@click.option("--json", "as_json", is_flag=True, help="Write a JSON array.")
@click.pass_context
@pass_context
def replace_command(
    context: Context,
    ctx: click.Context,
    pattern: str,
    text: str,
    ids: tuple[str, ...],
    regex: bool,
    ignore_case: bool,
    trial: bool,
    as_json: bool,
) -> None:
    """Find PATTERN in the rows of sessions, put TEXT in its place, and print what that changed.

    Without an ID all sessions are looked through, archived ones and hidden rows too. Each session is one change that
    undo takes back. In a regular expression ^ and $ match at every line; one that takes too long is stopped.
    """
    pattern, text, ids = unshielded(pattern), unshielded(text), tuple(map(unshielded, ids))
    failures: list[NovaError] = []
    counts = [0, 0, 0]
    with context.library(trial=trial) as library, Search(Wanted(pattern, text, regex, ignore_case)) as search:
        wanted = [library.resolve(id) for id in dict.fromkeys(ids)]
        wanted = list(dict.fromkeys(wanted)) if ids else list(library.store.session_ids(library.user_id))
        with progress_of("Replacing") as progress:
            done = replace_in_sessions(library, wanted, search, trial=trial, progress=progress, failed=failures.append)
            mappings = []
            try:
                for entry in done:
                    counts = [counts[0] + len(entry.hits), counts[1] + len(entry.rows), counts[2] + 1]
                    if as_json:
                        mappings.append(entry.to_mapping())
                    else:
                        write_replaced(context, entry)
            except NovaError as error:
                failures.append(error)
    if as_json:
        context.write_json(mappings)
    if counts[0] or not failures:
        context.say(summary(*counts, trial=trial))
    for failure in failures:
        context.say(f"nova-tui: {failure}")
    if failures:
        ctx.exit(REPORTED)


def write_replaced(context: Context, entry: Replaced) -> None:
    """Write what was replaced in one session."""
    facts = f"{counted(len(entry.hits), 'place')} in {counted(len(entry.rows), 'row')}"
    title = context.styled(clean_line(entry.after.title), bold=True)
    click.echo(f"{entry.after.id[:SHORT_ID]}  {title} · {facts}")
    click.echo("\n".join([*difference_lines(entry.before, entry.after, context), ""]))


def summary(hits: int, rows: int, sessions: int, *, trial: bool) -> str:
    """Return one line about everything."""
    if not hits:
        return "Nothing found."
    where = f"{counted(hits, 'place')} in {counted(rows, 'row')} of {counted(sessions, 'session')}"
    return f"Would replace {where}." if trial else f"Replaced {where}."


def counted(count: int, noun: str) -> str:
    """Return a number of things in words."""
    return f"1 {noun}" if count == 1 else f"{count:,} {noun}s"
