"""Masks: what an audience must not read. They are applied in the scene, so that no output ever holds it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from nova_tui.domain.frozen import FrozenDict
from nova_tui.domain.session import OWN_KEY, Session
from nova_tui.performing.cue import is_pattern

MASKS: Final = "masks"
"""The key of nova-tui's own app data that lists the masks of a session."""
REVIEWED: Final = "reviewed"
"""The key that lists what a person looked at and left as it is, by fingerprint."""
INSTEAD: Final = "••••••"
"""What is shown in the place of anything masked; its length tells nothing."""


@dataclass(frozen=True, slots=True)
class Mask:
    """A text to hide, or (from a script's file only) a regular expression; everywhere, or in one row."""

    text: str
    row_id: str | None = None
    pattern: bool = False

    @classmethod
    def parse(cls, text: str) -> Mask:
        """Return the mask that a script's file writes as a text or as /a regular expression/; raise re.error."""
        if not is_pattern(text):
            return cls(text)
        re.compile(text[1:-1])
        return cls(text[1:-1], pattern=True)

    def to_value(self) -> str | dict[str, str]:
        """Return what a session's app data keeps."""
        return self.text if self.row_id is None else {"text": self.text, "row": self.row_id}

    def spans(self, text: str) -> Iterable[tuple[int, int]]:
        """Yield where the text must be hidden."""
        expression = self.text if self.pattern else re.escape(self.text)
        return (match.span() for match in re.finditer(expression, text) if match.end() > match.start())


def session_masks(session: Session) -> tuple[Mask, ...]:
    """Return the masks that a session keeps; entries that are none are passed over."""
    entries = session.own.get(MASKS)
    masks = []
    for entry in entries if isinstance(entries, list) else ():
        if isinstance(entry, str) and entry:
            masks.append(Mask(entry))
        elif isinstance(entry, Mapping) and isinstance(text := entry.get("text"), str) and text:
            row_id = entry.get("row")
            masks.append(Mask(text, row_id if isinstance(row_id, str) else None))
    return tuple(masks)


def with_masks(session: Session, masks: Sequence[Mask], reviewed: Iterable[str] = ()) -> Session:
    """Return the session with further masks, and with findings noted as looked at."""
    listed = [*session_masks(session), *masks]
    return _with_own(_with_own(session, MASKS, [mask.to_value() for mask in dict.fromkeys(listed)]), REVIEWED, [
        *dict.fromkeys([*reviewed_findings(session), *reviewed])
    ])  # fmt: skip


def reviewed_findings(session: Session) -> tuple[str, ...]:
    """Return the fingerprints of what a person looked at and left."""
    listed = session.own.get(REVIEWED)
    return tuple(entry for entry in listed if isinstance(entry, str)) if isinstance(listed, list) else ()


def _with_own(session: Session, key: str, value: list[Any]) -> Session:
    """Set one of nova-tui's own keys; an empty list that was not there is not put there."""
    if not value and key not in session.own:
        return session
    return session.put_app_data(OWN_KEY, {**session.own, key: value})


class Masking:
    """Applies masks to texts and JSON values, and counts what it hid."""

    def __init__(self, masks: Iterable[Mask]) -> None:
        self._masks = tuple(masks)
        self.count = 0

    def text(self, text: str, row_id: str | None = None) -> str:
        """Return a text with everything masked in that row replaced; without a row, with what is masked anywhere."""
        masks = (mask for mask in self._masks if row_id is None or mask.row_id in (None, row_id))
        spans = sorted(span for mask in masks for span in mask.spans(text))
        if not spans:
            return text
        parts: list[str] = []
        done = 0
        for start, end in spans:
            if start >= done or not parts:
                parts += [text[done:start], INSTEAD]
                self.count += 1
            done = max(done, end)
        return "".join([*parts, text[done:]])

    def value(self, value: Any, row_id: str) -> Any:
        """Return a JSON value with everything masked replaced in its texts, keys and numbers."""
        if isinstance(value, str):
            return self.text(value, row_id)
        if isinstance(value, Mapping):
            return FrozenDict({self.text(key, row_id): self.value(item, row_id) for key, item in value.items()})
        if isinstance(value, list):
            return [self.value(item, row_id) for item in value]
        if isinstance(value, int | float) and not isinstance(value, bool):
            shown = self.text(str(value), row_id)
            return value if shown == str(value) else shown
        return value
