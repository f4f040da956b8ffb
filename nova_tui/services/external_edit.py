"""The person's own editor: which one it is, how it is run, and the file it works on, which is never lost."""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any, Final

from nova_tui.domain.errors import EditorError, YamlError
from nova_tui.services.transfer_out import safe_name

FALLBACKS: Final = ("nano", "vim", "vi")
"""Editors to look for where VISUAL and EDITOR name none."""
AT_ONCE: Final = 0.5
"""Seconds; an editor that is back sooner may have left a window open."""


def editor_command(environ: Mapping[str, str] = os.environ, *, terminal: bool = True) -> list[str]:
    """Return the editor of VISUAL or EDITOR with its arguments, else one that is installed; raise EditorError.

    Without a terminal only an editor that was named serves: it may be a script, or open a window.
    """
    for variable in ("VISUAL", "EDITOR"):
        wanted = environ.get(variable, "").strip()
        if wanted:
            try:
                return shlex.split(wanted)
            except ValueError as error:
                raise EditorError(wanted, f"cannot be understood: {variable} has a quote that is not closed") from error
    if not terminal:
        raise EditorError("(none)", "is missing: there is no terminal to open one on; set VISUAL or EDITOR")
    found = next((name for name in FALLBACKS if shutil.which(name)), None)
    if found is None:
        raise EditorError("(none)", "is missing: set VISUAL or EDITOR to one, for example EDITOR=nano")
    return [found]


def has_terminal() -> bool:
    """Tell whether an editor could be seen."""
    try:
        os.close(os.open("/dev/tty", os.O_RDWR | os.O_NOCTTY))
    except OSError:
        return os.isatty(0) and os.isatty(1)
    return True


def run_editor(command: Sequence[str], path: Path) -> None:
    """Run an editor on a file and wait for it, with the terminal as its input and output; raise EditorError."""
    with ExitStack() as stack:
        streams = stack.enter_context(_terminal())
        stack.enter_context(_interrupts_left_to_the_editor())
        try:
            status = subprocess.run([*command, str(path)], check=False, **streams).returncode  # noqa: S603  the person's own command
        except OSError as error:
            raise EditorError(command[0], f"cannot be started: {error.strerror or error}") from error
    if status:
        ended = f"was ended by signal {-status}" if status < 0 else f"failed with status {status}"
        raise EditorError(command[0], ended)


@contextmanager
def _terminal() -> Iterator[dict[str, Any]]:
    """Give the streams for an editor: ours where they are a terminal, else the terminal itself, else nothing.

    So that an editor eats no answer from a pipe, and writes nothing into one.
    """
    with ExitStack() as stack:
        streams: dict[str, Any] = {}
        for name, number, flags in (("stdin", 0, os.O_RDONLY), ("stdout", 1, os.O_WRONLY)):
            if os.isatty(number):
                continue
            try:
                streams[name] = os.open("/dev/tty", flags)
                stack.callback(os.close, streams[name])
            except OSError:
                streams[name] = subprocess.DEVNULL
        yield streams


@contextmanager
def _interrupts_left_to_the_editor() -> Iterator[None]:
    """Let ctrl+c reach the editor and not this program; a handler that does nothing is not inherited."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, lambda _number, _frame: None)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


class EditFile:
    """A file of its own for an editor; it stays until it is dropped."""

    def __init__(self, text: str, title: str, folder: Path | None = None, *, suffix: str = ".yaml") -> None:
        """Write the text to a file that nobody else can read, in `folder` or where temporary files are."""
        self._began = text
        self._home = Path(tempfile.mkdtemp(prefix="nova-tui-", dir=folder))
        self.path = self._home / f"{safe_name(title)}{suffix}"
        self.quick = False
        """Whether the editor was back at once, as those are that open a window."""
        with os.fdopen(os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(text.encode("utf-8"))

    def edit(self, command: Sequence[str]) -> None:
        """Run an editor on the file; raise EditorError."""
        began = time.monotonic()
        run_editor(command, self.path)
        self.quick = time.monotonic() - began < AT_ONCE

    def text(self) -> str:
        """Return what the file holds now; raise YamlError where that cannot be read."""
        try:
            return self.path.read_bytes().decode("utf-8").replace("\r\n", "\n")
        except UnicodeDecodeError as error:
            raise YamlError(f"the file is not UTF-8 text (byte {error.start})") from error
        except OSError as error:
            raise YamlError(f"the file cannot be read: {error.strerror or error}") from error

    @property
    def touched(self) -> bool:
        """Whether the file holds anything else than in the beginning, or cannot be read."""
        try:
            return self.text() != self._began.replace("\r\n", "\n")
        except YamlError:
            return True

    def drop(self) -> None:
        """Remove the file, and what the editor left beside it."""
        with suppress(OSError):
            shutil.rmtree(self._home)
