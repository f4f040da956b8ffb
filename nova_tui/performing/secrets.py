"""Secrets: what looks like a key, a token, a password or an address in a scene; found by its shape, nothing is asked.

Every expression takes time that grows with the text only: runs are bounded or begin where another character ends.
"""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from nova_tui.domain.session import Session
from nova_tui.performing.masks import Mask, reviewed_findings
from nova_tui.performing.scene import Scene, SceneRow

_KINDS: Final = {
    "private key": r"-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----[A-Za-z0-9+/=\s\\]{0,8000}(?:-----END [A-Z ]{0,30}-----)?",
    "API key": (
        r"\bsk-[A-Za-z0-9_-]{16,200}|\b[rsp]k_(?:live|test)_[A-Za-z0-9]{10,100}|\bAIza[A-Za-z0-9_-]{35}"
        r"|\bhf_[A-Za-z0-9]{20,100}|\bgsk_[A-Za-z0-9]{20,100}|\bSG\.[A-Za-z0-9_-]{16,40}\.[A-Za-z0-9_-]{16,60}"
        r"|\bpypi-[A-Za-z0-9_-]{40,250}|\bnpm_[A-Za-z0-9]{30,60}|\bdop_v1_[a-f0-9]{64}|\bkey-[a-f0-9]{32}\b"
    ),
    "AWS key": r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b",
    "GitHub token": r"\bgh[pousr]_[A-Za-z0-9]{30,255}|\bgithub_pat_[A-Za-z0-9_]{22,255}",
    "GitLab token": r"\bglpat-[A-Za-z0-9_-]{20,60}",
    "Slack token": r"\bxox[abeprs]-[A-Za-z0-9-]{10,200}",
    "web token": r"\beyJ[A-Za-z0-9_-]{8,2000}\.eyJ[A-Za-z0-9_-]{8,4000}\.[A-Za-z0-9_-]{0,2000}",
    "bearer token": r"(?i:\bbearer) [A-Za-z0-9_.~+/-]{16,2000}=*",
    "password in an address": r"\b[a-z][a-z0-9+.-]{1,20}://[^\s/:@'\"<>]{0,100}:[^\s/@'\"<>]{1,200}@[^\s/'\"<>]{1,200}",
    "password": (
        r"(?i:(?<![A-Za-z0-9])(?:password|passwd|pwd|secret|api[_-]?key|access[_-]?key|auth[_-]?token|access[_-]?token"
        r"|client[_-]?secret|token)[\"']?[ \t]{0,4}[:=][ \t]{0,4}[\"']?(?P<value>[^\s\"',;`•]{6,200}))"
    ),
    "e-mail address": (
        r"(?<![\w.%+-])[\w.%+-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,24}\b"
    ),
}  # fmt: skip
_EXPRESSIONS: Final = {kind: re.compile(expression) for kind, expression in _KINDS.items()}
_HARMLESS: Final = re.compile(r"@(?:[a-z0-9-]{1,63}\.){0,8}(?:example|invalid|test|localhost)(?:\.(?:com|org|net))?$")


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that looks like a secret: where it is, what it seems to be, and the text itself."""

    row_id: str
    """The row; empty for the title."""
    place: str
    """What of the row: text, tool call, image, chapter, caption or note."""
    start: int
    end: int
    kind: str
    text: str

    @property
    def fingerprint(self) -> str:
        """What a session may keep of it to know it again: nobody can read the secret from it."""
        return hashlib.blake2b(f"{self.kind}\n{self.text}".encode(), digest_size=12).hexdigest()

    def mask(self, *, everywhere: bool) -> Mask:
        """Return the mask that hides it, in its row or wherever the text occurs."""
        return Mask(self.text, None if everywhere or not self.row_id else self.row_id)


def find_secrets(scene: Scene) -> list[Finding]:
    """Return what looks like a secret in what an audience would see; what is masked or hidden is not looked at."""
    found = [Finding("", "title", *match) for match in _matches(scene.title)]
    for scene_row in scene.rows:
        for place, text in _texts(scene_row):
            found += [Finding(scene_row.row.id, place, *match) for match in _matches(text)]
    return found


def unreviewed(scene: Scene, session: Session) -> list[Finding]:
    """Return the findings that nobody looked at yet."""
    known = set(reviewed_findings(session))
    return [finding for finding in find_secrets(scene) if finding.fingerprint not in known]


def _matches(text: str) -> Iterator[tuple[int, int, str, str]]:
    """Yield start, end, kind and text of each finding, in order; the first kind that fits a stretch names it."""
    taken: list[tuple[int, int, str]] = []
    for kind, expression in _EXPRESSIONS.items():
        for match in expression.finditer(text):
            start, end = match.span("value" if "value" in expression.groupindex else 0)
            if kind == "e-mail address" and _HARMLESS.search(match[0].lower()):
                continue
            # what is taken stands in order and apart, so only the neighbours can be in the way
            place = bisect_left(taken, (start, end, ""))
            free_before = place == 0 or taken[place - 1][1] <= start
            if free_before and (place == len(taken) or end <= taken[place][0]):
                taken.insert(place, (start, end, kind))
    return ((start, end, kind, text[start:end]) for start, end, kind in taken)


def _texts(scene_row: SceneRow) -> Iterator[tuple[str, str]]:
    """Yield every text of a row that can be seen, with its place."""
    row, cue = scene_row.row, scene_row.cue
    yield "text", row.text
    for call in row.function_calls:
        yield from (("tool call", text) for text in _values(call.to_mapping()))
    for image in row.images or ():
        yield from (("image", text) for text in (image.path, image.url, image.name, image.alt) if text)
    yield from (("chapter", cue.chapter), ("caption", cue.caption), ("note", cue.note))


def _values(value: Any) -> Iterator[str]:
    """Yield the texts of a JSON value; a text under a key stands with the key, which may tell what it is."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for key, item in value.items():
            if isinstance(item, str):
                yield f"{key}: {item}"
            else:
                yield key
                yield from _values(item)
    elif isinstance(value, list):
        for item in value:
            yield from _values(item)
