"""A headless Chromium that a test speaks to over a pipe; it notes every request that a page makes."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "chrome")
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update", "--disable-dev-shm-usage", "--mute-audio",
    "--remote-debugging-pipe", "--window-size=900,700",
)  # fmt: skip


class Browser:
    """One page."""

    def __init__(self, process: subprocess.Popen[bytes], write: int, read: int) -> None:
        self._process, self._write, self._read = process, write, read
        self._buffer = b""
        self._last = 0
        self._session: str | None = None
        self.requests: list[str] = []
        """Addresses that were asked for since the page was opened."""
        self.complaints: list[str] = []
        """What the page wrote to its console, and what it broke."""
        target = self._ask("Target.createTarget", url="about:blank")["targetId"]
        self._session = self._ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for name in ("Page", "Network", "Runtime", "Log"):
            self._ask(f"{name}.enable")

    def open(self, path: Path, *, still: bool = False) -> None:
        """Open a file; `still` asks for little motion."""
        features = [{"name": "prefers-reduced-motion", "value": "reduce" if still else "no-preference"}]
        self._ask("Emulation.setEmulatedMedia", features=features)
        self.requests.clear()
        self._ask("Page.navigate", url=path.as_uri())
        self.until("document.readyState === 'complete'")

    def value(self, expression: str) -> Any:
        """Return what a JavaScript expression is."""
        answer = self._ask("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    def until(self, expression: str) -> None:
        """Wait until an expression is true."""
        for _ in range(200):
            if self.value(expression):
                return
            self.value("new Promise(done => setTimeout(done, 50))")
        raise AssertionError(f"it did not become true: {expression}")

    def press(self, key: str) -> None:
        """Press a key."""
        text = {"text": key} if len(key) == 1 else {}
        self._ask("Input.dispatchKeyEvent", type="keyDown", key=key, **text)
        self._ask("Input.dispatchKeyEvent", type="keyUp", key=key)

    def loaded(self) -> list[str]:
        """Return what was asked for beyond the page itself and data inside it."""
        return [url for url in self.requests[1:] if not url.startswith(("data:", "about:"))]

    def _ask(self, method: str, **parameters: Any) -> Any:
        """Send a command and return its answer; note what happens meanwhile."""
        self._last += 1
        message: dict[str, Any] = {"id": self._last, "method": method, "params": parameters}
        if self._session is not None:
            message["sessionId"] = self._session
        os.write(self._write, json.dumps(message).encode() + b"\0")
        while True:
            while b"\0" not in self._buffer:
                chunk = os.read(self._read, 1 << 16)
                assert chunk, "the browser ended"
                self._buffer += chunk
            line, _, self._buffer = self._buffer.partition(b"\0")
            answer = json.loads(line)
            if answer.get("id") == self._last:
                assert "error" not in answer, answer
                return answer["result"]
            self._note(answer)

    def _note(self, event: dict[str, Any]) -> None:
        """Remember requests and complaints."""
        method, about = event.get("method"), event.get("params", {})
        if method == "Network.requestWillBeSent":
            self.requests.append(about["request"]["url"])
        elif method in ("Runtime.exceptionThrown", "Log.entryAdded", "Runtime.consoleAPICalled"):
            self.complaints.append(json.dumps(about))


@contextmanager
def browser() -> Iterator[Browser]:
    """Start Chromium; skip the test, with the reason, where there is none."""
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if program is None:
        pytest.skip("Chromium is not installed")
    read_here, write_there = os.pipe()
    read_there, write_here = os.pipe()

    def connect() -> None:  # the browser reads from 3 and writes to 4
        reading, writing = os.dup(read_there), os.dup(write_there)
        os.dup2(reading, 3)
        os.dup2(writing, 4)

    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        process = subprocess.Popen(
            [program, *FLAGS, f"--user-data-dir={folder}"],
            preexec_fn=connect,  # noqa: PLW1509 - nothing else runs between
            close_fds=False,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(read_there)
        os.close(write_there)
        try:
            yield Browser(process, write_here, read_here)
        finally:
            process.terminate()
            process.wait(10)
            os.close(read_here)
            os.close(write_here)
