"""What the list remembers of how it was left, and what it makes of files that are none of its own."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nova_tui.services.list_state import ListState, read_state, state_path, write_state
from nova_tui.services.list_view import ListView
from tests.domain.strategies import texts

VIEWS = st.builds(
    ListView,
    st.sampled_from(["sessions", "starred", "archive", "trash"]),
    texts,
    st.sampled_from(["updated", "created", "title", "rows"]),
    st.booleans(),
    st.booleans(),
)
STATES = st.builds(
    ListState,
    VIEWS,
    st.none() | st.just("a" * 32),
    st.integers(0, 500),
    st.none() | st.integers(0, 300),
    st.dictionaries(st.integers(1, 9), VIEWS),
)


@given(STATES)
def test_a_state_comes_back_as_it_was(state: ListState) -> None:
    assert ListState.from_mapping(state.to_mapping()) == state


def test_the_file_is_written_for_its_owner_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    path = state_path(tmp_path / "new", "/a/b.db", "alice")
    assert path != state_path(tmp_path / "new", "/a/b.db", "bob")
    state = ListState(ListView(filter="ü"), "b" * 32, 3, 40, {2: ListView(sort="rows")})
    write_state(path, state)
    assert read_state(path) == state
    assert path.stat().st_mode & 0o077 == 0
    assert [found.name for found in path.parent.iterdir()] == [path.name]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"\xff\xfe",
        b"null",
        b'{"nova_tui_state": 2, "width": 9}',
        b'{"nova_tui_state": 1, "view": {"shelf": "x", "sort": 3, "filter": [], "reverse": "yes"}}',
        b'{"nova_tui_state": 1, "cursor": "../x", "line": -1, "width": true, "views": {"0": {}, "x": {}, "11": {}}}',
        b"[" * 100_000,
        b" " * 200_000,
    ],
)
def test_a_damaged_file_is_as_good_as_none(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "state.json"
    path.write_bytes(content)
    assert read_state(path) == ListState()


def test_what_cannot_be_read_or_written_is_passed_over(tmp_path: Path) -> None:
    assert read_state(tmp_path / "none.json") == ListState()
    assert read_state(tmp_path) == ListState()
    (tmp_path / "file").write_text("")
    write_state(tmp_path / "file" / "state.json", ListState())
