"""The tables of the SQLite store, as sqlite-utils migrations; loaded only where a database has to be made or upgraded.

A row's `key` is its rowid and rises with its time (see sqlite_rows), so that the newest rows are found by walking the
table backwards. `place` orders the rows of a session with gaps between them. Times are whole microseconds since 1970,
maps are JSON. `crc` guards a row's content, because SQLite itself has no checksums; another one
guards the session's own line, and `damage` is what the last check found.
"""

from __future__ import annotations

import json
from pathlib import Path

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from nova_tui.domain.folding import fold
from nova_tui.domain.query import tokens
from nova_tui.storage.sqlite_driver import ERRORS, Connection, storage_error
from nova_tui.storage.sqlite_index import INDEXED, folded_of
from nova_tui.storage.sqlite_layout import APPLICATION_ID, VERSION
from nova_tui.storage.sqlite_rows import LINE_COLUMNS, crc_of, to_json
from nova_tui.storage.upgrading import tell, upgrade
from nova_tui.storage.zipping import new_file

migrations = Migrations("nova_tui")

# how much of an upgrade is done when a store is copied, its texts are looked at, and they are indexed
_COPIED, _FOLDED, _INDEXED = 0.2, 0.3, 0.98
_AT_ONCE = 5_000
"""Rows that are indexed between two words on how far that is."""


@migrations()
def m001_sessions_and_rows(db: Database) -> None:
    """Make the two tables that hold the conversations."""
    db.execute(
        """CREATE TABLE sessions(
            seq INTEGER PRIMARY KEY AUTOINCREMENT,
            id TEXT NOT NULL UNIQUE,
            user_id TEXT NOT NULL,
            revision INTEGER NOT NULL,
            title TEXT NOT NULL,
            folded_title TEXT NOT NULL,
            created_at INTEGER NOT NULL,
            updated_at INTEGER NOT NULL,
            rows INTEGER NOT NULL,
            hidden_rows INTEGER NOT NULL,
            starred INTEGER NOT NULL,
            archived INTEGER NOT NULL,
            tags TEXT NOT NULL,
            source TEXT,
            app_data TEXT NOT NULL,
            extra TEXT NOT NULL,
            dialog_extra TEXT NOT NULL,
            deleted_at INTEGER
        ) STRICT"""
    )
    for name, columns in (
        ("updated", "updated_at DESC, id"),
        ("created", "created_at DESC, id"),
        ("title", "folded_title, id"),
        ("rows", "rows DESC, id"),
        ("ids", "id"),
    ):
        db.execute(f"CREATE INDEX sessions_by_{name} ON sessions(user_id, {columns}) WHERE deleted_at IS NULL")
    db.execute(
        """CREATE TABLE rows(
            key INTEGER PRIMARY KEY,
            session INTEGER NOT NULL REFERENCES sessions(seq) ON DELETE CASCADE,
            place INTEGER NOT NULL,
            id TEXT NOT NULL,
            role TEXT NOT NULL,
            at INTEGER NOT NULL,
            text TEXT NOT NULL,
            metadata TEXT,
            images TEXT,
            processed INTEGER NOT NULL,
            extra TEXT,
            hidden INTEGER NOT NULL,
            chars INTEGER NOT NULL,
            lines INTEGER NOT NULL,
            crc INTEGER NOT NULL
        ) STRICT"""
    )
    db.execute("CREATE INDEX rows_by_place ON rows(session, place)")
    db.execute("CREATE UNIQUE INDEX rows_by_id ON rows(session, id)")


@migrations()
def m002_revisions(db: Database) -> None:
    """Make the table of revisions; `back` is the way to the revision before."""
    db.execute(
        """CREATE TABLE revisions(
            seq INTEGER PRIMARY KEY,
            session INTEGER NOT NULL REFERENCES sessions(seq) ON DELETE CASCADE,
            number INTEGER NOT NULL,
            at INTEGER NOT NULL,
            note TEXT NOT NULL,
            state INTEGER NOT NULL,
            tip INTEGER NOT NULL,
            deleted INTEGER NOT NULL,
            back TEXT NOT NULL
        ) STRICT"""
    )
    db.execute("CREATE UNIQUE INDEX revisions_by_number ON revisions(session, number)")
    db.execute("CREATE INDEX sessions_in_trash ON sessions(user_id, updated_at DESC, id) WHERE deleted_at IS NOT NULL")
    # a session of an earlier version begins its history where it stands
    db.execute("UPDATE sessions SET revision = 1")
    db.execute(
        "INSERT INTO revisions(session, number, at, note, state, tip, deleted, back) "
        "SELECT seq, 1, updated_at, 'create', 1, 1, 0, '{}' FROM sessions"
    )


