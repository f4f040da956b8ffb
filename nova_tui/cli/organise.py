"""The commands `tag`, `star`, `archive`, `fork` and `purge`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from nova_tui.cli.context import Context, pass_context
from nova_tui.cli.each import each_session
from nova_tui.cli.minus import MinusCommand, unshielded
from nova_tui.domain.safe_text import clean_line

if TYPE_CHECKING:
    from nova_tui.services.library import Library


class TagCommand(MinusCommand):
    """A command whose arguments behind the ID may begin with a minus."""

    behind = 1


@click.command("tag", cls=TagCommand)
@click.argument("id")
@click.argument("changes", metavar="[+T|-T]...", nargs=-1)
@click.pass_context
@pass_context
def tag_command(context: Context, ctx: click.Context, id: str, changes: tuple[str, ...]) -> None:
    """List a session's tags, or add some (+T) and take others off (-T).

    A tag may hold blanks: nova-tui tag 3f2a "+to do" -draft
    """
    add, remove = _read_changes(ctx, changes)
    with context.library() as library:
        session = library.load(id)
        for tag in remove:
            if tag not in session.tags:
                context.say(f"It has no tag {clean_line(tag)}.")
        if changes:
            library.tag(session.id, add, remove)
            return
    for tag in session.tags:
        context.write(clean_line(tag, 1000))
    if not session.tags:
        context.say("No tags.")


def _read_changes(ctx: click.Context, changes: tuple[str, ...]) -> tuple[list[str], list[str]]:
    """Return the tags to add and those to take off; the last word on a tag counts."""
    wanted: dict[str, bool] = {}
    for change in map(unshielded, changes):
        sign, tag = change[:1], change[1:].strip()
        if sign not in ("+", "-") or not tag:
            raise click.UsageError("Write +T to add the tag T, and -T to take it off.", ctx)
        wanted[tag] = sign == "+"
    return [tag for tag, added in wanted.items() if added], [tag for tag, added in wanted.items() if not added]


@click.command("star")
@click.argument("id")
@click.option("--off", is_flag=True, help="Take the star away.")
@pass_context
def star_command(context: Context, id: str, off: bool) -> None:
    """Mark a session with a star, or take it away with --off."""
    with context.library() as library:
        library.change(id, lambda session: session.with_star(not off))


@click.command("archive")
@click.argument("id")
@click.option("--off", is_flag=True, help="Bring it back into the list.")
@pass_context
def archive_command(context: Context, id: str, off: bool) -> None:
    """Put a session away from the list, or bring it back with --off.

    list --archived shows what is put away.
    """
    with context.library() as library:
        library.change(id, lambda session: session.with_archive(not off))


@click.command("fork")
@click.argument("id")
@click.option("--at", "row", metavar="ROW", help="The last row to copy; default: all rows.")
@pass_context
def fork_command(context: Context, id: str, row: str | None) -> None:
    """Copy a session, up to a row if one is given, and print the copy's id."""
    with context.library() as library:
        context.write(library.fork(id, row).id)


@click.command("purge")
@click.argument("ids", metavar="ID...", nargs=-1, required=True)
@click.option("--yes", is_flag=True, help="Needed: this cannot be undone.")
@click.pass_context
@pass_context
def purge_command(context: Context, ctx: click.Context, ids: tuple[str, ...], yes: bool) -> None:
    """Take sessions and their history out for ever, in the trash or not.

    This is the one command that cannot be undone; it does nothing without --yes.
    """
    if not yes:
        raise click.UsageError("This is for ever, so it needs --yes; delete only moves to the trash.", ctx)

    def purge(library: Library, session_id: str) -> None:
        library.store.purge(session_id)

    with context.library() as library:
        each_session(context, library, ids, purge, trashed=True)
