"""The speaker's notes in a second terminal."""

from __future__ import annotations

import sys
import time
from typing import Any

import click

from nova_tui.cli.context import Context
from nova_tui.domain.safe_text import clean, clean_line
from nova_tui.services.note_channel import NoteChannel

LOOK = 0.25
"""Seconds between two looks at the player."""


def follow(context: Context, session_id: str) -> None:
    """Show the notes of the player of a session until ctrl+c, or where this is no terminal until the player ends."""
    channel = NoteChannel(session_id)
    terminal = sys.stdout.isatty()
    shown = ""
    began: float | None = None
    if terminal:
        context.say("Waiting for the player; ctrl+c ends this.")
    while True:
        facts = channel.read()
        if facts is not None:
            began = time.monotonic() if began is None else began
            text = notes_text(facts)
            if terminal:
                text += f"\n\n{times(facts, time.time(), time.monotonic() - began)}"
            if text != shown:
                shown = text
                if terminal:
                    click.clear()
                context.write(text + ("" if terminal else "\n"))
        elif not terminal:
            if began is None:
                context.say("Nothing plays this session now.")
            return
        elif began is not None:
            began, shown = None, ""
            click.clear()
            context.say("The player ended; waiting for the next one. ctrl+c ends this.")
        time.sleep(LOOK)


def notes_text(facts: dict[str, Any]) -> str:
    """Return what the speaker reads."""

    def word(key: str, limit: int = 300) -> str:
        return clean_line(str(facts.get(key) or ""), limit)

    chapter = f" · {word('chapter')}" if facts.get("chapter") else ""
    lines = [
        f"{word('title')}{chapter}",
        f"row {word('number', 9)} of {word('rows', 9)}",
        "",
        word("row") or "not begun",
    ]
    lines += ["", clean(str(facts.get("note") or "no note")), "", f"next  {word('coming')}"]
    return "\n".join(lines)


def times(facts: dict[str, Any], now: float, watched: float) -> str:
    """Return where the player is, how long it all takes, and how long the speaker speaks already."""
    position, duration, speed, at = (_number(facts.get(key)) for key in ("position", "duration", "speed", "at"))
    if facts.get("going") == "playing":
        position = min(duration, position + max(0.0, now - at) * 1000 * speed)
    going = clean_line(str(facts.get("going") or ""), 20)
    return f"{_clock(position / 1000)} / {_clock(duration / 1000)} · {going} · {_clock(watched)} since you began"


def _number(value: Any) -> float:
    """Return a number of the file, 0 for anything else."""
    usable = isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e12
    return float(value) if usable else 0.0


def _clock(seconds: float) -> str:
    """Return a time as people write it."""
    return f"{int(seconds) // 60}:{int(seconds) % 60:02}"
