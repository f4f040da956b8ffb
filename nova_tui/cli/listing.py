"""The `list` command."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise
from typing import Any

import click

from nova_tui.cli.context import Context, pass_context
from nova_tui.cli.table import table
from nova_tui.domain.safe_text import clean_line
from nova_tui.domain.summary import SessionSummary
from nova_tui.domain.times import to_text
from nova_tui.services.library import Library
from nova_tui.storage.ordering import SORTS, matching, sort_key

SHORT_ID = 8
"""Digits of an id on a terminal; enough to tell thousands of sessions apart."""


@click.command("list")
@click.option("--filter", metavar="TEXT", help="Only titles that hold all these words.")
@click.option("--tag", metavar="T", help="Only sessions with this tag.")
@click.option("--archived", is_flag=True, help="The archived sessions instead.")
@click.option("--trash", is_flag=True, help="The deleted sessions instead, archived or not.")
@click.option("--sort", type=click.Choice(SORTS), default="updated", show_default=True, help="The order.")
@click.option("--limit", metavar="N", type=click.IntRange(min=0), help="At most so many.")
@click.option("--json", "as_json", is_flag=True, help="Write a JSON array.")
@pass_context
def list_command(
    context: Context,
    filter: str | None,
    tag: str | None,
    archived: bool,
    trash: bool,
    sort: str,
    limit: int | None,
    as_json: bool,
) -> None:
    """List sessions.

    All of them unless limited, newest change first.
    """
    with context.library() as library:
        if trash:
            found = deleted(library, filter, tag, archived, sort)[:limit]
        else:
            found = library.summaries(filter=filter, tag=tag, archived=archived, sort=sort, limit=limit)
    if as_json:
        context.write_json([summary_to_mapping(summary) for summary in found])
    elif found:
        context.write("\n".join(lines_of(found, context.width)))
    else:
        context.say("No sessions." if filter is None and tag is None else "No session matches.")


def deleted(
    library: Library, filter: str | None, tag: str | None, archived: bool, sort: str
) -> Sequence[SessionSummary]:
    """Return what is in the trash, or only what of it is archived."""
    found = [
        summary
        for summary in matching(library.store.trash(library.user_id), filter)
        if (tag is None or tag in summary.tags) and (summary.archived or not archived)
    ]
    return sorted(found, key=sort_key(sort))


def summary_to_mapping(summary: SessionSummary) -> dict[str, Any]:
    """Return a summary as `list --json` writes it."""
    return {
        "id": summary.id,
        "user_id": summary.user_id,
        "title": summary.title,
        "created_at": to_text(summary.created_at),
        "updated_at": to_text(summary.updated_at),
        "rows": summary.rows,
        "hidden_rows": summary.hidden_rows,
        "tags": list(summary.tags),
        "starred": summary.starred,
        "archived": summary.archived,
    }


def lines_of(found: Sequence[SessionSummary], width: int | None) -> list[str]:
    """Return a table of sessions: ids cut short on a terminal, whole in a pipe."""
    digits = 32 if width is None else distinct_digits([summary.id for summary in found])
    lines = [
        [
            summary.id[:digits],
            local_time(summary.updated_at),
            str(summary.rows),
            str(summary.hidden_rows or ""),
            _title(summary),
        ]
        for summary in found
    ]
    return table(["ID", "CHANGED", ">ROWS", ">HIDDEN", "TITLE"], lines, width)


def distinct_digits(ids: Sequence[str]) -> int:
    """Return how many digits tell these ids apart, eight at least."""
    ordered = sorted(ids)
    digits = SHORT_ID
    for one, other in pairwise(ordered):
        while digits < 32 and one[:digits] == other[:digits]:
            digits += 1
    return digits


def _title(summary: SessionSummary) -> str:
    """Return the last column: star, title, and tags or damage."""
    star = "★ " if summary.starred else ""
    end = f" (damaged: {summary.damaged})" if summary.damaged else "".join(f" · {tag}" for tag in summary.tags)
    return clean_line(f"{star}{summary.title}{end}", 1000)


def local_time(time: datetime) -> str:
    """Return a time as the clock on the wall shows it."""
    return time.astimezone().strftime("%Y-%m-%d %H:%M")
