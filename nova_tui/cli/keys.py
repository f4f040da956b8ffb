"""The `keys` command."""

from __future__ import annotations

import click

from nova_tui.cli.context import Context, pass_context
from nova_tui.cli.failure import REPORTED
from nova_tui.cli.table import table


@click.command("keys")
@click.option("--json", "as_json", is_flag=True, help="Write a JSON array of {id,keys,default,title,group,does}.")
@click.pass_context
@pass_context
def keys_command(context: Context, ctx: click.Context, as_json: bool) -> None:
    """List every key of the screen by the id that it is bound to.

    The mapping `keys` in the configuration file gives other keys: `keys: {list.new: ctrl+n, dialog.edit: "e, enter"}`.
    """
    from nova_tui.tui.commands import key_label
    from nova_tui.tui.screens.key_table import checked_keymap, key_table

    settings = context.settings
    context.warn_of_settings()
    keymap, problems = checked_keymap(settings.keys, str(settings.path))
    entries = key_table()
    if as_json:
        context.write_json(
            [
                {
                    "id": entry.id,
                    "keys": keymap.get(entry.id, entry.keys).split(","),
                    "default": entry.keys.split(","),
                    "title": entry.title,
                    "group": entry.group,
                    "does": entry.meaning,
                }
                for entry in entries
            ]
        )
    else:
        lines = [
            [
                entry.id,
                "  ".join(key_label(key.strip()) for key in keymap.get(entry.id, entry.keys).split(",")),
                entry.meaning,
            ]
            for entry in entries
        ]
        context.write("\n".join(table(["ID", "KEYS", "DOES"], lines, context.width)))
    for problem in problems:
        context.say(f"nova-tui: {problem}")
    if problems:
        ctx.exit(REPORTED)
