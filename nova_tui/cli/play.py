"""The `play` command."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from nova_tui.cli.context import Context, pass_context
from nova_tui.domain.safe_text import clean_line

if TYPE_CHECKING:
    from nova_tui.performing.performance import Performance


@click.command("play")
@click.argument("id")
@click.option("--from", "from_row", metavar="ROW", help="Begin with this row: its id or the beginning of it.")
@click.option("--speed", metavar="X", type=click.FloatRange(0.25, 8), default=1.0, help="So many times as fast.")
@click.option("--auto/--step", "auto", default=True, help="Play on by itself, or stop after each row.")
@click.option("--plain", is_flag=True, help="Write it line by line, without a screen.")
@click.option("--notes", is_flag=True, help="Show the speaker's notes of a player in another terminal.")
@click.option(
    "--script",
    metavar="DEMO.yaml",
    type=click.Path(path_type=Path),
    help="How the rows are performed; it wins over what the session says.",
)
@click.pass_context
@pass_context
def play_command(
    context: Context,
    ctx: click.Context,
    id: str,
    from_row: str | None,
    speed: float,
    auto: bool,
    plain: bool,
    notes: bool,
    script: Path | None,
) -> None:
    """Perform a dialog full screen.

    Hidden rows are left out, and what is masked stays masked. The key ? shows what every key does.
    """
    if plain and notes:
        raise click.UsageError("--plain and --notes exclude each other.", ctx)
    from nova_tui.performing.performance import Performance
    from nova_tui.performing.script import load_script
    from nova_tui.performing.secrets import unreviewed
    from nova_tui.services.library import resolve_row

    loaded = load_script(script) if script is not None else None
    with context.library() as library:
        session = library.store.load(library.resolve(id))
    if notes:
        from nova_tui.cli.play_notes import follow

        follow(context, session.id)
        return
    performance = Performance.of(session, loaded)
    row_id = resolve_row(session.dialog, from_row) if from_row is not None else None
    if row_id is not None and performance.scene.position(row_id) is None:
        raise click.UsageError(f"Row {clean_line(row_id)} is hidden or skipped; begin with another.", ctx)
    for problem in performance.scene.problems:
        context.say(f"nova-tui: {problem}")
    if plain:
        for line in plain_lines(performance, row_id):
            context.write(line)
        if findings := len(unreviewed(performance.scene, session)):
            places = "1 place looks" if findings == 1 else f"{findings:,} places look"
            context.say(f"WARNING: {places} like a secret that nobody reviewed; play it on the screen to review it.")
        context.say(performance.left_out())
        return
    from nova_tui.cli.screen import play_screen

    status = play_screen(context, session.id, row_id, speed, step=not auto, script=loaded)
    context.say(performance.left_out())
    ctx.exit(status)


def plain_lines(performance: Performance, from_row: str | None) -> Iterator[str]:
    """Yield the performance as lines: chapters and captions stand before the rows that they belong to."""
    from nova_tui.services.reading import row_lines

    scene = performance.scene
    first = (scene.position(from_row) or 0) if from_row is not None else 0
    yield clean_line(scene.title)
    for scene_row in scene.rows[first:]:
        yield ""
        if scene_row.cue.chapter:
            yield f"== {scene_row.cue.chapter} =="
        if scene_row.cue.caption:
            yield f"({scene_row.cue.caption})"
        yield f"{scene_row.row.role}:"
        yield from row_lines(scene_row.row)
