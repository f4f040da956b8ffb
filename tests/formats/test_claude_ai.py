"""Claude.ai's data export."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from nova_tui.formats.format import Conversation
from tests.formats.examples import CLAUDE, READING, as_bytes, claude_message, read


def conversation_of(*messages: dict[str, Any], **more: Any) -> Conversation:
    """Return the conversation that messages make."""
    (found,) = read(as_bytes([{**CLAUDE, "chat_messages": messages, **more}])).conversations
    return found


def test_thinking_and_tools_are_hidden_rows_around_what_was_said() -> None:
    found = conversation_of(
        claude_message(
            "a",
            "assistant",
            "",
            content=[
                {"type": "thinking", "thinking": "Hm."},
                {"type": "text", "text": "Let me look."},
                {"type": "tool_use", "id": "t", "name": "web", "input": {"q": 1}},
                {"type": "tool_result", "tool_use_id": "t", "content": [{"type": "text", "text": "found"}]},
                {"type": "text", "text": "Here."},
            ],
        )
    )
    assert [(row.kind, row.text) for row in found.session.dialog.rows] == [
        ("thinking", "Hm."),
        ("tool_call", 'web({\n  "q": 1\n})'),
        ("tool_result", "found"),
        (None, "Let me look.\nHere."),
    ]
    assert (found.counts.assistant, found.counts.tool, found.counts.thinking) == (1, 2, 1)
    assert {row.metadata["src_id"] for row in found.session.dialog.rows} == {"a"}


@pytest.mark.parametrize(
    ("message", "text"),
    [
        ({"content": None, "text": "old"}, "old"),
        ({"content": [], "text": "old"}, "old"),
        ({"content": [{"type": "text", "text": 5}], "text": "old"}, "old"),
        ({"content": "bare", "text": "old"}, "bare"),
        ({"content": [{"type": "text", "text": "new"}], "text": "old"}, "new"),
    ],
)
def test_blocks_count_before_the_old_text(message: dict[str, Any], text: str) -> None:
    assert conversation_of({**claude_message("a", "human", ""), **message}).session.dialog.rows[0].text == text


def test_pasted_texts_are_attachments() -> None:
    pasted = {"file_name": "p.txt", "file_size": 3, "file_type": "txt", "extracted_content": "abc"}
    (row,) = conversation_of(claude_message("a", "human", "", attachments=[pasted])).session.dialog.rows
    assert (row.text, row.metadata["attachments"]) == (
        "",
        [{"name": "p.txt", "size": 3, "type": "txt", "content": "abc"}],
    )


def test_the_branch_of_the_newest_message_is_the_dialog() -> None:
    zeros = "00000000-0000-4000-8000-000000000000"
    messages = [
        claude_message("a", "human", "q", parent_message_uuid=zeros),
        claude_message("b", "assistant", "old", parent_message_uuid="a", created_at="2025-01-01T00:00:01Z"),
        claude_message("c", "assistant", "new", parent_message_uuid="a", created_at="2025-01-01T00:00:02Z"),
    ]
    found = conversation_of(*messages)
    assert [row.text for row in found.session.dialog.rows] == ["q", "new"]
    assert found.counts.offpath == 1
    assert found.session.own["branches"][0]["rows"][0]["text"] == "old"
    named = conversation_of(*messages, current_leaf_message_uuid="b")
    assert [row.text for row in named.session.dialog.rows] == ["q", "old"]
    data = as_bytes([{**CLAUDE, "chat_messages": messages}])
    assert len(read(data, reading=replace(READING, branches=True)).sessions) == 2


def test_an_empty_conversation_is_read_as_empty_and_accounts_are_not_kept() -> None:
    found = conversation_of(claude_message("a", "human", ""), name="")
    assert found.empty
    assert found.counts.empty == 1
    assert "secret" not in str(conversation_of(claude_message("a", "human", "x")).session.app_data)
