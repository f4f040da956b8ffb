"""The native format in files: `.json` (one session or a list), `.jsonl` (one a line), `.yaml` (one a document).

The format itself is nova_tui.domain.native's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from nova_tui.domain.errors import FormatError, InvalidSession
from nova_tui.domain.ids import derived_session_id
from nova_tui.domain.native import is_native, session_from_mapping, session_to_mapping
from nova_tui.domain.safe_text import to_json
from nova_tui.domain.session import OWN_KEY, Session
from nova_tui.domain.times import to_text
from nova_tui.formats.format import Conversation, Counts, Exported, Exporter, Importer, Reading, Receipt
from nova_tui.formats.source import Record, Source
from nova_tui.formats.values import as_list, as_mapping
from nova_tui.yamlio import write_yaml

NAME: Final = "nova"
_KEY: Final = re.compile(r"""^(?:-[ ]+)?["']?nova_tui["']?[ ]*:""", re.MULTILINE)
_COUNTED: Final = {"tool_call": "tool", "tool_result": "tool", "thinking": "thinking"}


class NovaImporter(Importer):
    """Reads sessions that nova-tui wrote, or a person in its format."""

    name = NAME
    title = "nova-tui sessions"
    extensions = (".json", ".jsonl", ".yaml", ".yml")

    def matches(self, source: Source) -> bool:
        """Look for mappings with `nova_tui` and `dialog`."""
        if source.kind == "yaml":
            return _KEY.search(source.text) is not None
        return any(is_native(item) for item in source.mappings)

    def read(self, source: Source, reading: Reading, receipt: Receipt) -> Iterator[Conversation]:
        """Yield the sessions as they were, now the importing user's."""
        for record in source.entries():
            where = f"session {record.number}" if source.kind != "jsonl" else f"line {record.number}"
            if not is_native(record.value):
                receipt.losses.append(f"{where} is not a session in the native format")
                continue
            try:
                yield _conversation(record, source, reading)
            except InvalidSession as error:
                if source.single:
                    raise FormatError(error.reason) from error
                receipt.losses.append(f"{where}: {error.reason}")


def _conversation(record: Record, source: Source, reading: Reading) -> Conversation:
    """Read one session."""
    notes: list[str] = []
    session = session_from_mapping(
        record.value,
        user_id=reading.user_id,
        new_id=lambda: derived_session_id(reading.user_id, NAME, f"sha256:{source.sha256}:{record.number}"),
        note=notes.append,
        at=source.modified or reading.at,
    )
    if session.user_id != reading.user_id:
        session = _handed_over(session, record, source, reading)
    return Conversation(session, counts_of(session), tuple(notes))


def _handed_over(session: Session, record: Record, source: Source, reading: Reading) -> Session:
    """Return the session as the importing user's, its former owner noted."""
    origin = as_mapping(session.own.get("import")) or {
        "format": NAME,
        "file": source.name,
        "sha256": source.sha256,
        "record": record.number,
        "source_id": session.id,
        "imported_at": to_text(reading.at),
    }
    own = {**session.own, "import": {**origin, "owner": session.user_id}}
    return replace(session, user_id=reading.user_id, app_data={**session.app_data, OWN_KEY: own})


def counts_of(session: Session) -> Counts:
    """Count the rows of a session."""
    counts = Counts(session.typed_title or "")
    for row in session.dialog.rows:
        counts.add((_COUNTED.get(row.kind or "", "hidden")) if row.hidden else row.role.value)
        counts.images += len(row.images or ())
    for branch in as_list(session.own.get("branches")):
        counts.offpath += len(as_list(as_mapping(branch).get("rows")))
    return counts


# -- writing --------------------------------------------------------------------------------------------------------


class _NovaExporter(Exporter):
    """What the native exporters share."""

    lossless = True

    def mappings(
        self, sessions: Iterable[Session], hidden: bool, receipt: list[Exported]
    ) -> Iterator[Mapping[str, Any]]:
        """Yield the sessions in native form."""
        for session in sessions:
            chosen, _entry = self.chosen(session, hidden, receipt)
            yield session_to_mapping(chosen)


class NovaJsonExporter(_NovaExporter):
    """Writes one session as one JSON object, several as a list."""

    escapes = True
    name = "nova-json"
    title = "nova-tui sessions, one JSON value"
    extension = ".json"

    def write(self, sessions: Iterable[Session], hidden: bool, receipt: list[Exported]) -> Iterator[str]:
        """Yield the file, session by session."""
        mappings = self.mappings(sessions, hidden, receipt)
        first, second = next(mappings, None), next(mappings, None)
        if first is not None and second is None:
            yield to_json(first, 2) + "\n"
            return
        yield "["
        if first is not None and second is not None:
            yield "\n" + to_json(first, 2) + ",\n" + to_json(second, 2)
        for mapping in mappings:
            yield ",\n" + to_json(mapping, 2)
        yield "\n]\n"


class NovaJsonlExporter(_NovaExporter):
    """Writes one session a line."""

    escapes = True
    name = "nova-jsonl"
    title = "nova-tui sessions, one JSON object a line"
    extension = ".jsonl"

    def write(self, sessions: Iterable[Session], hidden: bool, receipt: list[Exported]) -> Iterator[str]:
        """Yield the file, line by line."""
        for mapping in self.mappings(sessions, hidden, receipt):
            yield to_json(mapping) + "\n"


class NovaYamlExporter(_NovaExporter):
    """Writes one session a document, for reading and editing by hand."""

    name = "nova-yaml"
    title = "nova-tui sessions in YAML"
    extension = ".yaml"

    def __init__(self, escapes: bool = False) -> None:
        self.escapes = escapes

    def for_terminal(self) -> NovaYamlExporter:
        """Return the exporter that quotes texts with characters which a terminal would obey."""
        return NovaYamlExporter(escapes=True)

    def write(self, sessions: Iterable[Session], hidden: bool, receipt: list[Exported]) -> Iterator[str]:
        """Yield the file, document by document."""
        for index, mapping in enumerate(self.mappings(sessions, hidden, receipt)):
            yield ("---\n" if index else "") + write_yaml(mapping, escape=self.escapes)
