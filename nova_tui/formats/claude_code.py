"""Claude Code's session logs: JSON lines below `~/.claude/projects`, and web sessions (`{"loglines": […]}`).

The dialog is the main chain in the order of the file; what subagents did inside it is kept beside it as branches. A
subagent's own log becomes a session that names its parent. Kinds of records that hold nothing of the conversation are
counted and named. Facts from version 2.1 itself, jazzyalex/agent-sessions (Resources/Fixtures, docs/agent-support),
Sinity/polylogue's schema, d-kimuson/claude-code-viewer and simonw/claude-code-transcripts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any, Final

from nova_tui.domain.errors import FormatError
from nova_tui.formats.claude_code_record import add_record, is_sidechain
from nova_tui.formats.drafting import Draft, branch_of
from nova_tui.formats.format import Conversation, Importer, Reading, Receipt
from nova_tui.formats.log import log_records, note_ignored
from nova_tui.formats.source import Record, Source
from nova_tui.formats.values import as_text, as_time, text_or_none

NAME: Final = "claude-code"
_TITLES: Final = {"summary": "summary", "ai-title": "aiTitle", "custom-title": "customTitle"}
"""Kinds of records that give a title, the weakest first, and their key."""


_BESIDE: Final = ("summary", "custom-title", "ai-title", "last-prompt", "file-history-snapshot", "queue-operation")


class ClaudeCodeImporter(Importer):
    """Reads Claude Code's session logs."""

    name = NAME
    title = "Claude Code session logs"
    extensions = (".jsonl", ".json")

    def matches(self, source: Source) -> bool:
        """Look for records of type user or assistant with a message."""
        if source.kind not in ("json", "jsonl") or source.is_list:
            return False
        items = source.mappings
        if len(items) == 1 and isinstance(items[0].get("loglines"), list):
            return True
        found = any(_is_record(item) or _is_beside(item) for item in items)
        return found and not any("payload" in item for item in items)

    def read(self, source: Source, reading: Reading, receipt: Receipt) -> Iterator[Conversation]:
        """Yield the session, and with branches wanted what each subagent did inside it."""
        records = log_records(source, receipt)
        if len(records) == 1 and isinstance(records[0].value.get("loglines"), list):
            lines = records[0].value["loglines"]
            records = [Record(number, value) for number, value in enumerate(lines, 1) if isinstance(value, dict)]
        records = [record for record in records if not isinstance(record.value.get("type"), dict | list)]
        spoken = [record.value for record in records if _is_record(record.value)]
        subagent = bool(spoken) and all(map(is_sidechain, spoken))
        draft = _draft(source, reading, records, subagent)
        ignored: Counter[str] = Counter()
        for record in records:
            if is_sidechain(record.value) and not subagent:
                continue
            if not add_record(draft, record.value) and as_text(record.value.get("type")) not in _TITLES:
                ignored[as_text(record.value.get("type")) or "unnamed"] += 1
        if not draft.rows and not self.matches(source):
            raise FormatError(f"there is no record of a session in it ({self.title})")
        note_ignored(ignored, draft.notes)
        sides = [] if subagent else _sides(spoken)
        if subagent:
            draft.counts = type(draft.counts)(offpath=len(spoken))
        branches = []
        for root, side in sides:
            draft.counts.offpath += len(side)
            inner = _draft(source, reading, records, False, root)
            for value in side:
                add_record(inner, value)
            if inner.rows:
                branches.append((root, inner))
        parent = _first(records, "sessionId") if subagent else None
        yield draft.finish(
            title=_title(records),
            names_itself=not subagent,
            own={
                "branches": [branch_of(root, None, inner.rows) for root, inner in branches],
                "parent_session": parent,
            },
            tags=("subagent",) if subagent else (),
        )
        if reading.branches:
            for root, inner in branches:
                inner.note_origin(branch={"path": [root], "others": len(branches)})
                yield inner.finish(tags=("subagent",))


def _is_record(value: dict[str, Any]) -> bool:
    """Tell whether a record says something: type user or assistant, and a message with content."""
    return (
        value.get("type") in ("user", "assistant")
        and isinstance(value.get("message"), dict)
        and "content" in value["message"]
    )


def _is_beside(value: dict[str, Any]) -> bool:
    """Tell whether a record is one of those that logs without a message consist of."""
    return value.get("type") in _BESIDE and any(key in value for key in ("sessionId", "leafUuid", "messageId"))


def _first(records: list[Record], key: str) -> str | None:
    """Return the first text under a key."""
    return next((found for record in records if (found := text_or_none(record.value.get(key)))), None)


def _draft(source: Source, reading: Reading, records: list[Record], subagent: bool, branch: str | None = None) -> Draft:
    """Begin the session: its id is the log's own, or where logs were joined the one that names the file."""
    ids = {text_or_none(record.value.get("sessionId")) for record in records}
    stem = source.name.rpartition(".")[0]
    session_id = stem if stem in ids else _first(records, "sessionId")
    if subagent and session_id:
        session_id = f"{session_id}/agent-{_first(records, 'agentId') or stem}"
    times = (as_time(record.value.get("timestamp")) for record in records)
    created = next((time for time in times if time is not None), None)
    draft = Draft(NAME, source, reading, 1, session_id, created=created, branch=branch)
    folder = (_first(records, "cwd") or "").replace("\\", "/").rstrip("/")
    draft.note_origin(
        format_version=_first(records, "version"),
        project=folder.rpartition("/")[2] or None,
        git_branch=_first(records, "gitBranch"),
    )
    return draft


def _title(records: list[Record]) -> str | None:
    """Return the last title of the strongest kind; of summaries, which may name other logs, one of this log first."""
    known = {record.value.get("uuid") for record in records if isinstance(record.value.get("uuid"), str)}
    for kind, key in reversed(_TITLES.items()):
        found = [
            record.value
            for record in records
            if record.value.get("type") == kind and text_or_none(record.value.get(key))
        ]
        own = [value for value in found if as_text(value.get("leafUuid")) in known]
        if found:
            return text_or_none((own or found)[-1].get(key))
    return None


def _sides(spoken: list[dict[str, Any]]) -> list[tuple[str, list[dict[str, Any]]]]:
    """Return what subagents did inside the log: the records of each, by the id of the first."""
    roots: dict[str, str] = {}
    found: dict[str, list[dict[str, Any]]] = {}
    for value in spoken:
        if is_sidechain(value):
            uuid, parent = as_text(value.get("uuid")), as_text(value.get("parentUuid"))
            root = roots.get(parent) or uuid or "sidechain"
            roots[uuid] = root
            found.setdefault(root, []).append(value)
    return list(found.items())
