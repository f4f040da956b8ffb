"""HTML: a transcript that stands alone: no script, nothing loaded from elsewhere, every text escaped."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator
from html import escape
from typing import Final

from nova_tui.domain.row import Image, Row
from nova_tui.domain.safe_text import safe_url
from nova_tui.domain.session import Session
from nova_tui.formats.format import Exported, Exporter
from nova_tui.formats.transcript import facts_of, label_of, one_line

_PICTURES: Final = ("image/png", "image/jpeg", "image/gif", "image/webp", "image/bmp")
_HEAD: Final = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
:root {{ color-scheme: light dark; }}
body {{ font: 1rem/1.5 system-ui, sans-serif; max-width: 48rem; margin: 2rem auto; padding: 0 1rem; }}
h1 {{ font-size: 1.5rem; margin-bottom: 0; }}
p.facts, header {{ color: GrayText; font-size: .875rem; margin: 0; }}
article {{ border-left: .25rem solid #8886; margin: 1.5rem 0; padding-left: .75rem; }}
article.user {{ border-color: #2a7fba; }}
article.assistant {{ border-color: #3b8f5c; }}
article.system {{ border-color: #9a6fb0; }}
article.hidden {{ opacity: .65; }}
div {{ white-space: pre-wrap; overflow-wrap: anywhere; unicode-bidi: isolate; }}
img {{ max-width: 100%; }}
</style>
</head>
<body>
"""


class HtmlExporter(Exporter):
    """Writes one page with all sessions."""

    name = "html"
    title = "HTML transcript"
    extension = ".html"
    hidden_by_default = False

    def write(self, sessions: Iterable[Session], hidden: bool, receipt: list[Exported]) -> Iterator[str]:
        """Yield the page, session by session."""
        began = False
        for session in sessions:
            chosen, entry = self.chosen(session, hidden, receipt)
            title = escape(one_line(session.title))
            if not began:
                yield _HEAD.format(title=title)
                began = True
            yield f'<section>\n<h1 dir="auto">{title}</h1>\n<p class="facts">{escape(facts_of(session, entry))}</p>\n'
            for row in chosen.dialog.rows:
                yield _row(row, entry)
            yield "</section>\n"
        yield "</body>\n</html>\n" if began else _HEAD.format(title="nova-tui") + "</body>\n</html>\n"


def _row(row: Row, entry: Exported) -> str:
    """Return a row as an article."""
    names = row.role.value + (" hidden" if row.hidden else "")
    images = "".join(_image(image, entry) for image in row.images or ())
    text = f'<div dir="auto">{escape(row.text)}</div>\n' if row.text else ""
    return f'<article class="{names}">\n<header>{escape(label_of(row))}</header>\n{text}{images}</article>\n'


def _image(image: Image, entry: Exported) -> str:
    """Return an image with its bytes in the page; one that has only an address is a link, never loaded."""
    words = escape(one_line(image.alt or image.name or "image"))
    if image.data is not None and image.mime in _PICTURES:
        data = base64.b64encode(image.data).decode("ascii")
        return f'<p><img src="data:{image.mime};base64,{data}" alt="{words}"></p>\n'
    url = safe_url(image.url) if image.url else None
    if url is not None:
        return f'<p><a href="{escape(url)}" rel="noreferrer">{words}</a></p>\n'
    entry.losses.append("an image that a page cannot hold was only named")
    return f"<p>[{words}]</p>\n"
