"""Reporting: how an error reaches the person."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from textual.widget import Widget

from nova_tui.domain.errors import NovaError


@contextmanager
def reporting(widget: Widget) -> Iterator[None]:
    """Show an error of ours as a toast; any other error is a defect and ends the program."""
    try:
        yield
    except NovaError as error:
        widget.app.notify(str(error), severity="error", timeout=8, markup=False)
