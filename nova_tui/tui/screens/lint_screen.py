"""LintScreen: what somebody who uses a session as data would stumble over; what can be mended is mended here."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import ClassVar, Final

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widget import Widget

from nova_tui.domain.lint import PROFILES, Finding, Severity, lint
from nova_tui.domain.row import Row
from nova_tui.domain.safe_text import clean_line
from nova_tui.domain.session import Session
from nova_tui.tui.commands import Command, CommandHost, bindings_of
from nova_tui.tui.type_ahead import release_keys
from nova_tui.tui.widgets.cells import shown_line
from nova_tui.tui.widgets.footer_line import FooterLine
from nova_tui.tui.widgets.line_list import LineList, Part

STYLES: Final = {Severity.ERROR: "bad", Severity.WARNING: "warn", Severity.NOTE: "quiet"}
ANY: Final = "any"
"""What the profile of no format is called."""
Mend = Callable[[Sequence[Finding]], Awaitable[None]]
"""Mends findings in the store."""


class LintCommand(Command):
    """Something to do with the findings."""

    group = "Lint"
    footer = True

    @classmethod
    def available(cls, host: Widget) -> bool:
        """Need a finding."""
        return isinstance(host, LintScreen) and bool(host.findings)


class JumpToRow(LintCommand):
    """Go to the row of the finding."""

    id, keys, label = "lint.jump", "enter", "go there"


class MendOne(LintCommand):
    """Mend this finding."""

    id, keys, label = "lint.mend", "m", "mend"

    @classmethod
    def available(cls, host: Widget) -> bool:
        """Only simple cases can be mended."""
        return isinstance(host, LintScreen) and not host.read_only and host.under is not None and host.under.mendable


class MendAll(LintCommand):
    """Mend all that can be, as one change."""

    id, keys, label = "lint.mend_all", "M", "mend all"

    @classmethod
    def available(cls, host: Widget) -> bool:
        """Only simple cases can be mended."""
        return isinstance(host, LintScreen) and not host.read_only and any(one.mendable for one in host.findings)


class UndoMending(LintCommand):
    """Take the last change of the session back."""

    id, keys, label = "lint.undo", "u,ctrl+z", "undo"

    @classmethod
    def available(cls, host: Widget) -> bool:
        """Need a store that may be changed."""
        return isinstance(host, LintScreen) and not host.read_only


class SwitchProfile(LintCommand):
    """Look with the eyes of the next format: none, OpenAI, ShareGPT, ChatML."""

    id, keys, label = "lint.profile", "p,tab", "profile"

    @classmethod
    def available(cls, host: Widget) -> bool:
        """Possible at any time."""
        return isinstance(host, LintScreen)


class LeaveLint(LintCommand):
    """Go back."""

    id, keys, label = "lint.leave", "escape,q", "back"

    @classmethod
    def available(cls, host: Widget) -> bool:
        """Possible at any time."""
        return isinstance(host, LintScreen)


class LintScreen(ModalScreen[str | None], CommandHost):
    """Lists findings; answers with the id of a row to go to, or None."""

    DEFAULT_CSS: ClassVar[str] = """
    LintScreen {
        align: center middle;
        & > Vertical {
            width: 100; max-width: 96%; height: 80%; min-height: 10; padding: 0 1;
            border: round $accent; border-title-color: $foreground; border-title-style: bold;
            border-subtitle-color: $row-muted; background: $background;
        }
        & FooterLine { padding: 0; margin-top: 1; }
    }
    """
    INTENTIONS = (JumpToRow, MendOne, MendAll, UndoMending, SwitchProfile, LeaveLint)
    BINDINGS = bindings_of(*INTENTIONS)

    def __init__(
        self,
        session: Session,
        mend: Mend,
        step_back: Callable[[], Awaitable[None]],
        read: Callable[[], Awaitable[Session]],
        *,
        read_only: bool = False,
    ) -> None:
        """Show a session's findings; `mend` and `step_back` change it in the store, `read` reads it again."""
        super().__init__()
        self._session, self._mend, self._step_back, self._read = session, mend, step_back, read
        self.read_only = read_only
        """Whether nothing can be mended."""
        self.findings: Sequence[Finding] = ()
        """What was found."""
        self._rows: dict[str, Row] = {}
        self._profile: str | None = None

    def compose(self) -> ComposeResult:
        """Put the list over the keys."""
        with Vertical() as box:
            box.border_title = Content("Lint")
            yield LineList(each=2)
            yield FooterLine()

    def on_mount(self) -> None:
        """Look, and take the keys that were typed meanwhile."""
        self.lines.focus()
        self._look()
        release_keys(self)

    @property
    def lines(self) -> LineList:
        """The list."""
        return self.query_one(LineList)

    @property
    def under(self) -> Finding | None:
        """The finding under the cursor."""
        return self.findings[self.lines.cursor] if self.findings else None

    @work(exclusive=True, group="look")
    async def _look(self, *, again: bool = False) -> None:
        """Find what there is, on a thread."""
        if again:
            self._session = await self._read()
        session, profile = self._session, self._profile
        self.findings = await asyncio.to_thread(lint, session, profile)
        self._rows = {row.id: row for row in session.dialog.rows}
        self.lines.show(len(self.findings), self._lay, self.lines.cursor)
        self._tell()

    def _tell(self) -> None:
        """Count the findings, name the profile."""
        box = self.query_one(Vertical)
        errors = sum(one.severity is Severity.ERROR for one in self.findings)
        mendable = sum(one.mendable for one in self.findings)
        count = f"{len(self.findings):,} finding{'' if len(self.findings) == 1 else 's'}"
        box.border_subtitle = Content(
            f"{count} · {errors:,} error{'' if errors == 1 else 's'} · {mendable:,} can be mended"
            if self.findings
            else "Nothing to say: it is clean."
        )
        profile = f"profile: {self._profile or ANY}"
        box.border_title = Content(f"Lint · {profile} · {clean_line(self._session.title, 60)}")
        self.refresh_bindings()

    def _lay(self, index: int, width: int) -> Sequence[Sequence[Part]]:
        """Return the lines of a finding: how bad and what, then where."""
        finding = self.findings[index]
        style = STYLES[finding.severity]
        mending = [("  m mends it", "quiet")] if finding.mendable and not self.read_only else []
        row = self._rows.get(finding.row_id or "")
        where = "the session as a whole"
        if row is not None and finding.position is not None:
            where = f"row {finding.position + 1}  {row.role.value}  {shown_line(row.text, max(1, width))}"
        head = [(f"{finding.severity.value:<8}", style), (shown_line(finding.sentence), "text"), *mending]
        return [head, [(" " * 8, "text"), (where, "quiet")]]

    @on(LineList.Moved)
    def _moved(self, event: LineList.Moved) -> None:
        """Other commands may be possible."""
        event.stop()
        self.refresh_bindings()

    @on(LineList.Chosen)
    def _chosen(self, event: LineList.Chosen) -> None:
        """Go there."""
        event.stop()
        self.action_jump_to_row()

    def action_jump_to_row(self) -> None:
        """Answer with the row under the cursor."""
        if self.under is not None and self.under.row_id is not None:
            self.dismiss(self.under.row_id)

    def action_mend_one(self) -> None:
        """Mend the finding under the cursor."""
        if self.under is not None:
            self._mend_these([self.under])

    def action_mend_all(self) -> None:
        """Mend what can be."""
        self._mend_these([one for one in self.findings if one.mendable])

    @work(group="mend")
    async def _mend_these(self, findings: Sequence[Finding]) -> None:
        """Mend, then look again."""
        await self._mend(findings)
        self._look(again=True)

    @work(group="mend")
    async def action_undo_mending(self) -> None:
        """Take a change back, then look again."""
        await self._step_back()
        self._look(again=True)

    def action_switch_profile(self) -> None:
        """Take the next profile."""
        every = (None, *PROFILES)
        self._profile = every[(every.index(self._profile) + 1) % len(every)]
        self._look()

    def action_leave_lint(self) -> None:
        """Answer with nothing."""
        self.dismiss(None)
