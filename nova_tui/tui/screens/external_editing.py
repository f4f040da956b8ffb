"""ExternalEditing: rows or a whole session in the person's own editor, and what becomes of the edited text."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from textual.app import App, SuspendNotSupported

from nova_tui.domain.errors import EditorError, NovaError, YamlError
from nova_tui.domain.safe_text import clean_line
from nova_tui.domain.session import Session
from nova_tui.services.comparison import ComparedLine, compared
from nova_tui.services.external_edit import EditFile, editor_command
from nova_tui.services.hand_text import HandText
from nova_tui.tui.panes.workbench import Workbench
from nova_tui.tui.screens.apply_screen import AGAIN, APPLY, ApplyScreen, MistakeScreen


class ExternalEditing:
    """One text on its way to an editor and back; it stays in a file until it is applied."""

    def __init__(self, app: App[None], bench: Workbench, session: Session, row_ids: Sequence[str] | None) -> None:
        self._app, self._bench = app, bench
        self._hand = HandText.of(session, row_ids)

    async def run(self) -> None:
        """Let the person edit, show what that changes, and apply it; raise EditorError where there is no editor."""
        command = editor_command()
        file = await asyncio.to_thread(lambda: EditFile(self._hand.text, self._hand.session.title))
        edit = True
        while True:
            trouble = self._edit(command, file) if edit else None
            answer = await self._look_at(file, trouble, command[0], opened=edit)
            if answer is None:
                return
            edit = answer == AGAIN

    def _edit(self, command: list[str], file: EditFile) -> EditorError | None:
        """Give the terminal to the editor until it ends."""
        try:
            with self._app.suspend():
                try:
                    file.edit(command)
                except EditorError as error:  # the terminal is only given back where nothing is raised
                    return error
        except SuspendNotSupported:
            return EditorError(command[0], "cannot be opened from here: this screen has no terminal to lend")
        return None

    async def _look_at(self, file: EditFile, trouble: EditorError | None, editor: str, *, opened: bool) -> str | None:
        """Say what became of the text; None where that is the end, else what to do next."""
        touched = await asyncio.to_thread(lambda: file.touched)
        if trouble is not None and not touched:
            await asyncio.to_thread(file.drop)
            raise trouble
        if trouble is not None:
            return await self._mistake(MistakeScreen(str(trouble), file.path, title="The editor failed"), file)
        if not touched and opened and file.quick:
            told = (
                f"The editor {clean_line(editor)} came back at once. If it opened a window, save there and press Enter"
                " here; better let it wait (code --wait)."
            )
            return await self._mistake(MistakeScreen(told, file.path, title="Still editing?"), file)
        try:
            after, lines = await asyncio.to_thread(self._read, file)
        except NovaError as error:
            return await self._mistake(await asyncio.to_thread(_mistake_screen, error, file), file)
        if not lines:
            await asyncio.to_thread(file.drop)
            self._say("Nothing changed.")
            return None
        return await self._offer(file, after, lines)

    async def _offer(self, file: EditFile, after: Session, lines: Sequence[ComparedLine]) -> str | None:
        """Show the difference and apply it when the person wants that."""
        title = f"What changes in “{clean_line(self._hand.session.title, 50)}”"
        answer: str | None = await self._app.push_screen_wait(ApplyScreen(self._hand.session, after, title, lines))
        if answer == APPLY:
            # `after` bears the revision that was edited, so the store merges it with what was done meanwhile
            saved = await self._bench.change(self._hand.session, lambda _: after)
            if saved is not None:
                await asyncio.to_thread(file.drop)
                self._say("Applied. u takes it back.")
                return None
        if answer != AGAIN:
            self._say(f"Nothing was changed; your text is kept in {file.path}")
            return None
        return AGAIN

    def _read(self, file: EditFile) -> tuple[Session, Sequence[ComparedLine]]:
        """Return the session as the text says it shall be, and what that changes; raise YamlError."""
        after = self._hand.read(file.text())
        return after, [] if after == self._hand.session else list(compared(self._hand.session, after))

    async def _mistake(self, screen: MistakeScreen, file: EditFile) -> str | None:
        """Show what is wrong and return what to do next."""
        answer = await self._app.push_screen_wait(screen)
        if answer is None:
            if await asyncio.to_thread(lambda: file.touched):
                self._say(f"Nothing was changed; your text is kept in {file.path}")
            else:
                await asyncio.to_thread(file.drop)
        return answer

    def _say(self, sentence: str) -> None:
        """Tell the person."""
        self._app.notify(clean_line(sentence, 400), timeout=8, markup=False)


def _mistake_screen(error: NovaError, file: EditFile) -> MistakeScreen:
    """Return the screen for a mistake, with the lines around it."""
    try:
        lines = file.text().split("\n")
    except YamlError:
        lines = []
    return MistakeScreen(str(error), file.path, lines, error.line if isinstance(error, YamlError) else 0)
