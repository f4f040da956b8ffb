"""Random sequences of editing keys, undo and redo against a plain list: the stored rows are always the list's."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nova_tui import Role
from nova_tui.domain.row import Row
from tests.tui.nova_app import Stage, stage, titled
from tests.tui.virtual_clock import run


class Line(NamedTuple):
    """A row in the plain list."""

    role: Role
    text: str
    hidden: bool = False
    excluded: bool = False

    @classmethod
    def of(cls, row: Row) -> Line:
        """Return what the list knows of a row."""
        return cls(row.role, row.text, row.hidden, row.excluded)


START = titled("Tea", ("system", "S"), ("user", "AB"), ("assistant", "CD"), ("user", "EF"))
Lines = list[Line]
Verb = Callable[[Lines, int], Lines]


def swapped(lines: Lines, one: int, other: int) -> Lines:
    """Return the list with two neighbours in each other's place."""
    if not (0 <= one < len(lines) and 0 <= other < len(lines)):
        return lines
    lines[one], lines[other] = lines[other], lines[one]
    return lines


def joined(lines: Lines, at: int) -> Lines:
    """Return the list with a row and the next as one."""
    if at + 1 < len(lines):
        lines[at : at + 2] = [lines[at]._replace(text=f"{lines[at].text}\n{lines[at + 1].text}")]
    return lines


def split(lines: Lines, at: int) -> Lines:
    """Return the list with a row cut behind its first character, where that is possible."""
    head, tail = lines[at].text[:1], lines[at].text[1:].lstrip("\n")
    if head.strip() and tail.strip():
        lines[at : at + 1] = [lines[at]._replace(text=head), lines[at]._replace(text=tail)]
    return lines


VERBS: dict[str, Verb] = {
    "d": lambda lines, at: [*lines[:at], *lines[at + 1 :]],
    "X": lambda lines, at: [*lines[:at], *lines[at + 1 :]],
    "c": lambda lines, at: [*lines[: at + 1], lines[at], *lines[at + 1 :]],
    "R": lambda lines, at: [*lines[:at], lines[at]._replace(role=lines[at].role.next()), *lines[at + 1 :]],
    "h": lambda lines, at: [*lines[:at], lines[at]._replace(hidden=not lines[at].hidden), *lines[at + 1 :]],
    "H": lambda lines, at: [*lines[:at], lines[at]._replace(excluded=not lines[at].excluded), *lines[at + 1 :]],
    "alt+down": lambda lines, at: swapped(lines, at, at + 1),
    "alt+up": lambda lines, at: swapped(lines, at, at - 1),
    "ampersand": joined,
    "split": split,
    "edit": lambda lines, at: [*lines[:at], lines[at]._replace(text=lines[at].text + "z"), *lines[at + 1 :]],
    "o": lambda lines, at: [*lines[: at + 1], Line(lines[at].role.other_speaker(), "n"), *lines[at + 1 :]],
    "leave": lambda lines, _at: lines,
    "ends": lambda lines, _at: lines[1:-1],
}
STEPS = st.one_of(
    st.tuples(st.sampled_from([*VERBS, "y", "p", "P"]), st.integers(0, 20)),
    st.tuples(st.sampled_from(["u", "ctrl+y"]), st.just(0)),
)


class Plain:
    """The list, what was cut or copied, and the states that undo and redo walk."""

    def __init__(self) -> None:
        self.states: list[Lines] = [[Line.of(row) for row in START.dialog.rows]]
        self.now = 0
        self.clipboard: Lines = []

    @property
    def lines(self) -> Lines:
        """The rows as they shall be."""
        return self.states[self.now]

    def do(self, verb: str, at: int) -> None:
        """Carry out a verb on the row at a position."""
        lines = [*self.lines]
        if verb == "u":
            self.now = max(0, self.now - 1)
            return
        if verb == "ctrl+y":
            self.now = min(len(self.states) - 1, self.now + 1)
            return
        if verb in ("X", "y"):
            self.clipboard = [lines[at]]
        if verb in ("p", "P"):
            place = min(len(lines), at + (verb == "p"))
            lines[place:place] = self.clipboard
        elif verb != "y":
            lines = VERBS[verb](lines, at)
        if lines != self.lines:
            self.states[self.now + 1 :] = [lines]
            self.now += 1


async def press(on: Stage, verb: str, at: int) -> None:
    """Press the keys of a verb with the cursor on the row at a position."""
    dialog = on.main.bench.dialog
    assert dialog.session is not None
    dialog.view.clear_marks()
    ids = dialog.session.rows.ids
    if ids:
        dialog.view.move_cursor_to(ids[at])
    if verb == "ends":
        await on.press("g", "space", "G", *(["space"] if len(ids) > 1 else []), "d")
    elif verb in ("edit", "split", "leave"):
        await on.press("e")
        assert dialog.editor is not None
        if verb == "split":
            dialog.editor.move_cursor((0, 1))
            await on.press("ctrl+g")
            if dialog.editor is not None:  # there was nothing to split
                await on.press("escape")
        else:
            await on.press("z", *(["ctrl+s"] if verb == "edit" else ["escape", "D"]))
    elif verb == "o":
        await on.press("o", "n", "ctrl+s")
    else:
        await on.press(verb)


async def play(place: str, steps: list[tuple[str, int]]) -> None:
    """Carry the steps out on the screen and in the list, and hold them against each other after each."""
    plain = Plain()
    async with stage([START], place=place, size=(80, 24)) as on:
        on.main.bench.dialog.view.show_hidden = True
        await on.press("enter")

        def stored() -> Lines:
            return [Line.of(row) for row in on.store.load(START.id).dialog.rows]

        for verb, where in steps:
            if not plain.lines and verb not in ("u", "ctrl+y", "p", "P"):
                continue
            at = where % max(1, len(plain.lines))
            plain.do(verb, at)
            await press(on, verb, at)
            assert stored() == plain.lines, (verb, at)
            rows = on.main.bench.dialog.view.rows
            assert [Line.of(row) for n in range(len(rows)) if (row := rows.row(n))] == plain.lines, "what is shown"
        for key, target in (("u", 0), ("ctrl+y", len(plain.states) - 1)):
            while plain.now != target:
                plain.do(key, 0)
                await on.press(key)
            assert stored() == plain.lines


def hold(place: str, steps: list[tuple[str, int]]) -> None:
    """Run a sequence on virtual time."""
    with tempfile.TemporaryDirectory() as folder:
        run(lambda: play(str(Path(folder) / "nova.db") if place == "sqlite" else "memory:", steps))


few = settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))
many = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.mark.parametrize("place", ["memory", "sqlite"])
@few
@given(steps=st.lists(STEPS, max_size=10))
def test_any_sequence_of_keys_leads_where_a_plain_list_does(place: str, steps: list[tuple[str, int]]) -> None:
    hold(place, steps)


@pytest.mark.slow
@pytest.mark.parametrize("place", ["memory", "sqlite"])
@many
@given(steps=st.lists(STEPS, max_size=40))
def test_any_long_sequence_of_keys_leads_where_a_plain_list_does(place: str, steps: list[tuple[str, int]]) -> None:
    hold(place, steps)


def test_every_verb_in_turn() -> None:
    verbs = [*VERBS, "y", "p", "P", "u", "u", "ctrl+y"]
    hold("memory", [(verb, at) for at, verb in enumerate(verbs)])
