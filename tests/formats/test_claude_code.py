"""Claude Code's session logs."""

from __future__ import annotations

import base64
from dataclasses import replace
from typing import Any

import pytest

from nova_tui.formats.format import Conversation
from tests.formats.examples import CLAUDE_CODE, PNG, READING, as_lines, claude_record, read


def conversation_of(*records: dict[str, Any]) -> Conversation:
    """Return the conversation that records make."""
    (found,) = read(as_lines(*records), "s1.jsonl").conversations
    return found


def shown(conversation: Conversation) -> list[tuple[str, str | None, str]]:
    """Return role, kind and text of each row."""
    return [(row.role.value, row.kind, row.text) for row in conversation.session.dialog.rows]


def test_a_log_becomes_a_session() -> None:
    found = conversation_of(*CLAUDE_CODE)
    assert shown(found) == [
        ("user", None, "Fix the bug"),
        ("assistant", "thinking", "Hm."),
        ("assistant", None, "Looking."),
        ("assistant", "tool_call", 'Read({\n  "file": "a"\n})'),
        ("system", "tool_result", "ok"),
        ("assistant", None, "Fixed."),
    ]
    assert found.session.dialog.rows[3].function_calls[0].result == "ok"
    origin = found.session.own["import"]
    assert (origin["source_id"], origin["project"], origin["format_version"]) == ("s1", "shop", "2.1.0")
    assert "/home" not in str({key: value for key, value in origin.items() if key != "raw"})


@pytest.mark.parametrize(
    ("content", "text", "kind"),
    [
        ("<system-reminder>\nx\n</system-reminder>\nDo it", "Do it", None),
        (
            [{"type": "text", "text": "<system-reminder>x</system-reminder>"}, {"type": "text", "text": "Do"}],
            "Do",
            None,
        ),
        ("<system-reminder>only</system-reminder>", "<system-reminder>only</system-reminder>", "hidden"),
        ("<command-name>/init</command-name>", "<command-name>/init</command-name>", "hidden"),
        ("Caveat: The messages below were", "Caveat: The messages below were", "hidden"),
        ("[Request interrupted by user]", "[Request interrupted by user]", None),
        ("<b>bold</b>", "<b>bold</b>", None),
    ],
)
def test_what_was_typed_is_told_from_what_the_program_added(content: Any, text: str, kind: str | None) -> None:
    found = conversation_of(claude_record("user", content, "u1"), *CLAUDE_CODE[2:3])
    assert shown(found)[0] == ("user", kind, text)


def test_meta_and_summaries_are_hidden() -> None:
    found = conversation_of(
        claude_record("user", "meta", "u1", isMeta=True),
        claude_record("user", "so far", "u2", isCompactSummary=True),
        {"type": "system", "subtype": "compact_boundary", "uuid": "s1", "content": "Compacted"},
    )
    assert [kind for _role, kind, _text in shown(found)] == ["hidden", "compact_summary", "event"]
    assert (found.counts.hidden, found.counts.system, found.counts.user) == (2, 1, 0)


def test_a_message_in_several_records_is_one_row() -> None:
    def part(uuid: str, text: str) -> dict[str, Any]:
        record = claude_record("assistant", [{"type": "text", "text": text}], uuid)
        return {**record, "message": {**record["message"], "id": "m1", "model": "claude"}}

    found = conversation_of(part("1", "He"), part("2", "Hello"), part("3", "Hello"), part("4", "again"))
    assert shown(found) == [("assistant", None, "Hello\n\nagain")]
    assert found.counts.assistant == 1


def test_what_subagents_did_is_kept_beside() -> None:
    side = [
        claude_record("user", "sub task", "x1", isSidechain=True),
        claude_record("assistant", [{"type": "text", "text": "sub done"}], "x2", "x1", isSidechain=True),
    ]
    data = as_lines(*CLAUDE_CODE, *side)
    (found,) = read(data).conversations
    assert found.counts.offpath == 2
    (branch,) = found.session.own["branches"]
    assert [row["text"] for row in branch["rows"]] == ["sub task", "sub done"]
    main, inner = read(data, reading=replace(READING, branches=True)).conversations
    assert main == found
    assert [row.text for row in inner.session.dialog.rows] == ["sub task", "sub done"]
    assert inner.session.id != main.session.id


def test_a_subagents_own_log_names_its_parent() -> None:
    found = conversation_of(
        claude_record("user", "sub task", "x1", isSidechain=True, agentId="abc"),
        claude_record("assistant", [{"type": "text", "text": "done"}], "x2", "x1", isSidechain=True, agentId="abc"),
    )
    assert found.session.own["parent_session"] == "s1"
    assert found.session.own["import"]["source_id"] == "s1/agent-abc"
    assert found.session.tags == ("subagent",)
    assert found.counts.offpath == 2


@pytest.mark.parametrize(
    ("records", "title"),
    [
        ([{"type": "summary", "summary": "S", "leafUuid": "a4"}], "S"),
        (
            [
                {"type": "summary", "summary": "S", "leafUuid": "a4"},
                {"type": "summary", "summary": "T", "leafUuid": "z"},
            ],
            "S",
        ),
        ([{"type": "ai-title", "aiTitle": "A"}, {"type": "summary", "summary": "S"}], "A"),
        ([{"type": "custom-title", "customTitle": "C"}, {"type": "ai-title", "aiTitle": "A"}], "C"),
        ([], "Fix the bug"),
    ],
)
def test_the_strongest_title_counts(records: list[dict[str, Any]], title: str) -> None:
    assert conversation_of(*records, *CLAUDE_CODE).session.title == title


def test_images_of_what_was_pasted_and_of_tools() -> None:
    image = {
        "type": "image",
        "source": {"type": "base64", "media_type": "image/png", "data": base64.b64encode(PNG).decode()},
    }
    found = conversation_of(
        claude_record("user", [{"type": "text", "text": "look"}, image], "u1"),
        claude_record("user", [{"type": "tool_result", "tool_use_id": "t", "content": [image]}], "u2"),
    )
    rows = found.session.dialog.rows
    assert [row.images and row.images[0].data for row in rows] == [PNG, PNG]
    assert found.counts.images == 1


def test_unknown_records_are_counted_and_bad_lines_named() -> None:
    data = (
        as_lines(*CLAUDE_CODE[:1], {"type": "progress"}, {"type": "progress"})
        + b"broken\n"
        + as_lines(*CLAUDE_CODE[2:])
    )
    receipt = read(data, "s1.jsonl")
    assert receipt.conversations[0].notes == ("records that are not part of the conversation: progress ×2",)
    assert receipt.losses == ["line 4, column 1: it is not JSON: Expecting value (the line was left out)"]
    cut = read(as_lines(*CLAUDE_CODE)[:-9], "s1.jsonl")
    assert cut.notes[0].endswith("the last line is cut and was left out")
    assert not cut.losses


def test_the_request_that_repeats_a_prompt_is_no_second_prompt() -> None:
    repeated = {"type": "api-request-blob", "message": {"role": "user", "content": "Fix the bug"}}
    assert conversation_of(*CLAUDE_CODE, repeated).counts.user == 1
