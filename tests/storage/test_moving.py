"""Sessions with all their revisions, from one store to another."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import pytest

from nova_tui import (
    InvalidSession,
    NothingToUndo,
    Session,
    SessionConflict,
    SessionNotFound,
    SessionStorageProvider,
    StoreReadOnly,
    StoreUnsupported,
)
from tests.storage.conftest import Place
from tests.storage.minimal import MinimalStore

KINDS = ("memory", "sqlite", "file")


@pytest.fixture(params=KINDS)
def source(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SessionStorageProvider]:
    """Yield a store of each kind to read from."""
    place = Place(request.param, tmp_path / "source")
    place.folder.mkdir()
    yield place.open()
    place.close()


@pytest.fixture(params=KINDS)
def target(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SessionStorageProvider]:
    """Yield a store of each kind to write into."""
    place = Place(request.param, tmp_path / "target")
    place.folder.mkdir()
    yield place.open()
    place.close()


def eventful(store: SessionStorageProvider) -> Session:
    """Save a session with a history: rows, undo, redo, trash, and back."""
    session = store.save(Session.new("alice").with_title("Eventful").add_user("one"))
    session = store.save(session.add_assistant("two").add_user("three"))
    first = session.dialog.rows[0].id
    session = store.save(session.with_dialog(session.dialog.move([first], 2)).with_tags(["demo"]), "a note")
    store.undo(session.id)
    store.undo(session.id)
    store.redo(session.id)
    store.delete(session.id)
    return store.restore(session.id)


def test_a_session_moves_with_its_history(source: SessionStorageProvider, target: SessionStorageProvider) -> None:
    session = eventful(source)
    past = source.past(session.id)
    assert [record.number for record, _ in past] == list(range(1, 9))
    assert past[-1][1] == session
    assert list(target.take_over([past])) == [8]
    assert list(target.history(session.id)) == list(source.history(session.id))
    for number in range(1, 9):
        assert target.load(session.id, number) == source.load(session.id, number)
    assert target.load(session.id).revision == session.revision
    assert list(target.past(session.id)) == list(past)


def test_undo_and_redo_go_on_in_the_other_store(source: SessionStorageProvider, target: SessionStorageProvider) -> None:
    session = eventful(source)
    target.take_over([source.past(session.id)])
    for _ in range(4):
        for verb in ("undo", "redo"):
            outcomes = []
            for store in (source, target):
                try:
                    outcomes.append(getattr(store, verb)(session.id).dialog)
                except NothingToUndo:
                    outcomes.append(None)
            assert outcomes[0] == outcomes[1]
        for store in (source, target):
            if len(store.history(session.id)) < 30:
                try:
                    store.undo(session.id)
                except NothingToUndo:
                    continue
    saved = target.save(target.restore(session.id).add_user("more"))
    assert saved.dialog.last_text() == "more"


def test_what_is_in_the_trash_moves_into_the_trash(
    source: SessionStorageProvider, target: SessionStorageProvider
) -> None:
    session = eventful(source)
    source.delete(session.id)
    assert list(target.take_over([source.past(session.id)])) == [9]
    assert [summary.id for summary in target.trash("alice")] == [session.id]
    assert list(target.session_ids("alice")) == []
    assert target.restore(session.id) == session


def test_only_what_is_missing_is_written(source: SessionStorageProvider, target: SessionStorageProvider) -> None:
    session = eventful(source)
    target.take_over([source.past(session.id)])
    before = source.past(session.id)
    session = source.save(session.add_user("later"))
    other = source.save(Session.new("alice").add_user("other"))
    assert list(target.take_over([source.past(session.id), source.past(other.id)])) == [1, 1]
    assert list(target.take_over([source.past(session.id), before])) == [0, 0]
    assert target.load(session.id) == session


def test_a_session_that_parted_is_left_as_it_is(source: SessionStorageProvider, target: SessionStorageProvider) -> None:
    session = eventful(source)
    target.take_over([source.past(session.id)])
    source.save(session.add_user("here"))
    there = target.save(target.load(session.id).add_user("there"))
    other = source.save(Session.new("alice"))
    parted, fresh = target.take_over([source.past(session.id), source.past(other.id)])
    assert isinstance(parted, SessionConflict)
    assert fresh == 1
    assert target.load(session.id) == there
    stranger = dataclasses.replace(session, user_id="bob", revision=None)
    (refused,) = source.take_over([[(source.past(session.id)[0][0], stranger)]])
    assert isinstance(refused, InvalidSession)


def test_a_read_only_store_takes_nothing(lasting: Place) -> None:
    store = lasting.open()
    session = store.save(Session.new("alice"))
    past = store.past(session.id)
    with pytest.raises(StoreReadOnly):
        lasting.open(read_only=True).take_over([past])
    assert list(lasting.open(read_only=True).past(session.id)) == list(past)


def test_a_bound_store_moves_its_own_users_sessions_only(place: Place) -> None:
    if place.kind == "minimal":
        pytest.skip("it keeps no revisions")
    session = place.open().save(Session.new("bob"))
    past = place.open().past(session.id)
    alice = place.open(user_id="alice")
    with pytest.raises(SessionNotFound):
        alice.past(session.id)
    with pytest.raises(InvalidSession):
        alice.take_over([past])
    assert list(place.open(user_id="bob").take_over([past])) == [0]


def test_a_store_without_revisions_says_so() -> None:
    store = MinimalStore()
    session = store.save(Session.new("alice"))
    with pytest.raises(StoreUnsupported):
        store.past(session.id)
    with pytest.raises(StoreUnsupported):
        store.take_over([])
