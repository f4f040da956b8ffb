"""Asking where a file is to be written."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from textual.app import App

from nova_tui.domain.safe_text import clean_line
from nova_tui.tui.screens.prompt_screen import PromptScreen

REPLACE, OTHER = "replace", "other"


async def ask_path(app: App[Any], given: str, hint: str = "Enter writes, Esc leaves") -> Path | None:
    """Ask for a path; a file that is there is replaced only when the person says so. Call it in a worker."""
    from nova_tui.tui.screens.choice_screen import ChoiceScreen  # noqa: PLC0415  not at the start

    while True:
        answer = await app.push_screen_wait(PromptScreen("Write to", given, hint))
        if answer is None or not answer.strip():
            return None
        given = answer.strip()
        path = Path(given).expanduser()
        if given.endswith(("/", "\\")) or not await asyncio.to_thread(path.is_file):
            return path
        choices = [(OTHER, "Choose another path", ""), (REPLACE, "Replace it", "what it holds is lost")]
        choice = await app.push_screen_wait(ChoiceScreen(f"{clean_line(path.name, 40)} is there", choices))
        if choice is None:
            return None
        if choice == REPLACE:
            return path
