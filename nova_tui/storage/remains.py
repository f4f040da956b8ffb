"""What can still be read of a damaged session, and which of its rows are not to be trusted."""

from __future__ import annotations

from dataclasses import dataclass

from nova_tui.domain.errors import SessionDamaged
from nova_tui.domain.row import Row
from nova_tui.domain.session import Session


@dataclass(frozen=True, slots=True)
class Remains:
    """A session as far as it can be read; all of it where nothing is damaged."""

    session: Session
    doubtful: tuple[Row, ...] = ()
    """Rows that are not what was stored."""
    reason: str = ""
    """What is wrong with them."""

    @property
    def note(self) -> str:
        """What a revision that is written over damaged rows says of them."""
        if not self.doubtful:
            return ""
        named = ", ".join(row.id for row in self.doubtful[:3]) + (", \u2026" if len(self.doubtful) > 3 else "")
        return f"; damaged, and kept as read in revision {self.session.revision}: row {named}"

    def vouch(self, session: Session) -> Session:
        """Return an earlier or later state of the session; raise SessionDamaged where it holds a damaged row."""
        if self.holds_doubtful(session):
            raise SessionDamaged(session.id, self.reason)
        return session

    def holds_doubtful(self, session: Session) -> bool:
        """Tell whether a state of the session holds a damaged row."""
        rows = {id(row) for row in self.doubtful}
        return bool(rows) and any(id(row) in rows for row in session.dialog.rows)
