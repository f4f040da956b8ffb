"""The `search` command."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any
from unicodedata import normalize

import click

from nova_tui.cli.context import Context, pass_context
from nova_tui.cli.listing import distinct_digits, local_time
from nova_tui.cli.minus import MinusCommand, unshielded
from nova_tui.cli.reading import COLOURS, WIDEST, wrapped
from nova_tui.cli.table import LEAST, cut
from nova_tui.domain.safe_text import clean_line
from nova_tui.domain.times import to_text

if TYPE_CHECKING:
    from nova_tui.domain.query import Query
    from nova_tui.domain.search import SearchHit

LIMIT = 50
"""Hits that are shown unless another number is asked for."""
ROLE = len("assistant")
"""Cells of the column that holds the roles."""
MARGIN = "  "
"""Stands before a snippet."""


@click.command("search", cls=MinusCommand)
@click.argument("words", metavar="QUERY", nargs=-1, required=True)
@click.option(
    "--limit", metavar="N", type=click.IntRange(min=0), default=LIMIT, show_default=True, help="At most so many hits."
)
@click.option("--newest", is_flag=True, help="The newest first, not the best.")
@click.option("--json", "as_json", is_flag=True, help="Write a JSON array.")
@pass_context
def search_command(context: Context, words: tuple[str, ...], limit: int, newest: bool, as_json: bool) -> None:
    """Search in titles and rows.

    All words of QUERY must be in one row or title: word, "a phrase", pre*, -not. Filters: role:user tag:demo
    title:refund has:image has:hidden is:starred is:archived updated:<7d created:>2026-01-01. Case and accents do not
    matter. Archived sessions are searched only with is:archived. The shell needs quotes around a QUERY with " * < or >.
    """
    from nova_tui.domain.query import parse_query
    from nova_tui.domain.search import CANDIDATES

    text = " ".join(map(unshielded, words))
    query = parse_query(text)
    with context.library() as library:
        found = library.search(text, limit=limit + 1, newest=newest)
    hits = found[:limit]
    if as_json:
        context.write_json([hit_to_mapping(hit) for hit in hits])
    elif hits:
        click.echo("\n".join(lines_of(hits, query, context)))
    elif not found:
        context.say("No hits.")
    if 0 < limit < len(found):
        context.say(f"There is more than {'this hit' if limit == 1 else f'these {limit:,} hits'}; --limit shows more.")
    elif not newest and len(found) == CANDIDATES:
        context.say(f"These are the best of the newest {CANDIDATES:,}; --newest finds all.")


def hit_to_mapping(hit: SearchHit) -> dict[str, Any]:
    """Return a hit as `search --json` writes it."""
    return {
        "session_id": hit.session_id,
        "row_id": hit.row_id,
        "title": hit.title,
        "role": None if hit.role is None else str(hit.role),
        "timestamp": to_text(hit.timestamp),
        "snippet": hit.snippet,
        "score": hit.score,
    }


def lines_of(hits: Sequence[SearchHit], query: Query, context: Context) -> Iterator[str]:
    """Yield the lines of each hit, safe to show: where it is, and the words around it with the hit marked."""
    width = context.width
    digits = 32 if width is None else distinct_digits(list({hit.session_id for hit in hits}))
    for hit in hits:
        place = f"{hit.session_id[:digits]}  {local_time(hit.timestamp)}"
        title = normalize("NFC", clean_line(hit.title))
        if width is not None:
            title = cut(title, max(LEAST, width - len(place) - ROLE - 4))
        heading = [context.styled(place, dim=True), _role(hit, context)]
        if hit.row_id is None:
            yield "  ".join([*heading, marked(title, query, context)])
            continue
        yield "  ".join([*heading, context.styled(title, bold=True)])
        snippet = normalize("NFC", clean_line(hit.snippet, 1000))
        for line in wrapped(snippet, None if width is None else max(LEAST, min(WIDEST, width - len(MARGIN) - 1))):
            yield (MARGIN + marked(line, query, context)).rstrip()


def _role(hit: SearchHit, context: Context) -> str:
    """Return who said what was found, or that it is a title."""
    if hit.role is None:
        return context.styled(f"{'title':{ROLE}}", bold=True)
    return context.styled(f"{hit.role:{ROLE}}", bold=True, fg=COLOURS[hit.role])


def marked(text: str, query: Query, context: Context) -> str:
    """Return a safe text with what was looked for marked, where standard output may be coloured."""
    from nova_tui.domain.marking import places_of

    parts, last = [], 0
    for start, end in places_of(query, text) if context.colour else ():
        parts += [text[last:start], click.style(text[start:end], bold=True, fg="yellow")]
        last = end
    return "".join([*parts, text[last:]])
