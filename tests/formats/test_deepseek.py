"""DeepSeek's data export."""

from __future__ import annotations

from datetime import UTC, datetime

from tests.formats.examples import DEEPSEEK, as_bytes, read


def test_fragments_tell_who_speaks() -> None:
    (conversation,) = read(as_bytes([DEEPSEEK])).conversations
    assert [(row.role.value, row.kind, row.text) for row in conversation.session.dialog.rows] == [
        ("user", None, "Warum?"),
        ("assistant", "thinking", "Hm."),
        ("system", "tool_result", "found"),
        ("assistant", None, "Darum."),
    ]
    assert conversation.session.created_at == datetime(2025, 1, 1, tzinfo=UTC)
    counts = conversation.counts
    assert (counts.user, counts.assistant, counts.thinking, counts.tool) == (1, 1, 1, 1)


def test_other_first_questions_are_branches() -> None:
    other = {"id": "3", "parent": "root", "message": {"fragments": [{"type": "REQUEST", "content": "Wie?"}]}}
    item = {**DEEPSEEK, "mapping": {**DEEPSEEK["mapping"], "3": other}, "current_node": "2"}
    (conversation,) = read(as_bytes(item)).conversations
    assert len(conversation.session.dialog) == 4
    assert conversation.counts.offpath == 1
    assert conversation.session.own["branches"][0]["rows"][0]["text"] == "Wie?"
