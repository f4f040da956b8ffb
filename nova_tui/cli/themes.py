"""The `themes` command."""

from __future__ import annotations

from pathlib import Path

import click

from nova_tui.cli.context import Context, pass_context
from nova_tui.cli.table import table
from nova_tui.domain.safe_text import clean_line
from nova_tui.theming import ThemeSpec, bundled_folder, load_theme_file, load_themes, theme_folders


@click.command("themes")
@click.option("--check", metavar="FILE", type=click.Path(path_type=Path), help="Check a theme file.")
@pass_context
def themes_command(context: Context, check: Path | None) -> None:
    """List the themes, or check a theme file.

    A person's own themes are in the folder `themes` beside the configuration file.
    """
    if check is not None:
        spec = load_theme_file(check)
        context.write(f"{clean_line(str(check))}: the theme {spec.name} can be used.")
        return
    context.warn_of_settings()
    specs, problems = load_themes(theme_folders(context.settings.folder))
    current = context.settings.theme.value
    lines = [["✓" if spec.name == current else "", spec.name, ground_of(spec), home_of(spec)] for spec in specs]
    context.write("\n".join(table(["", "THEME", "GROUND", "FROM"], lines, context.width)))
    for problem in problems:
        context.say(f"nova-tui: {problem}")


def ground_of(spec: ThemeSpec) -> str:
    """Return what a theme is made for: a dark or a light ground, or the terminal's own colours."""
    ground = "dark" if spec.dark else "light"
    return f"{ground}, 16 colours" if spec.ansi else ground


def home_of(spec: ThemeSpec) -> str:
    """Return where a theme comes from."""
    if spec.path is None or spec.path.parent == bundled_folder():
        return "nova-tui"
    return clean_line(str(spec.path), 1000)
