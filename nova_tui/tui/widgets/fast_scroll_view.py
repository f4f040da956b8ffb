"""FastScrollView: a widget that paints its own lines and hands the same strips to the screen frame after frame.

A frame of an unchanged pane costs a tenth of what Textual's ScrollView takes, because nothing is built anew: neither
the lines nor the scrollbar. The price: no border, padding, outline, tint or opacity on the widget itself; a parent has
these.
"""

from __future__ import annotations

from math import ceil
from typing import Any

from rich.color import Color as RichColor
from rich.segment import Segment
from rich.style import Style as RichStyle
from textual.color import Color
from textual.geometry import Region, Size
from textual.scroll_view import ScrollView
from textual.scrollbar import ScrollBar, ScrollBarRender
from textual.strip import Strip
from textual.widget import Widget

from nova_tui.tui.widgets.stable_strip import StableStrip
from nova_tui.tui.widgets.textual_private import start_vertical_scrollbar, vertical_scrollbar_of

_EIGHTHS = 8


class FastScrollBar(ScrollBar):
    """A vertical scrollbar made of a handful of strips."""

    _look: tuple[Color, Color, int] | None = None

    def render_lines(self, crop: Region) -> list[Strip]:
        """Return the lines of the bar: track, thumb, and the eighths of a cell at its ends."""
        self._dress()
        height, content, window = self.size.height, ceil(self.window_virtual_size), ceil(self.window_size)
        if not (window and height and content > window):
            return [self._empty] * crop.height
        thumb = max(1.0, window * height / content)
        start = int((height - thumb) * self.position / (content - window) * _EIGHTHS)
        end = min(start + ceil(thumb * _EIGHTHS), height * _EIGHTHS)
        first, head = divmod(max(0, start), _EIGHTHS)
        last, tail = divmod(max(0, end), _EIGHTHS)
        lines = [self._above] * first + [self._thumb] * (last - first) + [self._below] * max(0, height - last)
        if first < height and head:
            lines[first] = self._heads[_EIGHTHS - 1 - head]
        if last < height and tail:
            lines[last] = self._tails[_EIGHTHS - 1 - tail]
        return lines[crop.y : crop.bottom]

    def _dress(self) -> None:
        """Make the strips, when the colours are others than before."""
        assert isinstance(self.parent, Widget)
        styles = self.parent.styles
        if self.grabbed:
            track, thumb = styles.scrollbar_background_active, styles.scrollbar_color_active
        elif self.mouse_over:
            track, thumb = styles.scrollbar_background_hover, styles.scrollbar_color_hover
        else:
            track, thumb = styles.scrollbar_background, styles.scrollbar_color
        if track.a < 1:
            track = self.parent.background_colors[0] + track
        if (look := (track, thumb, self.thickness)) == self._look:
            return
        self._look = look
        self._make(track.rich_color, (track + thumb).rich_color, self.thickness)

    def _make(self, track: RichColor, thumb: RichColor, thickness: int) -> None:
        """Make the strips in these colours; their meta is what makes the bar answer the mouse."""

        def strip(character: str, style: RichStyle) -> Strip:
            return Strip([Segment(character * thickness, style)], thickness)

        grab = {"@mouse.down": "grab"}
        self._empty = strip(" ", RichStyle(bgcolor=track))
        self._above = strip(" ", RichStyle(bgcolor=track, meta={"@mouse.down": "scroll_up"}))
        self._below = strip(" ", RichStyle(bgcolor=track, meta={"@mouse.down": "scroll_down"}))
        # drawn with a reversed blank, so that it shows where a terminal has no colours
        self._thumb = strip(" ", RichStyle(color=thumb, bgcolor=track, reverse=True, meta=grab))
        bars = ScrollBarRender.VERTICAL_BARS
        head = RichStyle(color=thumb, bgcolor=track, meta=grab)
        tail = RichStyle(color=thumb, bgcolor=track, reverse=True, meta=grab)
        self._heads = [strip(bar, head) for bar in bars]
        self._tails = [strip(bar, tail) for bar in bars]


