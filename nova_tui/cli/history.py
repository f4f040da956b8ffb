"""The commands `history`, `undo`, `redo` and `restore`: walking the revisions that a store keeps."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from nova_tui.cli.context import Context, pass_context
from nova_tui.cli.each import each_session
from nova_tui.cli.listing import SHORT_ID, local_time
from nova_tui.cli.table import table
from nova_tui.domain.errors import StoreUnsupported
from nova_tui.domain.revision import Revision
from nova_tui.domain.safe_text import clean_line
from nova_tui.domain.session import Session
from nova_tui.domain.times import to_text

if TYPE_CHECKING:
    from nova_tui.services.library import Library

LONGEST_NOTE = 1000
"""Characters shown of what a revision did."""


@click.command("history")
@click.argument("id")
@click.option("--diff", metavar="A B", type=int, nargs=2, help="What lies between two revisions, row by row.")
@click.option("--json", "as_json", is_flag=True, help="Write a JSON array.")
@click.pass_context
@pass_context
def history_command(context: Context, ctx: click.Context, id: str, diff: tuple[int, int] | None, as_json: bool) -> None:
    """List the revisions of a session, newest first.

    A session in the trash has its history too. show ID --revision N shows one, restore ID --revision N goes back to it.
    """
    if diff is not None and as_json:
        raise click.UsageError("--diff is for reading; it does not go with --json.", ctx)
    with context.library() as library:
        need_revisions(library)
        if diff is not None:
            states = library.revisions(id, *diff)
        found = library.history(id)
    if diff is not None:
        notes = {revision.number: revision for revision in found}
        _write_difference(context, states, [notes[number] for number in diff])
    elif as_json:
        context.write_json([{"revision": entry.number, "at": to_text(entry.at), "note": entry.note} for entry in found])
    else:
        lines = [[str(entry.number), local_time(entry.at), clean_line(entry.note, LONGEST_NOTE)] for entry in found]
        context.write("\n".join(table([">REVISION", "WHEN", "WHAT"], lines, context.width)))


def _write_difference(context: Context, states: list[Session], revisions: list[Revision]) -> None:
    """Write what lies between two revisions."""
    from nova_tui.cli.difference_text import difference_lines

    before, after = states
    lines = list(difference_lines(before, after, context))
    if not lines:
        context.say(f"Revisions {revisions[0].number} and {revisions[1].number} hold the same.")
        return
    click.echo(context.styled(clean_line(after.title), bold=True))
    for word, revision in zip(("from", "to"), revisions, strict=True):
        note = clean_line(revision.note, LONGEST_NOTE)
        told = f"{word:4} revision {revision.number} · {local_time(revision.at)} · {note}"
        click.echo(context.styled(told, dim=True))
    click.echo("\n" + "\n".join(lines))


@click.command("undo")
@click.argument("id")
@pass_context
def undo_command(context: Context, id: str) -> None:
    """Take back the last change of a session.

    A deletion too. Undo again to go further back, redo to come forward.
    """
    with context.library() as library:
        need_revisions(library)
        session, revision = library.undo(id)
        context.write(outcome(library, session, f"undone: {revision.note.removeprefix('undo ')}", "now revision"))


@click.command("redo")
@click.argument("id")
@pass_context
def redo_command(context: Context, id: str) -> None:
    """Make the change again that was taken back last."""
    with context.library() as library:
        need_revisions(library)
        session, revision = library.redo(id)
        context.write(outcome(library, session, f"made again: {revision.note.removeprefix('redo ')}", "now revision"))


@click.command("restore")
@click.argument("ids", metavar="ID...", nargs=-1, required=True)
@click.option("--revision", metavar="N", type=int, help="Go back to that revision, of one session.")
@click.pass_context
@pass_context
def restore_command(context: Context, ctx: click.Context, ids: tuple[str, ...], revision: int | None) -> None:
    """Bring sessions back out of the trash, or a session back to a revision.

    Going back is a change like any other: what was there stays in the history, and undo takes it back.
    """
    if revision is not None and len(set(ids)) > 1:
        raise click.UsageError("--revision is of one session; give one ID.", ctx)

    def restore(library: Library, session_id: str) -> None:
        before = library.store.history(session_id)[0].number
        session = library.store.restore(session_id, revision)
        changed = library.store.history(session_id)[0].number != before
        word = "now revision" if changed else "still revision"
        context.write(outcome(library, session, _restored(revision, changed), word))

    with context.library() as library:
        need_revisions(library)
        each_session(context, library, ids, restore, trashed=True)


def _restored(revision: int | None, changed: bool) -> str:
    """Return what restoring did."""
    if revision is None:
        return "restored from the trash" if changed else "not in the trash, nothing to restore"
    return f"restored: revision {revision}" if changed else f"the same as revision {revision}, nothing to restore"


def outcome(library: Library, session: Session, done: str, word: str) -> str:
    """Return one line that says what was done to a session, safe to show."""
    parts = [f"{session.id[:SHORT_ID]}  {clean_line(session.title)}", clean_line(done, LONGEST_NOTE)]
    if session.revision is not None:
        parts.append(f"{word} {session.revision}")
    if not library.is_listed(session.id):
        parts.append("in the trash")
    return " · ".join(parts)


def need_revisions(library: Library) -> None:
    """Raise StoreUnsupported where the store keeps no revisions: those of this process would be of no use."""
    if "revisions" not in library.store.capabilities:
        raise StoreUnsupported("lasting revisions")
