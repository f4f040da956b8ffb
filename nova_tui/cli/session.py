"""The commands `new`, `rename` and `delete`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from nova_tui.cli.context import Context, pass_context
from nova_tui.cli.each import each_session

if TYPE_CHECKING:
    from nova_tui.services.library import Library


@click.command("new")
@click.option("--title", metavar="T", help="Its title.")
@click.option("--system", metavar="TEXT", help="Its first row: a system prompt.")
@click.option("--hidden", is_flag=True, help="Hide the system row.")
@click.option("--template", metavar="NAME", help="Make it from a template; see nova-tui templates.")
@click.option("--set", "settings", metavar="NAME=VALUE", multiple=True, help="A value for a template's placeholder.")
@click.pass_context
@pass_context
def new_command(
    context: Context,
    ctx: click.Context,
    title: str | None,
    system: str | None,
    hidden: bool,
    template: str | None,
    settings: tuple[str, ...],
) -> None:
    """Make a session and print its id."""
    if hidden and system is None:
        raise click.UsageError("--hidden hides the system row; give one with --system.", ctx)
    if settings and template is None:
        raise click.UsageError("--set fills a template; give one with --template.", ctx)
    if template is not None and system is not None:
        raise click.UsageError("A template brings its own rows; --system does not go with it.", ctx)
    with context.library(create=True) as library:
        if template is None:
            context.write(library.new(title, system, hidden).id)
            return
        from nova_tui.cli.templates import new_from_template

        session, note = new_from_template(context, library, template, settings)
        if title is not None:
            session = session.with_title(title, at=session.created_at)
        context.write(library.store.save(session, note).id)


@click.command("rename")
@click.argument("id")
@click.argument("title")
@pass_context
def rename_command(context: Context, id: str, title: str) -> None:
    """Give a session a title.

    An empty TITLE goes back to the one that the first user row gives.
    """
    with context.library() as library:
        library.rename(id, title)


@click.command("delete")
@click.argument("ids", metavar="ID...", nargs=-1, required=True)
@pass_context
def delete_command(context: Context, ids: tuple[str, ...]) -> None:
    """Delete sessions.

    They go to the trash: restore or undo brings them back, purge takes them out for ever.
    """

    def delete(library: Library, session_id: str) -> None:
        library.store.delete(session_id)

    with context.library() as library:
        each_session(context, library, ids, delete)
