"""SecretsScreen: what looks like a secret, before an audience sees it; each is masked or left as it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static

from nova_tui.domain.safe_text import clean_line
from nova_tui.performing.masks import Mask
from nova_tui.performing.scene import Scene
from nova_tui.performing.secrets import Finding
from nova_tui.tui.commands import Command, CommandHost, bindings_of
from nova_tui.tui.type_ahead import release_keys


class ReviewCommand(Command):
    """Something to do with a finding."""

    group = "Review"


class MaskHere(ReviewCommand):
    """Hide this in its row."""

    id, keys, label = "review.mask_here", "m", "mask here"


class MaskEverywhere(ReviewCommand):
    """Hide this wherever it stands."""

    id, keys, label = "review.mask_everywhere", "M", "mask everywhere"


class LeaveFinding(ReviewCommand):
    """Show this; it is not asked about again."""

    id, keys, label = "review.leave", "l", "leave it"


class MaskAll(ReviewCommand):
    """Hide all that is still open, wherever it stands."""

    id, keys, label = "review.mask_all", "A", "mask all"


class GoOn(ReviewCommand):
    """Go on with what was decided."""

    id, keys, label = "review.go_on", "enter", "go on"


class GiveUp(ReviewCommand):
    """Go back without playing."""

    id, keys, label = "review.give_up", "escape,q", "back"


@dataclass(frozen=True, slots=True)
class Review:
    """What was decided: the masks, and the fingerprints of what was looked at."""

    masks: tuple[Mask, ...]
    reviewed: tuple[str, ...]
    open: int
    """How many findings nobody decided about."""


class SecretsScreen(ModalScreen[Review | None], CommandHost):
    """Lists findings; answers with a Review, or None when the person goes back."""

    DEFAULT_CSS: ClassVar[str] = """
    SecretsScreen {
        align: center middle;
        & > Vertical {
            width: 90; max-width: 96%; height: auto; max-height: 90%; padding: 0 1;
            border: round $warning; border-title-color: $foreground; border-title-style: bold; background: $background;
        }
        & OptionList {
            border: none; padding: 0; height: auto; max-height: 20; margin-bottom: 1; background: $background;
            &:focus { border: none; background-tint: $background 0%; }
        }
        &:ansi OptionList:focus > .option-list--option-highlighted { color: ansi_black; background: ansi_cyan; }
        & Static { color: $row-muted; }
    }
    """

    INTENTIONS = (MaskHere, MaskEverywhere, LeaveFinding, MaskAll, GoOn, GiveUp)
    BINDINGS = bindings_of(*INTENTIONS)

    def __init__(self, findings: Sequence[Finding], scene: Scene) -> None:
        super().__init__()
        self._findings = findings
        self._numbers = {scene_row.row.id: scene_row.number for scene_row in scene.rows}
        self._decided: dict[int, str] = {}

    def compose(self) -> ComposeResult:
        """List the findings over the keys."""
        with Vertical() as box:
            count = len(self._findings)
            box.border_title = Content(f"{count:,} {'place looks' if count == 1 else 'places look'} like a secret")
            yield OptionList(*(self._line(index) for index in range(count)), markup=False)
            yield Static(
                Content(
                    "m mask here · M mask everywhere · l leave it · A mask all\nEnter go on · Esc back without playing"
                )
            )

    def on_mount(self) -> None:
        """Take the keys."""
        self.query_one(OptionList).focus()
        release_keys(self)

    def _line(self, index: int) -> Content:
        """Return the line of a finding; what it found is shown in part only, since others may look on."""
        finding = self._findings[index]
        place = f"row {self._numbers[finding.row_id]}" if finding.row_id in self._numbers else "title"
        if finding.place not in ("text", "title"):
            place += f", {finding.place}"
        words = f"{place:<16.16} {finding.kind:<22.22} {_in_part(finding.text):<9} "
        return Content.assemble(words, (self._decided.get(index, ""), "bold"))

    def _decide(self, index: int, decision: str) -> None:
        """Note what becomes of a finding."""
        self._decided[index] = decision
        self.query_one(OptionList).replace_option_prompt_at_index(index, self._line(index))

    def _decide_current(self, decision: str) -> None:
        """Decide about the finding under the cursor and go to the next."""
        options = self.query_one(OptionList)
        index = options.highlighted
        if index is None:
            return
        self._decide(index, decision)
        if decision == "masked everywhere":
            for other, finding in enumerate(self._findings):
                if finding.text == self._findings[index].text:
                    self._decide(other, decision)
        options.highlighted = min(index + 1, len(self._findings) - 1)

    def action_mask_here(self) -> None:
        """Mask in the row."""
        self._decide_current("masked here")

    def action_mask_everywhere(self) -> None:
        """Mask everywhere."""
        self._decide_current("masked everywhere")

    def action_leave_finding(self) -> None:
        """Leave it."""
        self._decide_current("left")

    def action_mask_all(self) -> None:
        """Mask what is open."""
        for index in range(len(self._findings)):
            if index not in self._decided:
                self._decide(index, "masked everywhere")

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Go on with Enter."""
        event.stop()
        self.action_go_on()

    def action_go_on(self) -> None:
        """Answer."""
        masks = [
            self._findings[index].mask(everywhere=decision == "masked everywhere")
            for index, decision in self._decided.items()
            if decision != "left"
        ]
        left = [self._findings[index].fingerprint for index, decision in self._decided.items() if decision == "left"]
        still_open = len(self._findings) - len(self._decided)
        self.dismiss(Review(tuple(dict.fromkeys(masks)), tuple(dict.fromkeys(left)), still_open))

    def action_give_up(self) -> None:
        """Answer with nothing."""
        self.dismiss(None)


def _in_part(text: str) -> str:
    """Return enough of a text to know it again, and not more."""
    line = clean_line(text, 80)
    return f"{line[:4]}…{line[-2:]}" if len(line) > 8 else f"{line[:2]}…"
