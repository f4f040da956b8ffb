"""Power cuts: what was acknowledged is on every disk that a cut could leave. Recipes that sync less must be caught."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.storage.power import BROKEN, CALLS, RECIPES

SAVES = int(os.environ.get("NOVA_TUI_POWER_SAVES", "12"))
"""Saves of each run; more give more places for a cut."""

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed"),
]


def cut_power(recipe: str, folder: Path, saves: int) -> dict[str, int]:
    """Record a saving program's system calls, and look at what cuts among them leave."""
    place, trace = folder / "store", folder / "trace"
    place.mkdir(mode=0o700)
    program = [sys.executable, "-m", "tests.storage.power"]
    record = ["strace", "-f", "-qq", "-y", "-xx", "-s", "10000000", "-o", str(trace), "-e", f"trace={CALLS}"]
    done = subprocess.run(
        [*record, *program, "work", recipe, str(place), str(saves)], check=False, capture_output=True, text=True
    )
    if "PTRACE" in done.stderr or "ptrace" in done.stderr:
        pytest.skip(f"strace may not trace here: {done.stderr.splitlines()[0]}")
    assert done.returncode == 0, done.stderr
    with TemporaryDirectory(dir="/dev/shm" if os.access("/dev/shm", os.W_OK) else folder) as disk:
        looked = subprocess.run(
            [*program, "cut", recipe, str(trace), str(place), f"{disk}/left"],
            check=False, capture_output=True, text=True,
        )  # fmt: skip
    assert looked.returncode == 0, looked.stderr
    counts: dict[str, int] = json.loads(looked.stdout)
    print(f"{recipe}: {counts}")  # noqa: T201  -s shows it
    return counts


@pytest.mark.parametrize("recipe", RECIPES)
def test_a_power_cut_takes_nothing_that_was_acknowledged(recipe: str, tmp_path: Path) -> None:
    counts = cut_power(recipe, tmp_path, SAVES)
    assert counts.pop("disks") > 20 * SAVES
    assert counts == {}


@pytest.mark.parametrize("recipe", BROKEN)
def test_a_recipe_that_syncs_less_is_caught(recipe: str, tmp_path: Path) -> None:
    assert cut_power(recipe, tmp_path, 8).get("lost", 0) > 0
