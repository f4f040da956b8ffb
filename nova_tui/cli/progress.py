"""How far long work is, on a terminal."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click


@contextmanager
def progress_of(label: str) -> Iterator[Callable[[int, int], None]]:
    """Give a function that shows how far the work is, on a terminal and only when it takes a while."""
    if not sys.stderr.isatty():
        yield lambda _done, _total: None
        return
    began, shown = time.monotonic(), -1

    def show(done: int, total: int) -> None:
        nonlocal shown
        percent = done * 100 // total if total else 0
        if percent != shown and time.monotonic() - began > 0.5:
            shown = percent
            click.echo(f"\r{label} {percent:3d} % [{'#' * (percent // 5):20}]", err=True, nl=False)

    try:
        yield show
    finally:
        if shown >= 0:
            click.echo("\r\x1b[K", err=True, nl=False)
