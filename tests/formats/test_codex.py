"""Codex CLI's rollouts."""

from __future__ import annotations

from typing import Any

import pytest

from nova_tui.formats.format import Conversation
from tests.formats.examples import CODEX, CODEX_META, as_lines, codex_item, codex_message, read


def conversation_of(*records: dict[str, Any]) -> Conversation:
    """Return the conversation that records make."""
    (found,) = read(as_lines(CODEX_META, *records), "rollout.jsonl").conversations
    return found


def event(type: str, **payload: Any) -> dict[str, Any]:
    """Return an event of a rollout."""
    return {"timestamp": "2026-01-02T03:04:06Z", "type": "event_msg", "payload": {"type": type, **payload}}


def test_a_rollout_becomes_a_session() -> None:
    found = conversation_of(*CODEX[1:])
    assert [(row.role.value, row.kind, row.hidden, row.text) for row in found.session.dialog.rows] == [
        ("system", None, True, "Be safe."),
        ("user", "hidden", True, "<environment_context>\n<cwd>/x</cwd></environment_context>"),
        ("user", None, False, "List the files"),
        ("assistant", "thinking", True, "Hm."),
        ("assistant", "tool_call", True, 'shell({"command": ["ls"]})'),
        ("system", "tool_result", True, "README.md"),
        ("assistant", None, False, "One file."),
    ]
    counts = found.counts
    assert (counts.user, counts.assistant, counts.system, counts.hidden) == (1, 1, 1, 1)
    assert (counts.tool, counts.thinking) == (2, 1)
    assert found.session.own["import"]["project"] == "shop"


def test_events_that_repeat_messages_are_not_taken_twice() -> None:
    found = conversation_of(
        event("user_message", message="List the files"),
        *CODEX[3:],
        event("agent_message", message="One file."),
        event("item_completed", item={"type": "UserMessage", "content": [{"type": "text", "text": "List the files"}]}),
    )
    assert (found.counts.user, found.counts.assistant) == (1, 1)


def test_events_are_taken_where_nothing_else_holds_the_role() -> None:
    prefixed = "# Context from my IDE setup:\n\n## Active file: a.ts\n\n## My request for Codex:\nlist files\n"
    found = conversation_of(event("user_message", message=prefixed), codex_message("assistant", "ok"))
    assert [row.text for row in found.session.dialog.visible()] == ["list files", "ok"]
    found = conversation_of(
        event("item_completed", item={"type": "UserMessage", "content": [{"type": "text", "text": "hi"}]}),
        event("item_completed", item={"type": "AgentMessage", "content": [{"type": "Text", "text": "ho"}]}),
    )
    assert [row.text for row in found.session.dialog.visible()] == ["hi", "ho"]


def test_what_was_rolled_back_is_hidden() -> None:
    found = conversation_of(
        *CODEX[1:],
        codex_message("user", "no"),
        codex_message("assistant", "sorry"),
        event("thread_rolled_back", num_turns=1),
    )
    assert [row.text for row in found.session.dialog.visible()] == ["List the files", "One file."]
    assert (found.counts.user, found.counts.assistant, found.counts.hidden) == (1, 1, 3)


@pytest.mark.parametrize(
    ("output", "text", "is_error"),
    [
        ("plain", "plain", None),
        ({"output": "inner", "metadata": {"exit_code": 1}}, "inner", True),
        ([{"type": "input_text", "text": "a"}, {"type": "input_text", "text": "b"}], "a\nb", None),
        (None, "", None),
    ],
)
def test_outputs_of_every_shape(output: Any, text: str, is_error: bool | None) -> None:
    row = conversation_of(codex_item(type="function_call_output", call_id="c", output=output)).session.dialog.rows[0]
    assert (row.text, row.metadata["tool"]["is_error"]) == (text, is_error)


def test_the_threads_name_is_the_title_and_unknown_records_are_counted() -> None:
    found = conversation_of(
        *CODEX[1:],
        event("thread_name_updated", thread_name="Files"),
        {"type": "world_state", "payload": {"full": True}},
    )
    assert found.session.title == "Files"
    assert found.notes == ("records that are not part of the conversation: world_state ×1",)


def test_rows_of_a_grown_rollout_keep_their_ids() -> None:
    before, after = (
        conversation_of(*CODEX[1:]).session,
        conversation_of(*CODEX[1:], codex_message("user", "more")).session,
    )
    assert before.id == after.id
    assert [row.id for row in after.dialog.rows[:-1]] == [row.id for row in before.dialog.rows]
