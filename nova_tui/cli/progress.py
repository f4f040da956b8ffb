"""How far long work is, on a terminal."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

import click


@contextmanager
def progress_of(label: str, *, lines: bool = False) -> Iterator[Callable[[int, int], None]]:
    """Give a function that shows how far the work is: on a terminal when it takes a while, or in lines."""
    stream = sys.stderr  # a recording puts its own in the place of it
    if lines:
        yield _line_by_line(stream)
        return
    if not stream.isatty():
        yield lambda _done, _total: None
        return
    began, shown = time.monotonic(), -1

    def show(done: int, total: int) -> None:
        nonlocal shown
        percent = done * 100 // total if total else 0
        if percent != shown and time.monotonic() - began > 0.5:
            shown = percent
            click.echo(f"\r{label} {percent:3d} % [{'#' * (percent // 5):20}]", stream, nl=False)

    try:
        yield show
    finally:
        if shown >= 0:
            click.echo("\r\x1b[K", stream, nl=False)


def _line_by_line(stream: TextIO) -> Callable[[int, int], None]:
    """Return a function that writes each per cent as a line to standard error."""
    shown = -1

    def show(done: int, total: int) -> None:
        nonlocal shown
        percent = done * 100 // total if total else 0
        if percent != shown:
            shown = percent
            click.echo(f"{percent} %", stream)

    return show
