"""Markdown to blocks: what a text says, without widths and colours. Whatever a text holds, it has blocks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Final, NamedTuple

from nova_tui.tui.widgets.cells import shown
from nova_tui.tui.widgets.markdown_inline import InlineText, Span, inline_text

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

MAX_CHARACTERS: Final = 40_000
"""Characters of one text that are read; what follows is counted, not shown."""
MAX_LINES: Final = 2_000
"""Lines of one text that are read."""
MAX_CODE_TEXT: Final = 200_000
"""Characters of one text in which code is looked for."""
MAX_DEPTH: Final = 6
"""Nested quotes and lists that are indented; deeper ones stand where the last one does."""

Run = tuple[str, str]
"""A text and the name of its style."""

_MAX_NESTING: Final = 18
_MAX_BRACKETS: Final = 2_000
_BULLETS: Final = ("•", "◦", "▪")
_CHECKS: Final = {"[ ] ": "☐", "[x] ": "☑", "[X] ": "☑"}


class Table(NamedTuple):
    """The cells of a table; the first row is its head. Each column is `left`, `center` or `right`."""

    rows: tuple[tuple[InlineText, ...], ...]
    aligns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """One piece of text: paragraph, h1 to h6, code, table, rule, note, or plain (words as they are)."""

    kind: str
    text: str = ""
    spans: tuple[Span, ...] = ()
    first: tuple[Run, ...] = ()
    """What stands before its first line: quote bars, a list marker."""
    rest: tuple[Run, ...] = ()
    """What stands before the others, of the same width."""
    gap: tuple[Run, ...] | None = ()
    """What stands in the blank line that parts it from the block before; None when there is no such line."""
    language: str = ""
    """What code is written in."""
    says_language: bool = True
    """Whether the language is shown above the code."""
    table: Table | None = None


@cache
def _parser() -> MarkdownIt:
    """Return the one parser: CommonMark, tables, strikethrough; HTML and link definitions are plain text."""
    from markdown_it import MarkdownIt  # noqa: PLC0415 - not before there is a text to show

    return MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"]).disable("reference")


def parse(text: str) -> list[Block]:
    """Return the blocks of a Markdown text, and a note where it is too long to be read whole."""
    head, note = shortened(text)
    head = shown(head)
    blocks = _blocks(head)
    if note:
        blocks.append(Block("note", note))
    return blocks


def code_of(text: str) -> list[tuple[str, str]]:
    """Return the code of a text as it was written: each block's language (or nothing) and its text."""
    head, _ = shortened(text, MAX_CODE_TEXT, MAX_CODE_TEXT)
    if head.count("[") > _MAX_BRACKETS:
        return []
    blocks = [token for token in _parser().parse(head) if token.type in {"fence", "code_block"}]
    return [(token.info.split()[0] if token.info.split() else "", token.content.rstrip("\n")) for token in blocks]


def last_block_start(text: str) -> int:
    """Return where the last block that stands in no other begins; 0 where the text is one block, or none."""
    for token in reversed(_parser().parse(shown(text))):
        if token.level == 0 and token.map is not None and token.nesting >= 0:
            place = 0
            for _ in range(token.map[0]):
                place = text.index("\n", place) + 1
            return place
    return 0


def _blocks(text: str) -> list[Block]:
    """Return the blocks of clean text; words as they are where the parser would be slow or leave something out."""
    if text.count("[") <= _MAX_BRACKETS:
        tokens = _parser().parse(text)
        if all(token.level < _MAX_NESTING for token in tokens):
            return _Walk().blocks(tokens)
    return [Block("plain", text.expandtabs(4))]


