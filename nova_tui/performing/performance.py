"""Performance: a session made ready to be performed; a thread prepares it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from nova_tui.domain.session import Session
from nova_tui.performing.masks import Mask, Masking, session_masks
from nova_tui.performing.scene import Scene, make_scene
from nova_tui.performing.script import Script
from nova_tui.performing.timeline import Timeline, compile_timeline

DEFAULT_SEED = 1


@dataclass(frozen=True, slots=True)
class Performance:
    """The session, what an audience sees of it, and when."""

    session: Session
    script: Script
    masks: tuple[Mask, ...]
    """Masks of this run only."""
    scene: Scene
    timeline: Timeline
    whole: Timeline
    """The same with rows that appear whole, for those who do not want to wait or to see things move."""

    @classmethod
    def of(cls, session: Session, script: Script | None = None, masks: Iterable[Mask] = ()) -> Performance:
        """Make a session ready; raise ScriptError."""
        script, masks = script or Script(), tuple(masks)
        scene = make_scene(session, script, masks)
        seed = DEFAULT_SEED if script.seed is None else script.seed
        whole = compile_timeline(scene, seed=seed, instant=True)
        return cls(session, script, masks, scene, compile_timeline(scene, seed=seed), whole)

    def with_session(self, session: Session) -> Performance:
        """Make another version of the session ready in the same way."""
        ids = {row.id for row in session.dialog.rows}
        rows = {name: cue for name, cue in self.script.row_settings(self.session.dialog).items() if name in ids}
        return Performance.of(session, replace(self.script, rows=rows, session=None), self.masks)

    def with_masks(self, masks: Iterable[Mask]) -> Performance:
        """Make the same ready with these masks, for this run only."""
        return Performance.of(self.session, self.script, masks)

    @property
    def has_chapters(self) -> bool:
        """Whether the session or the script names chapters."""
        return any(scene_row.cue.chapter for scene_row in self.scene.rows)

    def is_masked(self, row_id: str) -> bool:
        """Tell whether an audience does not see all of a row's text because something is masked."""
        masking = Masking([*session_masks(self.session), *self.script.masks, *self.masks])
        return masking.text(text := self.session.dialog.row(row_id).text, row_id) != text

    def left_out(self) -> str:
        """Return what of the dialog is not performed, as a sentence."""
        scene = self.scene
        parts = [f"{_count(scene.hidden, 'hidden row')} left out"]
        if scene.skipped:
            parts.append(f"{_count(scene.skipped, 'row')} skipped")
        parts.append(
            f"{_count(0, 'excluded row')} left out" + (f" ({scene.excluded:,} shown)" if scene.excluded else "")
        )
        if scene.masked:
            parts.append(f"{_count(scene.masked, 'place')} masked")
        return ", ".join(parts) + "."


def _count(count: int, noun: str) -> str:
    """Return a count with its noun."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
