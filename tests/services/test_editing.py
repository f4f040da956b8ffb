"""In which order changes are taken back and made again."""

from __future__ import annotations

import pytest

from nova_tui import NothingToUndo, Session, SessionNotFound, open_store
from nova_tui.services.editing import Change, UndoLog, make_again, take_back

ONE, TWO = Change("1" * 32), Change("2" * 32)


def test_undo_and_redo_walk_the_log() -> None:
    log = UndoLog()
    assert log.to_undo() is None
    assert log.to_redo() is None
    log.record(ONE)
    log.record(TWO)
    assert log.to_undo() == TWO
    log.undone(TWO)
    assert (log.to_undo(), log.to_redo()) == (ONE, TWO)
    log.redone(TWO)
    assert (log.to_undo(), log.to_redo()) == (TWO, None)
    log.undone(TWO)
    log.record(ONE)
    assert log.to_redo() is None, "a new change ends what could be made again"


def test_one_session_can_be_asked_for() -> None:
    log = UndoLog()
    log.record(ONE)
    log.record(TWO)
    assert log.to_undo(ONE.session_id) == ONE
    assert log.to_undo("3" * 32) == Change("3" * 32), "its history may reach back before this run"
    log.undone(ONE)
    assert log.to_undo() == TWO
    assert log.to_redo(ONE.session_id) == ONE


def test_a_batch_is_one_step_and_a_session_of_it_can_be_asked_for() -> None:
    log = UndoLog()
    mark = log.new_batch("star")
    batch = [Change(f"{number}" * 32, batch=mark) for number in range(1, 4)]
    log.record(ONE)
    log.record(*batch)
    assert log.batch_to_undo() == tuple(reversed(batch))
    log.undone(batch[1])
    assert log.batch_to_undo() == (batch[2], batch[0])
    log.undone(*log.batch_to_undo())
    assert (log.to_undo(), log.batch_to_undo()) == (ONE, ())
    assert log.batch_to_redo() == (batch[0], batch[2], batch[1])
    log.redone(*log.batch_to_redo())
    assert (log.batch_to_redo(), len(log.batch_to_undo())) == ((), 3)
    assert log.new_batch("star") != mark
    log.clear()
    assert log.to_undo() is None


def test_a_change_is_taken_back_and_made_again() -> None:
    with open_store("memory:", user_id="alice") as store:
        before = store.save(Session.new("alice").add_user("one"))
        after = store.save(before.add_user("two"))
        change = Change(before.id)
        taken = take_back(store, change)
        assert taken is not None
        assert taken.dialog == before.dialog
        made = make_again(store, change)
        assert made is not None
        assert made.dialog == after.dialog


def test_a_deleted_session_comes_back_and_goes_again() -> None:
    with open_store("memory:", user_id="alice") as store:
        session = store.save(Session.new("alice").add_user("one"))
        store.delete(session.id)
        change = Change(session.id)
        assert take_back(store, change) == session
        assert make_again(store, change) is None
        with pytest.raises(SessionNotFound):
            store.load(session.id)


def test_what_this_run_created_goes_to_the_trash_and_comes_back() -> None:
    with open_store("memory:", user_id="alice") as store:
        session = store.save(Session.new("alice"))
        with pytest.raises(NothingToUndo):
            take_back(store, Change(session.id))
        assert take_back(store, Change(session.id, created=True)) is None
        assert make_again(store, Change(session.id, created=True)) == session
