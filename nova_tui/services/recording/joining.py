"""Joining: several recordings of one size become one."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from nova_tui.services.recording.recording import Frame, Key, Mark, Recording


def joined(parts: Sequence[Recording]) -> Recording:
    """Return the recordings one after the other."""
    if len(parts) == 1:
        return parts[0]
    frames: list[Frame] = []
    marks: list[Mark] = []
    keys: list[Key] = []
    begin = 0
    for part in parts:
        frames += [Frame(begin + at, rows) for at, rows in part.frames]
        marks += [Mark(begin + at, label) for at, label in part.marks]
        keys += [Key(begin + at, data) for at, data in part.keys]
        begin += part.length
    return dataclasses.replace(
        parts[0], frames=tuple(frames), marks=tuple(marks), keys=tuple(keys), length=begin,
        title=" · ".join(part.title for part in parts),
    )  # fmt: skip
