"""nova-tui as a test runs it: in this process, or as a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from nova_tui import open_store
from nova_tui.cli.main import cli


@dataclass(frozen=True)
class Nova:
    """Runs commands for alice on a store of her own."""

    folder: Path

    @property
    def environment(self) -> dict[str, str]:
        """The variables that keep a run inside the test's folder."""
        return {
            "HOME": str(self.folder),
            "XDG_CONFIG_HOME": str(self.folder / "config"),
            "XDG_DATA_HOME": str(self.folder / "data"),
            "NOVA_TUI_STORE": str(self.folder / "sessions.db"),
            "NOVA_TUI_USER": "alice",
            "NOVA_TUI_CONFIG": "",
            "NOVA_TUI_DEBUG": "",
            "NO_COLOR": "",
            "TZ": "UTC",
            "PYTHONUNBUFFERED": "",
        }

    def run(self, *arguments: str, stdin: str | bytes | None = None, **variables: str | None) -> Result:
        """Run a command in this process."""
        return CliRunner().invoke(cli, arguments, input=stdin, env={**self.environment, **variables})

    def ok(self, *arguments: str, stdin: str | bytes | None = None, **variables: str | None) -> str:
        """Run a command that must succeed and return its standard output."""
        result = self.run(*arguments, stdin=stdin, **variables)
        assert result.exit_code == 0, result.output
        return result.stdout

    def made(self) -> Nova:
        """Make the store, with nothing in it."""
        open_store(self.environment["NOVA_TUI_STORE"]).close()
        return self

    def id(self, *arguments: str, stdin: str | bytes | None = None) -> str:
        """Run a command that prints an id and return it."""
        return self.ok(*arguments, stdin=stdin).strip()

    def json(self, *arguments: str) -> Any:
        """Run a command that writes JSON and return what it says."""
        return json.loads(self.ok(*arguments))

    def process(self, *arguments: str, **options: Any) -> subprocess.CompletedProcess[bytes]:
        """Run a command as a process of its own."""
        variables = options.pop("variables", {})
        environment = {**os.environ, **self.environment, **variables}
        command = options.pop("command", [sys.executable, "-m", "nova_tui", *arguments])
        settings = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "timeout": 60}
        return subprocess.run(command, env=environment, check=False, **{**settings, **options})


@pytest.fixture
def nova(tmp_path: Path) -> Nova:
    """Run commands on a fresh store."""
    return Nova(tmp_path)
