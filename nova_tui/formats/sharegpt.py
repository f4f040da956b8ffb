"""ShareGPT: training conversations as turns with `from` and `value`; a list, JSON lines, or one conversation.

Keys and names of speakers vary; those of FastChat, axolotl (docs/dataset-formats/conversation.qmd) and LLaMA-Factory
(where an observation is what a tool answered) are known.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any, Final

from nova_tui.domain.row import Role, Row
from nova_tui.domain.safe_text import to_json
from nova_tui.domain.session import Session
from nova_tui.formats.dataset import dataset_records, json_list
from nova_tui.formats.drafting import Draft
from nova_tui.formats.format import Conversation, Exported, Exporter, Importer, Reading, Receipt
from nova_tui.formats.source import Record, Source
from nova_tui.formats.values import as_json, as_list, as_mapping, as_text, parsed, text_or_none, without

NAME: Final = "sharegpt"
_KEYS: Final = ("conversations", "conversation", "items", "messages")
_USERS: Final = ("human", "user")
_ASSISTANTS: Final = ("gpt", "assistant", "chatgpt", "bard", "bing", "model")
_CALLS: Final = ("function_call", "tool_call")
_RESULTS: Final = ("observation", "tool", "function", "function_response", "tool_response")
_SPEAKERS: Final = {Role.USER: "human", Role.ASSISTANT: "gpt", Role.SYSTEM: "system"}


class ShareGPTImporter(Importer):
    """Reads ShareGPT conversations."""

    name = NAME
    title = "ShareGPT conversations"
    extensions = (".json", ".jsonl")

    def matches(self, source: Source) -> bool:
        """Look for objects that hold a list of turns."""
        return source.kind in ("json", "jsonl") and any(_turns(item) for item in source.mappings)

    def read(self, source: Source, reading: Reading, receipt: Receipt) -> Iterator[Conversation]:
        """Yield one conversation a record."""
        for record, where in dataset_records(source):
            turns = _turns(record.value) if isinstance(record.value, dict) else []
            if turns:
                yield _conversation(record, turns, source, reading)
            else:
                receipt.losses.append(f"{where} holds no list of turns")


def _turns(item: dict[str, Any]) -> list[Any]:
    """Return the turns of a record, empty when it has none."""
    for key in _KEYS:
        turns = as_list(item.get(key))
        if any("from" in as_mapping(turn) and "value" in as_mapping(turn) for turn in turns[:5]):
            return turns
        # the messages of a request are another format's
        if key != "messages" and any(
            "role" in as_mapping(turn) and "content" in as_mapping(turn) for turn in turns[:5]
        ):
            return turns
    return []


def _conversation(record: Record, turns: list[Any], source: Source, reading: Reading) -> Conversation:
    """Read one conversation."""
    item = record.value
    draft = Draft(NAME, source, reading, record.number)
    own_id = item.get("id") if isinstance(item.get("id"), str | int) else None
    draft.note_origin(source_id=None if own_id is None else str(own_id))
    system = item.get("system")
    if isinstance(system, str) and system.strip():
        draft.add(Role.SYSTEM, system)
    for index, turn in enumerate(turns):
        _add_turn(draft, turn, index)
    title = text_or_none(item.get("title")) or (None if own_id is None else text_or_none(str(own_id)))
    return draft.finish(title=title, raw=without(item, "system", *_KEYS))


def _add_turn(draft: Draft, turn: Any, index: int) -> None:
    """Add the row of a turn."""
    if not isinstance(turn, dict):
        draft.losses.append(f"turn {index + 1} is no mapping and was left out")
        return
    speaker = as_text(turn.get("from", turn.get("role"))).lower()
    value = turn.get("value", turn.get("content"))
    text = value if isinstance(value, str) else "" if value is None else as_json(value)
    common: dict[str, Any] = {"src_index": index, "raw": turn}
    if speaker in _USERS or speaker in _ASSISTANTS or speaker == "system":
        role = Role.USER if speaker in _USERS else Role.ASSISTANT if speaker in _ASSISTANTS else Role.SYSTEM
        weight = turn.get("weight") if isinstance(turn.get("weight"), int | float) else None
        draft.add(role, text, counted=None if text else "empty", weight=weight, **common)
    elif speaker in _CALLS:
        call = as_mapping(parsed(text))
        name = as_text(call.get("name")) or "function"
        draft.add_call(name, call.get("arguments", call.get("parameters")) if call else text, **common)
    elif speaker in _RESULTS:
        draft.add_result(text, **common)
    else:
        draft.add(Role.SYSTEM, text, kind="hidden", source_role=speaker or None, **common)


# -- writing --------------------------------------------------------------------------------------------------------


class ShareGPTExporter(Exporter):
    """Writes a list of conversations with turns."""

    name = NAME
    title = "ShareGPT conversations"
    extension = ".json"
    dataset = True
    escapes = True

    def write(self, sessions: Iterable[Session], hidden: bool, receipt: list[Exported]) -> Iterator[str]:
        """Yield the file, conversation by conversation."""
        yield from json_list(to_json(value, 2) for value in self._values(sessions, hidden, receipt))

    def _values(self, sessions: Iterable[Session], hidden: bool, receipt: list[Exported]) -> Iterator[dict[str, Any]]:
        """Yield each session as a conversation."""
        for session in sessions:
            chosen, entry = self.chosen(session, hidden, receipt)
            turns = [turn for row in chosen.dialog.rows if (turn := _turn(row, entry)) is not None]
            yield {"id": session.id, "conversations": turns}


def _turn(row: Row, entry: Exported) -> dict[str, Any] | None:
    """Return the turn of a row; None where the format has no place for it."""
    if row.images:
        entry.losses.append(f"{len(row.images)} images of a row have no place in this format")
    if row.hidden and row.kind in ("thinking", "event"):
        entry.rows, entry.hidden = entry.rows - 1, entry.hidden + 1
        return None
    if row.hidden and row.kind == "tool_result":
        return {"from": "observation", "value": row.text}
    if row.hidden and row.kind == "tool_call" and row.function_calls:
        call = row.function_calls[0]
        told = {"name": call.function_name, "arguments": call.parameters}
        return {"from": "function_call", "value": json.dumps(told, ensure_ascii=False)}
    return {"from": _SPEAKERS[row.role], "value": row.text}
