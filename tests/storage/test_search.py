"""Search in every store: the same answers as evaluating the query over the sessions."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nova_tui import (
    Dialog,
    Image,
    QueryError,
    Row,
    SearchHit,
    Session,
    SessionNotFound,
    SessionStorageProvider,
    StoreUnavailable,
)
from nova_tui.domain.query import parse_query, tokens
from nova_tui.domain.times import now
from nova_tui.storage import searching, sqlite_driver, sqlite_index, sqlite_search, sqlite_within
from nova_tui.storage.sqlite import SqliteStore
from tests.domain.strategies import sessions
from tests.storage.conftest import Place

START = datetime(2026, 1, 1, tzinfo=UTC)


def session_of(number: int, *rows: Row, user_id: str = "alice") -> Session:
    """Return a session with these rows."""
    at = START + timedelta(days=number)
    return Session(f"{number:032x}", user_id, Dialog(rows), at, at)


def row(text: str, minute: int = 0, role: str = "user", **marks: Any) -> Row:
    """Return a row at a minute."""
    return Row(text, role, START + timedelta(minutes=minute), id=f"{minute:016x}", **marks)  # type: ignore[arg-type]


def where(hits: object) -> list[tuple[str, str | None]]:
    """Return which rows were found."""
    assert isinstance(hits, list | tuple)
    return [(hit.session_id[-2:], hit.row_id and hit.row_id[-2:]) for hit in hits]


@pytest.fixture
def filled(store: SessionStorageProvider) -> SessionStorageProvider:
    """Fill a store with a few sessions."""
    one = session_of(
        1,
        row("The refund was paid", 1),
        row("A Réfund, of payment two", 5, "assistant"),
        row("secret refund", 3, "system", metadata={"hide_row": True}),
    )
    store.save(one.with_title("Refund flow", at=one.updated_at).with_tags(["Demo"]).with_star())
    store.save(session_of(2, row("東京都の refund", 4, images=(Image(url="x"),)), row("nothing", 2)))
    store.save(session_of(3, row("refund in the archive", 9)).with_archive())
    store.save(session_of(4, row("refund of bob", 8), user_id="bob"))
    gone = store.save(session_of(5, row("refund in the trash", 7)))
    store.delete(gone.id)
    return store


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("refund", [("01", None), ("01", "05"), ("02", "04"), ("01", "03"), ("01", "01")]),
        ("REFÜND paid", [("01", "01")]),
        ("refu*", [("01", None), ("01", "05"), ("02", "04"), ("01", "03"), ("01", "01")]),
        ('"refund of"', [("01", "05")]),
        ('"refund payment"', []),
        ('"was paid"', [("01", "01")]),
        ("refund -payment -title:other", [("01", None), ("02", "04"), ("01", "03"), ("01", "01")]),
        ("refund role:assistant", [("01", "05")]),
        ("refund -role:user", [("01", None), ("01", "05"), ("01", "03")]),
        ("has:hidden", [("01", "03")]),
        ("has:image", [("02", "04")]),
        ("refund tag:demo", [("01", None), ("01", "05"), ("01", "03"), ("01", "01")]),
        ("refund title:flow role:user", [("01", "01")]),
        ("refund is:starred role:user", [("01", "01")]),
        ("is:archived", [("03", "09")]),
        ("refund -is:starred", [("02", "04")]),
        ("京都", [("02", "04")]),
        ("updated:>2026-01-02 refund", [("02", "04")]),
        ("created:2026-01-03", [("02", "04"), ("02", "02")]),
        ("-refund", [("02", "02")]),
        ("nowhere", []),
        ("refund\x00", [("01", None), ("01", "05"), ("02", "04"), ("01", "03"), ("01", "01")]),
    ],
)
def test_queries(filled: SessionStorageProvider, query: str, wanted: list[tuple[str, str | None]]) -> None:
    assert where(filled.search("alice", query)) == wanted
    assert where(filled.search("alice", query, limit=2)) == wanted[:2]
    assert sorted(map(str, where(filled.search("alice", query, newest=False)))) == sorted(map(str, wanted))
    assert list(filled.search("nobody", query)) == []


def test_a_hit_says_where_and_what(filled: SessionStorageProvider) -> None:
    title, hit, *_ = filled.search("alice", "refund")
    assert isinstance(hit, SearchHit)
    assert (title.row_id, title.role, title.title, title.snippet) == (None, None, "Refund flow", "Refund flow")
    assert (hit.title, hit.role, hit.timestamp) == ("Refund flow", "assistant", START + timedelta(minutes=5))
    assert hit.snippet == "A Réfund, of payment two"
    best = filled.search("alice", "refund", newest=False)
    assert [one.score for one in best] == sorted((one.score for one in best), reverse=True)
    assert best[0].row_id is None


@pytest.mark.parametrize("query", ["", '"open', "size:1", "role:x", "updated:soon"])
def test_a_query_that_is_none_is_a_sentence(store: SessionStorageProvider, query: str) -> None:
    with pytest.raises(QueryError):
        store.search("alice", query)


def test_search_follows_every_change(place: Place) -> None:
    store = place.open()
    saved = store.save(session_of(1, row("first alpha", 1), row("second beta", 2)))
    assert where(store.search("alice", "alpha")) == [("01", "01")]
    saved = store.save(saved.with_dialog(saved.dialog.replace_text(saved.dialog.rows[0].id, "now gamma ß")))
    assert where(store.search("alice", "alpha")) == []
    assert where(place.open().search("alice", "gamma ss")) == [("01", "01")]
    saved = store.save(saved.with_title("Named delta").with_dialog(saved.dialog.remove(saved.dialog.rows[1].id)))
    assert where(store.search("alice", "beta")) == []
    assert where(store.search("alice", "delta")) == [("01", None)]
    store.undo(saved.id)
    assert where(store.search("alice", "delta")) == []
    assert where(store.search("alice", "beta")) == [("01", "02")]
    store.delete(saved.id)
    assert where(store.search("alice", "beta")) == []
    store.restore(saved.id)
    assert where(store.search("alice", "beta")) == [("01", "02")]


def test_bound_stores_find_only_their_own(place: Place, filled: SessionStorageProvider) -> None:
    bound = place.open(user_id="bob")
    assert where(bound.search("bob", "refund")) == [("04", "08")]
    assert list(bound.search("alice", "refund")) == []


def test_the_newest_are_exact_among_rows_of_one_moment(store: SessionStorageProvider) -> None:
    for number in (3, 1, 2):
        rows = tuple(Row(f"word {place}", timestamp=START, id=f"{place:016x}") for place in range(30))
        store.save(dataclasses.replace(session_of(number), dialog=Dialog(tuple(reversed(rows)))))
    found = where(store.search("alice", "word", limit=35))
    backwards = [f"{29 - place:02x}" for place in range(30)]
    assert found == [("01", row_id) for row_id in backwards] + [("02", row_id) for row_id in backwards[:5]]


words = st.sampled_from(
    ["a", "b", "no", "true", "1", "你", "好", "你好", "é", "E", "http", "null", "quit", "0", "30", "1.5", "tab", "z"]
)
pieces = st.one_of(
    words,
    words.map("-{}".format),
    words.map("{}*".format),
    st.tuples(words, words).map(lambda two: f'"{two[0]} {two[1]}"'),
    st.sampled_from(
        [
            "role:user",
            "-role:system",
            "has:image",
            "-has:hidden",
            "is:starred",
            "is:archived",
            "tag:a",
            "title:a",
            "updated:>2000-01-01",
            "-created:<2026-01-01",
            "updated:<9y",
        ]
    ),
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    stored=st.lists(sessions, max_size=4, unique_by=lambda session: session.id),
    query=st.lists(pieces, min_size=1, max_size=3).map(" ".join),
    limit=st.integers(1, 8),
    newest=st.booleans(),
)
def test_every_store_finds_what_the_language_says(
    store: SessionStorageProvider, stored: list[Session], query: str, limit: int, newest: bool
) -> None:
    for found in list(store.list("alice")):
        store.delete(found.id)
        if "trash" in store.capabilities:
            store.purge(found.id)
    saved = store.save_many(stored)
    wanted = searching.find_hits(saved, parse_query(query, at=now()), limit=limit, newest=newest)
    assert list(store.search("alice", query, limit=limit, newest=newest)) == list(wanted)


SMALL: tuple[tuple[Any, str, int], ...] = (
    (sqlite_search, "FEW_SESSIONS", 1),
    (sqlite_search, "FEW_OF_USER", 1),
    (sqlite_search, "TRIED", 2),
    (sqlite_search, "WORTH", 1),
    (sqlite_search, "FEW_TITLES", 1),
    (sqlite_search, "FEW_CHANGED", 0),
    (sqlite_within, "FEW", 1),
    (sqlite_within, "GAP", 10),
    (sqlite_within, "RANGES", 3),
)
"""Bounds of the SQLite store, so small that a few sessions are many."""


@pytest.fixture(params=["few", "many"])
def ways(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a store of a few sessions be searched as one of many, too."""
    if request.param == "many":
        for module, name, value in SMALL:
            monkeypatch.setattr(module, name, value)


