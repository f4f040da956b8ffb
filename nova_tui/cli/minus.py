"""Commands some of whose arguments may begin with a minus sign."""

from __future__ import annotations

import click

_SHIELD = "\0"
"""Stands before an argument that begins with a minus and is no option; no real argument holds it."""


class MinusCommand(click.Command):
    """A command for which -demo is an argument, and not the options d, e, m and o."""

    behind = 0
    """How many arguments come before the first that may begin with a minus; where it is the first, -h asks for help."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse the arguments, those that begin with one minus shielded."""
        options = [param for param in self.params if isinstance(param, click.Option)]
        valued = {name for option in options if not option.is_flag for name in option.opts}
        plain = 0
        value_follows = False
        prepared: list[str] = []
        for position, argument in enumerate(args):
            if argument == "--" and not value_follows:
                prepared += args[position:]
                break
            free = not value_follows
            value_follows = free and argument in valued
            option = argument.startswith("--") or (plain < max(1, self.behind) and argument in ctx.help_option_names)
            minus = free and argument.startswith("-") and not option
            prepared.append(_SHIELD + argument if minus and plain >= self.behind else argument)
            plain += free and not option
        return super().parse_args(ctx, prepared)


def unshielded(argument: str) -> str:
    """Return an argument as it was given."""
    return argument.removeprefix(_SHIELD)
