"""OpenAI-style messages."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from nova_tui.domain.row import Row
from tests.formats.examples import OPENAI, PNG, as_bytes, as_lines, read


def rows_of(*messages: dict[str, Any]) -> list[Row]:
    """Return the rows that messages become."""
    return list(read(as_bytes({"messages": messages})).sessions[0].dialog.rows)


def test_a_request_becomes_rows() -> None:
    (conversation,) = read(as_bytes(OPENAI), "request.json").conversations
    rows = conversation.session.dialog.rows
    assert [(row.role.value, row.text, row.kind) for row in rows] == [
        ("system", "Be brief.", None),
        ("user", "Capital of France?", None),
        ("assistant", 'capital({"of": "France"})', "tool_call"),
        ("system", "Paris", "tool_result"),
        ("assistant", "Paris.", None),
    ]
    assert [row.hidden for row in rows] == [False, False, True, True, False]
    assert rows[2].metadata["function_calls"] == [
        {
            "function_name": "capital",
            "parameters": {"of": "France"},
            "result": "Paris",
            "completion_id": "call_1",
            "finish_reason": None,
        }
    ]
    assert rows[3].metadata["tool"] == {"id": "call_1", "name": "capital", "is_error": None}
    assert rows[1].metadata["raw"] == OPENAI["messages"][1]
    assert rows[1].metadata["ts_source"] == "none"
    own = conversation.session.own
    assert own["raw"] == {"model": "gpt-4o"}
    assert own["import"]["model"] == "gpt-4o"
    counts = conversation.counts
    assert (counts.user, counts.assistant, counts.system, counts.tool) == (1, 1, 1, 2)


def test_developer_is_a_system_row_that_says_so() -> None:
    (row,) = rows_of({"role": "developer", "content": "Do."})
    assert (row.role.value, row.hidden, row.metadata["source_role"]) == ("system", False, "developer")


def test_parts_become_text_and_images() -> None:
    url = "data:image/png;base64," + base64.b64encode(PNG).decode()
    (row,) = rows_of(
        {
            "role": "user",
            "content": [
                {"type": "text", "text": "Look"},
                {"type": "image_url", "image_url": {"url": url, "detail": "low"}},
                {"type": "image_url", "image_url": "https://example.org/a.png"},
                {"type": "text", "text": "here"},
            ],
        }
    )
    assert row.text == "Look\nhere"
    assert row.images is not None
    assert [(image.mime, image.data, image.url) for image in row.images] == [
        ("image/png", PNG, None),
        (None, None, "https://example.org/a.png"),
    ]


def test_reasoning_refusal_weight_and_name_are_kept() -> None:
    thinking, answer = rows_of(
        {"role": "assistant", "reasoning_content": "Hm.", "content": "Yes.", "weight": 0, "name": "bo"}
    )
    assert (thinking.kind, thinking.text, thinking.hidden) == ("thinking", "Hm.", True)
    assert (answer.text, answer.metadata["weight"], answer.metadata["name"]) == ("Yes.", 0, "bo")
    (refusal,) = rows_of({"role": "assistant", "content": None, "refusal": "No."})
    assert (refusal.text, refusal.metadata["refusal"]) == ("No.", True)


def test_the_old_function_call_is_a_tool_call() -> None:
    call, result = rows_of(
        {"role": "assistant", "content": None, "function_call": {"name": "f", "arguments": "not json"}},
        {"role": "function", "name": "f", "content": "1"},
    )
    assert call.function_calls[0].parameters == "not json"
    assert (result.kind, result.metadata["tool"]["name"]) == ("tool_result", "f")


def test_an_empty_message_stays_and_is_counted_as_empty() -> None:
    (conversation,) = read(
        as_bytes([{"role": "user", "content": ""}, {"role": "assistant", "content": "x"}])
    ).conversations
    assert (conversation.counts.user, conversation.counts.empty, conversation.counts.assistant) == (0, 1, 1)
    assert len(conversation.session.dialog) == 2


def test_lines_of_messages_are_one_conversation() -> None:
    (session,) = read(as_lines(*OPENAI["messages"]), "x.jsonl").sessions
    assert len(session.dialog) == 5


def test_preference_pairs_keep_the_rejected_answer_beside() -> None:
    ask, good, bad = (
        {"role": role, "content": text} for role, text in (("user", "q"), ("assistant", "g"), ("assistant", "b"))
    )
    for item in (
        {"input": {"messages": [ask]}, "preferred_output": [good], "non_preferred_output": [bad]},
        {"prompt": "q", "chosen": [ask, good], "rejected": [bad]},
    ):
        (conversation,) = read(as_lines(item)).conversations
        assert [row.text for row in conversation.session.dialog.rows] == ["q", "g"]
        (branch,) = conversation.session.own["branches"]
        assert [row["text"] for row in branch["rows"]] == ["b"]
        assert conversation.counts.offpath == 1


def test_a_record_without_messages_is_named() -> None:
    receipt = read(as_lines(OPENAI, {"x": 1}))
    assert (len(receipt.sessions), receipt.losses) == (1, ["line 2 holds no list of messages"])


def test_a_message_without_a_role_is_a_loss() -> None:
    (conversation,) = read(as_bytes([OPENAI])).conversations
    assert not conversation.losses
    (conversation,) = read(
        as_bytes({"messages": [*OPENAI["messages"], {"role": "narrator", "content": "x"}]})
    ).conversations
    assert conversation.losses == ("message 6 has no role that is known here and was left out",)


@pytest.mark.parametrize(
    "item",
    [
        {"system": "x", "max_tokens": 1, "messages": [{"role": "user", "content": "hi"}]},
        {"messages": [{"role": "user", "content": [{"type": "tool_result", "tool_use_id": "1", "content": "x"}]}]},
    ],
)
def test_anthropic_requests_are_told_apart(item: dict[str, Any]) -> None:
    assert read(as_bytes(item)).format == "anthropic"
