"""SessionVerbs: what a person does with one session or with all that are marked, as one step of undo."""

from __future__ import annotations

import dataclasses
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from time import monotonic

from textual import work
from textual.message import Message
from textual.worker import WorkerCancelled

from nova_tui.domain.safe_text import clean_line
from nova_tui.domain.session import OWN_KEY, Session
from nova_tui.domain.summary import SessionSummary
from nova_tui.services.editing import Change
from nova_tui.services.library import Library
from nova_tui.tui.reporting import reporting
from nova_tui.tui.screens.list_commands import ListHost
from nova_tui.tui.session_batches import BatchOutcome, Progress, SessionBatches
from nova_tui.tui.session_changes import SessionChanges
from nova_tui.tui.storage_worker import StorageWorker
from nova_tui.tui.type_ahead import hold_keys, release_keys

SLOW = 0.3
"""Seconds after which the screen says how far a change of many sessions is."""
AGAIN = 5.0
"""Seconds within which a second press erases for ever."""
Run = Callable[[Progress], Awaitable[BatchOutcome | None]]
Told = Callable[[BatchOutcome], str]
"""What a person is told of an outcome."""


class _Turn:
    """Turns a switch of a session; without a direction the first session tells it."""

    def __init__(self, turned: Callable[[Session, bool], Session], state: Callable[[Session], bool]) -> None:
        self._turned, self._state = turned, state
        self.on: bool | None = None
        """The direction, once it is known."""
        self.count = 0
        """How many sessions were turned."""

    def __call__(self, session: Session) -> Session:
        """Turn a session's switch where that is a change."""
        state = self._state(session)
        if self.on is None:
            self.on = not state
        return session if state == self.on else self._turned(session, self.on)


