"""Files in: find, tell the format, read, and save what the store does not have yet; one bad file stops no other."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO, Final

from nova_tui.domain.errors import (
    FormatError,
    InvalidSession,
    NovaError,
    SessionConflict,
    SessionDamaged,
    SessionNotFound,
    StorageError,
    StoreReadOnly,
)
from nova_tui.domain.session import Session
from nova_tui.domain.times import now
from nova_tui.formats.format import Conversation, Importer, Reading, Receipt, conversations
from nova_tui.formats.registry import detect, importer_named
from nova_tui.formats.source import Source
from nova_tui.services.transfer_files import FoundFile, found_files, opened, packed
from nova_tui.services.transfer_merge import COPY, SKIP, Outcome, another_id, merged, refused
from nova_tui.services.transfer_receipt import (
    EMPTY,
    REFUSED,
    TRASHED,
    ImportedConversation,
    ImportedFile,
    ImportReceipt,
)
from nova_tui.storage.provider import SessionStorageProvider

BATCH_ROWS: Final = 5_000
"""Rows that are gathered before they are saved together."""

Progress = Callable[[int, int], None]
"""Takes the bytes that are done and the bytes there are."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """How an import goes about it."""

    format: str | None = None
    """The format's name; None to tell it from the content."""
    on_conflict: str = SKIP
    """What becomes of a session that is there already: skip (new rows are added), replace, or copy."""
    branches: bool = False
    """Whether every branch becomes a session of its own."""
    dry_run: bool = False
    strict: bool = False
    """Whether a conversation that would lose something is refused."""


def import_paths(
    store: SessionStorageProvider,
    user_id: str,
    paths: Iterable[str],
    wishes: Wishes | None = None,
    *,
    stdin: BinaryIO | None = None,
    progress: Progress = lambda _done, _total: None,
    cancelled: Callable[[], bool] = lambda: False,
    at: datetime | None = None,
    receipt: ImportReceipt | None = None,
) -> ImportReceipt:
    """Import files, folders and archives (`-` is `stdin`) for a user; say what became of each.

    A `receipt` that is given is the one that is filled, so that who stops an import halfway knows what is saved.

    Raises FormatError for an unknown `wishes.format`, and StorageError where the store itself fails.
    """
    if store.read_only and not (wishes and wishes.dry_run):
        raise StoreReadOnly(store.place)
    run = _Import(store, user_id, wishes or Wishes(), stdin, progress, cancelled, at or now())
    if receipt is not None:
        run.fill(receipt)
    return run.files(found_files(paths))


