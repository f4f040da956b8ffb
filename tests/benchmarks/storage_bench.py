"""What the SQLite store costs beside raw SQLite: `python -m tests.benchmarks.storage_bench [--sessions N]`.

Every figure is a ratio within this run, of CPU time where that can be had, medians of repeated measurements. Raw is the
same SQLite library on the same tables, indexes and triggers, by hand.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from nova_tui import Dialog, Row, Session, open_store
from nova_tui.domain.times import to_microseconds
from nova_tui.storage import sqlite_driver
from nova_tui.storage.sqlite import SqliteStore
from nova_tui.storage.sqlite_rows import GAP, KEYS_A_SECOND, ROW_INSERT, row_values
from tests.benchmarks.chats import MIDDLING, PHRASE, RARE, write_chats

sqlite3: Any = vars(sqlite_driver)["sqlite3"]
START = datetime(2030, 1, 1, tzinfo=UTC)
FLOOR = [sys.executable, "-c", "import click, sqlite3"]
QUERIES = {
    "rare": RARE,
    "middling": MIDDLING,
    "common": "error",
    "most common": "the",
    "phrase": f'"{PHRASE}"',
    "AND": "error timeout",
    "three words": f"the error {MIDDLING}",
    "prefix of 2": "th*",
    "prefix of 3": "err*",
    "prefix of 6": "timeou*",
    "CJK": "東京",
}
RAW_QUERIES = {"CJK": '"東 京"'}
"""What FTS5 is asked where the index holds other words than a person types."""
SLOWEST = 150.0
"""Milliseconds that no search may take where raw takes less than a third of them."""
SNIPPETS = (
    "SELECT rowid, snippet(row_text, 0, '', '', '…', 16) FROM row_text WHERE row_text MATCH ? "
    "ORDER BY rowid DESC LIMIT 50"
)


def report(number: str, what: str, ratio: float, bar: float | None = None, note: str = "") -> None:
    """Print a line of the table."""
    verdict = "" if bar is None else f"<= {bar:<5g} {'met' if ratio <= bar else 'MISSED'}"
    sys.stdout.write(f"{number:>4}  {what:58} {ratio:8.2f}  {verdict:14} {note}\n")
    sys.stdout.flush()


def spent(step: Callable[[], object]) -> float:
    """Return the CPU milliseconds of a step."""
    start = time.process_time()
    step()
    return (time.process_time() - start) * 1000


def compared(step: Callable[[], object], raw: Callable[[], object], times: int) -> tuple[float, float]:
    """Return the median CPU of two steps, measured in turns."""
    pairs = [(spent(step), spent(raw)) for _ in range(times)]
    return statistics.median(pair[0] for pair in pairs), statistics.median(pair[1] for pair in pairs)


def of_process(command: list[str], environment: dict[str, str]) -> tuple[float, float]:
    """Return the CPU and the wall milliseconds of a program."""
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    after, ended = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return cpu * 1000, (ended - begun) * 1000


@contextmanager
def raw_connection(path: Path) -> Iterator[Any]:
    """Yield a connection that is told what the store's connections are told."""
    with closing(sqlite3.connect(path, isolation_level=None)) as raw:
        for pragma in (
            *sqlite_driver.PRAGMAS,
            "journal_mode=wal" if sqlite_driver.wal_is_safe() else "journal_mode=truncate",
        ):
            raw.execute(f"PRAGMA {pragma}").fetchall()
        yield raw


# -- writing -----------------------------------------------------------------------------------------------------------


def measure_saves(folder: Path) -> None:
    """Append a row to a small and a large session, beside an insert by hand; then append for a long time."""
    costs = {}
    for count in (10, 10_000):
        path = folder / f"save{count}.db"
        with SqliteStore(path) as store:
            rows = tuple(Row(f"row {n}", timestamp=START + timedelta(seconds=n), id=f"{n:x}") for n in range(count))
            held = [store.save(Session(f"{1:032x}", "alice", Dialog(rows), START, START))]

            def changed(held: list[Session] = held) -> Session:
                at = START + timedelta(days=1, seconds=len(held[0].dialog.rows))
                return held[0].with_dialog(held[0].dialog.add("user", "one more row", timestamp=at))

            def append(store: SqliteStore = store, held: list[Session] = held) -> float:
                session, start = changed(held), time.process_time()
                held[0] = store.save(session)
                return (time.process_time() - start) * 1000

            copy = folder / f"raw{count}.db"
            with closing(sqlite3.connect(copy)) as target:
                store.connection.raw.backup(target)
            with raw_connection(copy) as raw:
                number = [count]

                def insert(raw: Any = raw, number: list[int] = number) -> None:
                    number[0] += 1
                    row = Row("one more row", timestamp=START + timedelta(days=1, seconds=number[0]))
                    key = to_microseconds(row.timestamp) // 1_000_000 * KEYS_A_SECOND
                    raw.execute("BEGIN IMMEDIATE")
                    raw.execute(ROW_INSERT, (key, 1, GAP * number[0], *row_values(row)))
                    raw.execute("COMMIT")

                pairs = [(append(), spent(insert)) for _ in range(150)]
            costs[count] = [statistics.median(values) for values in zip(*pairs, strict=True)]
            costs[count].append(statistics.median(spent(changed) for _ in range(30)))
            if count == 10:
                series = [append() for _ in range(1500)]
    report("9", "save of one row, session of 10 rows ÷ raw", costs[10][0] / costs[10][1], 6)
    report("9", "save of one row, session of 10,000 rows ÷ raw", costs[10_000][0] / costs[10_000][1], 6)
    report("9", "the same, 10,000 rows ÷ 10 rows", costs[10_000][0] / costs[10][0], 1.5)
    report("", "the row in the model, before its save, 10,000 rows ÷ the save", costs[10_000][2] / costs[10_000][0])
    first, last = statistics.median(series[:200]), statistics.median(series[-200:])
    report("", "append number 1,650 ÷ append number 150", last / first, 1.5)


