"""Logs that programs append to: a line that cannot be read is passed over and said; a cut last line is normal."""

from __future__ import annotations

from collections import Counter

from nova_tui.domain.errors import FormatError
from nova_tui.formats.format import Receipt
from nova_tui.formats.source import Record, Source


def log_records(source: Source, receipt: Receipt) -> list[Record]:
    """Return the mappings of a log; raise FormatError where there is none."""
    records = [record for record in source.records if isinstance(record.value, dict)]
    if not records:
        raise source.damaged[0] if source.damaged else FormatError("there is no record in it")
    last = records[-1].number
    for error in source.damaged:
        number = int(error.where.partition(",")[0].removeprefix("line ") or 0)
        if number > last:
            receipt.notes.append(f"{error.where}: the last line is cut and was left out")
        else:
            receipt.losses.append(f"{error} (the line was left out)")
    return records


def note_ignored(ignored: Counter[str], notes: list[str]) -> None:
    """Say which kinds of records hold nothing of the conversation and how many there were."""
    if ignored:
        told = ", ".join(f"{name} ×{count}" for name, count in sorted(ignored.items()))
        notes.append(f"records that are not part of the conversation: {told}")