class FastScrollView(ScrollView, inherit_bindings=False):
    """The base of the list and the dialog: `paint_line` gives one line of the window, scrolling is never animated."""

    DEFAULT_CSS = """
    FastScrollView {
        overflow-x: hidden;
        overflow-y: scroll;
        scrollbar-size-vertical: 1;
    }
    """

    def __init__(
        self,
        *,
        name: str | None = None,
        id: str | None = None,
        classes: str | None = None,
        disabled: bool = False,
    ) -> None:
        super().__init__(name=name, id=id, classes=classes, disabled=disabled)
        self.set_reactive(Widget.auto_links, False)
        self._rich_styles: dict[tuple[str, ...], RichStyle] = {}

    # -- what a subclass gives ---------------------------------------------------------------------------------------

    def paint_line(self, y: int) -> StableStrip:
        """Return line `y` of the window, as wide as the window; the same object as long as nothing changed."""
        raise NotImplementedError

    def forget_painted(self) -> None:
        """Drop what was painted in styles that are no longer right."""

    # -- painting ----------------------------------------------------------------------------------------------------

    def render_lines(self, crop: Region) -> list[Strip]:
        """Return the lines of the window as the screen shows them."""
        filters = self.get_line_filters()
        background = self.background_colors[1]
        key = (tuple(map(id, filters)), background)
        lines = [self.paint_line(y).filtered(filters, key, background) for y in crop.line_range]
        if crop.column_span == (0, self.size.width):
            return lines
        return [line.crop(*crop.column_span) for line in lines]

    def render_line(self, y: int) -> Strip:
        """Return one line, for Textual to find out what is under the pointer."""
        return self.paint_line(y)

    def component_style(self, *names: str) -> RichStyle:
        """Return the style of component classes, laid over the widget's own and over each other from left to right."""
        style = self._rich_styles.get(names)
        if style is None:
            style = self._rich_styles[names] = self.get_visual_style(*names).rich_style
        return style

    def notify_style_update(self) -> None:
        """Forget colours: the theme, the focus or the style sheet is another."""
        super().notify_style_update()
        self._rich_styles.clear()
        self.forget_painted()

    # -- scrolling ---------------------------------------------------------------------------------------------------

    @property
    def vertical_scrollbar(self) -> ScrollBar:
        """The scrollbar, made when it is first asked for."""
        scrollbar = vertical_scrollbar_of(self)
        if scrollbar is None:
            scrollbar = FastScrollBar(vertical=True, name="vertical", thickness=self.scrollbar_size_vertical)
            start_vertical_scrollbar(self, scrollbar)
        return scrollbar

    @property
    def window(self) -> Size:
        """The cells that show content: the widget less its scrollbar."""
        return self.scrollable_content_region.size

    @property
    def top_line(self) -> int:
        """The content line that the window starts with."""
        return self.scroll_offset.y

    def set_content_height(self, height: int) -> None:
        """Say how many lines there are; costs no layout, because the widget's own place does not change."""
        self.set_reactive(Widget.virtual_size, Size(self.window.width, height))
        self.tell_scrollbar()
        self.refresh()

    def tell_scrollbar(self) -> None:
        """Give the scrollbar height and position, quietly: it is painted with the view, not in a frame of its own."""
        if self.show_vertical_scrollbar:
            scrollbar = self.vertical_scrollbar
            scrollbar.set_reactive(ScrollBar.window_virtual_size, self.virtual_size.height)
            scrollbar.set_reactive(ScrollBar.window_size, self.window.height)
            scrollbar.set_reactive(ScrollBar.position, scrollbar.validate_position(self.scroll_y))

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Repaint the view and its scrollbar together."""
        self.tell_scrollbar()
        if round(old_value) != round(new_value):
            self.scrolled(old_value, new_value)
        self.refresh()

    def scrolled(self, old_value: float, new_value: float) -> None:
        """Do what another line at the top of the window asks for."""

    def jump(self, y: float) -> None:
        """Scroll to a line, at once."""
        self.scroll_to(y=y, animate=False, immediate=True, force=True)

    def _scroll_to(self, x: float | None = None, y: float | None = None, **options: Any) -> bool:
        """Scroll without animation, whoever asks for one."""
        return super()._scroll_to(x, y, **{**options, "animate": False})
