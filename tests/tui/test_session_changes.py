"""Changes one after the other, each stored before the next."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path

import pytest

from nova_tui import Session, SessionConflict, open_store
from nova_tui.tui.session_changes import SessionChanges
from nova_tui.tui.storage_worker import StorageWorker

Play = Callable[[SessionChanges, StorageWorker], Awaitable[None]]


def run(place: str, play: Play) -> None:
    """Play a scene over a store."""

    async def scene() -> None:
        storage = StorageWorker(lambda: open_store(place, user_id="alice"), "alice")
        await storage.start()
        try:
            await play(SessionChanges(storage), storage)
        finally:
            await storage.close()

    asyncio.run(scene())


@pytest.fixture(params=["memory", "sqlite"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Name a store in memory and one on disk."""
    return "memory:" if request.param == "memory" else str(tmp_path / "nova.db")


def test_changes_asked_for_at_once_all_arrive(place: str) -> None:
    async def play(changes: SessionChanges, storage: StorageWorker) -> None:
        session = await changes.create()
        texts = [f"row {number}" for number in range(20)]
        await asyncio.gather(*(changes.change(session, partial(Session.add_user, text=text)) for text in texts))
        stored = await storage.read(lambda library: library.store.load(session.id))
        assert [row.text for row in stored.dialog.rows] == texts

    run(place, play)


def test_a_later_revision_is_refused_or_built_upon(place: str) -> None:
    async def play(changes: SessionChanges, storage: StorageWorker) -> None:
        session = await changes.create()
        one = session.add_user("one")
        shown = await storage.write(lambda library: library.store.save(one))
        row_id = shown.dialog.rows[0].id
        theirs = shown.with_dialog(shown.dialog.replace_text(row_id, "theirs"))
        await storage.write(lambda library: library.store.save(theirs))

        with pytest.raises(SessionConflict):
            await changes.change(shown, lambda now: now.with_dialog(now.dialog.replace_text(row_id, "mine")))
        saved = await changes.change(shown, lambda now: now.add_user("two"), anew=True)
        assert [row.text for row in saved.dialog.rows] == ["theirs", "two"]

    run(place, play)


def test_undo_walks_back_and_forth(place: str) -> None:
    async def play(changes: SessionChanges, storage: StorageWorker) -> None:
        session = await changes.create()
        one = await changes.change(session, lambda now: now.add_user("one"))
        two = await changes.change(one, lambda now: now.add_user("two"))
        await changes.delete(two.id)
        assert await storage.read(lambda library: len(library.summaries())) == 0
        for expected in (two, one, session):
            step = await changes.undo(None)
            assert step is not None
            assert step.session is not None
            assert step.session.dialog == expected.dialog
        step = await changes.undo(None)
        assert step is not None
        assert step.session is None, "the session was made in this run, so that is taken back too"
        assert await changes.undo(None) is None
        step = await changes.redo(None)
        assert step is not None
        assert step.session is not None
        assert step.session.dialog == session.dialog

    run(place, play)


def test_redo_makes_everything_again(place: str) -> None:
    async def play(changes: SessionChanges, storage: StorageWorker) -> None:
        first = await storage.write(lambda library: library.new("first"))
        one = await changes.change(first, lambda now: now.add_user("one"))
        two = await changes.change(one, lambda now: now.add_user("two"))
        for expected in (one, first):
            step = await changes.undo(None)
            assert step is not None
            assert step.session is not None
            assert step.session.dialog == expected.dialog
        for expected in (one, two):
            step = await changes.redo(None)
            assert step is not None
            assert step.session is not None
            assert step.session.dialog == expected.dialog
        assert await changes.redo(None) is None

    run(place, play)


def test_undo_of_a_session_reaches_back_before_this_run(tmp_path: Path) -> None:
    place = str(tmp_path / "nova.db")
    with open_store(place, user_id="alice") as store:
        before = store.save(Session.new("alice").add_user("one"))
        store.save(before.add_user("two"))

    async def play(changes: SessionChanges, _storage: StorageWorker) -> None:
        step = await changes.undo(before.id)
        assert step is not None
        assert step.session is not None
        assert step.session.dialog == before.dialog
        assert await changes.undo(before.id) is None, "it is the first revision"

    run(place, play)
