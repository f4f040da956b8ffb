"""Texts that are hard to show, and strategies for them."""

from __future__ import annotations

from hypothesis import strategies as st

ESCAPES = (
    "\x1b]52;c;aGVsbG8=\x07",
    "\x1b]0;title\x1b\\",
    "\x1b[2J\x1b[6n",
    "\x1bc",
    "\x1bPq\x1b\\",
    "\x9b31m\x9d0;t\x9c",
    "\x07\x08\x0b\x0c\x0e\x0f\x7f\x00",
    "\u202e\u2066\u2069\u200b\u2028\ufeff\U000e0041",
    "\r\nover\rwritten",
)
MARKUP = ("[red]x[/red]", "[/", "[/nope]", "[link=http://x]", "[@click=app.quit]press[/]", "[red='x]", "\\[x]")
SCRIPTS = (
    "退款流程",
    "한국어",
    "مرحبا بالعالم",
    "שלום",
    "क्‍षत्रिय",
    "e\u0301\u0323\u0301",
    "👩‍👩‍👧",
    "🏳️‍🌈",
    "🇩🇪🇫🇷",
    "❤️",
    "1️⃣",
    "\u3000wide blank\u3000",
    "👍🏽",
    "a\u200db",
    "\u200dx",
    "\ufe0fy",
    "ｆｕｌｌ",
)
MARKDOWN = (
    "# h",
    "- a\n  - b\n    1. c",
    "> q\n> > r",
    "| a | b |\n|---|--:|\n| 1 | 退款 |",
    "```py\nx = 1\n```",
    "**b *i* ~~s~~ `c`**",
    "[t](http://e.com)",
    "[t](javascript:x)",
    "![alt](x.png)",
    "<b onclick=x>h</b>",
    "---",
    "- [x] t",
    "\ttab\tbed",
    "&#8238;&#13;&#9;&NewLine;",
    "http://e.com/x)",
    "`" * 5,
    "long" * 40,
    "a  \nb\\\nc",
    "***",
    "[a]: http://x",
)
pieces = st.sampled_from([*ESCAPES, *MARKUP, *SCRIPTS, *MARKDOWN]) | st.text(max_size=12)
hard_text = st.lists(pieces, max_size=14).flatmap(
    lambda parts: st.sampled_from(["", " ", "\n", "\n\n"]).map(lambda joint: joint.join(parts))
)
"""Any text, with a taste for what goes wrong."""

HOSTILE = "\n\n".join([*ESCAPES, *MARKUP, *SCRIPTS, *MARKDOWN])
"""All of it in one text."""
