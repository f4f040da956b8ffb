"""The floor: the least Textual app that has a list, against which the screen is measured."""

from __future__ import annotations

from textual.app import App, ComposeResult
from textual.widgets import OptionList


class FloorApp(App[None]):
    """Fifty lines and a cursor."""

    def compose(self) -> ComposeResult:
        """Show the lines."""
        yield OptionList(*(f"Line number {number}" for number in range(50)))


if __name__ == "__main__":
    FloorApp().run()
