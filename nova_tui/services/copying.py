"""Copying whole stores: every session of a user, with its revisions where both stores keep them."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

from nova_tui.domain.errors import (
    InvalidSession,
    SessionConflict,
    SessionDamaged,
    SessionInTrash,
    SessionNotFound,
    StorageError,
)
from nova_tui.domain.safe_text import clean_line
from nova_tui.domain.session import Session
from nova_tui.storage.provider import SessionStorageProvider

BATCH: Final = 100
"""Sessions that are written at once."""
Progress = Callable[[int, int], None]
"""Is told how many sessions are done, and of how many."""


@dataclass(slots=True)
class CopyReceipt:
    """What became of a user's sessions."""

    user_id: str
    new: int = 0
    updated: int = 0
    """Sessions that were there already, and of which revisions were missing."""
    unchanged: int = 0
    trashed: int = 0
    """Sessions among all of them that are in the trash."""
    revisions: int = 0
    """Revisions that were written."""
    drafts: int = 0
    """Unsaved texts that were written."""
    failures: list[str] = field(default_factory=list)
    """Why a session could not be copied, one sentence each."""

    def count(self, revisions: int, *, fresh: bool) -> None:
        """Count one session of which so many revisions were written."""
        self.revisions += revisions
        self.new += fresh
        self.updated += bool(revisions) and not fresh
        self.unchanged += not revisions


def copy_sessions(
    source: SessionStorageProvider, target: SessionStorageProvider, user_id: str, progress: Progress
) -> CopyReceipt:
    """Copy a user's sessions, those in the trash too, and return what became of them.

    What the target has already is left as it is, so that copying again goes on where it stopped; a session that both
    have, and that went different ways in them, is a failure.
    """
    receipt = CopyReceipt(user_id)
    copy = _copy_whole if "revisions" in source.capabilities & target.capabilities else _copy_present
    session_ids = list(source.session_ids(user_id))
    if copy is _copy_whole and "trash" in source.capabilities & target.capabilities:
        trashed = [summary.id for summary in source.trash(user_id)]
        receipt.trashed = len(trashed)
        session_ids += trashed
    for start in range(0, len(session_ids), BATCH):
        progress(start, len(session_ids))
        copy(source, target, session_ids[start : start + BATCH], receipt)
    if "drafts" in source.capabilities & target.capabilities:
        _copy_drafts(source, target, receipt)
    return receipt


def _copy_whole(
    source: SessionStorageProvider, target: SessionStorageProvider, session_ids: Sequence[str], receipt: CopyReceipt
) -> None:
    """Copy sessions with their revisions."""
    pasts = []
    for session_id in session_ids:
        try:
            pasts.append(source.past(session_id))
        except SessionNotFound:
            continue  # it was purged meanwhile
        except SessionDamaged as error:
            receipt.failures.append(str(error))
    for past, outcome in zip(pasts, target.take_over(pasts), strict=True):
        if isinstance(outcome, SessionConflict):
            receipt.failures.append(_parted(past[-1][1]))
        elif isinstance(outcome, StorageError):
            receipt.failures.append(str(outcome))
        else:
            receipt.count(outcome, fresh=outcome == len(past))


def _copy_present(
    source: SessionStorageProvider, target: SessionStorageProvider, session_ids: Sequence[str], receipt: CopyReceipt
) -> None:
    """Copy sessions as they are now."""
    for session_id in session_ids:
        try:
            session = source.load(session_id)
            fresh = not target.session_ids_like(session.user_id, session_id, limit=1)
            target.save(dataclasses.replace(session, revision=None), "copy")
        except SessionNotFound:
            continue
        except SessionInTrash as error:
            receipt.failures.append(str(error))
        except SessionConflict:
            receipt.failures.append(_parted(session))
        except (SessionDamaged, InvalidSession) as error:
            receipt.failures.append(str(error))
        else:
            receipt.count(int(fresh), fresh=fresh)


def _copy_drafts(source: SessionStorageProvider, target: SessionStorageProvider, receipt: CopyReceipt) -> None:
    """Copy unsaved texts, unless the target has one in that place or not that session."""
    there = {(draft.session_id, draft.row_id) for draft in target.drafts(receipt.user_id)}
    for draft in source.drafts(receipt.user_id):
        if (draft.session_id, draft.row_id) not in there:
            with suppress(SessionNotFound):
                target.put_draft(draft.session_id, draft.row_id, draft.text)
                receipt.drafts += 1


def _parted(session: Session) -> str:
    """Return why a session is left as it is."""
    title = clean_line(session.title, 60)
    return f"{title} ({session.id}) was changed in both stores, not alike; each keeps its own."
