"""The `lint` command."""

from __future__ import annotations

from typing import Any

import click

from nova_tui.cli.context import Context, pass_context
from nova_tui.cli.failure import REPORTED
from nova_tui.cli.listing import SHORT_ID
from nova_tui.cli.progress import progress_of
from nova_tui.domain.errors import NovaError, SessionNotFound
from nova_tui.domain.lint import PROFILES, Severity
from nova_tui.domain.safe_text import clean_line
from nova_tui.services.linting import Linted, lint_sessions, mend_stored

COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.NOTE: "blue"}


@click.command("lint")
@click.argument("ids", metavar="[ID]...", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="All sessions, archived ones too.")
@click.option("--profile", type=click.Choice(PROFILES), help="With the rules of a format.")
@click.option("--mend", "mending", is_flag=True, help="Put right what is marked with a *; undo takes it back.")
@click.option("--json", "as_json", is_flag=True, help="Write a JSON array of findings.")
@click.pass_context
@pass_context
def lint_command(
    context: Context,
    ctx: click.Context,
    ids: tuple[str, ...],
    everything: bool,
    profile: str | None,
    mending: bool,
    as_json: bool,
) -> None:
    """Tell what somebody who uses sessions as a data set would stumble over.

    The exit status is 1 when an error or a warning was found (and not mended), 0 when there is nothing or only notes.
    """
    if bool(ids) == everything:
        raise click.UsageError("Give IDs, or --all.", ctx)
    failures: list[NovaError] = []

    def fail(error: NovaError) -> None:
        failures.append(library.explained(error) if isinstance(error, SessionNotFound) else error)

    mappings: list[dict[str, Any]] = []
    found = mended = bad = 0
    with context.library() as library:
        wanted = [library.resolve(id) for id in ids] or list(library.store.session_ids(library.user_id))
        with progress_of("Linting") as progress:
            for linted in lint_sessions(
                library.store, list(dict.fromkeys(wanted)), profile, progress=progress, failed=fail
            ):
                put_right = 0
                if mending:
                    try:
                        put_right = mend_stored(library.store, linted)
                    except NovaError as error:
                        fail(error)
                mended += put_right
                left = [one for one in linted.findings if not (put_right and one.mendable)]
                found += len(linted.findings)
                bad += sum(one.severity is not Severity.NOTE for one in left)
                if as_json:
                    session = {"session_id": linted.session.id, "title": linted.session.title}
                    mappings += [
                        {**session, **one.to_mapping(), "mended": bool(put_right and one.mendable)}
                        for one in linted.findings
                    ]
                elif linted.findings:
                    write_findings(context, linted, mended=bool(put_right))
    if as_json:
        context.write_json(mappings)
    for failure in failures:
        context.say(f"nova-tui: {failure}")
    told = "Nothing found." if not found else "1 finding." if found == 1 else f"{found:,} findings."
    context.say(told + (f" {mended:,} mended." if mended else ""))
    if failures or bad:
        ctx.exit(REPORTED)


def write_findings(context: Context, linted: Linted, *, mended: bool) -> None:
    """Write what was found in one session; rows count from 1."""
    title = context.styled(clean_line(linted.session.title), bold=True)
    click.echo(f"{linted.session.id[:SHORT_ID]}  {title}")
    for one in linted.findings:
        where = "" if one.position is None else f"row {one.position + 1}"
        mark = "" if not one.mendable else " (mended)" if mended else " *"
        severity = context.styled(f"{one.severity.value:7}", fg=COLOURS[one.severity])
        click.echo(f"  {severity}  {where:8}  {one.code:18}  {clean_line(one.sentence)}{mark}".rstrip())
    click.echo()
