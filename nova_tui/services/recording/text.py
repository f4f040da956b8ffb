"""Text frames: the screen at every chapter and at the end, to read, to search and to compare in a test."""

from __future__ import annotations

from nova_tui.services.recording.recording import Recording, text_of


def encode(recording: Recording) -> bytes:
    """Return the screens as text, each under its time and chapter."""
    moments = [*recording.marks, (recording.length, "end")]
    parts = [f"{recording.title}\n"]
    for (at, label), (until, _) in zip(moments, [*moments[1:], moments[-1]], strict=True):
        # a chapter is shown as it looks at its own end: at its first moment there is little to see of it yet
        screen = recording.screen_at(max(at, until - 1))
        lines = "\n".join(text_of(row) for row in screen).rstrip("\n")
        parts.append(f"\n--- {clock(at)} {label}\n{lines}\n")
    return "".join(parts).encode()


def clock(at: int) -> str:
    """Return milliseconds as minutes and seconds."""
    return f"{at // 60_000:02d}:{at // 1000 % 60:02d}.{at % 1000:03d}"
