"""The command line: the table of commands, and the entry point."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from functools import partial
from typing import Any, Final, NoReturn

import click

from nova_tui.cli.context import Context, pass_context
from nova_tui.cli.failure import status_of
from nova_tui.cli.group import LazyGroup

HOMES: Final = {
    "demo": ("nova_tui.cli.screen:demo_command", "Open the screen on sample sessions; nothing is written."),
    "list": ("nova_tui.cli.listing:list_command", "List sessions."),
    "show": ("nova_tui.cli.show:show_command", "Show one session."),
    "new": ("nova_tui.cli.session:new_command", "Make a session and print its id."),
    "templates": ("nova_tui.cli.templates:templates_command", "List the templates of new sessions, or mark one."),
    "add": ("nova_tui.cli.add:add_command", "Append a row to a session and print its id."),
    "edit": ("nova_tui.cli.edit:edit_command", "Edit a session in $VISUAL or $EDITOR."),
    "rows": ("nova_tui.cli.rows:rows_command", "List and edit the rows of a session."),
    "play": ("nova_tui.cli.play:play_command", "Perform a dialog full screen."),
    "rename": ("nova_tui.cli.session:rename_command", "Give a session a title."),
    "delete": ("nova_tui.cli.session:delete_command", "Delete sessions."),
    "restore": ("nova_tui.cli.history:restore_command", "Bring sessions back out of the trash, or a revision of one."),
    "purge": ("nova_tui.cli.organise:purge_command", "Take sessions and their history out for ever."),
    "fork": ("nova_tui.cli.organise:fork_command", "Copy a session and print the copy's id."),
    "tag": ("nova_tui.cli.organise:tag_command", "List a session's tags, add some or take them off."),
    "star": ("nova_tui.cli.organise:star_command", "Mark a session with a star."),
    "archive": ("nova_tui.cli.organise:archive_command", "Put a session away from the list."),
    "history": ("nova_tui.cli.history:history_command", "List the revisions of a session."),
    "undo": ("nova_tui.cli.history:undo_command", "Take back the last change of a session."),
    "redo": ("nova_tui.cli.history:redo_command", "Make the change again that was taken back last."),
    "search": ("nova_tui.cli.search:search_command", "Search in titles and rows."),
    "replace": ("nova_tui.cli.replace:replace_command", "Find and replace in the rows of sessions."),
    "lint": ("nova_tui.cli.lint:lint_command", "Tell what a user of a data set would stumble over."),
    "import": ("nova_tui.cli.transfer:import_command", "Import chat files, folders and archives."),
    "export": ("nova_tui.cli.transfer:export_command", "Export sessions to a file, a folder or standard output."),
    "formats": ("nova_tui.cli.transfer:formats_command", "List what can be read and written."),
    "record": (
        "nova_tui.cli.record:record_command",
        "Record sessions or a tour: .cast .gif .svg .html .txt .png.",
    ),
    "backup": ("nova_tui.cli.upkeep:backup_command", "Write a copy of the store while it is in use."),
    "check": ("nova_tui.cli.upkeep:check_command", "Verify the store."),
    "copy": ("nova_tui.cli.copying:copy_command", "Copy a store into another."),
    "themes": ("nova_tui.cli.themes:themes_command", "List the themes, or check a theme file."),
    "config": ("nova_tui.cli.config:config_command", "Show what is set, and from where."),
    "keys": ("nova_tui.cli.keys:keys_command", "List every key of the screen by its id."),
    "help": ("nova_tui.cli.help:help_command", "Show the help of a command, or a page about what they share."),
}
"""Each command's home and short help, in the order of the help."""


COMPLETION: Final = "_NOVA_TUI_COMPLETE"
"""The variable by which a shell asks for completions."""


class Root(LazyGroup):
    """The program itself: failures become one line and an exit status."""

    # one signature for Click's two overloads
    def main(  # type: ignore[override]
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        standalone_mode: bool = True,
        **extra: Any,
    ) -> Any:
        """Run the program and exit; Click does it where `standalone_mode` is off or a shell asks for completions."""
        name = prog_name or "nova-tui"
        if not standalone_mode or COMPLETION in os.environ:
            return super().main(args, name, standalone_mode=standalone_mode, **extra)
        sys.exit(status_of(partial(self._run, sys.argv[1:] if args is None else list(args), name, extra)))

    def _run(self, args: list[str], name: str, extra: dict[str, Any]) -> Any:
        """Parse the arguments and run the command."""
        with self.make_context(name, args, **extra) as ctx:
            return self.invoke(ctx)


@click.group(
    "nova-tui",
    cls=Root,
    homes=HOMES,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.pass_context
@pass_context
def cli(context: Context, ctx: click.Context) -> None:
    """Browse, edit and perform chat sessions in the terminal.

    Without a command the screen opens.
    """
    if ctx.invoked_subcommand is None:
        from nova_tui.cli.screen import open_screen

        ctx.exit(open_screen(context))


def main() -> NoReturn:
    """Run nova-tui on the process's own arguments and streams."""
    prepare_streams()
    cli.main()
    raise AssertionError("unreachable")


def prepare_streams() -> None:
    """Write UTF-8 whatever the locale says, and put something harmless where a standard stream is closed.

    A closed one would give its number to the next file that is opened, such as the store.
    """
    for number, name, opened in ((0, "stdin", os.O_RDONLY), (1, "stdout", os.O_RDONLY), (2, "stderr", os.O_WRONLY)):
        if getattr(sys, name) is None:
            # the lowest free number is the closed stream's; a closed output stays one that cannot be written to
            os.open(os.devnull, opened)
            setattr(sys, name, os.fdopen(number, "r" if number == 0 else "w", encoding="utf-8", closefd=False))
    for stream in (sys.stdout, sys.stderr):
        if reconfigure := getattr(stream, "reconfigure", None):
            reconfigure(encoding="utf-8", errors="backslashreplace")
