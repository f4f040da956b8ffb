"""Dialogs to test with."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

from textual.pilot import Pilot

from nova_tui.domain.row import HIDE, Role, Row
from nova_tui.tui.widgets import code_spans
from nova_tui.tui.widgets.dialog_view import DialogView
from tests.tui.virtual_clock import settle
from tests.tui.widgets.tiny_app import TinyApp

START = datetime(2026, 11, 22, 9, 12, tzinfo=UTC)
_WORDS = ["the", "payment", "was", "charged", "twice", "so", "please", "look", "into", "order", "and", "refund"]


def row(number: int, text: str = "", role: Role | None = None, hidden: bool = False) -> Row:
    """Return a row with an id of its number."""
    return Row(
        text or f"Text {number}",
        role or (Role.USER if number % 2 == 0 else Role.ASSISTANT),
        START + timedelta(seconds=number),
        {HIDE: True} if hidden else {},
        id=f"row{number}",
    )


def simple(count: int, hidden: Sequence[int] = ()) -> list[Row]:
    """Return rows of one line each."""
    return [row(number, hidden=number in hidden) for number in range(count)]


def mixed(count: int, seed: int = 1) -> list[Row]:
    """Return rows of all heights."""
    source = random.Random(seed)

    def paragraph() -> str:
        return " ".join(source.choices(_WORDS, k=source.randint(1, 90)))

    def part() -> str:
        kind = source.randrange(6)
        if kind == 0:
            return "```\n" + "\n".join(paragraph()[:120] for _ in range(source.randint(1, 12))) + "\n```"
        if kind == 1:
            return "\n".join(f"- {paragraph()[:90]}" for _ in range(source.randint(1, 6)))
        if kind == 2:
            return "| a | b |\n|---|---|\n" + "\n".join(f"| {paragraph()[:70]} | 退款 |" for _ in range(4))
        return paragraph()

    return [row(number, "\n\n".join(part() for _ in range(source.randint(1, 5)))) for number in range(count)]


@asynccontextmanager
async def showing(
    rows: Sequence[Row], *, size: tuple[int, int] = (80, 24)
) -> AsyncIterator[tuple[TinyApp, DialogView, Pilot[None]]]:
    """Run an app that shows the rows."""
    for language in ("python", "json"):
        code_spans.load(language)
    view = DialogView(zone=UTC)
    app = TinyApp(view)
    async with app.run_test(size=size, message_hook=app.see) as pilot:
        view.show(rows)
        await settle(pilot)
        yield app, view, pilot


def painted(view: DialogView) -> list[str]:
    """Return the lines of the window, without the bars."""
    return [view.paint_line(y).text[3:].rstrip() for y in range(view.window.height)]
