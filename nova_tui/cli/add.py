"""The `add` command."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NoReturn

import click

from nova_tui.cli.context import Context, pass_context
from nova_tui.domain.row import Role
from nova_tui.services.pictures import read_picture

LONGEST_NUMBER = 400
"""Digits of a whole number."""


def _metadata(_ctx: click.Context, _option: click.Parameter, value: str | None) -> dict[str, Any] | None:
    """Read the metadata option; raise BadParameter for anything but a JSON object."""
    if value is None:
        return None
    try:
        metadata = json.loads(value, parse_constant=_refuse, parse_int=_whole, object_pairs_hook=_distinct)
    except RecursionError as error:
        raise click.BadParameter("its values are nested too deep.") from error
    except ValueError as error:
        raise click.BadParameter(f"it is not JSON: {error}") from error
    if not isinstance(metadata, dict):
        raise click.BadParameter('it is not a JSON object such as {"source": "phone"}.')
    return metadata


def _refuse(constant: str) -> NoReturn:
    """Refuse the numbers that JSON does not have."""
    raise ValueError(f"{constant} is not a number")


def _whole(digits: str) -> int:
    """Return a whole number; refuse one that no reader would take."""
    if len(digits) > LONGEST_NUMBER:
        raise ValueError(f"a number has more than {LONGEST_NUMBER} digits")
    return int(digits)


def _distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return the object of these pairs; refuse a key that is there twice."""
    if len(dict(pairs)) != len(pairs):
        raise ValueError("a key is there twice")
    return dict(pairs)


@click.command("add")
@click.argument("id")
@click.argument("role", type=click.Choice([role.value for role in Role]))
@click.argument("text", required=False)
@click.option("--hidden", is_flag=True, help="Hide the row.")
@click.option("--image", "images", metavar="PATH", multiple=True, type=click.Path(path_type=Path), help="A picture.")
@click.option("--metadata", metavar="JSON", callback=_metadata, help="The row's metadata: a JSON object.")
@pass_context
def add_command(
    context: Context,
    id: str,
    role: str,
    text: str | None,
    hidden: bool,
    images: tuple[Path, ...],
    metadata: dict[str, Any] | None,
) -> None:
    """Append a row to a session and print its id.

    TEXT comes from standard input, less one trailing newline, when it is - or left out.
    """
    pictures = [read_picture(path) for path in images] or None
    if text is None or text == "-":
        text = context.read_text()
    with context.library(create=True) as library:
        context.write(library.add(id, role, text, hidden=hidden, metadata=metadata, images=pictures).id)
