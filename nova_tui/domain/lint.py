"""Lint: what somebody who trains or tests a model with a session would stumble over, and mending the simple cases."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from nova_tui.domain.dialog import Dialog
from nova_tui.domain.errors import InvalidValue
from nova_tui.domain.row import Role, Row
from nova_tui.domain.session import Session

LONGEST: Final = 32_000
"""Characters of a row from which it is called very long; many training tools cut at some 8,000 tokens."""
PROFILES: Final = ("openai", "sharegpt", "chatml")
MARKS: Final = ("<|im_start|>", "<|im_end|>")
"""ChatML's own marks, which a text must not hold."""
_ASIDE: Final = ("thinking", "event", "compact_summary")
"""Kinds of hidden rows that are no turn of their own."""
_TOOL: Final = ("tool_call", "tool_result")


class Severity(StrEnum):
    """How bad a finding is: a data set cannot have it, should not have it, or it is only worth knowing."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that somebody would stumble over, in a row or (without a row id) in the session as a whole."""

    code: str
    severity: Severity
    row_id: str | None
    sentence: str
    mendable: bool = False
    """Whether `mend` can put it right."""
    position: int | None = None
    """Where the row stands, from 0."""

    def to_mapping(self) -> dict[str, Any]:
        """Return it as JSON values."""
        return {
            "code": self.code,
            "severity": self.severity.value,
            "row_id": self.row_id,
            "position": self.position,
            "sentence": self.sentence,
            "mendable": self.mendable,
        }


def checked_profile(profile: str | None) -> str | None:
    """Return a known profile, or None; raise InvalidValue."""
    if profile is not None and profile not in PROFILES:
        raise InvalidValue("profile", f"{profile}; use {', '.join(PROFILES)}")
    return profile


def lint(session: Session, profile: str | None = None) -> list[Finding]:
    """Return what is to be said of a session, in the order of its rows; a profile adds the rules of a format."""
    return lint_rows(session.dialog.rows, profile)


def lint_rows(rows: Sequence[Row], profile: str | None = None) -> list[Finding]:
    """Return what is to be said of rows, which may come from anywhere."""
    places = {id(row): at for at, row in enumerate(rows)}
    found = [
        Finding(code, _severity(code, profile), None if row is None else row.id, sentence, mendable,
                None if row is None else places[id(row)])
        for code, row, sentence, mendable in _found(rows, checked_profile(profile))
    ]  # fmt: skip
    return sorted(found, key=lambda finding: len(rows) if finding.position is None else finding.position)


def content_key(session: Session) -> bytes | None:
    """Return what is equal for two sessions that say the same; None for one that says nothing."""
    if not session.dialog.rows:
        return None
    digest = hashlib.sha256()
    for row in session.dialog.rows:
        digest.update(f"{row.role} {len(row.text)} {len(row.images or ())} {row.text}".encode())
        for image in row.images or ():
            digest.update(hashlib.sha256(image.data or (image.path or image.url or "").encode()).digest())
    return digest.digest()


def duplicate_of(session_id: str, title: str) -> Finding:
    """Return the finding of a session that says the same as another."""
    sentence = f"It says the same as the session {title} ({session_id[:8]})."
    return Finding("duplicate-session", Severity.WARNING, None, sentence)


# -- the rules ----------------------------------------------------------------------------------------------------

Found = tuple[str, Row | None, str, bool]
"""A code, the row, a sentence, and whether it can be mended."""

_ERRORS: Final = {
    None: ("missing-image", "duplicate-row-id"),
    "openai": ("missing-image", "duplicate-row-id", "empty-row", "ends-with-user", "no-answer", "no-rows",
               "image-not-of-user"),
    "sharegpt": ("missing-image", "duplicate-row-id", "empty-row", "ends-with-user", "no-answer", "no-rows",
                 "repeated-role", "system-not-first", "begins-with-assistant", "image-has-no-place"),
    "chatml": ("missing-image", "duplicate-row-id", "ends-with-user", "no-answer", "no-rows", "chatml-mark",
               "image-has-no-place"),
}  # fmt: skip
"""Codes that are errors for a profile."""
_NOTES: Final = ("very-long-row", "tool-has-no-place")


def _severity(code: str, profile: str | None) -> Severity:
    """Return how bad a finding is for a profile."""
    if code in _ERRORS[profile]:
        return Severity.ERROR
    return Severity.NOTE if code in _NOTES else Severity.WARNING


def _found(rows: Sequence[Row], profile: str | None) -> Iterator[Found]:
    """Yield everything that the rules find."""
    yield from _each(rows)
    yield from _turns(rows)
    if profile is not None:
        yield from _of_data_sets(rows)
        yield from _PROFILE_RULES[profile](rows)


def _each(rows: Sequence[Row]) -> Iterator[Found]:
    """Yield what is wrong with rows by themselves."""
    seen: set[str] = set()
    for row in rows:
        if row.id in seen:
            yield "duplicate-row-id", row, f"An earlier row has the same id {row.id}.", False
        seen.add(row.id)
        if not (row.hidden and row.kind in (*_ASIDE, *_TOOL)):
            if not row.text.strip() and not row.images and not row.function_calls:
                yield "empty-row", row, "The row is empty.", True
            elif row.text != row.text.strip():
                yield "untrimmed-space", row, "The text begins or ends with blanks or empty lines.", True
        if len(row.text) > LONGEST:
            yield "very-long-row", row, f"The text has {len(row.text):,} characters.", False
        for number, image in enumerate(row.images or (), 1):
            if image.data is None and image.url is None:
                name = image.name or image.path or f"picture {number}"
                yield "missing-image", row, f"The picture {name} is only named; the session does not hold it.", False


