"""The one place where text that anybody may have written becomes text for a terminal.

Stored text stays verbatim; only what is shown is cleaned. Controls are shown as pictures, not dropped, so that a person
sees what is there. Joiners, variation selectors and real flags stay, because emoji and many scripts need them.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from typing import Any, Final
from urllib.parse import urlsplit

MAX_COMBINING: Final = 8
"""Marks kept on one base character; more of them climb over the neighbouring lines."""
MAX_LINE: Final = 20_000
"""Characters shown of one line."""
MAX_TEXT: Final = 2_000_000
"""Characters shown of one text."""

# bidi overrides, embeddings and isolates; zero-width and invisible operators; separators; interlinear; musical; tags
_INVISIBLE: Final = (
    0x061C, 0x180E, 0x200B, 0x200E, 0x200F, 0x2028, 0x2029, *range(0x202A, 0x202F), *range(0x2060, 0x2070),
    0xFEFF, *range(0xFFF9, 0xFFFC), *range(0x1BCA0, 0x1BCA4), *range(0x1D173, 0x1D17B), *range(0xE0000, 0xE0080),
)  # fmt: skip
_PICTURE: Final[dict[int, str]] = {
    **{code: chr(0x2400 + code) for code in range(32) if code not in (9, 10)},
    0x7F: "\u2421",
    **{code: f"<U+{code:04X}>" for code in range(0x80, 0xA0)},
    **{code: f"<U+{code:04X}>" for code in _INVISIBLE},
    **{plane + code: "\ufffd" for plane in range(0, 0x110000, 0x10000) for code in (0xFFFE, 0xFFFF)},
}


def _ranges(codes: Iterable[int]) -> str:
    """Return characters as ranges of a regular expression, which compiles many times faster than one by one."""
    pairs: list[list[int]] = []
    for code in sorted(codes):
        if pairs and code == pairs[-1][1] + 1:
            pairs[-1][1] = code
        else:
            pairs.append([code, code])
    return "".join(f"\\U{first:08x}-\\U{last:08x}" for first, last in pairs)


_FLAG: Final = "\U0001f3f4[\U000e0020-\U000e007e]{1,8}\U000e007f"
# a variation selector and a joiner belong together in 🏳️‍🌈 and ❤️‍🔥; more of them are a way to hide something
_JOINERS: Final = "(?=[\u200c\u200d\ufe00-\ufe0f])([\ufe00-\ufe0f]?[\u200c\u200d]?+)[\u200c\u200d\ufe00-\ufe0f]*"
_BLANKS: Final = re.compile(r"[\t\n ]+")


# large patterns are made when they are first needed: a start is not to wait for them


@cache
def _unsafe() -> re.Pattern[str]:
    """Return what finds a character that is replaced before it is shown."""
    return re.compile(f"[{_ranges(_PICTURE)}\ud800-\udfff]")


@cache
def unsafe_character() -> re.Pattern[str]:
    """Return what finds a character that a terminal must not get as it is."""
    return re.compile(f"[{_ranges(_PICTURE)}]")


def _picture(match: re.Match[str]) -> str:
    """Return what stands for one unsafe character; a lone surrogate has no picture of its own."""
    return _PICTURE.get(ord(match[0]), "\ufffd")


def _replace_unsafe(text: str) -> str:
    """Replace unsafe characters, but leave subdivision flags (a black flag and its tags) whole."""
    if "\U0001f3f4" not in text:
        return _unsafe().sub(_picture, text)
    parts, start = [], 0
    for flag in re.finditer(_FLAG, text):
        parts += [_unsafe().sub(_picture, text[start : flag.start()]), flag[0]]
        start = flag.end()
    return "".join([*parts, _unsafe().sub(_picture, text[start:])])


def _cap_combining(text: str) -> str:
    """Keep at most `MAX_COMBINING` marks on one character."""
    out, run = [], 0
    for character in text:
        run = run + 1 if unicodedata.category(character) in ("Mn", "Me") else 0
        if run <= MAX_COMBINING:
            out.append(character)
    return "".join(out)


def _cap_line(line: str) -> str:
    """Cut a line that is too long to show, and say so."""
    return line if len(line) <= MAX_LINE else f"{line[:MAX_LINE]} [… {len(line) - MAX_LINE:,} more]"


def clean(text: str, limit: int = MAX_TEXT) -> str:
    """Return `text` safe to show on several lines; at most `limit` characters of it, then a note of how many follow."""
    more = ""
    if len(text) > limit:
        more, text = f"\n[… {len(text) - limit:,} more characters]", text[:limit]
    text = text.replace("\r\n", "\n")
    if not (text.isascii() and text.isprintable()):
        text = _replace_unsafe(text)
        if not text.isascii():
            text = _cap_combining(re.sub(_JOINERS, r"\1", text))
    if len(text) > MAX_LINE:
        text = "\n".join(_cap_line(line) for line in text.split("\n"))
    return text + more


def cleaned_whole(text: str) -> str:
    """Return all of a text safe to show: what `clean` cuts from a very long text is wanted in a pipe."""
    lines = text.replace("\r\n", "\n").split("\n")
    return "\n".join(
        "".join(clean(line[start : start + MAX_LINE]) for start in range(0, len(line), MAX_LINE)) for line in lines
    )


def clean_line(text: str, limit: int = 200) -> str:
    """Return `text` safe to show on one line of at most `limit` characters: no newline, no tab, no runs of blanks."""
    text = _BLANKS.sub(" ", clean(text[: limit * 4])).strip()
    return text if len(text) <= limit else text[: limit - 1] + "…"


def safe_url(url: str) -> str | None:
    """Return `url` when it is a plain http, https or mailto address that a person may be sent to, else None."""
    if len(url) > 2048 or any(ord(c) <= 32 for c in url) or _unsafe().search(url):
        return None
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return None
    if parts.scheme.lower() == "mailto":
        return url
    web = parts.scheme.lower() in ("http", "https") and parts.hostname
    return url if web and not parts.username and not parts.password else None


def _escape(match: re.Match[str]) -> str:
    """Return one character as JSON escapes it."""
    return json.dumps(match[0])[1:-1]


def to_json(value: Any, indent: int | None = None) -> str:
    """Return `value` as JSON that a terminal can show: readable Unicode, but controls and bidi characters escaped."""
    text = json.dumps(value, ensure_ascii=False, indent=indent, allow_nan=False)
    # newlines of the indentation are the only controls below DEL that json leaves bare; looking for runs from DEL on
    # first is many times as fast as looking for each unsafe character
    unsafe = unsafe_character()
    return re.sub("[\x7f-\U0010ffff]+", lambda run: unsafe.sub(_escape, run[0]), text)
