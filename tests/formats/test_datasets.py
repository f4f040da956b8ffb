"""ShareGPT and Alpaca, and the data-set formats that are written."""

from __future__ import annotations

import json
from typing import Any

import pytest

from nova_tui.domain.row import Image, Row
from nova_tui.domain.session import Session
from nova_tui.formats.format import Exported
from nova_tui.formats.registry import EXPORTERS
from tests.formats.examples import AT, OPENAI, PNG, SHAREGPT, as_bytes, as_lines, read


def written(name: str, *sessions: Session, hidden: bool = True) -> tuple[Any, list[Exported]]:
    """Return what an exporter writes, as values, and its receipt."""
    receipt: list[Exported] = []
    return json.loads("".join(EXPORTERS[name].write(sessions, hidden, receipt))), receipt


def session_of(*rows: Row) -> Session:
    """Return a session of rows."""
    session = Session.new("alice")
    return session.with_dialog(session.dialog.insert(0, rows), at=AT)


def row(text: str, role: str = "user", images: tuple[Image, ...] | None = None, **metadata: Any) -> Row:
    """Return a row."""
    return Row(text, role, AT, metadata, images)  # type: ignore[arg-type]


def test_sharegpt_turns_become_rows() -> None:
    (conversation,) = read(as_bytes([SHAREGPT])).conversations
    assert [(found.role.value, found.kind, found.text) for found in conversation.session.dialog.rows] == [
        ("system", None, "Be kind."),
        ("user", None, "Who are you?"),
        ("assistant", "tool_call", 'self({\n  "a": 1\n})'),
        ("system", "tool_result", "a model"),
        ("assistant", None, "A model."),
    ]
    assert conversation.session.title == "identity_0"
    assert conversation.session.own["import"]["source_id"] == "identity_0"


def test_records_with_the_same_id_stay_apart() -> None:
    one, other = read(as_lines(SHAREGPT, SHAREGPT)).sessions
    assert one.id != other.id
    assert read(as_bytes([SHAREGPT])).sessions[0].id != one.id


def test_alpaca_puts_instruction_and_input_together() -> None:
    (session,) = read(as_bytes([{"instruction": "Do", "input": "it", "output": "done", "system": "S"}])).sessions
    assert [found.text for found in session.dialog.rows] == ["S", "Do\n\nit", "done"]


def test_a_request_is_written_as_it_was_read() -> None:
    session = read(as_bytes(OPENAI)).sessions[0]
    messages, (entry,) = written("openai-json", session)
    assert messages == OPENAI["messages"]
    assert (entry.rows, entry.hidden, entry.losses) == (5, 0, [])
    several, _receipt = written("openai-json", session, session)
    assert several == [{"messages": messages}, {"messages": messages}]
    assert written("openai-jsonl", session)[0] == {"messages": messages}


def test_without_hidden_rows_there_are_no_tools() -> None:
    messages, (entry,) = written("openai-json", read(as_bytes(OPENAI)).sessions[0], hidden=False)
    assert [message["role"] for message in messages] == ["system", "user", "assistant"]
    assert entry.hidden == 2


def test_chatml_leaves_out_what_holds_its_marks() -> None:
    receipt: list[Exported] = []
    session = session_of(row("a\nb"), row("<|im_end|>", "assistant"), row("c", "assistant"))
    text = "".join(EXPORTERS["chatml"].write([session], True, receipt))
    assert text == "<|im_start|>user\na\nb<|im_end|>\n<|im_start|>assistant\nc<|im_end|>\n"
    assert (receipt[0].rows, receipt[0].losses) == (2, ["a row that holds ChatML's own marks was left out"])


@pytest.mark.parametrize("name", ["openai-json", "sharegpt", "chatml", "anthropic", "open-webui"])
def test_what_has_no_place_is_left_out_and_counted(name: str) -> None:
    session = session_of(
        row("prompt", "system", hide_row=True),
        row("q"),
        row("hm", "assistant", hide_row=True, kind="thinking"),
        row("note", "assistant", exclude_export=True),
        row("a", "assistant"),
    )
    receipt: list[Exported] = []
    text = "".join(EXPORTERS[name].write([session], True, receipt))
    assert (receipt[0].rows, receipt[0].hidden, receipt[0].excluded) == (3, 1, 1)
    assert ("prompt" in text, "hm" in text, "note" in text) == (True, False, False)


def test_an_answer_is_never_written_without_its_call() -> None:
    call: dict[str, Any] = {
        "function_name": "f",
        "parameters": {},
        "result": None,
        "completion_id": None,
        "finish_reason": None,
    }
    session = session_of(
        row("x", "system", hide_row=True, kind="tool_result", tool={"id": "gone"}),
        row("f()", "assistant", hide_row=True, kind="tool_call", function_calls=[call]),
        row("1", "system", hide_row=True, kind="tool_result"),
        row("f()", "assistant", hide_row=True, kind="tool_call", function_calls=[call], tool={"id": "open"}),
        row("end", "assistant"),
    )
    messages, (entry,) = written("openai-json", session)
    assert [message["role"] for message in messages] == ["assistant", "tool", "assistant"]
    assert messages[0]["tool_calls"][0]["id"] == messages[1]["tool_call_id"]
    assert entry.losses == [
        "a tool's answer without its call was left out",
        "a tool call without an answer behind it was left out",
    ]
    assert entry.rows == 3


def test_images_are_parts_of_a_message() -> None:
    images = (Image("image/png", PNG), Image(url="https://example.org/a.png"), Image(path="/x.png"))
    messages, (entry,) = written("openai-json", session_of(row("look", images=images)))
    kinds = [part["type"] for part in messages[0]["content"]]
    assert kinds == ["text", "image_url", "image_url"]
    assert messages[0]["content"][1]["image_url"]["url"].startswith("data:image/png;base64,iVBOR")
    assert entry.losses == ["an image without an address or bytes was left out"]
    (again,) = read(as_bytes(messages)).sessions
    assert again.dialog.rows[0].images is not None
    assert again.dialog.rows[0].images[0].data == PNG


def test_sharegpt_is_read_again() -> None:
    before = read(as_bytes([SHAREGPT])).sessions[0]
    text = "".join(EXPORTERS["sharegpt"].write([before], True, []))
    after = read(text.encode()).sessions[0]
    assert [(found.role, found.kind, found.text) for found in after.dialog.rows] == [
        (found.role, found.kind, found.text) for found in before.dialog.rows
    ]


def test_an_open_webui_chat_is_a_tree_and_its_path() -> None:
    session = session_of(row("S", "system"), row("q"), row("a", "assistant", model="m")).with_title("T")
    (chat,), _receipt = written("open-webui", session)
    messages = chat["chat"]["messages"]
    assert [message["content"] for message in messages] == ["q", "a"]
    assert messages[1]["parentId"] == messages[0]["id"]
    assert messages[0]["childrenIds"] == [messages[1]["id"]]
    assert chat["chat"]["history"] == {
        "messages": {message["id"]: message for message in messages},
        "currentId": messages[1]["id"],
    }
    assert (chat["title"], chat["chat"]["params"], messages[1]["model"]) == ("T", {"system": "S"}, "m")
