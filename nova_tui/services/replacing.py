"""Find and replace: every hit with its place, so that a person can look at them all and pick, and then one change."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, Self

from nova_tui.domain.dialog import Dialog
from nova_tui.domain.errors import PatternError, SessionConflict, SessionDamaged, SessionNotFound, StorageError
from nova_tui.domain.row import Row
from nova_tui.domain.session import Session
from nova_tui.services.library import Library
from nova_tui.services.patterns import TIME_LIMIT, PatternProcess

CHUNK: Final = 1_000_000
"""Characters of rows that are looked through at once."""
LONGEST_TEXT: Final = 100_000_000
"""Characters that a row may have afterwards."""


@dataclass(frozen=True, slots=True)
class Wanted:
    r"""What to look for and what to put in its place.

    With `regex` both are as Python's `re` reads them: groups in the new text are `\1` or `\g<name>`, and `^` and `$`
    match at every line. Without it they are plain text.
    """

    find: str
    text: str
    regex: bool = False
    ignore_case: bool = False

    def __post_init__(self) -> None:
        if not self.find:
            raise PatternError("There is nothing to look for: the search pattern is empty.")


@dataclass(frozen=True, slots=True)
class Hit:
    """One place in a row: what is found there, and what shall stand there."""

    row_id: str
    start: int
    end: int
    found: str
    text: str


class Search:
    """Looks through rows for what is wanted; a regular expression runs where it can be stopped."""

    def __init__(self, wanted: Wanted, time_limit: float = TIME_LIMIT) -> None:
        self.wanted = wanted
        self._process = PatternProcess(time_limit)

    def hits(self, rows: Iterable[Row]) -> Iterator[Hit]:
        """Yield the hits in rows, in order; raise PatternError for a bad pattern, or one that takes too long."""
        if not self.wanted.regex:
            yield from self._plain_hits(rows)
            return
        chunk: list[Row] = []
        size = 0
        for row in rows:
            chunk.append(row)
            size += len(row.text) + 1
            if size >= CHUNK:
                yield from self._regex_hits(chunk)
                chunk, size = [], 0
        if chunk:
            yield from self._regex_hits(chunk)

    def _plain_hits(self, rows: Iterable[Row]) -> Iterator[Hit]:
        """Yield where a plain text stands; such a pattern cannot run away."""
        pattern = re.compile(re.escape(self.wanted.find), re.IGNORECASE if self.wanted.ignore_case else 0)
        for row in rows:
            for match in pattern.finditer(row.text):
                yield Hit(row.id, match.start(), match.end(), match[0], self.wanted.text)

    def _regex_hits(self, rows: Sequence[Row]) -> Iterator[Hit]:
        """Yield where a regular expression matches."""
        texts = [row.text for row in rows]
        found = self._process.find(self.wanted.find, self.wanted.text, texts, ignore_case=self.wanted.ignore_case)
        for row, places in zip(rows, found, strict=True):
            for start, end, new in places:
                yield Hit(row.id, start, end, row.text[start:end], new)

    def stop(self) -> None:
        """Stop a search that another thread waits for; that one raises PatternError."""
        self._process.stop()

    def close(self) -> None:
        """Let go of the process."""
        self._process.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()


def with_replaced(dialog: Dialog, hits: Iterable[Hit]) -> Dialog:
    """Return the dialog with these hits replaced, all of them or those that a person picked.

    Raises PatternError where a row is not any more what was looked through, RowNotFound where it is gone.
    """
    by_row: dict[str, list[Hit]] = {}
    for hit in hits:
        by_row.setdefault(hit.row_id, []).append(hit)
    if not by_row:
        return dialog
    changed = {row.id: row.with_text(_replaced(row.text, by_row[row.id])) for row in dialog.rows_of(by_row)}
    return dialog.with_rows(changed.values())


def _replaced(text: str, hits: list[Hit]) -> str:
    """Return a text with its hits replaced."""
    parts: list[str] = []
    at = 0
    for hit in sorted(hits, key=lambda hit: (hit.start, hit.end)):
        if hit.start < at or text[hit.start : hit.end] != hit.found:
            raise PatternError("The rows were changed meanwhile; search again.")
        parts += [text[at : hit.start], hit.text]
        at = hit.end
    if len(text) + sum(len(hit.text) for hit in hits) > LONGEST_TEXT:
        raise PatternError("A row would become too long.")
    return "".join([*parts, text[at:]])


@dataclass(frozen=True)
class Replaced:
    """A session before and after, with the hits that were replaced; saved, unless it was only a trial."""

    before: Session
    after: Session
    hits: Sequence[Hit]
    trial: bool = False

    @cached_property
    def rows(self) -> list[str]:
        """The ids of the rows with hits, in order."""
        return list(dict.fromkeys(hit.row_id for hit in self.hits))

    def to_mapping(self) -> dict[str, Any]:
        """Return what was replaced as JSON values."""
        places = {row.id: at for at, row in enumerate(self.after.dialog.rows)}
        return {
            "session_id": self.after.id,
            "title": self.after.title,
            "revision": self.after.revision,
            "dry_run": self.trial,
            "replacements": len(self.hits),
            "rows": len(self.rows),
            "hits": [
                {
                    "row_id": hit.row_id,
                    "position": places.get(hit.row_id),
                    "start": hit.start,
                    "end": hit.end,
                    "found": hit.found,
                    "text": hit.text,
                }
                for hit in self.hits
            ],
        }


def replace_in_sessions(
    library: Library,
    session_ids: Sequence[str],
    search: Search,
    *,
    trial: bool = False,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
    failed: Callable[[StorageError], None] = lambda _error: None,
) -> Iterator[Replaced]:
    """Replace every hit in sessions, one change a session, and yield those that had any; one is loaded at a time.

    A session that cannot be read or saved is told to `failed` and passed over. Raises PatternError; what was changed
    before stays changed.
    """
    for done, session_id in enumerate(session_ids, 1):
        try:
            found = _replace_in(library, session_id, search, trial=trial)
        except (SessionDamaged, SessionNotFound, SessionConflict) as error:
            failed(error)
            found = None
        if found is not None:
            yield found
        progress(done, len(session_ids))


def replacing_note(hits: int) -> str:
    """Return what the history says of so many hits that were replaced."""
    return f"replace {hits:,} hit{'' if hits == 1 else 's'}"


def _replace_in(library: Library, session_id: str, search: Search, *, trial: bool) -> Replaced | None:
    """Replace every hit in one session; None where there is none."""
    for last_try in (False, True):
        before = library.store.load(session_id)
        hits = [hit for hit in search.hits(before.dialog.rows) if hit.text != hit.found]
        if not hits:
            return None
        after = before.with_dialog(with_replaced(before.dialog, hits))
        if trial:
            return Replaced(before, after, hits, trial)
        try:
            return Replaced(before, library.store.save(after, replacing_note(len(hits))), hits)
        except SessionConflict:
            if last_try:
                raise
    return None