@migrations()
def m003_search(db: Database) -> None:
    """Make the search indexes over rows and given titles, and the triggers that keep them in step."""
    db.execute("ALTER TABLE rows ADD COLUMN folded TEXT")
    db.execute("ALTER TABLE sessions ADD COLUMN named TEXT")
    db.execute("ALTER TABLE sessions ADD COLUMN folded_tags TEXT NOT NULL DEFAULT '[]'")
    db.execute("CREATE INDEX rows_of_system ON rows(key) WHERE role = 'system'")
    db.execute("CREATE INDEX rows_hidden ON rows(key) WHERE hidden = 1")
    db.execute("CREATE INDEX rows_with_images ON rows(key) WHERE images IS NOT NULL")
    db.execute("CREATE INDEX sessions_starred ON sessions(user_id) WHERE starred = 1")
    # m006 reads these texts
    db.execute("UPDATE rows SET folded = '[]' WHERE length(text) != length(CAST(text AS BLOB))")
    for seq, title, tags in db.execute("SELECT seq, app_data ->> '$.nova_tui.title', tags FROM sessions").fetchall():
        named = " ".join(tokens(title)) if isinstance(title, str) and title.strip() else None
        folded = to_json([fold(tag) for tag in json.loads(tags)])
        db.execute("UPDATE sessions SET named = ?, folded_tags = ? WHERE seq = ?", (named, folded, seq))
    # m006 makes and fills other ones
    _index(db, "row_text", "rows", "key", INDEXED, ("key", "text", "folded"))
    _index(db, "title_text", "sessions", "seq", "{row}.named", ("named",))


@migrations()
def m004_drafts(db: Database) -> None:
    """Make the table of unsaved texts."""
    db.execute(
        """CREATE TABLE drafts(
            session INTEGER NOT NULL REFERENCES sessions(seq) ON DELETE CASCADE,
            row_id TEXT NOT NULL,
            text TEXT NOT NULL,
            at INTEGER NOT NULL,
            based_on INTEGER NOT NULL,
            PRIMARY KEY(session, row_id)
        ) STRICT"""
    )


@migrations()
def m005_checksums_of_sessions(db: Database) -> None:
    """Guard what is stored of a session beside its rows too, and let a check note what is damaged."""
    db.execute("ALTER TABLE sessions ADD COLUMN crc INTEGER NOT NULL DEFAULT 0")
    db.execute("ALTER TABLE sessions ADD COLUMN damage TEXT")
    guarded = ", ".join(LINE_COLUMNS[:-1])
    for seq, *line in db.execute(f"SELECT seq, {guarded} FROM sessions").fetchall():
        db.execute("UPDATE sessions SET crc = ? WHERE seq = ?", (crc_of(line), seq))


# all migrations are one transaction: with a savepoint in it, each page that changes would be kept in memory, too
@migrations(transactional=False)
def m006_smaller_index(db: Database) -> None:
    """Keep beside a text only the words that are indexed otherwise, and no lengths in the search indexes."""
    for index in ("row_text", "title_text"):
        for trigger in ("added", "dropped", "changed"):
            db.execute(f"DROP TRIGGER {index}_{trigger}")
        db.execute(f"DROP VIEW {index}_source")
        db.execute(f"DROP TABLE {index}")
    read = "SELECT key, text FROM rows WHERE folded IS NOT NULL AND key > ? ORDER BY key LIMIT 1000"
    last = -(2**63)
    total, done = _count(db), 0
    while found := db.execute(read, (last,)).fetchall():
        last, done = found[-1][0], done + len(found)
        tell(_COPIED + (_FOLDED - _COPIED) * done / total)
        for key, text in found:
            db.execute("UPDATE rows SET folded = ? WHERE key = ?", (folded_of(text), key))
    _index(db, "row_text", "rows", "key", INDEXED, ("key", "text", "folded"))
    _fill(db)
    _index(db, "title_text", "sessions", "seq", "{row}.named", ("named",))
    db.execute("INSERT INTO title_text(title_text) VALUES ('rebuild')")
    # a filter by title is answered from the index of the order, without a look at any session's line
    db.execute("DROP INDEX sessions_by_updated")
    db.execute(
        "CREATE INDEX sessions_by_updated ON sessions(user_id, updated_at DESC, id, folded_title, deleted_at) "
        "WHERE deleted_at IS NULL"
    )
    db.execute("CREATE INDEX sessions_archived ON sessions(user_id) WHERE archived = 1")
    db.execute("CREATE INDEX sessions_tagged ON sessions(user_id, tags) WHERE deleted_at IS NULL AND tags != '[]'")


