"""Copying whole stores."""

from __future__ import annotations

import dataclasses

from nova_tui.domain.session import Session
from nova_tui.services.copying import BATCH, CopyReceipt, copy_sessions
from nova_tui.storage.provider import SessionStorageProvider
from nova_tui.storage.url import open_store
from tests.storage.minimal import MinimalStore


def copied(source: SessionStorageProvider, target: SessionStorageProvider) -> CopyReceipt:
    """Copy alice's sessions."""
    return copy_sessions(source, target, "alice", lambda _done, _total: None)


def test_a_store_is_copied_and_what_is_new_follows() -> None:
    source, target = open_store("memory:"), open_store("memory:")
    one, two = (source.save(Session.new("alice").with_title(title)) for title in ("One", "Two"))
    source.save(Session.new("bob"))
    source.delete(two.id)
    assert copied(source, target) == CopyReceipt("alice", new=2, trashed=1, revisions=3)
    assert copied(source, target) == CopyReceipt("alice", unchanged=2, trashed=1)
    source.save(one.add_user("more"))
    source.save(Session.new("alice"))
    assert copied(source, target) == CopyReceipt("alice", new=1, updated=1, unchanged=1, trashed=1, revisions=2)
    assert list(target.list("alice")) == list(source.list("alice"))
    assert list(target.trash("alice")) == list(source.trash("alice"))
    assert list(target.list("bob")) == []


def test_a_session_that_parted_is_named() -> None:
    source, target = open_store("memory:"), open_store("memory:")
    session = source.save(Session.new("alice").with_title("One \x1b[2J"))
    copied(source, target)
    source.save(session.add_user("here"))
    target.save(target.load(session.id).add_user("there"))
    receipt = copied(source, target)
    assert receipt.failures == [f"One ␛[2J ({session.id}) was changed in both stores, not alike; each keeps its own."]
    assert (receipt.new, receipt.updated, receipt.unchanged) == (0, 0, 0)


def test_a_store_without_revisions_gives_what_it_has() -> None:
    source, target = MinimalStore(), open_store("memory:")
    session = source.save(Session.new("alice").add_user("one"))
    assert copied(source, target) == CopyReceipt("alice", new=1, revisions=1)
    assert copied(source, target) == CopyReceipt("alice", unchanged=1)
    assert target.load(session.id) == session
    source.save(session.add_user("two"))
    assert "was changed in both stores" in copied(source, target).failures[0]
    target.delete(session.id)
    assert "in the trash" in copied(source, target).failures[0]
    back = MinimalStore()
    target.restore(session.id)
    assert copied(target, back).new == 1
    back.save(dataclasses.replace(back.load(session.id).add_user("three")))
    assert "was changed in both stores" in copied(target, back).failures[0]


def test_progress_is_told() -> None:
    source, target = open_store("memory:"), open_store("memory:")
    source.save_many(Session.new("alice") for _ in range(BATCH + 1))
    told: list[tuple[int, int]] = []
    copy_sessions(source, target, "alice", lambda done, total: told.append((done, total)))
    assert told == [(0, BATCH + 1), (BATCH, BATCH + 1)]


def test_drafts_come_along() -> None:
    source, target = open_store("memory:"), open_store("memory:")
    one, two = source.save(Session.new("alice").add_user("x")), source.save(Session.new("alice"))
    source.put_draft(one.id, "", "unsaved")
    source.put_draft(one.id, one.dialog.rows[0].id, "edited")
    source.put_draft(two.id, "", "lost")
    assert copied(source, target).drafts == 3
    target.put_draft(one.id, "", "other")
    assert copied(source, target).drafts == 0
    target.purge(two.id)
    target.drop_draft(one.id, one.dialog.rows[0].id)
    assert copied(source, target).drafts == 2
    found = {(draft.session_id, draft.text) for draft in target.drafts("alice")}
    assert found == {(one.id, "other"), (one.id, "edited"), (two.id, "lost")}
