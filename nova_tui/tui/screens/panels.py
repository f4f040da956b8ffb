"""Panels: opens each panel for what is chosen, and carries out what the person does there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from textual import work

from nova_tui.domain.session import Session
from nova_tui.tui.reporting import reporting
from nova_tui.tui.screens.panel_commands import PanelHost
from nova_tui.tui.session_changes import SessionChanges, Step
from nova_tui.tui.storage_worker import StorageWorker
from nova_tui.tui.type_ahead import hold_keys, release_keys

if TYPE_CHECKING:
    from nova_tui.domain.lint import Finding
    from nova_tui.tui.screens.compare_screen import Side


class Panels(PanelHost):
    """Every panel begins with a session that was read on the storage thread."""

    def __init__(self, storage: StorageWorker) -> None:
        super().__init__()
        self._storage = storage
        self._changes = SessionChanges(storage)

    async def read_meant(self) -> Session | None:
        """Read the session that is meant; keys wait until its panel is there."""
        session_id = self.meant
        if session_id is None:
            release_keys(self)
            return None
        try:
            return await self.read_session(session_id)
        except BaseException:
            release_keys(self)
            raise

    async def read_session(self, session_id: str) -> Session:
        """Read a session."""
        return await self._storage.read(lambda library: library.store.load(session_id))

    async def change_session(self, session: Session, verb: Callable[[Session], Session], note: str) -> Session | None:
        """Change a session as one step of undo, and show it; None where somebody changed the same thing."""
        return await self.bench.change(session, verb, note=lambda: note)

    async def step_back(self, session_id: str) -> None:
        """Take the last change of a session back, from within a panel."""
        self.show_step(await self._changes.undo(session_id), "There is nothing to undo.")

    def show_step(self, step: Step | None, nothing: str) -> None:
        """Show what undo or redo did."""
        raise NotImplementedError

    def go_to_row(self, session_id: str, row_id: str) -> None:
        """Show a row of a session, and go there."""
        hold_keys(self)
        self.add_class("-reading")
        self.bench.open(session_id, row_id)

    # -- the person's own editor -------------------------------------------------------------------------------------

    def action_open_in_editor(self) -> None:
        """Open the chosen rows, or a whole session."""
        hold_keys(self)
        self._edit_externally(self.meant_rows or None)

    def action_session_in_editor(self) -> None:
        """Open a whole session."""
        hold_keys(self)
        self._edit_externally(None)

    @work
    async def _edit_externally(self, row_ids: Sequence[str] | None) -> None:
        """Run the editor and look at what comes back."""
        from nova_tui.tui.screens.external_editing import ExternalEditing  # noqa: PLC0415  not at the start

        with reporting(self):
            await self.bench.keep_drafts()
            session = await self.read_meant()
            if session is not None:
                await ExternalEditing(self.app, self.bench, session, row_ids).run()
        release_keys(self)

    # -- inspectors --------------------------------------------------------------------------------------------------

    def action_inspect_row(self) -> None:
        """Show everything about the row under the cursor."""
        hold_keys(self)
        self._inspect(self.bench.dialog.view.current_row_id)

    def action_inspect_session(self) -> None:
        """Show everything about the session."""
        hold_keys(self)
        self._inspect(None)

    @work
    async def _inspect(self, row_id: str | None) -> None:
        """Show a tree of the row or the session; what is changed there is stored at once."""
        from nova_tui.tui.screens.inspecting_desk import InspectingDesk  # noqa: PLC0415  not at the start
        from nova_tui.tui.screens.inspector_screen import InspectorScreen  # noqa: PLC0415  as said above

        with reporting(self):
            session = await self.read_meant()
            if session is None:
                return
            desk = InspectingDesk(self, session, row_id)
            screen = InspectorScreen(desk.inspected(session), desk.title, desk, read_only=self.desk.read_only)
            await self.app.push_screen_wait(screen)
        release_keys(self)

    # -- lint --------------------------------------------------------------------------------------------------------

    def action_lint_session(self) -> None:
        """Look for what is wrong."""
        hold_keys(self)
        self._lint()

    @work
    async def _lint(self) -> None:
        """Show the findings; go to the row that is chosen."""
        from nova_tui.domain.lint import mend  # noqa: PLC0415  not at the start
        from nova_tui.services.linting import mending_note  # noqa: PLC0415  as said above
        from nova_tui.tui.screens.lint_screen import LintScreen  # noqa: PLC0415  as said above

        with reporting(self):
            session = await self.read_meant()
            if session is None:
                return
            here = session.id

            async def mended(findings: Sequence[Finding]) -> None:
                with reporting(self):
                    await self.change_session(session, lambda now: mend(now, findings), mending_note(len(findings)))

            async def taken_back() -> None:
                with reporting(self):
                    await self.step_back(here)

            screen = LintScreen(
                session, mended, taken_back, lambda: self.read_session(here), read_only=self.desk.read_only
            )
            row_id = await self.app.push_screen_wait(screen)
            if row_id is not None:
                self.go_to_row(here, row_id)

    # -- the past ----------------------------------------------------------------------------------------------------

    def action_show_history(self) -> None:
        """Walk the revisions."""
        hold_keys(self)
        self._walk_history()

    @work
    async def _walk_history(self) -> None:
        """Show the revisions; go back to the one that is chosen."""
        from nova_tui.services.past import gone_back  # noqa: PLC0415  not at the start
        from nova_tui.tui.screens.history_screen import HistoryScreen  # noqa: PLC0415  as said above

        with reporting(self):
            session = await self.read_meant()
            if session is None:
                return
            here = session.id
            answer: int | tuple[int, int] | None = None
            while True:
                revisions = await self._storage.read(lambda library: library.store.history(here))
                at = answer[1] if isinstance(answer, tuple) else None
                screen = HistoryScreen(self._storage, session, revisions, read_only=self.desk.read_only, at=at)
                answer = await self.app.push_screen_wait(screen)
                if not isinstance(answer, tuple):
                    break
                await self._compare_revisions(here, *answer, newest=revisions[0].number)
            if answer is None:
                return
            number = answer
            then = await self._storage.read(lambda library: library.store.load(here, number))
            note = f"restore revision {number}"
            if await self.change_session(session, lambda present: gone_back(present, then), note) is not None:
                self.app.notify(f"Revision {number:,} is back. u takes that back.", markup=False)

    async def _compare_revisions(self, session_id: str, older: int, newer: int, *, newest: int) -> None:
        """Show two revisions side by side; rows can be copied into what is now."""
        from nova_tui.tui.screens.compare_screen import Side  # noqa: PLC0415  not at the start

        before, after = await self._storage.read(
            lambda library: [library.store.load(session_id, number) for number in (older, newer)]
        )
        now = newer == newest
        right = Side(f"revision {newer:,}{' (now)' if now else ''} · {after.title}", after, fixed=not now)
        await self.compare(Side(f"revision {older:,} · {before.title}", before, fixed=True), right)

    async def compare(self, left: Side, right: Side) -> None:
        """Show two sides; what is copied across is stored at once."""
        from nova_tui.tui.screens.compare_screen import CompareScreen  # noqa: PLC0415  not at the start

        async def store(session: Session, verb: Callable[[Session], Session], note: str) -> Session | None:
            with reporting(self):
                return await self.change_session(session, verb, note)
            return None

        async def step_back(session_id: str) -> None:
            with reporting(self):
                await self.step_back(session_id)

        if self.desk.read_only:
            left, right = replace(left, fixed=True), replace(right, fixed=True)
        await self.app.push_screen_wait(CompareScreen(left, right, store, step_back, self.read_session))