typed = st.tuples(
    st.lists(pieces, max_size=2), st.sampled_from(["a", "h", "nu", '"a n', '"', "你", "-b", "role:u", "updated:<", "*"])
).map(lambda parts: " ".join([*parts[0], parts[1]]))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    stored=st.lists(sessions, max_size=4, unique_by=lambda session: session.id),
    words=st.one_of(
        typed.map(lambda text: (text, True)),
        st.lists(pieces, min_size=1, max_size=3).map(lambda parts: (" ".join(parts), False)),
    ),
    limit=st.integers(0, 6),
)
@pytest.mark.usefixtures("ways")
def test_every_store_finds_the_same_sessions_rows_and_counts(
    store: SessionStorageProvider, stored: list[Session], words: tuple[str, bool], limit: int
) -> None:
    for old in list(store.list("alice")):
        store.delete(old.id)
        if "trash" in store.capabilities:
            store.purge(old.id)
    saved = store.save_many(stored)
    text, typing = words
    query = parse_query(text, at=now(), typing=typing)
    assert store.search("alice", text, limit=limit, typing=typing) == searching.find_hits(
        saved, query, limit=limit, newest=True
    )
    assert list(store.search_sessions("alice", text, limit=limit, typing=typing)) == searching.find_sessions(
        saved, query, limit=limit
    )
    assert store.count("alice", text, limit=limit, typing=typing) == searching.count_hits(saved, query, limit=limit)
    for session in saved:
        assert store.hits_in(session.id, text, limit=limit, typing=typing) == searching.hits_in(
            session, query, limit=limit
        )


