"""Performing: from a session's id to the player, by way of the review of what looks like a secret."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from textual.app import App

from nova_tui.domain.errors import SessionConflict
from nova_tui.domain.session import Session
from nova_tui.performing.masks import with_masks
from nova_tui.performing.performance import Performance
from nova_tui.performing.script import Script
from nova_tui.performing.secrets import unreviewed
from nova_tui.tui import messages
from nova_tui.tui.panes.workbench import Workbench
from nova_tui.tui.screens.note_sender import NoteSender
from nova_tui.tui.screens.player_desk import Desk
from nova_tui.tui.screens.player_screen import PlayerScreen
from nova_tui.tui.screens.secrets_screen import SecretsScreen
from nova_tui.tui.storage_worker import StorageWorker
from nova_tui.tui.type_ahead import release_keys

SLOW = 0.5
"""Seconds that preparing may take before the screen says so."""


@dataclass(frozen=True, slots=True)
class PlayWish:
    """What is to be performed, how, and with which script."""

    session_id: str
    desk: Desk = field(default_factory=Desk)
    script: Script | None = None


class Performer:
    """Plays sessions of a store; what is changed on stage goes the way of all changes."""

    def __init__(
        self,
        app: App[None],
        storage: StorageWorker,
        bench: Workbench,
        *,
        read_only: bool,
        record: Callable[[Performance], object] | None = None,
    ) -> None:
        self._app, self._storage, self._bench, self._read_only = app, storage, bench, read_only
        self._record = record

    async def play(self, wish: PlayWish) -> None:
        """Perform a session until the person leaves; call it in a worker."""
        desk = wish.desk
        slow = self._app.set_timer(
            SLOW, lambda: self._app.notify("Preparing the performance…", timeout=2, markup=False)
        )
        try:
            session = await self._storage.read(lambda library: library.store.load(wish.session_id))
            performance = await asyncio.to_thread(Performance.of, session, wish.script)
        finally:
            slow.stop()
        if not performance.scene.rows:
            release_keys(self._bench)
            self._app.notify(f"There is nothing to play: {performance.left_out()}", markup=False)
            return
        reviewed = await self.review(performance)
        if reviewed is None:
            return
        if self._app.animation_level == "none":
            desk = replace(desk, instant=True)
        if not self._read_only:
            desk = replace(desk, keep=self._keep, draft=self._draft, check=self._check)
        notes = NoteSender(session.id, lambda sentence: self._app.call_from_thread(self._tell_problem, sentence))
        await self._app.push_screen_wait(PlayerScreen(reviewed, replace(desk, tell=notes.tell, record=self._record)))

    def _tell_problem(self, sentence: str) -> None:
        """Say why the notes in another terminal do not follow."""
        self._app.notify(f"Notes elsewhere cannot follow: {sentence}", severity="warning", markup=False)

    async def _check(self, performance: Performance) -> Performance:
        """Have a person look at what they wrote on stage; what they do not decide about stays covered for now."""
        reviewed = await self.review(performance) or performance
        left = await asyncio.to_thread(unreviewed, reviewed.scene, reviewed.session)
        if not left:
            return reviewed
        self._app.notify("What looks like a secret stays covered in this performance.", markup=False)
        masks = [*reviewed.masks, *(finding.mask(everywhere=True) for finding in left)]
        return await asyncio.to_thread(reviewed.with_masks, masks)

    async def review(self, performance: Performance) -> Performance | None:
        """Let the person decide about what looks like a secret; None when they go back."""
        findings = await asyncio.to_thread(unreviewed, performance.scene, performance.session)
        if not findings:
            return performance
        review = await self._app.push_screen_wait(SecretsScreen(findings, performance.scene))
        if review is None:
            return None
        if not review.masks and not review.reviewed:
            return performance
        if self._read_only:
            return await asyncio.to_thread(performance.with_masks, [*performance.masks, *review.masks])
        stored = await self._bench.change(
            performance.session, lambda session: with_masks(session, review.masks, review.reviewed), anew=True
        )
        return None if stored is None else await asyncio.to_thread(performance.with_session, stored)

    async def _keep(self, session: Session, row_id: str, seen: str, text: str) -> Session | None:
        """Store the text of a row, unless somebody else changed it meanwhile (the screen then asks what to do)."""

        def edit(latest: Session) -> Session:
            mine = latest.with_dialog(latest.dialog.replace_text(row_id, text))
            if latest.dialog.row(row_id).text != seen:
                raise SessionConflict(latest.id, latest.revision, session.revision, theirs=latest, mine=mine)
            return mine

        stored = await self._bench.change(session, edit)
        if stored is not None:
            self._bench.dialog.row_edited(stored.id, row_id)
        return stored

    def _draft(self, session_id: str, row_id: str, text: str | None) -> None:
        """Keep what is typed and not stored, where the dialog finds it too."""
        if text is not None:
            self._bench.dialog.put_draft(session_id, row_id, text)
        self._bench.post_message(messages.DraftChanged(session_id, row_id, text))
