"""SessionOutput: sessions to files and to the clipboard, in every format there is."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from textual import work

from nova_tui.domain.safe_text import clean_line
from nova_tui.tui.reporting import reporting
from nova_tui.tui.screens.session_verbs import SessionVerbs, count_of
from nova_tui.tui.session_reader import ReadingStopped, SessionReader
from nova_tui.tui.type_ahead import hold_keys

CLIPBOARD = 1_000_000
"""Characters that go to the clipboard at most; terminals take no more."""
IDS = "ids"
"""Copies the ids themselves."""


class SessionOutput(SessionVerbs):
    """Writes and copies the marked sessions, or the one under the cursor."""

    _reader: SessionReader | None = None

    @work
    async def action_export_sessions(self) -> None:
        """Ask for a format and a path, and write the file."""
        targets = self.targets
        hold_keys(self)
        name = await self._ask_format("Export as", await self._file_stem(targets))
        if name is None:
            return
        path = await self._ask_path(targets, name)
        if path is not None:
            await self._export(targets, name, path)

    async def _ask_format(self, question: str, stem: str, *, ids: bool = False) -> str | None:
        """Ask for a format."""
        from nova_tui.formats.registry import EXPORTERS  # noqa: PLC0415  not at the start
        from nova_tui.tui.screens.choice_screen import ChoiceScreen  # noqa: PLC0415  as said above

        choices = [(name, name, f"{stem}{exporter.extension}") for name, exporter in EXPORTERS.items()]
        choices.sort(key=lambda choice: choice[0] not in ("markdown", "text", "html"))
        if ids:
            choices.append((IDS, "ids", "the sessions' ids, one a line"))
        return await self.app.push_screen_wait(ChoiceScreen(question, choices))

    async def _ask_path(self, targets: Sequence[str], format_name: str) -> Path | None:
        """Ask where to write; a file that is there is replaced only when the person says so."""
        from nova_tui.formats.registry import exporter_named  # noqa: PLC0415  not at the start
        from nova_tui.tui.screens.path_question import ask_path  # noqa: PLC0415  as said above

        given = str(Path.cwd() / f"{await self._file_stem(targets)}{exporter_named(format_name).extension}")
        hint = "a folder gets a file a session" if len(targets) > 1 else "Enter writes, Esc leaves"
        return await ask_path(self.app, given, hint)

    async def _export(self, targets: Sequence[str], format_name: str, path: Path) -> None:
        """Write the file on a thread of its own, and say what became of it."""
        from nova_tui.formats.registry import exporter_named  # noqa: PLC0415  not at the start
        from nova_tui.services.transfer_out import Export  # noqa: PLC0415  as said above

        loop, total = asyncio.get_running_loop(), len(targets)

        def progress(done: int) -> None:
            if done < total and done % 50 == 0:
                loop.call_soon_threadsafe(self.post_message, self.Working(f"exporting {done:,} of {total:,}"))

        with self._reading() as reader:
            export = Export(reader, targets, exporter_named(format_name), progress=progress)
            folder = total > 1 and (await asyncio.to_thread(path.is_dir) or not path.suffix)
            receipt = await asyncio.to_thread(export.to_folder if folder else export.to_file, path)
            rows = sum(entry.rows for entry in receipt.sessions)
            words = [f"Wrote {count_of(len(receipt.sessions))}, {rows:,} {'row' if rows == 1 else 'rows'}, to {path}."]
            for count, what in (
                (sum(entry.hidden for entry in receipt.sessions), "hidden"),
                (sum(entry.excluded for entry in receipt.sessions), "excluded"),
            ):
                if count:
                    words.append(f"{count:,} {what} left out.")
            words += [f"Lost: {loss}" for loss in receipt.losses[:1]] + receipt.failures[:1]
            warning = bool(receipt.failures or receipt.losses)
            told = clean_line(" ".join(words), 400)
            self.app.notify(told, severity="warning" if warning else "information", timeout=8, markup=False)

    @work
    async def action_copy_sessions(self) -> None:
        """Copy the sessions as Markdown."""
        await self._copy_to_clipboard(self.targets, "markdown")

    @work
    async def action_copy_sessions_as(self) -> None:
        """Ask for a format and copy the sessions in it."""
        targets = self.targets
        hold_keys(self)
        name = await self._ask_format("Copy as", "", ids=True)
        if name is not None:
            await self._copy_to_clipboard(targets, name)

    async def _copy_to_clipboard(self, targets: Sequence[str], format_name: str) -> None:
        """Copy sessions, unless they are more than a clipboard takes."""
        if format_name == IDS:
            self.app.copy_to_clipboard("\n".join(targets))
            self.app.notify("Copied the id." if len(targets) == 1 else f"Copied {len(targets):,} ids.", markup=False)
            return
        from nova_tui.formats.registry import exporter_named  # noqa: PLC0415  not at the start
        from nova_tui.services.transfer_out import Export  # noqa: PLC0415  as said above

        with self._reading() as reader:
            export = Export(reader, targets, exporter_named(format_name))

            def gather() -> str | None:
                parts, length = [], 0
                for part in export.text():
                    parts.append(part)
                    length += len(part)
                    if length > CLIPBOARD:
                        return None
                return "".join(parts)

            text = await asyncio.to_thread(gather)
            if text is None:
                words = f"That is more than {CLIPBOARD:,} characters, too much for a clipboard; x writes a file."
                self.app.notify(words, severity="warning", markup=False)
            elif export.receipt.failures:
                self.app.notify(export.receipt.failures[0], severity="error", markup=False)
            else:
                self.app.copy_to_clipboard(text)
                self.app.notify(f"Copied {count_of(len(targets))} as {format_name}.", markup=False)

    async def _file_stem(self, targets: Sequence[str]) -> str:
        """Return what a file of these sessions is called."""
        from nova_tui.services.transfer_out import safe_name  # noqa: PLC0415  not at the start

        if len(targets) != 1:
            return "sessions"
        with reporting(self):
            found = await self._storage.read(lambda library: library.store.summaries_of(targets))
            return safe_name(found[0].title) if found else "session"
        return "session"

    @contextmanager
    def _reading(self) -> Iterator[SessionReader]:
        """Give a reader that can be stopped, and report what goes wrong."""
        reader = self._reader = SessionReader(self._storage)
        self.busy += 1
        self.refresh_bindings()
        try:
            with reporting(self):
                yield reader
        except ReadingStopped:
            self.app.notify("Stopped.", markup=False)
        finally:
            self.busy -= 1
            self.refresh_bindings()
            self.post_message(self.Working(""))

    def stop_batch(self) -> None:
        """Stop a change, an export and a copy."""
        super().stop_batch()
        if self._reader is not None:
            self._reader.stopped = True