def raw_load(source: Path, path: Path) -> None:
    """Load native JSONL by hand: rows in the order of their keys, the search index last."""
    open_store(path).close()
    with raw_connection(path) as raw, source.open() as file:
        triggers = raw.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
        raw.execute("BEGIN")
        for name, _ in triggers:
            raw.execute(f"DROP TRIGGER {name}")
        rows = []
        used: set[int] = set()
        columns = [name for _, name, *_ in raw.execute("PRAGMA table_info(sessions)")]
        for seq, line in enumerate(file, 1):
            session = json.loads(line)
            found = session["dialog"]["rows"]
            title = session["app_data"]["nova_tui"].get("title", "")
            created, updated = (micros(session[name]) for name in ("created_at", "updated_at"))
            values = dict.fromkeys(columns, "{}") | {
                "seq": seq, "id": session["id"], "user_id": "alice", "revision": 1, "title": title,
                "folded_title": title.lower(), "created_at": created, "updated_at": updated, "rows": len(found),
                "hidden_rows": 0, "starred": 0, "archived": 0, "tags": "[]", "source": None, "deleted_at": None,
                "app_data": json.dumps(session["app_data"]), "named": title, "crc": 0, "damage": None,
            }  # fmt: skip
            raw.execute(
                f"INSERT INTO sessions({', '.join(values)}) VALUES ({', '.join('?' * len(values))})", [*values.values()]
            )
            raw.execute("INSERT INTO revisions VALUES (NULL, ?, 1, ?, 'import', 1, 1, 0, '{}')", (seq, updated))
            for position, row in enumerate(found, 1):
                at = micros(row["timestamp"])
                key = at // 1_000_000 * KEYS_A_SECOND
                while key in used:
                    key += 1
                used.add(key)
                text, metadata = row["text"], json.dumps(row["metadata"]) if row.get("metadata") else None
                rows.append((key, seq, position * GAP, row["id"], row["role"], at, text, metadata,
                             None, 1, None, 0, 0, len(text), text.count("\n") + 1, None))  # fmt: skip
        rows.sort()
        raw.executemany(ROW_INSERT, rows)
        for index in ("row_text", "title_text"):
            raw.execute(f"INSERT INTO {index}({index}) VALUES ('rebuild')")
        for _, sql in triggers:
            raw.execute(sql)
        raw.execute("COMMIT")


def micros(text: str) -> int:
    """Return a time in microseconds."""
    return to_microseconds(datetime.fromisoformat(text))


def measure_import(source: Path, path: Path, environment: dict[str, str]) -> None:
    """Import a file by the command line, beside a load by hand in a program of its own."""
    rows = sum(line.count('"role"') for line in source.open())
    program = [sys.executable, "-m", "tests.benchmarks.storage_bench", "--raw-load", str(source)]
    raw_cpu, _ = of_process([*program, str(path.with_name("raw.db"))], environment)
    cpu, wall = of_process(
        [sys.executable, "-m", "nova_tui", "--store", str(path), "--user", "alice", "import", str(source)], environment
    )
    report(
        "13",
        f"import of {rows:,} rows ÷ raw load with index (CPU)",
        cpu / raw_cpu,
        2,
        f"{rows / wall * 1000:,.0f} rows/s",
    )
    report("21", "bytes of the store ÷ bytes of the JSONL", path.stat().st_size / source.stat().st_size, 1.8)


# -- reading -----------------------------------------------------------------------------------------------------------


