"""Random operations on every store against the one in memory: they must never differ."""

from __future__ import annotations

import dataclasses
import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from nova_tui import Row, Session, SessionStorageProvider, StorageError
from nova_tui.storage.memory import MemoryStore
from tests.domain.strategies import rows, session_ids, sessions, texts
from tests.storage.conftest import Place


class AgainstMemory(RuleBasedStateMachine):
    """One store and the reference, given the same operations."""

    kind = ""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(dir="/dev/shm" if os.access("/dev/shm", os.W_OK) else None))
        self.place = Place(self.kind, self.folder)
        self.store = self.place.open()
        self.model: SessionStorageProvider = MemoryStore()
        self.held: dict[str, tuple[Session, Session]] = {}

    def both(self, act: Callable[[SessionStorageProvider], Any]) -> tuple[Any, Any]:
        """Do the same to both, and expect the same outcome, be it an error."""
        outcomes = []
        for store in (self.model, self.store):
            try:
                outcomes.append(act(store))
            except StorageError as error:
                outcomes.append(type(error))
        wanted, found = outcomes
        if isinstance(wanted, Session):
            assert isinstance(found, Session)
            assert dataclasses.replace(found, updated_at=wanted.updated_at) == wanted
            assert found.revision == wanted.revision
            self.held[wanted.id] = (wanted, found)
        else:
            assert found == wanted
        return wanted, found

    @rule(session=sessions, user_id=st.sampled_from(["alice", "alice", "bob"]))
    def save_new(self, session: Session, user_id: str) -> None:
        self.both(lambda store: store.save(dataclasses.replace(session, user_id=user_id)))

    @rule(session=sessions)
    def save_over(self, session: Session) -> None:
        def act(store: SessionStorageProvider) -> Session:
            stored = store.load(session.id)
            return store.save(dataclasses.replace(session, user_id=stored.user_id, revision=stored.revision))

        self.both(act)

    @rule(session_id=session_ids, data=st.data())
    def edit(self, session_id: str, data: st.DataObject) -> None:
        if session_id not in self.held:
            return
        held, _ = self.held[session_id]
        rows_held = held.dialog.rows
        verb = data.draw(
            st.sampled_from(["add", "insert", "text", "remove", "move", "hide", "star", "title", "shuffle"])
        )
        row: Row = data.draw(rows)
        row = dataclasses.replace(row, id=row.id[::-1] + str(len(rows_held)))
        position = data.draw(st.integers(0, len(rows_held)))
        chosen = rows_held[position % len(rows_held)].id if rows_held else ""
        text = data.draw(texts)
        order = data.draw(st.permutations(range(len(rows_held))))
        if verb not in ("add", "star", "title", "shuffle") and not rows_held:
            return
        if any(row.id == other.id for other in rows_held):
            return

        def change(session: Session) -> Session:
            dialog = session.dialog
            at = session.updated_at
            if verb == "star":
                return session.with_star(not session.starred)
            if verb == "title":
                return dataclasses.replace(session.with_title(text), updated_at=at)
            edited = {
                "add": lambda: dialog.insert(len(dialog.rows), row),
                "insert": lambda: dialog.insert(position, row),
                "text": lambda: dialog.replace_text(chosen, text),
                "remove": lambda: dialog.remove(chosen),
                "move": lambda: dialog.move(chosen, position % len(dialog.rows)),
                "hide": lambda: dialog.set_hidden(chosen),
                "shuffle": lambda: dataclasses.replace(dialog, rows=tuple(dialog.rows[index] for index in order)),
            }[verb]()
            return dataclasses.replace(session, dialog=edited)

        mine = iter(self.held[session_id])
        self.both(lambda store: store.save(change(next(mine))))

    @rule(session_id=session_ids, act=st.sampled_from(["undo", "redo", "delete", "restore", "purge"]))
    def walk(self, session_id: str, act: str) -> None:
        self.both(lambda store: getattr(store, act)(session_id))

    @rule(session_id=session_ids, revision=st.integers(1, 8))
    def restore_revision(self, session_id: str, revision: int) -> None:
        self.both(lambda store: store.restore(session_id, revision))

    @rule(session_id=session_ids, revision=st.integers(1, 8))
    def look_back(self, session_id: str, revision: int) -> None:
        outcomes: list[Any] = []
        for store in (self.model, self.store):
            try:
                outcomes.append(store.load(session_id, revision).dialog)
            except StorageError as error:
                outcomes.append(type(error))
        assert outcomes[0] == outcomes[1]

    @rule()
    def reopen(self) -> None:
        self.store.close()
        self.store = self.place.open()

    @invariant()
    def they_agree(self) -> None:
        for user_id in ("alice", "bob"):
            wanted = {found.id: found for found in self.model.list(user_id)}
            found = {found.id: found for found in self.store.list(user_id)}
            assert wanted.keys() == found.keys()
            for session_id, session in wanted.items():
                same_time = dataclasses.replace(found[session_id], updated_at=session.updated_at)
                assert same_time == session
                assert [revision.note for revision in self.store.history(session_id)] == [
                    revision.note for revision in self.model.history(session_id)
                ]
            assert {(s.id, s.title, s.rows, s.hidden_rows, s.tags) for s in self.store.summaries(user_id)} == {
                (s.id, s.title, s.rows, s.hidden_rows, s.tags) for s in self.model.summaries(user_id)
            }
            assert {s.id for s in self.store.trash(user_id)} == {s.id for s in self.model.trash(user_id)}

    def teardown(self) -> None:
        self.place.close()
        shutil.rmtree(self.folder)


class SqliteAgainstMemory(AgainstMemory):
    """SQLite."""

    kind = "sqlite"


class FileAgainstMemory(AgainstMemory):
    """Files."""

    kind = "file"


_quick = settings(max_examples=15, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck))
TestSqlite = SqliteAgainstMemory.TestCase
TestSqlite.settings = _quick
TestFile = FileAgainstMemory.TestCase
TestFile.settings = _quick
