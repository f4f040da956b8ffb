"""Rows to lines: label, text, images and tool calls, laid out once for a width and kept while they are near."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, tzinfo
from pathlib import PurePath
from typing import Final
from urllib.parse import urlsplit

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.selection import Selection

from nova_tui.domain.row import FunctionCall, Image, Row
from nova_tui.domain.safe_text import to_json
from nova_tui.domain.times import now
from nova_tui.services.reading_state import ABSOLUTE, RELATIVE
from nova_tui.tui.widgets import code_spans
from nova_tui.tui.widgets.bounded_cache import BoundedCache
from nova_tui.tui.widgets.cells import fit, shown, shown_line
from nova_tui.tui.widgets.image_shelf import ImageShelf
from nova_tui.tui.widgets.markdown_blocks import Block, parse, shortened
from nova_tui.tui.widgets.markdown_inline import Span
from nova_tui.tui.widgets.markdown_layout import Find, Line, layout
from nova_tui.tui.widgets.palette import Palette, Resolve
from nova_tui.tui.widgets.relative_time import clock_time, day_name, relative_time, same_day
from nova_tui.tui.widgets.row_folds import RowFolds, call_line, head_of, is_tool, summary
from nova_tui.tui.widgets.row_growth import RowGrowth
from nova_tui.tui.widgets.stable_strip import StableStrip
from nova_tui.tui.widgets.text_selection import is_inside, selected_text

KEPT_ROWS: Final = 96
"""Laid-out rows that are kept."""
CALL_LINES: Final = 40
"""Lines of a tool call's parameters or result that are shown."""
CALL_CHARACTERS: Final = 8_000
"""Characters of them."""
SHORT_JSON: Final = 72
"""Characters of JSON that stays on one line."""
_WORDS: Final = {
    "tool_call": "tool call",
    "tool_result": "tool result",
    "thinking": "thinking",
    "compact_summary": "summary",
    "event": "event",
}


class LaidRow:
    """A row at one width: its lines under the label, and the strips that were made of them."""

    __slots__ = ("folded", "languages", "lines", "row", "strips", "summary")

    def __init__(
        self, row: Row, lines: list[Line], languages: frozenset[str], *, folded: bool = False, summary: str = ""
    ) -> None:
        self.row = row
        self.lines = lines
        self.languages = languages
        """Languages of its code that are not loaded yet."""
        self.folded = folded
        """Whether only a part of it is there."""
        self.summary = summary
        """What the label says in place of its lines."""
        self.strips: dict[tuple[int, bool], StableStrip] = {}

    @property
    def height(self) -> int:
        """Lines with the label and the blank line after the row."""
        return len(self.lines) + 2


