"""Recordings to encode: small ones with everything in them that is hard."""

from __future__ import annotations

from nova_tui.services.recording.recording import Colours, Recording, Reel, Row, Run, Style, plain_row

COLUMNS, LINES = 40, 8
ACCENT = Style(0xFFA62B, 0x1E1E1E)
SHAPES = "▌█▀▒┃★─┼░▟"


def screen(step: int) -> list[tuple[int, Row]]:
    """Return a screen whose second line grows; it has wide characters, clusters, shapes and styles."""
    lines: list[Row] = [(Run("╭" + "─" * (COLUMNS - 2) + "╮", COLUMNS, ACCENT),)]
    lines.append((*plain_row(f"step {'x' * step}", 30, Style(bold=True)), Run("日", 2, Style(0xFF0000), True), *pad(8)))
    lines.append((Run("👩‍👩‍👧", 2, ACCENT, True), Run("<&\"'>]]>", 8, Style(italic=True, underline=True)), *pad(30)))
    lines.append((Run("é", 1, Style(), True), Run(SHAPES, len(SHAPES), Style(0x00FF88, 0x000040)), *pad(29)))
    lines += [plain_row(f"line {number}", COLUMNS, Style(strike=number == 5)) for number in range(4, LINES)]
    return list(enumerate(lines))


def pad(count: int) -> Row:
    """Return blanks."""
    return plain_row("", count)


def recording(steps: int = 12) -> Recording:
    """Return a recording of that screen, with two chapters and a key."""
    reel = Reel(COLUMNS, LINES, "A <title> & \x1b]0;more\x07", Colours())
    for step in range(steps):
        reel.show(step * 130, screen(step))
    reel.key(100, "x")
    reel.mark(0, "First \x1b[2J chapter")
    reel.mark(700, "Second")
    return reel.finished(3000)