def test_a_session_is_found_once_and_its_title_first(filled: SessionStorageProvider) -> None:
    assert where(list(filled.search_sessions("alice", "refund"))) == [("01", None), ("02", "04")]
    assert where(list(filled.search_sessions("alice", "refund", limit=1))) == [("01", None)]
    assert where(list(filled.search_sessions("alice", "refund role:user"))) == [("02", "04"), ("01", "01")]
    assert where(list(filled.search_sessions("alice", "refund role:user", limit=1))) == [("02", "04")]
    assert where(list(filled.search_sessions("alice", "refu", typing=True))) == [("01", None), ("02", "04")]
    assert list(filled.search_sessions("alice", "refu")) == []
    (hit,) = filled.search_sessions("alice", "京都")
    assert (hit.title, hit.snippet) == ("東京都の refund", "東京都の refund")


def test_the_rows_of_one_session_have_their_positions(filled: SessionStorageProvider) -> None:
    def places(number: int, query: str, **options: Any) -> list[int]:
        return [row.position for row in filled.hits_in(f"{number:032x}", query, **options).rows]

    assert places(1, "refund") == [0, 1, 2]
    assert places(1, "refund -is:starred") == [0, 1, 2]
    assert places(1, "refund is:archived title:other") == [0, 1, 2]
    assert places(1, "is:starred") == []
    assert places(1, "has:hidden") == [2]
    assert places(1, "refund -payment") == [0, 2]
    assert places(1, "-payment") == [0, 2]
    assert places(1, "refund role:assistant") == [1]
    assert places(1, "paym") == []
    assert places(1, "paym", typing=True) == [1]
    assert places(3, "archive") == [0]
    found = filled.hits_in(f"{1:032x}", "refund", limit=2)
    assert [row.row_id[-2:] for row in found.rows] == ["01", "05"]
    assert found.count == 3
    with pytest.raises(SessionNotFound):
        filled.hits_in(f"{5:032x}", "refund")
    with pytest.raises(SessionNotFound):
        filled.hits_in("nowhere", "refund")


