"""What the search index holds of a row: its text, with the words that FTS5 would read otherwise as tokens."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from functools import cache
from typing import Final

from nova_tui.domain.query import tokens
from nova_tui.storage.sqlite_driver import Connection

_PLAIN: Final = (
    "[\\x00-\\x7f\xa0-\xa9\xab-\xb1\xb4-\xb8\xbb\xbf-\xde\xe0-\xff\u0100-\u0131\u0134-\u013e\u0141-\u0148\u014a-\u017f"
    "\u2000-\u2064\u2190-\u22ff\u2500-\u26ff\u2701-\u27ff\ufe0e\ufe0f\U0001f300-\U0001f320\U0001f600-\U0001f610"
    "\U0001f680-\U0001f6c5]*"
)
_RUN: Final = re.compile(r"[^\x00-/:-@\[-`{-\x7f]+")
"""What lies between ASCII signs, which part words for FTS5 and for the search language alike."""
PARTS: Final = 64
"""Into more parts no text is divided: SQL puts them together one by one."""
INDEXED: Final = (
    "CASE WHEN {row}.folded IS NULL THEN {row}.text ELSE ("
    "WITH RECURSIVE part(number, words) AS (SELECT 0, '' UNION ALL SELECT number + 1, words || ' ' || "
    "CASE json_type({row}.folded, '$[' || number || ']') WHEN 'array' THEN substr({row}.text, "
    "{row}.folded ->> ('$[' || number || '][0]'), {row}.folded ->> ('$[' || number || '][1]')) "
    "ELSE {row}.folded ->> ('$[' || number || ']') END FROM part WHERE number < json_array_length({row}.folded)) "
    "SELECT words FROM part ORDER BY number DESC LIMIT 1) END"
)
"""A row's indexed text in SQL, from its text and what `folded_of` keeps beside it; FTS5 lets no view use json_each."""


@cache
def _plain() -> re.Pattern[str]:
    """Return what matches texts of which FTS5 makes the same tokens as the search language."""
    return re.compile(_PLAIN)


def folded_of(text: str) -> str | None:
    """Return how a text is indexed where FTS5 would find other tokens in it, else None.

    It is a JSON list of what follows each other: `[place, length]` of a part that is indexed as it is (the first
    character has place 1), or the tokens of a word that is not.
    """
    if text.isascii() or _plain().fullmatch(text):
        return None
    parts: list[list[int] | str] = []
    taken = 0
    for run in _RUN.finditer(text):
        if run[0].isascii() or _plain().fullmatch(run[0]):
            continue
        if run.start() > taken:
            parts.append([taken + 1, run.start() - taken])
        if folded := " ".join(tokens(run[0])):
            parts.append(folded)
        taken = run.end()
    if len(text) > taken:
        parts.append([taken + 1, len(text) - taken])
    if len(parts) > PARTS:
        parts = [" ".join(tokens(text))]
    return json.dumps(parts, ensure_ascii=False, separators=(",", ":"))


def index_rows(connection: Connection, keys: Sequence[int]) -> None:
    """Put rows that are stored but not indexed into the search index, in the order of their keys."""
    connection.execute(
        "INSERT INTO row_text(rowid, text) SELECT key, text FROM row_text_source "
        "WHERE key IN (SELECT value FROM json_each(?)) ORDER BY key",
        (json.dumps(keys),),
    )
