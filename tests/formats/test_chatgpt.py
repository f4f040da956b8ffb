"""ChatGPT's data export."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from nova_tui.domain.errors import FormatError
from nova_tui.formats.chatgpt_message import strip_citations
from nova_tui.formats.format import Conversation
from tests.formats.examples import CHATGPT, PNG, READING, as_bytes, chatgpt, node, read, zipped_names


def conversation_of(*nodes: dict[str, Any], **more: Any) -> Conversation:
    """Return the conversation that nodes make."""
    (found,) = read(as_bytes([chatgpt(*nodes, **more)]), "conversations.json").conversations
    return found


def test_a_conversation_becomes_a_session() -> None:
    (conversation,) = read(as_bytes([CHATGPT]), "conversations.json").conversations
    session = conversation.session
    assert [(row.role.value, row.text) for row in session.dialog.rows] == [("user", "Hello"), ("assistant", "Hi")]
    assert session.title == "A talk"
    assert session.created_at == datetime.fromtimestamp(1_700_000_000, UTC)
    assert session.updated_at == datetime.fromtimestamp(1_700_000_100, UTC)
    origin = session.own["import"]
    assert (origin["format"], origin["source_id"], origin["file"]) == ("chatgpt", "c1", "conversations.json")
    assert session.dialog.rows[0].metadata["src_id"] == "m-a"
    assert session.dialog.rows[0].metadata["raw"]["id"] == "m-a"


def test_the_active_path_is_the_dialog_and_other_branches_are_kept() -> None:
    found = conversation_of(
        node("a", "root", "user", "q"),
        node("x", "a", "assistant", "old"),
        node("y", "x", "user", "older still"),
        node("b", "a", "assistant", "new"),
    )
    assert [row.text for row in found.session.dialog.rows] == ["q", "new"]
    assert found.counts.offpath == 2
    (branch,) = found.session.own["branches"]
    assert (branch["leaf"], branch["fork"], [row["text"] for row in branch["rows"]]) == (
        "y",
        "a",
        ["old", "older still"],
    )


def test_branches_become_sessions_when_they_are_wanted() -> None:
    data = as_bytes(
        [
            chatgpt(
                node("a", "root", "user", "q"), node("x", "a", "assistant", "old"), node("b", "a", "assistant", "new")
            )
        ]
    )
    plain = read(data)
    both = read(data, reading=replace(READING, branches=True))
    assert both.sessions[0] == plain.sessions[0]
    assert [row.text for row in both.sessions[1].dialog.rows] == ["q", "old"]
    assert both.sessions[1].id != both.sessions[0].id
    assert both.sessions[1].own["import"]["branch"] == {"path": ["root", "a", "x"], "others": 1}


@pytest.mark.parametrize("current", ["gone", None, 3])
def test_a_dangling_current_node_takes_the_newest_leaf(current: object) -> None:
    old, new = node("x", "a", "assistant", "old"), node("b", "a", "assistant", "new", create_time=1_700_000_009.0)
    found = conversation_of(node("a", "root", "user", "q"), new, old, current_node=current)
    assert [row.text for row in found.session.dialog.rows] == ["q", "new"]


def test_a_loop_ends_where_it_closes() -> None:
    a, b = node("a", "b", "user", "q"), node("b", "a", "assistant", "r")
    assert [row.text for row in conversation_of(a, b).session.dialog.rows] == ["q", "r"]
    assert conversation_of(a, b, current_node="gone").session.dialog.rows


def test_what_the_program_hides_is_hidden() -> None:
    thoughts = {"content_type": "thoughts", "thoughts": [{"summary": "S", "content": "C"}]}
    found = conversation_of(
        node("s", "root", "system", "", metadata={"is_visually_hidden_from_conversation": True}),
        node(
            "i", "s", "user", "",
            content={"content_type": "user_editable_context", "user_profile": "P", "user_instructions": "I"},
            metadata={"is_visually_hidden_from_conversation": True, "is_user_system_message": True},
        ),
        node("u", "i", "user", "q"),
        node("t", "u", "assistant", content=thoughts),
        node("c", "t", "assistant", '{"q": 1}', recipient="web.run"),
        node("r", "c", "tool", "found", author={"role": "tool", "name": "web.run"}),
        node("h", "r", "user", "secret", metadata={"is_visually_hidden_from_conversation": True}),
        node("e", "h", "assistant", ""),
        node("k", "e", "assistant", "", content={"content_type": "reasoning_recap", "content": "Thought for 3s"}),
        node("z", "k", "assistant", "a"),
    )  # fmt: skip
    assert [(row.role.value, row.kind, row.hidden, row.text) for row in found.session.dialog.rows] == [
        ("system", "hidden", True, "P\n\nI"),
        ("user", None, False, "q"),
        ("assistant", "thinking", True, "S\nC"),
        ("assistant", "tool_call", True, '{"q": 1}'),
        ("system", "tool_result", True, "found"),
        ("user", "hidden", True, "secret"),
        ("assistant", "thinking", True, "Thought for 3s"),
        ("assistant", None, False, "a"),
    ]
    counts = found.counts
    assert (counts.user, counts.assistant, counts.system) == (1, 1, 0)
    assert (counts.hidden, counts.tool, counts.thinking, counts.empty) == (3, 2, 2, 1)
    assert found.session.dialog.rows[3].function_calls[0].parameters == {"q": 1}


def test_odd_roles_and_types_are_made_the_best_of() -> None:
    found = conversation_of(
        node("a", "root", "AI", "x"),
        node("b", "a", "human", "y"),
        node("c", "b", "narrator", "z"),
        node("d", "c", "assistant", "", content={"content_type": "new_thing", "parts": ["p"]}),
        node("e", "d", "assistant", "", content={"content_type": "newer_thing", "deep": {"er": 1}}),
        node("f", "e", "assistant", "", content={"content_type": "sonic_webpage", "text": "t"}),
    )
    assert [(row.role.value, row.hidden) for row in found.session.dialog.rows] == [
        ("assistant", False), ("user", False), ("system", True), ("assistant", False), ("assistant", True),
        ("assistant", False),
    ]  # fmt: skip


def test_images_come_from_the_archive() -> None:
    parts = [
        "Look",
        {"content_type": "image_asset_pointer", "asset_pointer": "sediment://file_abc1", "width": 8, "height": 9},
        {"content_type": "image_asset_pointer", "asset_pointer": "file-service://file-GONE"},
        {"content_type": "audio_transcription", "text": "heard"},
    ]
    content = {"content_type": "multimodal_text", "parts": parts}
    data = as_bytes([chatgpt(node("a", "root", "user", content=content))])
    archive = zipped_names(
        {"conversations.json": data, "user-1/file_abc1-0de.png": PNG, "user.json": b'{"email": "a@b.c"}'}
    )
    (conversation,) = read(archive, "export.zip").conversations
    (row,) = conversation.session.dialog.rows
    assert row.text == "Look\nheard"
    assert row.images is not None
    assert [(image.mime, image.data, image.url, image.width) for image in row.images] == [
        ("image/png", PNG, None, 8),
        (None, None, "file-service://file-GONE", None),
    ]
    assert conversation.notes == ("1 pictures are not in the archive; their names are kept",)
    assert conversation.counts.images == 2


def test_shards_are_read_in_order_and_repeats_left_out() -> None:
    one, two = chatgpt(node("a", "root", "user", "1"), id="1"), chatgpt(node("a", "root", "user", "2"), id="2")
    archive = zipped_names(
        {"x/conversations-001.json": as_bytes([two, one]), "x/conversations-000.json": as_bytes([one])}
    )
    receipt = read(archive, "export.zip")
    assert [session.own["import"]["source_id"] for session in receipt.sessions] == ["1", "2"]
    assert receipt.notes == ["conversation 3 is there a second time and was left out"]


def test_a_conversation_without_messages_is_named() -> None:
    receipt = read(as_bytes([{"title": "broken"}, CHATGPT, {"id": "e", "mapping": {}}]))
    assert [conversation.empty for conversation in receipt.conversations] == [False, True]
    assert receipt.losses == ["conversation 1 has no messages (no mapping) and was left out"]


def test_deepseek_is_not_chatgpt() -> None:
    assert read(as_bytes([chatgpt(node("a", "root"), inserted_at="2025-01-01T00:00:00+08:00")])).format == "deepseek"


def test_a_grown_conversation_keeps_the_ids_of_its_rows() -> None:
    a, b, c = node("a", "root", "user", "q"), node("b", "a", "assistant", "r"), node("c", "b", "user", "more")
    before, after = conversation_of(a, b).session, conversation_of(a, b, c, title="Another").session
    assert before.id == after.id
    assert [row.id for row in after.dialog.rows[:2]] == [row.id for row in before.dialog.rows]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("See\ue200cite\ue202turn0search3\ue201.", "See."),
        ("\ue200url\ue202Python\ue202turn0\ue201 docs", "Python docs"),
        ('By \ue200entity\ue202["people","Ada","x"]\ue201', "By Ada"),
        ("Open【12†source】 it", "Open it"),
        ("a \ue200 b", "a \ue200 b"),
        ("\ue200entity\ue202broken\ue201x", "x"),
    ],
)
def test_marks_of_citations_are_taken_out(text: str, shown: str) -> None:
    assert strip_citations(text) == shown


@pytest.mark.parametrize("time", [None, 0, -5, 1e300, "soon", True, [], float(10**18)])
def test_odd_times_are_inherited(time: object) -> None:
    found = conversation_of(node("a", "root", "user", "q", create_time=time))
    row = found.session.dialog.rows[0]
    if row.metadata.get("ts_source") == "inherited":
        assert row.timestamp == found.session.created_at


def test_the_archive_is_never_believed() -> None:
    data = as_bytes([CHATGPT])
    with pytest.raises(FormatError, match="not a usable archive"):
        read(b"PK\x03\x04 nothing", "x.zip")
    encrypted = bytearray(zipped_names({"conversations.json": data}))
    encrypted[6] |= 1
    encrypted[encrypted.find(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(FormatError, match=r"^conversations\.json: it is encrypted"):
        read(bytes(encrypted), "x.zip")
    with pytest.raises(FormatError, match="not a usable archive"):
        read(zipped_names({"conversations.json": data})[:-30], "x.zip")
    assert read(zipped_names({"../../../x/conversations.json": data}), "x.zip").sessions
