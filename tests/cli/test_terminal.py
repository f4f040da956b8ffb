"""What a person at a terminal sees, and a pipe does not."""

from __future__ import annotations

import os
import sys
from typing import Any

import pexpect
import pytest
from rich.cells import cell_len

from tests.cli.conftest import Nova


def seen(nova: Nova, *arguments: str, columns: int = 60, **variables: str) -> str:
    """Return what a command writes to a terminal of so many columns."""
    environment = {**os.environ, **nova.environment, "TERM": "xterm-256color", **variables}
    environment.pop("COLUMNS", None)
    text = pexpect.run(
        f"{sys.executable} -m nova_tui {' '.join(arguments)}", env=environment, dimensions=(24, columns), timeout=60
    )
    assert isinstance(text, bytes)
    return text.decode().replace("\r\n", "\n")


@pytest.fixture
def id(nova: Nova) -> str:
    """Return the id of a session with a wide title and a long row."""
    id = nova.id("new", "--title", "日本語のとても長い題名 " * 4)
    nova.ok("add", id, "user", "word " * 30)
    return id


def test_a_list_fits_the_terminal(nova: Nova, id: str) -> None:
    heading, line = seen(nova, "list").splitlines()
    assert heading.startswith("ID        CHANGED")
    assert line.startswith(f"{id[:8]}  ")
    assert line.endswith("…")
    assert 58 <= cell_len(line) <= 60
    assert id in nova.ok("list")


def test_a_dialog_is_broken_and_coloured_on_a_terminal_only(nova: Nova, id: str) -> None:
    text = seen(nova, "show", id)
    assert "\x1b[" in text
    assert max(map(cell_len, seen(nova, "show", id, NO_COLOR="1").splitlines()[3:])) <= 60
    assert len(text.splitlines()) > 5
    assert len(nova.ok("show", id).splitlines()) == 4


@pytest.mark.parametrize("variables", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_colour_is_left_out_where_it_is_not_wanted(nova: Nova, id: str, variables: dict[str, Any]) -> None:
    assert "\x1b" not in seen(nova, "show", id, **variables)


def test_text_is_asked_for_at_a_terminal(nova: Nova, id: str) -> None:
    environment = {**os.environ, **nova.environment}
    child = pexpect.spawn(sys.executable, ["-m", "nova_tui", "add", id, "user"], env=environment, timeout=60)
    child.expect("end it with ctrl")
    child.sendline("typed")
    child.sendeof()
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0
    assert "user       typed" in nova.ok("show", id)


def test_a_screen_needs_a_terminal_that_has_a_name(nova: Nova) -> None:
    assert "The screen needs a terminal that TERM names" in seen(nova, "demo", TERM="dumb")
