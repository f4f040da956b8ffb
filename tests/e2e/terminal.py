"""A real pseudo-terminal with a screen that a test can read."""

from __future__ import annotations

import os
import re
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pexpect
import pyte

PATIENCE = 30.0
"""Seconds to wait for what must come; a busy machine is slow, a broken program never gets there."""

KEYS = {
    "down": "\x1b[B",
    "up": "\x1b[A",
    "pagedown": "\x1b[6~",
    "enter": "\r",
    "tab": "\t",
    "escape": "\x1b",
    "ctrl+s": "\x13",
    "ctrl+t": "\x14",
    "ctrl+o": "\x0f",
    "ctrl+q": "\x11",
    "ctrl+p": "\x10",
}

# pyte prints what it does not know: kitty keyboard and private mode reports
_UNKNOWN = re.compile(rb"\x1b\[[<>=?][0-9;]*[u$][a-z]?|\x1b\[>[0-9;]*[a-zA-Z]|\x1b\[\?[0-9;]*\$p")


class Screen(pyte.Screen):
    """pyte's screen, deaf to a private form of a sequence that it does not take."""

    def set_margins(self, *arguments: Any, **keywords: Any) -> None:
        """Set the scrolling region."""
        keywords.pop("private", None)
        super().set_margins(*arguments, **keywords)


class Terminal:
    """Runs a program in a pseudo-terminal of `columns` × `rows` cells."""

    def __init__(
        self, command: Sequence[str], environment: Mapping[str, str], size: tuple[int, int] = (100, 30)
    ) -> None:
        columns, rows = size
        self.screen = Screen(columns, rows)
        self._stream = pyte.ByteStream(self.screen)
        self.output = bytearray()
        self._child: Any = pexpect.spawn(
            command[0], list(command[1:]), env=dict(environment), dimensions=(rows, columns), timeout=PATIENCE
        )
        self._child.delaybeforesend = None

    @property
    def process_id(self) -> int:
        """The process id of the program."""
        return int(self._child.pid)

    @property
    def text(self) -> str:
        """What is on the screen."""
        return "\n".join(line.rstrip() for line in self.screen.display)

    def pump(self, seconds: float = 0.05) -> None:
        """Take what the program writes within so many seconds."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            try:
                got = self._child.read_nonblocking(65536, timeout=left)
            except pexpect.TIMEOUT:
                return
            except pexpect.EOF:
                return
            self.output += got
            self._stream.feed(_UNKNOWN.sub(b"", got))

    def wait(self, condition: Callable[[], bool], what: str) -> None:
        """Wait until the screen is as it must be; fail with the screen otherwise."""
        end = time.monotonic() + PATIENCE
        while not condition():
            if time.monotonic() > end:
                raise AssertionError(f"{what} did not come; the screen is\n{self.text}")
            self.pump()

    def wait_for(self, text: str) -> None:
        """Wait until a text is on the screen."""
        self.wait(lambda: text in self.text, repr(text))

    def wait_gone(self, text: str) -> None:
        """Wait until a text has left the screen."""
        self.wait(lambda: text not in self.text, f"the end of {text!r}")

    def press(self, *keys: str) -> None:
        """Press keys: names of `KEYS`, or texts that are typed."""
        for key in keys:
            self._child.send(KEYS.get(key, key))
            self.pump(0.15 if key == "escape" else 0.03)

    def send_bytes(self, data: bytes) -> None:
        """Send bytes as they are."""
        self._child.send(data)
        self.pump()

    def wait_end(self) -> int:
        """Wait for the program's end and return its exit status, 128 + the number for a signal."""
        end = time.monotonic() + PATIENCE
        while self._child.isalive():
            if time.monotonic() > end:
                raise AssertionError(f"the program did not end; the screen is\n{self.text}")
            self.pump()
        self.pump()
        if self._child.signalstatus is not None:
            return 128 + int(self._child.signalstatus)
        return int(self._child.exitstatus)

    def close(self) -> None:
        """End the program by force."""
        self._child.close(force=True)


def environment(home: Path, **more: str) -> dict[str, str]:
    """Return the environment of a person who has just begun: an empty home, a terminal with colours."""
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "USER": "alice",
        "LOGNAME": "alice",
        "LANG": "C.UTF-8",
        "TERM": "xterm-256color",
        "COLORTERM": "truecolor",
        "TEXTUAL_ANIMATIONS": "none",
        **more,
    }


def nova_tui(*arguments: str) -> list[str]:
    """Return the command line of the program as it is installed here."""
    return [sys.executable, "-m", "nova_tui", *arguments]
