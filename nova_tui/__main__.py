"""Run nova-tui, as `nova-tui` or with `python -m nova_tui`."""

# ruff: noqa: PLC0415  what is imported may be interrupted, too

from __future__ import annotations

import sys
from typing import NoReturn

INTERRUPTED = 130
"""What a shell gives a program that ctrl+c ended."""


def run() -> NoReturn:
    """Run the program; ctrl+c while it still loads ends it without a word."""
    try:
        from nova_tui.cli.main import main
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    main()


if __name__ == "__main__":
    run()