def measure_lists(path: Path) -> None:
    """Look at the first page of a list and at all ids, beside the same by hand."""
    with SqliteStore(path) as store, raw_connection(path) as raw:
        where = "FROM sessions WHERE user_id = 'alice' AND deleted_at IS NULL ORDER BY updated_at DESC, id"
        columns = "id, title, created_at, updated_at, rows, hidden_rows, tags, starred, archived, source"
        page = f"SELECT {columns} {where} LIMIT 50"
        cost, base = compared(lambda: store.summaries("alice"), lambda: raw.execute(page).fetchall(), 100)
        report("", "first page of 50 summaries ÷ raw", cost / base, None, f"{cost:.2f} ms")
        every = f"SELECT id {where}"
        cost, base = compared(lambda: store.session_ids("alice"), lambda: raw.execute(every).fetchall(), 30)
        report("", "all ids ÷ raw", cost / base, None, f"{cost:.2f} ms")


def measure_search(path: Path) -> None:
    """Search for the 50 newest and the 50 best hits, beside FTS5 by hand."""
    with SqliteStore(path) as store, raw_connection(path) as raw:
        for name, query in QUERIES.items():
            match = RAW_QUERIES.get(name, query)
            first = spent(lambda match=match: raw.execute(SNIPPETS, (match,)).fetchall())  # type: ignore[misc]
            times = 15 if first < SLOWEST / 3 else 5
            newest, base = compared(
                lambda query=query: store.search("alice", query),  # type: ignore[misc]
                lambda match=match: raw.execute(SNIPPETS, (match,)).fetchall(),  # type: ignore[misc]
                times,
            )
            found = len(store.search("alice", query))
            assert found == len(raw.execute(SNIPPETS, (match,)).fetchall()) or found == 50
            best, sessions, counted = (
                statistics.median(spent(step) for _ in range(times))
                for step in (
                    lambda query=query: store.search("alice", query, newest=False),
                    lambda query=query: store.search_sessions("alice", query),
                    lambda query=query: store.count("alice", query),
                )
            )
            note = f"{newest:.2f} ms, raw {base:.2f} ms, {found} hits"
            report("10", f"search, {name}: 50 newest ÷ raw", newest / base, 3, note)
            if base < SLOWEST / 3:
                report("10", f"search, {name}: the slowest of all ÷ {SLOWEST:g} ms", max(newest, best) / SLOWEST, 1)
            report("11", f"search, {name}: 50 best ÷ 50 newest", best / newest, 5, f"{best:.2f} ms")
            report(
                "12",
                f"search, {name}: 50 newest sessions ÷ 50 newest hits",
                sessions / newest,
                None,
                f"{sessions:.2f} ms",
            )
            report(
                "", f"search, {name}: up to 1,000 hits counted ÷ 50 newest", counted / newest, None, f"{counted:.2f} ms"
            )


def measure_programs(path: Path, environment: dict[str, str]) -> None:
    """Run whole programs, beside the smallest that could do it."""
    program = [sys.executable, "-m", "nova_tui", "--store", str(path), "--user", "alice"]
    floor = statistics.median(of_process(FLOOR, environment)[0] for _ in range(7))
    listed = statistics.median(
        of_process([*program, "list", "--json", "--limit", "20"], environment)[0] for _ in range(7)
    )
    report("16", "nova-tui list --json --limit 20 ÷ importing click and sqlite3", listed / floor, 3)
    for name in ("rare", "most common"):
        cost = statistics.median(of_process([*program, "search", QUERIES[name]], environment)[0] for _ in range(7))
        report("20", f"nova-tui search, {name} ÷ importing click and sqlite3", cost / floor, None, "the bar needs llm")


def main() -> None:
    """Measure everything."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sessions", type=int, default=1000, help="how many sessions of ten rows are made")
    parser.add_argument("--corpus", type=Path, help="native JSONL to use in their place")
    parser.add_argument("--folder", type=Path, help="where the stores are made")
    parser.add_argument(
        "--store", type=Path, help="a store that is there already, of that corpus: only searches are measured"
    )
    parser.add_argument("--raw-load", type=Path, nargs=2, help=argparse.SUPPRESS)
    wanted = parser.parse_args()
    if wanted.raw_load:
        raw_load(*wanted.raw_load)
        return
    if wanted.store:
        measure_lists(wanted.store)
        measure_search(wanted.store)
        return
    with tempfile.TemporaryDirectory(dir=wanted.folder) as made:
        folder = Path(made)
        source = wanted.corpus or folder / "chats.jsonl"
        if not wanted.corpus:
            write_chats(source, wanted.sessions)
        environment = os.environ | {"XDG_CONFIG_HOME": made, "HOME": made}
        sys.stdout.write(f"SQLite {sqlite3.sqlite_version}, Python {sys.version.split()[0]}\n")
        measure_saves(folder)
        measure_import(source, folder / "nova.db", environment)
        measure_lists(folder / "nova.db")
        measure_search(folder / "nova.db")
        measure_programs(folder / "nova.db", environment)


if __name__ == "__main__":
    main()
