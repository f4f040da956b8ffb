"""OpenAI-style messages: the lingua franca of requests, fine-tuning files, batches and Hugging Face data sets.

Shapes: a list of messages; `{"messages": […]}` (a request or a training example; its other keys are kept); a list or
JSON lines of such objects; batch lines `{"custom_id", "body": {"messages"}}`; preference pairs (`input` with
`preferred_output`, or `chosen` and `rejected`). Sources: OpenAI's API reference (chat completions, batch, supervised
and preference fine-tuning), and `reasoning_content`/`reasoning` as DeepSeek and OpenRouter send it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

from nova_tui.formats.anthropic_block import is_anthropic
from nova_tui.formats.drafting import Draft, branch_of
from nova_tui.formats.format import Conversation, Importer, Reading, Receipt
from nova_tui.formats.openai_message import add_message, is_message
from nova_tui.formats.source import Record, Source
from nova_tui.formats.values import as_list, as_mapping, as_time, text_or_none, without

NAME: Final = "openai"


class OpenAIImporter(Importer):
    """Reads OpenAI-style messages."""

    name = NAME
    title = "OpenAI-style messages"
    extensions = (".json", ".jsonl")

    def matches(self, source: Source) -> bool:
        """Look for messages with a role, or for objects that hold a list of them."""
        items = source.mappings
        # lines that carry a time are some program's log, not a request
        bare = bool(items) and all(is_message(item) and "timestamp" not in item for item in items)
        found = bare or any(_messages(item) is not None for item in items)
        return found and not any(map(is_anthropic, items))

    def read(self, source: Source, reading: Reading, receipt: Receipt) -> Iterator[Conversation]:
        """Yield one conversation a request, an example or a line."""
        records: Iterable[Record] = source.entries()
        if not source.streams or (source.sample and all(map(is_message, source.sample))):
            records = source.all_entries()
            if records and all(is_message(record.value) for record in records):
                yield _conversation(Record(1, {"messages": [record.value for record in records]}), source, reading)
                return
        for record in records:
            where = f"line {record.number}" if source.kind == "jsonl" else f"record {record.number}"
            if not isinstance(record.value, dict) or _messages(record.value) is None:
                receipt.losses.append(f"{where} holds no list of messages")
                continue
            yield _conversation(record, source, reading)


def _messages(item: dict[str, Any]) -> list[Any] | None:
    """Return the messages of a request, an example, a batch line or a preference pair; None for anything else."""
    body = item.get("body")
    for holder, key in (
        (item, "messages"),
        (body, "messages"),
        (item.get("input"), "messages"),
        (item, "chosen"),
    ):
        found = as_mapping(holder).get(key)
        if isinstance(found, list) and any(map(is_message, found[:5])):
            return found
    return None


def _conversation(record: Record, source: Source, reading: Reading) -> Conversation:
    """Read one conversation."""
    item = record.value
    body = as_mapping(item.get("body"))
    messages = _messages(item) or []
    holder = body if "messages" in body and "messages" not in item else item
    draft = Draft(
        NAME,
        source,
        reading,
        record.number,
        # a data set's own ids are only known to be unique within it
        None,
        created=as_time(item.get("created") or item.get("created_at")),
    )
    draft.note_origin(
        model=text_or_none(holder.get("model")),
        source_id=next((found for key in ("custom_id", "id", "prompt_id") if (found := _name(item.get(key)))), None),
    )
    preferred = as_list(item.get("preferred_output")) if "messages" not in item else []
    for index, message in enumerate([*messages, *preferred]):
        add_message(draft, message, index)
    own: dict[str, Any] = {}
    rejected = as_list(item.get("non_preferred_output")) or (
        as_list(item.get("rejected")) if messages is item.get("chosen") else []
    )
    if rejected:
        own["branches"] = [_rejected(source, reading, record, rejected)]
        draft.counts.offpath = len(rejected)
    known = ("messages", "input", "chosen", "rejected", "preferred_output", "non_preferred_output")
    raw = without(item, *(key for key in known if isinstance(item.get(key), list) or key == "input"))
    if body:
        raw["body"] = without(body, "messages")
    if isinstance(item.get("input"), dict):
        raw["input"] = without(item["input"], "messages")
    return draft.finish(raw=raw, own=own, title=text_or_none(item.get("title")))


def _name(value: object) -> str | None:
    """Return an id as text."""
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) and value != "" else None


def _rejected(source: Source, reading: Reading, record: Record, messages: list[Any]) -> dict[str, Any]:
    """Return the answer that was not preferred as a branch."""
    draft = Draft(NAME, source, reading, record.number, None, branch="rejected")
    for index, message in enumerate(messages):
        add_message(draft, message, index)
    return branch_of("rejected", None, draft.rows)
