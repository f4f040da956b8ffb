"""The `templates` command, and what `new` does with a template."""

from __future__ import annotations

import click

from nova_tui.cli.context import Context, pass_context
from nova_tui.cli.listing import SHORT_ID
from nova_tui.cli.table import table
from nova_tui.domain.errors import StoreUnavailable
from nova_tui.domain.safe_text import clean_line
from nova_tui.domain.session import Session
from nova_tui.services.library import Library
from nova_tui.services.templating import (
    Template,
    built_in_templates,
    marked,
    placeholders_of,
    stored_templates,
    template_named,
)


@click.command("templates")
@click.option("--add", metavar="ID", help="Make a session a template.")
@click.option("--remove", metavar="ID", help="Make a template a session like any other.")
@click.option("--json", "as_json", is_flag=True, help="Write a JSON array.")
@click.pass_context
@pass_context
def templates_command(context: Context, ctx: click.Context, add: str | None, remove: str | None, as_json: bool) -> None:
    """List the templates that new sessions are made from: nova-tui new --template NAME --set WHAT=VALUE.

    Some come with the program. A session of yours is one when it is marked with --add; where its title or a row holds
    {{name}}, a value is put in.
    """
    if add is not None and remove is not None:
        raise click.UsageError("--add and --remove do not go together.", ctx)
    if add is not None or remove is not None:
        with context.library() as library:
            if add is not None:
                library.change(add, marked, "make a template")
            elif remove is not None:
                library.change(remove, lambda session: marked(session, False), "no template any more")
        return
    found = built_in_templates()
    try:
        with context.library() as library:
            found += stored_templates(library)
    except StoreUnavailable as error:
        context.say(f"nova-tui: {error}")
    if as_json:
        context.write_json([template.to_mapping() for template in found])
    else:
        context.write(
            "\n".join(table(["NAME", ">ROWS", "TITLE", "PLACEHOLDERS"], _lines(context, found), context.width))
        )


def _lines(context: Context, found: list[Template]) -> list[list[str]]:
    """Return the lines of the table: ids cut short on a terminal, whole in a pipe."""
    digits = None if context.width is None else SHORT_ID
    return [
        [
            template.name if template.built_in else template.name[:digits],
            str(len(template.session.dialog.rows)),
            clean_line(template.title, 60),
            clean_line(" ".join(template.placeholders), 1000),
        ]
        for template in found
    ]


def new_from_template(context: Context, library: Library, name: str, settings: tuple[str, ...]) -> tuple[Session, str]:
    """Return a session made from a template, and the note for its history; say which placeholders are still open."""
    values: dict[str, str] = {}
    for setting in settings:
        key, sign, value = setting.partition("=")
        if not sign or not key.strip():
            raise click.UsageError("Write --set NAME=VALUE.", click.get_current_context())
        values[key.strip()] = value
    template = template_named(library, name)
    session = template.filled(values, library.user_id)
    if still_open := placeholders_of(session):
        context.say("Still open: " + clean_line(" ".join(f"{{{{{one}}}}}" for one in still_open), 1000))
    return session, f"from template {template.name if template.built_in else template.name[:SHORT_ID]}"
