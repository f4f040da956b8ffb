"""A disk that fails once, at any write, sync, cut or rename: nothing acknowledged is lost, and nothing is there twice.

A save that failed may have been stored all the same; trying it again then finds it.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from nova_tui import open_store
from tests.storage.hardship import url_of

pytestmark = pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")

CALLS = "write,pwrite64,fsync,fdatasync,ftruncate,rename,renameat,renameat2,unlink,unlinkat"
ID = "1" * 32
SAVES = 8
# what is acknowledged is told by a call that does not fail
PROGRAM = f"""
import os, sys
from datetime import UTC, datetime
from nova_tui import Dialog, Row, Session, StorageError, open_store

def again(step):
    for attempt in range(5):
        try:
            return step()
        except StorageError as error:
            assert "\\n" not in str(error)
            os.writev(1, [b"failed\\n"])
    raise SystemExit("the disk failed once only")

at = datetime(2026, 1, 1, tzinfo=UTC)
store = again(lambda: open_store(sys.argv[1]))
held = Session({ID!r}, "alice", Dialog(), at, at)
for number in range({SAVES}):
    wanted = held.with_dialog(held.dialog.insert(0, Row("text", id=str(number), timestamp=at)))
    held = again(lambda: store.save(wanted))
    os.writev(1, [f"row {{number}} {{held.revision}}\\n".encode()])
wanted = held.with_title("The end")
held = again(lambda: store.save(wanted))
os.writev(1, [b"end\\n"])
os._exit(0)
"""


def fail_once(kind: str, folder: Path, error: str, at: int) -> bool:
    """Let one call of a saving program fail and look at what is stored; tell whether a save noticed it."""
    folder.mkdir()
    record = ["strace", "-f", "-qq", "-o", os.devnull, "-e", f"trace={CALLS}"]
    done = subprocess.run(
        [*record, "-e", f"inject={CALLS}:error={error}:when={at}", sys.executable, "-c", PROGRAM, url_of(kind, folder)],
        check=False, capture_output=True, text=True, env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
    )  # fmt: skip
    if "ptrace" in done.stderr.lower():
        pytest.skip(f"strace may not trace here: {done.stderr.splitlines()[0]}")
    assert done.returncode == 0, done.stderr
    told = done.stdout.splitlines()
    assert told[-1] == "end"
    with open_store(url_of(kind, folder)) as store:
        session = store.load(ID)
        assert [row.id for row in session.dialog.rows] == [str(number) for number in reversed(range(SAVES))]
        assert session.title == "The end"
        assert [revision.number for revision in store.history(ID)] == [*range(SAVES + 1, 0, -1)]
        for line in told:
            if line.startswith("row"):
                _, number, revision = line.split()
                assert store.load(ID, int(revision)).dialog.rows[0].id == number
        assert list(store.check()) == []
    assert not [file for file in folder.rglob("*") if file.name.endswith(".tmp")]
    shutil.rmtree(folder)
    return "failed" in told


@pytest.mark.parametrize("kind", ["sqlite", "file"])
@pytest.mark.parametrize(
    "places", [range(1, 200, 29), pytest.param(range(1, 201), marks=pytest.mark.slow)], ids=["some", "all"]
)
def test_a_disk_that_fails_once_loses_and_doubles_nothing(kind: str, places: range, tmp_path: Path) -> None:
    noticed = 0
    for at in places:
        for error in ("EIO", "ENOSPC"):
            print(kind, error, at)  # noqa: T201  a failure shows it
            noticed += fail_once(kind, tmp_path / f"{error} {at}", error, at)
    print(f"{kind}: {noticed} of {2 * len(places)} failures reached the caller")  # noqa: T201  -s shows it
    assert noticed > len(places) // 4
