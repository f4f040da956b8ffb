"""The `copy` command."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from nova_tui.cli.context import Context, pass_context
from nova_tui.cli.failure import REPORTED
from nova_tui.cli.progress import progress_of
from nova_tui.domain.safe_text import clean_line

if TYPE_CHECKING:
    from nova_tui.services.copying import CopyReceipt


@click.command("copy")
@click.option("--from", "source", metavar="URL", required=True, help="The store to read.")
@click.option("--to", "target", metavar="URL", required=True, help="The store to write.")
@click.option("--all-users", is_flag=True, help="The sessions of everybody, not only of --user.")
@click.pass_context
@pass_context
def copy_command(context: Context, ctx: click.Context, source: str, target: str, all_users: bool) -> None:
    """Copy a store into another, with revisions and trash where both keep them.

    Nothing is taken out of the one or overwritten in the other. Copying again goes on where it stopped, and brings
    what is new.
    """
    from nova_tui.services.copying import copy_sessions
    from nova_tui.storage.url import open_store

    context.warn_of_settings()
    users = [context.settings.user.value]
    if all_users:
        with open_store(source, user_id=users[0], read_only=True) as store:
            users = list(store.users())
    failed = False
    for user in users:
        with (
            open_store(source, user_id=user, read_only=True) as one,
            open_store(target, user_id=user, read_only=context.read_only) as other,
            progress_of("copying") as progress,
        ):
            receipt = copy_sessions(one, other, user, progress)
        context.write("\n".join(_lines(receipt)))
        failed = failed or bool(receipt.failures)
    if not users:
        context.say("There is nobody whose sessions could be copied.")
    if failed:
        ctx.exit(REPORTED)


def _lines(receipt: CopyReceipt) -> list[str]:
    """Return the receipt of a user's sessions."""
    counts = f"{receipt.new:,} new, {receipt.updated:,} updated, {receipt.unchanged:,} unchanged"
    trashed = f" ({receipt.trashed:,} of them in the trash)" if receipt.trashed else ""
    revisions = f"{receipt.revisions:,} {'revision' if receipt.revisions == 1 else 'revisions'}"
    drafts = f", {receipt.drafts:,} {'draft' if receipt.drafts == 1 else 'drafts'}" if receipt.drafts else ""
    bad = f"; {len(receipt.failures):,} not copied" if receipt.failures else ""
    return [
        f"{clean_line(receipt.user_id)}: {counts}{trashed}; {revisions}{drafts} written{bad}",
        *(f"  {failure}" for failure in receipt.failures),
    ]
