"""The commands `import`, `export` and `formats`."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from nova_tui.cli.context import Context, pass_context
from nova_tui.cli.failure import INTERRUPTED, REPORTED
from nova_tui.cli.progress import progress_of
from nova_tui.domain.errors import FormatError

if TYPE_CHECKING:
    from nova_tui.services.library import Library
    from nova_tui.services.transfer import Wishes
    from nova_tui.services.transfer_out import Export, ExportReceipt

Named = TypeVar("Named")

WATCH_SECONDS = 2.0
"""How often `--watch` looks."""


@click.command("import")
@click.argument("paths", metavar="PATH...", nargs=-1)
@click.option("--format", metavar="F", help="The format; found from the content otherwise. See nova-tui formats.")
@click.option("--dry-run", is_flag=True, help="Save nothing, only say what would be.")
@click.option(
    "--on-conflict",
    type=click.Choice(("skip", "replace", "copy")),
    default="skip",
    help="What to do with a session that is there already. skip adds only its new rows.",
)
@click.option("--branches", is_flag=True, help="Make every branch a session of its own.")
@click.option("--from", "place", metavar="SOURCE", help="Import what a program keeps on this machine.")
@click.option("--watch", is_flag=True, help="Go on importing what changes, until interrupted.")
@click.option("--strict", is_flag=True, help="Refuse what cannot be kept whole.")
@click.option("--json", "as_json", is_flag=True, help="Print the receipt as JSON.")
@click.pass_context
@pass_context
def import_command(
    context: Context,
    ctx: click.Context,
    paths: tuple[str, ...],
    format: str | None,
    dry_run: bool,
    on_conflict: str,
    branches: bool,
    place: str | None,
    watch: bool,
    strict: bool,
    as_json: bool,
) -> None:
    """Import chat files, folders, archives, or standard input (-).

    The receipt says what was read from each file, what was new, and what could not be kept. Importing a file again
    changes nothing.
    """
    from nova_tui.formats.registry import importer_named
    from nova_tui.services.transfer import Wishes
    from nova_tui.services.transfer_places import PLACES, files_of

    if place is not None and place not in PLACES:
        raise click.UsageError(f"--from knows {', '.join(PLACES)}; not {place}.", ctx)
    if not paths and place is None:
        raise click.UsageError("Give a file, a folder, an archive, - or --from SOURCE.", ctx)
    if "" in paths:
        raise click.UsageError("A path must not be empty; . is the folder you are in.", ctx)
    if watch and "-" in paths:
        raise click.UsageError("--watch cannot watch standard input.", ctx)
    if format is not None:
        _named(importer_named, format, ctx)
    found = [*paths, *(files_of(place) if place is not None else ())]
    if not found:
        context.say(f"nova-tui: {place} keeps nothing on this machine that could be imported.")
    wishes = Wishes(format, on_conflict, branches, dry_run, strict)
    with context.library(create=True, trial=dry_run) as library:
        failed = _import(context, library, found, wishes, as_json)
        if watch:
            _watch(context, library, lambda: [*paths, *(files_of(place) if place is not None else ())], wishes, as_json)
    if failed:
        ctx.exit(REPORTED)


def _named(find: Callable[[str], Named], name: str, ctx: click.Context) -> Named:
    """Return the importer or exporter of that name; one that is not known is wrong usage."""
    try:
        return find(name)
    except FormatError as error:
        raise click.UsageError(f"{error}.", ctx) from error


def _import(context: Context, library: Library, paths: list[str], wishes: Wishes, as_json: bool) -> bool:
    """Import and print the receipt; tell whether something failed."""
    from nova_tui.cli.transfer_text import import_text
    from nova_tui.services.transfer import import_paths
    from nova_tui.services.transfer_receipt import ImportReceipt

    stdin = sys.stdin.buffer if "-" in paths else None
    receipt = ImportReceipt()
    try:
        with progress_of("importing") as progress:
            import_paths(library.store, library.user_id, paths, wishes, stdin=stdin, progress=progress, receipt=receipt)
    except KeyboardInterrupt:
        count = (
            f"{receipt.saved:,} session{' was' if receipt.saved == 1 else 's were'}" if receipt.saved else "nothing was"
        )
        context.say(f"nova-tui: stopped; {count} saved, and importing the same again goes on from there.")
        click.get_current_context().exit(INTERRUPTED)
    if as_json:
        context.write_json(receipt.to_mapping())
    else:
        context.write(import_text(receipt))
    return receipt.failed


def _watch(context: Context, library: Library, look: Callable[[], list[str]], wishes: Wishes, as_json: bool) -> None:
    """Import what changes, until interrupted."""
    from nova_tui.services.transfer_files import stamps

    context.say("Watching; press ctrl+c to stop.")
    known = stamps(look())
    try:
        while True:
            time.sleep(WATCH_SECONDS)
            current = stamps(look())
            changed = [path for path, stamp in current.items() if known.get(path) != stamp]
            known = current
            if changed:
                _import(context, library, changed, wishes, as_json)
    except KeyboardInterrupt:
        click.get_current_context().exit(INTERRUPTED)


@click.command("export")
@click.argument("ids", metavar="[ID]...", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="All sessions.")
@click.option("--filter", metavar="TEXT", help="The sessions whose titles hold these words.")
@click.option("--format", metavar="F", required=True, help="The format; see nova-tui formats.")
@click.option("-o", "--output", metavar="PATH", default="-", help="A file, a folder (one file a session), or -.")
@click.option("--hidden", type=click.Choice(("include", "skip")), help="Whether hidden rows are written.")
@click.option("--strict", is_flag=True, help="Write nothing that would lose something.")
@click.option("--json", "as_json", is_flag=True, help="Print the receipt as JSON, on standard error.")
@click.pass_context
@pass_context
def export_command(
    context: Context,
    ctx: click.Context,
    ids: tuple[str, ...],
    everything: bool,
    filter: str | None,
    format: str,
    output: str,
    hidden: str | None,
    strict: bool,
    as_json: bool,
) -> None:
    """Export sessions to a file, a folder or standard output.

    The receipt, on standard error, says how many hidden and excluded rows were left out, and what was lost.
    """
    from nova_tui.formats.registry import exporter_named
    from nova_tui.services.transfer_out import Export

    if sum((bool(ids), everything, filter is not None)) != 1:
        raise click.UsageError("Give ids, --all, or --filter TEXT.", ctx)
    if not output:
        raise click.UsageError("A path must not be empty; . is the folder you are in.", ctx)
    exporter = _named(exporter_named, format, ctx)
    if output == "-":
        exporter = exporter.for_terminal()
    with context.library() as library:
        chosen = (
            list(dict.fromkeys(library.resolve(prefix) for prefix in ids))
            if ids
            else list(library.store.session_ids(library.user_id, filter=filter))
        )
        with progress_of("exporting") as progress:
            export = Export(
                library.store,
                chosen,
                exporter,
                None if hidden is None else hidden == "include",
                strict,
                lambda done: progress(done, len(chosen)),
            )
            receipt = _written(export, output, exporter.escapes)
    _tell(context, receipt, as_json)
    if receipt.failed:
        ctx.exit(REPORTED)


def _written(export: Export, output: str, escapes: bool) -> ExportReceipt:
    """Write the export where it is wanted."""
    from nova_tui.domain.safe_text import cleaned_whole

    if output != "-":
        path = Path(output)
        folder = path.is_dir() or output.endswith(("/", "\\"))
        return export.to_folder(path) if folder else export.to_file(path)
    chunks: Iterator[str] = export.text()
    if export.receipt.strict:
        whole = "".join(chunks)
        chunks = iter(()) if export.receipt.losses else iter((whole,))
    for chunk in chunks:
        click.echo(chunk if escapes else cleaned_whole(chunk), nl=False)
    return export.receipt


def _tell(context: Context, receipt: ExportReceipt, as_json: bool) -> None:
    """Print the receipt of an export on standard error."""
    from nova_tui.cli.transfer_text import export_text
    from nova_tui.domain.safe_text import to_json

    context.say(to_json(receipt.to_mapping(), 2) if as_json else export_text(receipt))


@click.command("formats")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@pass_context
def formats_command(context: Context, as_json: bool) -> None:
    """List what can be read and written."""
    from nova_tui.cli.transfer_text import formats_text
    from nova_tui.formats.registry import EXPORTERS, IMPORTERS

    if as_json:
        read: list[dict[str, Any]] = [
            {"name": importer.name, "title": importer.title, "extensions": list(importer.extensions)}
            for importer in IMPORTERS.values()
        ]
        written: list[dict[str, Any]] = [
            {
                "name": exporter.name,
                "title": exporter.title,
                "extension": exporter.extension,
                "lossless": exporter.lossless,
                "dataset": exporter.dataset,
                "hidden": "include" if exporter.hidden_by_default else "skip",
            }
            for exporter in EXPORTERS.values()
        ]
        context.write_json({"import": read, "export": written})
    else:
        context.write(formats_text(list(IMPORTERS.values()), list(EXPORTERS.values())))
