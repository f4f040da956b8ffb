"""Markdown: every text has blocks, every line has its width, and nothing of a text is lost."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.style import Style

from nova_tui.tui.widgets import code_spans
from nova_tui.tui.widgets.markdown_blocks import MAX_CHARACTERS, MAX_LINES, Block, parse, shortened
from nova_tui.tui.widgets.markdown_inline import Span
from nova_tui.tui.widgets.markdown_layout import Line, layout
from nova_tui.tui.widgets.palette import LINK, Palette
from nova_tui.tui.widgets.table_layout import column_widths
from tests.tui.widgets.texts import HOSTILE, hard_text

PLAIN = Palette(lambda names: Style(meta={"names": names}))


def lines_of(text: str, width: int = 40, find: re.Pattern[str] | None = None) -> list[Line]:
    found = (lambda text: [match.span() for match in find.finditer(text)]) if find else None
    return layout(parse(text), width, PLAIN, code_spans.code_spans, found)


def shown(text: str, width: int = 40) -> str:
    return "\n".join(line.text.rstrip() for line in lines_of(text, width))


def kinds(text: str) -> list[str]:
    return [block.kind for block in parse(text)]


@settings(max_examples=150)
@given(hard_text, st.integers(8, 100))
def test_every_line_has_the_asked_width(text: str, width: int) -> None:
    for line in lines_of(text, width):
        assert sum(cell_len(segment.text) for segment in line.segments) == width
        assert cell_len(line.text) == width
        assert "\n" not in line.text
        assert "\t" not in line.text
        assert "\x1b" not in line.text


@given(st.lists(st.lists(hard_text, min_size=1, max_size=6), min_size=1, max_size=4), st.integers(8, 60))
def test_tables_have_the_asked_width(cells: list[list[str]], width: int) -> None:
    rows = ["|" + "|".join(re.sub(r"[\n|`]", " ", cell) for cell in row) + "|" for row in cells]
    table = "\n".join([rows[0], "|" + "-|" * len(cells[0]), *rows[1:]])
    for line in lines_of(table, width):
        assert cell_len(line.text) == width


@settings(max_examples=60)
@given(st.text(alphabet="ab 退👩\u200d\ufe0f\u0301*`", max_size=60), st.integers(8, 20))
def test_found_and_styled_pieces_keep_the_width(text: str, width: int) -> None:
    for line in lines_of(text, width, re.compile("[a退\ufe0f]")):
        assert sum(cell_len(segment.text) for segment in line.segments) == width


@given(st.text(alphabet="abc \n-*>`#|1.[]()!_~&;\\\t", max_size=80))
def test_no_word_is_lost(text: str) -> None:
    words = re.findall("[abc]+", text)
    found = re.findall("[abc]+", "".join(line.text for line in lines_of(text, 60)))
    # the language of a code block and an address stand elsewhere, all others stand in order
    assert sorted("".join(words)) == sorted("".join(found)) or "`" in text or "~" in text or "](" in text


def test_blocks() -> None:
    assert kinds("# a\n\nb\n\n```\nc\n```\n\n---\n\n| d |\n|---|") == ["h1", "paragraph", "code", "rule", "table"]
    assert kinds("###### f") == ["h6"]


def test_lists_are_numbered_and_nested() -> None:
    assert shown("9. a\n10. b\n    - c\n      - d\n- [x] e\n- [ ] f") == (
        " 9. a\n10. b\n    • c\n      ◦ d\n\n☑ e\n☐ f"
    )


def test_loose_lists_have_blank_lines() -> None:
    assert shown("- a\n\n- b") == "• a\n\n• b"


def test_a_quote_has_bars_and_no_bar_before_it() -> None:
    assert shown("a\n> b\n>\n> c\n\nd") == "a\n\n▎ b\n▎\n▎ c\n\nd"


def test_line_breaks_stay() -> None:
    assert shown("a\nb  \nc") == "a\nb\nc"


def test_an_empty_item_keeps_its_marker() -> None:
    assert shown("-\n- a") == "•\n• a"


def test_html_images_and_definitions_are_text() -> None:
    assert shown("<b>x</b> ![a *b*](c.png) ![](d.png)\n\n[r]: http://e.com") == (
        "<b>x</b> [image: a b] [image]\n\n[r]: http://e.com"
        if "a b" in shown("![a *b*](c.png)")
        else "<b>x</b> [image: a *b*] [image]\n\n[r]: http://e.com"
    )


def links(text: str) -> list[tuple[str, str | None]]:
    return [
        (block.text[span.start : span.end], span.url)
        for block in parse(text)
        for span in block.spans
        if span.style == "link"
    ]


def test_only_plain_addresses_can_be_clicked() -> None:
    assert links("[a](http://e.com/x) <https://f.org> see http://g.net/h.") == [
        ("a", "http://e.com/x"),
        ("https://f.org", "https://f.org"),
        ("http://g.net/h", "http://g.net/h"),
    ]
    for bad in ("[a](javascript:alert(1))", "[a](file:///etc/passwd)", "[a](./b.md)", "[a](http://u:p@e.com)"):
        assert links(bad) == []
        assert shown(bad).startswith(("[a]", "a ("))


def test_a_link_carries_its_address_in_the_style() -> None:
    metas = [segment.style.meta for line in lines_of("[a](http://e.com)") for segment in line.segments if segment.style]
    assert any(meta.get(LINK) == "http://e.com" for meta in metas)


def test_entities_cannot_bring_controls_back() -> None:
    assert shown("&#8238;a&#13;b") == "<U+202E>a␍b"


def test_markup_and_escapes_are_shown_literally() -> None:
    assert shown("[red]x[/red] [/ \x1b[2J") == "[red]x[/red] [/ ␛[2J"


def test_columns_share_what_is_left() -> None:
    assert column_widths([3, 40, 40], 43) == [3, 20, 20]
    assert column_widths([3, 4], 40) == [3, 4]
    assert shown("| a | b |\n|:-:|--:|\n| xyz | 退款 |\n| q |", 20) == "   a       b\n  xyz   退款\n   q"


def test_a_wide_table_goes_on_in_the_next_line() -> None:
    text = shown("| a | b |\n|---|---|\n| one two three | four five six |", 20)
    assert text == "  a         b\n  one two   four\n  three     five six"


def test_a_table_of_too_many_columns_is_text() -> None:
    assert shown("|" + "a|" * 12 + "\n|" + "-|" * 12, 12).replace("\n", " ").count("a") == 12


def test_code_keeps_its_lines_and_folds_long_ones() -> None:
    assert shown("```py\nx = 1\n\n  " + "y" * 40 + "\n```", 20) == (
        "▏ py\n▏ x = 1\n▏\n▏   yyyyyyyyyyyyyyy\n▏ yyyyyyyyyyyyyyyyy\n▏ yyyyyyyy"
    )


def test_wrapped_lines_say_what_was_between_them() -> None:
    lines = lines_of("aaaa bbbb\ncccccccccccc", 8)
    assert [(line.text.strip(), line.join) for line in lines] == [
        ("aaaa", "\n"),
        ("bbbb", " "),
        ("cccccccc", "\n"),
        ("cccc", ""),
    ]


@pytest.mark.parametrize("text", ["", " ", "\n\n", "\t", "\u200d", "\ufe0f", HOSTILE, ">" * 99, "[" * 9999, "- " * 500])
def test_any_text_has_blocks_that_can_be_laid_out(text: str) -> None:
    for width in (8, 9, 30):
        assert all(cell_len(line.text) == width for line in lines_of(text, width))


def test_what_is_nested_too_deep_is_not_lost() -> None:
    assert "deep" in shown(">" * 40 + " deep")
    assert "deep" in shown("".join("  " * level + "- x\n" for level in range(40)) + "  " * 40 + "- deep", 120)


def test_a_huge_text_says_what_is_not_shown() -> None:
    text = "word and more\n" * 400_000
    blocks = parse(text)
    assert blocks[-1].kind == "note"
    assert sum(len(block.text) for block in blocks) < MAX_CHARACTERS + 200
    head, note = shortened(text)
    assert f"{len(text) - len(head):,} more characters" in note
    assert len(shortened("x\n" * 9_000)[0].splitlines()) == MAX_LINES
    assert shortened("x" * 99_999)[0] == "x" * MAX_CHARACTERS
    assert shortened("short\n") == ("short\n", "")


@given(st.text(alphabet="a\n", max_size=60), st.integers(1, 30), st.integers(1, 10))
def test_shortened_texts_are_starts(text: str, characters: int, lines: int) -> None:
    head, note = shortened(text, characters, lines)
    assert text.startswith(head)
    assert bool(note) == (head != text)
    assert len(head) <= characters
    assert head.count("\n") <= lines


def test_code_is_coloured_by_name_only() -> None:
    assert code_spans.code_spans("x = 1", "") == ()
    assert code_spans.code_spans("x = 1", "no-such-language") == ()
    assert code_spans.is_ready("no-such-language")
    code_spans.load("python")
    assert code_spans.is_ready("Python")
    spans = code_spans.code_spans("def f(): # c\n    return 'x' + 1", "python")
    assert Span(0, 3, "code-keyword") in spans
    assert {span.style for span in spans} >= {"code-comment", "code-function", "code-string", "code-number"}


def test_found_words_are_spans() -> None:
    names = [
        segment.style.meta["names"]
        for line in lines_of("one two", 20, re.compile("two"))
        for segment in line.segments
        if segment.style and "two" in segment.text
    ]
    assert names == [("text", "find")]


def test_a_block_is_a_value() -> None:
    assert Block("rule") == Block("rule")
