"""Library: the use cases over a store, for one user."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import pytest

from nova_tui.domain.dialog import Dialog
from nova_tui.domain.errors import (
    PrefixTooShort,
    RowNotFound,
    SessionAmbiguous,
    SessionInTrash,
    SessionNotFound,
    StoreReadOnly,
)
from nova_tui.domain.row import Image, Role, Row
from nova_tui.domain.session import Session
from nova_tui.services.library import Library, resolve_row
from nova_tui.storage.url import open_store
from tests.storage.minimal import MinimalStore


@pytest.fixture
def library() -> Iterator[Library]:
    """Return alice's library in an empty memory store."""
    with open_store("memory:", user_id="alice") as store:
        yield Library(store, "alice")


def put(library: Library, id: str, title: str) -> Session:
    """Save a session of that id."""
    return library.store.save(dataclasses.replace(Session.new("alice").with_title(title), id=id.ljust(32, "0")))


# -- looking ------------------------------------------------------------------------------------------------------


def test_archived_sessions_are_listed_apart(library: Library) -> None:
    here, away = library.new("Here"), library.new("Away")
    library.change(away.id, lambda session: session.with_archive())
    assert [summary.id for summary in library.summaries()] == [here.id]
    assert [summary.id for summary in library.summaries(archived=True)] == [away.id]


def test_a_limit_counts_what_is_listed(library: Library) -> None:
    for title in ("One", "Two", "Three"):
        library.new(title)
    library.change(library.summaries()[0].id, lambda session: session.with_tags(["t"]))
    assert len(library.summaries(limit=2)) == 2
    assert len(library.summaries(limit=0)) == 0
    assert len(library.summaries(tag="t", limit=1)) == 1
    assert [summary.title for summary in library.summaries(filter="t", sort="title")] == ["Three", "Two"]


def test_a_prefix_names_one_session(library: Library) -> None:
    put(library, "abcd1", "one")
    put(library, "abcd2", "two")
    assert library.load("abcd1").title == "one"
    assert library.load("abcd2".ljust(32, "0")).title == "two"
    with pytest.raises(SessionAmbiguous) as caught:
        library.resolve("abcd")
    assert caught.value.count == 2
    for wrong in ("abc", "abcf", "", "ABCD1", "abcd%", "f" * 33):
        with pytest.raises(SessionNotFound):
            library.resolve(wrong)
    with pytest.raises(PrefixTooShort, match="745 is too short; the beginning of an id needs at least 4 digits"):
        library.resolve("745")


def test_a_row_is_named_by_a_prefix_too() -> None:
    dialog = Dialog((Row("a", id="abcd11"), Row("b", id="abcd22"), Row("c", id="xyz")))
    assert resolve_row(dialog, "abcd1") == "abcd11"
    assert resolve_row(dialog, "xyz") == "xyz"
    for wrong in ("abcd", "abc", "xy", "", "ffff"):
        with pytest.raises(RowNotFound):
            resolve_row(dialog, wrong)


# -- changing -----------------------------------------------------------------------------------------------------


def test_new(library: Library) -> None:
    session = library.new("Title", "Be kind.", hidden=True)
    assert library.load(session.id) == session
    assert session.revision is not None
    assert [(row.role, row.hidden) for row in session.dialog.rows] == [(Role.SYSTEM, True)]
    assert library.new().title == "Untitled"


def test_add(library: Library) -> None:
    session = library.new()
    row = library.add(session.id[:8], "user", "x", hidden=True, metadata={"a": 1}, images=[Image("image/png", b"1")])
    loaded = library.load(session.id)
    assert loaded.dialog.rows == (row,)
    assert row.metadata == {"a": 1, "hide_row": True}
    assert row.images == (Image("image/png", b"1"),)
    assert loaded.updated_at > session.updated_at


def test_rename_and_back_to_the_derived_title(library: Library) -> None:
    session = library.new("Typed")
    library.add(session.id, "user", "Derived")
    assert library.rename(session.id, "Other").title == "Other"
    assert library.rename(session.id, "  ").title == "Derived"


def test_delete_returns_what_it_was(library: Library) -> None:
    session = library.new("Gone")
    assert library.delete(session.id[:8]) == session
    with pytest.raises(SessionNotFound):
        library.load(session.id)


def test_nothing_changes_in_a_store_that_is_read_only() -> None:
    with open_store("memory:", user_id="alice", read_only=True) as store:
        library = Library(store, "alice")
        with pytest.raises(StoreReadOnly):
            library.new()
        assert len(library.summaries()) == 0


def test_tags_are_added_and_taken_off(library: Library) -> None:
    session = library.new("One")
    assert library.tag(session.id, ["a", "b", "a"]).tags == ("a", "b")
    assert library.tag(session.id[:8], ["c", "b"], ["a", "x"]).tags == ("b", "c")
    assert library.tag(session.id, ["b"]).revision == 3
    assert library.tag(session.id, ["x" * 1000]).revision == 4
    notes = [revision.note for revision in library.history(session.id)]
    assert notes == [f"tag +{'x' * 195}", "tag +c +b -a -x", "tag +a +b", "create"]


def test_fork_up_to_a_row(library: Library) -> None:
    session = library.new("One", "Be kind.")
    row = library.add(session.id, "user", "x")
    library.add(session.id, "user", "y")
    fork = library.fork(session.id[:8], row.id[:6])
    assert [found.text for found in library.load(fork.id).dialog.rows] == ["Be kind.", "x"]
    assert len(library.fork(session.id).dialog) == 3
    with pytest.raises(RowNotFound):
        library.fork(session.id, "ffff")


# -- walking the revisions ----------------------------------------------------------------------------------------


def test_undo_and_redo_say_what_they_did(library: Library) -> None:
    session = library.new("One")
    library.rename(session.id, "Two")
    undone, revision = library.undo(session.id[:8])
    assert (undone.title, revision.number, revision.note) == ("One", 3, "undo rename")
    redone, revision = library.redo(session.id[:8])
    assert (redone.title, revision.number, revision.note) == ("Two", 4, "redo rename")
    assert [found.number for found in library.history(session.id[:8])] == [4, 3, 2, 1]
    assert [found.title for found in library.revisions(session.id, 1, 4)] == ["One", "Two"]


def test_the_trash_is_looked_into_only_where_that_is_asked(library: Library) -> None:
    session = library.new("One")
    assert library.is_listed(session.id)
    library.delete(session.id)
    assert not library.is_listed(session.id)
    assert library.resolve(session.id[:8], trashed=True) == session.id
    assert len(library.history(session.id[:8])) == 2
    with pytest.raises(SessionNotFound):
        library.resolve(session.id[:8])
    with pytest.raises(SessionInTrash):
        library.revisions(session.id[:8], 1)
    assert library.undo(session.id[:8])[0].title == "One"
    with pytest.raises(SessionNotFound):
        library.revisions("f" * 32, 1)


def test_a_store_without_a_trash_is_looked_into_too() -> None:
    library = Library(MinimalStore(), "alice")
    session = library.new("One")
    assert library.resolve(session.id[:8], trashed=True) == session.id
