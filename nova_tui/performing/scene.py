"""Scene: what an audience may see of a session. Everything that performs or records takes its rows from here only."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from nova_tui.domain.errors import ScriptError
from nova_tui.domain.row import Image, Row
from nova_tui.domain.session import Session
from nova_tui.performing.cue import DEFAULT_KEYS, Cue, Lines, read_cue
from nova_tui.performing.masks import Mask, Masking, session_masks
from nova_tui.performing.script import Script

DEMO: Final = "demo"
"""The key of a row's metadata, and of nova-tui's own app data, that holds how it is performed."""


@dataclass(frozen=True, slots=True)
class SceneRow:
    """One row as the audience sees it."""

    row: Row
    """The row, masked and shortened; of its metadata only masked tool calls and their kind are left."""
    number: int
    """Its place in the dialog, from 1, hidden rows counted."""
    cue: Cue
    lit: tuple[tuple[int, int], ...] = ()
    """The highlighted stretches of its text."""


@dataclass(frozen=True, slots=True)
class Scene:
    """The rows to perform, and how many were left out."""

    session_id: str
    title: str
    rows: tuple[SceneRow, ...]
    hidden: int = 0
    """Hidden rows left out."""
    excluded: int = 0
    """Rows that dataset exports leave out; a performance shows them."""
    skipped: int = 0
    """Rows left out because their cue says so."""
    masked: int = 0
    """Places that are masked."""
    problems: tuple[ScriptError, ...] = ()
    """What is wrong with the rows' own cues; the rest of them is used."""

    def position(self, row_id: str) -> int | None:
        """Return where a row is in the scene, None where it is not."""
        return next((index for index, scene_row in enumerate(self.rows) if scene_row.row.id == row_id), None)


def make_scene(session: Session, script: Script | None = None, masks: Iterable[Mask] = ()) -> Scene:
    """Return the scene of a session: hidden and skipped rows left out, masks applied; raise ScriptError."""
    script = script or Script()
    if not script.fits(session):
        raise ScriptError(script.path, "session", f"it is for {script.session}, not for {session.id[:8]}")
    settings = script.row_settings(session.dialog)
    masking = Masking([*session_masks(session), *script.masks, *masks])
    problems: list[ScriptError] = []
    own = session.own.get(DEMO)
    defaults: dict[str, Any] = {}
    if own is not None:
        defaults = _read(own, f"session {session.id[:8]}", problems, DEFAULT_KEYS)
    rows, hidden, skipped = [], 0, 0
    for number, row in enumerate(session.dialog.rows, 1):
        if row.hidden:
            hidden += 1
            continue
        cue = Cue(**{
            **defaults, **script.defaults, **_own_cue(row, number, problems), **settings.get(row.id, {}),
        })  # fmt: skip
        if cue.skip:
            skipped += 1
        else:
            rows.append(_scene_row(row, number, cue, masking))
    title = masking.text(session.title)
    excluded = sum(row.excluded for row in session.dialog.rows)
    return Scene(session.id, title, tuple(rows), hidden, excluded, skipped, masking.count, tuple(problems))


def _own_cue(row: Row, number: int, problems: list[ScriptError]) -> dict[str, Any]:
    """Return what the row's own metadata says."""
    demo = row.metadata.get(DEMO)
    return {} if demo is None else _read(demo, f"row {number}", problems)


def _read(
    mapping: object, place: str, problems: list[ScriptError], keys: tuple[str, ...] | None = None
) -> dict[str, Any]:
    """Read settings that came with the session; note what is wrong with them."""

    def refuse(key: str, reason: str) -> None:
        problems.append(ScriptError(place, f"demo.{key}" if key else "demo", reason))

    return read_cue(mapping, refuse, patterns=False, **({} if keys is None else {"keys": keys}))


def _scene_row(row: Row, number: int, cue: Cue, masking: Masking) -> SceneRow:
    """Return a row as the audience sees it."""
    text = masking.text(row.text, row.id)
    if cue.collapse:
        text = _collapsed(text, cue.collapse)
    words = {name: masking.text(getattr(cue, name)) for name in ("chapter", "caption", "note")}
    if words != {name: getattr(cue, name) for name in words}:
        cue = Cue(**{name: getattr(cue, name) for name in Cue.__slots__} | words)
    shown = Row(
        text,
        row.role,
        row.timestamp,
        _shown_metadata(row, masking),
        tuple(_masked_image(image, masking, row.id) for image in row.images) if row.images else None,
        row.processed,
        row.id,
    )
    return SceneRow(shown, number, cue, _lit(text, cue.highlight))


def _shown_metadata(row: Row, masking: Masking) -> Mapping[str, Any]:
    """Return what a reader sees of the metadata: kind and tool calls."""
    shown: dict[str, Any] = {}
    if row.kind is not None:
        shown["kind"] = masking.text(row.kind, row.id)
    if row.function_calls:
        shown["function_calls"] = [masking.value(call.to_mapping(), row.id) for call in row.function_calls]
    return shown


def _masked_image(image: Image, masking: Masking, row_id: str) -> Image:
    """Return an image whose words are masked."""

    def masked(word: str | None) -> str | None:
        return None if word is None else masking.text(word, row_id)

    path, url, name, alt = masked(image.path), masked(image.url), masked(image.name), masked(image.alt)
    return Image(image.mime, image.data, path, url, name, image.width, image.height, alt)


def _collapsed(text: str, count: int) -> str:
    """Return the first lines of a text and how many follow; code that is cut is closed."""
    lines = text.split("\n")
    if len(lines) <= count:
        return text
    kept = lines[:count]
    fence = ""
    for line in kept:
        mark = re.match(r" {0,3}(`{3,}|~{3,})", line)
        if mark and not fence:
            fence = mark[1]
        elif mark and fence and line.strip().startswith(fence) and not line.strip().strip(fence[0]):
            fence = ""
    more = len(lines) - count
    closing = [fence] if fence else []
    return "\n".join([*kept, *closing, "", f"… {more:,} more {'line' if more == 1 else 'lines'}"])


def _lit(text: str, highlights: Iterable[str | Lines]) -> tuple[tuple[int, int], ...]:
    """Return the stretches of a text that are highlighted, in order and apart."""
    spans: list[tuple[int, int]] = []
    for highlight in highlights:
        if isinstance(highlight, Lines):
            starts = [0, *(match.end() for match in re.finditer("\n", text)), len(text) + 1]
            if highlight.first < len(starts):
                spans.append((starts[highlight.first - 1], starts[min(highlight.last, len(starts) - 1)] - 1))
        else:
            spans += Mask.parse(highlight).spans(text)
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        elif end > start:
            merged.append((start, end))
    return tuple(merged)
