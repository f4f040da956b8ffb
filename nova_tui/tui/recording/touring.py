"""Touring: the program itself over the demo library, in memory, and a tour that says which keys are pressed."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from nova_tui.domain.errors import ScriptError
from nova_tui.performing.cue import Cue
from nova_tui.performing.rhythm import Dice, typed
from nova_tui.services.demo_library import demo_sessions
from nova_tui.services.recording.recording import Recording
from nova_tui.services.recording.tour import Step, Tour
from nova_tui.storage.url import open_store
from nova_tui.theming import ThemeSpec
from nova_tui.tui.app import NovaApp
from nova_tui.tui.recording.recorder import Take, record
from nova_tui.tui.recording.textual_clock import MOMENT

SIZE = (100, 30)
"""Columns and rows where nothing else is said."""
SETTLE_SECONDS = 1.0
"""How long the program has to come up before it is recorded."""
KEY_SECONDS = 0.25
"""From one key to the next."""
LAST_SECONDS = 0.5
"""How long the last screen is held at least."""


def demo_app(themes: Sequence[ThemeSpec], theme: str) -> NovaApp:
    """Return the program over the demo library; nothing is written, and its sessions are always of the same age."""
    store = open_store("memory:", user_id="demo")
    store.save_many(demo_sessions("demo", MOMENT))
    return NovaApp(lambda: store, user_id="demo", place="demo library", themes=themes, theme=theme)


def record_tour(
    tour: Tour,
    size: tuple[int, int],
    themes: Sequence[ThemeSpec],
    theme: str,
    *,
    seed: int = 1,
    speed: float = 1.0,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> Recording:
    """Return the recording of a tour; raise ScriptError where a step cannot be done."""
    names = {spec.name for spec in themes}
    for step in tour.steps:
        if step.action == "theme" and step.value not in names:
            raise ScriptError(tour.path, f"line {step.line}", f"theme: there is no theme {step.value}")
        if step.action == "size" and not (step.value[0] <= size[0] and step.value[1] <= size[1]):
            raise ScriptError(tour.path, f"line {step.line}", "size: it is larger than the recording")
    done = 0

    async def script(take: Take) -> None:
        nonlocal done
        await take.wait(SETTLE_SECONDS)
        take.begin()
        for number, step in enumerate(tour.steps):
            done = number
            await _do(take, step, seed, speed)
        await take.wait(LAST_SECONDS / speed)

    return record(
        lambda: demo_app(themes, theme),
        script,
        size,
        title=tour.title,
        captions=tour.has_captions,
        progress=lambda _ms: progress(done, len(tour.steps)),
    )


async def _do(take: Take, step: Step, seed: int, speed: float) -> None:
    """Do one step."""
    if step.action == "press":
        await take.press(*step.value, every=KEY_SECONDS / speed)
    elif step.action == "type":
        beats = typed(step.value, Cue(speed=speed), Dice(f"{seed}:{step.line}"))
        done, began = 0, take.now
        for at, size in zip(beats.times, beats.sizes, strict=True):
            await take.wait_until(began + at)
            for character in step.value[done:size]:
                await take.press("enter" if character == "\n" else character, every=0)
            done = size
        await take.wait(KEY_SECONDS / speed)
    elif step.action == "wait":
        await take.wait(step.value / speed)
    elif step.action == "caption":
        take.caption(step.value)
    elif step.action == "marker":
        take.mark(step.value)
    elif step.action == "theme":
        take.app.theme = step.value
    else:
        take.resize(*step.value)
