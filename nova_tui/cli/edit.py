"""The `edit` command."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from nova_tui.cli.context import Context, pass_context
from nova_tui.cli.failure import REPORTED
from nova_tui.domain.errors import FormatError, NovaError, StoreReadOnly, YamlError
from nova_tui.domain.safe_text import clean_line

if TYPE_CHECKING:
    from nova_tui.domain.session import Session
    from nova_tui.services.external_edit import EditFile
    from nova_tui.services.hand_text import HandText

YES = (b"y", b"yes")


@click.command("edit")
@click.argument("id")
@click.argument("rows", metavar="[ROW]...", nargs=-1)
@click.option("--yes", is_flag=True, help="Apply the changes without asking.")
@click.option(
    "--from", "kept", metavar="FILE", type=click.Path(path_type=Path), help="Go on with a text that was kept."
)
@pass_context
def edit_command(context: Context, id: str, rows: tuple[str, ...], yes: bool, kept: Path | None) -> None:
    """Edit a session, or some rows of it, in the editor that $VISUAL or $EDITOR names.

    On return the difference is shown, and applied after a y. A mistake is shown with its line, and after a y the editor
    opens again. What is not applied stays in a file that is named; --from FILE goes on with it.
    """
    from nova_tui.services.external_edit import EditFile, editor_command, has_terminal
    from nova_tui.services.hand_text import HandText
    from nova_tui.services.row_editing import chosen_rows

    command = editor_command(terminal=has_terminal())
    with context.library() as library:
        before = library.load(id)
        if library.store.read_only:
            raise StoreReadOnly(library.store.place)
    hand = HandText.of(before, chosen_rows(before.dialog, rows) if rows else None)
    file = EditFile(hand.text if kept is None else read_kept(kept), before.title)
    try:
        after = edited(context, hand, file, command, fresh=kept is None)
        if after is None:
            return
        if not yes:
            show_and_ask(context, before, after)
        with context.library() as library:
            library.store.save(after)
    except (NovaError, KeyboardInterrupt, click.exceptions.Exit) as error:
        if not file.touched and kept is None:
            file.drop()
            raise
        if isinstance(error, NovaError):
            context.say(f"nova-tui: {error}")
        context.say(f"Nothing was changed; your text is kept in {file.path}")
        raise click.exceptions.Exit(REPORTED) from error
    file.drop()


def edited(context: Context, hand: HandText, file: EditFile, command: list[str], *, fresh: bool) -> Session | None:
    """Let the person edit until the text can be read; None where nothing changed."""
    while True:
        file.edit(command)
        if fresh and not file.touched:
            if file.quick:
                context.say(
                    f"The editor {clean_line(command[0])} came back at once and nothing changed. If it opened a window,"
                    f" let it wait (code --wait), and go on with nova-tui edit {hand.session.id[:8]} --from {file.path}"
                )
            else:
                context.say("Nothing changed.")
                file.drop()
            return None
        try:
            after = hand.read(file.text())
        except YamlError as mistake:
            context.say(f"nova-tui: {mistake}")
            if not agreed("Open the text again? [y/N] "):
                raise click.exceptions.Exit(REPORTED) from mistake
            continue
        if after == hand.session:
            context.say("Nothing changed.")
            file.drop()
            return None
        return after


def show_and_ask(context: Context, before: Session, after: Session) -> None:
    """Show the difference and ask whether to apply it; raise Exit where not."""
    from nova_tui.cli.difference_text import difference_lines

    click.echo("\n".join(difference_lines(before, after, context)))
    if not agreed("Apply these changes? [y/N] "):
        raise click.exceptions.Exit(REPORTED)


def agreed(question: str) -> bool:
    """Ask on standard error, and tell whether a y came on standard input."""
    click.echo(question, err=True, nl=False)
    answer = sys.stdin.buffer.readline()
    if not answer.endswith(b"\n"):
        click.echo(err=True)
    return answer.strip().lower() in YES


def read_kept(path: Path) -> str:
    """Return a text that was kept; raise FormatError."""
    try:
        return path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        raise FormatError(f"it is not UTF-8 text (byte {error.start})", str(path)) from error
    except OSError as error:
        raise FormatError(f"it cannot be read: {error.strerror or error}", str(path)) from error
