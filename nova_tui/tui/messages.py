"""Messages between panes and screens; they carry ids and values, never widgets."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual.message import Message

from nova_tui.domain.row import Role, Row
from nova_tui.domain.session import Session
from nova_tui.services.row_verbs import Rearranged, RowVerb


class ChangeSession(Message):
    """Asks for a change of the open session by a verb of the model."""

    def __init__(self, verb: Callable[[Session], Session]) -> None:
        super().__init__()
        self.verb = verb


class ChangeRows(Message):
    """Asks for a verb on rows of a session, as one change; `done` is told what it did, once that is shown."""

    def __init__(self, session_id: str, verb: RowVerb, done: Callable[[Rearranged], None] | None = None) -> None:
        super().__init__()
        self.session_id, self.verb, self.done = session_id, verb, done


class MakeSession(Message):
    """Asks for a new session that is made of one, and to go there; `told` is what the person is told then."""

    def __init__(self, session_id: str, make: Callable[[Session], Session], note: str, told: str) -> None:
        super().__init__()
        self.session_id, self.make, self.note, self.told = session_id, make, note, told


class AddRow(Message):
    """Asks for a new row at the end of a session."""

    def __init__(self, session_id: str, role: Role, text: str, hidden: bool) -> None:
        super().__init__()
        self.session_id, self.role, self.text, self.hidden = session_id, role, text, hidden


class RestoreSession(Message):
    """Asks for a session to be taken out of the trash."""

    def __init__(self, session_id: str) -> None:
        super().__init__()
        self.session_id = session_id


class EditRow(Message):
    """Asks for a row as it was typed, cut in two before `split_at`; `seen` is what the person began with."""

    def __init__(self, session_id: str, seen: Row, row: Row, split_at: int | None = None) -> None:
        super().__init__()
        self.session_id, self.seen, self.row, self.split_at = session_id, seen, row, split_at


class DraftChanged(Message):
    """Unsaved text of a row (at the end, where `row_id` is empty) is another now, or None."""

    def __init__(self, session_id: str, row_id: str, text: str | None) -> None:
        super().__init__()
        self.session_id, self.row_id, self.text = session_id, row_id, text


class RowLost(Message):
    """The row whose text is being edited is gone; what was typed must not go with it."""

    def __init__(self, session_id: str, role: Role, text: str) -> None:
        super().__init__()
        self.session_id, self.role, self.text = session_id, role, text


class CopyRows(Message):
    """Asks for rows in the clipboard; not all of them may have been read."""

    def __init__(self, row_ids: Sequence[str]) -> None:
        super().__init__()
        self.row_ids = row_ids


class Choose(Message):
    """Asks a person which of a few things is meant (answer, text, note); `done` is told the answer, if there is one."""

    def __init__(self, question: str, choices: Sequence[tuple[str, str, str]], done: Callable[[str], None]) -> None:
        super().__init__()
        self.question, self.choices, self.done = question, choices, done


class ShowOutline(Message):
    """Asks for the outline of the dialog."""


class LeavePane(Message):
    """Asks to go one step back from a pane."""


class RecordSessions(Message):
    """Asks for sessions to be recorded, one after the other."""

    def __init__(self, session_ids: Sequence[str]) -> None:
        super().__init__()
        self.session_ids = session_ids


class StopRecording(Message):
    """Asks for the recording to be stopped."""


class PlaySession(Message):
    """Asks for a session to be performed, from a row on or from the beginning."""

    def __init__(self, session_id: str, row_id: str | None = None) -> None:
        super().__init__()
        self.session_id, self.row_id = session_id, row_id
