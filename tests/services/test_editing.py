"""What can be taken back while the program runs."""

from __future__ import annotations

import pytest

from nova_tui import Session, SessionConflict, SessionNotFound, open_store
from nova_tui.services.editing import Change, UndoLog, apply_change


def test_undo_and_redo_walk_the_log() -> None:
    log = UndoLog()
    one, two = Change("one", None, None), Change("two", None, None)
    assert log.next_undo is None
    assert log.next_redo is None
    log.record(one)
    log.record(two)
    assert log.next_undo is two
    log.undone()
    assert (log.next_undo, log.next_redo) == (one, two)
    log.redone()
    assert (log.next_undo, log.next_redo) == (two, None)
    log.undone()
    log.record(one)
    assert log.next_redo is None, "a new change ends what could be made again"


def test_a_change_is_applied_and_taken_back() -> None:
    with open_store("memory:", user_id="alice") as store:
        before = store.save(Session.new("alice").add_user("one"))
        after = store.save(before.add_user("two"))
        change = Change("add row", before, after)
        assert apply_change(store, change.reversed) == before
        assert store.load(before.id).dialog == before.dialog
        assert apply_change(store, change) == after
        assert store.load(before.id).dialog == after.dialog


def test_a_deleted_session_comes_back_and_goes_again() -> None:
    with open_store("memory:", user_id="alice") as store:
        session = store.save(Session.new("alice").add_user("one"))
        store.delete(session.id)
        change = Change("delete session", session, None)
        assert apply_change(store, change.reversed) == session
        assert store.load(session.id) == session
        assert apply_change(store, change) is None
        with pytest.raises(SessionNotFound):
            store.load(session.id)


def test_what_somebody_else_changed_is_not_overwritten() -> None:
    with open_store("memory:", user_id="alice") as store:
        before = store.save(Session.new("alice").add_user("one"))
        after = store.save(before.add_user("two"))
        theirs = store.save(after.add_user("three"))
        with pytest.raises(SessionConflict):
            apply_change(store, Change("add row", before, after).reversed)
        assert store.load(before.id) == theirs
