"""PictureScreen: a picture from disk, before it is attached."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen

from nova_tui.domain.row import Image
from nova_tui.tui.type_ahead import release_keys
from nova_tui.tui.widgets.picture_view import PictureView


class PictureScreen(ModalScreen[bool]):
    """Shows a picture; answers whether it is to be attached."""

    DEFAULT_CSS: ClassVar[str] = """
    PictureScreen {
        align: center middle;
        & > Vertical {
            width: 66; max-width: 94%; height: auto; max-height: 94%; padding: 0 1;
            border: round $accent; border-title-color: $foreground; border-title-style: bold;
            border-subtitle-color: $row-muted; background: $background;
        }
    }
    """
    BINDINGS = [
        Binding("enter", "dismiss(True)", "attach", id="picture.attach"),
        Binding("escape,q", "dismiss(False)", "leave", id="picture.leave"),
    ]

    def __init__(self, image: Image) -> None:
        super().__init__()
        self._image = image

    def compose(self) -> ComposeResult:
        """Frame the picture."""
        with Vertical() as box:
            box.border_title = Content("Attach this picture?")
            box.border_subtitle = Content("Enter attaches · Esc leaves")
            yield PictureView(self._image)

    def on_mount(self) -> None:
        """Take the keys that were typed meanwhile."""
        release_keys(self)
