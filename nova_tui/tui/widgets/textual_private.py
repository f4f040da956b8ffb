"""The private parts of Textual that the widgets lean on, in one place; `test_textual_private.py` watches each of them.

Why at all: Textual 8.2 keeps seven caches in every Strip (one of which refers to the strip itself), renders its
scrollbar through Rich on each step, and forgets to extend a selection while it scrolls by itself.
"""
# ruff: noqa: SLF001

from __future__ import annotations

from typing import Any, Final, cast

from rich.segment import Segment
from textual.cache import FIFOCache
from textual.screen import Screen
from textual.scrollbar import ScrollBar
from textual.selection import SelectEnd
from textual.strip import Strip
from textual.widget import Widget

STRIP_CACHES: Final = (
    "_divide_cache",
    "_crop_cache",
    "_style_cache",
    "_filter_cache",
    "_line_length_cache",
    "_crop_extend_cache",
    "_offsets_cache",
)
"""The slots of a Strip that hold a cache each."""


class _NoCache:
    """A cache that keeps nothing."""

    __slots__ = ()

    def get(self, key: object, default: object = None) -> object:  # noqa: ARG002 - a cache's own signature
        """Find nothing."""
        return default

    def __setitem__(self, key: object, value: object) -> None:
        """Keep nothing."""

    def clear(self) -> None:
        """Have nothing to forget."""


_NO_CACHE: Final = _NoCache()


def init_strip(strip: Strip, segments: list[Segment], cell_length: int) -> None:
    """Fill the slots of a strip without making its seven caches."""
    strip._segments = segments
    strip._cell_length = cell_length
    strip._render_cache = strip._link_ids = strip._cell_count = None
    for name in STRIP_CACHES:
        setattr(strip, name, _NO_CACHE)


def allow_dividing(strip: Strip) -> None:
    """Give a strip the one cache that is worth having: something lies over it and it is cut in every frame."""
    if cast("Any", strip._divide_cache) is _NO_CACHE:
        strip._divide_cache = FIFOCache(2)


def segments_of(strip: Strip) -> list[Segment]:
    """Return the segments of a strip itself, not a copy."""
    return strip._segments


def vertical_scrollbar_of(widget: Widget) -> ScrollBar | None:
    """Return the scrollbar if it was made already."""
    return widget._vertical_scrollbar


def start_vertical_scrollbar(widget: Widget, scrollbar: ScrollBar) -> None:
    """Make `scrollbar` the vertical one of the widget."""
    widget._vertical_scrollbar = scrollbar
    scrollbar.display = False
    widget.app._start_widget(widget, scrollbar)


def extend_selection_to_pointer(widget: Widget) -> None:
    """Move the end of a running selection to what is now under the pointer; Textual waits for the mouse to move."""
    screen: Screen[Any] = widget.screen
    state = screen._select_state
    if not screen._selecting or state is None or state.end is None or state.end.content_widget is not widget:
        return
    under, offset = screen.get_widget_and_offset_at(*state.screen_offset)
    if under is widget and offset is not None:
        screen._select_state = state.update_end(state.screen_offset, SelectEnd(state.end.container, widget, offset))
