"""The HTML transcript."""

from __future__ import annotations

from html.parser import HTMLParser

from nova_tui.domain.row import Image
from nova_tui.domain.session import Session
from nova_tui.formats.format import Exported
from nova_tui.formats.registry import EXPORTERS
from tests.formats.examples import PNG


class Tags(HTMLParser):
    """Collects the tags of a page and what its attributes load."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Collect a tag."""
        self.tags.add(tag)
        self.addresses += [value or "" for name, value in attrs if name in ("src", "href")]


def test_what_a_stranger_wrote_is_text() -> None:
    evil = "<script>alert(1)</script><img src=x onerror=alert(1)>{title}"
    images = (
        Image("image/png", PNG, alt='"><script>'),
        Image(url="javascript:alert(1)"),
        Image(url="https://example.org/a.png"),
        Image("image/svg+xml", b"<svg/>"),
    )
    session = Session.new("alice").with_title(evil).add_message("user", evil, images=images)
    receipt: list[Exported] = []
    page = "".join(EXPORTERS["html"].write([session], False, receipt))
    tags = Tags()
    tags.feed(page)
    assert "script" not in tags.tags
    assert [address[:22] for address in tags.addresses] == ["data:image/png;base64,", "https://example.org/a."]
    assert "{title}" in page
    assert len(receipt[0].losses) == 2
