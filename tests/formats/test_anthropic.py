"""Anthropic's messages."""

from __future__ import annotations

import json

from nova_tui.formats.format import Exported
from nova_tui.formats.registry import EXPORTERS
from tests.formats.examples import ANTHROPIC, as_bytes, read


def test_a_request_becomes_rows() -> None:
    (conversation,) = read(as_bytes(ANTHROPIC)).conversations
    assert [(row.role.value, row.kind, row.text) for row in conversation.session.dialog.rows] == [
        ("system", None, "Be brief."),
        ("user", None, "Capital of France?"),
        ("assistant", "thinking", "Hm."),
        ("assistant", None, "Let me look."),
        ("assistant", "tool_call", 'capital({\n  "of": "France"\n})'),
        ("system", "tool_result", "Paris"),
        ("user", None, "And?"),
        ("assistant", None, "Paris."),
    ]
    assert conversation.session.dialog.rows[4].function_calls[0].result == "Paris"
    assert conversation.session.own["raw"] == {"model": "claude", "max_tokens": 100, "system": "Be brief."}


def test_a_system_prompt_of_blocks_and_an_empty_message() -> None:
    item = {"system": [{"type": "text", "text": "a"}, {"type": "text", "text": "b"}], "messages": [
        {"role": "user", "content": ""}, {"role": "assistant", "content": [{"type": "document", "source": {}}]},
    ]}  # fmt: skip
    (conversation,) = read(as_bytes(item)).conversations
    assert [row.text for row in conversation.session.dialog.rows] == ["a\nb", "", ""]
    assert conversation.counts.empty == 2


def test_a_request_is_written_as_it_was_read_less_its_reasoning() -> None:
    session = read(as_bytes(ANTHROPIC)).sessions[0]
    receipt: list[Exported] = []
    request = json.loads("".join(EXPORTERS["anthropic"].write([session], True, receipt)))
    wanted = json.loads(json.dumps(ANTHROPIC["messages"]))
    del wanted[1]["content"][0]
    wanted[3]["content"] = "Paris."
    assert request == {"system": "Be brief.", "messages": wanted}
    assert (receipt[0].rows, receipt[0].hidden, receipt[0].losses) == (7, 1, [])