def copy_name(path: Path, version: int) -> Path:
    """Return where the copy of a database is kept that had this version of the tables before it was upgraded."""
    return path.with_stem(f"{path.stem}.version-{version}")


def _copy_aside(path: Path, version: int, place: str) -> None:
    """Copy a database that is about to be upgraded; nobody writes to it meanwhile. Raises StoreUnavailable."""
    copy = copy_name(path, version)
    # the connection that holds the lock cannot be copied from
    source = Connection(path, mode="ro", place=place)
    try:
        # one that is there already is of an upgrade that did not come to its end
        with new_file(copy, replace=True) as temporary:
            source.copy_to(temporary, lambda part: tell(_COPIED * part), "quick_check")
    finally:
        source.close()


def _index(db: Database, index: str, table: str, key: str, text: str, columns: tuple[str, ...]) -> None:
    """Make an empty full-text index over one expression of a table, and keep it in step by triggers."""
    # no column sizes: nothing is ranked by FTS5
    db.execute(f"CREATE VIEW {index}_source AS SELECT {key}, {text.format(row=table)} AS text FROM {table}")
    db.execute(
        f"CREATE VIRTUAL TABLE {index} USING fts5(text, content='{index}_source', content_rowid='{key}', "
        f"columnsize=0, tokenize='unicode61 remove_diacritics 2')"
    )
    add = f"INSERT INTO {index}(rowid, text) VALUES (new.{key}, {text.format(row='new')});"
    drop = f"INSERT INTO {index}({index}, rowid, text) VALUES ('delete', old.{key}, {text.format(row='old')});"
    db.execute(f"CREATE TRIGGER {index}_added AFTER INSERT ON {table} BEGIN {add} END")
    db.execute(f"CREATE TRIGGER {index}_dropped AFTER DELETE ON {table} BEGIN {drop} END")
    differs = " OR ".join(f"old.{column} IS NOT new.{column}" for column in columns)
    db.execute(
        f"CREATE TRIGGER {index}_changed AFTER UPDATE OF {', '.join(columns)} ON {table} "
        f"WHEN {differs} BEGIN {drop} {add} END"
    )


def _fill(db: Database) -> None:
    """Put all rows into the search index, in the order of their keys, and say how far that is."""
    total, done, last = _count(db), 0, -(2**63)
    edge = "SELECT max(key), count(*) FROM (SELECT key FROM rows WHERE key > ? ORDER BY key LIMIT ?)"
    while (found := db.execute(edge, (last, _AT_ONCE)).fetchone())[1]:
        db.execute(
            "INSERT INTO row_text(rowid, text) SELECT key, text FROM row_text_source "
            "WHERE key > ? AND key <= ? ORDER BY key",
            (last, found[0]),
        )
        last, done = found[0], done + found[1]
        tell(_FOLDED + (_INDEXED - _FOLDED) * done / total)


def _count(db: Database) -> int:
    """Return about how many rows there are."""
    return int(db.execute("SELECT coalesce(sum(rows), 0) FROM sessions").fetchone()[0]) or 1


def migrate(connection: Connection, path: Path) -> None:
    """Bring a database to the newest version, all of it or nothing, with a copy of the old one beside it."""
    db = Database(connection.raw, execute_plugins=False, recursive_triggers=False)
    with connection.writing():
        version = int(connection.value("PRAGMA user_version"))
        if version >= VERSION:  # another program was faster
            return
        if not version:
            _apply(db, connection)
            return
        with upgrade(copy_name(path, version)), connection.interruptible(tell):
            _copy_aside(path, version, connection.place)
            _apply(db, connection)


def _apply(db: Database, connection: Connection) -> None:
    """Make the tables those of the newest version."""
    try:
        migrations.apply(db)
    except ERRORS as error:
        raise storage_error(error, connection.place) from error
    connection.execute(f"PRAGMA application_id={APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version={VERSION}")
