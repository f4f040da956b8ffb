"""Doing something to each of several sessions, so that one failure does not stop the others."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

import click

from nova_tui.cli.context import Context
from nova_tui.cli.failure import REPORTED
from nova_tui.domain.errors import NovaError, SessionNotFound

if TYPE_CHECKING:
    from nova_tui.services.library import Library


def each_session(
    context: Context,
    library: Library,
    prefixes: Iterable[str],
    work: Callable[[Library, str], object],
    *,
    trashed: bool = False,
) -> None:
    """Give `work` the id of each session once; say what fails, and leave with status 1 if anything did."""
    failed = False
    done: set[str] = set()
    for prefix in dict.fromkeys(prefixes):
        try:
            session_id = library.resolve(prefix, trashed=trashed)
            if session_id not in done:
                done.add(session_id)
                work(library, session_id)
        except NovaError as error:
            failed = True
            told = library.explained(error) if isinstance(error, SessionNotFound) else error
            context.say(f"nova-tui: {told}")
    if failed:
        click.get_current_context().exit(REPORTED)
