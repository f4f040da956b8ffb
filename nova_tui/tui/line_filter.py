"""GuardFilter: the last guard between text that anybody may have written and the terminal."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

from nova_tui.domain.safe_text import safe_url

_FLAG: Final = re.compile("\U0001f3f4[\U000e0020-\U000e007e]{1,8}\U000e007f")
# what takes no cell is taken out, what takes one is replaced, so that the width of the line stays right
_NO_CELL: Final = (
    "\x00-\x1f\x7f-\x9f\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e007f"
)
_NO_CHARACTER: Final = "\ud800-\udfff" + "".join(
    chr(plane + code) for plane in range(0, 0x110000, 0x10000) for code in (0xFFFE, 0xFFFF)
)
_UNSAFE: Final = re.compile(f"[{_NO_CELL}]|([{_NO_CHARACTER}])")


@lru_cache(maxsize=4096)
def guarded(text: str) -> str:
    """Return `text` without control, bidi and invisible characters; its width on the screen stays what it was."""
    if "\U0001f3f4" not in text:
        return _UNSAFE.sub(_replacement, text)
    parts, start = [], 0
    for flag in _FLAG.finditer(text):
        parts += [_UNSAFE.sub(_replacement, text[start : flag.start()]), flag[0]]
        start = flag.end()
    return "".join([*parts, _UNSAFE.sub(_replacement, text[start:])])


def _replacement(match: re.Match[str]) -> str:
    """Return what takes as many cells as the unsafe character."""
    return "\ufffd" if match[1] else ""


class GuardFilter(LineFilter):
    """Takes out of every line what is not printable, and links that lead to no plain web or mail address.

    Widgets clean what they show by themselves; this is for the one that forgot. Use one instance for the life of the
    app: lines remember by the instance that they were filtered.
    """

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002 - the base's signature
        """Return the same list when nothing in it is unsafe."""
        for text, style, control in segments:
            if control or not text.isprintable() or (style is not None and style.link):
                return [_guard(segment) for segment in segments if not segment.control]
        return segments


def _guard(segment: Segment) -> Segment:
    """Return the segment with nothing unsafe in it."""
    text, style, _ = segment
    if not text.isprintable():
        text = guarded(text)
    if style is not None and style.link and safe_url(style.link) is None:
        style = style.update_link(None)
    return Segment(text, style)
