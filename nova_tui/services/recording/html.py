"""HTML: one file that is first of all something to read, and with scripts also a replay; it loads nothing."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from nova_tui.domain.row import Image, Role
from nova_tui.domain.safe_text import clean, clean_line, safe_url
from nova_tui.performing.scene import SceneRow
from nova_tui.performing.timeline import Event, Kind, Timeline
from nova_tui.services.recording import svg
from nova_tui.services.recording.recording import LONGEST, Recording, hex_of, text_of
from nova_tui.services.recording.text import clock

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

HOLD: Final = 1000
"""Milliseconds between two performances."""
_PICTURES: Final = ("image/png", "image/jpeg", "image/gif", "image/webp", "image/bmp")


def replay(timelines: Sequence[Timeline], colours: Mapping[str, str]) -> bytes:
    """Return a page of these performances: their rows to read, and their timeline to watch.

    `colours` are CSS colours: background, foreground, muted, accent, code, user, assistant, system.
    """
    rows: list[dict[str, Any]] = []
    chapters: list[tuple[int, str]] = []
    captions: list[tuple[int, str]] = []
    sections: list[str] = []
    begin = 0
    for timeline in timelines:
        articles = [_article(len(rows) + index, row) for index, row in enumerate(timeline.scene.rows)]
        rows += _moving_rows(timeline, begin)
        if len(timelines) > 1:
            chapters.append((begin, clean_line(timeline.scene.title, LONGEST)))
        for event in timeline.events():
            if event.kind in (Kind.CHAPTER, Kind.CAPTION):
                (chapters if event.kind is Kind.CHAPTER else captions).append(
                    (begin + event.ms, clean_line(event.text))
                )
        sections.append(_heading(timeline, begin) + "".join(articles))
        begin += timeline.duration + HOLD
        captions.append((begin - HOLD, ""))
    data = {"end": begin - HOLD, "rows": rows, "chapters": chapters, "captions": captions}
    title = " · ".join(timeline.scene.title for timeline in timelines)
    return _page(title, colours, "".join(sections), data)


def storyboard(recording: Recording) -> bytes:
    """Return a page of a recording: a picture and its text for each chapter to read, and the whole to watch."""
    moments = [*recording.marks, (recording.length, "End")]
    parts = [f"<h1>{escape(recording.title)}</h1>"]
    for (at, label), (until, _) in zip(moments, [*moments[1:], moments[-1]], strict=True):
        moment = max(at, until - 1)
        picture = base64.b64encode(svg.still(recording, moment)).decode("ascii")
        words = escape("\n".join(text_of(row) for row in recording.screen_at(moment)).rstrip())
        parts.append(
            f'<article class="assistant"><header>{clock(at)} · {escape(label)}</header>'
            f'<img src="data:image/svg+xml;base64,{picture}" alt="{escape(label)}">'
            f"<details><summary>as text</summary><pre>{words}</pre></details></article>"
        )
    colours = recording.colours
    back, front = hex_of(colours.background), hex_of(colours.foreground)
    accent = hex_of(colours.accent)
    css = dict.fromkeys(("muted", "user", "assistant", "system", "accent"), accent)
    data = {"end": recording.length, "rows": [], "chapters": recording.marks, "captions": []}
    film = svg.animated(recording).decode()
    return _page(
        recording.title, {**css, "background": back, "foreground": front, "code": back}, "".join(parts), data, film
    )


def _page(title: str, colours: Mapping[str, str], body: str, data: Mapping[str, Any], film: str = "") -> bytes:
    """Return the whole file."""
    script, sheet = _own("replay.js"), _own("replay.css")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode("ascii")
    policy = f"default-src 'none'; style-src 'unsafe-inline'; img-src data:; script-src 'sha256-{digest}'"
    variables = "".join(f"--{name}:{value};" for name, value in sorted(colours.items()))
    moving = json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(clean_line(title, LONGEST))}</title>
<style>
:root{{{variables}}}
{sheet}</style>
</head>
<body>
<main id="log" tabindex="0">{body}</main>
{f'<div id="film" hidden>{film}</div>' if film else ""}
<div id="caption" hidden></div>
<div id="typed" hidden></div>
<div id="controls">
<button id="toggle" aria-label="play">▶</button>
<input id="bar" type="range" min="0" step="1" aria-label="position">
<span id="clock"></span>
<select id="chapters" aria-label="chapter"></select>
</div>
<script type="application/json" id="timeline">{moving}</script>
<script>{script}</script>
</body>
</html>
""".encode()


@cache
def _own(name: str) -> str:
    """Return a file that lies beside this module."""
    return (Path(__file__).parent / name).read_text(encoding="utf-8")


def _heading(timeline: Timeline, begin: int) -> str:
    """Return the title of a performance, and how many of its rows are not there."""
    hidden = timeline.scene.hidden
    facts = f"{len(timeline.scene.rows)} rows" + (f" · {hidden} hidden left out" if hidden else "")
    title = escape(clean_line(timeline.scene.title, LONGEST))
    return f'<h1 dir="auto" data-at="{begin}">{title}</h1>\n<p class="facts">{facts}</p>\n'


def _article(index: int, scene_row: SceneRow) -> str:
    """Return a row to read."""
    row = scene_row.row
    if row.role is Role.USER:
        body = f'<div class="words">{escape(clean(row.text))}</div>'
    else:
        body = _markdown().render(clean(row.text))
    figures = "".join(_figure(image) for image in row.images or ())
    calls = "".join(f"<pre>▸ {escape(clean_line(call.function_name))}</pre>" for call in row.function_calls)
    return (
        f'<article id="row-{index}" class="{row.role.value}"><header>{row.role.value}</header>'
        f'<div class="body" dir="auto">{body}{figures}{calls}</div></article>\n'
    )


def _figure(image: Image) -> str:
    """Return an image with its bytes in the page, or only its name."""
    words = escape(clean_line(image.alt or image.name or "image"))
    if image.data is not None and image.mime in _PICTURES:
        data = base64.b64encode(image.data).decode("ascii")
        return f'<figure><img src="data:{image.mime};base64,{data}" alt="{words}"></figure>'
    return f"<p>[{words}]</p>"


@cache
def _markdown() -> MarkdownIt:
    """Return the one parser: no HTML, no images, links to plain addresses only."""
    from markdown_it import MarkdownIt  # noqa: PLC0415 - only where a page is made

    class _Parser(MarkdownIt):
        def validateLink(self, url: str) -> bool:  # noqa: N802 - the parser's own name
            """Take plain web and mail addresses."""
            return safe_url(url) is not None

    return _Parser("commonmark", {"html": False}).enable(["table", "strikethrough"]).disable(["image", "reference"])


def _moving_rows(timeline: Timeline, begin: int) -> Iterator[dict[str, Any]]:
    """Yield when each row begins and ends, and how its text grows between: steps of time and of characters."""
    pieces: dict[int, list[Event]] = {}
    for event in timeline.events():
        if event.kind in (Kind.KEY, Kind.CHUNK):
            pieces.setdefault(event.row, []).append(event)
    for index, scene_row in enumerate(timeline.scene.rows):
        start = timeline.starts[index]
        events = pieces.get(index, [])
        before = [start, *(event.ms for event in events)]
        user = scene_row.row.role is Role.USER
        yield {
            "user": user,
            "start": begin + start,
            "end": begin + timeline.ends[index],
            "times": [event.ms - earlier for event, earlier in zip(events, before, strict=False)],
            "sizes": [len(event.text) for event in events],
            **({"text": clean(scene_row.row.text)} if user else {}),
        }
