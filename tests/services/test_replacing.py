"""Find and replace: hits that can be looked at and picked, one change a session, and patterns that are stopped."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nova_tui import Dialog, PatternError, Row, RowNotFound, Session, StorageError, open_store
from nova_tui.services.library import Library
from nova_tui.services.replacing import Hit, Search, Wanted, replace_in_sessions, with_replaced
from tests.domain.strategies import dialogs

RUNAWAY = "(a+)+$"
VICTIM = "a" * 60 + "!"


@pytest.fixture(scope="module")
def any_search() -> Iterator[Search]:
    """Keep one process for many patterns."""
    with Search(Wanted("x", "y", regex=True), time_limit=120) as search:
        yield search


def hits_of(search: Search, wanted: Wanted, rows: object) -> list[Hit]:
    """Look for something else with a search that has its process already."""
    search.wanted = wanted
    return list(search.hits(rows))  # type: ignore[arg-type]


@settings(max_examples=60, deadline=None)
@given(
    dialogs,
    st.sampled_from(["a", "b*", "(a)|b", "^", "$", "(?P<n>.)", r"\b", "[^ ]+", r"(.)(.?)", "é"]),
    st.sampled_from(["", "x", r"<\g<0>>", "\\n", "ab"]),
    st.booleans(),
)
def test_replacing_all_hits_is_what_re_does(
    any_search: Search, dialog: Dialog, pattern: str, text: str, ignore_case: bool
) -> None:
    hits = hits_of(any_search, Wanted(pattern, text, True, ignore_case), dialog.rows)
    flags = re.MULTILINE | (re.IGNORECASE if ignore_case else 0)
    replaced = with_replaced(dialog, hits)
    assert [row.text for row in replaced.rows] == [re.sub(pattern, text, row.text, flags=flags) for row in dialog.rows]
    assert [row.id for row in replaced.rows] == [row.id for row in dialog.rows]
    for hit in hits:
        assert dialog.row(hit.row_id).text[hit.start : hit.end] == hit.found


@settings(max_examples=40, deadline=None)
@given(dialogs, st.sampled_from(["a", "ab", ".", "\n", "[", "\\", "  "]), st.sampled_from(["", "\\1", "x", "aa"]))
def test_plain_text_is_taken_as_it_is(dialog: Dialog, find: str, text: str) -> None:
    with Search(Wanted(find, text)) as search:
        replaced = with_replaced(dialog, search.hits(dialog.rows))
    assert [row.text for row in replaced.rows] == [row.text.replace(find, text) for row in dialog.rows]


@settings(max_examples=30, deadline=None)
@given(dialogs, st.data())
def test_picked_hits_are_replaced_and_the_others_stay(dialog: Dialog, data: st.DataObject) -> None:
    with Search(Wanted("a", "<a>")) as search:
        hits = list(search.hits(dialog.rows))
    picked = [hit for hit in hits if data.draw(st.booleans())]
    replaced = with_replaced(dialog, picked)
    before, after = (sum(row.text.count("<a>") for row in one.rows) for one in (dialog, replaced))
    assert after - before == len(picked)
    assert with_replaced(dialog, []) is dialog


def test_case_can_be_ignored_and_groups_be_named(any_search: Search) -> None:
    rows = [Row("Order 17, ORDER 23")]
    plain = hits_of(any_search, Wanted("order", "job", ignore_case=True), rows)
    assert [hit.found for hit in plain] == ["Order", "ORDER"]
    named = hits_of(any_search, Wanted(r"(?P<what>order) (\d+)", r"\2 \g<what>", True, True), rows)
    assert [hit.text for hit in named] == ["17 Order", "23 ORDER"]


@pytest.mark.parametrize(
    ("find", "text", "sentence"),
    [
        ("(", "", "no regular expression"),
        ("a{9999999999999}", "", "no regular expression"),
        ("a", r"\2", "new text cannot be used"),
        ("nowhere", r"\g<missing>", "new text cannot be used"),
        ("x", "y" * 200_000, "too often"),
    ],
)
def test_what_cannot_be_used_is_said(any_search: Search, find: str, text: str, sentence: str) -> None:
    with pytest.raises(PatternError, match=sentence):
        hits_of(any_search, Wanted(find, text, regex=True), [Row("x" * 1000)])
    assert hits_of(any_search, Wanted("x", "y", regex=True), [Row("x")]), "the next search works"


def test_nothing_to_look_for_is_refused() -> None:
    with pytest.raises(PatternError, match="nothing to look for"):
        Wanted("", "x")


def test_a_pattern_that_runs_away_is_stopped_and_the_next_one_works() -> None:
    with Search(Wanted(RUNAWAY, "", regex=True), time_limit=0.5) as search:
        with pytest.raises(PatternError, match=r"longer than 0\.5 seconds"):
            list(search.hits([Row(VICTIM)]))
        assert len(hits_of(search, Wanted("a", "", regex=True), [Row("aaa")])) == 3


def test_a_search_is_stopped_from_another_thread_which_goes_on_meanwhile() -> None:
    ended: list[str] = []
    with Search(Wanted(RUNAWAY, "", regex=True), time_limit=600) as search:

        def look() -> None:
            try:
                list(search.hits([Row(VICTIM)]))
            except PatternError as error:
                ended.append(str(error))

        thread = threading.Thread(target=look)
        thread.start()
        while search._process._process is None:
            time.sleep(0.01)
        assert sum(range(1000)) == 499500, "this thread runs while the pattern does"
        search.stop()
        thread.join(60)
    assert ended == ["The search was stopped."]


def test_rows_that_changed_meanwhile_are_not_touched() -> None:
    dialog = Dialog().add_user("one two")
    with Search(Wanted("two", "2")) as search:
        hits = list(search.hits(dialog.rows))
    row = dialog.rows[0]
    with pytest.raises(PatternError, match="changed meanwhile"):
        with_replaced(dialog.replace_text(row.id, "two one"), hits)
    with pytest.raises(PatternError, match="changed meanwhile"):
        with_replaced(dialog, hits * 2)
    with pytest.raises(RowNotFound):
        with_replaced(dialog.remove(row.id), hits)


# -- many sessions ------------------------------------------------------------------------------------------------


@pytest.fixture
def library() -> Iterator[Library]:
    with open_store("memory:", user_id="alice") as store:
        yield Library(store, "alice")


def test_each_session_is_one_change_that_undo_takes_back(library: Library) -> None:
    saved = [
        library.store.save(Session.new("alice").add_user(f"colour {n} colour").add_assistant("colour"))
        for n in range(3)
    ]
    other = library.store.save(Session.new("alice").add_user("nothing here"))
    ids = [session.id for session in [*saved, other]]
    seen: list[tuple[int, int]] = []
    with Search(Wanted("colour", "color")) as search:
        done = list(replace_in_sessions(library, ids, search, progress=lambda *at: seen.append(at)))
    assert [entry.after.id for entry in done] == ids[:3]
    assert seen == [(1, 4), (2, 4), (3, 4), (4, 4)]
    for session, entry in zip(saved, done, strict=True):
        assert (len(entry.hits), len(entry.rows)) == (3, 2)
        assert library.store.load(session.id) == entry.after
        assert library.history(session.id)[0].note == "replace 3 hits"
        assert library.store.undo(session.id).dialog == session.dialog
    assert library.store.load(other.id).revision == other.revision


def test_a_trial_changes_nothing(library: Library) -> None:
    session = library.store.save(Session.new("alice").add_user("colour"))
    with Search(Wanted("colour", "color")) as search:
        (entry,) = replace_in_sessions(library, [session.id], search, trial=True)
    assert entry.after.dialog.rows[0].text == "color"
    assert library.store.load(session.id) == session


def test_one_session_is_in_memory_at_a_time_and_a_lost_one_is_told(library: Library) -> None:
    ids = [library.store.save(Session.new("alice").add_user(f"colour {n}")).id for n in range(5)]
    library.store.delete(ids[2])
    failures: list[StorageError] = []
    with Search(Wanted("colour", "color")) as search:
        found = replace_in_sessions(library, ids, search, failed=failures.append)
        assert next(found).after.id == ids[0]
        assert library.store.load(ids[1]).dialog.rows[0].text == "colour 1", "later ones are not touched yet"
        assert [entry.after.id for entry in found] == [ids[1], ids[3], ids[4]]
    assert len(failures) == 1
    assert ids[2] in str(failures[0])


def test_a_change_meanwhile_is_looked_through_again(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    session = library.store.save(Session.new("alice").add_user("colour"))
    save = library.store.save
    turns = iter([True])

    def meanwhile(mine: Session, note: str | None = None) -> Session:
        if next(turns, False):
            stored = library.store.load(mine.id)
            save(stored.with_dialog(stored.dialog.replace_text(stored.dialog.rows[0].id, "the colour of it")))
        return save(mine, note)

    monkeypatch.setattr(library.store, "save", meanwhile)
    with Search(Wanted("colour", "color")) as search:
        (entry,) = replace_in_sessions(library, [session.id], search)
    assert entry.after.dialog.rows[0].text == "the color of it"


def test_a_search_that_was_stopped_while_idle_goes_on() -> None:
    with Search(Wanted("a", "b", regex=True)) as search:
        dialog = Dialog().add_user("a cat")
        assert len(list(search.hits(dialog.rows))) == 2
        search.stop()
        assert len(list(search.hits(dialog.rows))) == 2
