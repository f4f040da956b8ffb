"""Hard conditions for a store: a process of its own to spoil, a small disk, a file that somebody else keeps locked."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path
from typing import ParamSpec, TypeVar

import pytest

KINDS = ("sqlite", "file")
_P = ParamSpec("_P")
_T = TypeVar("_T")


def url_of(kind: str, folder: Path) -> str:
    """Return the URL of a store of a kind in a folder."""
    return f"sqlite://{folder / 'nova.db'}" if kind == "sqlite" else f"file://{folder / 'sessions'}"


def alone(function: Callable[_P, _T], *args: _P.args, **options: _P.kwargs) -> _T:
    """Run a function in a process of its own, so that what it does to its process hurts nobody else."""
    with ProcessPoolExecutor(1, get_context("forkserver")) as pool:
        return pool.submit(function, *args, **options).result(120)


@contextmanager
def small_disk(folder: Path, size: str = "2m") -> Iterator[Path]:
    """Yield a folder on a disk of its own; skip the test where none can be mounted."""
    folder.mkdir()
    if os.geteuid() != 0:
        pytest.skip("only root may mount a disk")
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size},mode=700", "tmpfs", str(folder)],
        check=False,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        pytest.skip(f"no disk can be mounted here: {done.stderr.strip()}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def remount(folder: Path, option: str) -> None:
    """Change how a small disk is mounted: ro, rw or another size."""
    subprocess.run(["mount", "-o", f"remount,{option}", str(folder)], check=True)


_HOLD = {
    "sqlite": """
import sys, time
from nova_tui.storage.sqlite_driver import sqlite3
db = sqlite3.connect(sys.argv[1] + "/nova.db", isolation_level=None)
db.execute("BEGIN IMMEDIATE")
print("locked", flush=True)
time.sleep(float(sys.argv[2]))
db.execute("COMMIT")
""",
    "file": """
import fcntl, sys, time
with open(sys.argv[1] + "/sessions/.nova-tui/lock", "rb+") as file:
    fcntl.flock(file, fcntl.LOCK_EX)
    print("locked", flush=True)
    time.sleep(float(sys.argv[2]))
""",
}


@contextmanager
def locked_by_another(kind: str, folder: Path, seconds: float) -> Iterator[None]:
    """Let another program keep a store locked for some seconds, from the beginning of the context on."""
    command = [sys.executable, "-c", _HOLD[kind], str(folder), str(seconds)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "locked\n"
        yield
        assert holder.wait(60) == 0
