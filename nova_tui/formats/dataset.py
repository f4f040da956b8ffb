"""What the data-set formats share: files of records, lists of JSON values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from nova_tui.formats.source import Record, Source


def dataset_records(source: Source) -> Iterator[tuple[Record, str]]:
    """Yield the records of a list, of lines or of one value, each with what a person calls its place.

    Raises FormatError where a line cannot be read.
    """
    word = "line" if source.kind == "jsonl" else "record"
    for record in source.entries():
        yield record, f"{word} {record.number}"


def json_list(texts: Iterable[str]) -> Iterator[str]:
    """Yield the text of a JSON list of values that are JSON already."""
    yield "["
    for index, text in enumerate(texts):
        yield (",\n" if index else "\n") + text
    yield "\n]\n"