def shortened(text: str, characters: int = MAX_CHARACTERS, lines: int = MAX_LINES) -> tuple[str, str]:
    """Return the part of a text that is shown, and a sentence on the rest (empty when there is none)."""
    end = min(len(text), characters)
    if text.count("\n", 0, end) >= lines:
        end = 0
        for _ in range(lines):
            end = text.index("\n", end) + 1
    elif end < len(text):
        end = max(end // 2, text.rfind("\n", 0, end) + 1) if "\n" in text[end // 2 : end] else end
    if end >= len(text):
        return text, ""
    rest = text.count("\n", end)
    more = f"{len(text) - end:,} more characters" + (f" in {rest + 1:,} lines" if rest else "")
    return text[:end], f"… {more} are not shown here; open the row to see them"


@dataclass(slots=True)
class _Container:
    """A quote or a list item that is open."""

    quote: bool = False
    marker: str = ""
    width: int = 2
    used: bool = False
    """Whether the marker is shown already."""


@dataclass(slots=True)
class _List:
    """A list that is open."""

    ordered: bool
    width: int
    """Cells of its widest marker and the blank after it."""


@dataclass(slots=True)
class _Walk:
    """Goes through the parser's tokens once."""

    out: list[Block] = field(default_factory=list)
    containers: list[_Container] = field(default_factory=list)
    lists: list[_List] = field(default_factory=list)
    before: list[_Container] = field(default_factory=list)
    """What the last block stands in."""
    fresh: bool = True
    """Whether nothing has been said yet since the outermost list began."""

    def blocks(self, tokens: Sequence[Token]) -> list[Block]:
        """Return all blocks."""
        index = 0
        while index < len(tokens):
            index = self._step(tokens, index)
        return self.out

    def _step(self, tokens: Sequence[Token], index: int) -> int:
        """Take one token, or a few that belong together; return the index of the next."""
        token = tokens[index]
        match token.type:
            case "paragraph_open":
                self._paragraph(tokens[index + 1], tight=token.hidden)
                return index + 3
            case "heading_open":
                inline = inline_text(tokens[index + 1])
                self._add(token.tag, inline.text, inline.spans)
                return index + 3
            case "fence" | "code_block":
                language = token.info.split()[0] if token.info.split() else ""
                self._add("code", shown(token.content).rstrip("\n").expandtabs(4), language=shown(language)[:24])
            case "hr":
                self._add("rule")
            case "blockquote_open":
                self.containers.append(_Container(quote=True))
            case "bullet_list_open" | "ordered_list_open":
                self._open_list(tokens, index)
            case "bullet_list_close" | "ordered_list_close":
                self.lists.pop()
            case "list_item_open":
                self._open_item(token)
            case "list_item_close":
                if not self.containers[-1].used:
                    self._add("paragraph", tight=True)
                self.containers.pop()
            case "blockquote_close":
                self.containers.pop()
            case "table_open":
                return self._table(tokens, index)
        return index + 1

    def _open_list(self, tokens: Sequence[Token], index: int) -> None:
        """Start a list; all its markers get the width of the widest."""
        token = tokens[index]
        if not self.lists:
            self.fresh = True
        width = 2
        if ordered := token.type == "ordered_list_open":
            items = _items(tokens, index)
            width = max((len(item.info) for item in items), default=1) + 2
        self.lists.append(_List(ordered, width))

    def _open_item(self, token: Token) -> None:
        """Start a list item with its marker."""
        current = self.lists[-1]
        if current.ordered:
            marker = f"{token.info}{token.markup}".rjust(current.width - 1)
        else:
            marker = _BULLETS[(sum(not each.ordered for each in self.lists) - 1) % len(_BULLETS)]
        self.containers.append(_Container(marker=marker, width=current.width))

    def _paragraph(self, token: Token, *, tight: bool) -> None:
        """Add a paragraph; one that begins with a check box in a list shows the box as its marker."""
        inline = inline_text(token)
        box = _CHECKS.get(inline.text[:4])
        if box and self.containers and not self.containers[-1].quote and not self.containers[-1].used:
            self.containers[-1].marker = box.rjust(self.containers[-1].width - 1)
            inline = inline.without_start(4)
        self._add("paragraph", inline.text, inline.spans, tight=tight)

    def _table(self, tokens: Sequence[Token], index: int) -> int:
        """Add a table; return the index after it."""
        rows: list[tuple[InlineText, ...]] = []
        row: list[InlineText] = []
        aligns: list[str] = []
        while (token := tokens[index]).type != "table_close":
            if token.type == "tr_open":
                row = []
            elif token.type in {"th_open", "td_open"}:
                row.append(inline_text(tokens[index + 1]))
                if token.type == "th_open":
                    aligns.append(str(token.attrGet("style") or "").removeprefix("text-align:") or "left")
            elif token.type == "tr_close":
                rows.append(tuple(row))
            index += 1
        self._add("table", table=Table(tuple(rows), tuple(aligns)))
        return index + 1

    def _add(
        self,
        kind: str,
        text: str = "",
        spans: tuple[Span, ...] = (),
        *,
        language: str = "",
        table: Table | None = None,
        tight: bool = False,
    ) -> None:
        """Add a block with what stands before its lines."""
        first: list[Run] = []
        rest: list[Run] = []
        for depth, container in enumerate(self.containers):
            visible = depth < MAX_DEPTH
            if container.quote:
                if visible:
                    first.append(("▎ ", "quote-bar"))
                    rest.append(("▎ ", "quote-bar"))
                continue
            if visible:
                marker = " " * container.width if container.used else container.marker + " "
                first.append((marker, "marker"))
                rest.append((" " * container.width, "marker"))
            container.used = True
        after_text = bool(self.out) and self.out[-1].kind == "paragraph"
        close = not self.out or (tight and after_text and not self.fresh)
        shared = 0
        for container, before in zip(self.containers[:MAX_DEPTH], self.before, strict=False):
            if container is not before:
                break
            shared += 1
        gap = None if close else tuple(rest[:shared])
        self.fresh = False
        self.before = list(self.containers)
        self.out.append(Block(kind, text, spans, tuple(first), tuple(rest), gap, language, table=table))


def _items(tokens: Sequence[Token], index: int) -> Iterable[Token]:
    """Return the items of the list that opens at `index`."""
    level = tokens[index].level
    for token in tokens[index + 1 :]:
        if token.level == level and token.type.endswith("list_close"):
            return
        if token.type == "list_item_open" and token.level == level + 1:
            yield token