def test_hits_are_counted_up_to_a_limit(filled: SessionStorageProvider) -> None:
    assert [filled.count("alice", "refund", limit=limit) for limit in (0, 1, 4, 5, 1000)] == [0, 1, 4, 5, 5]
    assert filled.count("alice", "refund of") == 1
    assert filled.count("nobody", "refund") == 0


def test_a_search_that_is_being_typed_has_no_errors_at_its_end(filled: SessionStorageProvider) -> None:
    for text in ("", " ", '"', "-", "role:", "role:us", "updated:<", "tag:"):
        assert list(filled.search("alice", text, typing=True)) == []
        assert list(filled.search_sessions("alice", text, typing=True)) == []
        assert filled.count("alice", text, typing=True) == 0
        assert filled.hits_in(f"{1:032x}", text, typing=True).count == 0
    assert filled.count("alice", 'refund "was pa', typing=True) == 1
    for text in ("size:1", "role:robot refund", "a" * 3000):
        with pytest.raises(QueryError):
            filled.search_sessions("alice", text, typing=True)


def test_bound_stores_count_and_find_only_their_own(place: Place, filled: SessionStorageProvider) -> None:
    bound = place.open(user_id="bob")
    assert where(list(bound.search_sessions("bob", "refund"))) == [("04", "08")]
    assert list(bound.search_sessions("alice", "refund")) == []
    assert (bound.count("bob", "refund"), bound.count("alice", "refund")) == (1, 0)
    assert bound.hits_in(f"{4:032x}", "refund").count == 1
    with pytest.raises(SessionNotFound):
        bound.hits_in(f"{1:032x}", "refund")
    for verb in (bound.search, bound.search_sessions, bound.count):
        with pytest.raises(QueryError):
            verb("alice", '"open')


SEARCHES: dict[str, Callable[[SessionStorageProvider], object]] = {
    "search": lambda store: store.search("alice", "word"),
    "best": lambda store: store.search("alice", "word", newest=False),
    "absent": lambda store: store.search("alice", "-nothing"),
    "begun": lambda store: store.search("alice", "w", typing=True),
    "sessions": lambda store: store.search_sessions("alice", "word"),
    "rows": lambda store: store.hits_in(f"{1:032x}", "word"),
    "count": lambda store: store.count("alice", "word"),
}


@pytest.mark.parametrize("name", SEARCHES)
def test_an_interrupt_stops_every_search_wherever_it_is(tmp_path: Path, name: str) -> None:
    with SqliteStore(tmp_path / "nova.db") as store:
        store.save_many(session_of(number, *(row(f"word {n}", n) for n in range(60))) for number in range(1, 4))
        raw = store.connection.raw
        expected = SEARCHES[name](store)  # the index reads its own settings once
        statements: list[str] = []
        raw.set_trace_callback(statements.append)
        assert SEARCHES[name](store) == expected
        count = len(statements)
        assert count >= 3
        for stop in range(2, count):  # after BEGIN, before ROLLBACK
            left = [stop]

            def count_down(_sql: str, left: list[int] = left) -> None:
                left[0] -= 1
                if left[0] == 0:
                    store.interrupt()

            raw.set_trace_callback(count_down)
            with pytest.raises(StoreUnavailable, match="interrupted"):
                SEARCHES[name](store)
        raw.set_trace_callback(None)
        raw.set_progress_handler(store.interrupt, 200)
        with pytest.raises(StoreUnavailable, match="interrupted"):
            SEARCHES[name](store)
        raw.set_progress_handler(None, 0)
        assert SEARCHES[name](store) == expected


