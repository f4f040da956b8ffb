"""The demo library: every session is sound, varied, and as old as it should be."""

from __future__ import annotations

import itertools
import unicodedata
from datetime import UTC, datetime, timedelta

import pytest

from nova_tui.domain.native import session_from_mapping, session_to_mapping
from nova_tui.domain.row import Role
from nova_tui.domain.safe_text import clean
from nova_tui.domain.session import Session
from nova_tui.services.demo_library import FOLDER, demo_sessions
from nova_tui.storage.url import open_store
from nova_tui.yamlio import read_yaml

AT = datetime(2031, 5, 6, 7, 8, 9, tzinfo=UTC)
SESSIONS = demo_sessions("alice", AT)


def test_there_are_a_dozen_each_with_a_title_of_its_own() -> None:
    assert len(SESSIONS) == 12
    assert len({session.title for session in SESSIONS}) == len(SESSIONS) == len({session.id for session in SESSIONS})
    assert all(session.typed_title and session.tags for session in SESSIONS)


def test_they_are_the_users_own_and_the_same_every_time() -> None:
    assert {session.user_id for session in SESSIONS} == {"alice"}
    assert demo_sessions("alice", AT) == SESSIONS
    assert {session.id for session in demo_sessions("bob", AT)}.isdisjoint(session.id for session in SESSIONS)


def test_they_are_as_old_as_they_should_be() -> None:
    ages = [AT - session.updated_at for session in SESSIONS]
    assert ages == sorted(ages)
    assert ages[0] < timedelta(minutes=5)
    assert ages[-1] > timedelta(days=7)
    assert len({session.updated_at.date() for session in SESSIONS}) >= 4
    now = demo_sessions("alice")[0].updated_at
    assert timedelta(0) < datetime.now(UTC) - now < timedelta(minutes=5)


@pytest.mark.parametrize("session", SESSIONS, ids=lambda session: session.title)
def test_a_session_is_sound(session: Session) -> None:
    rows = session.dialog.rows
    times = [row.timestamp for row in rows]
    assert 8 <= len(rows) <= 30
    assert times == sorted(times)
    assert session.created_at <= times[0]
    assert times[-1] <= session.updated_at <= AT
    assert session_from_mapping(session_to_mapping(session)) == session
    assert {row.role for row in rows} >= {Role.USER, Role.ASSISTANT}


@pytest.mark.parametrize(
    "session", [session for session in SESSIONS if "lint" not in session.tags], ids=lambda session: session.title
)
def test_a_session_is_tidy_unless_it_is_there_to_be_tidied(session: Session) -> None:
    assert all(row.text == row.text.strip() for row in session.dialog.rows)
    assert all(row.text or row.function_calls or row.hidden for row in session.dialog.rows)


def test_one_session_has_flaws_to_practise_on() -> None:
    (session,) = [session for session in SESSIONS if "lint" in session.tags]
    rows = session.dialog.rows
    assert any(row.text != row.text.strip() for row in rows)
    assert any(not row.text for row in rows)
    assert any(one.role is two.role for one, two in itertools.pairwise(rows))
    assert rows[0].role is not Role.SYSTEM
    assert any(row.role is Role.SYSTEM for row in rows)


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.yaml")), ids=lambda path: path.stem)
def test_a_file_says_everything_but_the_ids(path: object) -> None:
    from pathlib import Path

    assert isinstance(path, Path)
    said: list[str] = []
    mapping = {**read_yaml(path.read_text(encoding="utf-8")), "user_id": "alice"}
    session_from_mapping(mapping, new_id=lambda: "0" * 32, note=said.append)
    assert all(" id and got one" in note or "usable id" in note for note in said)


def test_everything_worth_showing_is_there() -> None:
    rows = [row for session in SESSIONS for row in session.dialog.rows]
    text = "\n".join(row.text for row in rows)
    assert {row.kind for row in rows} >= {"tool_call", "tool_result", "thinking"}
    calls = [call for row in rows for call in row.metadata.get("function_calls", [])]
    keys = {"function_name", "parameters", "result", "completion_id", "finish_reason"}
    assert calls
    assert all(set(call) == keys for call in calls)
    assert sum(len(row.images or ()) for row in rows) >= 3
    assert {key for row in rows for key in row.metadata.get("demo", {})} >= {"chapter", "caption", "note", "skip"}
    assert any(row.excluded for row in rows)
    assert any(row.hidden and row.role is Role.SYSTEM for row in rows)
    assert any(session.starred for session in SESSIONS)
    assert text.count("```") >= 10
    assert "| " in text
    for part in ("# ", "- [x]", "~~", "\N{ZERO WIDTH JOINER}", "\N{COMBINING ACUTE ACCENT}", "日本", "שלום", "أهلا"):
        assert part in text


def test_nothing_in_them_needs_cleaning() -> None:
    for session in SESSIONS:
        for row in session.dialog.rows:
            assert clean(row.text) == row.text
            assert not any(unicodedata.category(character) == "Co" for character in row.text)


def test_a_memory_store_takes_them() -> None:
    with open_store("memory:", user_id="alice") as store:
        store.save_many(SESSIONS)
        assert [summary.id for summary in store.summaries("alice")] == [session.id for session in SESSIONS]
