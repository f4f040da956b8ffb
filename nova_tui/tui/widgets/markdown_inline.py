"""The inside of a Markdown paragraph: plain text and the spans of it that look or act otherwise."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from nova_tui.domain.safe_text import safe_url
from nova_tui.tui.widgets.cells import shown

if TYPE_CHECKING:
    from markdown_it.token import Token

_ADDRESS: Final = re.compile(r"https?://[^\s<>\"'`|\\^{}]+", re.IGNORECASE)
_STYLES: Final = {"strong": "strong", "em": "em", "s": "strike", "link": "link"}


class Span(NamedTuple):
    """A part of a text with the name of its style; `url` is where a click on it leads."""

    start: int
    end: int
    style: str
    url: str | None = None


class InlineText(NamedTuple):
    """A text and its spans."""

    text: str = ""
    spans: tuple[Span, ...] = ()

    def without_start(self, count: int) -> InlineText:
        """Return it without its first characters."""
        spans = tuple(
            Span(max(0, span.start - count), span.end - count, span.style, span.url)
            for span in self.spans
            if span.end > count
        )
        return InlineText(self.text[count:], spans)


class _Writer:
    """Collects text and spans."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.length = 0
        self.spans: list[Span] = []
        self.open: list[tuple[str, int, str | None]] = []

    def write(self, text: str, style: str = "") -> None:
        """Add text; entities may have brought back what was cleaned away, so it is cleaned again."""
        if not text.isprintable():
            text = shown(text).replace("\t", "    ")
        if not text:
            return
        start = self.length
        self.parts.append(text)
        self.length += len(text)
        if style:
            self.spans.append(Span(start, self.length, style))

    def write_text(self, text: str) -> None:
        """Add text whose bare web addresses are links, unless it stands in a link already."""
        start = self.length
        self.write(text)
        if "://" not in text or any(style == "link" for style, _, _ in self.open):
            return
        for match in _ADDRESS.finditer("".join(self.parts)[start:]):
            address = match[0].rstrip(".,;:!?*_~")
            if address.endswith(")") and "(" not in address:
                address = address.rstrip(")")
            if safe_url(address):
                begin = start + match.start()
                self.spans.append(Span(begin, begin + len(address), "link", address))

    def close(self) -> None:
        """End the innermost open span."""
        if not self.open:
            return
        style, start, url = self.open.pop()
        if style == "link":
            self._close_link(start, url or "")
        elif self.length > start:
            self.spans.append(Span(start, self.length, style))

    def _close_link(self, start: int, url: str) -> None:
        """End a link: a safe one can be clicked, of any other the address is shown."""
        if not url:
            return
        if safe := safe_url(url):
            self.spans.append(Span(start, self.length, "link", safe))
        elif "".join(self.parts)[start:] != url:
            self.write(f" ({url})", "address")


def inline_text(token: Token) -> InlineText:
    """Return the text of an inline token; line breaks stay as they were written."""
    writer = _Writer()
    for child in token.children or ():
        kind = child.type
        if kind == "text":
            writer.write_text(child.content)
        elif kind in {"softbreak", "hardbreak"}:
            writer.write("\n")
        elif kind == "code_inline":
            writer.write(child.content, "code-inline")
        elif kind == "image":
            writer.write(f"[image: {child.content}]" if child.content else "[image]", "image")
        elif kind.endswith("_open"):
            url = str(child.attrGet("href") or "") if kind == "link_open" else None
            writer.open.append((_STYLES.get(kind.removesuffix("_open"), ""), writer.length, url))
        elif kind.endswith("_close"):
            writer.close()
        else:
            writer.write(child.content)
    return InlineText("".join(writer.parts), tuple(span for span in writer.spans if span.style))
