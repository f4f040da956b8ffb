"""The terminal driver: Textual's own, but a byte that is not UTF-8 is shown as such instead of ending the program."""

from __future__ import annotations

import codecs
from functools import partial
from typing import Any

from textual.drivers import linux_driver


def _tolerant_decoder(encoding: str) -> partial[codecs.IncrementalDecoder]:
    """Return a decoder that replaces what it cannot read (Textual's own raises, on its input thread)."""
    return partial(codecs.getincrementaldecoder(encoding), errors="replace")


class TerminalDriver(linux_driver.LinuxDriver):
    """Reads what a terminal sends, whatever it sends."""

    def run_input_thread(self) -> None:
        """Read keys until the program ends."""
        module: Any = linux_driver
        module.getincrementaldecoder = _tolerant_decoder
        super().run_input_thread()