class RowRenderer:
    """Lays rows out; parsed texts outlive widths and themes, laid-out rows do not."""

    def __init__(self, resolve: Resolve, zone: tzinfo | None = None, images: ImageShelf | None = None) -> None:
        self.zone = zone
        self._images = images
        self.times = ABSOLUTE
        """How the label says when a row was written: one of TIMES."""
        self.find: Find | None = None
        self.find_in: str | None = None
        """The id of the only row in which matches are marked; None for all rows."""
        self.folds = RowFolds()
        """Which rows are folded; who changes that forgets what was laid out."""
        self.notes: Mapping[str, str] = {}
        """What labels say besides what is known of the rows, by row id."""
        self.width = 0
        self.growing: str | None = None
        """The id of a row whose text grows; it is laid out again at its end only."""
        self.growth = RowGrowth()
        """What is known of that row."""
        self.laid = 0
        """How many rows were laid out so far: what tests count."""
        self._resolve = resolve
        self._parsed: BoundedCache[str, tuple[Row, list[Block]]] = BoundedCache(512)
        self._laid: BoundedCache[str, LaidRow] = BoundedCache(KEPT_ROWS)
        self._colored: BoundedCache[tuple[str, str], Sequence[Span]] = BoundedCache(256)
        self.palette = Palette(resolve)
        self.dim_palette = Palette(resolve, ("hidden",))

    def check_styles(self) -> bool:
        """Look the styles up again; when one is another, drop what has colours and return true."""
        if self.palette.is_true and self.dim_palette.is_true:
            return False
        self.palette = Palette(self._resolve)
        self.dim_palette = Palette(self._resolve, ("hidden",))
        self.forget_laid()
        return True

    def forget_laid(self) -> None:
        """Drop what has a width."""
        self._laid.clear()

    def forget_row(self, row_id: str) -> None:
        """Lay a row out anew when it is wanted again."""
        self._laid.drop(row_id)

    def forget_rows_with(self, language: str) -> Sequence[LaidRow]:
        """Drop rows whose code waited for a language; return them."""
        waiting = [laid for laid in self._laid.values() if language in laid.languages]
        for laid in waiting:
            self._laid.drop(laid.row.id)
        return waiting

    def render(self, row: Row) -> LaidRow:
        """Return the row, laid out."""
        laid = self._laid.get(row.id)
        if laid is None or laid.row is not row:
            laid = self._laid.put(row.id, self._lay_out(row))
        return laid

    def _lay_out(self, row: Row) -> LaidRow:
        """Lay a row out."""
        self.laid += 1
        missing: set[str] = set()

        def color(code: str, language: str) -> Sequence[Span]:
            if not code_spans.is_ready(language):
                missing.add(language)
                return ()
            spans = self._colored.get((code, language))
            return (
                self._colored.put((code, language), code_spans.code_spans(code, language)) if spans is None else spans
            )

        palette = self.dim_palette if row.hidden else self.palette
        find = self.find if self.find_in in (None, row.id) else None
        if row.id == self.growing:
            return LaidRow(row, self.growth.lines(row.text, self.width, palette, color, find), frozenset(missing))
        if self.folds.folded(row):
            blocks = folded_blocks(row, self.width)
            said = "" if blocks else summary(row)
            lines = layout(blocks, self.width, palette, color, find)
            return LaidRow(row, lines, frozenset(missing), folded=True, summary=said)
        images = iter(row.images or ())

        def picture(block: Block) -> Sequence[Line]:
            return self._picture(next(images), palette) if block.kind == "image" else ()

        lines = layout(self._blocks(row), self.width, palette, color, find, picture)
        return LaidRow(row, lines, frozenset(missing))

    def found_line(self, row: Row) -> int | None:
        """Return the first line of a row in which something is found."""
        if self.find is None:
            return None
        ground = self.palette.style("text", "find").bgcolor
        for number, line in enumerate(self.render(row).lines):
            if any(segment.style is not None and segment.style.bgcolor == ground for segment in line.segments):
                return number
        return None

    def _picture(self, image: Image, palette: Palette) -> Sequence[Line]:
        """Return the lines of a picture, blank ones until it is made, none where only its name can be shown."""
        box = self._images.box(image, self.width) if self._images is not None else None
        if self._images is None or box is None:
            return ()
        style = palette.style("text")
        ground = style.bgcolor.triplet if style.bgcolor is not None else None
        made = self._images.lines(image, box, ground if ground is not None else (0, 0, 0))
        blank = Segment(" " * (self.width - (box.columns if made else 0)), style)
        return [Line([*(made[number] if made else ()), blank], skip=self.width) for number in range(box.lines)]

    def forget_rows_showing(self, image: Image) -> bool:
        """Drop the rows that waited for a picture; tell whether there are any."""
        waiting = [laid for laid in self._laid.values() if any(shown is image for shown in laid.row.images or ())]
        for laid in waiting:
            self._laid.drop(laid.row.id)
        return bool(waiting)

    def _blocks(self, row: Row) -> list[Block]:
        """Return the parsed text of a row, and what else it holds."""
        parsed = self._parsed.get(row.id)
        if parsed is None or parsed[0] is not row:
            parsed = self._parsed.put(row.id, (row, row_blocks(row)))
        return parsed[1]

    def label(self, row: Row, before: Row | None, state: str) -> list[Segment]:
        """Return the label line: who, what is special, when; `state` is "", "cursor" or "current" (with the focus)."""
        over = (state,) if state else ()
        style = self.palette.style
        role = f"role-{row.role}"
        names = ("role-hidden",) if row.hidden else (role,)
        who = str(row.role)
        said = self.render(row).summary
        words = (*label_words(row, short=bool(said)), said, self.notes.get(row.id))
        about = "".join(f" · {word}" for word in words if word)
        when = self.when(row, before)
        room = self.width - cell_len(when)
        if room < len(who) + 2:
            room, when = self.width, ""
        left = room - len(who)
        about = fit(about, left - 1) + " " if left > 0 else ""
        parts = ((who, ("label", *names, *over)), (about, ("label-about", *over)), (when, ("label-time", *over)))
        return [Segment(text, style(*names)) for text, names in parts if text]

    def when(self, row: Row, before: Row | None) -> str:
        """Return the time of a row; with its day where that is another than the row's before."""
        today: datetime = now()
        if self.times != ABSOLUTE:
            return relative_time(row.timestamp, today, self.zone) if self.times == RELATIVE else ""
        clock = clock_time(row.timestamp, self.zone)
        reference = before.timestamp if before is not None else today
        if same_day(row.timestamp, reference, self.zone):
            return clock
        return f"{day_name(row.timestamp, today, self.zone)}  {clock}"


