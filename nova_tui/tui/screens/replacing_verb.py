"""ReplacingVerb: replaces hits in the sessions where they were found."""

from __future__ import annotations

from collections.abc import Sequence

from nova_tui.domain.errors import DialogError, InvalidSession, PatternError
from nova_tui.domain.session import Session
from nova_tui.services.replacing import Hit, with_replaced
from nova_tui.tui.screens.hit_finder import Place


class ReplacingVerb:
    """Changes a session by the hits that were found in it."""

    def __init__(self, places: Sequence[Place]) -> None:
        self._hits: dict[str, list[Hit]] = {}
        for place in places:
            self._hits.setdefault(place.session_id, []).append(place.hit)

    @property
    def session_ids(self) -> list[str]:
        """The sessions with hits, in the order they were found."""
        return list(self._hits)

    def __call__(self, session: Session) -> Session:
        """Replace; raise InvalidSession where a row is not any more what was looked through."""
        try:
            dialog = with_replaced(session.dialog, self._hits.get(session.id, ()))
        except (PatternError, DialogError) as error:
            raise InvalidSession("a row with a hit was changed meanwhile; search again") from error
        return session if dialog is session.dialog else session.with_dialog(dialog)
