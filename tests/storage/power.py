"""Power cuts, simulated: the disks that could be left when the power fails between a program's system calls.

`work` runs under strace and saves; `cut` reads the trace. What a file was told since its last sync is on the disk or
not, sector by sector. A name (made, changed, removed) is certain once its folder is synced, or, on a disk that keeps
one journal for all, once anything is.
"""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import sys
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from unittest.mock import patch

RECIPES: Final = ("wal", "truncate", "file")
"""What the stores do: SQLite with and without a write-ahead log, and a folder."""
BROKEN: Final = ("wal-normal", "truncate-off", "file-unsynced")
"""The same with less syncing, which must be caught."""
CALLS: Final = (
    "openat,write,pwrite64,ftruncate,fsync,fdatasync,lseek,rename,renameat,renameat2,unlink,unlinkat,mkdir,mkdirat"
)
SECTOR: Final = 512
_LINE: Final = re.compile(r"\d+ +(\w+)\((.*)\) += (-?\d+)")
_OPEN_FILE: Final = re.compile(r"(AT_FDCWD|\d+)<((?:\\x..)*)>(\(deleted\))?")
_TEXT: Final = re.compile(r'"((?:\\x..)*)"')


# -- the program that is cut off ---------------------------------------------------------------------------------------


def choose(recipe: str) -> None:
    """Make this process's stores follow a recipe."""
    if recipe.startswith("truncate"):
        patch.dict(sys.modules, {"pysqlite3": None}).start()
    from nova_tui.storage import sqlite_driver

    pragmas = [*sqlite_driver.PRAGMAS, "wal_autocheckpoint=40"]
    if recipe in BROKEN[:2]:
        pragmas.append(f"synchronous={recipe.partition('-')[2].upper()}")
    patch.object(sqlite_driver, "PRAGMAS", tuple(pragmas)).start()
    patch("nova_tui.storage.sqlite_layout.wal_is_safe", lambda: recipe.startswith("wal")).start()
    if recipe == "file-unsynced":
        patch.object(os, "fsync").start()


def work(recipe: str, place: Path, saves: int) -> None:
    """Save, undo, delete and restore; tell what is acknowledged on the standard output, and end without closing."""
    from nova_tui import Dialog, NothingToUndo, Row, Session, open_store

    chance = random.Random(int(os.environ.get("NOVA_TUI_POWER_SEED", "1")))
    store = open_store(url_of(recipe, place))
    held: dict[str, Session] = {}
    for number in range(saves):
        at = datetime.now(UTC)
        session_id = f"{chance.randrange(4):032x}"
        session = held.get(session_id) or Session(session_id, "alice", Dialog(), at, at)
        row = Row(chance.randbytes(chance.choice((20, 700, 4000))).hex(), id=str(number))
        if session_id in held and chance.random() < 0.2:
            store.delete(session_id)
            acknowledge(session_id, (session.revision or 0) + 1, session)
            session = store.restore(session_id)
        elif session_id in held and chance.random() < 0.3:
            with suppress(NothingToUndo):
                session = store.undo(session_id)
            if store.trash("alice"):  # what was undone is a restore
                acknowledge(session_id, session.revision or 0, session)
                session = store.restore(session_id)
        else:
            session = store.save(session.with_dialog(session.dialog.insert(0, row)))
        held[session_id] = session
        acknowledge(session_id, session.revision or 0, session)
    os._exit(0)


def acknowledge(session_id: str, revision: int, session: object) -> None:
    """Say that a revision is stored."""
    os.write(1, f"{session_id} {revision} {crc_of(session)}\n".encode())


def crc_of(session: object) -> int:
    """Return a checksum of a session's texts."""
    from nova_tui import Session

    assert isinstance(session, Session)
    return zlib.crc32("\n".join(row.text for row in session.dialog.rows).encode())


def url_of(recipe: str, place: Path) -> str:
    """Return the URL of a recipe's store."""
    return f"file://{place}" if recipe.startswith("file") else f"sqlite://{place / 'nova.db'}"


# -- the disks ---------------------------------------------------------------------------------------------------------


@dataclass
class File:
    """What is certain of a file, and what it was told since: (offset, bytes), or (length, None) for a cut."""

    certain: bytes = b""
    told: list[tuple[int, bytes | None]] = field(default_factory=list)

    def sync(self) -> None:
        """Make all of it certain."""
        self.certain, self.told = self.after(1.0, random.Random()), []

    def after(self, share: float, chance: random.Random) -> bytes:
        """Return the content when a share of the sectors, and of the cuts, has reached the disk."""
        content = bytearray(self.certain)
        for offset, data in self.told:
            for start in range(0, 1 if data is None else len(data), SECTOR):
                if share < 1 and chance.random() >= share:
                    continue
                piece = b"" if data is None else data[start : start + SECTOR]
                content.extend(bytes(max(0, offset + start - len(content))))
                content[offset + start : len(content) if data is None else offset + start + len(piece)] = piece
        return bytes(content)


