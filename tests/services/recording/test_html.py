"""The page: first of all something to read; with scripts a replay; it loads nothing and runs nothing foreign."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from nova_tui import Dialog, Image, Session
from nova_tui.domain.safe_text import clean
from nova_tui.performing.masks import Mask
from nova_tui.performing.scene import make_scene
from nova_tui.performing.timeline import Timeline, compile_timeline
from nova_tui.services.recording import html, svg
from tests.browser import browser
from tests.services.recording.recordings import recording

COLOURS = {
    "background": "#111111", "foreground": "#eeeeee", "muted": "#999999", "accent": "#ffa62b", "code": "#222222",
    "user": "#3b8eea", "assistant": "#0dbc79", "system": "#bc3fbc",
}  # fmt: skip
CANARY = "canary-4711"
HOSTILE = (
    "<script>alert(1)</script> [x](javascript:alert(2)) ![i](http://evil.example/i.png) <img src=x onerror=alert(3)>"
    "\n\n[ok](https://example.org/a) <a href='http://evil.example'>b</a> \x1b]0;t\x07 </script> ]]> `a<b`\n\n"
    "| a | b |\n|-|-|\n| 1 | 2 |"
)


def timeline(title: str = "Fibonacci") -> Timeline:
    dialog = (
        Dialog.new(f"system {CANARY}")
        .add("system", CANARY, metadata={"hide_row": True})
        .add("user", "How do I <b>count</b>? 🎉 日本", metadata={"demo": {"chapter": "Ask", "caption": "Plain words"}})
        .add(
            "assistant",
            f"Like this:\n\n```python\nprint(1)\n```\n\nNot with {CANARY}.",
            metadata={"demo": {"chapter": "Answer"}},
        )
        .add("user", HOSTILE)
        .add(
            "assistant",
            HOSTILE,
            images=[Image("image/png", b"\x89PNG\r\n\x1a\n"), Image(url="http://evil.example/p.png")],
        )
    )
    dialog = Dialog(tuple(row for row in dialog.rows if row.text != f"system {CANARY}"))
    session = Session.new("alice").with_title(title).with_dialog(dialog)
    return compile_timeline(make_scene(session, masks=[Mask(CANARY)]))


class Reader(HTMLParser):
    """Collects what a page holds."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self._silent = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._silent = tag in ("script", "style")

    def handle_endtag(self, tag: str) -> None:
        self._silent = False

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.words.append(data)


def read(page: bytes) -> Reader:
    reader = Reader()
    reader.feed(page.decode())
    return reader


def test_a_page_is_to_be_read_without_scripts() -> None:
    words = " ".join(" ".join(read(html.replay([timeline()], COLOURS)).words).split())
    for text in ("Fibonacci", "1 hidden left out", "How do I <b>count</b>? 🎉 日本", "print(1)", "Not with ••••••."):
        assert text in words


def test_what_is_hidden_or_masked_is_nowhere() -> None:
    assert CANARY.encode() not in html.replay([timeline()], COLOURS)


def test_nothing_foreign_can_run_or_be_loaded() -> None:
    page = html.replay([timeline(), timeline("Second")], COLOURS)
    reader = read(page)
    names = [name for _, attributes in reader.tags for name in attributes]
    assert not [name for name in names if name.startswith("on")]
    assert [tag for tag, _ in reader.tags].count("script") == 2
    links = [attributes["href"] for tag, attributes in reader.tags if tag == "a"]
    assert set(links) == {"https://example.org/a", "http://evil.example/i.png"}, "plain addresses, to be clicked"
    sources = [attributes["src"] or "" for tag, attributes in reader.tags if "src" in attributes]
    assert all(source.startswith("data:image/png;base64,") for source in sources)
    assert len(sources) == 2
    assert "default-src 'none'" in page.decode()
    assert b"\x1b" not in page


def test_equal_input_gives_equal_pages() -> None:
    one = timeline()
    assert html.replay([one], COLOURS) == html.replay([one], dict(reversed(COLOURS.items())))


def test_a_browser_shows_runs_and_asks_for_nothing(tmp_path: Path) -> None:
    page = tmp_path / "replay.html"
    made = [timeline(), timeline("Second")]
    page.write_bytes(html.replay(made, COLOURS))
    clock, row = "document.getElementById('clock').textContent", "document.getElementById('row-{}').hidden"
    with browser() as there:
        there.open(page)
        assert there.value("document.body.className") == "moving"
        assert not there.value(row.format(0))
        there.press("Home")
        assert there.value(clock).startswith("0:00 / ")
        assert there.value(row.format(0))
        there.press(" ")
        there.until("document.getElementById('typed').textContent.startsWith('How')")
        assert there.value("document.getElementById('caption').textContent") == "Plain words"
        there.press(" ")
        there.press("]")
        assert there.value("document.getElementById('chapters').value") == "Answer"
        assert not there.value(row.format(0))
        assert there.value(row.format(3))
        there.press("End")
        assert not there.value(row.format(7))
        assert "print(1)" in there.value("document.getElementById('row-1').textContent")
        assert there.loaded() == []
        assert there.complaints == []


def test_a_browser_seeks_to_the_state_of_the_timeline(tmp_path: Path) -> None:
    page = tmp_path / "replay.html"
    made = timeline()
    page.write_bytes(html.replay([made], COLOURS))
    with browser() as there:
        for at in range(0, made.duration, made.duration // 17):
            there.open(page.with_suffix(".html"))
            there.value(
                "(bar => { bar.value = AT; bar.dispatchEvent(new Event('input')) })".replace("AT", str(at))
                + "(document.getElementById('bar'))"
            )
            state = made.state(at)
            assert there.value("document.getElementById('typed').textContent") == clean(state.composer), at
            shown = there.value("[...document.querySelectorAll('article')].map(row => !row.hidden)")
            whole = shown.index(False) if False in shown else len(shown)
            assert state.complete <= whole <= state.complete + 1, at


def test_a_browser_plays_drawings_and_storyboards(tmp_path: Path) -> None:
    made = recording()
    drawing, board = tmp_path / "demo.svg", tmp_path / "board.html"
    drawing.write_bytes(svg.animated(made))
    board.write_bytes(html.storyboard(made))
    frames = len(made.sampled(svg.STEP).frames) - 1
    seen = "[...document.querySelectorAll('.f')].filter(f => getComputedStyle(f).visibility === 'visible').length"
    with browser() as there:
        there.open(drawing)
        assert there.value("document.getAnimations().length") == frames
        there.open(drawing, still=True)
        assert there.value("document.getAnimations().length") == 0
        assert there.value(seen) == frames, "where motion is not wanted, the end is shown"
        there.open(board)
        there.press("Home")
        assert there.value(seen) == 0
        there.press("End")
        assert there.value(seen) == frames
        assert there.loaded() == []
        assert there.complaints == []


def test_a_storyboard_is_to_be_read_without_scripts() -> None:
    reader = read(html.storyboard(recording()))
    words = " ".join(reader.words)
    assert "00:00.700 · Second" in words
    assert words.count("line 7") >= 3
    pictures = [attributes["src"] or "" for tag, attributes in reader.tags if tag == "img"]
    assert len(pictures) == 3
    assert all(picture.startswith("data:image/svg+xml;base64,") for picture in pictures)


@pytest.mark.parametrize("name", ["replay.js", "replay.css"])
def test_the_page_s_own_parts_load_nothing(name: str) -> None:
    text = (Path(html.__file__).parent / name).read_text(encoding="utf-8")
    assert re.findall(r"https?:|fetch\(|@import|import\(|url\(|eval|innerHTML", text) == []