def test_an_interrupt_stops_a_search_that_reads_every_session(store: SessionStorageProvider) -> None:
    if isinstance(store, SqliteStore):
        pytest.skip("it reads no session as a whole")
    store.save_many(session_of(number, row("word", number)) for number in range(1, 4))
    searched = store._searched("alice")
    next(searched)
    store.interrupt()
    with pytest.raises(StoreUnavailable, match="interrupted"):
        next(searched)
    assert len(store.search("alice", "word")) == 3


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(["café ", "x", "东京", " ", "ß", "\n", "ﬁ-", "½", "'", "Ω", "a b", "́"]), max_size=90))
def test_a_text_is_indexed_as_its_tokens_however_it_is_divided(parts: list[str]) -> None:
    sqlite3: Any = vars(sqlite_driver)["sqlite3"]
    text = "".join(parts)
    with closing(sqlite3.connect(":memory:")) as db:
        db.execute("CREATE VIRTUAL TABLE t USING fts5(x, tokenize='unicode61 remove_diacritics 2')")
        db.execute("CREATE VIRTUAL TABLE v USING fts5vocab(t, 'instance')")
        db.execute("CREATE TABLE r(text, folded)")
        db.execute("INSERT INTO r VALUES (?, ?)", (text, sqlite_index.folded_of(text)))
        db.execute(f"INSERT INTO t(x) SELECT {sqlite_index.INDEXED.format(row='r')} FROM r")
        assert [term for (term,) in db.execute("SELECT term FROM v ORDER BY offset")] == tokens(text)


def test_only_the_words_that_are_indexed_otherwise_are_kept_beside_a_text() -> None:
    long = "word " * 1000
    assert sqlite_index.folded_of(f"{long} Größe {long}") == '[[1,5001],"grosse",[5007,5001]]'
    assert sqlite_index.folded_of("naïve café → 🚀") is None
    assert sqlite_index.folded_of("ß " * 100) == f'["{" ".join(["ss"] * 100)}"]'


def test_the_index_reads_plain_texts_as_the_language_does() -> None:
    sqlite3: Any = vars(sqlite_driver)["sqlite3"]
    db = sqlite3.connect(":memory:")
    db.execute("CREATE VIRTUAL TABLE t USING fts5(x, tokenize='unicode61 remove_diacritics 2')")
    db.execute("CREATE VIRTUAL TABLE v USING fts5vocab(t, 'instance')")
    codes = [code for code in range(1, 0x20000) if not 0xD800 <= code <= 0xDFFF]
    texts = {code: f"a{chr(code)}b {chr(code)} {chr(code) * 2}" for code in codes}
    db.execute("CREATE TABLE r(key, text, folded)")
    stored = ((code, text, sqlite_index.folded_of(text)) for code, text in texts.items())
    db.executemany("INSERT INTO r VALUES (?, ?, ?)", stored)
    db.execute(f"INSERT INTO t(rowid, x) SELECT key, {sqlite_index.INDEXED.format(row='r')} FROM r")
    found: dict[int, list[str]] = {code: [] for code in codes}
    for term, code in db.execute("SELECT term, doc FROM v ORDER BY doc, offset"):
        found[code].append(term)
    db.close()
    wrong = {hex(code): (found[code], tokens(text)) for code, text in texts.items() if found[code] != tokens(text)}
    assert not wrong
