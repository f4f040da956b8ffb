"""What a chat format is: an importer, an exporter, or both; and what is said about each conversation.

Importers and exporters are pure: an importer gets a Source and gives conversations, an exporter gets sessions and gives
text. Neither opens a file, prints, or knows a store.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from nova_tui.domain.errors import FormatError
from nova_tui.domain.row import Row
from nova_tui.domain.session import Session
from nova_tui.formats.source import Source

Note = Callable[[str], None]
"""Takes one sentence."""


@dataclass(slots=True)
class Counts:
    """What one conversation of a source holds, as its importer read it.

    `user`, `assistant` and `system` count what its readers saw (and the instructions they gave); `hidden` what the
    source hides from them; `tool` calls and results; `thinking` reasoning; `empty` messages without text, image or
    attachment; `offpath` messages on other branches.
    """

    title: str = ""
    user: int = 0
    assistant: int = 0
    system: int = 0
    hidden: int = 0
    tool: int = 0
    thinking: int = 0
    empty: int = 0
    offpath: int = 0
    images: int = 0

    def add(self, name: str, count: int = 1) -> None:
        """Count under one of the names."""
        setattr(self, name, getattr(self, name) + count)

    def to_mapping(self) -> dict[str, Any]:
        """Return the counts as JSON values, in the order of the names."""
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class Conversation:
    """One session that an importer read, with what a person should know about it."""

    session: Session
    counts: Counts
    notes: tuple[str, ...] = ()
    """What was filled in or mended."""
    losses: tuple[str, ...] = ()
    """What could not be kept."""
    empty: bool = False
    """Whether the source has nothing to show here, so that there is no point in keeping the session."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How an importer reads: for whom, when, and what becomes of branches."""

    user_id: str
    at: datetime
    """The time of the import."""
    branches: bool = False
    """Whether every branch becomes a session of its own."""


@dataclass(slots=True)
class Receipt:
    """What is said about a whole source; the conversations carry their own."""

    format: str = ""
    notes: list[str] = field(default_factory=list)
    losses: list[str] = field(default_factory=list)
    conversations: list[Conversation] = field(default_factory=list)

    @property
    def sessions(self) -> list[Session]:
        """The sessions that were read."""
        return [conversation.session for conversation in self.conversations]


class Importer(ABC):
    """Reads one chat format."""

    name: str
    """The name that the command line and the provenance use."""
    title: str
    """What a person calls it."""
    extensions: tuple[str, ...] = ()
    """Usual endings of such files; they decide only where the content could be several formats."""

    @abstractmethod
    def matches(self, source: Source) -> bool:
        """Tell from the content whether this is the format; raise FormatError for a known one that is not read yet."""

    @abstractmethod
    def read(self, source: Source, reading: Reading, receipt: Receipt) -> Iterator[Conversation]:
        """Yield the conversations; what concerns the whole source goes into the receipt.

        A source that cannot be used raises FormatError before the first conversation; a record that cannot be used is
        passed over and named among the receipt's losses.
        """


def read_source(importer: Importer, source: Source, reading: Reading) -> Receipt:
    """Read everything at once; raise FormatError when there is no conversation in it."""
    receipt = Receipt(importer.name)
    receipt.conversations.extend(conversations(importer, source, reading, receipt))
    return receipt


def conversations(importer: Importer, source: Source, reading: Reading, receipt: Receipt) -> Iterator[Conversation]:
    """Yield what the importer reads; raise FormatError when that is nothing; say what was replaced."""
    count = 0
    for conversation in importer.read(source, reading, receipt):
        count += 1
        yield conversation
    if source.replaced:
        receipt.losses.append(
            f"{source.replaced} characters that no database holds (NUL, halves of surrogate pairs) were replaced"
        )
    if not count:
        reasons = (*receipt.losses, *receipt.notes, f"there is no conversation in it ({importer.title})")
        raise FormatError(reasons[0])


# -- exporting ------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Exported:
    """What one session gave to an export."""

    session_id: str
    title: str
    rows: int = 0
    """Rows written."""
    hidden: int = 0
    """Hidden rows left out."""
    excluded: int = 0
    """Rows left out because their author excluded them from data sets."""
    losses: list[str] = field(default_factory=list)

    def to_mapping(self) -> dict[str, Any]:
        """Return it as JSON values."""
        return {
            "id": self.session_id,
            "title": self.title,
            "rows": self.rows,
            "hidden_left_out": self.hidden,
            "excluded_left_out": self.excluded,
            "losses": self.losses,
        }


class Exporter(ABC):
    """Writes one chat format."""

    name: str
    title: str
    extension: str
    """The ending of such files, with its dot."""
    lossless: bool = False
    """Whether reading what was written gives equal sessions."""
    dataset: bool = False
    """Whether the format trains models: rows excluded from data sets are left out."""
    escapes: bool = False
    """Whether control and bidi characters are written as escapes, so that a terminal can show the text as it is."""
    hidden_by_default: bool = True
    """Whether hidden rows are written unless somebody says otherwise."""

    @abstractmethod
    def write(self, sessions: Iterable[Session], hidden: bool, receipt: list[Exported]) -> Iterator[str]:
        """Yield the text of a file that holds the sessions, and put what each of them gave into the receipt."""

    def for_terminal(self) -> Exporter:
        """Return the exporter to use where the text may end up on a terminal."""
        return self

    def chosen(self, session: Session, hidden: bool, receipt: list[Exported]) -> tuple[Session, Exported]:
        """Return the session with the rows to write, and its entry in the receipt."""
        entry = Exported(session.id, session.title)
        receipt.append(entry)
        rows: list[Row] = []
        for row in session.dialog.rows:
            if self.dataset and row.excluded:
                entry.excluded += 1
            elif row.hidden and not hidden:
                entry.hidden += 1
            else:
                rows.append(row)
        entry.rows = len(rows)
        if len(rows) != len(session.dialog.rows):
            session = replace(session, dialog=replace(session.dialog, rows=tuple(rows)))
        return session, entry
