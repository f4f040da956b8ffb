"""Codex CLI's rollouts: JSON lines below `~/.codex/sessions`, in all their generations.

Messages are taken from `response_item` records; `event_msg` records repeat them and are used only for a role that has
no `response_item` at all. What the program itself put into the user's mouth (environment, instructions) is hidden.
Facts from openai/codex (codex-rs/rollout, codex-rs/protocol), versions 0.63 and 0.169 themselves, and the fixtures of
jazzyalex/agent-sessions and Sinity/polylogue.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Final

from nova_tui.domain.errors import FormatError
from nova_tui.domain.row import Role
from nova_tui.formats.codex_item import Item, add_item, event_message, is_item
from nova_tui.formats.drafting import Draft
from nova_tui.formats.format import Conversation, Importer, Reading, Receipt
from nova_tui.formats.log import log_records, note_ignored
from nova_tui.formats.source import Source
from nova_tui.formats.values import as_list, as_mapping, as_text, as_time, text_or_none

NAME: Final = "codex"
_TYPES: Final = ("session_meta", "response_item", "event_msg", "turn_context", "compacted")
_SILENT: Final = ("session_meta", "turn_context", "event_msg", "compacted", "")


class CodexImporter(Importer):
    """Reads Codex CLI's rollouts."""

    name = NAME
    title = "Codex CLI rollouts"
    extensions = (".jsonl", ".json")

    def matches(self, source: Source) -> bool:
        """Look for records with a payload, or for the lines of the oldest rollouts."""
        if source.kind not in ("json", "jsonl") or source.is_list:
            return False
        items = source.mappings
        if any(item.get("type") in _TYPES and isinstance(item.get("payload"), dict) for item in items):
            return True
        if len(items) == 1 and isinstance(items[0].get("items"), list) and isinstance(items[0].get("session"), dict):
            return True
        # the oldest lines have no envelope: a time, a role or a tool, and somewhere the model
        bare = [item for item in items if "timestamp" in item and "message" not in item]
        return any(item.get("role") in ("user", "assistant") and "content" in item for item in bare) and any(
            "model" in item or item.get("type") in ("tool_call", "tool_result") for item in bare
        )

    def read(self, source: Source, reading: Reading, receipt: Receipt) -> Iterator[Conversation]:
        """Yield the session."""
        items = list(_items(source, receipt))
        meta = next((item.payload for item in items if item.type == "session_meta"), {})
        created = as_time(meta.get("timestamp")) or next((item.time for item in items if item.time), None)
        session_id = text_or_none(meta.get("id")) or text_or_none(meta.get("session_id"))
        draft = Draft(NAME, source, reading, 1, session_id, created=created)
        folder = as_text(meta.get("cwd")).replace("\\", "/").rstrip("/")
        draft.note_origin(
            format_version=text_or_none(meta.get("cli_version")),
            project=folder.rpartition("/")[2] or None,
            git_branch=text_or_none(as_mapping(meta.get("git")).get("branch")),
            model=next((found for item in items if (found := text_or_none(item.payload.get("model")))), None),
            forked_from=text_or_none(meta.get("forked_from_id")),
        )
        spoken = {as_text(item.payload.get("role")) for item in items if is_item(item)}
        ignored: Counter[str] = Counter()
        title = None
        for item in items:
            kind = as_text(item.payload.get("type"))
            if is_item(item):
                if not add_item(draft, item):
                    ignored[kind or "unnamed"] += 1
            elif item.type == "event_msg":
                title = _event(draft, item, kind, spoken) or title
            elif item.type not in _SILENT:
                ignored[item.type] += 1
        if not draft.rows and not self.matches(source):
            raise FormatError(f"there is no record of a rollout in it ({self.title})")
        note_ignored(ignored, draft.notes)
        yield draft.finish(title=title, names_itself=True)


def _items(source: Source, receipt: Receipt) -> Iterator[Item]:
    """Yield the records of a rollout of any generation in one form."""
    records = log_records(source, receipt)
    first = records[0].value
    if len(records) == 1 and isinstance(first.get("items"), list):
        session = as_mapping(first.get("session"))
        yield Item("session_meta", session, as_time(session.get("timestamp")), first)
        for value in as_list(first["items"]):
            if isinstance(value, dict):
                yield Item("response_item", value, as_time(value.get("timestamp")), value)
        return
    for record in records:
        value = record.value
        time = as_time(value.get("timestamp"))
        if isinstance(value.get("payload"), dict):
            yield Item(as_text(value.get("type")), value["payload"], time, value)
        elif "role" in value or as_text(value.get("type")) in ("message", "tool_call", "tool_result", "reasoning"):
            yield Item("response_item", value, time, value)
        else:
            yield Item(as_text(value.get("type")), value, time, value)


def _event(draft: Draft, item: Item, kind: str, spoken: set[str]) -> str | None:
    """Take from an event what no other record has; return a title."""
    if kind == "thread_name_updated":
        return text_or_none(item.payload.get("thread_name")) or text_or_none(item.payload.get("name"))
    if kind == "thread_rolled_back":
        turns = item.payload.get("num_turns")
        users = [place for place, row in enumerate(draft.rows) if row.role is Role.USER and not row.hidden]
        if isinstance(turns, int) and 0 < turns <= len(users):
            draft.hide_from(users[-turns], rolled_back=True)
    event_message(draft, item, kind, spoken)
    return None