class _Import:
    """One import while it runs."""

    def __init__(
        self,
        store: SessionStorageProvider,
        user_id: str,
        wishes: Wishes,
        stdin: BinaryIO | None,
        progress: Progress,
        cancelled: Callable[[], bool],
        at: datetime,
    ) -> None:
        self._store, self._user_id, self._wishes, self._stdin = store, user_id, wishes, stdin
        self._progress, self._cancelled = progress, cancelled
        self._reading = Reading(user_id, at, wishes.branches)
        self._importer = importer_named(wishes.format) if wishes.format else None
        self._receipt = ImportReceipt(wishes.dry_run, wishes.strict)
        self._pending: dict[str, tuple[Outcome, ImportedConversation]] = {}
        self._pending_rows = 0
        self._planned: set[str] = set()
        # what a person threw away does not come back by importing its file once more
        self._trash = {found.id for found in store.trash(user_id)} if "trash" in store.capabilities else set()
        self._done = self._size = self._total = 0

    def fill(self, receipt: ImportReceipt) -> None:
        """Fill somebody's receipt."""
        receipt.dry_run, receipt.strict = self._receipt.dry_run, self._receipt.strict
        self._receipt = receipt

    def files(self, files: list[FoundFile]) -> ImportReceipt:
        """Import each file."""
        self._total = sum(file.size for file in files)
        for file in files:
            if self._stopped():
                break
            self._progress(self._done, self._total)
            self._size = file.size
            if file.passed_over:
                self._receipt.files.append(ImportedFile(file.path, passed_over=True))
            else:
                self._file(file)
            self._done += file.size
        self._flush()
        self._progress(self._done, self._total)
        return self._receipt

    def _stopped(self) -> bool:
        """Ask whether somebody wants to stop, and remember it."""
        self._receipt.cancelled = self._receipt.cancelled or self._cancelled()
        return self._receipt.cancelled

    def _file(self, file: FoundFile) -> None:
        """Import one file, or the files of an archive that is no data export."""
        entry = ImportedFile(file.path)
        self._receipt.files.append(entry)
        try:
            with opened(file.path, self._stdin) as source:
                if self._importer is None and source.kind == "zip" and not source.members:
                    self._packed(entry, source)
                else:
                    self._source(entry, source)
        except StorageError:
            raise
        except NovaError as error:
            entry.error = str(error)
        except (OSError, MemoryError) as error:
            entry.error = f"it cannot be read: {getattr(error, 'strerror', None) or type(error).__name__}"

    def _packed(self, entry: ImportedFile, archive: Source) -> None:
        """Import the files of an archive, each with its own entry in the receipt."""
        found = 0
        for name, source in packed(archive):
            if self._stopped():
                break
            found += 1
            inner = ImportedFile(f"{entry.path}!{name}")
            self._receipt.files.append(inner)
            try:
                if isinstance(source, FormatError):
                    raise source
                self._source(inner, source)
            except StorageError:
                raise
            except NovaError as error:
                inner.error = str(error)
        if not found:
            raise FormatError("there is no conversation of a known format in the archive")
        self._receipt.files.remove(entry)

    def _source(self, entry: ImportedFile, source: Source) -> None:
        """Import what one source holds."""
        importer = self._importer or detect(source)
        entry.format = importer.name
        receipt = Receipt(importer.name, entry.notes, entry.losses)
        for conversation in self._conversations(importer, source, receipt):
            self._conversation(entry, conversation)
            self._progress(self._done + int(self._size * source.part), self._total)

    def _conversations(self, importer: Importer, source: Source, receipt: Receipt) -> Iterator[Conversation]:
        """Yield the conversations until somebody stops."""
        for conversation in conversations(importer, source, self._reading, receipt):
            if self._stopped():
                return
            yield conversation

    # -- one conversation --------------------------------------------------------------------------------------------

    def _conversation(self, entry: ImportedFile, conversation: Conversation) -> None:
        """Decide what becomes of a conversation, and put it among those to save."""
        if conversation.session.id in self._pending:
            self._flush()
        try:
            outcome = self._outcome(conversation)
        except SessionDamaged as error:
            outcome = refused(conversation.session, str(error))
        told = ImportedConversation(
            outcome.session.id,
            outcome.session.title,
            outcome.status,
            len(conversation.session.dialog.rows),
            outcome.added,
            conversation.counts,
            conversation.notes,
            conversation.losses,
            outcome.error,
        )
        entry.conversations.append(told)
        if self._wishes.dry_run:
            self._planned.add(outcome.session.id)
        if outcome.to_save and not self._wishes.dry_run:
            self._pending[outcome.session.id] = outcome, told
            self._pending_rows += _weight(outcome.session)
            if self._pending_rows >= BATCH_ROWS:
                self._flush()

    def _outcome(self, conversation: Conversation) -> Outcome:
        """Compare a conversation with what the store has; raise SessionDamaged where that cannot be read."""
        session = conversation.session
        if conversation.empty:
            return Outcome(session, EMPTY)
        if self._wishes.strict and conversation.losses:
            return refused(session, f"strict: {conversation.losses[0]}")
        if self._wishes.dry_run and session.id in self._planned:
            return Outcome(session, "unchanged")
        if session.id in self._trash:
            copied = merged(session, session, COPY)
            return copied if self._wishes.on_conflict == COPY else Outcome(session, TRASHED)
        for candidate in (session, another_id(session)):
            try:
                stored = self._store.load(candidate.id)
            except SessionNotFound:
                continue
            if stored.user_id == self._user_id:
                return merged(stored, candidate, self._wishes.on_conflict)
        return Outcome(session, "new", len(session.dialog.rows), to_save=True)

    def _flush(self) -> None:
        """Save what has been gathered; where a session is refused, the others are saved one by one."""
        pending, self._pending, self._pending_rows = self._pending, {}, 0
        if not pending:
            return
        try:
            self._store.save_many([outcome.session for outcome, _told in pending.values()])
        except (SessionConflict, InvalidSession):
            for outcome, told in pending.values():
                self._save(outcome, told)
        except KeyboardInterrupt:
            # a store without transactions has some of them
            self._receipt.saved += sum(self._is_saved(outcome.session) for outcome, _told in pending.values())
            raise
        else:
            self._receipt.saved += len(pending)

    def _is_saved(self, session: Session) -> bool:
        """Tell whether the store has a session as it was to be saved."""
        try:
            return self._store.load(session.id) == session
        except StorageError:
            return False

    def _save(self, outcome: Outcome, told: ImportedConversation) -> None:
        """Save one session; one whose id another user's session has gets another, and what is refused is said."""
        try:
            try:
                self._store.save(outcome.session)
            except InvalidSession:
                if outcome.session.revision is not None:
                    raise
                told.session_id = self._store.save(another_id(outcome.session)).id
            self._receipt.saved += 1
        except (SessionConflict, InvalidSession) as error:
            told.status, told.added, told.error = REFUSED, 0, str(error)


def _weight(session: Session) -> int:
    """Return how much a session weighs in a batch, in rows; pictures weigh too."""
    pictures = (image.data for row in session.dialog.rows for image in row.images or ())
    return 1 + len(session.dialog.rows) + sum(len(data) >> 16 for data in pictures if data)