def _turns(rows: Sequence[Row]) -> Iterator[Found]:
    """Yield what is wrong with the order of those who speak; excluded rows do not count."""
    previous: Row | None = None
    speaker: Row | None = None
    places = {id(row): at for at, row in enumerate(rows)}
    for row in rows:
        if row.excluded or (row.hidden and row.kind in _ASIDE):
            continue
        if row.hidden and row.kind in _TOOL:
            previous = speaker = None
            continue
        if previous is not None and previous.role is row.role:
            near = places[id(row)] == places[id(previous)] + 1
            alike = row.hidden == previous.hidden and not (row.function_calls or previous.function_calls)
            yield "repeated-role", row, f"The row before is of the {row.role.value} too.", near and alike
        previous = row
    spoken = [row for row in _counted(rows) if not (row.hidden and row.kind in _TOOL)]
    for row in spoken:
        if row.role is not Role.SYSTEM:
            speaker = row
        elif speaker is not None:
            yield "system-not-first", row, "The system speaks after the conversation began.", False
    if spoken and spoken[-1].role is Role.USER:
        yield "ends-with-user", spoken[-1], "The last row is of the user; nobody answers it.", False


def _counted(rows: Iterable[Row]) -> list[Row]:
    """Return the rows that a data set gets."""
    return [row for row in rows if not row.excluded and not (row.hidden and row.kind in _ASIDE)]


def _of_data_sets(rows: Sequence[Row]) -> Iterator[Found]:
    """Yield what no data set can use."""
    counted = _counted(rows)
    if not counted:
        yield "no-rows", None, "There are no rows for a data set.", False
    elif not any(row.role is Role.ASSISTANT for row in counted):
        yield "no-answer", None, "There is no row of the assistant to learn from.", False


def _openai(rows: Sequence[Row]) -> Iterator[Found]:
    """Yield what OpenAI's format refuses."""
    for row in _counted(rows):
        if row.images and row.role is not Role.USER:
            yield "image-not-of-user", row, "Only rows of the user can have pictures.", False


def _sharegpt(rows: Sequence[Row]) -> Iterator[Found]:
    """Yield what trainers on ShareGPT data refuse: human and gpt take turns, and the human begins."""
    yield from _without_images(rows)
    first = next((row for row in _counted(rows) if row.role is not Role.SYSTEM), None)
    if first is not None and first.role is Role.ASSISTANT:
        yield "begins-with-assistant", first, "The assistant speaks first; it has to be the user.", False


def _chatml(rows: Sequence[Row]) -> Iterator[Found]:
    """Yield what ChatML cannot hold."""
    yield from _without_images(rows)
    for row in _counted(rows):
        if any(mark in row.text for mark in MARKS):
            yield "chatml-mark", row, "The text holds one of ChatML's own marks.", False
        if row.hidden and row.kind in _TOOL:
            yield "tool-has-no-place", row, "Calls and results of tools have no place in ChatML.", False


def _without_images(rows: Sequence[Row]) -> Iterator[Found]:
    """Yield the rows whose pictures are lost."""
    for row in _counted(rows):
        if row.images:
            yield "image-has-no-place", row, "Pictures have no place in this format.", False


_PROFILE_RULES: Final[dict[str, Callable[[Sequence[Row]], Iterator[Found]]]] = {
    "openai": _openai,
    "sharegpt": _sharegpt,
    "chatml": _chatml,
}


# -- mending ------------------------------------------------------------------------------------------------------


def mend(session: Session, findings: Iterable[Finding]) -> Session:
    """Return the session with those findings put right that can be; rows that are gone meanwhile are passed over.

    Blanks are cut off, empty rows taken out, and rows of one role behind each other joined with an empty line between.
    """
    here = {row.id for row in session.dialog.rows}
    by_code: dict[str, set[str]] = {}
    for finding in findings:
        if finding.mendable and finding.row_id in here and finding.row_id is not None:
            by_code.setdefault(finding.code, set()).add(finding.row_id)
    dialog = session.dialog
    trimmed = by_code.get("untrimmed-space", set())
    dialog = dialog.with_rows(row.with_text(row.text.strip()) for row in dialog.rows_of(trimmed))
    dialog = dialog.remove(by_code.get("empty-row", set()))
    return session.with_dialog(_joined(dialog, by_code.get("repeated-role", set())))


def _joined(dialog: Dialog, repeated: set[str]) -> Dialog:
    """Join each of these rows to the one before it, where that is still of the same role."""
    groups: list[list[str]] = []
    previous: Row | None = None
    for row in dialog.rows:
        if row.id in repeated and previous is not None and previous.role is row.role:
            groups[-1].append(row.id)
        else:
            groups.append([row.id])
        previous = row
    for group in groups:
        if len(group) > 1:
            bare = not all(row.text for row in dialog.rows_of(group))
            dialog = dialog.join(group, "\n\n")
            if bare:
                dialog = dialog.replace_text(group[0], dialog.row(group[0]).text.strip())
    return dialog
