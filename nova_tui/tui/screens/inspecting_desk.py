"""InspectingDesk: carries what is changed in an inspector to the store."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nova_tui.domain.errors import NovaError, RowNotFound, SessionNotFound
from nova_tui.domain.row import Row
from nova_tui.domain.safe_text import clean_line
from nova_tui.domain.session import Session
from nova_tui.tui.reporting import reporting
from nova_tui.tui.screens.inspector_screen import Inspected, Verb

if TYPE_CHECKING:
    from nova_tui.tui.screens.panels import Panels


class InspectingDesk:
    """Changes one row of a session, or the session itself."""

    def __init__(self, panels: Panels, session: Session, row_id: str | None) -> None:
        """Inspect a row where an id is given; raise RowNotFound where it is gone."""
        self._panels, self._session, self._row_id = panels, session, row_id
        self.title = f"Session · {clean_line(session.title, 70)}"
        """What is inspected, in words."""
        if row_id is not None:
            row = session.dialog.row(row_id)
            number = session.dialog.position(row_id) + 1
            self.title = f"Row {number:,} of {len(session.dialog.rows):,} · {row.role.value}"

    def inspected(self, session: Session) -> Inspected:
        """Return what of a session is inspected; raise RowNotFound."""
        return session if self._row_id is None else session.dialog.row(self._row_id)

    async def change(self, verb: Verb, note: str) -> Inspected | None:
        """Change and store it as one step of undo."""
        try:
            await self._panels.change_session(self._session, lambda session: self._changed(session, verb), note)
        except NovaError as error:
            self._tell(error)
        return await self._read()

    async def undo(self) -> Inspected | None:
        """Take the last change of the session back."""
        with reporting(self._panels):
            await self._panels.step_back(self._session.id)
        return await self._read()

    def _changed(self, session: Session, verb: Verb) -> Session:
        """Return the session with the row, or itself, changed."""
        changed: Inspected = verb(self.inspected(session))
        if isinstance(changed, Row):
            return session.with_dialog(session.dialog.replace(changed.id, changed))
        return changed

    async def _read(self) -> Inspected | None:
        """Read what is inspected as it is now; None where it is gone."""
        try:
            self._session = await self._panels.read_session(self._session.id)
            return self.inspected(self._session)
        except (SessionNotFound, RowNotFound) as error:
            self._tell(error)
        return None

    def _tell(self, error: NovaError) -> None:
        """Say what went wrong."""
        with reporting(self._panels):
            raise error
