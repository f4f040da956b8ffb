"""The command `record`: sessions or a tour become files, computed on a clock that never waits."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from nova_tui.cli.context import Context, pass_context
from nova_tui.cli.failure import REPORTED
from nova_tui.cli.progress import progress_of
from nova_tui.domain.errors import RecordingError

if TYPE_CHECKING:
    from nova_tui.domain.session import Session
    from nova_tui.performing.performance import Performance
    from nova_tui.performing.script import Script
    from nova_tui.services.recording.output import Wanted
    from nova_tui.services.recording.recording import Recording
    from nova_tui.theming import ThemeSpec

SIZE = (100, 30)
"""Columns and rows where nothing else is said."""
STILLS = (".svg", ".png")


@click.command("record")
@click.argument("ids", metavar="[ID]...", nargs=-1)
@click.option(
    "-i",
    "--input",
    "source",
    metavar="FILE",
    type=click.Path(allow_dash=True, path_type=Path),
    help="Record the sessions of this file, in any format that can be imported, not the store's; - is standard input.",
)
@click.option(
    "-o",
    "--output",
    "outputs",
    metavar="FILE",
    multiple=True,
    type=click.Path(path_type=Path),
    help="A .cast, .gif, .svg, .html, .txt or .png; several are made of one recording.",
)
@click.option("--size", metavar="COLSxROWS", help="The size of the screen.  [default: 100x30]")
@click.option("--speed", type=click.FloatRange(0.1, 20), default=1.0, metavar="X", help="How many times faster.")
@click.option("--seed", type=int, metavar="N", help="Another rhythm of typing and writing.")
@click.option("--script", type=click.Path(path_type=Path), metavar="DEMO.yaml", help="How the rows are performed.")
@click.option("--tour", type=click.Path(path_type=Path), metavar="TOUR.yaml", help="Record the program itself.")
@click.option("--cast-version", type=click.Choice(("2", "3")), default="2", help="The version of .cast files.")
@click.option("--still", is_flag=True, help="One picture instead of an animated .svg.")
@click.option("--at", type=click.FloatRange(min=0), metavar="SECONDS", help="The moment of a still; else the end.")
@click.option("--check", is_flag=True, help="Write nothing; fail when a file is not what would be written.")
@click.option("--progress", "lines", is_flag=True, hidden=True, help="Say how far it is in lines, for a program.")
@click.pass_context
@pass_context
def record_command(
    context: Context,
    ctx: click.Context,
    ids: tuple[str, ...],
    source: Path | None,
    outputs: tuple[Path, ...],
    size: str | None,
    speed: float,
    seed: int | None,
    script: Path | None,
    tour: Path | None,
    cast_version: str,
    still: bool,
    at: float | None,
    check: bool,
    lines: bool,
) -> None:
    """Record sessions, one after the other, or a tour of the program.

    The recording is computed, not filmed: without a terminal, faster than it plays, and the same bytes for the same
    input. Hidden rows and what is masked are never in it.
    """
    from nova_tui.services.recording.output import Wanted
    from nova_tui.services.recording.tour import parse_size

    if tour is None and not ids and source is None and script is None:
        raise click.UsageError("Give the ids of sessions, or --tour FILE.", ctx)
    if tour is not None and (ids or source is not None or script is not None):
        raise click.UsageError("--tour takes neither ids nor --input nor --script.", ctx)
    if source is not None and ids:
        raise click.UsageError("--input takes no ids; all sessions of the file are recorded.", ctx)
    wanted_size = parse_size(size) if size is not None else None
    if size is not None and wanted_size is None:
        raise click.UsageError("--size needs COLSxROWS, from 20x5 to 500x200.", ctx)
    wanted = Wanted(int(cast_version), still, None if at is None else round(at * 1000))
    job = _Job(context, ctx, wanted, wanted_size, speed, seed, lines=lines)
    files = job.files(outputs) if outputs else ()
    if tour is not None:
        if not files:
            raise click.UsageError("Give a file with -o.", ctx)
        made = job.tour(tour, files)
    else:
        made = job.sessions(ids if source is None else source, script, files)
    stale = [path for path, data in made if job.differs(path, data)] if check else []
    if check:
        for path in stale:
            context.say(f"nova-tui: {path}: {'it is stale' if path.exists() else 'it is missing'}; record it again.")
        if stale:
            ctx.exit(REPORTED)
        return
    for path, data in made:
        job.write(path, data)


class _Job:
    """One run of the command."""

    def __init__(
        self,
        context: Context,
        ctx: click.Context,
        wanted: Wanted,
        size: tuple[int, int] | None,
        speed: float,
        seed: int | None,
        *,
        lines: bool,
    ) -> None:
        self._lines = lines
        self._context, self._ctx, self._wanted = context, ctx, wanted
        self._size, self._speed, self._seed = size, speed, seed
        self._unknown: set[str] = set()

    def files(self, outputs: tuple[Path, ...]) -> tuple[Path, ...]:
        """Return the files; an ending that no recording has, or that a wish does not fit, is wrong usage."""
        from nova_tui.services.recording.output import kind_of

        kinds = []
        for path in outputs:
            try:
                kinds.append(kind_of(path))
            except RecordingError as error:
                raise click.UsageError(f"{error}.", self._ctx) from error
        if self._wanted.still and not set(kinds) & set(STILLS):
            raise click.UsageError("--still is for .svg and .png.", self._ctx)
        if self._wanted.at is not None and not (".png" in kinds or (".svg" in kinds and self._wanted.still)):
            raise click.UsageError("--at is for .png, and for .svg with --still.", self._ctx)
        return outputs

    def _theme(self, other: str | None) -> tuple[list[ThemeSpec], ThemeSpec]:
        """Return all themes and the one to use: the command line's, the file's, the configured one."""
        from nova_tui.theming import find_theme, load_themes, theme_folders

        settings = self._context.settings
        folders = theme_folders(settings.folder)
        specs, _problems = load_themes(folders)
        return specs, find_theme(self._context.theme or other or settings.theme.value, folders)

    def tour(self, path: Path, files: tuple[Path, ...]) -> list[tuple[Path, bytes]]:
        """Return the files of a tour."""
        from nova_tui.services.recording.tour import load_tour
        from nova_tui.tui.recording.touring import SIZE as TOUR_SIZE
        from nova_tui.tui.recording.touring import record_tour

        tour = load_tour(path)
        specs, theme = self._theme(tour.theme)
        with progress_of("recording", lines=self._lines) as progress:
            recording = record_tour(
                tour,
                self._size or tour.size or TOUR_SIZE,
                specs,
                theme.name,
                seed=1 if self._seed is None else self._seed,
                speed=self._speed,
                progress=progress,
            )
        return self._encoded(files, lambda: recording)

    def sessions(
        self, chosen: tuple[str, ...] | Path, script_path: Path | None, files: tuple[Path, ...]
    ) -> list[tuple[Path, bytes]]:
        """Return the files of sessions: those with the ids, or all of a file."""
        from nova_tui.performing.script import load_script
        from nova_tui.performing.timeline import compile_timeline
        from nova_tui.services.recording import html
        from nova_tui.tui.recording.performing import page_colours, record_timelines

        script = load_script(script_path) if script_path is not None else None
        if not files and script is not None and script_path is not None:
            files = self.files(tuple(script_path.parent / name for name in script.outputs))
        if not files:
            raise click.UsageError("Give a file with -o.", self._ctx)
        performances = self._performances(chosen, script)
        _specs, theme = self._theme(script.theme if script else None)
        timelines = [
            compile_timeline(performance.scene, seed=self._seed_of(performance), speed=self._speed)
            for performance in performances
        ]
        made: list[Recording] = []

        def recording() -> Recording:
            if not made:
                with progress_of("recording", lines=self._lines) as progress:
                    size = self._size or (script.size if script else None) or SIZE
                    made.append(record_timelines(timelines, size, theme, progress))
            return made[0]

        return self._encoded(files, recording, lambda: html.replay(timelines, page_colours(theme)))

    def _seed_of(self, performance: Performance) -> int:
        """Return the command line's seed, the script's, or the usual one."""
        from nova_tui.performing.performance import DEFAULT_SEED

        if self._seed is not None:
            return self._seed
        return DEFAULT_SEED if performance.script.seed is None else performance.script.seed

    def _sessions(self, chosen: tuple[str, ...] | Path, script: Script | None) -> list[Session]:
        """Return the sessions, from the store or from a file."""
        if isinstance(chosen, Path):
            from nova_tui.cli.record_input import sessions_of

            self._context.warn_of_settings()
            return sessions_of(chosen, self._context.settings.user.value)
        if not chosen and script is not None and script.session is not None:
            chosen = (script.session,)
        if not chosen:
            raise click.UsageError("Give the ids of sessions; the script names none.", self._ctx)
        with self._context.library() as library:
            return [library.load(prefix) for prefix in chosen]

    def _performances(self, chosen: tuple[str, ...] | Path, script: Script | None) -> list[Performance]:
        """Return the sessions made ready; say what is left out, and what looks like a secret."""
        from nova_tui.performing.performance import Performance
        from nova_tui.performing.secrets import unreviewed

        performances = []
        sessions = self._sessions(chosen, script)
        for session in sessions:
            performance = Performance.of(session, script if script is not None and script.fits(session) else None)
            performances.append(performance)
            title = performance.scene.title
            self._context.say(f"{title}: {performance.left_out()}")
            for problem in performance.scene.problems:
                self._context.say(f"nova-tui: {problem}")
            if findings := unreviewed(performance.scene, session):
                kinds = ", ".join(dict.fromkeys(finding.kind for finding in findings))
                count = f"{len(findings)} thing{'' if len(findings) == 1 else 's'}"
                self._context.say(
                    f"WARNING: {title}: {count} that nobody reviewed may be secrets ({kinds}). "
                    "Everyone who gets this recording can read them; mask them in the player or in a script."
                )
        if script is not None and not any(script.fits(session) for session in sessions):
            raise RecordingError(f"{script.path}: it is for {script.session}, which is not among these sessions")
        return performances

    def _encoded(
        self, files: tuple[Path, ...], recording: Callable[[], Recording], page: Callable[[], bytes] | None = None
    ) -> list[tuple[Path, bytes]]:
        """Return the bytes of each file."""
        from nova_tui.services.recording.output import encoded, kind_of

        made = []
        for path in files:
            kind = kind_of(path)
            if kind == ".html" and page is not None:
                data = page()
            else:
                data = encoded(kind, recording(), self._wanted, self._unknown.update)
            made.append((path, data))
        if self._unknown:
            shown = " ".join(sorted(self._unknown)[:12])
            self._context.say(
                f"No font here has {shown}; boxes stand for them. More fonts help, e.g. Noto Emoji or CJK."
            )
        return made

    def differs(self, path: Path, data: bytes) -> bool:
        """Tell whether a file is not what would be written."""
        from nova_tui.services.recording.output import is_stale

        return is_stale(path, data)

    def write(self, path: Path, data: bytes) -> None:
        """Write a file and say so."""
        from nova_tui.services.recording.output import write

        write(path, data)
        self._context.write(f"{path}: {len(data):,} bytes")
