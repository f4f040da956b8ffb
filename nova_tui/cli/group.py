"""The group of commands: each is loaded when it runs, and takes the global options like the group itself."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

import click

from nova_tui import __version__
from nova_tui.cli.context import Context

EPILOG = "The global options (--store, --user, --config, --read-only, --theme) work here too; see nova-tui --help."


class GlobalOption(click.Option):
    """An option that is kept in the Context, given before or after the subcommand; the later one counts."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, expose_value=False, **{"callback": _keep, **kwargs})

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """Describe the option once, in the help of the program itself."""
        return None if ctx.parent else super().get_help_record(ctx)


def _keep(ctx: click.Context, option: click.Parameter, value: Any) -> None:
    """Put what was given into the Context."""
    if value == "":
        raise click.BadParameter("it must not be empty.", ctx, option)
    if value not in (None, False):
        setattr(ctx.ensure_object(Context), str(option.name), value)


def _show_version(ctx: click.Context, _option: click.Parameter, value: bool) -> None:
    """Print the version and stop."""
    if value and not ctx.resilient_parsing:
        click.echo(f"nova-tui {__version__}")
        ctx.exit()


def global_options() -> list[GlobalOption]:
    """Return the options that work before and after every subcommand."""
    return [
        GlobalOption(["--store"], metavar="URL", help="Where the sessions are.  [NOVA_TUI_STORE]"),
        GlobalOption(["--user"], metavar="ID", help="Whose sessions.  [NOVA_TUI_USER; default: login name]"),
        GlobalOption(
            ["--config"],
            metavar="FILE",
            type=click.Path(path_type=Path),
            help="The configuration file.  [NOVA_TUI_CONFIG]",
        ),
        GlobalOption(["--read-only"], is_flag=True, help="Change nothing in the store."),
        GlobalOption(["--theme"], metavar="NAME", help="The theme of the screen; see nova-tui themes."),
        GlobalOption(
            ["--version"], is_flag=True, is_eager=True, callback=_show_version, help="Print the version and stop."
        ),
    ]


class LazyGroup(click.Group):
    """A group that knows its commands' names and short helps, and loads a command when it is wanted."""

    def __init__(self, *args: Any, homes: dict[str, tuple[str, str]], **kwargs: Any) -> None:
        """Take `homes`: the command's name, its `module:attribute`, and its short help."""
        super().__init__(*args, **kwargs)
        self.homes = homes
        # stand-ins, so that Click can list the names and guess at a misspelt one
        self.commands.update({name: click.Command(name, short_help=short) for name, (_home, short) in homes.items()})
        self.params.extend(global_options())

    def list_commands(self, _ctx: click.Context) -> list[str]:
        """List the commands in the order of their table."""
        return list(self.homes)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without loading one."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, self.homes[name][1]) for name in self.list_commands(ctx)])

    def get_command(self, _ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load a command and give it the global options."""
        if cmd_name not in self.homes:
            return None
        module, _, attribute = self.homes[cmd_name][0].partition(":")
        return adopted(getattr(import_module(module), attribute))


def adopted(command: click.Command) -> click.Command:
    """Give a command, and the commands below it, the global options that it does not have itself."""
    own = {name for param in command.params for name in param.opts}
    command.params.extend(option for option in global_options() if own.isdisjoint(option.opts))
    command.epilog = command.epilog or EPILOG
    if isinstance(command, click.Group):
        for inner in command.commands.values():
            adopted(inner)
    return command
