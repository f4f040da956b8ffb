"""Changes of many sessions: a slice at a time, with progress, stopped, and with sessions that cannot be changed."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path

import pytest

from nova_tui import Session, SessionStorageProvider, StoreReadOnly, open_store
from nova_tui.storage.file import FileStore
from nova_tui.storage.sqlite import SqliteStore
from nova_tui.tui import session_batches
from nova_tui.tui.session_batches import SessionBatches
from nova_tui.tui.session_changes import SessionChanges
from nova_tui.tui.storage_worker import StorageWorker

Work = Callable[[SessionBatches, SessionChanges, SessionStorageProvider], Awaitable[None]]


@pytest.fixture(params=["sqlite", "file"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return the place of a fresh store on disk."""
    return f"sqlite://{tmp_path / 'nova.db'}" if request.param == "sqlite" else f"file://{tmp_path / 'sessions'}"


def run(place: str, work: Work, *, read_only: bool = False) -> None:
    """Do something with batches over a store."""

    async def main() -> None:
        storage = StorageWorker(partial(open_store, place, user_id="alice", read_only=read_only), "alice")
        await storage.start()
        changes = SessionChanges(storage)
        with open_store(place, user_id="alice") as look:
            await work(SessionBatches(storage, changes), changes, look)
        await storage.close()

    asyncio.run(main())


def filled(place: str, count: int) -> list[str]:
    """Store sessions and return their ids."""
    with open_store(place, user_id="alice") as store:
        return [store.save(Session.new("alice").add_user(f"text {number}")).id for number in range(count)]


def ignored(_done: int, _total: int) -> None:
    """Take progress."""


def starred(look: SessionStorageProvider) -> int:
    """Return how many sessions have a star."""
    return len(look.session_ids("alice", filter="is:starred"))


def test_a_batch_can_be_stopped_and_what_was_done_is_one_step(place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session_batches, "SLICE", 0.0)
    ids = filled(place, 6)

    async def work(batches: SessionBatches, changes: SessionChanges, look: SessionStorageProvider) -> None:
        seen: list[tuple[int, int]] = []

        def progress(done: int, total: int) -> None:
            seen.append((done, total))
            if done == 4:
                batches.stop()

        outcome = await batches.change(ids, "star", Session.with_star, progress)
        assert outcome.stopped
        assert seen == [(1, 6), (2, 6), (3, 6), (4, 6)]
        assert (len(outcome.changes), starred(look)) == (4, 4)
        undone = await batches.undo(ignored)
        assert undone is not None
        assert (undone.verb, len(undone.changes), starred(look)) == ("undo star", 4, 0)
        assert changes.log.to_undo() is None
        await batches.redo(ignored)
        assert starred(look) == 4

    run(place, work)


def test_other_writes_come_between_the_slices(place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session_batches, "SLICE", 0.0)
    ids = filled(place, 5)

    async def work(batches: SessionBatches, _changes: SessionChanges, look: SessionStorageProvider) -> None:
        order: list[str] = []

        async def draft() -> None:
            await batches._storage.write(lambda library: library.store.put_draft(ids[0], "", "typed"))
            order.append("draft")

        async def batch() -> None:
            await batches.change(ids, "star", Session.with_star, ignored)
            order.append("batch")

        await asyncio.gather(batch(), draft())
        assert order == ["draft", "batch"]
        assert starred(look) == 5

    run(place, work)


def test_many_sessions_are_written_in_one_transaction(place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session_batches, "SLICE", 600.0)
    ids = filled(place, 150)
    kind = SqliteStore if place.startswith("sqlite") else FileStore
    writes: list[int] = []
    real = kind._writing

    def counted(self: SqliteStore) -> AbstractContextManager[object]:
        writes.append(1)
        return real(self)  # type: ignore[arg-type]

    monkeypatch.setattr(kind, "_writing", counted)

    async def work(batches: SessionBatches, changes: SessionChanges, look: SessionStorageProvider) -> None:
        outcome = await batches.change(ids, "star", Session.with_star, ignored)
        assert (len(outcome.changes), starred(look)) == (150, 150)
        assert 3 <= len(writes) < 10
        assert outcome.session_ids == ids
        assert list(outcome.summaries.values()) == list(look.summaries_of(ids))
        assert len(changes.log.batch_to_undo()) == 150, "one step"
        await batches.undo(ignored)
        assert starred(look) == 0

    run(place, work)


def test_a_session_that_somebody_changes_meanwhile_holds_nobody_up(place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session_batches, "SLICE", 600.0)
    ids = filled(place, 6)

    async def work(batches: SessionBatches, _changes: SessionChanges, look: SessionStorageProvider) -> None:
        def retitle(session: Session) -> Session:
            if session.id == ids[3] and session.title != "theirs":  # somebody is faster than us
                with open_store(place, user_id="alice") as other:
                    other.save(other.load(ids[3]).with_title("theirs"))
                    other.delete(ids[4])
            return session.with_title(f"mine, was {session.title}")

        outcome = await batches.change(ids, "rename", retitle, ignored)
        assert sorted(outcome.session_ids) == sorted({*ids} - {ids[4]})
        assert len(outcome.failures) == 1
        titles = [one.title for one in look.summaries_of(ids)]
        assert titles[3] == "mine, was theirs"
        assert [len(look.history(one)) for one in ids] == [2, 2, 2, 3, 2, 2], "nothing is written twice"
        await batches.undo(ignored)
        assert look.load(ids[3]).title == "theirs"

    run(place, work)


def test_sessions_that_are_gone_are_told_and_do_not_stop_the_others(place: str) -> None:
    ids = filled(place, 3)

    async def work(batches: SessionBatches, _changes: SessionChanges, look: SessionStorageProvider) -> None:
        look.delete(ids[1])
        outcome = await batches.delete(ids, ignored)
        assert (outcome.session_ids, len(outcome.failures)) == ([ids[0], ids[2]], 1)
        await batches.undo(ignored)
        assert sorted(look.session_ids("alice")) == sorted([ids[0], ids[2]])
        restored = await batches.restore([ids[1]], ignored)
        assert restored.session_ids == [ids[1]]
        assert await batches.undo(ignored) is None, "one alone is no batch"

    run(place, work)


def test_a_store_that_refuses_ends_a_batch_at_once(place: str) -> None:
    ids = filled(place, 3)

    async def work(batches: SessionBatches, changes: SessionChanges, _look: SessionStorageProvider) -> None:
        with pytest.raises(StoreReadOnly):
            await batches.change(ids, "star", Session.with_star, ignored)
        assert changes.log.to_undo() is None
        assert not batches.running

    run(place, work, read_only=True)


def test_what_is_as_it_should_be_is_no_change(place: str) -> None:
    ids = filled(place, 2)

    async def work(batches: SessionBatches, changes: SessionChanges, look: SessionStorageProvider) -> None:
        look.save(look.load(ids[0]).with_star())
        outcome = await batches.change(ids, "star", lambda one: one if one.starred else one.with_star(), ignored)
        assert outcome.session_ids == [ids[1]]
        assert [change.session_id for change in changes.log.batch_to_undo()] == [ids[1]]

    run(place, work)
