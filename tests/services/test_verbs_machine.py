"""Any sequence of editing verbs, undo and redo leaves a stored session in the state that a plain list reaches."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from nova_tui import Dialog, Image, NothingToUndo, Role, Row, Session, open_store
from nova_tui.services.library import Library

ROLES = ["user", "assistant", "system"]
texts = st.text("ab \n", max_size=4)


@dataclasses.dataclass(frozen=True)
class Plain:
    """A row as the list model knows it; a row that was just made has no id yet."""

    id: str | None
    role: str
    text: str
    hidden: bool = False
    excluded: bool = False
    images: int = 0


def plain(row: Row) -> Plain:
    return Plain(row.id, row.role.value, row.text, row.hidden, row.excluded, len(row.images or ()))


class Verbs(RuleBasedStateMachine):
    """A session in a store beside the list of all states that it went through."""

    def __init__(self) -> None:
        super().__init__()
        self.store = open_store("memory:", user_id="alice")
        self.library = Library(self.store, "alice")
        self.other = (
            Session.new("alice")
            .add_user("from elsewhere")
            .add_message(Role.SYSTEM, "seen", {"hide_row": True, "unknown": [1]}, [Image("image/png", b"1")])
        )
        self.states: list[list[Plain]] = [[]]
        self.at = 0

    @initialize(count=st.integers(0, 4))
    def begin(self, count: int) -> None:
        session = Session.new("alice")
        for number in range(count):
            session = session.add_message(ROLES[number % 3], f"row {number}")
        self.id = self.store.save(session).id
        self.states = [[plain(row) for row in session.dialog.rows]]

    @property
    def rows(self) -> list[Plain]:
        return self.states[self.at]

    @property
    def stored(self) -> Dialog:
        return self.store.load(self.id).dialog

    def do(self, verb: Callable[[Dialog], Dialog], expected: list[Plain]) -> None:
        """Apply a verb to the store and take over the ids of the rows that it made."""
        known = {row.id for state in self.states for row in state}
        saved = self.library.change(self.id, lambda session: session.with_dialog(verb(session.dialog)))
        found = [plain(row) for row in saved.dialog.rows]
        assert len(found) == len(expected)
        made = [new.id for new, old in zip(found, expected, strict=True) if old.id is None]
        assert not known & set(made)
        reached = [
            old if old.id else dataclasses.replace(old, id=new.id) for new, old in zip(found, expected, strict=True)
        ]
        assert found == reached
        if reached != self.rows:
            self.states[self.at + 1 :] = [reached]
            self.at += 1

    def pick(self, data: st.DataObject, least: int = 0) -> list[int]:
        """Choose positions of rows."""
        positions = list(range(len(self.rows)))
        return sorted(data.draw(st.lists(st.sampled_from(positions), min_size=least, unique=True))) if positions else []

    def ids(self, positions: list[int]) -> list[str]:
        return [str(self.rows[position].id) for position in positions][::-1]

    def changed(self, positions: list[int], **fields: object) -> list[Plain]:
        return [
            dataclasses.replace(row, **fields) if at in positions else row  # type: ignore[arg-type]
            for at, row in enumerate(self.rows)
        ]

    @rule(role=st.sampled_from(ROLES), text=texts, data=st.data())
    def insert(self, role: str, text: str, data: st.DataObject) -> None:
        at = data.draw(st.integers(0, len(self.rows)))
        row = Row(text, Role(role))
        self.do(lambda dialog: dialog.insert(at, row), [*self.rows[:at], Plain(None, role, text), *self.rows[at:]])

    @rule(data=st.data())
    def paste(self, data: st.DataObject) -> None:
        at = data.draw(st.integers(0, len(self.rows)))
        added = [dataclasses.replace(plain(row), id=None) for row in self.other.dialog.rows]
        expected = [*self.rows[:at], *added, *self.rows[at:]]
        self.do(lambda dialog: dialog.paste(at, self.other.dialog.rows), expected)

    @rule(text=texts, data=st.data())
    def edit(self, text: str, data: st.DataObject) -> None:
        chosen = self.pick(data)
        ids = self.ids(chosen)
        self.do(lambda dialog: dialog.replace_text(ids, text), self.changed(chosen, text=text))

    @rule(data=st.data())
    def remove(self, data: st.DataObject) -> None:
        chosen = self.pick(data)
        ids = self.ids(chosen)
        self.do(lambda dialog: dialog.remove(ids), [row for at, row in enumerate(self.rows) if at not in chosen])

    @rule(data=st.data())
    def move(self, data: st.DataObject) -> None:
        chosen = self.pick(data)
        ids = self.ids(chosen)
        rest = [row for at, row in enumerate(self.rows) if at not in chosen]
        to = data.draw(st.integers(0, len(rest)))
        expected = [*rest[:to], *(self.rows[at] for at in chosen), *rest[to:]]
        self.do(lambda dialog: dialog.move(ids, to), expected)

    @rule(data=st.data())
    def duplicate(self, data: st.DataObject) -> None:
        chosen = self.pick(data)
        ids = self.ids(chosen)
        after = chosen[-1] + 1 if chosen else 0
        copies = [dataclasses.replace(self.rows[at], id=None) for at in chosen]
        self.do(lambda dialog: dialog.duplicate(ids), [*self.rows[:after], *copies, *self.rows[after:]])

    @rule(data=st.data())
    def split(self, data: st.DataObject) -> None:
        if not self.rows:
            return
        at = data.draw(st.integers(0, len(self.rows) - 1))
        row = self.rows[at]
        cut = data.draw(st.integers(0, len(row.text)))
        parts = [
            dataclasses.replace(row, text=row.text[:cut]),
            dataclasses.replace(row, id=None, text=row.text[cut:], images=0),
        ]
        self.do(lambda dialog: dialog.split(str(row.id), cut), [*self.rows[:at], *parts, *self.rows[at + 1 :]])

    @rule(data=st.data())
    def join(self, data: st.DataObject) -> None:
        chosen = self.pick(data, 2) if len(self.rows) > 1 else []
        if not chosen:
            return
        ids = self.ids(chosen)
        rows = [self.rows[at] for at in chosen]
        joined = dataclasses.replace(
            rows[0],
            text="\n".join(row.text for row in rows),
            hidden=any(row.hidden for row in rows),
            excluded=any(row.excluded for row in rows),
            images=sum(row.images for row in rows),
        )
        expected = [joined if at == chosen[0] else row for at, row in enumerate(self.rows) if at not in chosen[1:]]
        self.do(lambda dialog: dialog.join(ids), expected)

    @rule(data=st.data())
    def cycle_role(self, data: st.DataObject) -> None:
        chosen = self.pick(data)
        ids = self.ids(chosen)
        role = ROLES[(ROLES.index(self.rows[chosen[0]].role) + 1) % 3] if chosen else ""
        self.do(lambda dialog: dialog.cycle_role(ids), self.changed(chosen, role=role))

    @rule(on=st.booleans(), data=st.data())
    def hide(self, on: bool, data: st.DataObject) -> None:
        chosen = self.pick(data)
        ids = self.ids(chosen)
        self.do(lambda dialog: dialog.set_hidden(ids, on), self.changed(chosen, hidden=on))

    @rule(on=st.booleans(), data=st.data())
    def exclude(self, on: bool, data: st.DataObject) -> None:
        chosen = self.pick(data)
        ids = self.ids(chosen)
        self.do(lambda dialog: dialog.set_excluded(ids, on), self.changed(chosen, excluded=on))

    @rule(count=st.integers(1, 3))
    def undo(self, count: int) -> None:
        for _ in range(count):
            if self.at == 0:
                with pytest.raises(NothingToUndo):
                    self.store.undo(self.id)
            else:
                self.store.undo(self.id)
                self.at -= 1

    @rule(count=st.integers(1, 3))
    def redo(self, count: int) -> None:
        for _ in range(count):
            if self.at == len(self.states) - 1:
                with pytest.raises(NothingToUndo):
                    self.store.redo(self.id)
            else:
                self.store.redo(self.id)
                self.at += 1

    @invariant()
    def the_store_holds_what_the_list_says(self) -> None:
        if hasattr(self, "id"):
            assert [plain(row) for row in self.stored.rows] == self.rows

    def teardown(self) -> None:
        if hasattr(self, "id"):
            while self.at:
                self.undo(1)
            self.the_store_holds_what_the_list_says()
            while self.at < len(self.states) - 1:
                self.redo(1)
            self.the_store_holds_what_the_list_says()
        self.store.close()


Verbs.TestCase.settings = settings(max_examples=30, stateful_step_count=25, deadline=None)
TestVerbs = Verbs.TestCase
