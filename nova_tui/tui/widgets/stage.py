"""Stage: what the audience sees of a performance: the dialog, the composer in which it is typed, and the caption."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar

from rich.cells import chop_cells
from textual import events
from textual.app import ComposeResult, RenderResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget

from nova_tui.domain.row import Row
from nova_tui.domain.safe_text import clean, clean_line
from nova_tui.performing.scene import Scene, SceneRow
from nova_tui.performing.timeline import Phase, State
from nova_tui.tui.widgets.dialog_view import DialogView

PAGE = 32
"""Rows that come into the view and go out of it at once; it holds one to two pages."""
COMPOSER_LINES = 5
"""Lines of the composer at most; of a longer text the end is seen."""
THINKING = "…"


class StageView(DialogView, can_focus=False, inherit_bindings=False):
    """The reader's own view of a dialog, with neither cursor nor keys."""

    BINDINGS: ClassVar[list[BindingType]] = []
    DEFAULT_CSS: ClassVar[str] = """
    StageView {
        scrollbar-size-vertical: 0;
        & > .dialog-view--cursor { background: $background; }
        &:ansi > .dialog-view--cursor { text-style: none; }
    }
    """

    def on_mount(self) -> None:
        """Show every row whole."""
        self.fold_every_row(False)

    def _on_resize(self, event: events.Resize) -> None:
        """Keep what is on stage in sight."""
        super()._on_resize(event)
        self.go_to_end()


