"""PictureView: one picture as half blocks, with its name and size."""

from __future__ import annotations

from typing import ClassVar

from rich.segment import Segment
from textual.geometry import Size
from textual.strip import Strip
from textual.widget import Widget

from nova_tui.domain.row import Image
from nova_tui.tui.widgets.cells import shown_line
from nova_tui.tui.widgets.image_shelf import ImageShelf


class PictureView(Widget):
    """Shows a picture as far as there is room and Pillow; its name and size always."""

    DEFAULT_CSS: ClassVar[str] = """
    PictureView { height: auto; color: $row-muted; background: $background; }
    """

    def __init__(self, image: Image | None = None, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._image = image
        self._shelf = ImageShelf(self._arrived)

    @property
    def image(self) -> Image | None:
        """The picture."""
        return self._image

    def show(self, image: Image | None) -> None:
        """Show another picture, or none."""
        if image is not self._image:
            self._image = image
            self.refresh(layout=True)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002  Textual's own signature
        """Return the lines of the picture and the one below it."""
        if self._image is None:
            return 0
        box = self._shelf.box(self._image, width)
        return 1 + (box.lines if box is not None else 0)

    def render_line(self, y: int) -> Strip:
        """Return a line of the picture, and below it what it is."""
        width = self.size.width
        style = self.rich_style
        if self._image is None:
            return Strip.blank(width, style)
        box = self._shelf.box(self._image, width)
        if box is None or y >= box.lines:
            return Strip([Segment(facts_of(self._image), style)]).adjust_cell_length(width, style)
        ground = self.background_colors[1].rgb
        lines = self._shelf.lines(self._image, box, ground)
        if lines is None or y >= len(lines):
            return Strip.blank(width, style)
        return Strip(lines[y]).adjust_cell_length(width, style)

    def _arrived(self, _image: Image) -> None:
        """Paint what was decoded."""
        if self.is_mounted:
            self.refresh()

    def on_unmount(self) -> None:
        """Let the thread go."""
        self._shelf.close()


def facts_of(image: Image) -> str:
    """Return what a picture is, on one line: its name, size and bytes."""
    size = f"{image.width}×{image.height}" if image.width and image.height else ""
    data = f"{len(image.data):,} bytes" if image.data is not None else "not held here"
    facts = (image.name or image.path or image.url or "picture", image.mime, size, data)
    return shown_line(" · ".join(fact for fact in facts if fact))