def text_of(rows: Iterable[tuple[int, Row]], width: int, selection: Selection, folds: RowFolds | None = None) -> str:
    """Return the selected text of rows (position, row); needs no screen, so any thread may do it.

    Of a folded row that is selected from its beginning to its end all is copied, else what is seen of it.
    """
    seen, whole = (RowRenderer(lambda _names: Style.null()) for _ in range(2))
    seen.width = whole.width = width
    seen.folds = folds or seen.folds
    whole.folds.set_every(False)
    texts = []
    for position, row in rows:
        laid = seen.render(row)
        if is_inside(selection, position, len(laid.lines)):
            if shortened(row.text)[1]:
                texts.append(shown(row.text).strip("\n"))
                continue
            laid = whole.render(row)
            texts.append(selected_text([(position, laid.lines)], Selection(None, None)))
        else:
            texts.append(selected_text([(position, laid.lines)], selection))
    return "\n\n".join(filter(None, texts))


def label_words(row: Row, *, short: bool = False) -> list[str]:
    """Return what a label says besides the role; a `short` one is followed by the tool call itself."""
    words = []
    if row.hidden:
        words.append("hidden")
    if short and row.function_calls:
        pass
    elif row.kind is not None and row.kind != "hidden":
        words.append(_WORDS.get(row.kind) or shown_line(row.kind, 30))
    elif row.function_calls:
        words.append("tool call")
    if row.images:
        words.append("image" if len(row.images) == 1 else f"{len(row.images):,} images")
    if row.excluded:
        words.append("excluded")
    return words


def folded_blocks(row: Row, width: int) -> list[Block]:
    """Return what a folded row shows under its label: nothing of a tool row without words of its own."""
    if is_tool(row) and (not row.function_calls or not row.text.strip()):
        return []
    head, more = head_of(row.text, width)
    blocks = parse(head) if head.strip() else []
    if more:
        blocks.append(Block("note", more, gap=None))
    blocks += [_image_block(image) for image in row.images or ()]
    return blocks + [Block("call", call_line(call)) for call in row.function_calls]


def row_links(row: Row) -> list[tuple[str, str]]:
    """Return the links of a row in their order, each address once: its text and where it leads."""
    links: dict[str, str] = {}
    for block in row_blocks(row):
        texts = [
            (block.text, block.spans),
            *(cell for cells in (block.table.rows if block.table else ()) for cell in cells),
        ]
        for text, spans in texts:
            for span in sorted(spans):
                if span.url:
                    links.setdefault(span.url, " ".join(text[span.start : span.end].split()))
    return [(text, url) for url, text in links.items()]


def row_blocks(row: Row) -> list[Block]:
    """Return everything a row shows under its label."""
    blocks = parse(row.text) if row.text.strip() else []
    for image in row.images or ():
        blocks.append(_image_block(image))
    for call in row.function_calls:
        blocks += _call_blocks(call)
    return blocks or [Block("note", "empty")]


def _image_block(image: Image) -> Block:
    """Say what is known of an image: `▣ image photo.png 640×480 · image/png · 38 KB`."""
    path = image.path or (urlsplit(image.url).path if image.url and _is_plain(image.url) else "")
    name = image.name or PurePath(path.replace("\\", "/")).name or image.mime or ""
    size = f" {image.width}×{image.height}" if image.width and image.height else ""
    kind = f" · {shown_line(image.mime, 40)}" if image.data and image.mime and image.mime != name else ""
    length = f" · {_bytes(len(image.data))}" if image.data else ""
    alt = f" “{shown_line(image.alt, 120)}”" if image.alt else ""
    return Block("image", f"▣ image {shown_line(name, 80)}".rstrip() + size + kind + length + alt)


def _bytes(count: int) -> str:
    """Say how long a file is."""
    return f"{count} B" if count < 1000 else f"{count / 1000:.0f} KB" if count < 1e6 else f"{count / 1e6:.1f} MB"


def _is_plain(url: str) -> bool:
    """Return whether an address can be taken apart (and is no picture by itself)."""
    try:
        return urlsplit(url).scheme != "data"
    except ValueError:
        return False


def _call_blocks(call: FunctionCall) -> list[Block]:
    """Show a tool call: its name, what it was given, what came back."""
    name = shown_line(call.function_name, 80)
    blocks = [Block("call", f"▸ {name}", spans=(Span(2, 2 + len(name), "strong"),))]
    for label, value in (("", call.parameters), ("result", call.result)):
        if value is None or value in ({}, [], ""):
            continue
        if label:
            blocks.append(Block("call", label, gap=None))
        head, note = shortened(_value_text(value), CALL_CHARACTERS, CALL_LINES)
        code = shown(head).rstrip("\n").expandtabs(4)
        blocks.append(Block("code", code, gap=None, language=_value_language(value), says_language=False))
        if note:
            blocks.append(Block("note", note, gap=None))
    return blocks


def _value_text(value: object) -> str:
    """Return a text as it is, any other value as JSON: on one line where it is short."""
    if isinstance(value, str):
        return value
    short = to_json(value)
    return short if len(short) <= SHORT_JSON else to_json(value, indent=2)


def _value_language(value: object) -> str:
    """Return what the text of a value is written in."""
    return "" if isinstance(value, str) else "json"
