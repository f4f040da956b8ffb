"""The `show` command."""

from __future__ import annotations

import click

from nova_tui.cli.context import Context, pass_context
from nova_tui.cli.reading import reading_lines
from nova_tui.domain.native import session_to_mapping
from nova_tui.domain.session import Session


@click.command("show")
@click.argument("id")
@click.option("--hidden", is_flag=True, help="With the hidden rows.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "markdown", "yaml", "json"]),
    default="text",
    show_default=True,
    help="json and yaml are lossless: they hold hidden rows and everything else.",
)
@click.option("--revision", metavar="N", type=int, help="As it was at that revision.")
@pass_context
def show_command(context: Context, id: str, hidden: bool, form: str, revision: int | None) -> None:
    """Show one session, safe for a terminal."""
    with context.library() as library:
        session = library.store.load(library.resolve(id), revision)
    if form == "json":
        context.write_json(session_to_mapping(session))
    elif form == "yaml":
        from nova_tui.yamlio import write_yaml

        click.echo(write_yaml(session_to_mapping(session), escape=True), nl=False)
    elif form == "markdown":
        context.write(markdown_of(session, hidden))
    else:
        click.echo("\n".join(reading_lines(session, hidden, context)))
    left_out = 0 if hidden or form in ("json", "yaml") else sum(row.hidden for row in session.dialog.rows)
    if left_out:
        context.say(f"{left_out} hidden row{'' if left_out == 1 else 's'} left out; --hidden shows them.")


def markdown_of(session: Session, hidden: bool) -> str:
    """Return a session as the markdown export writes it."""
    from nova_tui.formats.registry import exporter_named

    return "".join(exporter_named("markdown").write([session], hidden, [])).removesuffix("\n")
