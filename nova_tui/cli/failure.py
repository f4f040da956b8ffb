"""Failures at the border of the command line: one clear line on standard error and an exit status."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable

import click

from nova_tui.domain.errors import NovaError
from nova_tui.domain.safe_text import clean, clean_line

DONE, REPORTED, USAGE, INTERRUPTED, PIPE_CLOSED = 0, 1, 2, 130, 141
"""Exit statuses; the last two are what a shell gives a program ended by those signals."""


def status_of(command: Callable[[], object]) -> int:
    """Run a command; return its exit status, with a failure said on standard error."""
    try:
        status = _status(command)
        sys.stdout.flush()
    except BrokenPipeError:
        silence_output()
        return PIPE_CLOSED
    except (KeyboardInterrupt, click.Abort):
        return INTERRUPTED
    except click.ClickException as error:
        _say(error.format_message())
        if isinstance(error, click.UsageError) and error.ctx is not None:
            _say(f"Try '{error.ctx.command_path} --help' for help.", "")
        return error.exit_code
    except NovaError as error:
        _trace()
        _say(str(error))
        return REPORTED
    except OSError as error:
        _trace()
        silence_output()
        reason = error.strerror or str(error)
        named = isinstance(error.filename, str | bytes | os.PathLike)
        _say(f"{os.fsdecode(error.filename)}: {reason}" if named else f"reading or writing failed: {reason}")
        return REPORTED
    except Exception as error:  # noqa: BLE001  the border: nobody sees a traceback who did not ask for it
        _trace()
        _say(f"a fault of nova-tui: {type(error).__name__}: {error} (NOVA_TUI_DEBUG=1 shows where)")
        return REPORTED
    return status


def _status(command: Callable[[], object]) -> int:
    """Run a command and return its exit status: the one it leaves with or returns, else done."""
    try:
        status = command()
    except click.exceptions.Exit as ended:
        return ended.exit_code
    return status if type(status) is int else DONE


def _say(message: str, prefix: str = "nova-tui: ") -> None:
    """Write one line to standard error."""
    click.echo(prefix + clean_line(message, 1000), err=True)


def _trace() -> None:
    """Show where the failure happened when NOVA_TUI_DEBUG asks for it."""
    if os.environ.get("NOVA_TUI_DEBUG") == "1":
        click.echo(clean(traceback.format_exc()), err=True)


def silence_output() -> None:
    """Let what standard output still holds go nowhere, so that the end of the process does not fail on it."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
