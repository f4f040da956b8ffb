"""The commands `check` and `backup`."""

from __future__ import annotations

from pathlib import Path

import click

from nova_tui.cli.context import Context, pass_context
from nova_tui.cli.failure import REPORTED
from nova_tui.domain.errors import DAMAGED, StoreReadOnly, StoreUnavailable
from nova_tui.domain.safe_text import clean_line

_DAMAGED = "the file is damaged; restore a backup, or copy what can still be read into another store"
LONGEST = 1000
"""Characters shown of a path or a sentence."""


@click.command("check")
@click.option("--repair", is_flag=True, help="Mend what can be mended without a loss.")
@click.pass_context
@pass_context
def check_command(context: Context, ctx: click.Context, repair: bool) -> None:
    """Verify the store: that everything in it can be read, and fits together.

    Says what is wrong, a line each, and leaves with status 1 if anything is, or still is after --repair.
    """
    try:
        with context.library() as library:
            store = library.store
            if repair and store.read_only:
                raise StoreReadOnly(store.place)
            found = [sentence.replace(DAMAGED, _DAMAGED) for sentence in store.check(repair=repair)]
            left = list(store.check()) if repair and found else found
            place = clean_line(store.place, LONGEST)
    except StoreUnavailable as error:
        if error.reason != DAMAGED:
            raise
        raise StoreUnavailable(error.place, f"{_DAMAGED}; it cannot be checked any further") from error
    for sentence in found:
        context.write(clean_line(sentence, LONGEST))
    if left:
        count = f"{len(left):,} {'thing is' if len(left) == 1 else 'things are'}"
        context.say(f"{place}: {count} {'still ' if repair else ''}wrong.")
        ctx.exit(REPORTED)
    context.write(f"{place}: {'all of it is mended' if found else 'nothing is wrong'}.")


@click.command("backup")
@click.argument("file", type=click.Path(path_type=Path))
@click.pass_context
@pass_context
def backup_command(context: Context, ctx: click.Context, file: Path) -> None:
    """Write a consistent copy of the whole store, which may be in use meanwhile.

    A SQLite store becomes one SQLite file that can be opened like it; a folder becomes a ZIP file. All users' sessions
    are in it, and what is in the trash. FILE must not be there yet.
    """
    if str(file) == "-":
        raise click.UsageError("A backup is a file of its own; it cannot go to standard output.", ctx)
    with context.library() as library:
        library.store.backup(file)
        place = library.store.place
    context.write(clean_line(f"{file}: {file.stat().st_size:,} bytes, a copy of {place}", LONGEST * 2))
