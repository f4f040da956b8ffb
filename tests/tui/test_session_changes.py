"""Changes one after the other, each stored before the next."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
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
        await asyncio.gather(
            *(changes.change(session, "add row", lambda now, text=text: now.add_user(text)) for text in texts)
        )
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
            await changes.change(shown, "edit", lambda now: now.with_dialog(now.dialog.replace_text(row_id, "mine")))
        saved = await changes.change(shown, "add row", lambda now: now.add_user("two"), anew=True)
        assert [row.text for row in saved.dialog.rows] == ["theirs", "two"]

    run(place, play)


def test_undo_walks_back_and_forth(place: str) -> None:
    async def play(changes: SessionChanges, storage: StorageWorker) -> None:
        session = await changes.create()
        one = await changes.change(session, "add row", lambda now: now.add_user("one"))
        two = await changes.change(one, "add row", lambda now: now.add_user("two"))
        await changes.delete(two.id)
        assert await storage.read(lambda library: len(library.summaries())) == 0
        for expected in (two, one, session):
            outcome = await changes.undo()
            assert outcome is not None
            assert outcome[1] == expected
        assert await changes.undo() == ("new session", None, session.id)
        assert await changes.undo() is None
        for expected in (session, one, two):
            outcome = await changes.redo()
            assert outcome is not None
            assert outcome[1] == expected

    run(place, play)
