"""Receipts and formats as text that a person reads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from nova_tui.domain.safe_text import clean_line
from nova_tui.formats.format import Exporter, Importer
from nova_tui.formats.registry import IMPORTERS, UNKNOWN
from nova_tui.services.transfer_out import ExportReceipt
from nova_tui.services.transfer_receipt import (
    EMPTY,
    NEW,
    REFUSED,
    STATUSES,
    TRASHED,
    UNCHANGED,
    UPDATED,
    ImportedFile,
    ImportReceipt,
)

MAX_LISTED: Final = 20
"""Conversations and remarks of one file that are listed one by one."""
_COLUMNS: Final = (
    ("user", "user"),
    ("assistant", "assistant"),
    ("system", "system"),
    ("hidden", "hidden"),
    ("tool", "tool"),
    ("thinking", "thinking"),
    ("empty", "empty"),
    ("offpath", "on other branches"),
    ("images", "images"),
)


def import_text(receipt: ImportReceipt) -> str:
    """Return the receipt of an import."""
    lines = [line for file in receipt.files if not file.passed_over for line in _file(file)]
    passed_over = sum(file.passed_over for file in receipt.files)
    if passed_over:
        lines.append(f"{_many(passed_over, 'file')} of data exports without conversations passed over")
    counts = [f"{receipt.count(status)} {status}" for status in (NEW, UPDATED, UNCHANGED)]
    counts += [f"{receipt.count(status)} {status}" for status in (TRASHED, EMPTY, REFUSED) if receipt.count(status)]
    total = sum(len(file.conversations) for file in receipt.files)
    bad = sum(file.error is not None for file in receipt.files)
    unreadable = f"; {_many(bad, 'file')} could not be read" if bad else ""
    lines.append(f"{_many(total, 'conversation')}: {', '.join(counts)}{unreadable}")
    if any(file.error == UNKNOWN for file in receipt.files):
        known = ", ".join(importer.title for importer in IMPORTERS.values())
        lines.append(f"Formats that can be read: {known}; say which with --format.")
    if receipt.dry_run:
        lines.append("Nothing was saved (--dry-run).")
    if receipt.cancelled:
        lines.append("Stopped before the end; importing again goes on from here.")
    return "\n".join(lines)


def _file(file: ImportedFile) -> Iterator[str]:
    """Yield the lines about one file."""
    name = clean_line(file.path, 300)
    if file.error is not None and not file.conversations:
        yield f"{name}: {file.error}"
    else:
        states = Counter(conversation.status for conversation in file.conversations)
        told = ", ".join(f"{states[status]} {status}" for status in STATUSES if states[status])
        yield f"{name}: {file.format}, {_many(len(file.conversations), 'conversation')} ({told})"
        if file.error is not None:
            yield f"  then: {file.error}"
    for conversation in file.conversations[:MAX_LISTED]:
        counts = conversation.counts
        parts = [f"{getattr(counts, key)} {word}" for key, word in _COLUMNS if getattr(counts, key)]
        yield (
            f"  {conversation.session_id[:8]}  {conversation.status:9}  "
            f"{clean_line(conversation.title, 60)}  ({', '.join(parts) or 'no rows'})"
        )
        if conversation.error:
            yield f"            {conversation.error}"
        yield from _remarks((*conversation.losses, *conversation.notes), "            ")
    if len(file.conversations) > MAX_LISTED:
        yield f"  … and {len(file.conversations) - MAX_LISTED} more"
    yield from _remarks((*file.losses, *file.notes), "  ")


def _remarks(remarks: Sequence[str], margin: str) -> Iterator[str]:
    """Yield remarks, the first of many."""
    for remark in remarks[:MAX_LISTED]:
        yield margin + clean_line(remark, 300)
    if len(remarks) > MAX_LISTED:
        yield f"{margin}… and {len(remarks) - MAX_LISTED} more remarks"


def export_text(receipt: ExportReceipt) -> str:
    """Return the receipt of an export."""
    rows = sum(entry.rows for entry in receipt.sessions)
    hidden = sum(entry.hidden for entry in receipt.sessions)
    excluded = sum(entry.excluded for entry in receipt.sessions)
    written = f"{_many(len(receipt.sessions), 'session')}, {_many(rows, 'row')}"
    left_out = f"{_many(hidden, 'hidden row')}, {_many(excluded, 'excluded row')}"
    lines = [f"{receipt.format}: {written}; left out: {left_out}"]
    lines += [f"  {clean_line(entry.title, 60)}: {loss}" for entry in receipt.sessions for loss in entry.losses]
    lines += [f"  {failure}" for failure in receipt.failures]
    if receipt.strict and receipt.losses:
        lines.append("What would have lost something was not written (--strict).")
    return "\n".join(lines)


def formats_text(importers: Iterable[Importer], exporters: Iterable[Exporter]) -> str:
    """Return a table of the formats."""
    lines = ["Read:"]
    lines += [f"  {importer.name:14} {importer.title} ({', '.join(importer.extensions)})" for importer in importers]
    lines += ["", "Written:"]
    for exporter in exporters:
        hidden = "hidden rows too" if exporter.hidden_by_default else "without hidden rows"
        facts = ["lossless" if exporter.lossless else "", "data set" if exporter.dataset else "", hidden]
        lines.append(f"  {exporter.name:14} {exporter.title} ({', '.join(filter(None, (exporter.extension, *facts)))})")
    return "\n".join(lines)


def _many(count: int, noun: str) -> str:
    """Return a count with its noun."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
