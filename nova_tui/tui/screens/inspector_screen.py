"""InspectorScreen: everything about a row or a session as a tree; its values are edited one by one."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, ClassVar, Final, Protocol

from textual import events, on, work
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content

from nova_tui.domain.errors import FormatError, InvalidValue
from nova_tui.domain.row import Image, Row
from nova_tui.domain.safe_text import clean_line, to_json
from nova_tui.domain.session import Session
from nova_tui.services.inspecting import (
    Node,
    read_value,
    tree_of_row,
    tree_of_session,
    with_added,
    with_image,
    with_renamed,
    with_value,
    without,
)
from nova_tui.services.inspecting import Path as Place
from nova_tui.services.pictures import read_picture
from nova_tui.tui.commands import bindings_of
from nova_tui.tui.screens.inspector_commands import (
    AddValue,
    AttachPicture,
    EditValue,
    FoldValue,
    InspectorHost,
    LeaveInspector,
    RemoveValue,
    RenameKey,
    RetypeValue,
    UndoValue,
)
from nova_tui.tui.screens.picture_screen import PictureScreen
from nova_tui.tui.screens.prompt_screen import PromptScreen
from nova_tui.tui.screens.row_screen import RowScreen
from nova_tui.tui.type_ahead import hold_keys, release_keys
from nova_tui.tui.widgets.cells import shown_line
from nova_tui.tui.widgets.footer_line import FooterLine
from nova_tui.tui.widgets.line_list import LineList, Part
from nova_tui.tui.widgets.picture_view import PictureView, facts_of

Inspected = Row | Session
Verb = Callable[[Any], Any]
"""Returns a row for a row, a session for a session."""
MOST_OPEN: Final = 60
"""Lines below a value that are unfolded from the beginning."""
KEYS: Final = 18
"""Cells for a key at most where the values stand under each other."""
_TEXTS: Final = ("title", "mime", "name", "alt", "path", "url")
_NUMBERS: Final = ("width", "height")


class Desk(Protocol):
    """What carries the changes to the store."""

    async def change(self, verb: Verb, note: str) -> Inspected | None:
        """Change what is inspected and return it as it is then; None where it is gone."""

    async def undo(self) -> Inspected | None:
        """Take the last change back and return what is inspected; None where it is gone."""


class InspectorScreen(InspectorHost):
    """Shows the tree; each change is one step of undo."""

    DEFAULT_CSS: ClassVar[str] = """
    InspectorScreen {
        align: center middle;
        & > Vertical {
            width: 104; max-width: 96%; height: 90%; padding: 0 1;
            border: round $accent; border-title-color: $foreground; border-title-style: bold;
            border-subtitle-color: $row-muted; background: $background;
        }
        & PictureView { max-height: 50%; }
        & FooterLine { padding: 0; margin-top: 1; }
    }
    """
    INTENTIONS = (
        *(EditValue, AddValue, RenameKey, RemoveValue, AttachPicture, RetypeValue, FoldValue, UndoValue),
        LeaveInspector,
    )
    BINDINGS = bindings_of(*INTENTIONS)

    def __init__(self, of: Inspected, title: str, desk: Desk, *, read_only: bool = False) -> None:
        """Inspect a row or a session; `desk` stores what is changed."""
        super().__init__()
        self._of: Any = of
        self._title, self._desk = title, desk
        self.read_only, self.of_row = read_only, isinstance(of, Row)
        self._folded: set[Place] = set()
        self._gone = False
        self._shown: list[Node] = []

    def compose(self) -> ComposeResult:
        """Tree over picture over keys."""
        with Vertical() as box:
            box.border_title = Content(clean_line(self._title, 90))
            box.border_subtitle = Content("for looking only" if self.read_only else "every change is stored at once")
            yield LineList()
            yield PictureView()
            yield FooterLine()

    def on_mount(self) -> None:
        """Show the tree, large parts folded."""
        self._folded = {node.path for top in self._tree() for node in top.walk() if _is_large(node)}
        self.lines.focus()
        self._show()
        release_keys(self)

    @property
    def lines(self) -> LineList:
        """The lines."""
        return self.query_one(LineList)

    @property
    def node(self) -> Node | None:
        """The line under the cursor."""
        return self._shown[self.lines.cursor] if self.lines.cursor < len(self._shown) else None

    def _tree(self) -> Sequence[Node]:
        """Return the tree of what is inspected."""
        return tree_of_row(self._of) if isinstance(self._of, Row) else tree_of_session(self._of)

    def _show(self, at: Place | None = None) -> None:
        """Lay the tree out; the cursor goes to a place, or stays where it is."""
        at = at or (self.node.path if self.node is not None else None)
        self._shown = [node for top in self._tree() for node in self._unfolded(top)]
        places = [node.path for node in self._shown]
        cursor = places.index(at) if at in places else self.lines.cursor
        self.lines.show(len(self._shown), self._lay, cursor)

    def _unfolded(self, node: Node) -> Sequence[Node]:
        """Return a line and those below it that are not folded away."""
        if node.path in self._folded:
            return [node]
        return [node, *(line for child in node.children for line in self._unfolded(child))]

    def _lay(self, index: int, width: int) -> Sequence[Sequence[Part]]:
        """Return the line of a value: its key, what it is, its type."""
        node = self._shown[index]
        indent = "  " * (len(node.path) - 1)
        sign = ("▸ " if node.path in self._folded else "▾ ") if node.children else "  "
        key = shown_line(node.key, 60)
        value, style = self._value(node)
        kind = node.kind if node.editable or node.children or node.open else f"{node.kind}, fixed"
        room = max(8, width - len(indent) - 2 - max(len(key), KEYS - len(indent)) - 3 - len(kind))
        return [
            [
                (f"{indent}{sign}", "quiet"),
                (key.ljust(KEYS - len(indent)) + " ", "strong" if node.children else "text"),
                (shown_line(value, room), style),
                (f"  {kind}", "quiet"),
            ]
        ]

    def _value(self, node: Node) -> tuple[str, str]:
        """Return what a line says of its value, and the style of that."""
        if node.kind in ("mapping", "list"):
            noun = "key" if node.kind == "mapping" else "item"
            return f"{node.value:,} {noun}{'' if node.value == 1 else 's'}", "quiet"
        if node.kind == "image" and (image := self._image_of(node)) is not None:
            return facts_of(image), "text"
        if node.kind == "bytes":
            return f"{node.value:,} bytes", "quiet"
        if node.kind == "text":
            return to_json(node.value[:400]), "good"
        return to_json(node.value), "warn" if node.kind != "null" else "quiet"

    def _image_of(self, node: Node | None) -> Image | None:
        """Return the picture that a line belongs to."""
        if node is None or node.path[0] != "images" or len(node.path) < 2 or not isinstance(self._of, Row):
            return None
        return (self._of.images or ())[int(node.path[1])]

    @on(LineList.Moved)
    def _moved(self, event: LineList.Moved) -> None:
        """Show the picture that the line belongs to; other commands may be possible."""
        event.stop()
        self.query_one(PictureView).show(self._image_of(self.node))
        self.refresh_bindings()

    @on(LineList.Chosen)
    def _chosen(self, event: LineList.Chosen) -> None:
        """Edit the value, or fold what is below it."""
        event.stop()
        if self.node is not None and self.node.children:
            self.action_fold_value()
        elif EditValue.available(self):
            self.action_edit_value()

    def action_fold_value(self) -> None:
        """Fold or unfold."""
        if self.node is not None and self.node.children:
            self._folded ^= {self.node.path}
            self._show()

    # -- changing -----------------------------------------------------------------------------------------------------

    @work(group="change")
    async def action_edit_value(self) -> None:
        """Ask for another value of the same type."""
        node = self.node
        if node is None:
            return
        path, kind = node.path, node.kind
        if kind == "boolean":
            await self._change(lambda of: with_value(of, path, not node.value), f"set {_words(path)}", path)
            return
        if node.value is None:
            kind = "text" if self._is_text(path) else "number" if path[-1] in _NUMBERS else ""
        await self._ask_value(node, kind or None, retype=not kind)

    def _is_text(self, path: Place) -> bool:
        """Tell whether an empty value is a text that is not there."""
        return path == ("title",) or (path[0] == "images" and path[-1] in _TEXTS)

    @work(group="change")
    async def action_retype_value(self) -> None:
        """Ask for any JSON value."""
        if self.node is not None:
            await self._ask_value(self.node, None, retype=True)

    async def _ask_value(self, node: Node, kind: str | None, *, retype: bool) -> None:
        """Ask for a value until it can be taken, and take it."""
        path, of = node.path, self._of
        typed = (node.value or "") if kind == "text" else "" if node.value is None else to_json(node.value)

        def verb(text: str) -> Verb:
            new = read_value(text, kind)
            return lambda of: with_value(of, path, new, retype=retype)

        question = f"{_words(path)} · {'any JSON value' if kind is None else kind}"
        hold_keys(self)
        if kind == "text" and ("\n" in typed or len(typed) > 1000):
            answer = await self.app.push_screen_wait(RowScreen(question, typed, lambda _: None))
        else:
            prompt = PromptScreen(question, typed, check=lambda text: verb(text)(of))
            answer = await self.app.push_screen_wait(prompt)
        if answer is not None and answer != typed:
            await self._change(verb(answer), f"set {_words(path)}", path)

    @work(group="change")
    async def action_add_value(self) -> None:
        """Ask for a key, where there is need of one, and a value."""
        node = self.node
        if node is None:
            return
        path = node.path if node.open else node.path[:-1]
        holder = next(one for top in self._tree() for one in top.walk() if one.path == path)
        of, key = self._of, None
        hold_keys(self)
        if holder.kind == "mapping":
            key = await self.app.push_screen_wait(
                PromptScreen(f"New key in {_words(path)}", check=lambda text: with_added(of, path, text, None))
            )
            if key is None:
                return
            hold_keys(self)
        hint = "a text, or JSON such as 1, true, null, [], {}"
        value = await self.app.push_screen_wait(
            PromptScreen(f"Value of {key or 'the new item'}", hint=hint, check=_lenient)
        )
        if value is not None:
            new = _lenient(value)
            at: Place = (*path, key if key is not None else holder.value)
            await self._change(lambda of: with_added(of, path, key, new), f"add {_words(at)}", at)

    @work(group="change")
    async def action_rename_key(self) -> None:
        """Ask for another name of the key."""
        node = self.node
        if node is None:
            return
        path, of = node.path, self._of
        hold_keys(self)
        name = await self.app.push_screen_wait(
            PromptScreen(f"Rename {_words(path)}", node.key, check=lambda text: with_renamed(of, path, text))
        )
        if name is not None and name != path[-1]:
            note = f"rename {_words(path)} to {name}"
            await self._change(lambda of: with_renamed(of, path, name), note, (*path[:-1], name))

    @work(group="change")
    async def action_remove_value(self) -> None:
        """Take the value away."""
        if self.node is not None:
            path = self.node.path
            what = "picture" if path[0] == "images" and len(path) == 2 else _words(path)
            await self._change(lambda of: without(of, path), f"remove {what}", None)

    @work(group="change")
    async def action_attach_picture(self) -> None:
        """Ask for a path, show the picture, attach it."""
        path, hint = "", "PNG, JPEG, GIF, WebP, BMP or TIFF"
        while True:
            hold_keys(self)
            answer = await self.app.push_screen_wait(PromptScreen("Attach a picture from a file", path, hint))
            if answer is None or not answer.strip():
                return
            path = answer.strip()
            try:
                image = await asyncio.to_thread(read_picture, Path(path).expanduser())
            except FormatError as error:
                hint = clean_line(str(error))
                continue
            hold_keys(self)
            if await self.app.push_screen_wait(PictureScreen(image)):
                break
        count = len(self._of.images or ()) if isinstance(self._of, Row) else 0
        note = f"attach {clean_line(image.name or 'picture', 60)}"
        await self._change(lambda of: with_image(of, image) if isinstance(of, Row) else of, note, ("images", count))

    @work(group="change")
    async def action_undo_value(self) -> None:
        """Take the last change back."""
        self._take(await self._desk.undo(), None)

    async def _change(self, verb: Verb, note: str, at: Place | None) -> None:
        """Store a change and show what became of it."""
        self._take(await self._desk.change(verb, clean_line(note, 120)), at)

    def _take(self, of: Inspected | None, at: Place | None) -> None:
        """Show what is inspected as it is now; leave where it is gone."""
        if of is None:
            self._gone = True
            self._leave_when_gone()
            return
        self._of = of
        self._show(at)

    @on(events.ScreenResume)
    def _leave_when_gone(self) -> None:
        """Leave what is gone; what lies over this screen, such as the two sides of a conflict, is answered first."""
        if self._gone and self.app.screen is self:  # `is_current` is true of one that shines through, too
            self.dismiss(None)

    def action_leave_inspector(self) -> None:
        """Go back."""
        self.dismiss(None)


def _lenient(typed: str) -> object:
    """Return the JSON value that was typed, or the text where it is none; raise InvalidValue for a broken one."""
    try:
        return read_value(typed)
    except InvalidValue:
        if typed.strip()[:1] in ("{", "[", '"'):
            raise
        return typed


def _is_large(node: Node) -> bool:
    """Tell whether there is too much below a line to be unfolded from the beginning."""
    return bool(node.children) and sum(1 for _ in node.walk()) > MOST_OPEN and len(node.path) > 1


def _words(path: Place) -> str:
    """Return a place in words."""
    return clean_line(".".join(map(str, path)), 80)