@dataclass
class Disk:
    """A disk while a program runs; `journal` tells whether any sync makes all names certain."""

    journal: bool
    files: list[File] = field(default_factory=list)
    names: dict[str, File] = field(default_factory=dict)
    certain: dict[str, File] = field(default_factory=dict)
    told: list[tuple[str, str | None, File]] = field(default_factory=list)
    """Names since: (name, its new name or None where it was removed, file); a name made has itself as its new name."""

    def name(self, old: str, new: str | None, file: File) -> None:
        """Make, change or remove a name."""
        self.told.append((old, new, file))
        apply_name(self.names, old, new, file)

    def sync_names(self, folder: str | None) -> None:
        """Make names certain: those of a folder, or all."""
        left = []
        for told in self.told:
            if folder is None or folder in (os.path.dirname(told[0]), os.path.dirname(told[1] or told[0])):  # noqa: PTH120
                apply_name(self.certain, *told)
            else:
                left.append(told)
        self.told = left

    def write_to(self, root: str, place: Path, kept: float, share: float, chance: random.Random) -> None:
        """Write what is left after a cut: a part of the uncertain names, and of the uncertain content."""
        names = dict(self.certain)
        for told in self.told[: round(kept * len(self.told))]:
            apply_name(names, *told)
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir()
        for name, file in names.items():
            if not name.endswith("-shm"):
                target = place / os.path.relpath(name, root)
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(file.after(share, chance))


def apply_name(names: dict[str, File], old: str, new: str | None, file: File) -> None:
    """Make, change or remove a name."""
    names.pop(old, None)
    if new is not None:
        names[new] = file


def replay(trace: Path, root: str, disk: Disk) -> Iterator[str | None]:
    """Do what a trace tells, call by call; yield after each what the program said with it, if anything."""
    positions: dict[str, int] = {}
    for line in trace.read_text().splitlines():
        match = _LINE.match(line)
        if match is None or int(match[3]) < 0:
            continue
        call, arguments, result = match[1], match[2], match[3]
        opened = [(found[1], plain(found[2]).decode(), bool(found[3])) for found in _OPEN_FILE.finditer(arguments)]
        texts = [plain(found[1]) for found in _TEXT.finditer(arguments)]
        if call == "write" and opened[0][0] == "1":
            yield texts[0].decode()
        elif call.startswith(("open", "rename", "unlink")):
            folders = [path for _, path, _ in opened] or [""]
            paths = [os.path.join(folders[min(n, len(folders) - 1)], text.decode()) for n, text in enumerate(texts)]  # noqa: PTH118
            if paths[0].startswith(root + "/"):
                positions[result] = 0
                rename_or_open(disk, call, arguments, paths)
                yield None
        elif opened and opened[0][1] in disk.names and not opened[0][2]:
            number, path, _ = opened[0]
            file = disk.names[path]
            if call == "lseek":
                positions[number] = int(result)
                continue
            if call in ("fsync", "fdatasync"):
                file.sync()
                if disk.journal:
                    disk.sync_names(None)
            elif call == "ftruncate":
                file.told.append((int(arguments.rsplit(",", 1)[1]), None))
            else:
                offset = int(arguments.rsplit(",", 1)[1]) if call == "pwrite64" else positions[number]
                file.told.append((offset, texts[0][: int(result)]))
                positions[number] = offset + int(result)
            yield None
        elif call in ("fsync", "fdatasync") and opened[0][1].startswith(root):
            disk.sync_names(None if disk.journal else opened[0][1])
            yield None


def rename_or_open(disk: Disk, call: str, arguments: str, paths: list[str]) -> None:
    """Do a call that is about names."""
    file = disk.names.get(paths[0])
    if call.startswith("open"):
        if file is None and "O_CREAT" in arguments:
            disk.name(paths[0], paths[0], File())
        elif file is not None and "O_TRUNC" in arguments:
            file.told.append((0, None))
    elif file is not None:
        disk.name(paths[0], paths[1] if call.startswith("rename") else None, file)


def plain(escaped: str) -> bytes:
    """Return the bytes that strace wrote as hex."""
    return bytes.fromhex(escaped.replace("\\x", ""))


# -- the look afterwards -----------------------------------------------------------------------------------------------


def cut(recipe: str, trace: Path, root: str, place: Path) -> Counter[str]:
    """Cut the power after each call, in several ways; return how many disks there were and how many had which fault."""
    chance = random.Random(1)
    counts: Counter[str] = Counter()
    for journal in (True, False):
        disk = Disk(journal)
        known: dict[str, tuple[int, int]] = {}
        for said in replay(trace, root, disk):
            if said:
                session_id, revision, crc = said.split()
                known[session_id] = int(revision), int(crc)
            for kept, share in ((0, 0), (1, 1), (1, 0), (chance.random(), chance.random())):
                disk.write_to(root, place, kept, share, chance)
                counts["disks"] += 1
                counts.update(
                    ("" if known else "before the first save: ") + fault for fault in faults(recipe, place, known)
                )
    return counts


def faults(recipe: str, place: Path, known: dict[str, tuple[int, int]]) -> set[str]:
    """Open what a cut left and look for all that was acknowledged."""
    from nova_tui import SessionNotFound, StorageError, open_store

    try:
        with open_store(url_of(recipe, place)) as store:
            found = {f"damaged: {summary.damaged}" for summary in store.summaries("alice") if summary.damaged}
            for session_id, (revision, crc) in known.items():
                try:
                    session = store.load(session_id)
                except SessionNotFound:
                    session = store.restore(session_id)
                if (session.revision or 0) > revision:
                    session = store.load(session_id, revision)
                if session.revision != revision or crc_of(session) != crc:
                    found.add("lost")
            return found
    except StorageError as error:
        reason = str(error).rpartition(": ")[2]
        return {"lost" if isinstance(error, SessionNotFound) else f"refused: {reason}"}


if __name__ == "__main__":
    command, recipe_wanted, *rest = sys.argv[1:]
    choose(recipe_wanted)
    if command == "work":
        work(recipe_wanted, Path(rest[0]), int(rest[1]))
    else:
        choose(recipe_wanted.partition("-")[0])
        print(json.dumps(cut(recipe_wanted, Path(rest[0]), rest[1], Path(rest[2]))))  # noqa: T201  read by the test