class SessionVerbs(ListHost):
    """Carries out the verbs; what follows on the screen is told by messages."""

    class Changed(Message):
        """Sessions were stored with other content, deleted or brought back."""

        def __init__(self, session_ids: Sequence[str]) -> None:
            super().__init__()
            self.session_ids = session_ids

    class Created(Message):
        """A session was made, to be written at once."""

        def __init__(self, session: Session) -> None:
            super().__init__()
            self.session = session

    class Working(Message):
        """Something takes its time: what, and how far it is; empty when it is over."""

        def __init__(self, words: str) -> None:
            super().__init__()
            self.words = words

    def __init__(self, storage: StorageWorker, changes: SessionChanges, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._storage = storage
        self._changes = changes
        self._batches = SessionBatches(storage, changes)
        self._asked_to_purge: tuple[frozenset[str], float] = (frozenset(), 0.0)

    # -- carrying out ------------------------------------------------------------------------------------------------

    async def _run(self, run: Run, told: Told | None, keep: str | None = None) -> BatchOutcome | None:
        """Carry out a change of sessions, tell how far it is, and show the outcome."""
        began = monotonic()

        def progress(done: int, total: int) -> None:
            if monotonic() - began > SLOW and done < total:
                self.post_message(self.Working(f"{done:,} of {total:,}"))
                self.refresh_bindings()

        self.busy += 1
        outcome = None
        try:
            with reporting(self):
                outcome = await run(progress)
        finally:
            self.busy -= 1
            self.post_message(self.Working(""))
        if outcome is not None:
            self.pane.session_list.forget_summaries(outcome.session_ids)
            self.pane.take_note(outcome.summaries)
        self.pane.recount()
        with suppress(WorkerCancelled):  # a later one takes its place
            await self.pane.reload(keep=keep).wait()
        release_keys(self)
        if outcome is not None:
            self.post_message(self.Changed(outcome.session_ids))
            self._tell(outcome, told)
        return outcome

    def _tell(self, outcome: BatchOutcome, told: Told | None) -> None:
        """Say what was done, and what was not."""
        said = [told(outcome)] if told is not None and outcome.changes else []
        if outcome.stopped:
            said.append("Stopped; the others are as they were.")
        if outcome.failures:
            more = f" (and {len(outcome.failures) - 1:,} more)" if len(outcome.failures) > 1 else ""
            said.append(f"Not changed: {outcome.failures[0]}{more}")
        if said:
            warning = bool(outcome.failures)
            self.app.notify(" ".join(said), severity="warning" if warning else "information", markup=False)

    async def _called(self, session_ids: Sequence[str]) -> str:
        """Return the title of one session in quotes, or how many they are."""
        if len(session_ids) != 1:
            return count_of(len(session_ids))
        found = await self._storage.read(lambda library: library.store.summaries_of(session_ids))
        return f"“{clean_line(found[0].title, 60)}”" if found else "a session"

    async def change_sessions(
        self, session_ids: Sequence[str], verb_name: str, verb: Callable[[Session], Session], told: Told
    ) -> BatchOutcome | None:
        """Change sessions by a verb of the model, as one step of undo."""
        return await self._run(lambda progress: self._batches.change(session_ids, verb_name, verb, progress), told)

    # -- verbs -------------------------------------------------------------------------------------------------------

    def action_new_session(self) -> None:
        """Make a session and write its first row."""
        hold_keys(self)
        self._create()

    @work
    async def _create(self) -> None:
        """Store an empty session."""
        with reporting(self):
            self.post_message(self.Created(await self._changes.create()))
            return
        release_keys(self)

    def show_new(self, session: Session) -> None:
        """Show a session that was just made, whatever was shown before."""
        self.pane.take_note({session.id: SessionSummary.of(session)})
        self.pane.recount()
        self.pane.show_all(keep=session.id)

    def action_rename_session(self) -> None:
        """Ask for another title."""
        if self.pane.session_list.current_id is not None:
            hold_keys(self)
            self._rename(self.pane.session_list.current_id)

    @work
    async def _rename(self, session_id: str) -> None:
        """Ask for a title and store it."""
        from nova_tui.tui.screens.prompt_screen import PromptScreen  # noqa: PLC0415  not at the start

        with reporting(self):
            session = await self._storage.read(lambda library: library.store.load(session_id))
            title = await self.app.push_screen_wait(PromptScreen("Rename session", session.title))
            if title is None or title.strip() == session.title:
                return
            await self._run(
                lambda progress: self._batches.change(
                    [session_id], "rename", lambda session: session.with_title(title.strip()), progress
                ),
                None,
            )

    def action_tag_sessions(self) -> None:
        """Ask for tags."""
        hold_keys(self)
        self._tag(self.targets)

    @work
    async def _tag(self, targets: list[str]) -> None:
        """Edit the tags of one session, or add tags to several and take others off them."""
        from nova_tui.tui.screens.tag_screen import TagScreen, retagged, tags_of  # noqa: PLC0415  not at the start

        with reporting(self):
            known = await self._storage.read(lambda library: library.store.tags(library.user_id))
            tags: Sequence[str] = ()
            if len(targets) == 1:
                tags = (await self._storage.read(lambda library: library.store.load(targets[0]))).tags
                question, hint = "Tags", 'words, "several words"; Tab completes, Enter keeps'
            else:
                question, hint = f"Tags of {count_of(len(targets))}", "+tag adds, -tag takes off; Tab completes"
            line = await self.app.push_screen_wait(TagScreen(question, tags, known, hint))
            if line is None:
                return
            words = tags_of(line)
            base = len(targets) > 1

            def verb(session: Session) -> Session:
                wanted = tuple(retagged(session.tags if base else (), words))
                return session if wanted == session.tags else session.with_tags(wanted)

            told = (lambda outcome: f"Tagged {count_of(len(outcome.changes))}. u takes it back.") if base else None
            await self._run(lambda progress: self._batches.change(targets, "tag", verb, progress), told)

    @work
    async def action_star_sessions(self) -> None:
        """Give the sessions a star, or take it off when all have one."""
        targets = self.targets
        turn = _Turn(Session.with_star, lambda session: session.starred)
        await self._turn(turn, targets, "is:starred", "star")
        if len(targets) > 1:
            self._say(turn, "Gave {} a star.", "Took the star off {}.", count_of(turn.count))

    def action_archive_sessions(self) -> None:
        """Put the sessions away, or back when all are in the archive."""
        hold_keys(self)
        self._archive(self.targets)

    @work
    async def _archive(self, targets: list[str]) -> None:
        """Put sessions away, or back."""
        name = await self._called(targets)
        turn = _Turn(Session.with_archive, lambda session: session.archived)
        self.pane.session_list.clear_marks()
        await self._turn(turn, targets, "is:archived", "archive")
        away = f"Archived {{}}. u brings {'it' if len(targets) == 1 else 'them'} back, A shows the archive."
        self._say(turn, away, "Back in the list: {}.", name if len(targets) == 1 else count_of(turn.count))

    async def _turn(self, turn: _Turn, targets: list[str], condition: str, verb: str) -> None:
        """Turn a switch of sessions on, or off when it is on in all of them."""
        with reporting(self):
            if len(targets) > 1:
                turn.on = not await self._storage.read(lambda library: _all_meet(library, targets, condition))
            name = f"un{verb}" if turn.on is False else verb
            outcome = await self._run(lambda progress: self._batches.change(targets, name, turn, progress), None)
            turn.count = len(outcome.changes) if outcome is not None else 0

    def _say(self, turn: _Turn, on: str, off: str, what: str) -> None:
        """Say what was turned on or off."""
        if turn.count:
            self.app.notify((on if turn.on else off).format(what), markup=False)

    def action_delete_sessions(self) -> None:
        """Delete sessions at once."""
        hold_keys(self)  # until the list is another
        self._delete(self.targets)

    @work
    async def _delete(self, targets: list[str]) -> None:
        """Delete sessions; the toast tells how to get them back."""
        name = await self._called(targets)
        self.pane.session_list.clear_marks()
        await self._run(
            lambda progress: self._batches.delete(targets, progress),
            lambda outcome: (
                f"Deleted {name}. Press u to bring it back."
                if len(targets) == 1
                else f"Deleted {count_of(len(outcome.changes))}. Press u to bring them back."
            ),
        )

    @work
    async def action_duplicate_sessions(self) -> None:
        """Store a copy of each session; the cursor goes to a single one."""
        await self._copy("copy", _duplicate, self.targets, "Copied {}.")

    @work
    async def action_fork_session(self) -> None:
        """Store a fork of each session; the cursor goes to a single one."""
        await self._copy("fork", Session.fork, self.targets, "Forked {}.")

    async def _copy(self, verb: str, copy: Callable[[Session], Session], targets: Sequence[str], words: str) -> None:
        """Store a copy of each session."""
        name = await self._called(targets)
        outcome = await self._run(
            lambda progress: self._batches.copy(targets, verb, copy, progress),
            lambda outcome: words.format(name if len(targets) == 1 else count_of(len(outcome.changes))),
        )
        if outcome is not None and len(outcome.changes) == 1:
            self.pane.reload(keep=outcome.session_ids[0])

    @work
    async def action_merge_sessions(self) -> None:
        """Store a session with the rows of the marked ones; the cursor goes there."""
        targets = self.targets
        with reporting(self):
            merged = await self._changes.merge(targets)
            self.pane.session_list.clear_marks()
            self.pane.recount()
            self.pane.reload(keep=merged.id)
            name = clean_line(merged.title, 60)
            self.app.notify(f"“{name}” holds the rows of {count_of(len(targets))}.", markup=False)

    def action_restore_sessions(self) -> None:
        """Take the sessions out of the trash."""
        hold_keys(self)
        self.restore(self.targets)

    @work
    async def restore(self, targets: list[str]) -> None:
        """Take sessions out of the trash."""
        self.pane.session_list.clear_marks()
        await self._run(
            lambda progress: self._batches.restore(targets, progress),
            lambda outcome: f"{count_of(len(outcome.changes)).capitalize()} back in the list.",
        )

    @work
    async def action_purge_sessions(self) -> None:
        """Erase the sessions for ever, when the same is asked for twice."""
        targets = self.targets
        asked, at = self._asked_to_purge
        if asked != frozenset(targets) or monotonic() - at > AGAIN:
            self._asked_to_purge = frozenset(targets), monotonic()
            words = f"Press d again to erase {count_of(len(targets))} for ever."
            self.app.notify(words, severity="warning", timeout=AGAIN, markup=False)
            return
        self._asked_to_purge = frozenset(), 0.0
        self.app.clear_notifications()
        self.pane.session_list.clear_marks()
        await self._run(
            lambda progress: self._batches.purge(targets, progress),
            lambda outcome: f"Erased {count_of(len(outcome.changes))} for ever.",
        )

    async def undo_batch(self) -> bool:
        """Take back the last step when that was one of many sessions; False when it was none."""
        return await self._walk(self._changes.log.batch_to_undo(), self._batches.undo, "Undone")

    async def redo_batch(self) -> bool:
        """Make a step of many sessions again; False when the last that was taken back was none."""
        return await self._walk(self._changes.log.batch_to_redo(), self._batches.redo, "Done again")

    async def _walk(self, changes: Sequence[Change], run: Run, word: str) -> bool:
        """Walk a step of many sessions back or forth."""
        if not changes:
            return False
        self.app.clear_notifications()
        verb = changes[0].batch.partition(" #")[0]
        await self._run(run, lambda outcome: f"{word}: {verb} of {count_of(len(outcome.changes))}.")
        return True

    def stop_batch(self) -> None:
        """Stop the change that is running."""
        self._batches.stop()


def count_of(count: int) -> str:
    """Return how many sessions."""
    return "1 session" if count == 1 else f"{count:,} sessions"


def _all_meet(library: Library, session_ids: Sequence[str], condition: str) -> bool:
    """Tell whether all of these sessions meet a condition."""
    return set(session_ids) <= set(library.store.session_ids(library.user_id, filter=condition))


def _duplicate(session: Session) -> Session:
    """Return a new session with the same rows, tags and star, and a title that tells the two apart."""
    own = {key: value for key, value in session.own.items() if key != "archived"}
    copy = dataclasses.replace(session.fork(), app_data={**session.app_data, OWN_KEY: own})
    return copy.with_title(f"{session.title} (copy)", at=copy.created_at)
