"""The `rows` commands: the editing verbs of the screen, on rows that are named by their ids."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from nova_tui.cli.context import Context, pass_context
from nova_tui.cli.difference_text import difference_lines
from nova_tui.cli.listing import distinct_digits, local_time
from nova_tui.cli.table import table
from nova_tui.domain.row import HIDE, Role
from nova_tui.domain.safe_text import clean_line
from nova_tui.services.row_editing import Edited, chosen_rows, edit_rows, row_to_listing

if TYPE_CHECKING:
    from nova_tui.domain.dialog import Dialog
    from nova_tui.domain.session import Session

ROLES = click.Choice([role.value for role in Role])
LONGEST_TEXT = 1000
"""Characters of a row that a list shows at most."""


@click.group("rows")
def rows_command() -> None:
    """List and edit the rows of a session.

    A ROW is named by its id or a unique beginning of it, of 4 digits at least; where several are taken, FIRST..LAST
    names a range. Positions count from 0. Each command is one change that undo takes back; --dry-run shows the
    difference and changes nothing, --json writes what was done.
    """


def changing(*arguments: click.Argument) -> Callable[[Callable[..., Any]], click.Command]:
    """Make a command of the group that changes rows: its arguments behind the ID, --json and --dry-run."""

    def decorate(function: Callable[..., Any]) -> click.Command:
        command = click.command(function.__name__.removesuffix("_rows").removesuffix("_row"))(function)
        options = [
            click.Option(["--dry-run", "trial"], is_flag=True, help="Only show the difference."),
            click.Option(["--json", "as_json"], is_flag=True, help="Write what was done as JSON."),
        ]
        command.params = [click.Argument(["id"]), *arguments, *command.params, *options]
        rows_command.add_command(command)
        return command

    return decorate


def row_argument() -> click.Argument:
    """Return the argument that names one row."""
    return click.Argument(["row"])


def rows_argument() -> click.Argument:
    """Return the argument that names several rows."""
    return click.Argument(["rows"], metavar="ROW...", nargs=-1, required=True)


def carry_out(
    context: Context,
    id: str,
    verb: Callable[[Dialog], Dialog],
    *,
    note: str | None = None,
    trial: bool,
    as_json: bool,
    print_new: bool = False,
) -> None:
    """Apply a verb and say what it did; `print_new` prints the ids of rows that it made."""
    with context.library(trial=trial) as library:
        done = edit_rows(library, id, verb, note, trial=trial)
    if as_json:
        context.write_json(done.to_mapping())
    elif not done.changed:
        context.say("Nothing would change." if trial else "Nothing changed.")
    elif trial:
        write_difference(context, done)
    elif print_new:
        for row in done.new_rows:
            context.write(row.id)


def write_difference(context: Context, done: Edited) -> None:
    """Write what lies between the states before and after."""
    click.echo("\n".join(difference_lines(done.before, done.after, context)))


# -- looking ------------------------------------------------------------------------------------------------------


@rows_command.command("list")
@click.argument("id")
@click.argument("rows", metavar="[ROW]...", nargs=-1)
@click.option("--json", "as_json", is_flag=True, help="Write a JSON array.")
@pass_context
def list_rows(context: Context, id: str, rows: tuple[str, ...], as_json: bool) -> None:
    """List the rows of a session. All of them or some, hidden ones too."""
    with context.library() as library:
        session = library.load(id)
    wanted = set(chosen_rows(session.dialog, rows)) if rows else None
    found = [(at, row) for at, row in enumerate(session.dialog.rows) if wanted is None or row.id in wanted]
    if as_json:
        context.write_json([row_to_listing(at, row) for at, row in found])
    elif found:
        context.write("\n".join(_lines(context, session, {at for at, _ in found})))
    else:
        context.say("No rows.")


def _lines(context: Context, session: Session, positions: set[int]) -> list[str]:
    """Return a table of rows: ids cut short on a terminal, whole in a pipe."""
    ids = [row.id for row in session.dialog.rows]
    digits = max(map(len, ids)) if context.width is None else distinct_digits(ids)
    lines = [
        [
            str(at),
            clean_line(row.id[:digits]),
            row.role.value,
            " ".join(word for word in ("hidden" if row.hidden else "", "excluded" if row.excluded else "") if word),
            local_time(row.timestamp),
            clean_line(row.text or f"({row.kind or 'empty'})", LONGEST_TEXT),
        ]
        for at, row in enumerate(session.dialog.rows)
        if at in positions
    ]
    return table([">", "ROW", "ROLE", "STATE", "WHEN", "TEXT"], lines, context.width)


# -- adding and changing ------------------------------------------------------------------------------------------


@changing(click.Argument(["role"], type=ROLES), click.Argument(["text"], required=False))
@click.option("--at", "position", metavar="POSITION", type=int, help="Where, from 0; default: at the end.")
@click.option("--hidden", is_flag=True, help="Hide the row.")
@pass_context
def add_row(
    context: Context,
    id: str,
    role: str,
    text: str | None,
    position: int | None,
    hidden: bool,
    trial: bool,
    as_json: bool,
) -> None:
    """Put a row into a session and print its id.

    TEXT comes from standard input, less one trailing newline, when it is - or left out.
    """
    words = context.read_text() if text is None or text == "-" else text

    def verb(dialog: Dialog) -> Dialog:
        added = dialog.add(role, words, {HIDE: True} if hidden else None)
        return added if position is None else dialog.insert(position, added.rows[-1])

    carry_out(context, id, verb, trial=trial, as_json=as_json, print_new=True)


@changing(row_argument(), click.Argument(["text"], metavar="TEXT|-"))
@pass_context
def edit_row(context: Context, id: str, row: str, text: str, trial: bool, as_json: bool) -> None:
    """Give a row another text. A - takes it from standard input, less one trailing newline."""
    words = context.read_text() if text == "-" else text
    carry_out(
        context,
        id,
        lambda dialog: dialog.replace_text(chosen_rows(dialog, [row])[0], words),
        trial=trial,
        as_json=as_json,
    )


@changing(rows_argument(), click.Argument(["role"], type=ROLES))
@pass_context
def role_rows(context: Context, id: str, rows: tuple[str, ...], role: str, trial: bool, as_json: bool) -> None:
    """Give rows another role."""
    carry_out(
        context, id, lambda dialog: dialog.set_role(chosen_rows(dialog, rows), role), trial=trial, as_json=as_json
    )


def _switch(name: str, help: str, verb: Callable[[Dialog, list[str]], Dialog]) -> None:
    """Make one of the commands that turn a switch of rows on or off."""

    @pass_context
    def switch_rows(context: Context, id: str, rows: tuple[str, ...], trial: bool, as_json: bool) -> None:
        carry_out(context, id, lambda dialog: verb(dialog, chosen_rows(dialog, rows)), trial=trial, as_json=as_json)

    switch_rows.__name__, switch_rows.__doc__ = f"{name}_rows", help
    changing(rows_argument())(switch_rows)


_switch("hide", "Hide rows when reading and playing.", lambda dialog, ids: dialog.set_hidden(ids))
_switch("show", "Show hidden rows again.", lambda dialog, ids: dialog.set_hidden(ids, False))
_switch("exclude", "Leave rows out of dataset exports.", lambda dialog, ids: dialog.set_excluded(ids))
_switch("include", "Take rows into dataset exports again.", lambda dialog, ids: dialog.set_excluded(ids, False))


# -- restructuring ------------------------------------------------------------------------------------------------


@changing(rows_argument())
@pass_context
def remove_rows(context: Context, id: str, rows: tuple[str, ...], trial: bool, as_json: bool) -> None:
    """Take rows out."""
    carry_out(context, id, lambda dialog: dialog.remove(chosen_rows(dialog, rows)), trial=trial, as_json=as_json)


@changing(rows_argument(), click.Argument(["position"], type=int))
@pass_context
def move_rows(context: Context, id: str, rows: tuple[str, ...], position: int, trial: bool, as_json: bool) -> None:
    """Move rows to a POSITION. There stands the first of them, counted from 0; they keep their order."""
    carry_out(
        context, id, lambda dialog: dialog.move(chosen_rows(dialog, rows), position), trial=trial, as_json=as_json
    )


@changing(row_argument(), click.Argument(["at"], metavar="CHARACTER", type=int))
@pass_context
def split_row(context: Context, id: str, row: str, at: int, trial: bool, as_json: bool) -> None:
    """Cut a row before a CHARACTER of its text. Characters count from 0; the id of the second part is printed."""
    carry_out(
        context,
        id,
        lambda dialog: dialog.split(chosen_rows(dialog, [row])[0], at),
        note="split a row",
        trial=trial,
        as_json=as_json,
        print_new=True,
    )


@changing(rows_argument())
@click.option("--separator", metavar="TEXT", default="\n", help="What stands between the texts; default: a new line.")
@pass_context
def join_rows(context: Context, id: str, rows: tuple[str, ...], separator: str, trial: bool, as_json: bool) -> None:
    """Make one row of several. They are joined in the dialog's order; the first keeps its id and role."""
    carry_out(
        context,
        id,
        lambda dialog: dialog.join(chosen_rows(dialog, rows), separator),
        note="join rows",
        trial=trial,
        as_json=as_json,
    )


@changing(rows_argument())
@pass_context
def duplicate_rows(context: Context, id: str, rows: tuple[str, ...], trial: bool, as_json: bool) -> None:
    """Put copies of rows behind the last of them. The ids of the copies are printed."""
    carry_out(
        context,
        id,
        lambda dialog: dialog.duplicate(chosen_rows(dialog, rows)),
        note="duplicate rows",
        trial=trial,
        as_json=as_json,
        print_new=True,
    )
