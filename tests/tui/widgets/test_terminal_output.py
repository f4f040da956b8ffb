"""What goes to the terminal: bytes of hostile texts through both widgets, with and without the last guard."""

from __future__ import annotations

import dataclasses
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.widget import Widget
from textual.widgets import Static

from nova_tui.domain import safe_text
from nova_tui.domain.row import Image
from nova_tui.domain.safe_text import clean
from nova_tui.tui.line_filter import GuardFilter, guarded
from nova_tui.tui.widgets.dialog_view import DialogView
from nova_tui.tui.widgets.session_list import SessionList
from tests.tui.virtual_clock import settle
from tests.tui.widgets.dialogs import row
from tests.tui.widgets.test_session_list import ids, summary
from tests.tui.widgets.texts import ESCAPES, HOSTILE
from tests.tui.widgets.tiny_app import TinyApp

OURS = re.compile(r"\x1b\[[0-9;:]*m|\x1b\[\d+;\d+H|\x1b\[\?\d+[hl]|\x1b\[\d* ?q|\x1b\[[<>=]\d*u|\n|\r")
"""What Textual itself writes: colours, cursor positions, modes."""
CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]")
BACKGROUND = Color(0, 0, 0)


class Recorder(TinyApp):
    """Keeps what is written to the terminal."""

    def __init__(self, widget: Widget, guard: bool) -> None:
        super().__init__(widget, guard=guard)
        self.written: list[str] = []

    def _display(self, screen: Any, renderable: Any) -> None:
        if hasattr(renderable, "render_segments"):
            self.written.append(renderable.render_segments(self.console))
        super()._display(screen, renderable)


@pytest.mark.parametrize("guard", [True, False])
@pytest.mark.parametrize("hidden", [True, False])
async def test_a_dialog_writes_no_foreign_control(guard: bool, hidden: bool) -> None:
    text = HOSTILE.replace("\0", "")
    calls = [{"function_name": text, "parameters": {text: text}, "result": text}]
    hostile = dataclasses.replace(
        row(0, text),
        metadata={"hide_row": hidden, "kind": text, "function_calls": calls},
        images=(Image(text, name=text, alt=text), Image(path=text), Image(url=text)),
    )
    view = DialogView()
    app = Recorder(view, guard)
    async with app.run_test(size=(100, 200)) as pilot:
        view.show_hidden = True
        view.show([hostile, row(1)])
        await settle(pilot)
        await pilot.press("G", "g")
        await settle(pilot)
    written = OURS.sub("", "".join(app.written))
    assert "[red]x[/red]" in written
    assert CONTROL.findall(written) == []


@pytest.mark.parametrize("guard", [True, False])
async def test_a_list_writes_no_foreign_control(guard: bool) -> None:
    sessions = ids(len(ESCAPES))
    widget = SessionList()
    app = Recorder(widget, guard)
    async with app.run_test(size=(100, 40)) as pilot:
        widget.set_sessions(sessions)
        widget.put_summaries(
            summary(id, text + HOSTILE, tags=(text,), damaged=text if number % 2 else None, source=text)
            for number, (id, text) in enumerate(zip(sessions, ESCAPES, strict=True))
        )
        widget.put_snippets(dict.fromkeys(sessions, HOSTILE))
        await settle(pilot)
    written = OURS.sub("", "".join(app.written))
    assert "title" in written
    assert CONTROL.findall(written) == []


@pytest.mark.parametrize("guard", [True, False])
async def test_the_guard_catches_what_a_widget_forgot(guard: bool) -> None:
    app = Recorder(Static("a" + "".join(ESCAPES) + "z", markup=False), guard)
    async with app.run_test(size=(300, 5)) as pilot:
        await settle(pilot)
    assert bool(CONTROL.findall(OURS.sub("", "".join(app.written)))) is not guard


@given(st.text())
def test_guarded_text_is_as_wide_and_prints_nothing_unsafe(text: str) -> None:
    assert cell_len(guarded(text)) == cell_len(text) or "\u200d" in text or "\ufe0f" in text
    assert CONTROL.findall(guarded(text)) == []


@given(st.text())
def test_clean_text_passes_the_guard(text: str) -> None:
    for line in clean(text).replace("\t", " ").split("\n"):
        assert guarded(line) == line


def test_the_guard_takes_out_whatever_is_cleaned() -> None:
    unsafe = safe_text._unsafe().findall("".join(map(chr, range(0x110000))))
    assert len(unsafe) > 2_000
    assert {guarded(character) for character in unsafe} <= {"", "\ufffd"}


def test_the_guard_leaves_good_lines_alone() -> None:
    guard = GuardFilter()
    good = [
        Segment("plain 退款 👩‍👩‍👧 🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f", Style(bold=True))
    ]
    assert [segment.text for segment in guard.apply(good, BACKGROUND)] == [good[0].text]
    plain = [Segment("plain", Style(bold=True))]
    assert guard.apply(plain, BACKGROUND) is plain


def test_the_guard_takes_unsafe_links_away() -> None:
    guard = GuardFilter()
    links = ["http://e.com", "javascript:x", "file:///etc/passwd", "http://e.com/\x1b]0;t\x07"]
    out = guard.apply([Segment("x", Style(link=link)) for link in links], BACKGROUND)
    assert [segment.style.link for segment in out if segment.style] == ["http://e.com", None, None, None]
    assert guard.apply([Segment("\x1b[2J", None, [(1,)])], BACKGROUND) == []  # type: ignore[list-item]