class StageComposer(Widget):
    """The box in which rows of the user are typed."""

    DEFAULT_CSS: ClassVar[str] = """
    StageComposer {
        height: 3; padding: 0 1; border: round $border-blurred; background: $background; color: $foreground;
        border-title-color: $row-muted;
        &.-typing { border: round $accent; border-title-color: $role-user; border-title-style: bold; }
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self._text: str | None = None
        self.border_title = Content("user")

    def show(self, text: str | None) -> None:
        """Show what is typed so far; None when nobody types."""
        if text == self._text:
            return
        self._text = text
        self.set_class(text is not None, "-typing")
        height = len(self._lines()) + 2
        if self.styles.height is None or self.styles.height.value != height:
            self.styles.height = height
        self.refresh()

    def _lines(self) -> list[str]:
        """Return the last lines of what is typed, wrapped."""
        width = max(8, self.content_size.width - 1)
        text = clean((self._text or "")[-width * COMPOSER_LINES * 4 :]).expandtabs(4)
        lines = [piece for line in text.split("\n") for piece in (chop_cells(line, width) or [""])]
        return lines[-COMPOSER_LINES:]

    def on_resize(self) -> None:
        """Wrap for another width."""
        self.styles.height = len(self._lines()) + 2

    def render(self) -> RenderResult:
        """Show what is typed, and the cursor after it."""
        if self._text is None:
            return Content("Write a row…").stylize("$row-muted")
        return Content.assemble("\n".join(self._lines()), ("▏", "$accent"))


class StageLine(Widget):
    """One line of plain text."""

    DEFAULT_CSS: ClassVar[str] = "StageLine { height: 1; padding: 0 1; background: $background; }"

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._left = self._right = ""

    def show(self, left: str, right: str = "") -> None:
        """Show a text at the left and one at the right."""
        if (left, right) != (self._left, self._right):
            self._left, self._right = left, right
            self.refresh()

    def render(self) -> RenderResult:
        """Let the left text give way."""
        right = Content(clean_line(self._right)).truncate(max(0, self.size.width // 2), ellipsis=True)
        room = self.content_size.width - right.cell_length - (2 if self._right else 0)
        left = Content(clean_line(self._left, 500)).truncate(max(4, room), ellipsis=True)
        gap = max(0, self.content_size.width - left.cell_length - right.cell_length)
        return Content.assemble(left, " " * gap, right)


class Stage(Vertical):
    """Shows states of a scene; it knows nothing of clocks and keys."""

    DEFAULT_CSS: ClassVar[str] = """
    Stage {
        background: $background;
        & #stage-title { color: $row-muted; text-style: bold; }
        & StageView { height: 1fr; margin-top: 1; }
        & #stage-caption { display: none; color: $background; background: $accent; text-style: bold; }
        & #stage-caption.-used { display: block; }
        & #stage-caption.-empty { background: $background; }
        &:ansi #stage-caption { color: ansi_black; background: ansi_cyan; }
        &:ansi #stage-caption.-empty { background: ansi_default; }
    }
    """

    def __init__(self, scene: Scene, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._scene = scene
        self._shown: State | None = None
        self._lit: int | None = None

    def compose(self) -> ComposeResult:
        """Title, dialog, composer, caption."""
        yield StageLine(id="stage-title")
        yield StageView()
        yield StageComposer()
        yield StageLine(id="stage-caption", classes="-empty")

    @property
    def view(self) -> StageView:
        """The dialog."""
        return self.query_one(StageView)

    def take(self, scene: Scene) -> None:
        """Show another version of the scene from now on."""
        self._scene, self._shown, self._lit = scene, None, None

    def show(self, state: State, chapter: str = "") -> bool:
        """Show a state; False when everything looks like that already."""
        state = replace(state, ms=0, progress=0)
        if state == self._shown:
            return False
        before, self._shown = self._shown, state
        if before is None:
            self._show_frame()
        rows_before = None if before is None else self._rows_key(before)
        if self._rows_key(state) != rows_before:
            self._light(state)
            growing = state.phase in (Phase.THINKING, Phase.STREAMING)
            self.view.renderer.growing = self._scene.rows[state.row].row.id if growing else None
            self.view.show(self._rows(state), at_end=True)
        self.query_one(StageComposer).show(state.composer if state.phase is Phase.TYPING else None)
        self.query_one("#stage-title", StageLine).show(self._scene.title, chapter)
        caption = self.query_one("#stage-caption", StageLine)
        caption.set_class(not state.caption, "-empty")
        caption.show(state.caption)
        return True

    def scroll_pages(self, pages: float) -> None:
        """Scroll the dialog, until something else is shown of it."""
        self.view.scroll_lines(round(pages * max(2, self.view.window.height - 2)))

    def _show_frame(self) -> None:
        """Keep a line for captions where there are any, so that nothing jumps when one comes."""
        captions = any(scene_row.cue.caption for scene_row in self._scene.rows)
        self.query_one("#stage-caption").set_class(captions, "-used")

    def _rows_key(self, state: State) -> tuple[object, ...]:
        """Return what the rows depend on."""
        return state.complete, state.text, state.phase is Phase.THINKING, state.row if state.lit else None

    def _rows(self, state: State) -> Sequence[Row]:
        """Return the rows that are there: at most two pages of complete ones, and the one that is being written."""
        first = max(0, state.complete // PAGE - 1) * PAGE
        rows = [scene_row.row for scene_row in self._scene.rows[first : state.complete]]
        if state.phase is Phase.THINKING:
            rows.append(_partly(self._scene.rows[state.row], THINKING))
        elif state.text is not None:
            rows.append(_partly(self._scene.rows[state.row], state.text or THINKING))
        return rows

    def _light(self, state: State) -> None:
        """Mark the highlights of the row on stage."""
        row = state.row if state.lit else None
        if row == self._lit:
            return
        self._lit = row
        words: list[str] = []
        if row is not None:
            scene_row = self._scene.rows[row]
            for start, end in scene_row.lit:
                words += [line.strip(" \t*_`#>|-") for line in scene_row.row.text[start:end].split("\n")]
        wanted = sorted({word for word in words if word}, key=len, reverse=True)
        pattern = re.compile("|".join(map(re.escape, wanted)))
        find = (lambda text: [match.span() for match in pattern.finditer(text)]) if wanted else None
        self.view.find(find, None if row is None else self._scene.rows[row].row.id)


def _partly(scene_row: SceneRow, text: str) -> Row:
    """Return a row with what is there of its text; pictures and tool calls come with the end."""
    row = scene_row.row
    return Row(text, row.role, row.timestamp, id=row.id)
