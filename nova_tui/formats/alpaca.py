"""Alpaca: training records with `instruction`, `input` and `output`; a list or JSON lines.

`system` and `history` (pairs of question and answer before this one) as LLaMA-Factory has them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from nova_tui.domain.row import Role
from nova_tui.formats.dataset import dataset_records
from nova_tui.formats.drafting import Draft
from nova_tui.formats.format import Conversation, Importer, Reading, Receipt
from nova_tui.formats.source import Source
from nova_tui.formats.values import as_json, as_list, without

NAME: Final = "alpaca"


class AlpacaImporter(Importer):
    """Reads Alpaca records."""

    name = NAME
    title = "Alpaca records"
    extensions = (".json", ".jsonl")

    def matches(self, source: Source) -> bool:
        """Look for objects with an instruction and an output."""
        return source.kind in ("json", "jsonl") and any(map(_is_record, source.mappings))

    def read(self, source: Source, reading: Reading, receipt: Receipt) -> Iterator[Conversation]:
        """Yield one conversation a record."""
        for record, where in dataset_records(source):
            if not isinstance(record.value, dict) or not _is_record(record.value):
                receipt.losses.append(f"{where} has no instruction and output")
                continue
            draft = Draft(NAME, source, reading, record.number)
            _add(draft, record.value)
            known = ("instruction", "input", "output", "system", "history")
            yield draft.finish(raw=without(record.value, *known))


def _is_record(item: dict[str, Any]) -> bool:
    """Tell whether an object is a record."""
    return isinstance(item.get("instruction"), str) and "output" in item


def _add(draft: Draft, item: dict[str, Any]) -> None:
    """Add the rows of a record."""
    if _text(item.get("system")):
        draft.add(Role.SYSTEM, _text(item.get("system")))
    for pair in as_list(item.get("history")):
        for role, value in zip((Role.USER, Role.ASSISTANT), as_list(pair), strict=False):
            draft.add(role, _text(value))
    asked = "\n\n".join(filter(None, (_text(item.get("instruction")), _text(item.get("input")))))
    answer = _text(item.get("output"))
    draft.add(Role.USER, asked, counted=None if asked else "empty", alpaca_input=_text(item.get("input")) or None)
    draft.add(Role.ASSISTANT, answer, counted=None if answer else "empty")


def _text(value: object) -> str:
    """Return a value as text."""
    return value if isinstance(value, str) else "" if value is None else as_json(value)
