"""DialogQuestions: what the dialog asks a person on a screen of its own: which, whether, where to."""

from __future__ import annotations

from collections.abc import Sequence

from textual import on, work

from nova_tui.domain.row import Row
from nova_tui.domain.safe_text import safe_url
from nova_tui.services.excerpt import Span
from nova_tui.tui import messages
from nova_tui.tui.screens.panel_commands import PanelHost
from nova_tui.tui.type_ahead import release_keys
from nova_tui.tui.widgets.dialog_view import DialogView


class DialogQuestions(PanelHost):
    """Answers the questions of the dialog that a screen shows."""

    @on(messages.Choose)
    def _choose(self, event: messages.Choose) -> None:
        """Let the person choose."""
        from nova_tui.tui.screens.choice_screen import ChoiceScreen  # noqa: PLC0415  not at the start

        def answered(answer: str | None) -> None:
            if answer is not None:
                event.done(answer)

        event.stop()
        self.app.push_screen(ChoiceScreen(event.question, event.choices), answered)

    @on(DialogView.LinkClicked)
    @work
    async def _link_clicked(self, event: DialogView.LinkClicked) -> None:
        """Show the address and open it when the person wants that."""
        from nova_tui.tui.screens.prompt_screen import PromptScreen  # noqa: PLC0415  not at the start

        answer = await self.app.push_screen_wait(
            PromptScreen("Open this address in the browser?", event.url, "Enter opens, Esc leaves")
        )
        if answer and safe_url(answer):
            self.app.open_url(answer)

    @on(messages.ShowOutline)
    @work
    async def _show_outline(self, event: messages.ShowOutline) -> None:
        """List what the user said, and go there."""
        from nova_tui.tui.screens.outline_screen import OutlineScreen  # noqa: PLC0415  not at the start

        event.stop()
        dialog = self.bench.dialog
        if (shown := dialog.session) is None:
            release_keys(self)
            return

        async def read(span: Span) -> Sequence[Row] | None:
            return await self.bench.read_window(shown, span)

        current = shown.rows.positions.get(dialog.view.current_row_id or "", 0)
        outline = OutlineScreen(shown.rows, current, read, show_hidden=dialog.view.show_hidden)
        position = await self.app.push_screen_wait(outline)
        if position is not None:
            row_id = shown.rows.ids[position]
            if shown.rows.hidden[position]:
                dialog.view.show_hidden = True
            if not dialog.view.move_cursor_to(row_id, top=True):
                self.app.notify("This row is not there any more.", timeout=3, markup=False)
