"""What the data-set formats share: files of records, lists of JSON values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from nova_tui.formats.format import Receipt
from nova_tui.formats.source import Record, Source


def dataset_records(source: Source, receipt: Receipt) -> list[tuple[Record, str]]:
    """Return the records of a list, of lines or of one value, each with what a person calls its place.

    Raises FormatError where a line cannot be read.
    """
    if source.kind == "jsonl":
        found = [(record, f"line {record.number}") for record in source.checked_records()]
    else:
        document = source.document
        items = document if isinstance(document, list) else [document]
        found = [(Record(number, value), f"record {number}") for number, value in enumerate(items, 1)]
    receipt.expected = len(found)
    return found


def json_list(texts: Iterable[str]) -> Iterator[str]:
    """Yield the text of a JSON list of values that are JSON already."""
    yield "["
    for index, text in enumerate(texts):
        yield (",\n" if index else "\n") + text
    yield "\n]\n"
